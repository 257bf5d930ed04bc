"""What goes wrong in a browser is detected: in each of them."""

import pytest
from browser import write_notebook

pytestmark = pytest.mark.thorough


@pytest.fixture
def browser(each_browser):
    return each_browser


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
    with notebook.page.expect_event("request", lambda request: request.url.startswith("http://192.0.2.1/")):
        notebook.run_all()
    assert any("request to the outside" in complaint for complaint in notebook.complaints)


def test_a_picture_that_does_not_move_is_detected(opened, server, moves):
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
    assert not moves(notebook, '"fixed"', seconds=1)
