"""A submission that was graded: the results of its exercises, and how they came about."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from mlt_nn.grading.results import ExerciseResult, Failure, Kind, Place


@dataclass(frozen=True)
class Graded:
    """One submission, graded; the same submission, checks and seed always give the same."""

    name: str
    exercises: tuple[ExerciseResult, ...]
    files: tuple[dict[str, Any], ...]
    """Of each module that was handed in its name, SHA-256, number of lines, and what is wrong with it."""
    problem: str
    """Why nothing of it could be graded, or ""."""
    hidden_checks: bool
    """Whether there were any, or only the public ones."""
    isolation: str
    isolation_reason: str
    versions: dict[str, str]
    seed: int
    most: float | None = None
    """What all of it is worth, where that is not the sum: some exercises of an assignment may be optional."""

    @property
    def points(self):
        return round(min(sum(exercise.points for exercise in self.exercises), self.max_points), 4)

    @property
    def max_points(self):
        return round(sum(exercise.max_points for exercise in self.exercises), 4) if self.most is None else self.most

    def to_json(self):
        """All of it as plain values."""
        return {"points": self.points, "max_points": self.max_points} | asdict(self)

    @classmethod
    def from_json(cls, values):
        """What `to_json` made plain values of, also after a way through JSON.

        Raises:
            KeyError, TypeError, ValueError: when something is missing or senseless.
        """
        values = {"most": None} | values
        own = {field.name: values[field.name] for field in fields(cls)}
        exercises = tuple(map(_exercise, values["exercises"]))
        return cls(**own | {"exercises": exercises, "files": tuple(values["files"])})


def _exercise(values):
    """The ExerciseResult that `asdict` made plain values of."""
    first = values["first_failure"]
    if first is not None:
        caller = first["caller"] and Place(**first["caller"])
        first = Failure(**first | {"kind": Kind(first["kind"]), "caller": caller})
    public = values.get("public")  # a term may be older than that
    read = {"first_failure": first, "wrong_before": tuple(values["wrong_before"]), "public": public and tuple(public)}
    return ExerciseResult(**values | read)
