"""A class in numbers, counted record by record; what is kept does not grow with the class."""

import statistics
from collections import Counter
from dataclasses import replace

from mlt_nn.grading.results import WRONG, Kind
from mlt_nn.grading.student import SYNTAX_ERRORS
from mlt_nn.support.assignments import shown
from mlt_nn.support.catalogue import EXERCISES, find
from mlt_nn.teaching.classroom.late import BY_FILE
from mlt_nn.teaching.classroom.record import Record

# So many students are listed by name; of a larger class only those that somebody should look at, up to as many.
LISTED = 200
# And of one student so many attempts that do not count.
_OF_ONE = 20

_ENDS = {"timed out", "died"}
_WHY_UNLOADED = {Kind.TIMED_OUT: "It does not finish loading.", Kind.DIED: "It ends Python when it is loaded."}
_MISTAKES = {
    Kind.TIMED_OUT: "It does not end.",
    Kind.DIED: "It ends Python, by exit or by a crash.",
    Kind.MISSING: "The function is missing.",
}
NOT_RUN, NOT_HANDED_IN = "not run", "not handed in"
"""What became of an exercise besides its states: no mistake of the class, and nothing that was written in vain."""


class Tally:
    """What became of the submissions of a class."""

    def __init__(self):
        self.submissions = self.late = self.graded = self.missing = 0
        self.states: dict[str, Counter[str]] = {exercise.name: Counter() for exercise in EXERCISES}
        """By exercise, how many of those who were asked for it ended in which state, NOT_RUN or NOT_HANDED_IN."""
        self.mistakes: Counter[tuple[str, str]] = Counter()
        """By (exercise, mistake in words), of those of which the exercise was run, and wrong."""
        self.who: dict[tuple[str, str], list[Record]] = {}
        """By the same, the records of those who made it, without their grades, the first LISTED."""
        self.unloaded: Counter[tuple[str, str]] = Counter()
        """By (module, why in words), how many files could not be loaded."""
        self.with_unloaded = 0
        """How many students have such a file."""
        self.not_handed_in: Counter[str] = Counter()
        """By module, how many students did not hand it in."""
        self.wrong_in: Counter[tuple[str, str]] = Counter()
        """By (notebook, section), how many have something wrong in an exercise of it."""
        self.points: Counter[int] = Counter()
        """By tenths of a point, for all whose points are known."""
        self.best: float = 0
        """The most points that there are."""
        self.students = []
        """(record without its grade, its points or None, what being late takes off), of the first LISTED."""
        self.to_look_at = []
        """(record without its grade, why), of the first LISTED."""
        self.number_to_look_at = 0
        self.superseded = []
        """(record without its grade, where an attempt is, why it does not count), of the first LISTED."""
        self.number_superseded = 0

    def add(self, record):
        """Count one submission, or somebody of the roster who handed in nothing."""
        is_missing = record.status == "nothing handed in"
        self.missing += is_missing
        self.submissions += not is_missing
        self.late += record.is_late
        short = replace(record, grade=None)
        if record.grade and not record.grade.problem:
            self._count(record.grade, short)
            if (total := record.total()) is not None:
                self.points[round(10 * total)] += 1
        if len(self.students) < LISTED:
            self.students.append((short, record.total(), record.penalty()))
        why = " ".join(filter(None, ["" if is_missing else _why_look(record), _why_look_by_hand(record)]))
        if why:
            self.number_to_look_at += 1
            if len(self.to_look_at) < LISTED:
                self.to_look_at.append((short, why))
        self.number_superseded += len(record.superseded)
        self.superseded += [(short, *each) for each in record.superseded[: min(_OF_ONE, LISTED - len(self.superseded))]]

    def _count(self, grade, short):
        self.graded += 1
        self.best = max(self.best, grade.max_points)
        ended = states(grade)
        sections, absent = set(), set()
        unloaded: dict[str, str] = {}
        for exercise in grade.exercises:
            known, state = find(exercise.name), ended[exercise.name]
            self.states[exercise.name][state] += 1
            if exercise.is_unreadable:
                unloaded.setdefault(known.module, _why_unloaded(exercise.first_failure))
            elif state == NOT_HANDED_IN:
                absent.add(known.module)
            elif state in WRONG:
                sections.add((known.notebook, known.section))
        for each in mistakes(grade, ended):
            self.mistakes[each] += 1
            who = self.who.setdefault(each, [])
            if len(who) < LISTED:
                who.append(short)
        self.wrong_in.update(sections)
        self.unloaded.update(unloaded.items())
        self.with_unloaded += bool(unloaded)
        self.not_handed_in.update(absent)

    def wrong(self, exercise):
        """How many wrote an exercise, and wrong."""
        return sum(self.states[exercise][state] for state in WRONG)

    def run(self, exercise):
        """Of how many it was run, and is right or wrong."""
        return self.wrong(exercise) + self.states[exercise]["passed"]

    def median(self):
        """The median of the points, to a tenth; None without any."""
        return statistics.median(self.points.elements()) / 10 if self.points else None

    def mean(self):
        """The mean of the points; None without any."""
        return statistics.mean(self.points.elements()) / 10 if self.points else None


def states(grade):
    """By exercise how it ended: one of `results.STATES`, NOT_RUN or NOT_HANDED_IN."""
    is_dead = _comes_to_no_end(grade.exercises)
    return {each.name: _state(each, is_dead) for each in grade.exercises}


def mistakes(grade, ended):
    """(exercise, mistake in words) of the exercises that were run, and are wrong, by the `states` of the grade."""
    return [(each.name, mistake(each)) for each in grade.exercises if ended[each.name] in WRONG]


def _state(exercise, is_dead):
    if exercise.is_unreadable or (is_dead and exercise.state in _ENDS):
        return NOT_RUN
    if exercise.first_failure and exercise.first_failure.kind is Kind.NO_FILE:
        return NOT_HANDED_IN
    return exercise.state


def _comes_to_no_end(exercises):
    """Whether of several exercises that were written none comes to an end: that is no mistake in each of them."""
    written = [each.state for each in exercises if each.state != "not written"]
    return len(written) > 1 and set(written) <= _ENDS


def _why_unloaded(failure):
    if failure.kind in _WHY_UNLOADED:
        return _WHY_UNLOADED[failure.kind]
    if failure.exception in SYNTAX_ERRORS:
        return "It is no Python."
    return f"It raises {failure.exception}." if failure.exception else "It cannot be read."


def mistake(exercise):
    """What is wrong with an exercise, in words that are the same for all who did the same.

    Nothing that a student chose is part of them, or there would be as many mistakes as students.
    """
    failure = exercise.first_failure
    if failure.mistake:
        return failure.mistake
    if failure.kind in _MISTAKES:
        return _MISTAKES[failure.kind]
    if failure.kind is Kind.RAISED:
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
        told = "When it was handed in is not known"
        if record.when:
            by_file = record.when_by == BY_FILE
            told = "Only the file's own time says that it is late" if by_file else "Late, but not by its own manifest"
        return f"{told}, so nothing is taken off for being late."
    written = {each.state for each in grade.exercises} - {"not written"}
    if written and written <= _ENDS:
        return "Nothing that was written comes to an end."
    return ""


def _why_look_by_hand(record):
    """Why somebody should look at marks by hand again, or ""."""
    most = record.max_points()
    older = [each.exercise or "all" for each in record.marks() if each.is_older]
    others = [
        f"{each.exercise or 'all'} (of {shown(each.max_points)})"
        for each in record.marks()
        if each.max_points not in (None, most.get(each.exercise, each.max_points))
    ]
    told = {"on an older submission": older, "when the maximum was another": others}
    return " ".join(f"Set by hand {which}: {', '.join(own)}." for which, own in told.items() if own)
