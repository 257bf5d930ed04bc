"""The regularization widget: too weak a penalty overfits, too strong a one learns nothing, and any result is drawn."""

import numpy as np
import pytest

from mlt_nn.widgets.regularization import (
    HIDDEN,
    STEPS,
    STRENGTHS,
    Run,
    empty_panels,
    regularization,
    regularization_view,
    train,
)
from mlt_nn.widgets.regularization_picture import GRID


@pytest.fixture
def functions(solved):
    return (
        solved("network").forward_pass,
        solved("backpropagation").backward_pass,
        solved("gradient_descent").update,
        solved("regularization").l1_gradient,
        solved("regularization").l2_gradient,
    )


@pytest.fixture(scope="module")
def panels():
    return empty_panels()


def buttons(widget):
    return {button.description: button for button in widget.children[0].children}


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
    buttons(widget)["about right"].click()
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


def test_the_list_and_the_slider_move_together(functions):
    widget = regularization(*functions)
    _, penalty, strength = widget.children[:3]
    chosen, dragged = strength.children
    dragged.value = 3.0
    assert (chosen.value, strength.value) == (3.0, 3.0)
    penalty.value = "L1"
    assert widget.words.startswith("L1 with lambda = 3: ")
    chosen.value = 0.0
    assert dragged.value == 0.0
    assert widget.words.startswith("No penalty (lambda = 0): ")
    assert tuple(value for _, value in chosen.options) == STRENGTHS


@pytest.mark.parametrize("missing", range(5))
def test_an_unwritten_function_is_named(functions, missing):
    def unwritten(*arguments):
        raise NotImplementedError("this one is yours to write")

    changed = [*functions[:missing], unwritten, *functions[missing + 1 :]]
    widget = regularization(*changed)
    widget.children[1].value = "L1"
    words = widget.words
    widget.children[1].value = "L2"
    assert any("this one is yours to write" in said for said in (words, widget.words))


def test_a_gradient_of_the_wrong_sign_diverges_and_is_still_drawn(functions):
    forward_pass, backward_pass, update, l1_gradient, _ = functions
    widget = regularization(forward_pass, backward_pass, update, l1_gradient, lambda W, s: {l: -s * W[l] for l in W})
    buttons(widget)["too strong"].click()
    assert widget.words.startswith("L2 with lambda = 10: ")
    assert widget.current is not None


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e308, -1e308, 0.0, 5e-324, 0.5, 1.0])
def test_any_result_can_be_drawn(panels, value):
    steps = np.arange(0, STEPS + 1, 50.0)
    losses = np.full(len(steps), value)
    run = Run(np.full(GRID * GRID, value), np.full(4 * HIDDEN, value), steps, losses, losses, 0, 0)
    picture, status = regularization_view(panels, "L2", 1.0, run, run)
    assert picture.drawing.startswith(b"\x89PNG")
    assert "0 of 30 training points right" in status
    assert ("Not drawn: 120 of 120 weights" in picture.alt) == (not abs(value) < 1e100)


def test_a_picture_depends_on_its_values_alone(panels):
    steps = np.arange(0, STEPS + 1, 50.0)

    def run(seed):
        rng = np.random.default_rng(seed)
        losses = rng.uniform(0.01, 1, len(steps))
        return Run(rng.uniform(0, 1, GRID * GRID), rng.normal(0, 2, 4 * HIDDEN), steps, losses, losses, 1, 2)

    first, second = (panels.picture("one", run(seed), run(2)).drawing for seed in (0, 1))
    assert first != second
    # What was drawn before leaves no trace.
    assert panels.picture("one", run(0), run(2)).drawing == first


def test_lambda_is_chosen_by_a_validation_set_and_the_words_say_so(panels):
    steps = np.arange(0, STEPS + 1, 50.0)
    losses = np.full(len(steps), 0.5)
    run = Run(np.full(GRID * GRID, 0.5), np.zeros(4 * HIDDEN), steps, losses, losses, 20, 300)
    picture, status = regularization_view(panels, "L2", 1.0, run, run)
    assert "20 of 30 training points right, 300 of 400 validation points." in status
    legend = [text.get_text() for text in panels.curves[0].axes.get_legend().get_texts()]
    assert legend == ["training set", "validation set", "validation, no penalty"]
    assert "on the validation set" in picture.alt
    assert not [words for words in (status, picture.alt, picture.caption, *legend) if "test" in words]
