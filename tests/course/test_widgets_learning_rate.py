"""The learning-rate widget: each button does what its name says, and no path is too wild to be drawn."""

import math
from xml.etree import ElementTree

import numpy as np
import pytest

from mlt_nn.widgets.learning_rate import (
    POINTS,
    RATES,
    START,
    STEPS,
    descend,
    learning_rate,
    path_picture,
    surface,
    total_loss,
    verdict,
)


@pytest.fixture
def functions(solved):
    exercise = solved("scalar_network")
    return exercise.forward, exercise.loss, exercise.backward


def buttons(widget):
    return {button.description: button for button in widget.children[0].children}


def controls(widget):
    rate, steps = widget.children[1].children[1:3]
    return rate, steps, steps.children[-1]


def start_of(widget):
    return widget.children[1].children[3:]


def drag(widget, *way):
    """From (x0, y0) to (x, y), in pixels of the picture."""
    widget.children[-1].drag = way


@pytest.mark.parametrize("name", RATES)
def test_each_button_does_what_its_name_says(functions, name):
    widget = learning_rate(*functions)
    buttons(widget)[f"{name} ({RATES[name]:g})"].click()
    assert widget.words.startswith(f"Learning rate {RATES[name]:g}. {name.capitalize()}: ")


def test_the_default_view_is_the_good_one(functions):
    assert learning_rate(*functions).words.startswith("Learning rate 0.03. Good: ")


def test_the_loss_is_the_one_in_the_caption(functions):
    forward, loss, _ = functions
    for w1, w2 in [START, (1.0, 1.0), (2.0, 0.25)]:
        assert total_loss(forward, loss, w1, w2) == pytest.approx(2 * (w1 * w2 - 1) ** 2, abs=1e-14)
    assert sum(x * y for x, y in POINTS) == pytest.approx(4)


def test_a_step_goes_against_the_gradient(functions):
    # The loss 2 (w1 w2 - 1)^2 has the gradient 4 (w1 w2 - 1) (w2, w1): at (-1/2, 1) it is (-6, 3).
    path = descend(*functions, rate=0.1, steps=1)
    np.testing.assert_allclose(path[:, :2], [[-0.5, 1.0], [0.1, 0.7]], rtol=1e-14)
    assert path[0, 2] == pytest.approx(4.5)


def test_one_step_a_press(functions):
    widget = learning_rate(*functions)
    rate, steps, one_step = controls(widget)
    buttons(widget)["back to the start"].click()
    assert widget.words == "Learning rate 0.03. The loss at the start is 4.5. Press One step."
    one_step.click()
    assert steps.value == 1
    assert "After 1 step the loss went from 4.5 to " in widget.words
    assert rate.value == RATES["good"]


def test_one_step_works_at_once_and_takes_the_first_step_after_the_last(functions):
    widget = learning_rate(*functions)
    _, steps, one_step = controls(widget)
    assert steps.value == STEPS
    one_step.click()
    assert steps.value == 1
    assert "goes in 1 step from (-0.5, 1) to " in widget.current.alt


def test_the_start_is_dragged_and_moved_by_its_sliders(functions):
    widget = learning_rate(*functions)
    across, up = start_of(widget)
    # The middle of the map.
    drag(widget, 100, 100, 204, 188)
    assert (across.value, up.value) == (0, 0)
    assert "goes in 40 steps from (0, 0) to (0, 0)" in widget.current.alt
    across.value = up.value = -2
    assert "goes in 40 steps from (-2, -2) to (-" in widget.current.alt
    drag(widget, 450, 100, 188, 172)  # the losses beside it have nothing to take hold of
    assert (across.value, up.value) == (-2, -2)
    drag(widget, 100, 100, 1000, -1000)
    assert (across.value, up.value) == (2, 2)
    buttons(widget)["slow (0.001)"].click()
    assert (across.value, up.value) == START


def test_a_start_in_a_valley_stays_there(functions):
    widget = learning_rate(*functions)
    across, up = start_of(widget)
    widget.set({across: 2, up: 0.5})
    assert widget.words == "Learning rate 0.03. At the bottom: the loss is 0, and there it stays."


@pytest.mark.parametrize(
    ("words", "end"),
    # (-0.5, 1) minus the learning rate times (-6, 3).
    [("0.01", "to (-0.44, 0.97)"), ("0.1", "to (0.1, 0.7)"), ("1", "to outside the picture")],
)
def test_the_links_take_the_first_step_with_the_learning_rate_that_they_name(functions, words, end):
    widget = learning_rate(*functions)
    sentence = widget.children[1].children[0]
    links = {part.description: part for part in sentence.children if part.has_trait("description")}
    links[words].click()
    assert f"goes in 1 step from (-0.5, 1) {end}." in widget.current.alt
    assert widget.words.startswith(f"Learning rate {words}. ")


def losses_of(picture):
    """The places of the losses that are drawn, from the first step on."""
    circles = ElementTree.fromstring(picture.drawing).findall("{http://www.w3.org/2000/svg}circle")
    return [(float(dot.get("cx")), float(dot.get("cy"))) for dot in circles if dot.get("r") == "2.5"]


@pytest.mark.parametrize("rate", [0.001, 10])
@pytest.mark.parametrize("steps", [0, 1, STEPS])
def test_the_ends_of_the_sliders_are_drawn(functions, rate, steps):
    widget = learning_rate(*functions)
    control, count, _ = controls(widget)
    widget.set({control: rate, count: steps})
    assert len(losses_of(widget.current)) == len(descend(*functions, rate, steps))
    assert widget.words.startswith(f"Learning rate {rate:g}. ")


def test_python_floats_that_overflow_diverge_too(functions):
    forward, _, backward = functions
    path = descend(forward, lambda y, y_hat: 0.5 * (float(y_hat) - y) ** 2, backward, rate=10, steps=STEPS)
    assert math.isinf(path[-1, 2])
    assert verdict(path[:, 2]).startswith("Diverging: in 1 step the loss grew ")


@pytest.mark.parametrize(
    ("losses", "begins"),
    [
        ([4.0, 8.0], "Diverging: in 1 step the loss grew 2 times, from 4 to 8."),
        (
            [4.0, 56.0, math.inf],
            "Diverging: in 1 step the loss grew 14 times, from 4 to 56, and after 2 steps it is too",
        ),
        ([4.0, math.inf], "Diverging: from 4 the loss grew too large for a float in 1 step."),
        ([4.0, 3.0], "After 1 step the loss went from 4 to 3; too early to judge."),
        (np.geomspace(4, 2, 11), "Slow: after 10 steps 50% of the loss is still there; it fell from 4 to 2."),
        (np.geomspace(4, 0.4, 11), "On its way: in 10 steps the loss fell from 4 to 0.4."),
        (np.geomspace(4, 4e-9, 11), "Good: in 10 steps the loss fell from 4 to 4e-09."),
        ([4.0, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2], "Oscillating: the loss went up in 5 of 10 steps"),
        ([4.0, *[1e-30, 2e-30] * 5], "Good: in 10 steps the loss fell from 4 to 2e-30."),
    ],
)
def test_the_verdict_is_computed_from_the_losses(losses, begins):
    assert verdict(np.array(losses)).startswith(begins)


@pytest.mark.parametrize("far", [3.0, 1e6, 1e200, math.inf, math.nan])
def test_a_path_that_leaves_the_picture_is_drawn(far):
    empty = surface(lambda w1, w2: 2 * (w1 * w2 - 1) ** 2)
    picture = path_picture(empty, [(0.0, 1.0, 2.0), (far, 1.0, far)])
    assert "in 1 step from (0, 1) to outside the picture" in picture.alt
    assert "Beside it the loss: 2 at the start" in picture.alt
    (_, start), *after = losses_of(picture)
    # What is too large ends at the edge, what is no number is not drawn.
    assert len(after) == (0 if math.isnan(far) else 1)
    assert all(36 <= height < start for _, height in after)


def test_a_path_leaves_no_trace_in_the_next_picture():
    empty = surface(lambda w1, w2: 2 * (w1 * w2 - 1) ** 2)
    short, long = [(0.0, 1.0, 2.0)], [(0.0, 1.0, 2.0), (0.5, 1.5, 0.125), (1.0, 1.0, 0.0)]
    first = path_picture(empty, short).drawing
    assert path_picture(empty, long).drawing != first
    assert path_picture(empty, short).drawing == first


def test_a_function_that_is_not_written_is_named(functions):
    def forward(x, w1, b1, w2, b2, g):
        raise NotImplementedError("forward is yours to write")

    widget = learning_rate(forward, *functions[1:])
    assert widget.words == "Nothing to see yet: forward is yours to write"
