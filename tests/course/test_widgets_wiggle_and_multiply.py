"""Wiggle and multiply: changes measured forward, local derivatives multiplied backward, and their difference."""

from xml.etree import ElementTree

import numpy as np
import pytest

from mlt_nn.widgets.two_weights import PRESETS, START
from mlt_nn.widgets.two_weights_picture import PARAMETERS, PATHS
from mlt_nn.widgets.wiggle_and_multiply import BASE, follow, misfit, status, wiggle_and_multiply, wiggle_picture


@pytest.fixture
def functions(solved):
    exercise, activations = solved("scalar_network"), solved("activations")
    return exercise.forward, exercise.loss, activations.sigmoid, activations.sigmoid_prime


def parts(widget):
    """The choices of the parameter and of the numbers, h and the steps back."""
    return widget.children[1].children


def press(widget, label):
    {button.description: button for button in widget.children[0].children}[label].click()


def letters(picture):
    texts = ElementTree.fromstring(picture.drawing).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(text.itertext()).replace("\N{MINUS SIGN}", "-") for text in texts]


def heights(picture):
    """How high each bar is, negative below the line."""
    boxes = [box.attrib for box in ElementTree.fromstring(picture.drawing).iter("{http://www.w3.org/2000/svg}rect")]
    bars = [box for box in boxes if box["width"] == "30"]
    return [float(bar["height"]) * (1 if float(bar["y"]) < BASE else -1) for bar in bars]


def test_the_default_view_is_measured_only(functions):
    widget = wiggle_and_multiply(*functions)
    assert widget.words == "Measured: L changes by -0.000125, -0.125 times h. Press + for a step back."
    assert widget.current.alt.endswith(
        "w1 by 0.001, z1 by 0.002, a1 by 0.0005, z2 by 0.001, a2 by 0.00025, L by -0.000125; "
        "factors 2, 0.25, 2, 0.25, -0.5. Multiplied back: dL/dL = 1."
    )
    assert "multiplied: " not in "".join(letters(widget.current))


def test_each_press_multiplies_by_one_more_local_derivative(functions):
    widget = wiggle_and_multiply(*functions)
    back = parts(widget)[3]
    one_more = back.children[-1]
    for said in ("dL/da2 = -0.5.", "dL/dz2 = -0.125.", "dL/da1 = -0.25.", "dL/dz1 = -0.0625."):
        one_more.click()
        assert widget.words.endswith(f"Multiplied so far: {said}")
    one_more.click()
    assert widget.words.endswith(
        "Multiplied: dL/dw1 = -0.125. They differ by 0.025 %, since the factors change on the way."
    )
    assert letters(widget.current)[-6:] == [
        "measured: change of L / h = -0.000125 / 0.001", "-0.124968698",
        "multiplied: dL/dw1 = (ŷ - y) · g'(z2) · w2 · g'(z1) · x", "-0.125000000",
        "difference", "0.000031302",
    ]  # fmt: skip


def test_the_bars_have_the_proportions_of_the_changes(functions):
    widget = wiggle_and_multiply(*functions)
    shown = np.array(heights(widget.current))
    assert np.allclose(shown / shown[0], [1, 2, 0.5, 1, 0.25, -0.125], atol=0.002)


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("numbers", PRESETS)
@pytest.mark.parametrize("h", [1e-12, 1e-5, 1.0])
def test_the_reader_s_functions_fit_whatever_is_chosen(functions, solved, name, numbers, h):
    walk = follow(*functions, START | PRESETS[numbers], name, h)
    assert misfit(walk) is None
    picture = wiggle_picture(walk, len(walk.local))
    assert "NaN" not in picture.drawing
    given = START | PRESETS[numbers]
    forward, _, g, g_prime = functions
    x, y, *parameters = given.values()
    gradients = solved("scalar_network").backward(x, y, given["w2"], *forward(x, *parameters, g), g_prime)
    assert walk.products[0] == pytest.approx(gradients[PARAMETERS.index(name)])


def test_a_path_of_three_arrows_takes_three_steps(functions):
    widget = wiggle_and_multiply(*functions)
    raised, _, _, back = parts(widget)
    press(widget, "all the way back")
    assert back.value == 5
    raised.value = "w2"
    assert back.value == len(PATHS["w2"]) - 1 == 3
    assert "dL/dw2 = -0.0625. They differ by" in widget.words
    press(widget, "forget the way back")
    assert back.value == 0


@pytest.mark.parametrize(
    ("button", "h", "why"),
    [
        ("h = 1", 1.0, "They differ by 40.5 %, since the factors change on the way."),
        ("h = 1e-12", 1e-12, "since rounding is divided by h."),
        ("h = 0.001", 0.001, "They differ by 0.025 %, since the factors change on the way."),
    ],
)
def test_too_large_and_too_small_an_h_are_told_apart(functions, button, h, why):
    widget = wiggle_and_multiply(*functions)
    press(widget, "all the way back")
    press(widget, button)
    assert parts(widget)[2].value == h
    assert widget.words.endswith(why)


def test_a_wrong_derivative_is_told_at_its_arrow(functions):
    forward, loss, g, _ = functions
    walk = follow(forward, loss, g, g, START, "w1", 0.001)
    assert status(walk, 5).endswith(
        "From z1 to a1 the measured factor is 0.25, the multiplied one 0.5: "
        "one of your functions does not fit the others."
    )


def test_a_loss_without_its_half_is_told(functions):
    forward, _, g, g_prime = functions
    walk = follow(forward, lambda y, y_hat: (y_hat - y) ** 2, g, g_prime, START, "b2", 0.001)
    assert "From a2 to L the measured factor is -1, the multiplied one -0.5" in status(walk, 3)


def test_a_function_not_yet_written_is_named(functions):
    def stub(*arguments):
        raise NotImplementedError("forward is yours to write")

    widget = wiggle_and_multiply(stub, *functions[1:])
    assert widget.words == "Nothing to see yet: forward is yours to write"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_is_drawn(functions, value):
    walk = follow(functions[0], functions[1], lambda z: value, functions[3], START, "w1", 0.001)
    for back in range(6):
        ElementTree.fromstring(wiggle_picture(walk, back).drawing)
        assert status(walk, back)


def test_a_change_that_never_arrives_has_no_factor_behind_it(functions):
    walk = follow(*functions[:2], lambda z: max(z, 0.0), lambda z: float(z > 0), START | {"b1": -3.0}, "w1", 0.001)
    assert "\N{MULTIPLICATION SIGN} ?" in letters(wiggle_picture(walk, 0))
    assert status(walk, 5).endswith("Multiplied: dL/dw1 = 0. They agree to the last digit.")
