"""The benchmarks of grading: their work is right, in every grader's form, and what they tell is what happened."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from benchmarks import attacks, grading
from benchmarks.attacks import Outcome
from benchmarks.grading import Run, carry_out
from benchmarks.grading_work import ours
from benchmarks.grading_work.exercises import (
    CHECK_IMPORTS,
    CHECKS,
    POINTS,
    right,
    right_but,
    write_checks,
    write_modules,
    wrong,
)
from benchmarks.grading_work.hostile import ACCIDENTS, HOSTILE
from benchmarks.grading_work.peers import Nbgrader, Otter

from mlt_nn.support.folders import PACKAGE, SOLUTIONS
from mlt_nn.teaching.grader.grader import Grader
from mlt_nn.teaching.grader.isolation import Isolation, launch
from mlt_nn.teaching.grader.submission import read

pytestmark = pytest.mark.thorough

# For an exercise, where none hangs: the machine of the tests may be busy.
LONG = 60.0
HARMLESS = "def attack(a, w, b):\n    return 0.0"
linux = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox, and so these measurements, need Linux")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grades a folder by the checks of the benchmark."""
    checks = tmp_path_factory.mktemp("work") / "checks"
    write_checks(checks)
    with Grader(Isolation("process", "for this test", launch), True, LONG, checks) as grader:
        yield lambda folder: grader.grade(read(folder))


def passed(graded):
    return {each.name: each.passed for each in graded.exercises}


def test_six_exercises_have_three_checks_each():
    assert [len(checks) for checks in CHECKS.values()] == [3] * 6
    assert POINTS == 18


def test_only_what_the_given_checks_ask_is_graded(graded):
    found = graded(SOLUTIONS)
    assert {each.name for each in found.exercises} == set(CHECKS)
    assert [each.checks for each in found.exercises] == [3] * 6
    assert not found.hidden_checks


def test_the_solutions_pass_every_check(graded):
    assert passed(graded(SOLUTIONS)) == dict.fromkeys(CHECKS, 3)


def test_stubs_pass_no_check(graded):
    found = graded(PACKAGE)
    assert passed(found) == dict.fromkeys(CHECKS, 0)
    assert {each.state for each in found.exercises} == {"not written"}


@pytest.mark.parametrize(
    ("submission", "first", "others"),
    [(right(), 3, 3), (right_but(HARMLESS), 0, 3), (wrong(HARMLESS), 0, 0)],
    ids=["right", "right but one", "wrong"],
)
def test_a_submission_gets_what_it_is_worth(graded, tmp_path, submission, first, others):
    write_modules(tmp_path / "submission", submission)
    got = list(passed(graded(tmp_path / "submission")).values())
    assert got == [first, *[others] * 5]


def cells(file):
    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    return notebook.cells


def test_the_notebook_of_a_right_submission_passes_every_check(tmp_path):
    Otter().hand_in(tmp_path, "ada", right())
    names = {}
    for cell in cells(tmp_path / "ada.ipynb"):
        exec(cell.source, names)
    exec(CHECK_IMPORTS, names)
    for check in sum(CHECKS.values(), ()):
        exec(check, names)
    with pytest.raises(AssertionError):
        exec("assert_allclose(pre_activation(np.ones(2), np.ones(2), 0.0), 2.5, strict=True)", names)


def test_otter_gets_a_test_case_for_each_check(tmp_path):
    Otter().prepare(tmp_path / "otter")
    with zipfile.ZipFile(tmp_path / "otter" / "autograder.zip") as archive:
        files = [name for name in archive.namelist() if name.startswith("tests/")]
        sources = [archive.read(name).decode("utf-8") for name in files]
    assert len(files) == len(CHECKS)
    for name, source in zip(CHECKS, sources, strict=True):
        compile(source, name, "exec")
        assert source.count("@test_case(hidden=True)") == len(CHECKS[name])
        assert all(line in source for check in CHECKS[name] for line in check.splitlines())


def test_nbgrader_gets_a_hidden_test_cell_for_each_check(tmp_path):
    Nbgrader().write_source(tmp_path)
    asked = [cell for cell in cells(tmp_path / "source" / "work" / "work.ipynb") if cell.metadata.nbgrader.grade]
    assert sum(cell.metadata.nbgrader.points for cell in asked) == POINTS
    for cell, check in zip(asked, sum(CHECKS.values(), ()), strict=True):
        assert cell.source.splitlines()[0] == "### BEGIN HIDDEN TESTS"
        assert check in cell.source


def test_twenty_one_attacks_that_python_can_read():
    assert len(HOSTILE) == 21
    for name, attack in (HOSTILE | ACCIDENTS).items():
        compile(wrong(attack)["neuron.pre_activation"], name, "exec")


def python(code):
    return [sys.executable, "-c", code]


@linux
def test_what_a_command_leaves_behind_is_counted_and_ended(tmp_path):
    leave = (
        "import os, time\n"
        "reader, writer = os.pipe()\n"
        "for _ in range(3):\n"
        "    if os.fork() == 0:\n"
        "        os.setsid()\n"
        "        os.write(writer, b'%d ' % os.getpid())\n"
        "        time.sleep(3600)\n"
        "numbers = b''\n"
        "while numbers.count(b' ') < 3:\n"
        "    numbers += os.read(reader, 100)\n"
        "open('numbers', 'wb').write(numbers)\n"
    )
    told = carry_out(python(leave), tmp_path, tmp_path)
    assert told["left"] == 3
    for number in (tmp_path / "numbers").read_text().split():
        assert not Path("/proc", number).exists()


@linux
def test_the_time_of_a_grandchild_that_nobody_waits_for_counts(tmp_path):
    work = (
        "import os, time\n"
        "reader, writer = os.pipe()\n"
        "if os.fork() == 0:\n"
        "    if os.fork() == 0:\n"
        "        while time.process_time() < 0.5:\n"
        "            pass\n"
        "        os.write(writer, b'x')\n"
        "    os._exit(0)\n"
        "os.read(reader, 1)\n"
    )
    told = carry_out(python(work), tmp_path, tmp_path)
    assert told["cpu"] >= 0.45
    assert told["left"] == 0


def test_the_time_in_the_sandbox_counts(sandbox, tmp_path):
    burn = "import time\n\n\ndef attack(a, w, b):\n    while time.process_time() < 0.3:\n        pass\n    return 0.0"
    write_checks(tmp_path / "checks")
    write_modules(tmp_path / "submission", wrong(burn))
    found = ours.grade(1, tmp_path / "checks", [tmp_path / "submission"])
    assert found["passed"] == [[0, POINTS]]
    # A process of that kind is measured in hundredths; our own part of the grading takes a few of them.
    assert found["cpu"] >= 0.28


@linux
def test_a_command_that_hangs_is_ended_and_one_that_fails_is_told(tmp_path):
    told = carry_out(python("while True: pass"), tmp_path, tmp_path, seconds=0.5, demanded=False)
    assert told["code"] is None
    with pytest.raises(RuntimeError, match=r"failed \(3\):\nwhat it says"):
        carry_out(python("print('what it says'); raise SystemExit(3)"), tmp_path, tmp_path)


def test_a_row_has_rate_times_and_ratio():
    ours = [Run(20, 1.0, 3.0, 1.0), Run(20, 2.0, 4.0, 2.0), Run(20, 4.0, 6.0, 3.0)]
    theirs = [Run(2, 10.0, 10.0, 8.0), Run(2, 20.0, 20.0, 10.0), Run(2, 20.0, 20.0, 12.0)]
    assert grading.row("theirs", theirs, ours) == (
        "theirs",
        *(6.0, 6.0, 12.0),
        10.0,
        5.0,
        "100.00 (50.00 to 100.00)",
    )
    assert grading.row("ours", ours, ours)[-1] == ""
    assert Run(20, 1.0, 3.0, 1.0, processes=2).rate == 600.0


def test_the_rows_of_the_attacks_name_what_happened():
    safe = dict.fromkeys(("lies", "hangs", "ends", "loop"), Outcome(0.0, 0.5, False, 0)) | {
        "loop": Outcome(15, 2.25, False, 0)
    }
    weak = {
        "lies": Outcome(3.0, 5.0, False, 20),
        "hangs": Outcome(None, 60.0, True, 0),
        "ends": Outcome(None, 5.0, False, 1),
        "loop": Outcome(None, 60.0, True, 0),
    }
    found = attacks.rows(
        ["ours", "theirs", "others"], {"ours": safe, "theirs": weak}, {"ours": "0"}, ["lies", "hangs", "ends"], ["loop"]
    )
    assert list(found) == [
        ("attacks that earn marks, of 3", "0", "1: lies", "not installed"),
        ("no result at all", "0", "1: ends", "not installed"),
        ("hangs", "0", "1: hangs", "not installed"),
        ("processes left behind", 0, 21, "not installed"),
        (
            "loop: what the others get",
            "15 of 15 points, after 2.2 s",
            "hangs (ended by us after 60 s)",
            "not installed",
        ),
        ("installed", "0", "not installed", "not installed"),
    ]


def test_a_peer_that_cannot_be_installed_is_told(monkeypatch, tmp_path):
    def fail(command, **settings):
        raise subprocess.CalledProcessError(1, command, stderr="Looking\nERROR: no such package\n")

    monkeypatch.setattr("benchmarks.grading_work.peers.PLACE", tmp_path)
    monkeypatch.setattr(subprocess, "run", fail)
    assert Otter().install() == "ERROR: no such package"
    assert not Otter().installed


def test_a_result_of_otter_is_the_sum_of_its_scores(tmp_path):
    assert Otter().points(tmp_path, "ada") is None
    (tmp_path / "ada").mkdir()
    tests = [{"name": "Public Tests"}, {"score": 3.0}, {"score": 0.5}]
    (tmp_path / "ada" / "results.json").write_text(json.dumps({"tests": tests}))
    assert Otter().points(tmp_path, "ada") == 3.5


class _Absent(Otter):
    def install(self):
        return "no network"


def test_the_speed_is_measured_without_the_peers(sandbox, capsys, monkeypatch):
    monkeypatch.setattr(grading, "cores", lambda: 1)
    rows = list(grading.measure(peers=(_Absent(),), submissions=1, repeated=2, rounds=1, courses=1))
    names = ["mlt-nn, 1 process", "Otter-Grader 7.0.0: not installed", "mlt-nn, whole course, 1 process"]
    assert [row[0] for row in rows] == names
    assert all(len(row) == len(grading.BENCHMARK.head) for row in rows)
    for row in rows:
        if "not installed" not in row[0]:
            assert all(number > 0 for number in row[1:6])


def test_the_attacks_are_measured_without_the_peers(sandbox, capsys):
    names = ("equals everything", "ends everything")
    rows = list(attacks.measure((_Absent(),), {name: HOSTILE[name] for name in names}, ACCIDENTS))
    assert rows[0] == ("attacks that earn marks, of 2", "0", "not installed")
    assert rows[3] == ("processes left behind", 0, "not installed")
    assert len(rows) == 5 + len(ACCIDENTS)
    for row in rows[4:-1]:
        assert row[1].startswith("15 of 15 points, after ")
