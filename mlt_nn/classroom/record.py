"""What is known of one submission, as all that is given back is made from it."""

from typing import Any, TypedDict

STATUSES = ("graded", "student error", "timed out", "infrastructure error")


class Record(TypedDict):
    """One submission: who, when, and how it ended. Plain values, as in a line of JSON."""

    student: str
    attempt: int
    late: bool
    when: str
    """When it was handed in, as it should be shown."""
    status: str
    """One of STATUSES; only the last one is no fault of the student's."""
    grade: dict[str, Any] | None
    """What `Graded.to_json()` gives, or None."""
    problem: str
    """Why there is no grade, or ""."""
