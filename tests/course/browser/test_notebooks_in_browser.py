"""Every notebook as a student sees it: run in JupyterLab in a real browser, offline, each widget moved by keyboard."""

import nbformat
import pytest

from mlt_nn.catalogue import NOTEBOOKS


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_runs_and_every_widget_moves(open_notebook, name):
    notebook = open_notebook(f"course/{name}.ipynb")
    notebook.run_all()
    assert not notebook.errors()
    cells = notebook.outputs()
    for source, outputs in cells:
        if source.startswith("check("):
            assert ": right." in outputs[0]["data"]["text/plain"], source
    interactive = [source for source, outputs in cells if "[interactive]" in str(outputs)]
    for source in interactive:
        cell = notebook.show_cell(source)
        cell.locator("figure img").first.wait_for(timeout=20_000)
        assert moved_by_keyboard(notebook.page, cell), f"nothing moved: {source}"
    for cell in notebook.page.locator(".jp-OutputArea-output").all():
        assert "Error displaying widget" not in (cell.text_content() or "")
    assert not notebook.complaints


def moved_by_keyboard(page, cell):
    """Press a key on each kind of control in turn until the picture, in words, is another one."""
    picture = cell.locator("figure img").first
    before = picture.get_attribute("alt")
    for control, key in (("input[type=number]", "ArrowUp"), ("input[type=number]", "ArrowDown"), ("button", "Enter")):
        for element in cell.locator(f".jp-OutputArea-output {control}").all():
            element.focus()
            page.keyboard.press(key)
            if control != "button":
                page.keyboard.press("Tab")
            try:
                page.wait_for_function(
                    "([image, before]) => !image.isConnected || image.alt !== before",
                    arg=[picture.element_handle(), before],
                    timeout=3_000,
                )
            except Exception:
                continue
            return True
    return False


def small(tmp_root, name, *sources):
    """A notebook for a test of the tests."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), tmp_root / f"{name}.ipynb")
    return f"{name}.ipynb"


def test_a_python_error_is_detected(open_notebook, server):
    notebook = open_notebook(small(server[0], "python_error", "1 / 0"))
    notebook.page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
    notebook.page.wait_for_selector(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']")
    assert notebook.errors()[0]["ename"] == "ZeroDivisionError"


def test_a_javascript_error_is_detected(open_notebook, server):
    code = "from IPython.display import Javascript\nJavascript('setTimeout(() => { throw new Error(\"planted\") })')"
    notebook = open_notebook(small(server[0], "javascript_error", code))
    notebook.run_all()
    notebook.page.wait_for_timeout(500)
    assert any("planted" in complaint for complaint in notebook.complaints)


def test_a_request_to_the_outside_is_detected(open_notebook, server):
    code = "from IPython.display import HTML\nHTML('<img src=\"http://192.0.2.1/x.png\">')"
    notebook = open_notebook(small(server[0], "request", code))
    notebook.run_all()
    notebook.page.wait_for_timeout(500)
    assert any("request to the outside" in complaint for complaint in notebook.complaints)


def test_a_picture_that_does_not_move_is_detected(open_notebook, server):
    code = """
from mlt_nn.plots.picture import Picture
from mlt_nn.widgets.controls import Slider
from mlt_nn.widgets.interactive import Interactive
svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
slider = Slider("w", 1, 0, 5, 1)
"""
    fixed = 'Interactive("fixed", [slider], lambda: (Picture(svg, "c", "always the same", 9), "s"))'
    moving = 'Interactive("moving", [slider], lambda: (Picture(svg, "c", f"w is {slider.value}", 9), "s"))'
    notebook = open_notebook(small(server[0], "stuck", code, fixed, moving))
    notebook.run_all()
    for source, moves in (('"fixed"', False), ('"moving"', True)):
        cell = notebook.show_cell(source)
        cell.locator("figure img").first.wait_for()
        assert moved_by_keyboard(notebook.page, cell) == moves
