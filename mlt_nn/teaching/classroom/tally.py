"""A class in numbers, counted record by record; what is kept does not grow with the class."""

from collections import Counter
from dataclasses import replace

from mlt_nn.grading.results import WRONG, Kind
from mlt_nn.support.assignments import WHOLE_COURSE
from mlt_nn.support.catalogue import find

# So many students are listed by name; of a larger class only those that somebody should look at, up to as many.
LISTED = 200
# And of one student so many attempts that do not count.
_OF_ONE = 20


class Tally:
    """What became of the submissions of a class."""

    def __init__(self, assignment=WHOLE_COURSE):
        self.assignment = assignment
        self.submissions = self.late = self.graded = 0
        self.states: dict[str, Counter[str]] = {each.name: Counter() for each in assignment.exercises}
        """By exercise, how many ended in which state."""
        self.mistakes: Counter[tuple[str, str]] = Counter()
        """By (exercise, mistake in words); a file that cannot be read is none of these."""
        self.wrong: Counter[str] = Counter()
        """By exercise, how many wrote it, and wrong."""
        self.wrong_in: Counter[tuple[str, str]] = Counter()
        """By (notebook, section), how many have something wrong in an exercise of it."""
        self.points: Counter[int] = Counter()
        """By tenths of a point, for all that were graded."""
        self.students = []
        """(record without its grade, its points or None, what being late takes off), of the first LISTED."""
        self.to_look_at = []
        """(record without its grade, why), of the first LISTED."""
        self.number_to_look_at = 0
        self.superseded = []
        """(record without its grade, where an attempt is, why it does not count), of the first LISTED."""
        self.number_superseded = 0

    def add(self, record):
        """Count one submission."""
        self.submissions += 1
        self.late += record.is_late
        if record.grade and not record.grade.problem:
            self._count(record.grade)
        short = replace(record, grade=None)
        if len(self.students) < LISTED:
            self.students.append((short, record.total(), record.penalty()))
        why = _why_look(record)
        if why:
            self.number_to_look_at += 1
            if len(self.to_look_at) < LISTED:
                self.to_look_at.append((short, why))
        self.number_superseded += len(record.superseded)
        self.superseded += [(short, *each) for each in record.superseded[: min(_OF_ONE, LISTED - len(self.superseded))]]

    def _count(self, grade):
        self.graded += 1
        self.points[round(10 * grade.points)] += 1
        sections = set()
        for exercise in grade.exercises:
            self.states[exercise.name][exercise.state] += 1
            if exercise.state in WRONG and not exercise.is_unreadable:
                known = find(exercise.name)
                sections.add((known.notebook, known.section))
                self.wrong[exercise.name] += 1
                self.mistakes[exercise.name, mistake(exercise)] += 1
        self.wrong_in.update(sections)

    def median(self):
        """The median of the points, to a tenth; None without any."""
        if not self.graded:
            return None
        # The middle one, or the mean of the two middle ones.
        middle, seen, found = {(self.graded + 1) // 2, self.graded // 2 + 1}, 0, []
        for tenths in sorted(self.points):
            found += [tenths for place in middle if seen < place <= seen + self.points[tenths]]
            seen += self.points[tenths]
        return sum(found) / len(found) / 10

    def mean(self):
        """The mean of the points; None without any."""
        return sum(tenths * n for tenths, n in self.points.items()) / self.graded / 10 if self.graded else None


def mistake(exercise):
    """What is wrong with an exercise, in words that are the same for all who did the same.

    Nothing that a student chose is part of them, or there would be as many mistakes as students.
    """
    failure = exercise.first_failure
    if failure.mistake:
        return failure.mistake
    match failure.kind:
        case Kind.TIMED_OUT:
            return "It does not end."
        case Kind.DIED:
            return "It ends Python, by exit or by a crash."
        case Kind.MISSING:
            return "The function is missing."
        case Kind.RAISED:
            return f"It raises {failure.exception}." if failure.exception else "It raises an exception."
    return f"No known mistake; the first check that did not pass: {failure.check}."


def why_open(exercises):
    """Why points are open, and of which exercises."""
    names = ", ".join(sorted({each.name for each in exercises}))
    if any(each.state == "broken" for each in exercises):
        return f"A check of ours is broken, and its points are open: {names}."
    return f"The computer was too busy, and points are open until they are graded again: {names}."


def _why_look(record):
    """Why somebody should look at a submission, or ""."""
    grade = record.grade
    if grade is None:
        return f"{record.status}: {record.problem}"
    if grade.problem:
        return grade.problem
    still_open = [each for each in grade.exercises if each.is_open]
    if still_open:
        return why_open(still_open)
    unusable = [each["problem"] for each in grade.files if each["problem"]]
    if unusable:
        return " ".join(unusable)
    if record.late_unknown:
        return "When it was handed in is not known, so nothing is taken off for being late."
    written = {each.state for each in grade.exercises} - {"not written"}
    if written and written <= {"timed out", "died"}:
        return "Nothing that was written comes to an end."
    return ""
