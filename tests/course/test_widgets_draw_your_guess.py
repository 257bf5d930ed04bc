"""Draw your guess: nothing of what was measured is seen before it is asked for, and the words compare by numbers."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from mlt_nn.support.colors import BLUE, VERMILION
from mlt_nn.widgets import draw_your_guess
from mlt_nn.widgets.draw_your_guess_words import compared

from .widget_parts import SVG, press

EPOCHS = (1, 2, 4, 8)
MEASURED = [80.0, 40.0, 0.777, 3.0]
# Where the axes are on the drawing: from the first place to the last, and from the lower end to the upper.
FIRST, LAST, BOTTOM, TOP = 74 + 410 * 0.3 / 3.6, 74 + 410 * 3.3 / 3.6, 256, 36


def on_epochs(measured=lambda: MEASURED, **changed):
    axes = {"y": (0.1, 1000.0), "given": {1: 80.0}, "log_y": True} | changed
    return draw_your_guess("The loss", EPOCHS, measured, "epoch", "loss", **axes)


def on_lambda(measured=lambda: [0.8, 0.9, 0.1]):
    return draw_your_guess("Right", (0, 1, 10), measured, "lambda", "share", (0.0, 1.0), {0: 0.8})


def sliders(widget):
    return widget.children[1].children[0].children


def show(widget):
    press(widget, "Show what was measured")


def stroke(widget, *places):
    """Draw through places of the drawing, as the browser tells it."""
    for place in places:
        widget.children[-1].drag = (*places[0], *place)


def curves(widget):
    """The lines that are drawn, by their colors: the points of each, as (place from 0 to 3, share of the height)."""
    found = ElementTree.fromstring(widget.current.drawing).iter(f"{SVG}polyline")
    unit = np.array([(LAST - FIRST) / 3, TOP - BOTTOM])
    return {
        line.get("stroke"): (
            np.array([place.split(",") for place in line.get("points").split()], dtype=float) - [FIRST, BOTTOM]
        )
        / unit
        for line in found
    }


def test_before_it_is_shown_nothing_is_measured_and_the_still_has_empty_axes():
    called = []
    widget = on_epochs(lambda: called.append(1) or MEASURED)
    assert widget.words == "Given is 80 at epoch 1. Draw the rest."
    sliders(widget)[1].value = 10
    press(widget, "Draw again")
    assert not called
    assert curves(widget) == {}
    stored = str(widget._repr_mimebundle_())
    assert "given: 80" in widget.current.drawing
    assert "0.777" not in stored + widget.current.drawing


def test_what_was_measured_is_laid_over_the_guess():
    widget = on_epochs()
    sliders(widget)[0].value = 10
    show(widget)
    drawn = curves(widget)
    assert drawn[BLUE][:, 0] == pytest.approx([0, 1, 2, 3], abs=0.001)
    assert drawn[BLUE][1] == pytest.approx([1, 0.5], abs=0.002)
    assert drawn[VERMILION][:, 1] == pytest.approx((np.log10(MEASURED) + 1) / 4, abs=0.002)
    assert "Yours: 80 at 1, 10 at 2, 76 at 4, 76 at 8. Measured: 80 at 1, 40 at 2, 0.777 at 4, 3 at 8." in (
        widget.current.alt
    )
    press(widget, "Draw again")
    assert curves(widget) == {}
    assert "Measured" not in widget.current.alt
    assert {slider.value for slider in sliders(widget)} == {76.0}


def test_who_has_drawn_nothing_is_asked_to_draw_first():
    widget = on_epochs(lambda: pytest.fail("measured too early"))
    show(widget)
    assert widget.words == "Given is 80 at epoch 1. Draw first: then it is shown."
    sliders(widget)[0].value = 10  # and it is not shown by itself then
    assert widget.words == "You drew 10 at epoch 2."


def test_each_point_has_a_slider_with_a_name_and_the_given_one_has_none():
    assert [(slider.tooltip, slider.orientation) for slider in sliders(on_epochs())] == [
        (f"epoch {epoch}", "vertical") for epoch in EPOCHS[1:]
    ]
    for widget, ends in ((on_epochs(), (0.1, 1000)), (on_lambda(), (0, 1))):
        for slider in sliders(widget):
            for end, power in zip(ends, (-1, 3), strict=True):
                slider.value = end
                assert slider.value == pytest.approx(end)
                assert (slider.min, slider.max)[end == ends[1]] == (power if widget.current.alt.count("log") else end)
                assert widget.words.startswith("You drew ")


def test_what_the_browser_rounds_is_not_taken_for_a_drawing():
    widget = on_epochs()
    for slider in sliders(widget):
        slider.value *= 1.001
    assert widget.words.startswith("Given is ")


def test_a_stroke_sets_the_points_that_it_passes():
    widget = on_epochs()
    stroke(widget, (FIRST - 10, TOP), (FIRST + 40, TOP + 55), (LAST - 5, BOTTOM))
    wanted = 0.75 * (1 - (np.array([1, 2]) * (LAST - FIRST) / 3 - 40) / (LAST - 5 - FIRST - 40))
    assert curves(widget)[BLUE][1:, 1] == pytest.approx([*wanted, 0], abs=0.011)  # half a step
    # The given point stays, whatever is drawn over it.
    assert "Yours: 80 at 1, " in widget.current.alt
    before = curves(widget)[BLUE]
    stroke(widget, (LAST, TOP - 500))
    assert curves(widget)[BLUE][:3] == pytest.approx(before[:3])
    assert curves(widget)[BLUE][3] == pytest.approx([3, 1], abs=0.001)


def test_a_stroke_that_begins_where_the_last_one_did_is_another_one():
    widget = on_epochs()
    stroke(widget, (FIRST, TOP), (LAST, TOP))
    stroke(widget, (FIRST, TOP))
    stroke(widget, (FIRST, TOP), (FIRST + 3, BOTTOM))
    assert curves(widget)[BLUE][1:, 1] == pytest.approx([1, 1, 1], abs=0.001)


def test_the_right_curve_can_be_drawn_at_the_height_that_the_axes_say():
    widget = on_lambda()
    first, last = 74 + 410 * 0.3 / 2.6, 74 + 410 * 2.3 / 2.6
    stroke(widget, ((first + last) / 2, BOTTOM + 0.9 * (TOP - BOTTOM)))
    stroke(widget, (last, BOTTOM + 0.1 * (TOP - BOTTOM)))
    show(widget)
    assert [slider.value for slider in sliders(widget)] == pytest.approx([0.9, 0.1])
    assert widget.words.startswith("Well seen: nowhere farther off than at lambda 0, ")


@pytest.mark.parametrize(
    ("drawn", "measured", "words"),
    [
        # Falls too slowly.
        (
            [8, 7, 6, 5],
            [8, 2, 1, 1],
            "It falls, as you drew it. Farthest apart at epoch 2: you drew 7, 2 was measured, 5 too high. "
            "Half of the way down is done by epoch 2, yours by epoch 4. It ends with 1; yours is 4 too high.",
        ),
        # Starts too high.
        (
            [9, 3, 2, 1],
            [5, 4, 3, 1],
            "It falls, as you drew it. Farthest apart at epoch 1: you drew 9, 5 was measured, 4 too high. "
            "Half of the way down is done by epoch 8, yours by epoch 2.",
        ),
        (
            [1, 2, 3, 9],
            [1, 1, 2, 5],
            "It rises, as you drew it. Farthest apart at epoch 8: you drew 9, 5 was measured, 4 too high.",
        ),
        # The other way.
        (
            [5, 5, 5, 9],
            [5, 5, 5, 1],
            "It falls; yours rises. Farthest apart at epoch 8: you drew 9, 1 was measured, 8 too high.",
        ),
        (
            [5, 5, 5, 5],
            [5, 5, 5, 1],
            "It falls; yours stays nearly where it is. "
            "Farthest apart at epoch 8: you drew 5, 1 was measured, 4 too high.",
        ),
        # Misses the turn, turns where nothing turns, turns elsewhere.
        (
            [1, 2, 3, 4],
            [1, 6, 8, 2],
            "It turns, and yours does not: it is highest at epoch 4, 8. "
            "Farthest apart at epoch 4: you drew 3, 8 was measured, 5 too low. It ends with 2; yours is 2 too high.",
        ),
        (
            [8, 1, 3, 6],
            [8, 6, 5, 4],
            "Yours is lowest at epoch 2 and turns there; what was measured does not turn. "
            "Farthest apart at epoch 2: you drew 1, 6 was measured, 5 too low. It ends with 4; yours is 2 too high.",
        ),
        (
            [1, 9, 5, 2],
            [1, 3, 8, 2],
            "It is highest at epoch 4, 8; yours is highest at epoch 2, 9. "
            "Farthest apart at epoch 2: you drew 9, 3 was measured, 6 too high.",
        ),
        ([8, 4, 2, 1], [8, 4.2, 2, 1], "Well seen: nowhere farther off than at epoch 2, 0.2 too low."),
        ([5, 1, 5, 5], [5, 5, 5, 5], "Yours is lowest at epoch 2 and turns there; what was measured does not turn. "),
    ],
)
def test_the_words_say_how_they_differ(drawn, measured, words):
    said = compared(EPOCHS, "epoch", np.array(drawn, dtype=float), np.array(measured, dtype=float), 10.0)
    assert said.startswith(words) if words.endswith(" ") else said == words


@pytest.mark.parametrize(
    ("guess", "off"), [(30.0, "6 times too high."), (0.05, "100 times too low, 2 orders of magnitude.")]
)
def test_on_a_log_axis_they_compare_by_factors_and_orders_of_magnitude(guess, off):
    drawn, measured = np.array([80.0, 9.0, guess, 0.1]), np.array([80.0, 9.0, 5.0, 0.1])
    assert off in compared(EPOCHS, "epoch", drawn, measured, 4.0, log_y=True)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 0.0, -1.0])
@pytest.mark.filterwarnings("error")
def test_what_cannot_be_drawn_is_named_and_the_rest_is_compared(bad):
    widget = on_epochs(lambda: [80.0, bad, 10.0, 1.0])
    sliders(widget)[2].value = 1.0
    show(widget)
    assert widget.words.startswith("No number that can be drawn was measured at epoch 2. It falls, as you drew it. ")
    assert len(curves(widget)[VERMILION]) == 2  # in pieces: the last of them
    widget = on_epochs(lambda: [80.0, bad, bad, bad])
    sliders(widget)[2].value = 1.0
    show(widget)
    assert widget.words == "No number that can be drawn was measured at epoch 2, 4, 8."


def test_it_is_measured_once_and_a_function_not_written_is_named_until_it_is():
    called = []

    def measured():
        called.append(1)
        if len(called) == 1:
            raise NotImplementedError("train is yours to write")
        return MEASURED

    widget = on_epochs(measured)
    sliders(widget)[0].value = 10
    show(widget)
    assert widget.words == "Nothing to see yet: train is yours to write"
    show(widget)
    assert len(curves(widget)) == 2
    sliders(widget)[1].value = 10
    assert len(called) == 2


@pytest.mark.parametrize(
    ("returned", "told"),
    [([1.0, 2.0], "2 numbers were measured for 4 places"), (None, "what was measured"), ([[1.0]] * 4, "(4, 1)")],
)
def test_a_result_that_is_no_curve_is_refused_in_words(returned, told):
    widget = on_epochs(lambda: returned)
    sliders(widget)[0].value = 10
    show(widget)
    assert told in widget.words


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"given": {}}, "given names [], expected one or several of x: [1, 2, 4, 8]"),
        ({"given": {3: 1.0}}, "given names [3]"),
        ({"y": (0, 10)}, "y is (0, 10), and a log axis has only numbers above 0"),
    ],
)
def test_axes_that_make_no_sense_are_refused(changed, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        on_epochs(**changed)
