"""Hostile submissions, graded one after another: they gain nothing, harm nobody and leave nothing behind.

In each of them one exercise is honest and right. So each is also the neighbor of the attack before it.
"""

import contextlib
import ctypes
import os
import runpy
import socket
import textwrap
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from mlt_nn.grading import channel
from mlt_nn.teaching.grader import scratch
from mlt_nn.teaching.grader.graded import Graded
from mlt_nn.teaching.grader.grader import grade

from .processes import children, descendants

pytestmark = pytest.mark.thorough

_TABLE = runpy.run_path(str(Path(__file__).with_name("hostile.py")))
HOSTILE, PRE_ACTIVATION = _TABLE["HOSTILE"], _TABLE["PRE_ACTIVATION"]
GOOD = "def neuron(a, w, b, g):\n    return g(pre_activation(a, w, b))\n"

# That an exercise may compute: a good one needs a tenth, and an attack that hangs takes all that it gets.
COMPUTING = 0.25
# That we may compute for what it calls; by default five times as long.
SERVING = 1.0
# Far more than any of them takes, and far less than for ever.
SECONDS = 60


def text_of(hostile, port):
    code = hostile.neuron.replace("{parent}", str(os.getpid())).replace("{port}", str(port))
    if code.startswith("#"):
        return code
    return PRE_ACTIVATION + "def neuron(a, w, b, g):\n" + textwrap.indent(code, "    ")


def wait_for_the_end_of_all(others):
    """Fails when a process that we started, or they, goes on living, but for the others."""
    until = time.monotonic() + SECONDS
    while left := descendants(others=others):
        if time.monotonic() > until:
            pytest.fail(f"these processes are left: {left}")
        for process in left:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(process, os.WNOHANG)
        time.sleep(0.01)


class Outcome(NamedTuple):
    """What a submission came to."""

    graded: Graded
    seconds: float
    processes: int
    """That live when it has been graded: the sandboxes and the worker with the reference."""
    files: int
    """In our temporary folder then."""


@pytest.fixture(scope="module")
def outcomes(sandbox, tmp_path_factory):
    """{name: Outcome} of a good submission, all hostile ones and a good one after them."""
    root = tmp_path_factory.mktemp("hostile")
    become_subreaper = 36  # whoever loses its parent becomes our child, and is seen by `descendants`
    ctypes.CDLL(None).prctl(become_subreaper, 1, 0, 0, 0)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sandbox.close()
        others = children()  # the browsers of other tests
        texts = {name: text_of(hostile, listener.getsockname()[1]) for name, hostile in HOSTILE.items()}
        texts = {"good before": PRE_ACTIVATION + GOOD, **texts, "good after": PRE_ACTIVATION + GOOD}
        for name, text in texts.items():
            (root / name).mkdir()
            (root / name / "neuron.py").write_text(text, encoding="utf-8")
        results, start = {}, [time.monotonic()]

        def tell(each):
            seconds = time.monotonic() - start[0]
            results[each.name] = Outcome(
                each, seconds, len(descendants(others=others)), len(list(scratch.folder().rglob("*")))
            )
            start[0] = time.monotonic()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(channel, "MAX_SERVING", SERVING)
            grade([root / name for name in texts], sandbox, tell, seconds=COMPUTING)
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()
        wait_for_the_end_of_all(others)
    ctypes.CDLL(None).prctl(become_subreaper, 0, 0, 0, 0)
    return results


@pytest.mark.parametrize("name", HOSTILE)
def test_an_attack_gains_nothing_and_is_over(outcomes, name):
    hostile, outcome = HOSTILE[name], outcomes[name]
    assert outcome.graded.points == hostile.points
    state = neuron(outcome).state
    assert state == hostile.state or (hostile.state == "*" and state in ("failed", "died", "timed out"))
    assert outcome.seconds < SECONDS
    # No more and no less than beside a good one.
    assert (outcome.processes, outcome.files) == (outcomes["good before"].processes, outcomes["good before"].files)


def test_good_submissions_before_and_after_all_attacks_get_their_points(outcomes):
    assert [outcomes[name].graded.points for name in ("good before", "good after")] == [2, 2]
    assert outcomes["good before"].graded.exercises == outcomes["good after"].graded.exercises


def test_the_table(outcomes):
    """For people: shown by `mlt-nn test tests/course/test_hostile.py -rP`."""
    extra = outcomes["good before"]
    honest = {name: HOSTILE[name].points if name in HOSTILE else 2 for name in outcomes}
    earned = {name: outcome.graded.points - honest[name] for name, outcome in outcomes.items()}
    # An attack's neighbor is what is graded after it: its points would be others.
    touched = dict(zip(outcomes, [*map(bool, list(earned.values())[1:]), False], strict=True))
    columns = f"{'ends as':<12}{'honest':>7}{'earned':>8}{'neighbors':>11}{'processes':>11}{'files':>7}{'seconds':>9}"
    print("\nWhat each earned beyond its honest points, whether its neighbor was touched, and what was left of it.\n")
    print(f"{'attack':<32}{columns}")
    for name, outcome in outcomes.items():
        print(
            f"{name:<32}{neuron(outcome).state:<12}{honest[name]:>7g}{earned[name]:>8g}{touched[name]:>11d}"
            f"{outcome.processes - extra.processes:>11}{outcome.files - extra.files:>7}{outcome.seconds:>9.2f}"
        )
    assert len(HOSTILE) >= 80
    assert not any(touched.values())


def neuron(outcome):
    """The graded exercise that is hostile."""
    return next(each for each in outcome.graded.exercises if each.name == "neuron.neuron")
