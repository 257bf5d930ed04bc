"""Every notebook as a student sees it: run in JupyterLab in a real browser, offline, each widget moved by keyboard."""

import contextlib

import pytest

from mlt_nn.browser import Keyboard, write_notebook
from mlt_nn.catalogue import NOTEBOOKS


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_runs_and_every_widget_moves(opened, name):
    notebook = opened(f"course/{name}.ipynb")
    notebook.run_all()
    assert not notebook.errors()
    cells = notebook.outputs()
    for source, outputs in cells:
        if source.startswith("check("):
            assert ": right." in outputs[0]["data"]["text/plain"], source
    interactive = [source for source, outputs in cells if "[interactive]" in str(outputs)]
    for source in interactive:
        assert moves(notebook, source), f"nothing moved: {source}"
    for cell in notebook.page.locator(".jp-OutputArea-output").all():
        assert "Error displaying widget" not in (cell.text_content() or "")
    assert not notebook.complaints


def moves(notebook, source):
    """Whether the widget of the cell with that source shows something else once a control is moved by keys."""
    keyboard = Keyboard(notebook, notebook.show_cell(source))
    for control in keyboard.controls():
        before = keyboard.said()
        # A button on top may set what is set already, and a control may belong to another step of the widget.
        if not control.is_preset and keyboard.move(control.role):
            with contextlib.suppress(TimeoutError):
                return keyboard.wait_for_change(before, seconds=10)[0] != before[0]
    return False


def test_a_python_error_is_detected(opened, server):
    write_notebook(server.root / "python_error.ipynb", "1 / 0")
    notebook = opened("python_error.ipynb")
    notebook.run_all()
    assert notebook.errors()[0]["ename"] == "ZeroDivisionError"


def test_a_javascript_error_is_detected(opened, server):
    code = "from IPython.display import Javascript\nJavascript('setTimeout(() => { throw new Error(\"planted\") })')"
    write_notebook(server.root / "javascript_error.ipynb", code)
    notebook = opened("javascript_error.ipynb")
    with notebook.page.expect_event("pageerror"):
        notebook.run_all()
    assert any("planted" in complaint for complaint in notebook.complaints)


def test_a_request_to_the_outside_is_detected(opened, server):
    code = "from IPython.display import HTML\nHTML('<img src=\"http://192.0.2.1/x.png\">')"
    write_notebook(server.root / "request.ipynb", code)
    notebook = opened("request.ipynb")
    with notebook.page.expect_request("http://192.0.2.1/**"):
        notebook.run_all()
    assert any("request to the outside" in complaint for complaint in notebook.complaints)


def test_a_picture_that_does_not_move_is_detected(opened, server):
    code = """
from mlt_nn.plots.picture import Picture
from mlt_nn.widgets.controls import Slider
from mlt_nn.widgets.interactive import Interactive
svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
slider = Slider("w", 1, 0, 5, 1)
"""
    fixed = 'Interactive("fixed", [slider], lambda: (Picture(svg, "c", "always the same", 9), f"w is {slider.value}"))'
    moving = (
        'Interactive("moving", [slider], lambda: (Picture(svg, "c", f"{slider.value}", 9), f"w is {slider.value}"))'
    )
    write_notebook(server.root / "stuck.ipynb", code, fixed, moving)
    notebook = opened("stuck.ipynb")
    notebook.run_all()
    assert moves(notebook, '"moving"')
    assert not moves(notebook, '"fixed"')
