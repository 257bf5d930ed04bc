"""The base of the widgets: controls that agree with each other, and a picture that survives the reader's functions."""

import base64
import math
import re
import threading

import hypothesis.strategies as some
import ipywidgets
import nbformat
import pytest
from hypothesis import given, settings
from nbconvert import HTMLExporter

from mlt_nn.plots.picture import Picture
from mlt_nn.widgets.controls import Choice, Counter, IntSlider, LogSlider, Slider
from mlt_nn.widgets.interactive import Interactive, Link
from mlt_nn.widgets.mending import STATUS

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"></svg>'


def picture(alt="a picture"):
    return Picture(SVG, caption="See.", alt=alt, width=80, height=40)


def halves(x):
    """An Interactive whose status is half of x, and the list of the values that were drawn."""
    drawn = []

    def view():
        drawn.append(x.value)
        return picture(f"half of {x.value}"), f"half of it is {x.value / 2}"

    return Interactive("halves", [x], view), drawn


def test_the_picture_and_the_words_follow_the_control():
    x = Slider("x", 1.0, -3.0, 3.0, 0.1)
    widget, drawn = halves(x)
    x.value = 2
    assert drawn == [1.0, 2.0]
    assert widget.words == "half of it is 1.0"
    assert STATUS in widget.status._dom_classes
    assert widget.words in widget.status.value
    assert "half of 2.0" in widget.picture.value


def test_what_moves_while_a_picture_is_drawn_is_drawn_next():
    # JupyterLab brings the messages of the controls in more than one thread.
    x, y = Slider("x", 0, -3, 3), Slider("y", 0, -3, 3)
    drawing, go_on = threading.Event(), threading.Event()

    def view():
        both = f"{x.value} and {y.value}"
        if x.value:
            drawing.set()
            go_on.wait(60)
        return picture(), both

    widget = Interactive("both", [x, y], view)
    first = threading.Thread(target=_dragged, args=(x, 1.0))
    second = threading.Thread(target=_dragged, args=(y, 2.0))
    first.start()
    assert drawing.wait(60)
    second.start()
    second.join(0.5)  # time enough to be lost
    go_on.set()
    for thread in (first, second):
        thread.join()
    assert widget.words == "1.0 and 2.0"


def _dragged(control, value):
    """What the kernel is told when the slider of a control is dragged."""
    update = {"method": "update", "state": {"value": value}, "buffer_paths": []}
    control.children[1].comm.handle_msg({"content": {"data": update}, "buffers": []})


@pytest.mark.parametrize("part", [0, 1])
def test_a_slider_and_its_text_field_agree(part):
    x = Slider("x", 1.0, -3.0, 3.0, 0.1)
    x.children[part].value = -2.5
    assert [x.value, *(child.value for child in x.children)] == [-2.5, -2.5, -2.5]


@pytest.mark.parametrize(
    ("control", "far", "end"),
    [
        (Slider("x", 1.0, -3.0, 3.0, 0.1), 1e9, 3.0),
        (Slider("x", 1.0, -3.0, 3.0, 0.1), -math.inf, -3.0),
        (IntSlider("n", 2, 1, 10), 99, 10),
        (LogSlider("rate", 0.01, 3e-4, 30.0), 0, 3e-4),
        (Counter("layers", 1, 0, 4), -1, 0),
    ],
)
def test_a_value_outside_the_range_becomes_its_end(control, far, end):
    control.value = far
    assert control.value == end
    assert control.children[0].value == end


@pytest.mark.parametrize(
    ("control", "far", "said"),
    [
        (Slider("x", 1.0, -3.0, 3.0, 0.1), 12, "x goes from -3 to 3 here, so 12 became 3."),
        (Slider("x", 3.0, -3.0, 3.0, 0.1), 12, "x goes from -3 to 3 here, so 12 became 3."),
        (IntSlider("n", 2, 1, 10), -1, "n goes from 1 to 10 here, so -1 became 1."),
        (LogSlider("rate", 0.01, 0.001, 30.0), 0, "rate goes from 0.001 to 30 here, so 0 became 0.001."),
        (Counter("layers", 1, 0, 4), 5, "layers goes from 0 to 4 here, so 5 became 4."),
    ],
)
def test_a_number_typed_beyond_an_end_is_set_to_it_and_said_so_until_the_next_picture(control, far, said):
    widget, drawn = halves(control)
    field = control.children[0]
    for _ in range(2):  # said once more when it is typed once more
        field.value = far
        assert field.value == control.value == drawn[-1]
        assert f">{said}<" in widget.status.value
        widget.refresh()
        assert f">half of it is {control.value / 2}<" in widget.status.value


@given(low=some.floats(1e-9, 1e9), decades=some.floats(0.3, 12))
@settings(max_examples=50)
def test_a_log_slider_reaches_both_of_its_ends(low, decades):
    high = low * 10**decades
    rate = LogSlider("rate", low, low, high)
    assert rate.value == low
    for end in (high, low):
        rate.children[1].value = rate.children[1].max if end == high else rate.children[1].min
        assert low <= rate.value <= high
        rate.value = end
        assert (rate.value, rate.children[0].value) == (end, end)


def test_a_dragged_log_slider_gives_a_short_number_and_a_typed_one_stays():
    rate = LogSlider("rate", 0.01, 1e-4, 10.0)
    rate.children[1].value = 10**-2.5
    assert rate.value == 0.003
    assert rate.children[1].value == 10**-2.5  # what is under the hand stays there
    rate.children[0].value = 0.00316
    assert rate.value == 0.00316


def test_a_number_between_two_steps_survives_the_browser_that_shows_it_at_the_nearer_one():
    x, rate = Slider("x", 0.0, -10.0, 10.0, 0.1), LogSlider("rate", 0.01, 1e-4, 10.0)
    x.value, x.children[1].value = 0.625, 0.6
    rate.value, rate.children[1].value = 0.05, 10**-1.5
    assert (x.value, rate.value) == (0.625, 0.05)
    x.children[1].value, rate.children[1].value = 0.7, 0.1
    assert (x.value, rate.value) == (0.7, 0.1)


def test_a_dragged_slider_gives_a_number_without_rounding_errors():
    x = Slider("x", 0.0, -10.0, 10.0, 0.1)
    x.children[1].value = -10 + 106 * 0.1
    assert x.children[1].value != 0.6
    assert x.value == 0.6


def test_the_buttons_of_a_counter_stop_at_its_ends():
    layers = Counter("layers", 1, 0, 2)
    _, fewer, more = layers.children
    seen = []
    for button in (more, more, fewer, fewer, fewer):
        button.click()
        seen.append(layers.value)
    assert seen == [2, 2, 1, 0, 0]


def test_a_preset_sets_several_controls_and_draws_once():
    x, n = Slider("x", 1.0, -3.0, 3.0, 0.1), IntSlider("n", 2, 1, 10)
    drawn = []

    def view():
        drawn.append((x.value, n.value))
        return picture(), "drawn"

    widget = Interactive("two", [x, n], view, presets={"far": {x: 3, n: 7}})
    button = widget.children[0].children[0]
    assert button.description == "far"
    button.click()
    assert drawn == [(1.0, 2), (3.0, 7)]


def test_a_link_in_a_sentence_sets_several_controls_and_draws_once():
    x, n = Slider("x", 1.0, -3.0, 3.0, 0.1), IntSlider("n", 2, 1, 10)
    drawn = []

    def view():
        drawn.append((x.value, n.value))
        return picture(), "drawn"

    sentence = ["Is 3 < 7? See ", Link("far", "x and n far out", {x: 3, n: 7}), "."]
    said, link, stop = Interactive("two", [x, n], view, sentence=sentence).children[0].children
    assert (said.value, stop.value) == ("Is 3 &lt; 7? See ", ".")
    assert (link.description, link.tooltip) == ("far", "x and n far out")
    link.click()
    assert drawn == [(1.0, 2), (3.0, 7)]


def test_controls_in_a_box_are_followed():
    x = Choice("which", ["one", "two"])
    drawn = []

    def view():
        drawn.append(x.value)
        return picture(), "drawn"

    Interactive("boxed", [ipywidgets.HBox([ipywidgets.Button(description="again"), x])], view)
    x.value = "two"
    assert drawn == ["one", "two"]


def test_a_view_may_set_a_control_without_being_called_again():
    x = Slider("x", 1.0, -3.0, 3.0, 0.1)
    drawn = []

    def view():
        drawn.append(x.value)
        x.value = round(x.value)
        return picture(), "drawn"

    Interactive("rounds", [x], view)
    x.value = 1.7
    assert (drawn, x.value) == ([1.0, 1.7], 2.0)


def test_a_function_not_written_yet_is_named_in_place_of_the_picture():
    def view():
        raise NotImplementedError("sigmoid is yours to write: open mlt_nn/activations.py")

    widget = Interactive("unwritten", [], view)
    assert "sigmoid is yours to write: open mlt_nn/activations.py" in widget.picture.value
    assert 'role="alert"' in widget.picture.value
    assert "text/html" not in widget._repr_mimebundle_()


def test_a_failing_function_is_named_with_its_line_and_the_widget_recovers():
    x = Slider("x", 1.0, -3.0, 3.0, 0.1)

    def reciprocal(number):
        return 1 / number

    widget = Interactive("1/x", [x], lambda: (picture(), f"1/x = {reciprocal(x.value)}"))
    x.value = 0
    assert "Your function reciprocal failed at `return 1 / number`" in widget.words
    assert "ZeroDivisionError" in widget.words
    assert re.search("ZeroDivisionError: (float )?division", widget.picture.value)  # "float" before Python 3.14
    assert widget.status.value == ""
    x.value = 2
    assert widget.words == "1/x = 0.5"
    assert "<img" in widget.picture.value


def test_what_a_function_says_cannot_break_out_of_the_page():
    def view():
        raise ValueError("<script>alert(1)</script>")

    assert "<script>" not in Interactive("hostile", [], view).picture.value


def test_the_place_of_the_picture_keeps_its_height():
    x = Slider("x", 1.0, -3.0, 3.0, 0.1)
    widget = Interactive("1/x", [x], lambda: (picture(), f"1/x = {1 / x.value}"))
    x.value = 0
    assert widget.picture.layout.min_height == "40px"  # 80 wide, and the drawing is 40 by 20


def test_a_notebook_stores_a_still_picture_beside_the_live_widget():
    widget, _ = halves(Slider("x", 1.0, -3.0, 3.0, 0.1))
    bundle = widget._repr_mimebundle_()
    assert bundle["text/plain"] == "[interactive] halves: half of it is 0.5"
    assert '<img alt="half of 1.0"' in bundle["text/html"]
    assert ">half of it is 0.5 <em>This is a still: run the cell to move it.</em></p>" in bundle["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_presets_to_be_compared_are_stored_side_by_side_and_the_controls_stay_where_they_are():
    x = Slider("x", 1.0, -3.0, 3.0, 0.1)

    def view():
        return picture(f"1/x at {x.value}"), f"1/x = {1 / x.value:g}"

    cases = {"two": {x: 2.0}, "none": {x: 0.0}, "three": {x: 3.0}, "four": {x: 4.0}}
    widget = Interactive("1/x", [x], view, cases, compared=("two", "none", "three"))
    bundle = widget._repr_mimebundle_()
    assert re.findall('<img alt="(.*?)"', bundle["text/html"]) == ["1/x at 2.0", "1/x at 3.0"]
    assert ">1/x = 0.5</p>" in bundle["text/html"]
    assert ">Your function view failed" in bundle["text/html"]
    assert bundle["text/html"].count("This is a still: run the cell to move it.") == 1
    assert bundle["text/plain"] == "[interactive] 1/x: 1/x = 1"
    assert (x.value, widget.words) == (1.0, "1/x = 1")


def test_an_export_to_html_holds_the_still_picture():
    x = Slider("x", 1.0, -3.0, 3.0, 0.1)
    widget, _ = halves(x)
    data = {kind: data for kind, data in widget._repr_mimebundle_().items() if "widget-view" not in kind}
    output = nbformat.v4.new_output("execute_result", data, execution_count=1)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("halves", outputs=[output])])
    page, _ = HTMLExporter().from_notebook_node(notebook)
    (image,) = re.findall(r"<img[^>]*>", page)
    assert f'alt="{widget.current.alt}"' in image
    assert base64.b64encode(SVG.encode()).decode() in image
    assert widget.current.caption in page
