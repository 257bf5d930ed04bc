"""What is known of one submission, as all that is given back is made from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mlt_nn.grading.results import Graded
from mlt_nn.support.catalogue import EXERCISES
from mlt_nn.teaching.classroom.student import Student


@dataclass(frozen=True)
class Change:
    """A mark that was set by hand, or something that was said to a student."""

    number: int
    assignment: str
    student: str
    exercise: str | None
    """None for all of the assignment."""
    points: float | None
    """None where no mark was set."""
    comment: str
    reason: str
    when: str
    by: str
    is_older: bool
    """Whether something else counted when it was made than what was handed in now."""

    def words(self):
        """The change as its student reads it."""
        mark = ""
        if self.points is not None:
            mark = f"{self.points:g} {'point' if self.points == 1 else 'points'}, set by hand: {self.reason}"
        place = self.exercise or ("In all" if mark else "")
        return ": ".join(each for each in (place, "; ".join(each for each in (mark, self.comment) if each)) if each)


@dataclass(frozen=True)
class Record:
    """One submission: who, when, and how it ended."""

    student: str
    attempt: int
    late: bool
    when: datetime | None
    """When it was handed in, with the time's zone; None when nothing says so."""
    status: Literal["graded", "student error", "timed out", "infrastructure error", "nothing handed in"]
    """Only an infrastructure error has nothing to do with what was handed in."""
    grade: Graded | None
    """None after an infrastructure error, and where nothing was handed in."""
    problem: str
    """Why there is no grade, or ""."""
    page: str
    """The file name of the student's page, without its ending; no other student's is the same."""
    superseded: tuple[tuple[str, str], ...] = ()
    """What the student handed in besides: where each is, and what counts in its place, and why."""
    by_hand: tuple[Change, ...] = ()
    """What was changed by hand and stands, in the order in which it was made."""
    who: Student | None = None
    """The student of the roster, or as the platform names them; None when nothing but a file's name says who."""
    when_by: str = ""
    """Who says when it was handed in."""

    def set_points(self):
        """The points that were set by hand, by the exercise, and by None for the sum; the last one stands."""
        return {each.exercise: each.points for each in self.by_hand if each.points is not None}

    def points(self):
        """The points of each exercise in the order of the course.

        None where they are open: when our machine failed or was too busy, or a check of ours is broken, and where
        nothing was handed in. That is no 0.
        """
        graded = self.grade.exercises if self.grade else ()
        points = {each.name: each.points for each in graded if not each.is_open} | self.set_points()
        return [points.get(each.name) for each in EXERCISES]

    def total(self):
        """The sum of these points, or what was set by hand in its place; None when any of them is open."""
        points = self.points()
        return self.set_points().get(None, None if None in points else round(sum(points), 4))

    @property
    def max_points(self):
        return sum(each.points for each in EXERCISES)


def nothing_from(student, name, page):
    """The Record of a Student of the roster who handed in nothing, under the name that tells them from the others."""
    return Record(name, 0, False, None, "nothing handed in", None, "Nothing was handed in.", page, who=student)
