"""What is known of one submission, as all that is given back is made from it."""

from dataclasses import dataclass
from typing import Literal

from mlt_nn.grading.results import Graded
from mlt_nn.support.catalogue import EXERCISES


@dataclass(frozen=True)
class Record:
    """One submission: who, when, and how it ended."""

    student: str
    attempt: int
    late: bool
    when: str
    """When it was handed in, as it should be shown."""
    status: Literal["graded", "student error", "timed out", "infrastructure error"]
    """Only the last one has nothing to do with what was handed in."""
    grade: Graded | None
    """None after an infrastructure error."""
    problem: str
    """Why there is no grade, or ""."""
    page: str
    """The file name of the student's page, without its ending; no other student's is the same."""
    superseded: tuple[tuple[str, str], ...] = ()
    """What the student handed in besides: where each is, and what counts in its place, and why."""

    def points(self):
        """The points of each exercise in the order of the course.

        None where they are open: when our machine failed or was too busy, or a check of ours is broken. That is no 0.
        """
        graded = self.grade.exercises if self.grade else ()
        points = {each.name: each.points for each in graded if not each.is_open}
        return [points.get(each.name) for each in EXERCISES]

    def total(self):
        """The sum of these points; None when any of them is open."""
        points = self.points()
        return None if None in points else round(sum(points), 4)
