"""What is known of one submission, as all that is given back is made from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mlt_nn.grading.results import Graded
from mlt_nn.support.catalogue import EXERCISES
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

    def points(self):
        """The points of each exercise in the order of the course.

        None where they are open: when our machine failed or was too busy, or a check of ours is broken, and where
        nothing was handed in. That is no 0.
        """
        graded = self.grade.exercises if self.grade else ()
        points = {each.name: each.points for each in graded if not each.is_open}
        return [points.get(each.name) for each in EXERCISES]

    def total(self):
        """The sum of these points; None when any of them is open."""
        points = self.points()
        return None if None in points else round(sum(points), 4)


def nothing_from(student, name, page):
    """The Record of a Student of the roster who handed in nothing, under the name that tells them from the others."""
    return Record(name, 0, False, None, "nothing handed in", None, "Nothing was handed in.", page, who=student)
