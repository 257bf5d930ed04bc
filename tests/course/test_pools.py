"""A process that grades is bounded itself, in what it computes and in its memory: a hand-in may make it do too much."""

import multiprocessing
import os
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from mlt_nn.support.folders import PROJECT
from mlt_nn.teaching.classroom import pools

# Tasks with a grader that works as long as it is told; the watchdog ends what computes for a quarter of a second.
WATCHED = """
import sys, time
from mlt_nn.teaching.classroom import course, pools

class Grader:
    seed = 1

    def grade(self, seconds, exercises):
        compute(seconds)
        return seconds

def compute(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass

def task(seconds):
    print(pools.task(seconds, False, "the course", 1), flush=True)

pools._OWN_SECONDS, pools._grader, course.digest = 0.25, Grader(), lambda: "the course"
"""
LONG = 300

# Bytes that a process which grades gets beside those that it has, and more than that.
SMALL, MORE = 1 << 29, 1 << 30


def watched(code):
    done = subprocess.run([sys.executable, "-c", WATCHED + code], capture_output=True, text=True, timeout=LONG)
    return done.returncode, done.stdout.split(), done.stderr


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no such clock")
def test_a_process_that_computes_without_end_for_a_submission_is_ended():
    assert watched("task(0.1); task(1e9)") == (-signal.SIGPROF, ["0.1"], "")


def test_what_it_computes_counts_for_one_submission_and_not_between_two():
    assert watched("for _ in range(4): task(0.15)\ncompute(0.4)\ntask(0.1)") == (0, ["0.15"] * 4 + ["0.1"], "")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not bound what a process may have")
def test_a_process_that_wants_all_memory_gets_an_error_in_place_of_it():
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, _begin_small) as executor:
        with pytest.raises(MemoryError):
            executor.submit(_take, MORE).result(LONG)
        assert executor.submit(_take, SMALL // 100).result(LONG) == SMALL // 100  # the process goes on
    with ProcessPoolExecutor(1, context) as executor:
        assert executor.submit(_take, MORE).result(LONG) == MORE  # which the system itself would have given


# A process that is interrupted while it imports, while it waits, and while it grades.
INTERRUPTED = """
import os, signal, time
from mlt_nn.teaching.classroom import course, pools

class Grader:
    seed = 1

    def grade(self, submission, exercises):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(60)

pools._grader, course.digest = Grader(), lambda: "the course"

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell ignores for what runs in the background
    with pools.local(1).start() as executor:
        process = executor.submit(os.getpid).result()
        for _ in range(3):
            os.kill(process, signal.SIGINT)
            print(executor.submit(os.getpid).result() == process)
            print(type(executor.submit(pools.task, None, False, "the course", 1).exception()).__name__)
else:
    os.kill(os.getpid(), signal.SIGINT)
"""


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="Windows sends it to all of a console")
def test_an_interruption_ends_what_a_process_grades_and_nothing_else(tmp_path):
    (tmp_path / "main.py").write_text(INTERRUPTED, encoding="utf-8")
    command, env = [sys.executable, tmp_path / "main.py"], os.environ | {"PYTHONPATH": str(PROJECT)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=LONG)
    assert (done.stderr, done.stdout.split()) == ("", ["True", "KeyboardInterrupt"] * 3)


def test_tls_without_certificates_is_refused_with_the_way_out(monkeypatch):
    for name in [name for name in os.environ if name.startswith("DASK_DISTRIBUTED__COMM__")]:
        monkeypatch.delenv(name)
    with pytest.raises(OSError, match="needs certificates, and none is named here"):
        pools.dask("tls://127.0.0.1:8786")


def _begin_small():
    import resource

    pages, *_ = Path("/proc/self/statm").read_text(encoding="utf-8").split()
    pools._MEMORY = int(pages) * resource.getpagesize() + SMALL
    pools._guarded()


def _take(size):
    return len(bytes(size))
