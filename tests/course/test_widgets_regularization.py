"""The regularization widget: too weak a penalty overfits, too strong a one learns nothing, and any result is drawn."""

from xml.etree import ElementTree

import numpy as np
import pytest

from mlt_nn.widgets.controls import Strength
from mlt_nn.widgets.regularization import (
    GRID,
    HIDDEN,
    STEPS,
    Run,
    grid,
    regularization,
    regularization_view,
    train,
)

from .widget_parts import SVG, buttons, unwritten


@pytest.fixture
def functions(solved):
    return (
        solved("network").forward_pass,
        solved("backpropagation").backward_pass,
        solved("gradient_descent").update,
        solved("regularization").l1_gradient,
        solved("regularization").l2_gradient,
    )


def sizes(picture):
    """The heights of the bars of the weights, from left to right."""
    boxes = ElementTree.fromstring(picture.drawing).findall(f"{SVG}rect")
    return [float(box.get("height")) for box in boxes if float(box.get("width")) < 2]


def test_the_default_view_is_about_right_and_each_strength_is_trained_once(functions):
    forward_pass, *others = functions
    calls = []

    def counting(*arguments):
        calls.append(1)
        return forward_pass(*arguments)

    widget = regularization(counting, *others)
    words = widget.words
    assert words.startswith("L2 with lambda = 0.1: ")
    buttons(widget)["too strong"].click()
    assert widget.words.startswith("L2 with lambda = 10: ")
    trained = len(calls)
    buttons(widget)["L2, 0.1"].click()
    assert widget.words == words
    assert len(calls) == trained


def test_the_buttons_do_what_their_names_say(functions):
    forward_pass, backward_pass, update, l1_gradient, l2_gradient = functions
    none, right, strong = (train(s, l2_gradient, forward_pass, backward_pass, update) for s in (0.0, 0.1, 10.0))
    sparse = train(0.3, l1_gradient, forward_pass, backward_pass, update)
    # No penalty: every training point by heart, and a validation loss that had been lower before.
    assert none.train_right == 30
    assert none.val_loss[-1] > 1.3 * none.val_loss.min() > 100 * none.train_loss[-1]
    # About right: clearly better in validation. Too strong: even the training set is not learned.
    assert right.val_loss[-1] < 0.5 * none.val_loss[-1]
    assert right.val_right > none.val_right
    assert strong.train_loss[-1] > 3 * right.train_loss[-1]
    assert strong.val_loss[-1] > right.val_loss[-1]
    assert np.abs(strong.weights).max() < np.abs(right.weights).max() < np.abs(none.weights).max()
    # L1 leaves few weights, L2 shrinks them all.
    assert np.mean(np.abs(sparse.weights) < 0.05) > 0.9
    assert np.mean(np.abs(right.weights) < 0.05) < 0.5


@pytest.mark.parametrize("penalty", ["l1", "l2"])
def test_the_lowest_loss_of_the_validation_set_is_neither_at_the_start_nor_at_an_end(functions, solved, penalty):
    gradient = getattr(solved("regularization"), f"{penalty}_gradient")
    losses = [train(strength, gradient, *functions[:3]).val_loss[-1] for strength in Strength.STEPS]
    assert Strength.STEPS[np.argmin(losses)] == 1.0
    assert losses[Strength.STEPS.index(1.0)] < 0.99 * losses[Strength.STEPS.index(0.3)]


def test_the_list_and_the_slider_move_together(functions):
    widget = regularization(*functions)
    penalty, strength = widget.children[1].children
    chosen, dragged = strength.children
    dragged.value = 3.0
    assert (chosen.value, strength.value) == (3.0, 3.0)
    penalty.value = "L1"
    assert widget.words.startswith("L1 with lambda = 3: ")
    chosen.value = 0.0
    assert dragged.value == 0.0
    assert widget.words.startswith("No penalty (lambda = 0): ")
    assert tuple(value for _, value in chosen.options) == Strength.STEPS


@pytest.mark.parametrize("missing", range(5))
def test_an_unwritten_function_is_named(functions, missing):
    changed = [*functions[:missing], unwritten, *functions[missing + 1 :]]
    widget = regularization(*changed)
    widget.children[1].children[0].value = "L1"
    words = widget.words
    widget.children[1].children[0].value = "L2"
    assert any("this one is yours to write" in said for said in (words, widget.words))


def test_a_gradient_of_the_wrong_sign_diverges_and_is_still_drawn(functions):
    forward_pass, backward_pass, update, l1_gradient, _ = functions
    widget = regularization(forward_pass, backward_pass, update, l1_gradient, lambda W, s: {l: -s * W[l] for l in W})
    buttons(widget)["too strong"].click()
    assert widget.words.startswith("L2 with lambda = 10: ")
    assert widget.current is not None


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e308, -1e308, 0.0, 5e-324, 0.5, 1.0])
def test_any_result_can_be_drawn(value):
    steps = np.arange(0, STEPS + 1, 50.0)
    losses = np.full(len(steps), value)
    run = Run(np.full(GRID * GRID, value), np.full(4 * HIDDEN, value), steps, losses, losses, 0, 0)
    picture, status = regularization_view("L2", 1.0, run, run)
    ElementTree.fromstring(picture.drawing)
    assert "nan" not in picture.drawing
    assert len(sizes(picture)) == (4 * HIDDEN if abs(value) < 1e100 else 0)
    assert "0 of 30 training points right" in status
    assert ("Not drawn: 120 of 120 weights" in picture.alt) == (not abs(value) < 1e100)


def test_the_weights_that_l1_leaves_at_zero_differ_from_the_small_ones_of_l2(functions):
    widget = regularization(*functions)
    small = sizes(widget.current)
    buttons(widget)["L1: few weights stay"].click()
    zero = sizes(widget.current)
    assert small == sorted(small, reverse=True)
    # Less than half a pixel is not seen.
    assert sum(height < 0.5 for height in zero) > 110 > 20 > sum(height < 0.5 for height in small)


def test_a_straight_boundary_is_drawn_straight_and_a_place_without_a_number_has_no_side():
    steps = np.arange(0, STEPS + 1, 50.0)
    losses, points = np.full(len(steps), 0.5), grid()
    score = np.where(points[:, 0] < -1, np.nan, 3 * points[:, 0] + points[:, 1] - 2)
    run = Run(score, np.zeros(4 * HIDDEN), steps, losses, losses, 20, 300)
    picture, _ = regularization_view("L2", 1.0, run, run)
    lines = ElementTree.fromstring(picture.drawing).findall(f"{SVG}polyline")
    (boundary,) = (line for line in lines if line.get("stroke-width") == "3")
    places = np.array([place.split(",") for place in boundary.get("points").split()], dtype=float)
    # Pixels: 60 for 1, and y is down.
    np.testing.assert_allclose(3 * places[:, 0] - places[:, 1], 3 * places[0, 0] - places[0, 1], atol=0.3)
    assert len(places) > 20
    # The sides differ in more than their color.
    fills = [path.get("fill") for path in ElementTree.fromstring(picture.drawing).findall(f"{SVG}path")]
    assert fills.count("url(#stripes)") == 1


def test_lambda_is_chosen_by_a_validation_set_and_the_words_say_so():
    steps = np.arange(0, STEPS + 1, 50.0)
    losses = np.full(len(steps), 0.5)
    run = Run(np.full(GRID * GRID, 0.5), np.zeros(4 * HIDDEN), steps, losses, losses, 20, 300)
    picture, status = regularization_view("L2", 1.0, run, run)
    assert "20 of 30 training points right, 300 of 400 validation points." in status
    legend = [text.text for text in ElementTree.fromstring(picture.drawing).findall(f"{SVG}text")][-3:]
    assert legend == ["training set", "validation set", "without a penalty"]
    assert "on the validation set" in picture.alt
    assert not [words for words in (status, picture.alt, picture.caption, *legend) if "test" in words]
