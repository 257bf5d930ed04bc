"""A worker has its own time: what it computes counts, however busy the computer is, and sleep ends too."""

import contextlib
import os
import random
import subprocess
import sys
import textwrap
import time

import pytest

from mlt_nn.grading import usage
from mlt_nn.grading.patience import ASLEEP, WAITED, NotServed, Patience, Slept, UsedUp
from mlt_nn.grading.process import Process, launch

pytestmark = pytest.mark.thorough

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process has used")

BURN = """
import time

def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
"""


class Worker:
    """One of which a test says what it does, on a clock of the test's."""

    def __init__(self, monkeypatch):
        self.used, self.now, self.idle = 3.0, 100.0, False
        monkeypatch.setattr("time.monotonic", lambda: self.now)
        monkeypatch.setattr("random.uniform", lambda low, high: high)

    def cpu(self):
        return self.used

    own_cpu = cpu

    def is_idle(self):
        return self.idle

    def wait(self, patience, share, idle=False):
        """Wait until the next look, while it gets this share of a processor."""
        patience.begin()
        self.used += share * (patience.next_look - self.now)
        self.now, self.idle = patience.next_look, idle
        patience.end()
        patience.look()

    def wait_on(self, *how, **more):
        while True:
            self.wait(*how, **more)


@pytest.fixture
def worker(monkeypatch):
    return Worker(monkeypatch)


def test_one_that_computes_has_its_seconds_and_no_more(worker):
    patience = Patience(worker, 2.0)
    assert patience.next_look == 100.5
    with pytest.raises(UsedUp):
        worker.wait_on(patience, share=1)
    assert patience.used == 2.0


def test_one_that_gets_a_tenth_of_a_processor_has_ten_times_as_long(worker):
    patience = Patience(worker, 2.0)
    with pytest.raises(UsedUp):
        worker.wait_on(patience, share=0.1)
    assert 2.0 <= patience.used < 2.1
    assert worker.now == pytest.approx(120, abs=1)
    assert patience.asleep == 0


def test_one_that_sleeps_is_ended_later(worker):
    patience = Patience(worker, 2.0)
    with pytest.raises(Slept):
        worker.wait_on(patience, share=0, idle=True)
    assert worker.now == pytest.approx(100 + 2 * ASLEEP, abs=1)


def test_one_that_computes_between_its_naps_is_ended_too(worker):
    patience = Patience(worker, 2.0)
    with pytest.raises(Slept):
        worker.wait_on(patience, share=0.1, idle=True)
    assert 100 + 2 * ASLEEP < worker.now < 100 + 3 * ASLEEP


def test_one_that_works_when_it_expects_a_look_and_sleeps_meanwhile_is_ended(worker, monkeypatch):
    monkeypatch.setattr("random.uniform", random.Random(0).uniform)
    patience = Patience(worker, 2.0)

    def sleep_between_whole_halves_of_a_second():
        while True:
            off = abs(patience.next_look - round(2 * patience.next_look) / 2)
            worker.wait(patience, share=0.02, idle=off > 0.02)

    with pytest.raises(Slept):
        sleep_between_whole_halves_of_a_second()
    assert worker.now < 100 + 3 * ASLEEP


def test_of_one_that_gets_nothing_nothing_is_known(worker):
    patience = Patience(worker, 2.0)
    with pytest.raises(NotServed):
        worker.wait_on(patience, share=0.001)
    assert worker.now == pytest.approx(100 + 2 * WAITED, abs=1)


def test_our_own_time_is_not_the_sleep_of_the_worker(worker):
    patience = Patience(worker, 2.0)
    worker.idle = True
    for _ in range(100):
        worker.now += 50  # we work, it waits for us
        patience.begin()
        worker.now += 0.01
        patience.end()
        patience.look()
    assert patience.asleep == pytest.approx(1.0)


def test_a_grader_that_was_stopped_itself_holds_it_against_nobody(worker):
    patience = Patience(worker, 2.0)
    patience.begin()
    worker.now += 10_000
    worker.idle = True
    patience.end()
    patience.look()
    assert patience.asleep == 0.5


def test_what_is_left_is_for_the_next_worker(worker):
    patience = Patience(worker, 2.0)
    assert patience.left == 2.0
    patience.next_look = worker.now + 0.5
    worker.wait(patience, share=1)
    assert patience.left == 1.5
    for _ in range(4):
        worker.wait(patience, share=0, idle=True)
    assert patience.left == 1.5  # two seconds of sleep are less
    with pytest.raises(Slept):
        worker.wait_on(patience, share=0, idle=True)
    assert patience.left == 0


@pytest.fixture
def process(tmp_path):
    """Starts a worker whose relu(z) has a body: process(body)."""
    with contextlib.ExitStack() as stack:

        def start(body, begin=launch, seconds=60.0):
            text = BURN + "\n\ndef relu(z):\n" + textwrap.indent(textwrap.dedent(body), "    ")
            (tmp_path / "activations.py").write_text(text, encoding="utf-8")
            os.chmod(tmp_path, 0o755)
            running = Process(begin, tmp_path)
            stack.callback(running.end)
            running.channel.receive(running.patience(60))
            return running, running.patience(seconds)

        yield start


def ask(running, patience):
    question = {"function": "activations.relu", "args": (0,), "kwargs": {}, "observe": False, "patience": 60.0}
    return running.channel.ask(question, None, None, patience)


@pytest.fixture(params=["process", "sandbox"])
def level(request):
    """How a worker is launched, at both levels."""
    return launch if request.param == "process" else request.getfixturevalue("sandbox").start


@LINUX
def test_a_loop_uses_up_its_time(process, level):
    running, patience = process("while True: pass", level, 0.5)
    with pytest.raises(UsedUp):
        ask(running, patience)
    assert 0.5 <= patience.used < 1.5


@LINUX
def test_a_sleep_ends_after_more_than_its_time(process, level):
    running, patience = process("time.sleep(1000)", level, 0.4)
    with pytest.raises(Slept):
        ask(running, patience)
    assert patience.asleep >= 0.4 * ASLEEP
    assert patience.used < 0.4


@LINUX
def test_a_right_answer_comes_from_a_worker_that_gets_a_fifth_of_a_processor(process, level):
    running, patience = process("burn(0.25); return 1", level, 0.5)
    [core, *_] = os.sched_getaffinity(0)
    with contextlib.ExitStack() as stack:
        for _ in range(4):
            loop = [sys.executable, "-c", f"import os; os.sched_setaffinity(0, {{{core}}})\nwhile True: pass"]
            loop = stack.enter_context(subprocess.Popen(loop, start_new_session=True))
            stack.callback(loop.kill)
        started = running._process
        os.sched_setaffinity(started._find() if hasattr(started, "_find") else started.pid, {core})
        start = time.monotonic()
        assert ask(running, patience)["result"] == 1
        assert time.monotonic() - start > 0.5


@LINUX
def test_one_that_calls_without_end_is_ended(process, level, monkeypatch):
    monkeypatch.setattr("mlt_nn.grading.channel.MAX_SERVING", 0.25)
    body = """
    import gc
    [channel] = [each for each in gc.get_objects() if type(each).__name__ == "Channel"]
    while True:
        channel.ask({"function": 0, "args": (), "kwargs": {}}, None)
    """
    running, patience = process(body, level, 60.0)
    question = {"function": "activations.relu", "args": (0,), "kwargs": {}, "observe": False, "patience": 60.0}
    with pytest.raises(UsedUp):
        running.channel.ask(question, lambda call: running.channel.reply(call, {"result": 0}), None, patience)
    assert patience.served > 0.2


@LINUX
def test_what_serving_costs_us_is_one_sum_for_all_questions(process, level, monkeypatch):
    monkeypatch.setattr("mlt_nn.grading.channel.MAX_SERVING", 0.5)
    running, patience = process("return z(0) if callable(z) else z", level, 60.0)
    patience.served = 1.0
    question = {"function": "activations.relu", "kwargs": {}, "observe": False, "patience": 60.0}
    assert running.channel.ask(question | {"args": (0,)}, None, None, patience)["result"] == 0  # it calls nothing

    def serve(call):
        running.channel.reply(call, {"result": 0})

    with pytest.raises(UsedUp):
        running.channel.ask(question | {"args": (abs,)}, serve, lambda function: 0, patience)


@LINUX
def test_all_that_a_process_started_counts_once():
    """A child that it waited for, one that runs, and one whose parent has ended; itself too."""
    code = BURN + textwrap.dedent(
        """
        import os, sys
        reader, writer = os.pipe()
        def child(then):
            if os.fork() == 0:
                then()
                os.write(writer, b"x")
                time.sleep(60)
        def ended():
            burn(0.3)
            os._exit(0)
        def orphan():
            if os.fork():
                os._exit(0)
            burn(0.3)
        child(ended)
        os.wait()
        child(orphan)
        os.wait()
        child(lambda: burn(0.3))
        burn(0.3)
        os.read(reader, 1), os.read(reader, 1)
        print("ready", flush=True)
        time.sleep(60)
        """
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True) as started:
        try:
            assert started.stdout.readline() == b"ready\n"
            assert 1.15 < usage.cpu_of_all(started.pid) < 2.0
            assert 0.3 <= usage.cpu(started.pid) < usage.cpu_of_all(started.pid) - 0.8
            until = time.monotonic() + 30  # they sleep as soon as they get a processor once more
            while not usage.is_idle(started.pid):
                assert time.monotonic() < until
        finally:
            os.killpg(started.pid, 9)
    assert usage.cpu(started.pid) == 0


def test_where_the_system_tells_nothing_the_clock_on_the_wall_ends_it_generously(process, monkeypatch):
    monkeypatch.setattr("mlt_nn.grading.usage._KNOWN", False)
    running, patience = process("while True: pass", seconds=0.3)
    start = time.monotonic()
    with pytest.raises(Slept):
        ask(running, patience)
    assert 0.3 * ASLEEP <= time.monotonic() - start < 30
