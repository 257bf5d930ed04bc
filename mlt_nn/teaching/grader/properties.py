"""What must hold for every input: tried on a few that Hypothesis draws; of those that fail, the smallest is told.

Only the hidden checks use it: Hypothesis comes with the extra `test`, and a student's `check` does without.
"""

from contextlib import suppress

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import Flaky

from mlt_nn.grading.student import Died, NotWritten, StudentError, TimedOut
from mlt_nn.teaching.grader import scratch

# Hypothesis keeps notes on the source code around; they are of no use here, and not to lie in the folder of a grader.
set_hypothesis_home_dir(scratch.folder() / "notes")

# Enough for small inputs of strategies as small as these. Without a bound, shrinking what fails would take most of the
# time that a class takes.
ATTEMPTS_TO_SHRINK = 40

_SETTINGS = settings(
    derandomize=True,
    max_examples=6,
    database=None,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
    print_blob=False,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)

sizes = st.integers(1, 4)
"""Numbers of points, of features, of neurons."""

numbers = st.integers(-24, 24).map(lambda i: i / 8)
"""Eighths from -3 to 3, which floats hold exactly."""


def vectors(size=sizes, entries=numbers):
    """Float arrays of shape (size,); the size is a number or a strategy."""
    return _fixed(size).flatmap(lambda n: st.lists(entries, min_size=n, max_size=n).map(np.array))


def matrices(rows=sizes, columns=sizes, entries=numbers):
    """Float arrays of shape (rows, columns), each a number or a strategy."""

    def of(shape):
        n, k = shape
        return st.lists(entries, min_size=n * k, max_size=n * k).map(lambda flat: np.array(flat).reshape(n, k))

    return st.tuples(_fixed(rows), _fixed(columns)).flatmap(of)


def for_all(holds, **strategies):
    """Demand that holds(**values) raises nothing, whatever the values.

    All students get the same values: they are drawn when this `holds`, wherever it stands in the checks, is first used.

    Arguments:
        holds: a function that takes one value of each strategy, by name, and asserts.
        strategies: what Hypothesis draws the values from; the same ones in each call with this `holds`.

    Raises:
        AssertionError, StudentError: what `holds` raised for the smallest values found, which are named in the message.
        NotWritten, TimedOut, Died: at once, for another input would not change them.
    """
    if holds.__code__ not in _drawn:
        values: list[dict] = []
        _explore(values.append, strategies)
        _drawn[holds.__code__] = values
    for each in _drawn[holds.__code__]:
        try:
            holds(**each)
        except (NotWritten, TimedOut, Died):
            raise
        except (AssertionError, StudentError) as error:
            raise _smallest(holds, strategies, _Failure(each, error)) from None


# What was drawn, by the code of `holds`: drawing takes longer than most students' functions.
_drawn: dict = {}


class _Failure:
    def __init__(self, values, error):
        self.given = ", ".join(f"{name} = {_shown(value)}" for name, value in values.items())
        self.error = error

    def told(self):
        """The same error, with the values in its message, and as its `given`."""
        self.error.given = self.given
        if isinstance(self.error, StudentError):
            self.error.message = f"{self.error.message} (for {self.given})".lstrip()
        else:
            self.error.args = (f"{self.error}\nThe smallest input found: {self.given}",)
        return self.error


def _smallest(holds, strategies, first):
    """Let Hypothesis look for smaller values than the first that failed; returns the error to raise."""
    failures, attempts = [first], 0

    def attempt(values):
        nonlocal attempts
        attempts += 1
        if attempts > ATTEMPTS_TO_SHRINK:
            raise _Leave
        try:
            holds(**values)
        except (NotWritten, TimedOut, Died) as error:
            raise _Leave from error
        except (AssertionError, StudentError) as error:
            failures.append(_Failure(values, error))
            raise

    # A function that answers differently the next time (Flaky) was wrong once, and that is enough.
    with suppress(AssertionError, StudentError, Flaky, _Leave):
        _explore(attempt, strategies)
    return min(failures, key=lambda failure: (len(failure.given), failure.given)).told()


class _Leave(BaseException):
    """Goes through Hypothesis, which would take an Exception for one more input that fails."""


def _explore(take, strategies):
    """Hand the values that Hypothesis draws to `take`: the same ones as long as it raises nothing."""

    def each(**values):
        take(values)

    _SETTINGS(given(**strategies)(each))()


def _fixed(size):
    return st.just(size) if isinstance(size, int) else size


def _shown(value):
    return str(value.tolist()) if isinstance(value, np.ndarray) else repr(value)
