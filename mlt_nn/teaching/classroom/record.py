"""What is known of one submission, as all that is given back is made from it."""

from typing import Any, Literal, TypedDict

from mlt_nn.support.catalogue import EXERCISES


class Record(TypedDict):
    """One submission: who, when, and how it ended. Plain values, as in a line of JSON."""

    student: str
    attempt: int
    late: bool
    when: str
    """When it was handed in, as it should be shown."""
    status: Literal["graded", "student error", "timed out", "infrastructure error"]
    """Only the last one has nothing to do with what was handed in."""
    grade: dict[str, Any] | None
    """What `Graded.to_json()` gives; None after an infrastructure error."""
    problem: str
    """Why there is no grade, or ""."""


def points(record):
    """The points of each exercise in the order of the course.

    None where they are open: when our machine failed, or a check of ours is broken. That is no 0.
    """
    if record["grade"] is None:
        return [None] * len(EXERCISES)
    graded = {exercise["name"]: exercise for exercise in record["grade"]["exercises"]}
    return [None if graded[each.name]["state"] == "broken" else graded[each.name]["points"] for each in EXERCISES]


def total(record):
    """The sum of these points; None when any of them is open."""
    every = points(record)
    return None if None in every else round(sum(every), 4)
