"""What is known of one submission, as all that is given back is made from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mlt_nn.grading.results import Graded
from mlt_nn.support.assignments import WHOLE_COURSE, Assignment
from mlt_nn.teaching.classroom import late
from mlt_nn.teaching.classroom.platforms import Name
from mlt_nn.teaching.classroom.student import Student


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
    who: Student | None = None
    """The student of the roster, or as the platform names them; None when nothing but a file's name says who."""
    when_by: str = ""
    """Who says when it was handed in."""
    assignment: Assignment = WHOLE_COURSE
    called: Name | None = None
    """What it was called where it was found; None where nothing was handed in."""

    @property
    def due(self):
        """The due date of this student, or None."""
        return late.due(self.assignment, late.names(self.student, self.who))

    @property
    def days_late(self):
        """How many days after the due date have begun; None where either is not known."""
        due = self.due
        return late.days(self.assignment.late, due, self.when) if due and self.when else None

    @property
    def is_late(self):
        """By the due date; where that or the time is not known, as the platform says."""
        return self.late if self.days_late is None else self.days_late > 0

    @property
    def late_unknown(self):
        """Whether being late would cost points, and cannot be told."""
        return bool(self.due and self.assignment.late.percent_a_day and self.when is None)

    def points(self):
        """The points of each exercise of the assignment.

        None where they are open: when our machine failed or was too busy, or a check of ours is broken, and where
        nothing was handed in. That is no 0.
        """
        graded = self.grade.exercises if self.grade else ()
        points = {each.name: each.points for each in graded if not each.is_open}
        return [points.get(each.name) for each in self.assignment.exercises]

    def total(self):
        """What these points come to; None when any of them is open."""
        points = self.points()
        return None if None in points else self.assignment.total(points)

    def penalty(self):
        """The points that being late takes off; None when any are open."""
        total = self.total()
        percent = late.percent(self.assignment.late, self.days_late or 0)
        return None if total is None else round(total * percent / 100, 4) if percent else 0

    def score(self):
        """What counts; None when points are open."""
        total = self.total()
        return None if total is None else round(total - self.penalty(), 4)


def nothing_from(student, name, page, assignment=WHOLE_COURSE):
    """The Record of a Student of the roster who handed in nothing, under the name that tells them from the others."""
    known = {"who": student, "assignment": assignment}
    return Record(name, 0, False, None, "nothing handed in", None, "Nothing was handed in.", page, **known)
