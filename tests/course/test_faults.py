"""Processes killed in the middle of grading a class: nothing is lost, no mark changes, nothing is left behind.

What is killed is drawn at random, when as many submissions are graded as was drawn before: seed 5.
"""

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from mlt_nn.support.assignments import WHOLE_COURSE
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.teaching.classroom import class_run, pools
from mlt_nn.teaching.classroom.term import FILE, Term

from .processes import descendants

pytestmark = pytest.mark.thorough

SEED = 5
# Far more seconds than anything takes, and far less than for ever.
LONG = 120


def wait_for(condition, process=None):
    """Wait until a condition holds; fails when it takes too long, or when the process ends before."""
    until = time.monotonic() + LONG
    while not (value := condition()):
        assert time.monotonic() < until
        if process is not None:
            assert process.poll() is None
        time.sleep(0.01)
    return value


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A folder of submissions, no two of them the same."""
    root = tmp_path_factory.mktemp("class")
    neuron = (SOLUTIONS / "neuron.py").read_text(encoding="utf-8")
    texts = [f"{neuron}# {number}\n" for number in range(6)]
    texts += [neuron.replace("g(pre_activation(a, w, b))", f"g(a @ w - {number})") for number in range(3)]
    texts += [f"import os\nos._exit({number})" for number in range(2)]
    # On one line: which of two it was at when its time was over would be chance.
    texts += ["while True: pass", "Dear teacher"]
    for number, text in enumerate(texts):
        (root / f"student {number}").mkdir()
        (root / f"student {number}" / "neuron.py").write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def undisturbed(sandbox, handed_in, tmp_path_factory):
    """{key: its grade} of a run in which nothing was killed."""
    with Term(tmp_path_factory.mktemp("undisturbed")) as term, contextlib.closing(pools.local(1)) as pool:
        keys = class_run.grade(list(handed_in.iterdir()), term, WHOLE_COURSE, sandbox.level, pool, lambda _: None)
        grades = {key: term.grade(key) for key, _ in keys}
    assert [grade["status"] for grade in grades.values()].count("graded") == len(grades) - 1
    return grades


@pytest.fixture
def temporary():
    """A folder for the temporary files of a command, which the user of a sandbox can reach, unlike pytest's."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o711)
        yield Path(folder)


class Command:
    """`mlt-nn grade` on the submissions, in a process of its own and with a folder of its own for temporary files."""

    def __init__(self, handed_in, root, temporary, *options):
        self.grades, self.temporary = root / "out" / FILE, temporary
        self._command = [
            sys.executable,
            "-m",
            "mlt_nn.cli",
            "grade",
            handed_in,
            "--out",
            root / "out",
            "--seed",
            "0",
            *options,
        ]
        self._output = root / "output"

    @contextlib.contextmanager
    def start(self):
        """Run it in a `with` statement, at whose end it is ended too."""
        environment = os.environ | {"TMPDIR": str(self.temporary)}
        with self._output.open("w") as output:
            # On two cores: on many, all would be graded before anything is killed.
            two = sorted(os.sched_getaffinity(0))[:2]
            process = subprocess.Popen(
                self._command,
                env=environment,
                stdout=output,
                stderr=output,
                preexec_fn=lambda: os.sched_setaffinity(0, two),
            )
            try:
                yield process
            finally:
                process.kill()
                process.wait()

    def rows(self):
        """The grades in the database: their keys, and what is kept of each."""
        if not self.grades.exists():
            return []
        with contextlib.closing(sqlite3.connect(self.grades, timeout=LONG)) as database:
            if not database.execute("PRAGMA table_info(grades)").fetchall():
                return []
            return database.execute("SELECT key, status, grade, problem FROM grades ORDER BY id").fetchall()

    def wait_for_rows(self, number, process):
        wait_for(lambda: len(self.rows()) >= number or process.poll() is not None)
        assert len(self.rows()) >= number, self._output.read_text()

    def finish(self, process):
        """Wait for the end of the run; returns {key: its grade}."""
        assert process.wait(LONG) == 0, self._output.read_text()
        return {
            key: {"status": status, "grade": grade and json.loads(grade), "problem": problem}
            for key, status, grade, problem in self.rows()
        }


def command_line(process):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes().decode(errors="replace")
    return ""


def pool_processes(process):
    return [each for each in descendants(process) if "spawn_main" in command_line(each)]


def in_sandboxes(process):
    """What the processes of the pool started: sandboxes, what waits in them, and workers."""
    return [each for pool_process in pool_processes(process) for each in descendants(pool_process)]


def is_gone(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state in "ZX"


def kill(process):
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def test_whatever_is_killed_each_submission_gets_its_marks_and_nothing_is_left(
    undisturbed, handed_in, tmp_path, temporary
):
    draw = random.Random(SEED)
    command = Command(handed_in, tmp_path, temporary)

    with command.start() as grader:
        command.wait_for_rows(draw.randint(1, 3), grader)
        started = descendants(grader.pid)
        kill(grader.pid)
        wait_for(lambda: all(map(is_gone, started)))
    kept = command.rows()

    with command.start() as grader:
        command.wait_for_rows(len(kept) + draw.randint(1, 2), grader)
        kill(draw.choice(wait_for(lambda: pool_processes(grader.pid), grader)))
        command.wait_for_rows(len(command.rows()) + draw.randint(1, 2), grader)
        kill(draw.choice(wait_for(lambda: in_sandboxes(grader.pid), grader)))
        outcomes = command.finish(grader)

    assert outcomes == undisturbed
    assert command.rows()[: len(kept)] == kept
    assert len(command.rows()) == len(undisturbed)  # nothing was graded twice
    assert list(command.temporary.iterdir()) == []


@pytest.fixture
def cluster(tmp_path, temporary):
    """Starts a Dask cluster of two workers on this computer; gives its address and the processes of the workers."""
    file, environment = tmp_path / "scheduler.json", os.environ | {"TMPDIR": str(temporary)}
    common = ["--scheduler-file", str(file), "--no-dashboard"]

    def start(*arguments):
        with (tmp_path / "cluster").open("a") as output:
            command = [sys.executable, "-m", "dask", *arguments, *common]
            process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        stack.callback(process.wait)
        stack.callback(process.kill)
        return process

    with contextlib.ExitStack() as stack:
        scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0")
        wait_for(file.exists, scheduler)
        worker = ("worker", "--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path))
        workers = [start(*worker) for _ in range(2)]
        yield json.loads(file.read_text(encoding="utf-8"))["address"], workers


def test_a_cluster_gives_the_same_marks_and_a_killed_worker_costs_only_what_it_had_in_hand(
    undisturbed, cluster, handed_in, tmp_path, temporary
):
    address, workers = cluster
    command = Command(handed_in, tmp_path, temporary, "--scheduler", address)
    wait_for(lambda: (tmp_path / "cluster").read_text(encoding="utf-8").count("Registered to") == 2, workers[0])
    with command.start() as grader:
        command.wait_for_rows(random.Random(SEED).randint(1, 3), grader)
        kill(workers[0].pid)
        outcomes = command.finish(grader)
    assert outcomes == undisturbed
    assert len(command.rows()) == len(undisturbed)
