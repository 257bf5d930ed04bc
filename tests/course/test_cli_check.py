"""`mlt-nn check`: on right, wrong and unwritten exercises."""

import pytest

from mlt_nn.cli import main
from mlt_nn.cli.rerun import Difference
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.support.overlay import VARIABLE
from mlt_nn.teaching.building.stubs import stub_text


@pytest.fixture
def student(tmp_path, monkeypatch):
    """A student's folder with all stubs; student("neuron.neuron") fills in solutions."""

    def write(*written):
        for module in MODULES:
            source = (SOLUTIONS / f"{module}.py").read_text(encoding="utf-8")
            (tmp_path / f"{module}.py").write_text(stub_text(source, module, written), encoding="utf-8")

    write()
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return write


@pytest.fixture
def notebook(monkeypatch):
    """What running a notebook again finds; the names of the notebooks that were run."""
    monkeypatch.setattr("mlt_nn.cli.check.reference", lambda name: name)
    monkeypatch.setattr("mlt_nn.cli.check.has_outputs", lambda name: True)
    found, ran = [], []
    monkeypatch.setattr("mlt_nn.cli.check.differences", lambda name: ran.append(name) or found)
    return found, ran


def test_a_right_exercise_is_fine(student, capsys):
    student("neuron.pre_activation")
    assert main(["check", "neuron.pre_activation"]) == 0
    assert "neuron.pre_activation: right." in capsys.readouterr().out


def test_an_unwritten_one_is_not(student, capsys):
    assert main(["check", "neuron.neuron"]) == 1
    assert "neuron.neuron: not written yet." in capsys.readouterr().out


def test_several_names_are_one_report_and_no_exercise_comes_twice(student, capsys):
    student("neuron.pre_activation", "neuron.neuron", "losses.one_hot")
    assert main(["check", "neuron", "neuron.neuron", "losses.one_hot"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("neuron.neuron: right.") == 1
    assert "3 of 3 exercises are right." in shown


def test_a_wrong_name_is_told_before_anything_runs(student, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["check", "neuron.neuron", "neurn"])
    assert capsys.readouterr().out == ""


def test_without_a_name_all_are_checked_and_no_notebook_is_run(student, notebook, capsys):
    assert main(["check"]) == 1
    assert f"0 of {len(EXERCISES)} exercises are right." in capsys.readouterr().out
    assert notebook[1] == []


def test_a_notebook_is_not_run_before_its_exercises_are_right(student, notebook):
    assert main(["check", "1"]) == 1
    assert notebook[1] == []


def test_a_notebook_that_agrees_is_fine(student, notebook, capsys):
    student("neuron.pre_activation", "neuron.neuron")
    assert main(["check", "01"]) == 0
    assert notebook[1] == ["01_neuron"]
    assert "Every cell came out as in the course's own run." in capsys.readouterr().out


def test_cells_that_differ_are_named(student, notebook, capsys):
    student("neuron.pre_activation", "neuron.neuron")
    notebook[0].extend(Difference(cell, "plots.curves(g)", "raised NameError: g") for cell in range(1, 8))
    assert main(["check", "01_neuron"]) == 1
    shown = capsys.readouterr().out
    assert "cell 5 (plots.curves(g)): raised NameError: g\n... and 2 more cells" in shown


def test_missing_checks_are_one_sentence(student, monkeypatch, capsys):
    def missing(exercises, folder=None):
        raise FileNotFoundError("the checks tests/public/test_neuron.py are missing")

    monkeypatch.setattr("mlt_nn.grading.check.check_exercises", missing)
    for command in (["check", "neuron"], ["progress"]):
        assert main(command) == 1
        assert capsys.readouterr().err == "the checks tests/public/test_neuron.py are missing\n"
