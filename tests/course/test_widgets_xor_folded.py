"""XOR folded: where the corners land, how many the third neuron gets right there, and what the picture shows of it."""

import math
from xml.etree import ElementTree

import numpy as np
import pytest

from mlt_nn.widgets.xor_folded import GRID, PAIRS, XOR, Fold, xor_folded, xor_in_layers

from .widget_parts import SVG, press, unwritten

W = {1: np.array([[1.0, 1.0], [1.0, 1.0]]), 2: np.array([[1.0], [-2.0]])}
b = {1: np.array([0.0, -1.0]), 2: np.array([0.0])}


@pytest.fixture
def folded(solved):
    return xor_folded(solved("neuron").neuron, solved("activations").sigmoid)


@pytest.fixture
def layers(solved):
    return xor_in_layers(solved("network").forward_pass, W, b)


def nodes(widget, tag):
    root = ElementTree.fromstring(widget.current.drawing)
    for node in root.iter():
        for name in ("x", "y", "cx", "cy", "x1", "y2", "points"):
            assert "nan" not in node.attrib.get(name, "")
    return list(root.iter(f"{SVG}{tag}"))


def words(widget):
    return ["".join(text.itertext()) for text in nodes(widget, "text")]


def test_the_default_view_shows_two_corners_in_one_place(folded):
    assert folded.words == (
        "Folded: (0, 0) at (0.05, 0), (0, 1) at (0.95, 0.05), (1, 0) at (0.95, 0.05), (1, 1) at (1, 0.95). "
        "The line of neuron 3 gets 4 of 4 right."
    )
    assert "100 % folded: OR and AND" in words(folded)
    assert "4 of 4 right" in folded.current.alt
    # Neurons 1, 2 and 3 at their lines.
    assert {"1", "2", "3", "neuron 1 says", "neuron 2 says"} <= set(words(folded))


@pytest.mark.parametrize(
    ("pair", "right"), [("OR and AND", 4), ("one, not the other", 4), ("an input each", 3), ("twins", 3)]
)
def test_each_pair_of_neurons(folded, pair, right):
    which = folded.children[1].children[0]
    assert set(which.options) == set(PAIRS)
    which.value = pair
    assert folded.words.endswith(f"The line of neuron 3 gets {right} of 4 right.")
    # A cross on a wrong corner, of two strokes, in both planes.
    crosses = [line for line in nodes(folded, "line") if line.attrib.get("stroke-width") == "3" and _slants(line)]
    assert len(crosses) == 2 * 2 * (4 - right)


def _slants(line):
    return math.isclose(abs(float(line.attrib["x2"]) - float(line.attrib["x1"])), 26)


def test_twins_have_one_line(folded):
    folded.children[1].children[0].value = "twins"
    assert "1, 2" in words(folded)
    assert "2" not in words(folded)


def test_a_soft_sigmoid_folds_too_little(folded):
    press(folded, "soft: times 1")
    assert folded.words.endswith("gets 2 of 4 right.")
    press(folded, "sharp: times 20")
    assert folded.words.endswith("gets 4 of 4 right.")


def test_the_way_begins_with_the_inputs_and_shows_no_decision_before_its_end(folded):
    press(folded, "flat")
    assert folded.words == (
        "Flat: (0, 0) at (0, 0), (0, 1) at (0, 1), (1, 0) at (1, 0), (1, 1) at (1, 1). "
        "No single line parts circles and squares here."
    )
    assert words(folded).count("input a1") == 2
    press(folded, "half way")
    assert "(0, 1) at (0.48, 0.52)" in folded.words
    assert "3" not in words(folded)
    assert "input a1 → neuron 1 says" in words(folded)


def test_the_grid_moves_with_the_points(folded):
    fold = Fold((("", lambda X: X), ("", lambda X: 3 * X)), None, None, None, None, 0.0)
    assert fold.at(XOR.points, 0.5).tolist() == (2 * XOR.points).tolist()
    press(folded, "flat")
    lines = nodes(folded, "polyline")
    assert len(lines) == 2 * len(GRID)
    for line in lines:  # straight, along one axis
        places = np.array([pair.split(",") for pair in line.attrib["points"].split()], dtype=float)
        assert min(np.ptp(places, axis=0)) == 0


def test_the_matrix_keeps_straight_what_relu_bends(layers):
    assert layers.words.startswith("Flat: ")  # what its reader is to guess first
    press(layers, "2: A[1]")
    assert layers.words == (
        "Folded: (0, 0) at (0, 0), (0, 1) at (1, 0), (1, 0) at (1, 0), (1, 1) at (2, 1). "
        "The line of neuron 3 gets 4 of 4 right."
    )
    press(layers, "1: Z[1]")
    assert layers.words == (
        "Moved: (0, 0) at (0, -1), (0, 1) at (1, 0), (1, 0) at (1, 0), (1, 1) at (2, 1). "
        "What was straight is still straight, so one line still will not do."
    )
    assert "z of neuron 1" in words(layers)
    press(layers, "0: the inputs")
    assert layers.words.startswith("Flat: ")


def test_the_weights_are_those_that_were_handed_over(solved):
    other = {**W, 2: -W[2]}  # it says at most 1/2 - 1/2
    widget = xor_in_layers(solved("network").forward_pass, other, b)
    press(widget, "2: A[1]")
    assert widget.words.endswith("gets 2 of 4 right.")


@pytest.mark.parametrize("sharpness", [1, 20])
@pytest.mark.parametrize("way", [0, 5, 95, 100])
@pytest.mark.parametrize("pair", PAIRS)
def test_every_end_of_the_controls_is_drawn(folded, sharpness, way, pair):
    which, folding, sharp = folded.children[1].children
    folded.set({which: pair, sharp: sharpness, folding: way})
    assert nodes(folded, "polyline")
    assert folded.words


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_neuron_that_gives_no_number_leaves_its_points_out(value):
    widget = xor_folded(lambda a, w, b, g: value, None)
    assert nodes(widget, "rect")
    assert widget.words.endswith("gets 0 of 4 right.")


def test_a_function_not_yet_written_is_named():
    for widget in (xor_folded(unwritten, None), xor_in_layers(unwritten, W, b)):
        assert widget.words == "Nothing to see yet: this one is yours to write"


def test_what_goes_in_is_drawn_once_for_each_pair_and_sharpness(solved):
    asked = []

    def neuron(*arguments):
        asked.append(1)
        return solved("neuron").neuron(*arguments)

    widget = xor_folded(neuron, solved("activations").sigmoid)
    which, folding, sharp = widget.children[1].children
    folding.value = 0
    flat = widget.current.drawing
    asked.clear()
    folding.value = 50
    # The corners and the lines between them, and not the plane beside them.
    assert len(asked) < 1000
    for control, value in ((which, "twins"), (sharp, 1)):
        before = control.value
        folding.value, control.value = 0, value
        assert widget.current.drawing != flat
        control.value = before
        assert widget.current.drawing == flat
