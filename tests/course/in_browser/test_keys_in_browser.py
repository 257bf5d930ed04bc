"""A list and radio buttons move by the arrow keys, although JupyterLab has other plans for these."""

import pytest
from browser import write_notebook

pytestmark = pytest.mark.thorough

SOURCE = """
import ipywidgets
from mlt_nn.plots import Picture
from mlt_nn.widgets.controls import Choice
from mlt_nn.widgets.interactive import Interactive

choice = Choice("choice", ["a", "b", "c"])
chosen = ipywidgets.Dropdown(options=["x", "y", "z"])
svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'
Interactive("keys", [choice, chosen], lambda: (Picture(svg, "c", f"{choice.value} and {chosen.value}", 9, 9), "s"))
"""


def test_arrow_keys_reach_the_controls(opened, server):
    write_notebook(server.root / "keys.ipynb", SOURCE, "'the next cell'")
    notebook = opened("keys.ipynb")
    notebook.run_all()
    cell = notebook.show_cell("Interactive(")
    cell.locator("figure img").wait_for()
    notebook.page.evaluate("window.heard = []; window.addEventListener('keydown', (event) => heard.push(event.key))")
    for control, key, said in (
        ("input[type=radio]", "ArrowRight", "b and x"),
        ("select", "ArrowDown", "b and y"),
        ("input[type=radio] >> nth=1", "ArrowDown", "c and y"),
    ):
        cell.locator(control).first.focus()
        notebook.page.keyboard.press(key)
        cell.locator(f'figure img[alt="{said}"]').wait_for(timeout=10_000)
    assert notebook.page.evaluate("heard") == []  # VS Code and the classic Notebook would move to another cell
    notebook.page.keyboard.press("Control")
    assert notebook.page.evaluate("heard") == ["Control"]
    assert not notebook.complaints
