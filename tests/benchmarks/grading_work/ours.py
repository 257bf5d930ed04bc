"""Our grader on some submissions, as `grade --out` works: in processes that are made once. Run as a program.

    python -m benchmarks.grading_work.ours found.json processes checks submission ...

`checks` is a folder of checks, or "course". What was found: seconds of the grading, of the processors also those of the
start, and of each submission the checks passed, and all checks.
"""

import json
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.grading_work import measured
from mlt_nn.teaching.grader.submission import read

_COURSE = "course"
_mine: dict = {}


def grade(processes, checks, paths):
    """Grade what lies at the paths; returns what was found as a dict."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(processes)
    with ProcessPoolExecutor(processes, context, _start, (checks, barrier)) as executor:
        list(executor.map(_ready, range(processes)))
        started, started_cpu = time.perf_counter(), _cpu()
        passed = list(executor.map(_grade, map(read, paths)))
        ended, ended_cpu = time.perf_counter(), _cpu()
    return {
        "start_cpu": started_cpu,
        "seconds": ended - started,
        "cpu": ended_cpu - started_cpu,
        "passed": passed,
    }


def found(file):
    """What such a program wrote."""
    return json.loads(Path(file).read_text(encoding="utf-8"))


def _cpu():
    # While they live: nobody waits for the processes in a sandbox that is ended.
    return measured.cpu([os.getpid(), *measured.below()])


def _start(checks, barrier):
    from mlt_nn.teaching.grader.grader import Grader
    from mlt_nn.teaching.grader.isolation import isolation

    _mine["barrier"] = barrier
    _mine["grader"] = Grader(isolation(), checks=None if checks == _COURSE else Path(checks))


def _ready(number):
    _mine["barrier"].wait()


def _grade(submission):
    graded = _mine["grader"].grade(submission)
    return [sum(each.passed for each in graded.exercises), sum(each.checks for each in graded.exercises)]


if __name__ == "__main__":
    target, number, folder, *submissions = sys.argv[1:]
    Path(target).write_text(json.dumps(grade(int(number), folder, submissions)), encoding="utf-8")
