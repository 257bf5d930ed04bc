"""What is known of one submission, as all that is given back is made from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mlt_nn.support.assignments import WHOLE_COURSE, Assignment
from mlt_nn.teaching.classroom import late
from mlt_nn.teaching.classroom.platforms import Name
from mlt_nn.teaching.classroom.student import Student
from mlt_nn.teaching.grader.graded import Graded


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
    max_points: float | None
    """What they were out of; None where that is not known."""
    comment: str
    reason: str
    when: datetime
    by: str
    is_older: bool
    """Whether something else counted when it was made than what was handed in now."""
    is_replaced: bool
    """Whether a later mark of the same stands in place of this one."""

    def words(self):
        """The change as its student reads it."""
        mark = ""
        if self.points is not None:
            replaced = ", replaced later" if self.is_replaced else ""
            mark = f"{self.points:g} {'point' if self.points == 1 else 'points'}, set by hand{replaced}: {self.reason}"
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
    """None where nothing was handed in, and after an infrastructure error, unless some of it was graded before."""
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
    assignment: Assignment = WHOLE_COURSE
    """With the extensions that `late.settled` leaves."""
    called: Name | None = None
    """What it was called where it was found; None where nothing was handed in."""

    @property
    def due(self):
        """The due date of this student, or None."""
        return late.due(self.assignment, self.student)

    @property
    def days_late(self):
        """How many days after the due date have begun; None where either is not known, or in doubt."""
        due = self.due
        days = late.days(self.assignment.late, due, self.when) if due and self.when else None
        # Whoever saves, copies or unpacks a file may make it newer than what was handed in, and what a manifest says is
        # the student's word. Of extensions that stand in the course file alone the platform does not know.
        in_doubt = late.BY_MANIFEST if self.late and due == self.assignment.due else None
        return None if self.when_by == (late.BY_FILE if days else in_doubt) else days

    @property
    def is_late(self):
        """By the due date; where that or the time is not known, as the platform says."""
        return self.late if self.days_late is None else self.days_late > 0

    @property
    def late_unknown(self):
        """Whether being late would cost points, and cannot be told."""
        return bool(self.due and self.assignment.late.percent_a_day and self.days_late is None)

    def max_points(self):
        """The points that there are, by the exercise, and by None for the sum."""
        return {None: self.assignment.points} | {each.name: each.points for each in self.assignment.exercises}

    def marks(self):
        """The marks that were set by hand, and stand."""
        return [each for each in self.by_hand if each.points is not None and not each.is_replaced]

    def set_points(self):
        """Their points, no more than there are, by the exercise, and by None for the sum."""
        most = self.max_points()
        return {each.exercise: min(each.points, most.get(each.exercise, each.points)) for each in self.marks()}

    def points(self):
        """The points of each exercise of the assignment.

        None where they are open: when our machine failed or was too busy, or a check of ours is broken, and where
        nothing was handed in. That is no 0.
        """
        graded = self.grade.exercises if self.grade else ()
        points = {each.name: each.points for each in graded if not each.is_open} | self.set_points()
        return [points.get(each.name) for each in self.assignment.exercises]

    def total(self):
        """What these points come to, or what was set by hand in its place; None when any of them is open."""
        points = self.points()
        return self.set_points().get(None, None if None in points else self.assignment.total(points))

    def penalty(self):
        """The points that being late takes off, never of a mark of the whole by hand; None when any are open."""
        total = self.total()
        percent = late.percent(self.assignment.late, self.days_late or 0)
        if total is None or not percent or None in self.set_points():
            return None if total is None else 0
        return round(total * percent / 100, 4)

    def score(self):
        """What counts; None when points are open."""
        total = self.total()
        return None if total is None else round(total - self.penalty(), 4)


def how_it_ended(graded):
    """The status of a Graded."""
    states = {each.state for each in graded.exercises}
    hangs = "timed out" in states and "passed" not in states
    return "student error" if graded.problem else "timed out" if hangs else "graded"
