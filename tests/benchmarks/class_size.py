"""Grading a class of 10, 100, 1,000: submissions a minute, and how much memory that needs.

`python -m benchmarks.class_size <submissions> ...` measures other sizes by themselves, 10000 say (about ten times as
long as the whole benchmark). With `--cluster` each hands in the first notebook only, and a Dask cluster grades them: a
scheduler and a worker for each core, started here as the guide for instructors says.
"""

import argparse
import ast
import contextlib
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.grading_work import measured
from benchmarks.results import Benchmark, run
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import PROJECT, SOLUTIONS
from mlt_nn.teaching.classroom.pools import cores

SIZES = (10, 100, 1_000)
FIRST_WEEK = ("neuron",)
# What a class hands in in the second week: the first two notebooks, 11 exercises.
SECOND_WEEK = (*FIRST_WEEK, "activations")
WHOLE_COURSE = 100

# One exercise in five is wrong, half of these in one of these ways where its lines allow it, the rest by a first line.
_SHARE_WRONG = 0.2
_SLIPS = ((" + b", ""), (".sum(", ".mean("), (".T", ""), ("1 - ", "1 + "), ("np.exp(-", "np.exp("), (">", "<"))
_FIRST_LINES = ("raise NotImplementedError", "return None", "return 0.0", "return undefined_name")
# One submission in fifty has one of these in its last exercise.
_HOSTILE = ("while True: pass", "import os; os._exit(0)", "return [bytes(10**6) for _ in range(10**6)]")
_HOSTILE_EVERY = 50


def measure(sizes=SIZES, whole_course=WHOLE_COURSE):
    """Grade classes of these sizes; yields rows for `BENCHMARK.head`.

    Raises:
        RuntimeError: when a class is not graded, or a submission of it ends without a grade.
    """
    for size in sizes:
        yield (f"{size}, first two notebooks", *_graded(size, SECOND_WEEK))
    if whole_course:
        yield (f"{whole_course}, whole course", *_graded(whole_course, MODULES))


def on_a_cluster(sizes):
    """The same on a Dask cluster of this computer, a fresh one for each size, with the first notebook alone."""
    for size in sizes:
        with _cluster() as (address, *beside):
            graded = _graded(size, FIRST_WEEK, "--scheduler", address, beside=beside)
        yield (f"{size}, first notebook, Dask", *graded)


def _graded(size, modules, *options, beside=()):
    with tempfile.TemporaryDirectory() as folder:
        handed_in, grades = Path(folder, "submissions"), Path(folder, "grades")
        for number in range(size):
            own = handed_in / f"student {number}"
            own.mkdir(parents=True)
            for module, text in submission(number, modules).items():
                (own / f"{module}.py").write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "mlt_nn.cli", "grade", str(handed_in), "--out", str(grades), *options]
        with tempfile.TemporaryFile("w+") as output:
            start = time.perf_counter()
            with subprocess.Popen(command, cwd=PROJECT, stdout=output, stderr=output) as process:
                first, others = _peaks(process, beside)
            seconds = time.perf_counter() - start
            output.seek(0)
            told = output.read()
        if process.returncode:
            raise RuntimeError(f"a class of {size} could not be graded:\n{told[-3000:]}")
        ended = re.findall(r"^ *(\d+) (?:graded|timed out)$", told, re.MULTILINE)
        if sum(map(int, ended)) != size:
            raise RuntimeError(f"of a class of {size} came:\n{told[-3000:]}")
    return 60 * size / seconds, seconds / size, first, others


@contextlib.contextmanager
def _cluster():
    """Starts a Dask cluster with a worker for each core; gives its address and its two commands."""
    from distributed import Client  # type: ignore[import-not-found,unused-ignore]

    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        file = Path(folder, "scheduler.json")
        common, quiet = ["--scheduler-file", str(file), "--no-dashboard"], subprocess.DEVNULL
        # Else a worker keeps what it was doing each second of an hour, which comes to 300 MB.
        environment = os.environ | {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}

        def start(*arguments):
            command = [sys.executable, "-m", "dask", *arguments, *common]
            process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=quiet, stderr=quiet)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            return process

        scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0")
        while not file.exists():
            if scheduler.poll() is not None:
                raise RuntimeError("the scheduler of Dask could not be started")
            time.sleep(0.1)
        workers = start("worker", "--nthreads", "1", "--nworkers", str(cores()), "--local-directory", folder)
        with Client(scheduler_file=str(file)) as client:
            client.wait_for_workers(cores(), timeout=60)
            address = client.scheduler.address
        yield address, scheduler, workers


def submission(number, modules):
    """The modules of one student as {name: text}. Each number gives another, and always the same."""
    draw = random.Random(number)
    texts = {module: _with_mistakes(module, draw) + f"# Student {number}\n" for module in modules}
    if number % _HOSTILE_EVERY == _HOSTILE_EVERY // 2:
        *_, last = (exercise for exercise in EXERCISES if exercise.module == modules[-1])
        lines = texts[last.module].splitlines(keepends=True)
        _begin_with(draw.choice(_HOSTILE), lines, _functions(texts[last.module])[last.function])
        texts[last.module] = "".join(lines)
    return texts


def _with_mistakes(module, draw):
    text = (SOLUTIONS / f"{module}.py").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    names = {exercise.function for exercise in EXERCISES if exercise.module == module}
    # From the last to the first, so that the numbers of the lines before stay right.
    for name, node in reversed(_functions(text).items()):
        if name in names and draw.random() < _SHARE_WRONG:
            rows = slice(_first(node).lineno - 1, node.end_lineno)
            own = "".join(lines[rows])
            slips = [slip for slip in _SLIPS if slip[0] in own]
            if slips and draw.random() < 0.5:
                lines[rows] = own.replace(*draw.choice(slips)).splitlines(keepends=True)
            else:
                _begin_with(draw.choice(_FIRST_LINES), lines, node)
    return "".join(lines)


def _functions(text):
    return {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}


def _first(node):
    """The first statement of a function, after its docstring."""
    return node.body[1 if ast.get_docstring(node) else 0]


def _begin_with(line, lines, node):
    lines.insert(_first(node).lineno - 1, f"    {line}\n")


def _peaks(process, beside=()):
    """The most memory that a process, and the largest of those below it or beside, had until it ended, in MB.

    Where that cannot be asked, what says why not.

    The highest level of a process never falls, so the last one that is seen is the highest, or all but.
    """
    if sys.platform != "linux":
        process.wait()
        return ("asked of Linux only",) * 2
    first, others = 0.0, 0.0
    while process.poll() is None:
        first = max(first, _peak(process.pid))
        below = [number for own in (process, *beside) for number in measured.below(own.pid)]
        others = max([others, *map(_peak, below), *(_peak(own.pid) for own in beside)])
        time.sleep(0.1)
    return first, others


def _peak(process):
    with contextlib.suppress(OSError):
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
        if found := re.search(r"^VmHWM:\s*(\d+) kB$", status, re.MULTILINE):
            return int(found[1]) * 1024 / 1e6
    return 0.0


BENCHMARK = Benchmark(
    "Grading a class",
    ("submissions", "a minute", "seconds for each", "memory of the command, MB", "of its largest process, MB"),
    measure,
    "mlt-nn grade --out, on all cores, from its start to the last page. No two submissions are the same: one exercise "
    f"in {round(1 / _SHARE_WRONG)} is wrong, and one submission in {_HOSTILE_EVERY} runs for ever, ends its process or "
    "asks for all memory.",
)


def main(arguments=None):
    """Measure the sizes that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.class_size")
    parser.add_argument("sizes", nargs="+", type=int, metavar="submissions")
    parser.add_argument("--cluster", action="store_true", help="by a Dask cluster, the first notebook alone")
    options = parser.parse_args(arguments)
    own = (lambda: on_a_cluster(options.sizes)) if options.cluster else lambda: measure(options.sizes, whole_course=0)
    run(BENCHMARK._replace(measure=own))


if __name__ == "__main__":
    main()
