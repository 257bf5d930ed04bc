"""The mark that says which exercise a check belongs to."""

import pytest

from mlt_nn.catalogue import exercise as find

MARKER = "exercise(name): the exercise of the catalogue that this check belongs to"


def exercise(name):
    """Mark a check: `@exercise("activations.softmax")`. Raises ValueError when the catalogue has no such exercise."""
    return pytest.mark.exercise(find(name).name)


def exercise_of(item):
    """The name of the exercise that a collected check belongs to, or None."""
    mark = item.get_closest_marker("exercise")
    return mark.args[0] if mark else None


def human_name(item):
    """What the check is called: the first line of its docstring, or else its function's name in words."""
    text = (item.function.__doc__ or "").strip()
    return text.splitlines()[0].rstrip(".") if text else item.originalname.removeprefix("test_").replace("_", " ")
