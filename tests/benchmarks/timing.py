"""Times that can be compared: all contestants take turns, so that a busy second of the computer meets each of them."""

import random
import statistics
import time
from typing import NamedTuple


class Spread(NamedTuple):
    """What came out of several runs."""

    median: float
    least: float
    most: float

    def __str__(self):
        return f"{self.median:.2f} ({self.least:.2f} to {self.most:.2f})"


def spread(values):
    """The median, the least and the most of some numbers, as `Spread`."""
    values = list(values)
    return Spread(statistics.median(values), min(values), max(values))


def interleaved(contestants, rounds):
    """Time some functions in turn, in a new random order each round.

    Arguments:
        contestants: name -> a function that prepares one run, untimed, and returns the function to be timed.
        rounds: how often each is run, an int.

    Returns:
        Name -> the seconds of each round, in the order of the rounds.

    Example:
        >>> seconds = interleaved({"nothing": lambda: print, "a sum": lambda: lambda: sum(range(1000))}, rounds=2)
        <BLANKLINE>
        <BLANKLINE>
        >>> [len(times) for times in seconds.values()]
        [2, 2]
    """
    order = random.Random(0)
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name in order.sample(list(contestants), len(contestants)):
            run = contestants[name]()
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return seconds


def ratio(seconds, one, other):
    """How long one took in multiples of the other, as `Spread`: each round is compared with itself.

    >>> ratio({"a": [1.0, 3.0, 2.0], "b": [2.0, 2.0, 2.0]}, "a", "b")
    Spread(median=1.0, least=0.5, most=1.5)
    """
    return spread(a / b for a, b in zip(seconds[one], seconds[other], strict=True))
