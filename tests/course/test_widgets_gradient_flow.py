"""The gradient-flow widget: what its captions claim is what the solutions measure."""

import math
from xml.etree import ElementTree

import numpy as np
import pytest

from mlt_nn.widgets.gradient_flow import (
    CAPTIONS,
    DEEPEST,
    LECTURE,
    SCALED,
    flow_picture,
    gradient_flow,
    gradient_norms,
    verdict,
)

from .widget_parts import SVG


@pytest.fixture
def functions(solved):
    network = solved("network")
    return network.initialize, network.forward_pass, solved("backpropagation").backward_pass


def dots(picture):
    """The dots of the layers that have one, from the first layer on, as (height, filling)."""
    drawn = ElementTree.fromstring(picture.drawing).findall(f"{SVG}circle")
    return [(float(dot.get("cy")), dot.get("fill")) for dot in drawn]


def factors(picture):
    """What stands on the arrows, from the last layer backward."""
    texts = (text.text or "" for text in ElementTree.fromstring(picture.drawing).iter(f"{SVG}text"))
    return [words for words in texts if words[:1] in ("\N{MULTIPLICATION SIGN}", "÷")]


def test_the_default_view_shows_the_vanishing_gradient(functions):
    widget = gradient_flow(*functions)
    assert widget.words.startswith("sigmoid, 10 hidden: ")
    assert widget.words.endswith("Vanishing: the first layer hardly learns.")
    assert len(dots(widget.current)) == DEEPEST + 1
    assert len(factors(widget.current)) == DEEPEST
    assert all(words.startswith("÷") for words in factors(widget.current))


def test_each_layer_of_sigmoids_makes_the_gradient_four_or_five_times_smaller(functions):
    norms = gradient_norms(*functions, DEEPEST, "sigmoid", SCALED)
    per_layer = (norms[-1] / norms[0]) ** (1 / DEEPEST)
    assert 4 < per_layer < 5


@pytest.mark.parametrize("hidden", ["tanh", "relu"])
def test_tanh_and_relu_pass_on_more(functions, hidden):
    norms = gradient_norms(*functions, DEEPEST, hidden, SCALED)
    assert norms[0] > norms[-1] / 20
    assert verdict(norms, hidden).endswith("No layer is left behind.")


@pytest.mark.parametrize(
    ("hidden", "ends"),
    [("sigmoid", "learns slowly."), ("tanh", "on the way back."), ("relu", "the gradients with them.")],
)
def test_from_the_start_values_of_the_lecture(functions, hidden, ends):
    assert verdict(gradient_norms(*functions, DEEPEST, hidden, LECTURE), hidden).endswith(ends)


def test_the_start_values_of_the_lecture_saturate(functions):
    initialize, forward_pass, _ = functions
    rng = np.random.default_rng(0)
    W, b = initialize((20, 50, 50, 10), rng)
    Z, _ = forward_pass(rng.standard_normal((20, 20)), W, b, "tanh")
    assert np.mean(np.abs(Z[2]) > 5) > 0.25


@pytest.mark.parametrize("depth", [1, DEEPEST])
@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "relu"])
@pytest.mark.parametrize("start", [SCALED, LECTURE])
def test_every_end_of_the_controls_is_drawn(functions, depth, hidden, start):
    widget = gradient_flow(*functions)
    widget.set(dict(zip(widget.children[1].children, (depth, hidden, start), strict=True)))
    assert len(dots(widget.current)) == depth + 1
    assert len(factors(widget.current)) == depth
    assert widget.current.caption == CAPTIONS[start]
    assert f"network with {hidden}. layer 1: " in widget.current.alt


def test_the_buttons_set_what_they_say(functions):
    widget = gradient_flow(*functions)
    for button in widget.children[0].children:
        button.click()
        hidden = button.description.split()[0].rstrip(",")
        assert widget.words.startswith(f"{hidden}, {1 if '1 hidden' in button.description else 10} hidden: ")


def test_what_is_beyond_the_axis_is_hollow_at_its_end_and_what_is_no_size_has_no_dot():
    norms = [0.0, -1.0, 1e-300, 1e-8, 1.0, 1e10, 1e300, math.inf, math.nan]
    below, lowest, middle, highest, above = dots(flow_picture(norms, "relu", "See."))
    assert below[0] == lowest[0] > middle[0] > highest[0] == above[0]
    assert below[1] == above[1] == "#FFFFFF"
    assert lowest[1] == middle[1] == highest[1] != "#FFFFFF"


def test_an_arrow_says_how_many_times_as_large_the_gradient_is_one_layer_before():
    assert factors(flow_picture([6.0, 2.0, 0.0, 1.0, 4.0, 4.0], "tanh", "See.")) == [
        "\N{MULTIPLICATION SIGN} 1",
        "÷ 4",
        "\N{MULTIPLICATION SIGN} 3",
    ]


@pytest.mark.parametrize(
    ("norms", "ends"),
    [
        ([1.0, math.inf], "They cannot be compared."),
        ([math.nan, 1.0], "They cannot be compared."),
        ([1.0, 0.0], "They cannot be compared."),
        ([0.0, 1.0], "Vanished: nothing reaches the first layer."),
        ([1.0, 2000.0], "2,000 times as much. Vanishing: the first layer hardly learns."),
        ([1.0, 100.0], "100 times as much. Fading: the first layer learns slowly."),
        ([100.0, 1.0], "the first is 100 times the last. Exploding on the way back."),
        ([1e5, 1e5], "All are huge: the activations exploded on the way forward, and the gradients with them."),
        ([2.0, 3.0], "1.5 times the first. No layer is left behind."),
    ],
)
def test_the_verdict_is_computed_from_the_norms(norms, ends):
    assert verdict(norms, "tanh").endswith(ends)
