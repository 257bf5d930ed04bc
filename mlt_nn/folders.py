"""Where the course lies on this computer."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
PROJECT = PACKAGE.parent
COURSE = PROJECT / "course"
SOLUTIONS = PROJECT / "solutions"


def from_project(path):
    """A path that a person gave, taken from the project's folder when it is relative.

    A notebook runs in `course/`, a terminal anywhere: the same `solutions` or `../data` must mean the same in both.
    """
    return (PROJECT / path).resolve()
