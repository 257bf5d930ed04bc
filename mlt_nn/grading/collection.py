"""Check files: ordinary pytest functions, found by reading the file, which then takes no pytest.

A check takes the fixture `student`, and `rng` after it where it draws its inputs.
"""

import hashlib
import inspect
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from mlt_nn.support.catalogue import find


def exercise(name):
    """Mark a check: `@exercise("activations.softmax")`. Raises ValueError when the catalogue has no such exercise."""

    def mark(function):
        function.exercise = find(name).name
        return function

    return mark


class Check(NamedTuple):
    """A function of a check file."""

    exercise: str
    name: str
    """What it checks, in words."""
    function: Callable[..., Any]
    draws: bool
    """Whether it takes `rng`."""

    def ask(self, student, *seed):
        """Call it for a Student; it passes when it returns."""
        return self.function(student, *([generator(self.function, *seed)] if self.draws else []))


def generator(function, *seed):
    """The `rng` of a check: the same one for the same numbers, exercise and name of the function."""
    digest = hashlib.sha256(f"{function.exercise} {function.__name__}".encode()).digest()
    return np.random.default_rng([*seed, int.from_bytes(digest)])


def collect(file):
    """The Checks of a file, which is read anew, in the order in which they stand there.

    Raises:
        RuntimeError: when it cannot be read; it is ours, and no student is to blame.
    """
    file = Path(file)
    try:
        return [_check(function) for function in _functions(file)]
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise RuntimeError(
            "the checks could not be collected; that is our mistake, not yours:\n"
            f"{file.name}: {type(error).__name__}: {error}"
        ) from error


def _functions(file):
    # Neither kept by the import system nor read from its cache: nothing of an earlier run is in the way.
    names: dict[str, Any] = {"__name__": file.stem, "__file__": str(file)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(file.read_bytes(), file, "exec"), names)
    return [each for name, each in names.items() if name.startswith("test") and inspect.isfunction(each)]


def _check(function):
    if not hasattr(function, "exercise"):
        raise ValueError(f"{function.__name__} does not say which exercise it checks")
    takes = list(inspect.signature(function).parameters)
    if takes not in (["student"], ["student", "rng"]):
        raise ValueError(f"{function.__name__} takes {', '.join(takes)}; a check takes student, or student and rng")
    return Check(function.exercise, _in_words(function), function, len(takes) == 2)


def _in_words(function):
    """The first line of the docstring, or else the function's name."""
    text = (function.__doc__ or "").strip()
    return text.splitlines()[0].rstrip(".") if text else function.__name__.removeprefix("test_").replace("_", " ")
