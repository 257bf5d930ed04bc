"""One neuron, the activations and the layer sizes: right words, and a picture at the ends of every range."""

import base64
import io
import itertools
import math
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from matplotlib.image import imread

from mlt_nn.widgets.activations import LEFT, REACH, RIGHT, activation_picture, activations, slope_in_words
from mlt_nn.widgets.field import CELLS
from mlt_nn.widgets.layer_sizes import MOST_LAYERS, in_words, layer_sizes, layer_sizes_picture
from mlt_nn.widgets.one_neuron import PROBLEMS, one_neuron
from mlt_nn.widgets.one_neuron_picture import HIGH, LOW, SIDE, is_right, line_in_words, one_neuron_picture

from .widget_parts import press

OR, AND, CLOUDS, XOR = PROBLEMS


def neuron(a, w, b, g):
    return g(np.dot(w, a) + b)


def step(z):
    return 1.0 if z >= 0 else 0.0


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def count_parameters(sizes):
    return sum((before + 1) * after for before, after in itertools.pairwise(sizes))


def read(picture):
    """The SVG as a tree, after seeing that all its coordinates are numbers near the page, and that it has its words."""
    root = ElementTree.fromstring(picture.drawing)
    for node in root.iter():
        for name, value in node.attrib.items():
            if name in ("fill", "stroke", "href"):
                continue
            assert not re.search(r"\b(nan|inf)\b", value), (node.tag, name, value)
            for number in re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?", value):
                assert abs(float(number)) < 1e4, (node.tag, name, value)
    assert picture.alt
    assert picture.caption
    return root


# One neuron.


def drawn(problem, w, b, g=step, threshold=0.5):
    def activation(points):
        return np.array([float(neuron(a, w, b, g)) for a in points])

    return one_neuron_picture(problem, np.array(w), b, threshold, activation)


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("OR", "OR: all 4 points are right."),
        ("AND", "AND: 2 of 4 points are right; wrong: (0, 1), (1, 0)."),
        ("XOR", "XOR: 3 of 4 points are right; wrong: (1, 1)."),
    ],
)
def test_each_problem_is_counted(label, words):
    widget = one_neuron(neuron, step)
    press(widget, label)
    assert widget.words == f"{words} The line is 1 a1 + 1 a2 - 0.5 = 0. Point 1, (0, 0), gets a = 0."
    assert f"It decides: {label}" in svg_of(widget)


def test_another_problem_keeps_the_line_and_brings_its_own_points():
    widget = one_neuron(neuron, step)
    _, _, b, point, a1, a2 = controls(widget)
    widget.set({b: -1.5, a1: -1})
    point.value = 4
    assert widget.words.startswith("OR, moved: 2 of 4 points are right; wrong: (0, 1), (1, 0).")
    press(widget, "AND")
    assert widget.words.startswith("AND: all 4 points are right. The line is 1 a1 + 1 a2 - 1.5 = 0. Point 4, (1, 1), ")
    point.value = 1
    assert (a1.value, a2.value) == (0, 0)
    press(widget, "two clouds")
    point.value = 16
    press(widget, "XOR")
    assert point.value == 4
    assert (a1.value, a2.value) == (1, 1)


def controls(widget):
    return widget.children[1].children


def dragged(widget, x0, y0, x, y):
    """Drag on the picture of a widget, in three steps as the page tells them."""
    (listening,) = [child for child in widget.children if child.has_trait("drag")]
    for share in (0, 0.5, 1):
        listening.drag = (x0, y0, x0 + share * (x - x0), y0 + share * (y - y0))


def place_in(widget, a1, a2):
    """Where a point of the plane is on the picture."""
    left, top, side = frame(widget.current)
    return left + (a1 - LOW) / (HIGH - LOW) * side, top + (HIGH - a2) / (HIGH - LOW) * side


def test_the_line_is_dragged_to_where_the_hand_is():
    widget = one_neuron(neuron, step)
    w1, w2, b, *_ = controls(widget)
    dragged(widget, *place_in(widget, -0.5, 1), *place_in(widget, 1, 0.5))
    assert (w1.value, w2.value, b.value) == (1, 1, -1.5)


def test_the_arrow_is_dragged_by_its_tip_and_turns_the_line_around_its_foot():
    widget = one_neuron(neuron, step)
    w1, w2, b, *_ = controls(widget)
    x, y = place_in(widget, 0.25, 0.25)  # where the line is next to the middle
    dragged(widget, x + 12, y - 12, x + 24, y + 36)
    assert (w1.value, w2.value, b.value) == (2, -3, 0.25)
    dragged(widget, x + 24, y + 36, x - 12, y)
    assert (w1.value, w2.value, b.value) == (-1, 0, 0.25)


def test_a_point_is_dragged_and_stays_inside_the_plane():
    widget = one_neuron(neuron, step)
    *_, point, a1, a2 = controls(widget)
    dragged(widget, *place_in(widget, 0, 0), *place_in(widget, -0.7, 3))
    assert (point.value, a1.value, a2.value) == (1, -0.7, HIGH)
    dragged(widget, *place_in(widget, 1, 1), *place_in(widget, 1.5, 1))
    assert (point.value, a1.value, a2.value) == (4, 1.5, 1)
    assert "wrong: (-0.7, 2)." in widget.words


def test_the_label_of_an_edge_is_dragged_and_the_empty_paper_is_not():
    widget = one_neuron(neuron, step)
    w1, w2, b, *_ = controls(widget)
    (label,) = [t for t in read(widget.current).findall("{*}text") if "".join(t.itertext()) == "w2 = 1"]
    x, y = float(label.attrib["x"]), float(label.attrib["y"])
    dragged(widget, x, y, x - 50, y)
    assert (w1.value, w2.value, b.value) == (1, -1, -0.5)
    before = widget.words
    dragged(widget, 20, 330, 300, 100)
    assert widget.words == before


def svg_of(widget):
    return base64.b64decode(re.search(r"base64,([^\"]+)", widget.picture.value)[1]).decode()


@pytest.mark.parametrize("g", [step, sigmoid])
@pytest.mark.parametrize(("problem", "w", "b"), [(OR, (1, 1), -0.5), (AND, (1, 1), -1.5), (CLOUDS, (3, -2.5), 0)])
def test_every_problem_but_xor_has_a_solution(problem, w, b, g):
    at_points = np.array([neuron(a, np.array(w), b, g) for a in problem.points])
    assert np.all(is_right(problem, at_points, 0.5))


def test_the_clouds_lie_in_the_picture_and_no_point_on_another():
    assert np.all((CLOUDS.points > -1) & (CLOUDS.points < 2))
    apart = min(math.dist(a, b) for a, b in itertools.combinations(CLOUDS.points, 2))
    assert apart * SIDE / (HIGH - LOW) > 8  # in pixels


def test_the_threshold_belongs_to_the_activation():
    # tanh is 0 where the sigmoid is 1/2.
    widget = one_neuron(neuron, np.tanh, threshold=0)
    assert widget.words.startswith("OR: all 4 points are right.")


@pytest.mark.parametrize("w", list(itertools.product((-5.0, 0.0, 5e-324, 5.0), repeat=2)))
@pytest.mark.parametrize("b", [-5.0, 0.0, 5.0])
def test_a_neuron_is_drawn_at_the_ends_of_every_range(w, b):
    with np.errstate(over="raise", invalid="raise"):
        read(drawn(XOR, w, b))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_neuron_that_gives_no_number_is_drawn_gray_and_never_right(value):
    picture = drawn(OR, (1.0, 1.0), -0.5, g=lambda z: value)
    assert set(map(tuple, pixels(picture)[..., :3].reshape(-1, 3))) == {(0xBB, 0xBB, 0xBB)}
    assert "0 of 4 points are right" in picture.alt
    widget = one_neuron(neuron, lambda z: value)
    assert "At 4 of them your neuron gives NaN or infinity." in widget.words


def test_weights_of_zero_draw_no_line_and_a_far_line_is_said_to_be_outside():
    assert "no line" in line_in_words(np.zeros(2), 1.0)
    assert line_in_words(np.array([1.0, 0.0]), -5.0) == "The line 1 a1 + 0 a2 - 5 = 0 runs outside the picture."
    assert line_in_words(np.array([0.0, 2.0]), -1.0) == "The line is 0 a1 + 2 a2 - 1 = 0."


def test_the_sign_of_a_weight_is_not_told_by_color_alone():
    positive, negative = drawn(OR, (1.0, 1.0), 1.0), drawn(OR, (-1.0, -1.0), -1.0)
    assert "stroke-dasharray" not in positive.drawing
    assert negative.drawing.count("stroke-dasharray") == 3


def pixels(picture):
    """The image of the field, shape (rows, columns, 4)."""
    (image,) = read(picture).findall("{*}image")
    file = io.BytesIO(base64.b64decode(image.attrib["href"].partition("base64,")[2]))
    return np.round(imread(file) * 255).astype(int)


def test_a_sigmoid_fades_into_white_at_the_line_and_a_step_does_not():
    # The neuron looks at a1 alone: a column is one color, and a paler one where a stripe crosses it.
    soft, hard = (pixels(drawn(OR, (2.0, 0.0), -1.0, g))[..., :3].sum(axis=2).min(axis=0) for g in (sigmoid, step))
    middle = len(soft) // 2
    assert abs(np.diff(soft)).max() < 60  # of 765
    assert np.all(np.diff(soft[middle:]) <= 0)
    assert soft[middle] > 720
    assert len(set(hard)) > 1
    assert max(hard) < 720 or read(drawn(OR, (2.0, 0.0), -1.0, step)).findall("{*}polygon[@shape-rendering]")
    assert not read(drawn(OR, (2.0, 0.0), -1.0, sigmoid)).findall("{*}polygon[@shape-rendering]")


@pytest.mark.parametrize("g", [sigmoid, step])
def test_what_the_neuron_says_is_not_told_by_color_alone(g):
    darkness = np.ptp(pixels(drawn(OR, (2.0, 0.0), -1.0, g))[..., :3].sum(axis=2), axis=0)
    left, right = np.split(darkness, 2)
    assert not left[:-5].any()
    assert np.all(right[5:] > 20)


def test_no_label_lies_on_the_line():
    for b in np.arange(-1.5, 0.6, 0.5):
        picture = drawn(OR, (1.0, 1.0), b - 0.01)
        left, top, side = frame(picture)
        for label in read(picture).findall("{*}text"):
            words = "".join(label.itertext())
            if words.startswith("a = ") and "g" not in words:
                x, y = float(label.attrib["x"]), float(label.attrib["y"]) - 4
                a1, a2 = LOW + (x - left) / side * 3, HIGH - (y - top) / side * 3
                assert abs(a1 + a2 + b) * side / 3 > 3.5 * len(words), (b, words)


def frame(picture):
    """The square's place on the page: left, top, side."""
    (square,) = [r for r in read(picture).findall("{*}rect") if r.attrib["fill"] == "none"]
    return tuple(float(square.attrib[name]) for name in ("x", "y", "width"))


def border(activation):
    """The corners of the areas in which a neuron says 1, as points of the plane; those at corners of cells left out."""
    picture = one_neuron_picture(OR, np.array([1.0, 1.0]), 0.0, 0.5, activation)
    left, top, side = frame(picture)
    areas = [node for node in read(picture).findall("{*}polygon") if "shape-rendering" in node.attrib]  # no arrow heads
    shapes = [node.attrib["points"] for node in areas]
    assert shapes
    pixels = np.array([[float(x) for x in pair.split(",")] for shape in shapes for pair in shape.split()])
    points = LOW + (pixels - [left, top]) / side * (HIGH - LOW)
    points[:, 1] = LOW + HIGH - points[:, 1]
    cells = (points - LOW) / (HIGH - LOW) * CELLS
    return points[np.abs(cells - np.round(cells)).max(axis=1) > 0.05]


@pytest.mark.parametrize(
    ("says_one", "distance"),
    [
        # A half plane, as every neuron's; and a disk, as none's: the border is that of the function, whatever it is.
        (lambda a: 2 * a[:, 0] - 3 * a[:, 1] + 0.4 >= 0, lambda a: (2 * a[:, 0] - 3 * a[:, 1] + 0.4) / math.sqrt(13)),
        (lambda a: np.hypot(*(a - 0.6).T) <= 0.77, lambda a: np.hypot(*(a - 0.6).T) - 0.77),
    ],
    ids=["half plane", "disk"],
)
def test_the_colors_change_where_the_neuron_does(says_one, distance):
    points = border(lambda a: says_one(a).astype(float))
    assert len(points) > CELLS
    # Within a fifth of a pixel.
    assert np.abs(distance(points)).max() < 0.2 * (HIGH - LOW) / SIDE


def test_a_larger_weight_is_a_thicker_edge():
    def thickness(w1):
        edge = ElementTree.fromstring(drawn(OR, (w1, 0.0), 0.0).drawing).find("{*}line")
        return float(edge.attrib["stroke-width"])

    assert thickness(0.5) < thickness(-1.0) < thickness(2.0) < thickness(-5.0)


# The activations.


def test_the_slope_is_told_in_words():
    widget = activations(
        {"sigmoid": (sigmoid, sigmoid_prime), "relu": (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0))}
    )
    which, z = widget.children[1].children
    assert widget.words.startswith("sigmoid at z = 1: activation 0.731, slope 0.197. Steep:")
    press(widget, "middle: z = 0")
    assert (
        "activation 0.5, slope 0.25. As steep as it gets: a step of 0.1 in z changes the activation by about 0.025."
        in (widget.words)
    )
    press(widget, "far right: z = 6")
    assert "slope 0.00247. Saturated:" in widget.words
    widget.set({which: "relu", z: -3})
    assert widget.words == "relu at z = -3: activation 0, slope 0. Flat: a small step in z changes nothing."
    z.value = 0
    assert "A kink: the slope jumps here from 0 to 1." in widget.words


def tangents(root):
    """The thick black lines: (x1, y1, x2, y2) of each."""
    lines = [line for line in root.findall("{*}line") if line.attrib["stroke-width"] == "2"]
    ends = [[float(line.attrib[end]) for end in ("x1", "y1", "x2", "y2")] for line in lines]
    return [line for line, found in zip(ends, lines, strict=True) if found.attrib["stroke"] == "#222222"]


def letters(root):
    return ["".join(text.itertext()) for text in root.findall("{*}text")]


def test_all_functions_are_drawn_on_one_scale_with_the_largest_slope():
    widget = activations({"sigmoid": (sigmoid, sigmoid_prime), "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2)}, z=0)
    (soft,), words = tangents(read(widget.current)), letters(read(widget.current))
    assert "at most 1/4" in words
    assert {"1", "0.25"} <= set(words)  # the sides of the triangle
    widget.children[1].children[0].value = "tanh"
    (steep,), words = tangents(read(widget.current)), letters(read(widget.current))
    assert "at most 1" in words
    rises = [(y1 - y2) / (x2 - x1) for x1, y1, x2, y2 in (soft, steep)]
    assert math.isclose(rises[1], 4 * rises[0], rel_tol=0.01)


def test_a_kink_has_a_tangent_on_each_side():
    widget = activations({"relu": (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0))}, z=0)
    (x1, y1, x2, y2), (x3, y3, x4, y4) = tangents(read(widget.current))
    assert (x1 < x2, y1 == y2) == (True, True)
    assert (x3 < x4, y3 > y4) == (True, True)
    assert (x2, y2) == (x3, y3)


def test_a_value_beyond_the_scale_is_told_at_its_edge():
    widget = activations({"relu": (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0))}, z=6)
    assert "g(z) = 6" in letters(read(widget.current))


def test_the_dot_is_dragged_to_the_side():
    widget = activations({"sigmoid": (sigmoid, sigmoid_prime)})
    dragged(widget, 300, 100, LEFT + (RIGHT - LEFT) / 4, 20)
    assert widget.words.startswith("sigmoid at z = -4: ")
    dragged(widget, 300, 100, 5000, 20)
    assert widget.words.startswith("sigmoid at z = 8: ")


def test_a_slope_that_does_not_fit_its_curve_is_told():
    # The derivative of the sigmoid written as a function of the activation: a common mistake.
    widget = activations({"sigmoid": (sigmoid, lambda a: a * (1 - a))}, z=2)
    assert "slope -2" in widget.words
    assert "But the curve itself has the slope 0.105 here" in widget.words


@pytest.mark.parametrize("z", [-REACH, 0.0, REACH])
@pytest.mark.parametrize("scale", [0.0, 1e-300, 1.0, 1e300, 2e307])
def test_an_activation_is_drawn_at_the_ends_of_the_range(z, scale):
    places = np.linspace(-REACH, REACH, 33)
    root = read(activation_picture("a line", scale * places, np.full(33, scale), z, scale * z, scale, (scale, scale)))
    ends = [float(line.attrib[x]) for line in root.findall("{*}line") for x in ("x1", "x2")]
    assert (min(ends), max(ends)) == (LEFT, RIGHT)  # those of the axes: no tangent leaves them


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_an_activation_without_numbers_is_a_gap(value):
    places = np.linspace(-REACH, REACH, 33)
    curve = np.where(places > 2, value, 0.1 * places)
    root = read(activation_picture("broken", curve, np.full(33, value), 3.0, value, value, (value, value)))
    (piece,) = root.findall("{*}polyline")
    assert len(piece.attrib["points"].split()) == np.sum(places <= 2)
    # A curve alone may be fine, and its slope not.
    read(activation_picture("half written", places, np.full(33, value), 3.0, 3.0, value, (1, 1)))
    assert slope_in_words(value, 1, 1, 1).startswith("This is not a number")


def test_a_function_that_gives_one_number_for_many_is_told_so():
    widget = activations({"identity": (lambda z: z, lambda z: 1)})
    assert (
        "the slope of identity returned shape () for z of shape (321,); it must work element by element" in widget.words
    )


# The layer sizes.


def test_the_parameters_of_the_courses_network():
    widget = layer_sizes(count_parameters)
    assert widget.words == ("784-50-10: 39,700 weights and 60 biases, 39,760 parameters. Layer 1 holds 99% of them.")
    assert "W1 is 784 x 50 and b1 has 50 entries: 39,250 parameters, 98.7% of all" in widget.current.alt
    assert letters(read(widget.current))[4:7] == ["W1: 784 \u00b7 50", "b1: 50", "= 39,250"]
    press(widget, "3\u20132, one layer")
    assert widget.words == "3-2: 6 weights and 2 biases, 8 parameters."


def test_a_wrong_count_is_held_against_the_pictures():
    assert in_words((3, 4, 2), 20).endswith("26 parameters. Your count_parameters says 20.")


def test_only_the_counters_of_the_layers_that_are_there_are_shown():
    widget = layer_sizes(count_parameters)
    press(widget, "784\u201350\u201350\u201350\u201310, deeper")
    middle = widget.children[1].children[3].children
    assert [counter.layout.visibility for counter in middle] == ["visible"] * 3 + ["hidden"]
    hidden = widget.children[1].children[0]
    hidden.children[1].click()
    assert widget.words.startswith("784-50-50-10: ")
    assert [counter.layout.visibility for counter in middle] == ["visible"] * 2 + ["hidden"] * 2


@pytest.mark.parametrize("sizes", [(784, 50, 10), (3, 2), (3, 4, 2), (300, 400, 300, 200)])
def test_areas_are_in_proportion_to_the_numbers_that_they_stand_for(sizes):
    root = read(layer_sizes_picture(sizes, count_parameters(sizes)))
    blocks = [rect for rect in root.findall("{*}rect") if rect.attrib.get("stroke") == "none"]
    weights, biases = blocks[::2], blocks[1::2]
    units = []
    for block, numbers in zip(weights, itertools.pairwise(sizes), strict=True):
        units.append(float(block.attrib["width"]) * float(block.attrib["height"]) / math.prod(numbers))
    assert max(units) < 1.03 * min(units)  # pixels are rounded to hundredths
    if units[0] > 1.5:
        for block, after in zip(biases, sizes[1:], strict=True):
            assert float(block.attrib["width"]) * float(block.attrib["height"]) == pytest.approx(units[0] * after, 0.01)
    bars = [float(rect.attrib["width"]) for rect in root.findall("{*}rect") if rect.attrib.get("height") == "18"]
    shares = [(before + 1) * after / count_parameters(sizes) for before, after in itertools.pairwise(sizes)]
    assert [bar / sum(bars) for bar in bars] == pytest.approx(shares, abs=0.001)


@pytest.mark.parametrize("layers", range(1, MOST_LAYERS + 1))
@pytest.mark.parametrize("size", [1, 1000])
def test_blocks_and_words_stay_inside_the_picture(layers, size):
    sizes = (size,) * (layers + 1)
    picture = layer_sizes_picture(sizes, count_parameters(sizes))
    root = read(picture)
    # Measured from the lower edge of the title.
    _, top, width, height = (float(side) for side in root.attrib["viewBox"].split())
    for block in root.findall("{*}rect"):
        x, y, wide, high = (float(block.attrib[side]) for side in ("x", "y", "width", "height"))
        assert x >= 0
        assert y >= top
        assert x + wide <= width
        assert y + high <= top + height
    for words in root.findall("{*}text"):
        # A letter of these fonts is at most about 0.62 of its size wide.
        written = "".join(words.itertext())
        wide = 0.62 * float(words.attrib["font-size"]) * len(written)
        start = float(words.attrib["x"]) - {"start": 0, "middle": wide / 2, "end": wide}[words.attrib["text-anchor"]]
        assert start >= 0, written
        assert start + wide <= width, written
