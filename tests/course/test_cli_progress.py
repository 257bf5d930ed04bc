"""`mlt-nn progress`: points, states and questions, by notebook."""

from dataclasses import replace

import pytest

import mlt_nn
from mlt_nn.cli import main, progress
from mlt_nn.cli.progress import Progress, Stage
from mlt_nn.grading.results import ExerciseResult
from mlt_nn.support.catalogue import EXERCISES, NOTEBOOKS, find
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.support.overlay import VARIABLE


def report(name, state):
    return ExerciseResult(name, find(name).points, 0.0, state, 0, 1)


STAGE = Stage(
    "02_activations",
    (
        report("activations.sigmoid", "passed"),
        report("activations.tanh", "not written"),
        report("activations.relu", "timed out"),
        report("activations.softmax", "failed"),
    ),
    questions=5,
    answered=2,
)


def test_the_table_says_points_state_and_questions():
    assert Progress([STAGE]).text().splitlines() == [
        "02_activations: 2 of 7 points, 2 of 5 questions answered",
        "  activations.sigmoid                       2 points  right",
        "  activations.tanh                          1 point   not written yet",
        "  activations.relu                          1 point   does not end",
        "  activations.softmax                       3 points  not yet",
        "In all: 2 of 7 points.",
    ]


def test_points_of_any_length_stand_apart_from_the_state():
    rows = [replace(each, max_points=most) for each, most in zip(STAGE.exercises, (1, 1.82, 1234.56, 3), strict=True)]
    assert Progress([Stage("02_activations", tuple(rows), 0, 0)]).text().splitlines()[1:-1] == [
        "  activations.sigmoid                       1 point          right",
        "  activations.tanh                          1.82 points      not written yet",
        "  activations.relu                          1,234.56 points  does not end",
        "  activations.softmax                       3 points         not yet",
    ]


def test_a_notebook_shows_it_as_a_table_with_links():
    shown = Progress([STAGE])._repr_mimebundle_()
    assert shown["text/plain"] == Progress([STAGE]).text() == repr(Progress([STAGE]))
    assert shown["text/html"].count("<tr>") == 6
    assert '<a href="02_activations.ipynb">' in shown["text/html"]
    assert ">not yet</td>" in shown["text/html"]


@pytest.fixture
def solved_by_the_reader(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(SOLUTIONS))
    monkeypatch.setenv("MLT_NN_STATE", str(tmp_path))
    return tmp_path


def test_with_the_solutions_everything_is_done(solved_by_the_reader, capsys):
    assert main(["progress"]) == 0
    shown = capsys.readouterr().out
    assert shown.count(" right\n") == len(EXERCISES)
    most = sum(exercise.points for exercise in EXERCISES)
    assert shown.endswith(f"In all: {most} of {most} points.\n")


def test_in_a_notebook_it_is_a_function(solved_by_the_reader):
    found = mlt_nn.progress()
    assert all(stage.points == stage.most for stage in found.stages)
    assert tuple(stage.notebook for stage in found.stages) == NOTEBOOKS


def test_answered_questions_are_counted(solved_by_the_reader, monkeypatch, tmp_path):
    text = "```{question} one\nWhat?\n- [x] 1 :: Yes.\n- [ ] 2 :: No.\n```\n"
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "01_neuron.md").write_text(text + text.replace("one", "two"))
    monkeypatch.setattr(progress, "COURSE", tmp_path)
    monkeypatch.setattr(
        "mlt_nn.support.questions.answered", lambda: {"01.one": None, "01.gone": None, "02.other": None}
    )
    first = mlt_nn.progress().stages[0]
    assert (first.answered, first.questions) == (1, 2)
