"""Each of the lecture's 29 rows is taught where course/source/coverage.md says: explained, run and written."""

import functools
import re

import pytest

from mlt_nn.support.catalogue import find
from mlt_nn.teaching.building import notebooks
from mlt_nn.teaching.building.notebooks import SOURCE

from_text = functools.cache(notebooks.from_text)


def table(header):
    """The rows of the table of coverage.md that begins with this header, as lists of cells."""
    lines = (SOURCE / "coverage.md").read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(header))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


ROWS = table("| row | topic |")
FORMULAS = table("| row | in the notebook |")


def section(notebook, heading):
    """The cells of one section of a notebook."""
    inside, cells = False, []
    for cell in from_text(notebook).cells:
        titles = re.findall(r"^## (.+)$", cell.source, re.MULTILINE) if cell.cell_type == "markdown" else []
        if titles:
            inside = heading in titles
        if inside:
            cells.append(cell)
    return cells


def test_all_29_rows_are_there():
    assert [row[0] for row in ROWS] == [str(number) for number in range(1, 30)]


@pytest.mark.parametrize(("row", "topic", "notebook", "heading", "exercises"), ROWS, ids=lambda cell: cell[:40])
def test_row_is_explained_run_and_written(row, topic, notebook, heading, exercises):
    cells = section(notebook, heading)
    assert cells, f"{notebook} has no section {heading!r}"
    assert [cell for cell in cells if cell.cell_type == "markdown"]
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    assert [source for source in code if not source.startswith("question(")], f"nothing is run in {heading!r}"
    for name in filter(None, exercises.split(", ")):
        written = find(name)
        assert f'check("{name}")' in "\n".join(cell.source for cell in section(written.notebook, written.section))


@pytest.mark.parametrize(("row", "formula", "code"), FORMULAS, ids=lambda cell: cell[:40])
def test_formula_stands_beside_its_code(row, formula, code):
    notebook = ROWS[int(row) - 1][2]
    sources = [cell.source for cell in from_text(notebook).cells]
    places = [number for number, source in enumerate(sources) if formula.strip("`") in source]
    assert places, f"{formula} is not in {notebook}"
    # At most a question and a picture in between.
    near = [source for place in places for source in sources[max(0, place - 1) : place + 6]]
    assert [source for source in near if code.strip("`") in source], f"{code} is not near {formula} in {notebook}"
