"""A list and radio buttons move by the arrow keys, although JupyterLab has other plans for these."""

import nbformat

SOURCE = """
import ipywidgets
from mlt_nn.plots import Picture
from mlt_nn.widgets.controls import Choice
from mlt_nn.widgets.interactive import Interactive

choice = Choice("choice", ["a", "b", "c"])
chosen = ipywidgets.Dropdown(options=["x", "y", "z"])
svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'
Interactive("keys", [choice, chosen], lambda: (Picture(svg, "c", f"{choice.value} and {chosen.value}", 9), "s"))
"""


def test_arrow_keys_reach_the_controls(open_notebook, server):
    cells = [nbformat.v4.new_code_cell(SOURCE), nbformat.v4.new_code_cell("'the next cell'")]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), server[0] / "keys.ipynb")
    notebook = open_notebook("keys.ipynb")
    notebook.run_all()
    cell = notebook.show_cell("Interactive(")
    cell.locator("figure img").wait_for()
    for control, key, said in (
        ("input[type=radio]", "ArrowRight", "b and x"),
        ("select", "ArrowDown", "b and y"),
        ("input[type=radio] >> nth=1", "ArrowDown", "c and y"),
    ):
        cell.locator(control).first.focus()
        notebook.page.keyboard.press(key)
        cell.locator(f'figure img[alt="{said}"]').wait_for(timeout=10_000)
    assert not notebook.complaints
