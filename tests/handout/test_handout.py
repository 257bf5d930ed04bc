"""Whether the course is whole, as students have it: nothing missing, nothing damaged, whatever they have written."""

import importlib
import pkgutil
import re

import nbformat
import pytest

import mlt_nn
from mlt_nn.cli import COMMANDS, loaded
from mlt_nn.datasets import load_digits
from mlt_nn.grading.check import check_exercises
from mlt_nn.support import questions
from mlt_nn.support.catalogue import EXERCISES, MODULES, NOTEBOOKS
from mlt_nn.support.folders import COURSE, PACKAGE

OURS = sorted(
    found.name
    for found in pkgutil.walk_packages(mlt_nn.__path__, "mlt_nn.")
    if found.name.removeprefix("mlt_nn.") not in MODULES and not found.name.endswith("__main__")
)


@pytest.mark.parametrize("name", OURS)
def test_a_module_can_be_imported(name):
    importlib.import_module(name)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_can_be_carried_out(name):
    assert callable(loaded(name).execute)


def test_every_exercise_has_a_file_and_checks_that_work():
    assert [module for module in MODULES if not (PACKAGE / f"{module}.py").is_file()] == []
    report = check_exercises(EXERCISES)
    assert [exercise.name for exercise in report.exercises] == [exercise.name for exercise in EXERCISES]
    assert [exercise.name for exercise in report.exercises if exercise.state == "broken"] == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_can_be_read_and_its_questions_are_there(name):
    notebook = nbformat.read(COURSE / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    asked = re.findall(r'^question\("(.+)"\)', code, re.MULTILINE)
    assert asked
    for question in asked:
        assert questions.find(question).choices


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_links_of_a_notebook_lead_somewhere(name):
    notebook = nbformat.read(COURSE / f"{name}.ipynb", as_version=4)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    files = {target.partition("#")[0] for target in re.findall(r"\]\(([^)]+)\)", prose)} - {""}
    assert [file for file in sorted(files) if not (COURSE / file).exists()] == []


def test_the_digits_are_there():
    digits = load_digits()
    assert len(digits.labels_train) + len(digits.labels_test) == 1797
