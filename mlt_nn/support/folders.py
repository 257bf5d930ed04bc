"""Where the course lies on this computer."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
PROJECT = PACKAGE.parent
COURSE = PROJECT / "course"
SOLUTIONS = PROJECT / "solutions"


def get_back(file):
    """What to do when a file of the course is gone."""
    name = file.relative_to(PROJECT).as_posix() if file.is_relative_to(PROJECT) else file
    if (PROJECT / ".git").exists():
        return f"Get it back:  git checkout {name}"
    return f"Take {name} from the course's zip again."


def from_project(path):
    """A path that a person gave, taken from the project's folder when it is relative.

    A notebook runs in `course/`, a terminal anywhere: the same `solutions` or `../data` must mean the same in both.
    """
    return (PROJECT / path).resolve()
