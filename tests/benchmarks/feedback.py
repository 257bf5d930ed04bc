"""How long a reader waits for an answer: a check, an import, the help."""

import subprocess
import sys
import time
from contextlib import contextmanager

from benchmarks.results import Benchmark
from benchmarks.timing import interleaved, ratio, spread
from mlt_nn.support.catalogue import EXERCISES
from mlt_nn.support.folders import PROJECT

ROUNDS = 3
_COMMAND_ROUNDS = 15
# Seconds after an answer, in which the worker of the next check gets ready; nobody reads and mends faster.
_READING = 0.5
_ONE = "from mlt_nn import check; from IPython.display import display; report = check({name!r}); display(report)"
_ALL = (
    "from mlt_nn.support.catalogue import EXERCISES; from mlt_nn.grading.check import check_exercises; "
    "report = check_exercises(EXERCISES)"
)


def measure(exercises=EXERCISES, rounds=ROUNDS, command_rounds=_COMMAND_ROUNDS):
    """Measure checks in a live kernel and whole commands; yields rows for `BENCHMARK.head`.

    Raises:
        RuntimeError: when a check does not pass, or a command fails.
    """
    with _kernel() as seconds_of:
        seconds_of("import mlt_nn")
        one = []
        for exercise in [*exercises] * rounds:
            one.append(seconds_of(_ONE.format(name=exercise.name)))
            time.sleep(_READING)
        yield ("check of one exercise, in a live kernel, s", *spread(one), "median below 0.1")
        every = [seconds_of(_ALL) for _ in range(rounds)]
        yield ("check of all exercises, in a live kernel, s", *spread(every), "below 3")
    commands = {
        "import numpy": ["-c", "import numpy"],
        "import mlt_nn": ["-c", "import mlt_nn"],
        "help": ["-m", "mlt_nn.cli", "--help"],
    }
    seconds = interleaved({name: _command(arguments) for name, arguments in commands.items()}, command_rounds)
    yield ("import mlt_nn / import numpy", *ratio(seconds, "import mlt_nn", "import numpy"), "below 1.1")
    yield ("mlt-nn --help, s", *spread(seconds["help"]), "below 0.3")


def _command(arguments):
    def run():
        subprocess.run([sys.executable, *arguments], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)

    return lambda: run


@contextmanager
def _kernel():
    """A running kernel, as a function: code -> the seconds from sending it to the end of its answer."""
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3", cwd=str(PROJECT), stderr=subprocess.DEVNULL)

    def seconds_of(code):
        start = time.perf_counter()
        reply = client.execute_interactive(code, output_hook=lambda message: None, timeout=120)
        seconds = time.perf_counter() - start
        _demand_success(reply, code)
        if "report = " in code:
            _demand_success(client.execute_interactive("assert report.passed, report.text()", timeout=120), code)
        return seconds

    try:
        yield seconds_of
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _demand_success(reply, code):
    if reply["content"]["status"] != "ok":
        raise RuntimeError(f"the kernel could not run {code!r}:\n{reply['content'].get('evalue', '')}")


BENCHMARK = Benchmark(
    "Feedback",
    ("what is waited for", "median", "least", "most", "goal"),
    measure,
    f"Checks: each exercise {ROUNDS} times, in a Jupyter kernel that has run before, from sending the cell to the end "
    f"of its answer, {_READING} s after the answer before; the solutions are checked. The import and the help are "
    f"whole commands, {_COMMAND_ROUNDS} times each, in turns.",
)
