"""What goes wrong in a browser is detected: in each of them."""

import pytest
from browser import write_notebook

pytestmark = pytest.mark.thorough

JAVASCRIPT = "from IPython.display import Javascript\nJavascript('setTimeout(() => { throw new Error(\"planted\") })')"
OUTSIDE = "http://192.0.2.1/"
REQUEST = f"from IPython.display import HTML\nHTML('<img src=\"{OUTSIDE}x.png\">')"
WIDGETS = """
from mlt_nn.plots.picture import Picture
from mlt_nn.widgets.controls import Slider
from mlt_nn.widgets.interactive import Interactive
svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
slider = Slider("w", 1, 0, 5, 1)
"""
FIXED = 'Interactive("fixed", [slider], lambda: (Picture(svg, "c", "always the same", 9, 9), f"w is {slider.value}"))'
MOVING = 'Interactive("moving", [slider], lambda: (Picture(svg, "c", f"{slider.value}", 9, 9), f"w is {slider.value}"))'


@pytest.fixture(scope="module")
def notebook(each_lab, server):
    """A notebook in which all of it goes wrong, run; the Python error comes last, for no cell runs after it."""
    write_notebook(server.root / "wrong.ipynb", JAVASCRIPT, REQUEST, WIDGETS, FIXED, MOVING, "1 / 0")
    with each_lab.open("wrong.ipynb") as notebook:
        page = notebook.page
        with (
            page.expect_event("pageerror"),
            page.expect_event("request", lambda request: request.url.startswith(OUTSIDE)),
        ):
            notebook.run_all()
        yield notebook


def test_a_python_error_is_detected(notebook):
    (error,) = notebook.errors()
    assert error["ename"] == "ZeroDivisionError"


def test_a_javascript_error_is_detected(notebook):
    assert any("planted" in complaint for complaint in notebook.complaints)


def test_a_request_to_the_outside_is_detected(notebook):
    assert any(f"request to the outside: {OUTSIDE}" in complaint for complaint in notebook.complaints)


def test_a_picture_that_does_not_move_is_detected(notebook, moves):
    assert moves(notebook, '"moving"')
    assert not moves(notebook, '"fixed"', seconds=1)
