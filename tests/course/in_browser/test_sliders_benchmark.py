"""The benchmark of the sliders measures what it says: each key press, and a picture that is another one."""

import pytest
from benchmarks.sliders import PRESSES, REPEATS_PER_SECOND, Speed, row, speed
from browser import EXAMPLES, write_notebook

pytestmark = pytest.mark.thorough

STUCK = """
from mlt_nn.plots.picture import Picture
from mlt_nn.widgets.controls import Slider
from mlt_nn.widgets.interactive import Interactive
def stuck():
    slider = Slider("w", 1, 0, 5, 1)
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    return Interactive("stuck", [slider], lambda: (Picture(svg, "c", "always the same", 9, 9), f"{slider.value}"))
stuck()
"""


def test_each_press_is_measured_and_a_picture_that_stays_is_named(opened, server):
    write_notebook(server.root / "speed.ipynb", EXAMPLES["activations"], STUCK)
    notebook = opened("speed.ipynb")
    notebook.run_all()
    measured = speed(notebook, "activations")
    assert len(measured.milliseconds) == PRESSES
    assert min(measured.milliseconds) > 0
    assert 0 < measured.held <= REPEATS_PER_SECOND
    # All but the first of a key really held; at an end of the slider another one is taken.
    assert notebook.page.evaluate("() => mltNnRecord.repeats") >= REPEATS_PER_SECOND - 3
    notebook.page.set_default_timeout(1000)
    try:
        with pytest.raises(RuntimeError, match="stuck: key press 1 changed no picture"):
            speed(notebook, "stuck")
    finally:
        notebook.page.set_default_timeout(30_000)  # Playwright's own


def test_the_row_of_a_widget_holds_median_least_and_most():
    assert row(Speed("activations", (10.4, 20.0, 90.0), 12)) == ("activations", 20, 10, 90, 12)
