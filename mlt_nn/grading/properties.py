"""What must hold for every input: tried on a few that Hypothesis draws; of those that fail, the smallest is told.

Only the hidden checks use it: Hypothesis comes with the extra `test`, and a student's `check` does without.
"""

from contextlib import suppress

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from mlt_nn.grading.student import Died, NotWritten, StudentError, TimedOut

EXAMPLES = 8

# Enough to make small inputs of these small ones; without a bound the wrong answers of a class would cost most of its
# time.
ATTEMPTS_TO_SHRINK = 60

# The same inputs for every student and at every time.
_SETTINGS = settings(
    derandomize=True,
    max_examples=EXAMPLES,
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

    Arguments:
        holds: a function that takes one value of each strategy, by name, and asserts.
        strategies: what Hypothesis draws the values from.

    Raises:
        AssertionError, StudentError: what `holds` raised for the smallest values found, which are named in the message.
        NotWritten, TimedOut, Died: at once, for another input would not change them.
    """
    failures: list[tuple[str, Exception]] = []
    attempts = 0

    def attempt(**values):
        nonlocal attempts
        attempts += bool(failures)
        if attempts > ATTEMPTS_TO_SHRINK:
            raise _Leave
        try:
            holds(**values)
        except (NotWritten, TimedOut, Died) as error:
            raise _Leave(error) from None
        except (AssertionError, StudentError) as error:
            failures.append((", ".join(f"{name} = {_shown(value)}" for name, value in values.items()), error))
            raise

    try:
        # A function that answers differently the next time is wrong for the input for which it was wrong once.
        with suppress(AssertionError, StudentError, Flaky):
            _SETTINGS(given(**strategies)(attempt))()
    except _Leave as leave:
        if leave.args:
            raise leave.args[0] from None
    if failures:
        values, error = min(failures, key=lambda failure: (len(failure[0]), failure[0]))
        raise _with(values, error) from None


class _Leave(BaseException):
    """Goes through Hypothesis, which would take an Exception for one more input that fails."""


def _fixed(size):
    return st.just(size) if isinstance(size, int) else size


def _shown(value):
    return str(value.tolist()) if isinstance(value, np.ndarray) else repr(value)


def _with(values, error):
    """The same failure, with the values in its message."""
    if isinstance(error, StudentError):
        told = f"{error.message} (for {values})" if error.message else f"for {values}"
        return type(error)(error.name, error.type, told, error.place, error.printed)
    return AssertionError(f"{error}\nThe smallest input found: {values}")
