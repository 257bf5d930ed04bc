"""What is otherwise on Windows, by stand-ins: the workflow on GitHub tries the system itself."""

import os
import subprocess
import sys
import tempfile
from types import SimpleNamespace

import pytest

from mlt_nn.cli import submit
from mlt_nn.grading import process
from mlt_nn.support import writing


def held(times):
    """An `os` of Windows, where somebody holds a file that is to be replaced, so many times."""
    left = [times]

    def replace(source, target):
        if left[0]:
            left[0] -= 1
            raise PermissionError(13, "The process cannot access the file because it is being used")
        os.replace(source, target)

    return SimpleNamespace(name="nt", replace=replace)


def test_a_file_that_is_held_for_a_moment_is_replaced(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "os", held(times=2))
    (tmp_path / "answers.json").write_text("old")
    writing.write_text(tmp_path / "answers.json", "new")
    assert (tmp_path / "answers.json").read_text() == "new"


def test_a_file_that_is_held_for_long_stays_as_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "os", held(times=100))
    (tmp_path / "answers.json").write_text("old")
    with pytest.raises(PermissionError):
        writing.write_text(tmp_path / "answers.json", "new")
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("answers.json", "old")]


def test_a_worker_is_ended_where_taskkill_is_out_of_reach(monkeypatch):
    monkeypatch.setattr(process, "os", SimpleNamespace(name="nt"))
    monkeypatch.setenv("PATH", "")
    worker = process.Launched([sys.executable, "-c", "while True: pass"], stdin=subprocess.DEVNULL)
    worker.end()
    assert worker.returncode != 0


def test_a_folder_that_cannot_be_deleted_yet_does_not_stop_submit(tmp_path, monkeypatch):
    def refuse(*arguments, **more):
        raise PermissionError(13, "The process cannot access the file because it is being used")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(os, "rmdir", refuse)
        results, why = submit._tried({"neuron.py": b"def neuron(x, w, b, g):\n    return 1\n"})
    assert (bool(results), why) == (True, "")
