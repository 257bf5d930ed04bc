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
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import PACKAGE, PROJECT, SOLUTIONS
from mlt_nn.support.overlay import VARIABLE
from mlt_nn.teaching.classroom.collect import collect
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
    assert f"By the checks that you have, 2 of {len(EXERCISES)} exercises are right" in said
    assert "Not right yet: activations.sigmoid." in said
    assert "Not written yet: activations.tanh, " in said
    assert "Your name is not in it." in said


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
    assert 'Your name in it is "Zo\u00eb M\u00fcller".' in capsys.readouterr().out


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

    def missing():
        raise FileNotFoundError("the checks are missing")

    monkeypatch.setattr("mlt_nn.cli.progress.progress", missing)
    out = tmp_path / "work.zip"
    assert main(["submit", "--out", str(out)]) == 0
    assert "How far you are could not be told: the checks are missing" in capsys.readouterr().out
    with zipfile.ZipFile(out) as archive:
        assert json.loads(archive.read("manifest.json"))["progress"] is None


def test_files_that_are_gone_are_named(student, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("mlt_nn.cli.submit.exercise_file", lambda module: student / f"{module}.py")
    monkeypatch.setattr("mlt_nn.cli.submit._states", lambda: ({}, ""))
    assert main(["submit", "--out", str(tmp_path / "work.zip")]) == 0
    said = capsys.readouterr().out
    assert "In it are 2 files of yours: neuron.py, activations.py." in said
    missing = [f"{module}.py" for module in MODULES if module not in ("neuron", "activations")]
    assert f"Missing, for they are gone: {', '.join(missing)}." in said
    monkeypatch.setattr("mlt_nn.cli.submit.exercise_file", lambda module: tmp_path / f"{module}.py")
    assert main(["submit", "--out", str(tmp_path / "other.zip")]) == 1
    assert "There is no exercise file to hand in" in capsys.readouterr().err
    assert not (tmp_path / "other.zip").exists()


def test_a_place_that_cannot_be_written_is_told(student, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("mlt_nn.cli.submit._states", lambda: ({}, ""))
    assert main(["submit", "--out", str(tmp_path / "gone" / "work.zip")]) == 1
    assert "The zip cannot be written to" in capsys.readouterr().err
