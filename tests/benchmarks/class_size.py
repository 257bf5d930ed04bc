"""Grading a class of 10, 100, 1,000: submissions a minute, and how much memory that needs.

`python -m benchmarks.class_size <submissions>` measures one more size by itself, 10000 say (about ten times as
long as the whole benchmark).
"""

import ast
import contextlib
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.grading_work import measured
from benchmarks.results import Benchmark, run
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import PROJECT, SOLUTIONS
from mlt_nn.teaching.classroom.term import FILE

SIZES = (10, 100, 1_000)
# What a class hands in in the second week: the first two notebooks, 11 exercises.
SECOND_WEEK = ("neuron", "activations")
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


def _graded(size, modules):
    with tempfile.TemporaryDirectory() as folder:
        handed_in, grades = Path(folder, "submissions"), Path(folder, "grades")
        for number in range(size):
            own = handed_in / f"student {number}"
            own.mkdir(parents=True)
            for module, text in submission(number, modules).items():
                (own / f"{module}.py").write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "mlt_nn.cli", "grade", str(handed_in), "--out", str(grades)]
        with tempfile.TemporaryFile("w+") as output:
            start = time.perf_counter()
            with subprocess.Popen(command, cwd=PROJECT, stdout=output, stderr=output) as process:
                first, others = _peaks(process)
            seconds = time.perf_counter() - start
            output.seek(0)
            if process.returncode:
                raise RuntimeError(f"a class of {size} could not be graded:\n{output.read()[-3000:]}")
        with contextlib.closing(sqlite3.connect(grades / FILE)) as database:
            statuses = Counter(status for (status,) in database.execute("SELECT status FROM grades"))
        if set(statuses) - {"graded", "timed out"} or statuses.total() != size:
            raise RuntimeError(f"of a class of {size} came {dict(statuses)}")
    return 60 * size / seconds, seconds / size, first, others


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


def _peaks(process):
    """The most memory that a process and the largest of those below it had until it ended, in MB, or what says why not.

    The highest level of a process never falls, so the last one that is seen is the highest, or all but.
    """
    if sys.platform != "linux":
        process.wait()
        return ("asked of Linux only",) * 2
    first, others = 0.0, 0.0
    while process.poll() is None:
        first = max(first, _peak(process.pid))
        others = max([others, *map(_peak, measured.below(process.pid))])
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

if __name__ == "__main__":
    run(BENCHMARK._replace(measure=lambda: measure([int(sys.argv[1])], whole_course=0)))
