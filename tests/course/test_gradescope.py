"""Gradescope's autograder, tried in a folder laid out as Gradescope documents it."""

import json
import os
import shutil
import stat
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from mlt_nn.cli import main
from mlt_nn.grading.results import Kind
from mlt_nn.support.catalogue import EXERCISES, MODULES, NOTEBOOKS, find
from mlt_nn.support.folders import PACKAGE, PROJECT, SOLUTIONS
from mlt_nn.teaching.building import autograder as upload
from mlt_nn.teaching.grader.graded import Graded
from mlt_nn.teaching.grader.isolation import LEFT_OPEN, Isolation
from mlt_nn.teaching.gradescope import container
from mlt_nn.teaching.gradescope.results import results
from mlt_nn.teaching.pages.text import one_line

from .classes import HOSTILE, failed, grade, passed

pytestmark = pytest.mark.thorough

POINTS = sum(exercise.points for exercise in EXERCISES)
# What Gradescope's documentation allows, and of which type.
TOP = {
    "score": (int, float), "execution_time": int, "output": str, "output_format": str, "test_output_format": str,
    "test_name_format": str, "visibility": str, "stdout_visibility": str, "extra_data": dict, "tests": list,
}  # fmt: skip
TEST = {
    "score": (int, float), "max_score": (int, float), "status": str, "name": str, "name_format": str, "number": str,
    "output": str, "output_format": str, "tags": list, "visibility": str, "extra_data": dict,
}  # fmt: skip
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}


def assert_as_documented(content):
    for table, allowed in [(content, TOP), *((test, TEST) for test in content["tests"])]:
        for key, value in table.items():
            assert isinstance(value, allowed[key]), f"{key}: {value!r}"
            if key.endswith("_format"):
                assert value in FORMATS
            if key.endswith("visibility"):
                assert value in VISIBILITIES
    # A score of the whole is optional where each test has one.
    marked = [test for test in content["tests"] if "score" in test or "status" in test]
    assert {test["status"] for test in marked} <= {"passed", "failed"}
    assert all(0 <= test["score"] <= test["max_score"] for test in marked)
    assert ("score" in content) == (len(marked) == len(content["tests"]))
    if "score" in content:
        assert sum(test["score"] for test in marked) == pytest.approx(content["score"])


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return upload.write(tmp_path_factory.mktemp("upload") / "autograder.zip")


@pytest.fixture
def autograder(archive, tmp_path):
    """/autograder as Gradescope lays it out; autograder() runs it on what is in autograder.submission."""
    if os.name == "nt":
        pytest.skip("Gradescope's containers are Linux")
    return laid_out(archive, tmp_path / "autograder", f'exec "{sys.executable}"')


def laid_out(archive, root, python):
    """The same at that place; `python` runs Python in a shell, in place of the one that setup.sh installs."""
    (root / "venv" / "bin").mkdir(parents=True)
    program = root / "venv" / "bin" / "python"
    program.write_text(f'#!/bin/sh\n{python} "$@"\n')
    program.chmod(0o755)
    with zipfile.ZipFile(archive) as opened:
        for info in opened.infolist():
            os.chmod(opened.extract(info, root / "source"), info.external_attr >> 16)
    shutil.copy(root / "source" / "run_autograder", root)
    (root / "submission").mkdir()
    (root / "results").mkdir()

    def run(**variables):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MLT_NN")} | variables
        command = ["/bin/bash", str(root / "run_autograder"), str(root)]
        done = subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, encoding="utf-8")
        file = root / "results" / "results.json"
        return done, json.loads(file.read_text(encoding="utf-8")) if file.exists() else None

    run.submission = root / "submission"
    return run


def test_the_zip_is_laid_out_as_gradescope_wants_it(archive):
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
        for script in ("setup.sh", "run_autograder"):
            assert opened.read(script).startswith(b"#!/usr/bin/env bash\n")
            assert b"\r" not in opened.read(script)
            assert stat.S_IMODE(opened.getinfo(script).external_attr >> 16) == 0o755
    for part in ("solutions/neuron.py", "tests/hidden/test_neuron.py", "tests/public/test_neuron.py",
                 "mlt_nn/neuron.py", "mlt_nn/support/constraints.txt", "mlt_nn/grading/run.py"):  # fmt: skip
        assert f"course/{part}" in names
    assert {name.split("/")[2] for name in names if name.startswith("course/mlt_nn/") and name.count("/") > 2} == {
        "support", "grading", "teaching",
    }  # fmt: skip
    assert not [name for name in names if name.endswith((".ipynb", ".gz", ".pyc"))]


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash on this system")
def test_the_scripts_are_bash(archive):
    with zipfile.ZipFile(archive) as opened:
        for script in ("setup.sh", "run_autograder"):
            done = subprocess.run(["bash", "-n"], input=opened.read(script), capture_output=True)
            assert (done.returncode, done.stderr) == (0, b"")


def test_the_solutions_get_all_points(autograder):
    for module in MODULES:
        shutil.copy(SOLUTIONS / f"{module}.py", autograder.submission)
    done, content = autograder()
    assert done.returncode == 0, done.stdout + done.stderr
    assert_as_documented(content)
    assert content["score"] == POINTS
    assert [test["name"] for test in content["tests"]] == [exercise.name for exercise in EXERCISES]
    assert {test["status"] for test in content["tests"]} == {"passed"}
    assert content["extra_data"]["hidden_checks"] is True
    assert f"Graded: {POINTS} of {POINTS} points." in done.stdout


def test_it_does_not_matter_in_which_folder_the_files_lie(autograder):
    text = (PACKAGE / "neuron.py").read_text(encoding="utf-8")
    own = text.replace("# Your lines go here, in the place of this error.", "return w @ a + b", 1)
    (autograder.submission / "neuron.py").write_text(own, encoding="utf-8")
    loose = autograder()[1]
    assert 0 < loose["score"] < POINTS
    inner = autograder.submission / "work" / "mlt_nn"
    inner.mkdir(parents=True)
    (autograder.submission / "neuron.py").rename(inner / "neuron.py")
    assert autograder()[1]["tests"] == loose["tests"]


def test_without_a_sandbox_it_grades_and_says_so(autograder, tmp_path):
    (autograder.submission / "neuron.py").write_bytes((SOLUTIONS / "neuron.py").read_bytes())
    done, content = autograder(PATH=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert content["extra_data"]["isolation"] == "process"
    assert "Isolation: process (" in content["output"]
    assert "could not be shut in" in done.stdout
    assert content["score"] == sum(exercise.points for exercise in EXERCISES if exercise.module == "neuron")


ATTACK = """
import os

def pre_activation(a, w, b):
    for path, mode in PATHS:
        try:
            open(path, mode).close()
        except PermissionError:
            continue
        return None
    try:
        os.unlink(PATHS[-1][0])
    except PermissionError:
        return float(a @ w + b)
"""


def test_without_a_sandbox_root_lends_the_code_no_rights(archive):
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can run it as another user, and Gradescope is root")
    packages = sysconfig.get_path("purelib")
    for candidate in (sys.executable, f"/usr/bin/python{sys.version_info[0]}.{sys.version_info[1]}"):
        command = [candidate, "-c", "import numpy"]
        nobody = {"user": 65534, "group": 65534, "extra_groups": []}
        try:
            subprocess.run(command, **nobody, env={"PYTHONPATH": packages}, check=True, cwd="/", capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        break
    else:
        pytest.skip("no other user may run this Python")
    # pytest's own folder is closed to other users.
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        root = Path(folder, "autograder")
        run = laid_out(archive, root, f'PYTHONPATH="$PYTHONPATH:{packages}" exec {candidate}')
        (root / "results" / "results.json").write_text("{}")
        paths = [
            (str(root / "source" / "course" / "tests" / "hidden" / "test_neuron.py"), "r"),
            (str(root / "source" / "course" / "solutions" / "neuron.py"), "r"),
            (str(root / "source" / "course" / "mlt_nn" / "teaching" / "grader" / "grader.py"), "a"),
            (str(root / "results" / "results.json"), "w"),
        ]
        (run.submission / "neuron.py").write_text(ATTACK.replace("PATHS", repr(paths)))
        done, content = run(PATH=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert content["extra_data"]["isolation"] == "process"
    assert "ran as another user" in content["output"]
    assert "forge" not in done.stdout
    (test,) = (test for test in content["tests"] if test["name"] == "neuron.pre_activation")
    assert test["status"] == "passed", test["output"]


def test_with_a_sandbox_it_is_used(autograder, sandbox):
    (autograder.submission / "neuron.py").write_bytes((SOLUTIONS / "neuron.py").read_bytes())
    done, content = autograder()
    assert content["extra_data"]["isolation"] == "sandbox"
    assert "Isolation: sandbox." in content["output"]
    assert "could not be shut in" not in done.stdout


def test_an_empty_submission_is_told_what_is_missing(autograder):
    (autograder.submission / "essay.pdf").write_bytes(b"%PDF")
    done, content = autograder()
    assert done.returncode == 0, done.stdout + done.stderr
    assert_as_documented(content)
    assert content["score"] == 0
    assert "Nothing could be graded: there is no exercise module in it" in content["output"]


def test_when_the_grading_itself_fails_there_are_no_marks(autograder):
    (autograder.submission.parent / "source" / "course" / "tests" / "hidden" / "test_neuron.py").write_text("1 / 0")
    done, content = autograder()
    assert done.returncode != 0
    assert content is None


def test_whatever_a_message_holds_there_are_results(tmp_path, monkeypatch):
    told = failed(EXERCISES[0], "neuron raised ValueError: \ud800")
    marked = Graded("submission", (told,), (), HOSTILE, True, "sandbox", "", {"numpy": "2.4"}, 0)
    monkeypatch.setattr(container, "grade", lambda *arguments, **options: [marked])
    monkeypatch.setattr(container, "isolation", lambda: Isolation("sandbox", "", None))
    container.main(tmp_path)
    text = (tmp_path / "results" / "results.json").read_text(encoding="utf-8")
    assert text.isascii()
    assert one_line(HOSTILE) in json.loads(text)["output"]
    assert "[U+D800]" in json.loads(text)["tests"][0]["output"]


def test_nothing_that_was_handed_in_looks_like_a_line_of_ours():
    forged = "neuron.neuron: right."
    told = failed(EXERCISES[0], line=1, source=f"z = 0 # \x0c{forged}\x85{forged}\u2028{forged}\u202e")
    files = ({"name": "neuron.py", "sha256": "ab" * 32, "lines": 9, "problem": f"a\n{forged}"},)
    content = results(replace(grade(problem=f"exercise modules lie in a\n{forged}"), exercises=(told,), files=files))
    for text in (content["output"], content["tests"][0]["output"]):
        assert forged in text
        assert not [line for line in text.splitlines() if line.startswith(forged)]
        assert "\u202e" not in text


def graded(**changes):
    wrong = failed(
        find("activations.softmax"), "The answer is not right.", share=0.75, check="Rows sum to one", hidden=True,
        line=3, source="return z",
    )  # fmt: skip
    files = ({"name": "activations.py", "sha256": "ab" * 32, "lines": 9, "problem": ""},)
    exercises = (passed(find("activations.tanh")), wrong)
    return replace(grade(), **{"exercises": exercises, "files": files} | changes)


def test_results_say_what_went_wrong_first():
    content = results(graded(), seconds=2.6)
    assert_as_documented(content)
    assert content["execution_time"] == 3
    right, wrong = content["tests"]
    assert (right["number"], wrong["number"]) == ("2.1", "2.2")
    assert (right["status"], wrong["status"]) == ("passed", "failed")
    assert right["output"] == "activations.tanh: right. All 4 hidden checks passed."
    assert wrong["tags"] == [NOTEBOOKS[1], "failed"]
    assert wrong["output"].splitlines() == [
        "activations.softmax: not yet. 3 of 4 hidden checks passed; 0 of 3 public ones.",
        "  First to mend: Rows sum to one (a check that runs only when work is graded).",
        "  The answer is not right.",
        "  Your file: mlt_nn/activations.py, line 3: return z",
    ]
    assert content["output"].splitlines() == [
        "1 of 2 exercises are right: 3.25 of 4 points.",
        "Graded by public and hidden checks.",
        "activations.py: 9 lines, SHA-256 abababababab.",
        f"Isolation: sandbox. {LEFT_OPEN}",
    ]


OPEN = {
    "broken": "A check of ours is broken, which is no mistake of yours. Still open: activations.softmax.",
    "not served": "The computer was too busy, which is no mistake of yours. Still open: activations.softmax.",
}


@pytest.mark.parametrize("state", OPEN)
def test_an_open_exercise_looks_like_no_mark(state):
    right, wrong = graded().exercises
    wrong = replace(wrong, state=state, first_failure=replace(wrong.first_failure, kind=Kind(state)))
    content = results(graded(exercises=(right, wrong)))
    assert_as_documented(content)
    assert "score" not in content
    first, second = content["tests"]
    assert (first["score"], first["status"]) == (1, "passed")
    assert not {"score", "status"} & set(second)
    assert "1 of 2 exercises are right: no points yet." in content["output"]
    assert OPEN[state] in content["output"]


@pytest.mark.parametrize("state", OPEN)
def test_without_all_points_there_are_no_marks(tmp_path, monkeypatch, state):
    why = failed(EXERCISES[0], "why it is open.", state)
    marked = Graded("submission", (why, passed(EXERCISES[1])), (), "", True, "sandbox", "", {"numpy": "2.4"}, 0)
    monkeypatch.setattr(container, "grade", lambda *arguments, **options: [marked])
    monkeypatch.setattr(container, "isolation", lambda: Isolation("sandbox", "", None))
    with pytest.raises(SystemExit, match=r"run the autograder again\.\nneuron\.pre_activation: why it is open\."):
        container.main(tmp_path)
    assert not (tmp_path / "results" / "results.json").exists()


def test_results_say_how_long_it_took_where_that_is_known():
    assert "execution_time" not in results(graded())


def test_the_command_makes_the_zip_and_no_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["release", "--gradescope", "autograder.zip"]) == 0
    said = capsys.readouterr().out
    assert "It holds solutions and hidden checks." in said
    assert "runs as another user" in said
    assert [file.name for file in tmp_path.iterdir()] == ["autograder.zip"]
    assert main(["release", "--gradescope", "autograder.zip"]) == 1
    assert "is there already" in capsys.readouterr().err


def test_two_zips_are_the_same_bytes(archive, tmp_path):
    assert upload.write(tmp_path / "again.zip").read_bytes() == archive.read_bytes()
    assert PROJECT.as_posix().encode() not in archive.read_bytes()
