"""`mlt-nn submit`: one zip that says what is in it, tells nothing of the person, and is read by the grader."""

import getpass
import hashlib
import json
import platform
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mlt_nn.cli import main, submit
from mlt_nn.grading.check import PUBLIC_CHECKS, check
from mlt_nn.support.catalogue import EXERCISES, MODULES, named
from mlt_nn.support.folders import PACKAGE, PROJECT, SOLUTIONS
from mlt_nn.support.overlay import VARIABLE
from mlt_nn.teaching.classroom.collect import collect
from mlt_nn.teaching.grader.grader import Grader
from mlt_nn.teaching.grader.isolation import Isolation, launch
from mlt_nn.teaching.grader.submission import read

NOON = datetime(2026, 11, 24, 12, 0, 5, tzinfo=UTC)


@pytest.fixture
def student(tmp_path, monkeypatch):
    """A folder with the first two exercise files, one of them written; all others are the stubs."""
    folder = tmp_path / "mine"
    folder.mkdir()
    shutil.copy(SOLUTIONS / "neuron.py", folder)
    text = (PACKAGE / "activations.py").read_text(encoding="utf-8")
    wrong = text.replace("# Your lines go here, in the place of this error.", "return z * 0", 1)
    (folder / "activations.py").write_text(wrong, encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder


def test_the_zip_holds_the_files_in_use_and_a_manifest(student, tmp_path, capsys):
    out = tmp_path / "work.zip"
    assert main(["submit", "--out", str(out)]) == 0
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist() == ["manifest.json", *(f"{module}.py" for module in MODULES)]
        told = json.loads(archive.read("manifest.json"))
        assert archive.read("neuron.py") == (student / "neuron.py").read_bytes()
        assert archive.read("losses.py") == (PACKAGE / "losses.py").read_bytes()
        for name, file in told["files"].items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == file["sha256"]
            assert len(archive.read(name)) == file["bytes"]
    assert list(told["files"]) == [f"{module}.py" for module in MODULES]
    assert list(told["progress"]) == [exercise.name for exercise in EXERCISES]
    assert told["progress"]["neuron.neuron"] == "passed"
    assert told["progress"]["activations.sigmoid"] == "failed"
    assert told["progress"]["losses.one_hot"] == "not written"
    assert told["versions"]["python"] == platform.python_version()
    assert set(told["versions"]) == {"python", "numpy", "mlt-nn"}
    said = capsys.readouterr().out
    assert f"Written: {out}\n" in said
    exercises, points = len(EXERCISES), sum(exercise.points for exercise in EXERCISES)
    assert f"2 of {exercises} exercises are right by the checks that you have: 2 of {points} points." in said
    assert "Not right yet: activations.sigmoid." in said
    assert "Not written yet: activations.tanh, " in said
    assert f"In it are {len(MODULES)} files of yours, how far you are, and no name." in said


def test_nothing_tells_who_made_it_and_where(student, tmp_path):
    out = tmp_path / "work.zip"
    main(["submit", "--out", str(out)])
    with zipfile.ZipFile(out) as archive:
        text = archive.read("manifest.json").decode("utf-8")
        assert {info.date_time[0] for info in archive.infolist()} == {1980}
    for told in (str(tmp_path), str(PROJECT), str(Path.home()), platform.node(), f'"{getpass.getuser()}"'):
        assert told not in text
    assert json.loads(text)["name"] is None


def test_a_name_is_there_when_it_is_given(student, tmp_path, capsys):
    out = tmp_path / "work.zip"
    main(["submit", "--out", str(out), "--name", "Zo\u00eb M\u00fcller"])
    with zipfile.ZipFile(out) as archive:
        assert json.loads(archive.read("manifest.json"))["name"] == "Zo\u00eb M\u00fcller"
    assert 'and the name "Zo\u00eb M\u00fcller".' in capsys.readouterr().out


def test_the_grader_and_the_collection_read_it(tmp_path):
    files = {f"{module}.py": (SOLUTIONS / f"{module}.py").read_bytes() for module in MODULES}
    out = tmp_path / "ada.zip"
    submit.write_zip(out, files, submit.manifest(files, {}, {}, NOON))
    got = read(out)
    assert not got.problem
    assert {f"{each.module}.py": each.data for each in got.modules} == files
    (found,) = collect([out]).submissions
    assert (found.student, found.path) == ("ada", out)


def test_the_time_is_that_of_utc():
    assert submit.manifest({}, None, {}, NOON)["time"] == "2026-11-24T12:00:05Z"


def test_a_damaged_course_hinders_nobody(student, tmp_path, monkeypatch, capsys):

    def missing(exercises, folder):
        raise FileNotFoundError("the checks are missing")

    monkeypatch.setattr("mlt_nn.grading.check.check_exercises", missing)
    out = tmp_path / "work.zip"
    assert main(["submit", "--out", str(out)]) == 0
    assert "How far you are could not be told: the checks are missing" in capsys.readouterr().out
    with zipfile.ZipFile(out) as archive:
        assert json.loads(archive.read("manifest.json"))["progress"] is None


def test_files_that_are_gone_are_named(student, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("mlt_nn.cli.submit.exercise_file", lambda module: student / f"{module}.py")
    monkeypatch.setattr("mlt_nn.cli.submit._tried", lambda files: ([], "for this test"))
    assert main(["submit", "--out", str(tmp_path / "work.zip")]) == 0
    said = capsys.readouterr().out
    assert "In it are 2 files of yours" in said
    missing = [f"{module}.py" for module in MODULES if module not in ("neuron", "activations")]
    assert f"Missing, for they are gone: {', '.join(missing)}." in said
    monkeypatch.setattr("mlt_nn.cli.submit.exercise_file", lambda module: tmp_path / f"{module}.py")
    assert main(["submit", "--out", str(tmp_path / "other.zip")]) == 1
    assert "There is no exercise file to hand in" in capsys.readouterr().err
    assert not (tmp_path / "other.zip").exists()


def test_a_place_that_cannot_be_written_is_told(student, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("mlt_nn.cli.submit._tried", lambda files: ([], "for this test"))
    assert main(["submit", "--out", str(tmp_path / "gone" / "work.zip")]) == 1
    told = capsys.readouterr().err
    assert "The zip cannot be written to" in told
    assert "Name another place with --out." in told


def test_a_folder_takes_the_zip_by_its_name(student, tmp_path, monkeypatch):
    monkeypatch.setattr("mlt_nn.cli.submit._tried", lambda files: ([], "for this test"))
    written = []
    monkeypatch.setattr("mlt_nn.cli.submit.write_zip", lambda path, *_: written.append(path))
    for folder in (tmp_path, Path(tmp_path.anchor)):
        assert main(["submit", "--out", str(folder)]) == 0
    assert written == [tmp_path / submit.ZIP.name, Path(tmp_path.anchor) / submit.ZIP.name]


def test_without_room_to_try_the_files_the_zip_is_written_all_the_same(student, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("tempfile._candidate_tempdir_list", list)
    monkeypatch.setattr("tempfile.tempdir", None)
    assert main(["submit", "--out", str(tmp_path / "work.zip")]) == 0
    told = capsys.readouterr().out
    assert "How far you are could not be told: This computer's disk is full, or cannot be written: No usable" in told
    assert (tmp_path / "work.zip").is_file()


# What is there when work is graded


def neuron(first):
    return first + "\n" + (SOLUTIONS / "neuron.py").read_text(encoding="utf-8")


HELPER = "neuron.py uses helper.py, which is not one of the nine files and is not handed in. "
HELPER += "Put its functions into neuron.py."
# What is written into neuron.py, in which encoding, and what submit tells.
OUTSIDE = {
    "a package": (
        neuron("import matplotlib.pyplot as plt"), "utf-8",
        "neuron.py imports matplotlib, which grading does not have. Write it with NumPy alone.",
    ),
    "a package that is not installed": (
        neuron("import some_package.inside"), "utf-8",
        "neuron.py imports some_package, which grading does not have. Write it with NumPy alone.",
    ),
    "another room of the course": (
        neuron("from mlt_nn.plots import charts"), "utf-8",
        "neuron.py imports mlt_nn.plots, which grading does not have. Write it with NumPy alone.",
    ),
    "a notebook's line": (
        neuron("from mlt_nn import check"), "utf-8",
        "neuron.py imports mlt_nn.grading.check, which grading does not have. Write it with NumPy alone.",
    ),
    "a file beside": (neuron("import sys\nsys.path[:0] = [FOLDER, '.']\nimport helper"), "utf-8", HELPER),
    "a file of the package": (neuron("from mlt_nn import helper"), "utf-8", HELPER),
    "a comment in Latin-1": (
        neuron("# M\xfcller"), "latin-1",
        "mlt_nn/neuron.py cannot be read: it is not text in UTF-8 (byte 3): save it as UTF-8.",
    ),
    "Latin-1 that says so": (
        neuron("# -*- coding: latin-1 -*-\n# M\xfcller"), "latin-1",
        "mlt_nn/neuron.py cannot be read: it is not text in UTF-8 (byte 29): save it as UTF-8.",
    ),
    "what is no Python": (
        neuron("def neuron(z)"), "utf-8",
        "mlt_nn/neuron.py cannot be read: line 1: expected ':'.",
    ),
    "what raises": (
        neuron("1 / 0"), "utf-8",
        "mlt_nn/neuron.py cannot be imported: line 1: ZeroDivisionError: division by zero.",
    ),
}  # fmt: skip


@pytest.fixture
def neuron_alone(monkeypatch, tmp_path):
    """Submit checks the exercises of neuron.py alone; returns what grades these, by the public checks."""
    monkeypatch.setattr("mlt_nn.cli.submit.EXERCISES", named("neuron"))
    course = tmp_path / "course.toml"
    course.write_text('[[assignment]]\nname = "first"\nexercises = ["neuron"]\n', encoding="utf-8")
    monkeypatch.setattr("mlt_nn.support.assignments.FILE", course)
    checks = tmp_path / "checks"
    checks.mkdir()
    shutil.copy(PUBLIC_CHECKS / "test_neuron.py", checks)
    with Grader(Isolation("process", "for this test", launch), allow_process=True, checks=checks) as grader:
        yield lambda path: grader.grade(read(path))


@pytest.mark.parametrize("case", OUTSIDE)
def test_submit_and_check_say_what_grade_gives(case, neuron_alone, tmp_path, monkeypatch, capsys):
    text, encoding, told = OUTSIDE[case]
    mine = tmp_path / "mine"
    shutil.copytree(SOLUTIONS, mine)
    (mine / "helper.py").write_text("x = 1\n")
    (mine / "neuron.py").write_text(text.replace("FOLDER", repr(str(mine))), encoding=encoding)
    monkeypatch.setenv(VARIABLE, str(mine))
    monkeypatch.chdir(mine)
    report = check("neuron")
    assert {each.is_unreadable for each in report.exercises} == {True}
    assert told in report.text()
    assert main(["submit", "--out", "work.zip"]) == 1
    said = capsys.readouterr().out
    assert said.count(told) == 1
    assert said.index(told) < said.index(f"Written: {mine / 'work.zip'}")
    assert "Not right yet: neuron.pre_activation, neuron.neuron." in said
    graded = neuron_alone(mine / "work.zip")
    (problem,) = [each["problem"] for each in graded.files if each["problem"]]
    assert {each.first_failure.message for each in graded.exercises} == {problem}
    assert graded.points == 0


INSIDE = {
    "a package": ("import matplotlib", "activations.py imports matplotlib, which grading does not have."),
    "a file beside": (
        "open('helper.py')",
        "activations.py opens a file, and grading has the nine files alone: write what is in it into activations.py.",
    ),
}


@pytest.mark.parametrize("case", INSIDE)
def test_what_a_single_function_lacks_is_told_too(case, tmp_path, monkeypatch, capsys):
    line, told = INSIDE[case]
    mine = tmp_path / "mine"
    shutil.copytree(SOLUTIONS, mine)
    (mine / "helper.py").write_text("x = 1\n")
    text = (mine / "activations.py").read_text(encoding="utf-8")
    (mine / "activations.py").write_text(text.replace("    return np.tanh", f"    {line}\n    return np.tanh"))
    monkeypatch.setenv(VARIABLE, str(mine))
    monkeypatch.chdir(mine)
    main(["submit", "--out", str(tmp_path / "work.zip")])
    said = capsys.readouterr().out
    assert said.count(told) == 1
    assert "Not right yet: activations.tanh, " in said


def test_what_grading_has_can_be_imported(neuron_alone, tmp_path, monkeypatch, capsys):
    mine = tmp_path / "mine"
    shutil.copytree(SOLUTIONS, mine)
    first = "import collections.abc, math, sysconfig\nimport numpy.fft\nfrom mlt_nn import activations\n"
    first += "try:\n    import matplotlib\nexcept ImportError:\n    sysconfig.get_config_vars()"
    (mine / "neuron.py").write_text(neuron(first), encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(mine))
    main(["submit", "--out", str(tmp_path / "work.zip")])
    said = capsys.readouterr().out
    assert "2 of 2 exercises are right" in said
    assert "When your work is graded" not in said
    assert neuron_alone(tmp_path / "work.zip").points == 2
