"""Inputs that are drawn anew in each run, for the hidden checks: what a student could know in advance is worth nothing.

A check tries a few of them, from small to large: the first that fails is a small one, and it is told.
"""

from contextlib import contextmanager
from typing import Any

import numpy as np

from mlt_nn.grading.student import Died, NotWritten, StudentError, TimedOut

DIGITS = 6
"""Behind the point: few enough to be read, too many for an answer that was rounded to four."""


def numbers(rng, *shape, low=0.1, high=3.0):
    """Floats of that shape, as many negative ones as positive ones, or one more of either.

    Their sizes lie between low and high: none is near 0, where a ReLU has its kink.
    """
    count = int(np.prod(shape))
    signs = np.resize(rng.permutation([-1.0, 1.0]), count)
    sizes = np.round(rng.uniform(low, high, count), DIGITS)
    return (rng.permutation(signs) * sizes).reshape(shape)


def number(rng, low=0.1, high=3.0):
    """One such number, a Python float."""
    return float(numbers(rng, low=low, high=high))


def positive(rng, low=0.1, high=3.0):
    """One that is positive: a strength, a learning rate."""
    return abs(number(rng, low, high))


def sizes_of(rng, layers, most=4):
    """The sizes (S_0, ..., S_L) of a network, neighbors never alike: a missing transpose is seen by the shapes."""
    sizes = [int(rng.integers(1, most + 1))]
    while len(sizes) <= layers:
        sizes.append((sizes[-1] - 1 + int(rng.integers(1, most))) % most + 1)
    return sizes


def parameters(rng, sizes):
    """Weights and biases of a network with these sizes."""
    layers = range(1, len(sizes))
    W = {l: numbers(rng, sizes[l - 1], sizes[l], high=1.5) for l in layers}
    return W, {l: numbers(rng, sizes[l], high=1.5) for l in layers}


def one_hot(rng, n, k):
    """Targets of n points, each of one of k classes."""
    return np.eye(k)[rng.integers(0, k, n)]


def seed(rng):
    """A seed for a generator of the student's function."""
    return int(rng.integers(2**32))


def twins(rng, ask, times=3):
    """What `ask` makes of two generators of one seed that it is given so many times each: two lists.

    They take turns in an order that nobody knows, so that it does not help to count the calls.
    """
    start = seed(rng)
    both: list[tuple[np.random.Generator, list]] = [(np.random.default_rng(start), []) for _ in range(2)]
    for which in rng.permutation(2 * times) % 2:
        own, got = both[which]
        got.append(ask(own))
    return tuple(got for _, got in both)


def narrow(part):
    """An array, or the arrays of a dict, as float32."""
    return {l: narrow(part[l]) for l in part} if isinstance(part, dict) else part.astype(np.float32)


@contextmanager
def given(**values):
    """What is wrong in this block is told with these values.

    Of a hidden check the student sees nothing else that depends on what was drawn; they are as new in the next run.
    """
    try:
        yield
    except (NotWritten, TimedOut, Died):
        raise  # with other values it would be the same
    except (AssertionError, StudentError) as raised:
        error: Any = raised
        error.given = ", ".join(f"{name} = {_shown(value)}" for name, value in values.items())
        if isinstance(raised, StudentError):
            error.message = f"{error.message} (for {error.given})".lstrip()
        else:
            error.args = (f"{error}\nThe smallest input found: {error.given}",)
        raise


def _shown(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_shown(value[key])}" for key in value) + "}"
    return str(value.tolist()) if isinstance(value, (np.ndarray, np.generic)) else repr(value)
