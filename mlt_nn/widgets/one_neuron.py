"""One neuron with two inputs: the line it draws, and how many points it gets right with it."""

import numpy as np

from mlt_nn.plots.look import figures
from mlt_nn.widgets.controls import Counter, Slider
from mlt_nn.widgets.dragging import held
from mlt_nn.widgets.interactive import Interactive
from mlt_nn.widgets.one_neuron_picture import (
    HIGH,
    LOW,
    MIDDLE,
    Problem,
    is_right,
    line_in_words,
    one_neuron_picture,
    pointed,
    taken,
    with_tip_at,
)  # fmt: skip

_CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
_CENTERS = np.repeat([[0.1, 1.3], [1.2, 0.4]], 8, axis=0)
_CLOUDS = np.round(_CENTERS + 0.38 * np.random.default_rng(0).standard_normal(_CENTERS.shape), 2)
PROBLEMS = (
    Problem("OR", _CORNERS, np.array([0, 1, 1, 1])),
    Problem("AND", _CORNERS, np.array([0, 0, 0, 1])),
    Problem("two clouds", _CLOUDS, np.repeat([0, 1], 8)),
    Problem("XOR", _CORNERS, np.array([0, 1, 1, 0])),
)


def one_neuron(neuron, g, threshold=0.5):
    """Move the weights and the bias of a neuron, and see which points it gets right: OR, AND, two clouds, XOR.

    Arguments:
        neuron: the reader's function, neuron(a, w, b, g) -> activation.
        g: the activation function: a step, the sigmoid, or any other.
        threshold: the neuron says 1 where its activation is at least this. 0.5 suits a step and the sigmoid, 0 tanh.
    """
    w1, w2, b = (Slider(name, start, -5, 5, 0.1) for name, start in (("w\u2081", 1), ("w\u2082", 1), ("b", -0.5)))
    point = Counter("point", 1, 1, len(_CORNERS))
    place = [Slider(f"its a{index}", 0, LOW, HIGH, 0.1) for index in "\u2081\u2082"]
    problem = _Chosen(PROBLEMS[0])
    anchor = MIDDLE

    def view():
        points = problem.points
        point.high = len(points)
        point.text.tooltip = f"from 1 to {point.high}"
        point.value = min(point.value, point.high)
        k = point.value - 1
        if problem.shown == k:
            points[k] = [control.value for control in place]
        else:
            for control, coordinate in zip(place, points[k], strict=True):
                control.value = coordinate
            problem.shown = k
        w = np.array([w1.value, w2.value])

        def activation(points):
            return np.array([float(neuron(a, w, b.value, g)) for a in points])

        picture = one_neuron_picture(problem.value, w, b.value, threshold, activation, k, anchor)
        return picture, _verdict(problem.value, w, b.value, activation(points), threshold, k)

    for control in (w1, w2, b, point, *place):
        control.narrow("3.5em", "9em", "150px" if control is not point else "2.5em")
    # The line stays: can the one that solves a problem also solve the next?
    presets = {each.name: {problem: each} for each in PROBLEMS}

    def take(x0, y0):
        w, bias, before = np.array([w1.value, w2.value]), b.value, anchor
        thing, which = taken(problem.points, w, bias, before, x0, y0)
        edges = {"w_1": (w1, w[0]), "w_2": (w2, w[1]), "b": (b, bias)}

        def moved(x, y):
            nonlocal anchor
            if thing == "edge":
                control, value = edges[which]
                return {control: round(value + (x - x0) / 25, 1)}
            if thing == "point":
                problem.points[which], problem.shown = pointed(x, y), None
                return {point: which + 1}
            if thing == "line":
                return {b: round(-float(np.dot(w, pointed(x, y))), 2)}
            turned, bias_then, anchor = with_tip_at(w, bias, before, x, y)
            return {w1: round(turned[0], 2), w2: round(turned[1], 2), b: round(bias_then, 2)}

        return moved if thing else None

    controls = [w1, w2, b, point, *place]
    return Interactive("one neuron", controls, view, presets, beside=True, moved=held(take))


class _Chosen:
    """Which problem is shown, with points of one's own to move: the buttons set it."""

    def __init__(self, problem):
        self.value = problem

    @property
    def value(self):
        """The problem, its points where they were moved to."""
        name = self._problem.name
        if not np.array_equal(self.points, self._problem.points):
            name += ", moved"
        return self._problem._replace(name=name, points=self.points)

    @value.setter
    def value(self, problem):
        self._problem, self.points = problem, problem.points.copy()
        self.shown = None
        """The point that the controls stand for, as a row; None before they do."""


def _verdict(problem, w, b, at_points, threshold, k):
    right = is_right(problem, at_points, threshold)
    count = f"{'all' if np.all(right) else f'{np.sum(right)} of'} {len(right)} points are right"
    places = [f"({figures(a1)}, {figures(a2)})" for a1, a2 in problem.points]
    if len(right) <= len(_CORNERS) and not np.all(right):
        count += "; wrong: " + ", ".join(place for place, fine in zip(places, right, strict=True) if not fine)
    missing = np.count_nonzero(~np.isfinite(at_points))
    more = f" At {missing} of them your neuron gives NaN or infinity." if missing else ""
    chosen = f"Point {k + 1}, {places[k]}, gets a = {figures(at_points[k])}."
    return f"{problem.name}: {count}.{more} {line_in_words(w, b)} {chosen}"
