"""`mlt-nn grade` on the teacher's screen: no student writes there what was not said."""

import zipfile
from dataclasses import replace

import pytest

from mlt_nn.cli import main
from mlt_nn.support.catalogue import EXERCISES
from mlt_nn.teaching.grader.graded import Graded
from mlt_nn.teaching.grader.isolation import NOT_CLOSED_OFF

from .classes import failed, passed

ESCAPES = "\x1b[1A\x1b[2K\x9b2K\r\x08\u202e\ud800"


@pytest.fixture
def grade(monkeypatch, capsys):
    """Runs the command on paths, with these marks for all; gives what is on the screen."""

    def run(marked, *paths):
        def graded(found, isolation, tell, allow_process, seed, exercises):
            for _ in found:
                tell(marked)
            return [marked for _ in found]

        monkeypatch.setattr("mlt_nn.teaching.grader.grader.grade", graded)
        monkeypatch.setattr("mlt_nn.teaching.grader.isolation.isolation", lambda: None)
        main(["grade", *map(str, paths)])
        return capsys.readouterr().out

    return run


def graded(name="ada", exercises=None, problem=""):
    exercises = exercises or tuple(map(passed, EXERCISES))
    return Graded(name, exercises, (), problem, True, "sandbox", "", {}, 0)


def hand_in(folder, name):
    (folder / name).mkdir(parents=True)
    (folder / name / "neuron.py").write_text("")
    return folder / name


def test_a_message_cannot_rewrite_the_screen(grade, tmp_path):
    first, *rest = EXERCISES
    message = f"neuron raised ValueError: {ESCAPES}  {first.name} 1 of 1\nmore"
    shown = grade(graded(exercises=(failed(first, message), *map(passed, rest))), hand_in(tmp_path, "ada"))
    assert f"neuron raised ValueError: [U+001B][1A[U+001B][2K[U+009B]2K [U+0008][U+202E][U+D800] {first.name}" in shown
    assert "more" not in shown
    assert_plain(shown)


def test_what_the_sandbox_leaves_open_is_said_where_there_was_one(grade, tmp_path):
    shown = grade(graded(), hand_in(tmp_path, "ada"))
    assert all(told in shown for told in NOT_CLOSED_OFF)
    shown = grade(replace(graded(), isolation="process"), hand_in(tmp_path, "ben"))
    assert "not shut in" in shown
    assert not any(told in shown for told in NOT_CLOSED_OFF)


def test_neither_a_name_nor_a_problem_can(grade, tmp_path):
    marked = graded(f"ada{ESCAPES}", problem=f"exercise modules lie in a{ESCAPES} and b.")
    shown = grade(marked, hand_in(tmp_path, "ada"), hand_in(tmp_path, "ben"))
    assert "ada[U+001B]" in shown
    assert "lie in a[U+001B]" in shown
    assert_plain(shown)


def test_a_path_that_is_not_graded_cannot(grade, tmp_path):
    name = ESCAPES.replace("\ud800", "")
    with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
        for file in (f"notes{name}.txt", "Ada_1_assignsubmission_file_/neuron.py"):
            archive.writestr(file, "")
    shown = grade(graded(), tmp_path / "download.zip")
    assert "notes[U+001B]" in shown
    assert_plain(shown)


def assert_plain(shown):
    assert all(character == "\n" or character.isprintable() for character in shown)
