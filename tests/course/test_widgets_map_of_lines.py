"""One point of the map is one whole line: what is drawn on both sides is what the reader's functions say of it."""

from xml.etree import ElementTree

import numpy as np
import pytest

from mlt_nn.widgets.dragging import _Dragging
from mlt_nn.widgets.map_of_lines import BY_HAND, CLASSES, CROSS, RATES, SQUARED, START, STEPS, X, Y, map_of_lines, walk
from mlt_nn.widgets.map_of_lines_picture import LEVELS, REACH, grasped

from .widget_parts import SVG, buttons, unwritten

# Where the planes are on the drawing, and how many pixels 1 has there.
LINE, MAP, UNIT = np.array([48, 328]), np.array([410, 328]), 294 / (2 * REACH)


@pytest.fixture
def functions(solved):
    losses = solved("losses")
    return solved("network").forward_pass, losses.squared_error, losses.cross_entropy


@pytest.fixture
def train(solved):
    return solved("gradient_descent").train


def controls(widget):
    box = widget.children[1].children
    names = ("loss", "w", "b") if len(box) == 3 else ("loss", "step", "rate", "w", "b")
    return dict(zip(names, box, strict=True))


def parts(widget, tag, **look):
    found = ElementTree.fromstring(widget.current.drawing).iter(f"{SVG}{tag}")
    return [part for part in found if all(part.get(k.replace("_", "-")) == value for k, value in look.items())]


def numbers(part, *names):
    return np.array([float(part.get(name)) for name in names])


def pixels(plane, x, y):
    return plane + UNIT * np.array([x + REACH, -(y + REACH)])


def test_half_of_the_area_of_the_squares_is_the_loss(functions):
    widget = map_of_lines(*functions)
    squares = parts(widget, "rect", clip_path="url(#line)")
    sides = np.array([numbers(square, "width", "height") for square in squares]) / UNIT
    assert sides[:, 0] == pytest.approx(sides[:, 1])
    loss = functions[1](Y, -0.4 * X + 0.8)
    assert np.sum(sides[:, 0] ** 2) / 2 == pytest.approx(loss, rel=1e-3)
    assert widget.words == f"The line -0.4 x + 0.8, loss {loss:.3g}. The point at x = -1.6 alone makes 44 % of it."
    assert f"to the loss, {loss:.3g}." in widget.current.alt


def test_the_dot_and_the_line_are_the_same_two_numbers(functions):
    widget = map_of_lines(*functions)
    widget.set({controls(widget)["w"]: 0.5, controls(widget)["b"]: -0.3})
    (dot,) = parts(widget, "circle", r="7")
    assert numbers(dot, "cx", "cy") == pytest.approx(pixels(MAP, 0.5, -0.3), abs=0.01)
    (line,) = parts(widget, "line", clip_path="url(#line)")
    assert numbers(line, "x1", "y1") == pytest.approx(pixels(LINE, -REACH, -0.3 - 0.5 * REACH), abs=0.01)
    assert numbers(line, "x2", "y2") == pytest.approx(pixels(LINE, REACH, -0.3 + 0.5 * REACH), abs=0.01)


@pytest.mark.parametrize("kind", [SQUARED, CROSS])
def test_along_a_gray_line_the_loss_is_its_number(functions, kind):
    forward_pass, *losses = functions
    widget = map_of_lines(*functions)
    controls(widget)["loss"].value = kind
    seen = []
    for line in parts(widget, "polyline", stroke_width="0.8"):
        places = np.array([place.split(",") for place in line.get("points").split()], dtype=float)
        w, b = ((places - MAP) / UNIT * [1, -1] - REACH).T
        for slope, intercept in list(zip(w, b, strict=True))[::20]:
            if kind == SQUARED:
                loss = losses[0](Y, slope * X + intercept)
            else:
                W, biases = {1: np.array([[0.0, slope]])}, {1: np.array([0.0, intercept])}
                loss = losses[1](np.eye(2)[CLASSES], forward_pass(X, W, biases)[1][1])
            nearest = min(LEVELS[kind == CROSS], key=lambda level: abs(level - loss))
            assert loss == pytest.approx(nearest, rel=0.03)
            seen.append(nearest)
    assert set(seen) == set(LEVELS[kind == CROSS])


def test_what_the_points_cost_adds_up_to_the_cross_entropy(functions):
    widget = map_of_lines(*functions)
    controls(widget)["loss"].value = CROSS
    bars = parts(widget, "rect", clip_path="url(#costs)")
    heights = np.array([float(bar.get("height")) for bar in bars]) / 70 * 4
    probabilities = 1 / (1 + np.exp(-(-0.4 * X[:, 0] + 0.8)))
    costs = -np.log(np.where(CLASSES, probabilities, 1 - probabilities))
    assert heights == pytest.approx(costs, abs=1e-3)
    assert widget.words.startswith(f"The line -0.4 x + 0.8, loss {np.sum(costs):.3g}. ")


def test_the_lowest_place_is_the_one_that_notebook_4_names(functions):
    slope, intercept = np.polyfit(X[:, 0], Y[:, 0], 1)
    assert functions[1](Y, slope * X + intercept) == pytest.approx(0.226, abs=5e-4)


@pytest.mark.parametrize("name", BY_HAND)
def test_each_button_sets_its_line(functions, name):
    widget = map_of_lines(*functions)
    for button in (*buttons(widget).values(), buttons(widget)[name]):
        button.click()
    assert (controls(widget)["w"].value, controls(widget)["b"].value) == BY_HAND[name]


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("slow (0.01)", "It fell at every step."),
        ("good (0.1)", "Step 30: 0.728 x + 0.138, loss 0.226; at the start it was 16. It fell at every step."),
        ("oscillating (0.22)", "It fell at every step."),
        ("diverging (0.24)", "It diverges."),
    ],
)
def test_each_button_walks_as_it_says(functions, train, label, words):
    widget = map_of_lines(*functions, train)
    assert len(buttons(widget)) == len(RATES)
    buttons(widget)[label].click()
    assert widget.words.endswith(words)
    path = walk(train, SQUARED, *START, controls(widget)["rate"].value)
    turns = np.sum(np.diff(path[:, 0])[1:] * np.diff(path[:, 0])[:-1] < 0)
    assert (turns > 20) == (label in ("oscillating (0.22)", "diverging (0.24)"))


@pytest.mark.parametrize("kind", [SQUARED, CROSS])
def test_a_step_goes_against_the_gradient(train, kind):
    path = walk(train, kind, 0.5, -0.3, 0.01)
    assert len(path) == STEPS + 1
    if kind == SQUARED:
        error = 0.5 * X - 0.3 - Y
        gradient = np.array([np.sum(error * X), np.sum(error)])
    else:
        error = 1 / (1 + np.exp(-(0.5 * X[:, 0] - 0.3))) - CLASSES
        gradient = 2 * np.array([np.sum(error * X[:, 0]), np.sum(error)])  # both scores move
    assert path[1] - path[0] == pytest.approx(-0.01 * gradient)


@pytest.mark.parametrize("rate", [0.001, 1.0])
@pytest.mark.parametrize("kind", [SQUARED, CROSS])
@pytest.mark.parametrize("end", [-REACH, REACH])
def test_the_ends_of_the_controls_are_drawn(functions, train, rate, kind, end):
    widget = map_of_lines(*functions, train)
    parts = controls(widget)
    for step in (0, STEPS):
        widget.set({parts["loss"]: kind, parts["rate"]: rate, parts["w"]: end, parts["b"]: end, parts["step"]: step})
        assert widget.words.startswith(f"Step {STEPS}: " if step else "The line ")


def test_what_is_dragged_follows_the_pointer():
    for w, b in ((1.0, -0.5), (-2.0, 2.0)):
        assert grasped(False, (0.3, 0.3), 600, 100, *pixels(MAP, w, b)) == pytest.approx((w, b))
    # In the middle the line is moved, further out it is turned, and goes through the pointer.
    assert grasped(False, (0.5, 0.1), *pixels(LINE, 0.1, 0), *pixels(LINE, 0.2, 1.0)) == pytest.approx((0.5, 0.9))
    assert grasped(False, (0.5, 0.1), *pixels(LINE, 1.5, 0), *pixels(LINE, 2.0, 1.0)) == pytest.approx((0.45, 0.1))
    # Beyond the middle it does not become infinitely steep.
    assert grasped(False, (0.5, 0.1), *pixels(LINE, 1.5, 0), *pixels(LINE, -1.0, 1.0)) == pytest.approx((4.5, 0.1))
    # The scores have a plane of their own, 70 pixels high for 8.
    assert grasped(True, (0.5, 0.1), LINE[0] + 147, 60, LINE[0] + 147, 50) == pytest.approx((0.5, 4.0))


def test_a_drag_sets_the_controls_and_takes_the_walk_back_to_its_start(functions, train):
    widget = map_of_lines(*functions, train)
    (listening,) = [child for child in widget.children if isinstance(child, _Dragging)]
    listening.drag = (600.0, 100.0, *map(float, pixels(MAP, 1.0, -0.5)))
    now = controls(widget)
    assert (now["w"].value, now["b"].value, now["step"].value) == (1.0, -0.5, 0)
    assert widget.words.startswith("The line 1 x - 0.5, loss ")
    listening.drag = (600.0, 100.0, 5000.0, 5000.0)
    assert (now["w"].value, now["b"].value) == (REACH, -REACH)


def test_a_loss_not_written_is_named_only_where_it_is_asked_for(functions):
    widget = map_of_lines(*functions[:2], unwritten)
    assert widget.words.startswith("The line ")
    controls(widget)["loss"].value = CROSS
    assert widget.words == "Nothing to see yet: this one is yours to write"
    controls(widget)["loss"].value = SQUARED
    assert widget.words.startswith("The line ")


def test_a_forward_pass_without_a_bias_draws_lines_through_the_origin(functions):
    def biased(X, W, b, *given, **more):
        return functions[0](X, W, {1: 0 * b[1]}, *given, **more)

    widget = map_of_lines(biased, *functions[1:])
    (line,) = parts(widget, "line", clip_path="url(#line)")
    middle = (numbers(line, "x1", "y1") + numbers(line, "x2", "y2")) / 2
    assert middle == pytest.approx(pixels(LINE, 0, 0), abs=0.01)
