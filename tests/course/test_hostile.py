"""Hostile submissions, graded one after another: they gain nothing, harm nobody and leave nothing behind.

In each of them one exercise is honest and right. So each is also the neighbor of the attack before it.
"""

import ctypes
import os
import runpy
import socket
import sys
import textwrap
import time
from pathlib import Path

import pytest

from mlt_nn.grading.grade import grade

_TABLE = runpy.run_path(str(Path(__file__).with_name("hostile.py")))
HOSTILE, PRE_ACTIVATION = _TABLE["HOSTILE"], _TABLE["PRE_ACTIVATION"]
GOOD = "def neuron(a, w, b, g):\n    return g(pre_activation(a, w, b))\n"

# Far more than any of them takes, and far less than for ever.
SECONDS = 60


def text_of(hostile, port):
    code = hostile.neuron.replace("{parent}", str(os.getpid())).replace("{port}", str(port))
    if code.startswith("#"):
        return code
    return PRE_ACTIVATION + "def neuron(a, w, b, g):\n" + textwrap.indent(code, "    ")


@pytest.fixture(scope="module")
def orphans():
    """Whether processes that we started, or they, are still there: without a parent they become our own."""
    if sys.platform != "linux":
        pytest.skip("Linux only")
    become_subreaper = 36
    ctypes.CDLL(None).prctl(become_subreaper, 1, 0, 0, 0)

    def left():
        """Waits for their end: a process that was killed takes a moment to go."""
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            try:
                os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            time.sleep(0.01)
        return True

    yield left
    ctypes.CDLL(None).prctl(become_subreaper, 0, 0, 0, 0)


@pytest.fixture(scope="module")
def graded(sandbox, orphans, tmp_path_factory):
    """{name: (Graded, seconds)} of all hostile submissions and a good one after them, and who connected."""
    root = tmp_path_factory.mktemp("hostile")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        texts = {name: text_of(hostile, listener.getsockname()[1]) for name, hostile in HOSTILE.items()}
        texts["good"] = PRE_ACTIVATION + GOOD
        for name, text in texts.items():
            (root / name).mkdir()
            (root / name / "neuron.py").write_text(text, encoding="utf-8")
        results, start = {}, [time.monotonic()]

        def tell(each):
            results[each.name] = each, time.monotonic() - start[0]
            start[0] = time.monotonic()

        grade([root / name for name in texts], sandbox, tell)
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()
    return results


@pytest.mark.parametrize("name", HOSTILE)
def test_an_attack_gains_nothing_and_is_over(graded, name):
    hostile = HOSTILE[name]
    found, seconds = graded[name]
    assert found.points == hostile.points
    state = next(each.state for each in found.exercises if each.name == "neuron.neuron")
    assert state == hostile.state or (hostile.state == "*" and state in ("failed", "died", "timed out"))
    assert seconds < SECONDS


def test_a_good_submission_after_all_attacks_gets_its_points(graded):
    assert graded["good"][0].points == 2


def test_nothing_is_left_over(graded, orphans):
    assert not orphans()
