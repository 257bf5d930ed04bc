"""Without its own exercises a notebook needs those before it only, and stops at its first check, kindly.

That it needs no later ones when its own are written is seen in the browser: test_notebooks_in_browser.py.
Run on the bundled digits, so that the course is seen to work without MNIST.
"""

import os

import pytest
from nbclient import NotebookClient

from mlt_nn.support.catalogue import EXERCISES, NOTEBOOKS
from mlt_nn.support.folders import COURSE
from mlt_nn.support.overlay import VARIABLE
from mlt_nn.teaching.building.notebooks import from_text

from .versions import write_stage

pytestmark = pytest.mark.thorough


def answer(cell):
    return "\n".join(output.data["text/plain"] for output in cell.outputs if "data" in output)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_unwritten_it_stops_first_at_its_first_exercise(name, tmp_path):
    first = next(exercise for exercise in EXERCISES if exercise.notebook == name)
    write_stage(tmp_path, NOTEBOOKS[: NOTEBOOKS.index(name)])
    environment = {**os.environ, VARIABLE: str(tmp_path), "MLT_NN_DATA": "bundled", "MLT_NN_STATE": str(tmp_path)}
    notebook = from_text(name)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(COURSE)}})
    with client.setup_kernel(env=environment):
        for position, cell in enumerate(notebook.cells):
            client.execute_cell(cell, position)
            if f'check("{first.name}")' in cell.source:
                break
            assert "is yours to write" not in str(cell.get("outputs")), f"needs an exercise too early: {cell.source}"
    assert f"{first.function} is yours to write: open mlt_nn/{first.module}.py" in answer(cell)
    assert first.section in answer(cell)
