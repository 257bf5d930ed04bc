"""Right submissions graded on an idle computer, on a busy one, and on one that leaves the grader next to nothing.

`python -m benchmarks.load <submissions>` grades so many in each case.
"""

import contextlib
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from typing import Any, NamedTuple

from tqdm import tqdm

from benchmarks.results import Benchmark, run
from mlt_nn.support.catalogue import EXERCISES
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.teaching.classroom.pools import cores

SUBMISSIONS = 8
POINTS = sum(exercise.points for exercise in EXERCISES)


class Load(NamedTuple):
    """What else the computer does."""

    title: str
    loops: int = 0
    """Busy ones beside the grader."""
    nice: int = 0
    """How far the grader gives way to them."""


LOADS = (
    Load("nothing else"),
    Load("8 busy loops", 8),
    Load("12 busy loops, the grader at nice 12", 12, 12),
)


class Outcome(NamedTuple):
    """What a submission got."""

    points: float
    seconds: float
    again: tuple[str, ...]
    """Why exercises were tried once more."""
    still_open: int
    """Exercises of which the computer could not tell."""


def measure(submissions=SUBMISSIONS, loads=LOADS):
    """Grade `solutions/` so many times in each case; yields rows for `BENCHMARK.head`."""
    for load in loads:
        with busy(load.loops):
            yield row(load, _graded(submissions, load))


def row(load, outcomes):
    """A row of the table, of a `Load` and the `Outcome` of each submission."""
    points = [each.points for each in outcomes]
    again = Counter(why for each in outcomes for why in each.again)
    return (
        load.title,
        len(outcomes),
        f"{min(points):.4g} of {POINTS}",
        f"{max(points):.4g} of {POINTS}",
        float(statistics.median(each.seconds for each in outcomes)),
        float(max(each.seconds for each in outcomes)),
        ", ".join(f"{n} {why}" for why, n in again.items()) or 0,
        sum(each.still_open for each in outcomes),
    )


@contextlib.contextmanager
def busy(loops):
    """Processes that compute without end, as long as the block takes; those of a benchmark that was killed end too."""
    with contextlib.ExitStack() as stack:
        command = [sys.executable, "-I", "-c", f"import os\nwhile os.getppid() == {os.getpid()}: pass"]
        started = [stack.enter_context(subprocess.Popen(command)) for _ in range(loops)]
        for loop in started:
            stack.callback(loop.kill)
        yield started


def _graded(submissions, load):
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(cores(), context, _start, (load.nice,)) as executor:
        outcomes = executor.map(_grade, range(submissions))
        return list(tqdm(outcomes, load.title, submissions, file=sys.stderr))


_grader: Any = None


def _start(nice):
    global _grader
    from mlt_nn.teaching.grader.grader import Grader
    from mlt_nn.teaching.grader.isolation import isolation

    class Counting(Grader):
        again: tuple[str, ...] = ()

        def _try(self, exercise, student, submission, attempt):
            asked = super()._try(exercise, student, submission, attempt)
            if attempt == 1:
                failures = [each.failure for each in asked if each.failure]
                self.again += tuple(each.kind.state for each in failures if each.kind.is_an_end)
            return asked

    os.nice(nice)
    _grader = Counting(isolation())


def _grade(number):
    from mlt_nn.teaching.grader.submission import read

    _grader.again = ()
    start = time.perf_counter()
    graded = _grader.grade(read(SOLUTIONS))
    seconds = time.perf_counter() - start
    return Outcome(graded.points, seconds, _grader.again, sum(each.is_open for each in graded.exercises))


BENCHMARK = Benchmark(
    "Load",
    (
        "beside the grader",
        "submissions",
        "points, least",
        "points, most",
        "s a submission, median",
        "s a submission, most",
        "exercises tried again",
        "exercises left open",
    ),
    measure,
    f"`solutions/` graded by all hidden checks, {SUBMISSIONS} times in each case, by a process for each "
    "core, each with inputs of its own. What else the computer does changes no points: what counts is the time that a "
    "submission computes itself, and what does not come back is tried once more before it counts.",
)

if __name__ == "__main__":
    run(BENCHMARK._replace(measure=lambda: measure(int(sys.argv[1]))))
