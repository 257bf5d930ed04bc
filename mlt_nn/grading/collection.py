"""The mark that says which exercise a check belongs to."""

import pytest

from mlt_nn.support.catalogue import find

MARKER = "exercise(name, weight): the exercise of the catalogue that this check belongs to"


def exercise(name, weight=1):
    """Mark a check: `@exercise("activations.softmax")`. Raises ValueError when the catalogue has no such exercise.

    Arguments:
        weight: how much the check counts among the checks of its exercise, a positive integer.
    """
    return pytest.mark.exercise(find(name).name, weight=weight)


def exercise_of(item):
    """The name of the exercise that a collected check belongs to, or None."""
    mark = item.get_closest_marker("exercise")
    return mark.args[0] if mark else None


def weight_of(item):
    """How much a collected check counts."""
    return item.get_closest_marker("exercise").kwargs["weight"]


def human_name(item):
    """What the check is called: the first line of its docstring, or else its function's name in words."""
    text = (item.function.__doc__ or "").strip()
    return text.splitlines()[0].rstrip(".") if text else item.originalname.removeprefix("test_").replace("_", " ")
