"""Notebook k needs the exercises of notebooks 1 to k only; without its own it stops at its first check, kindly.

Run on the bundled digits, so that the course is seen to work without MNIST.
"""

import os

import pytest
from nbclient import NotebookClient

from mlt_nn.support.catalogue import EXERCISES, MODULES, NOTEBOOKS
from mlt_nn.support.folders import COURSE, SOLUTIONS
from mlt_nn.support.overlay import VARIABLE
from mlt_nn.teaching.building.notebooks import from_text
from mlt_nn.teaching.building.stubs import stub_text


@pytest.fixture
def student(tmp_path, monkeypatch):
    """A student who has written the exercises of some notebooks: gives them and returns a client for the next one."""

    def who_has_written(notebooks, name):
        written = {exercise.name for exercise in EXERCISES if exercise.notebook in notebooks}
        for module in MODULES:
            source = (SOLUTIONS / f"{module}.py").read_text(encoding="utf-8")
            (tmp_path / f"{module}.py").write_text(stub_text(source, module, written), encoding="utf-8")
        environment = {**os.environ, VARIABLE: str(tmp_path), "MLT_NN_DATA": "bundled", "MLT_NN_STATE": str(tmp_path)}
        notebook = from_text(name)
        client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(COURSE)}})
        return notebook, client, client.setup_kernel(env=environment)

    return who_has_written


def answer(cell):
    return "\n".join(output.data["text/plain"] for output in cell.outputs if "data" in output)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_needs_only_earlier_exercises_and_its_own(student, name):
    notebook, client, kernel = student(NOTEBOOKS[: NOTEBOOKS.index(name) + 1], name)
    with kernel:
        for position, cell in enumerate(notebook.cells):
            client.execute_cell(cell, position)
    checks = [cell for cell in notebook.cells if cell.source.startswith('check("')]
    assert [answer(cell).split(":")[1].split(".")[0] for cell in checks] == [" right"] * len(checks)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_unwritten_it_stops_first_at_its_first_exercise(student, name):
    first = next(exercise for exercise in EXERCISES if exercise.notebook == name)
    notebook, client, kernel = student(NOTEBOOKS[: NOTEBOOKS.index(name)], name)
    with kernel:
        for position, cell in enumerate(notebook.cells):
            client.execute_cell(cell, position)
            if f'check("{first.name}")' in cell.source:
                break
            assert "is yours to write" not in str(cell.get("outputs")), f"needs an exercise too early: {cell.source}"
    assert f"{first.function} is yours to write: open mlt_nn/{first.module}.py" in answer(cell)
    assert first.section in answer(cell)
