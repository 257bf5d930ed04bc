"""A notebook run again: each way in which a cell can come out differently, in words."""

import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mlt_nn.cli import rerun
from mlt_nn.cli.rerun import differences, reference


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def result(**data):
    return new_output("execute_result", data={f"text/{kind}": text for kind, text in data.items()}, execution_count=1)


HTML = "class Page:\n    def _repr_html_(self): return '<b>1</b>'\n    def __repr__(self): return 'page'\nPage()"
LOOK = HTML.replace("<b>1</b>", '<b style="color:red">1</b><img src="data:image/png,BB">').replace("'page'", "'look'")

# Source, stored outputs, what is said of it (None: the cell agrees).
CELLS = [
    ("x = 2; x", [result(plain="2")], None),
    ("\nprint(1)\nprint(x)", [printed("1\n3\n")], "the printed text is 2 in line 2; in the reference run it is 3"),
    ("print(x)", [printed("2\n2\n")], "the printed text is 1 lines long; in the reference run it is 2"),
    ("x", [result(plain="3")], "the result is 2; in the reference run it is 3"),
    ("x ", [], "the result is new: 2"),
    ("x = 2", [result(plain="2")], "the result is missing: 2"),
    ("1 / 0", [], "raised ZeroDivisionError: division by zero"),
    ("import sys; print('careful', file=sys.stderr)", [], "a warning is new: careful"),
    (HTML, [result(plain="page", html="<b>2</b>")], "what it shows is different"),
    (HTML, [result(plain="page", html="<b>1</b>")], None),
    ("print(1, flush=True); print(2)", [printed("1\n"), printed("2\n")], None),
    ("display(1, 2)", [result(plain="1"), result(plain="2")], None),
    ("display(12)", [result(plain="1"), result(plain="2")], "the result is 12 in line 1; in the reference run it is 1"),
    (LOOK, [result(plain="look", html='<b style="margin:0">1</b><img src="data:image/png,AA">')], None),
    (LOOK, [result(plain="look", html='<b style="">2</b><img src="data:image/png,AA">')], "what it shows is different"),
    ("raise NotImplementedError('word ' * 50)", [], f"raised NotImplementedError: {'word ' * 19}wo..."),
]


def notebook(cells):
    """The text of a notebook with cells of (source, stored outputs, tags ...)."""
    code = [
        new_code_cell(source, outputs=outputs, execution_count=1, metadata={"tags": tags})
        for source, outputs, *tags in cells
    ]
    cells = [new_markdown_cell("A text between cells does not count."), *code]
    return nbformat.writes(new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "x"}}))


@pytest.fixture(scope="module")
def found():
    text = notebook([(source, outputs) for source, outputs, _ in CELLS])
    return {difference.cell: difference for difference in differences(text)}


@pytest.mark.parametrize("number", range(1, len(CELLS) + 1))
def test_what_is_said_of_a_cell(found, number):
    expected = CELLS[number - 1][2]
    assert (found[number].text if number in found else None) == expected


def test_a_cell_is_named_by_its_first_line(found):
    assert str(found[2]).startswith("cell 2 (print(1)): the printed text")


def test_what_is_marked_is_run_and_not_compared():
    cells = [
        ("import time; time.time()", [result(plain="1")], "nbval-ignore-output"),
        ("1 / 0", [], "nbval-ignore-output"),
    ]
    assert [(difference.cell, difference.text) for difference in differences(notebook(cells))] == [
        (2, "raised ZeroDivisionError: division by zero")
    ]


@pytest.mark.parametrize(
    ("number", "said"),
    [(0.51, []), (0.6, ["the printed text is 0.6 of all; in the reference run it is 0.5 of all"])],
)
def test_a_number_may_be_off_by_the_tolerance_of_its_cell(number, said):
    cell = new_code_cell(f"print({number}, 'of all')", outputs=[printed("0.5 of all\n")], execution_count=1)
    cell.metadata["tolerance"] = 0.02
    assert [difference.text for difference in differences(nbformat.writes(new_notebook(cells=[cell])))] == said


def test_without_outputs_it_is_only_seen_whether_the_cells_run():
    assert [difference.cell for difference in differences(notebook([("1", []), ("1 / 0", []), ("2", [])]))] == [2]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import time; time.sleep(60)", "took longer than 1 seconds"),
        ("import os; os._exit(1)", "ended the Python that runs the notebook"),
    ],
)
def test_after_what_cannot_go_on_no_other_cell_is_run(source, said):
    cells = [("1", [result(plain="2")]), (source, []), ("3", [result(plain="4")])]
    assert [(difference.cell, difference.text) for difference in differences(notebook(cells), seconds=1)] == [
        (1, "the result is 1; in the reference run it is 2"),
        (2, said),
    ]


def test_it_runs_in_this_python_whatever_kernels_are_installed(monkeypatch, tmp_path):
    kernel = tmp_path / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text('{"argv": ["no-such-python", "{connection_file}"], "display_name": "x", "language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert differences(notebook([("import sys; sys.executable", [result(plain=repr(sys.executable))])])) == []


def test_what_is_no_notebook_cannot_be_run():
    with pytest.raises(RuntimeError, match="could not be run"):
        differences("{")


def test_the_reference_is_the_published_notebook_and_not_the_saved_one(monkeypatch, tmp_path):
    course = tmp_path / "course"
    course.mkdir()
    monkeypatch.setattr(rerun, "PROJECT", tmp_path)
    monkeypatch.setattr(rerun, "COURSE", course)
    with pytest.raises(FileNotFoundError, match=r"course/01_neuron\.ipynb is missing"):
        reference("01_neuron")
    (course / "01_neuron.ipynb").write_text("published")
    assert reference("01_neuron") == "published"

    def git(*arguments):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    git("add", "course")
    git("-c", "user.name=x", "-c", "user.email=x@x", "commit", "-q", "-m", "x")
    (course / "01_neuron.ipynb").write_text("saved")
    assert reference("01_neuron") == "published"
