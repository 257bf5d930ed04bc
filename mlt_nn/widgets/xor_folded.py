"""XOR folded: two hidden neurons move the four corners to places that one line can part."""

import copy
import functools
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import figures
from mlt_nn.support.colors import BLUE, INK, VERMILION, WHITE
from mlt_nn.widgets.controls import List, Slider
from mlt_nn.widgets.field import field
from mlt_nn.widgets.interactive import Interactive
from mlt_nn.widgets.one_neuron import PROBLEMS
from mlt_nn.widgets.one_neuron_picture import border, is_right

XOR = PROBLEMS[-1]
SIDE = 280
INPUTS = (-0.4, 1.4)
"""The range of both inputs in the left plane, and of what neurons say in the right one."""
GRID = np.linspace(0, 1, 9)
_ALONG = np.linspace(0, 1, 17)
_ARROW = 24
_TOGETHER = 12
"""Points that are closer than so many pixels get rings around each other and one label."""
CAPTION = (
    "Circles should get a 1, squares a 0; blue is where the network says 1, a cross where it is wrong. Right: the same "
    "corners and a grid between them, on their way to what neurons 1 and 2 say."
)
# Of two hidden neurons the weights, a column for each, and the biases; then those of the neuron on top of them.
PAIRS = {
    "OR and AND": (((1, 1), (1, 1)), (-0.5, -1.5), (1, -1), -0.5),
    "one, not the other": (((1, -1), (-1, 1)), (-0.5, -0.5), (1, 1), -0.5),
    "an input each": (((1, 0), (0, 1)), (-0.5, -0.5), (1, 1), -0.5),
    "twins": (((1, 1), (1, 1)), (-0.5, -0.5), (1, 1), -1.0),
}
SHARPNESS = 6.0
_INPUTS = ("input a_{0}", lambda X: X)


def xor_folded(neuron, g):
    """Fold the plane with two neurons until the line of a third is enough for XOR, or is not.

    Arguments:
        neuron: the reader's function, neuron(a, w, b, g) -> activation.
        g: the sigmoid; any other activation that is 1/2 at z = 0 will do.
    """
    way = Slider("folded, %", 100, 0, 100, 5)
    sharpness = Slider("sharpness", SHARPNESS, 1, 20, 1)
    which = List("neurons", tuple(PAIRS))

    @functools.cache
    def folded(name, scale):
        W, b, top_w, top_b = (scale * np.array(part, dtype=np.float64) for part in PAIRS[name])
        columns = list(zip(W.T, b, strict=True))

        def hidden(X):
            return np.array([[float(neuron(x, w, bias, g)) for w, bias in columns] for x in X])

        def top(A):
            return np.array([float(neuron(a, top_w, top_b, g)) for a in A])

        fold = Fold((_INPUTS, ("neuron {0} says", hidden)), top, W, b, top_w, float(top_b))
        return fold, flat_picture(fold)

    def view():
        fold, flat = folded(which.value, sharpness.value)
        title = f"{way.value:g} % folded: {which.value}"
        return xor_folded_picture(fold, flat, title, way.value / 100, INPUTS), _status(fold, way.value / 100)

    presets = {
        "flat": {way: 0},
        "half way": {way: 50},
        "folded": {way: 100},
        "soft: times 1": {sharpness: 1},
        "sharp: times 20": {sharpness: 20},
    }
    name = "XOR folded: where two neurons move its corners, and whether one line is enough there"
    return Interactive(name, [which, way, sharpness], view, presets, beside=True)


def xor_in_layers(forward_pass, W, b):
    """The same in two steps: the product with W[1] and the addition of b[1] move the plane, ReLU folds it.

    Arguments:
        forward_pass: the reader's function of `mlt_nn.network`.
        W, b: the parameters of a network 2-2-1 with ReLU, which says 1 where its output is at least 1/2.
    """
    way = Slider("step", 0, 0, 2, 0.1)

    def hidden(X):
        return forward_pass(X, W, b, hidden="relu", output="identity")

    def top(A):
        return forward_pass(A, {1: W[2]}, {1: b[2]}, output="identity")[1][1][:, 0]

    @functools.cache
    def folded():
        stages = _INPUTS, ("z of neuron {0}", lambda X: hidden(X)[0][1]), ("neuron {0} says", lambda X: hidden(X)[1][1])
        fold = Fold(stages, top, W[1], b[1], W[2][:, 0], b[2][0] - 0.5)
        return fold, flat_picture(fold)

    def view():
        (fold, flat), place = folded(), way.value
        done = "inputs", "Z[1]", "A[1]"
        title = " → ".join(done[k] for k in sorted({math.floor(place), math.ceil(place)}))
        return xor_folded_picture(fold, flat, title, place, (-1.5, 2.5)), _status(fold, place)

    presets = {"0: the inputs": {way: 0}, "1: Z[1]": {way: 1}, "2: A[1]": {way: 2}}
    return Interactive("XOR in layers: the matrix moves the plane, ReLU folds it", [way], view, presets)


def _status(fold, way):
    here = fold.at(XOR.points, way)
    places = _listed(np.round(here, 2))
    if way == 0:
        return f"Flat: {places}. No single line parts circles and squares here."
    if way != int(way):
        return f"On the way: {places}. No neuron looks at them here."
    if way < fold.last:
        return f"Moved: {places}. What was straight is still straight, so one line still will not do."
    right = is_right(XOR, fold.top(here), 0.5)
    return f"Folded: {places}. The line of neuron 3 gets {np.sum(right)} of 4 right."


class Fold(NamedTuple):
    """A network 2-2-1 as a way of the plane."""

    stages: tuple[tuple[str, Callable], ...]
    """What an axis shows, and where points, shape (n, 2), are: first the inputs, last what neurons 1 and 2 say."""
    top: Callable
    """What neuron 3 makes of that, shape (n,)."""
    W: np.ndarray
    b: np.ndarray
    top_w: np.ndarray
    top_b: float

    def at(self, points, way):
        """Where points are on the way: at 1.5 half way from the second stage to the third."""
        k = min(int(way), len(self.stages) - 2)
        start, end = (where(points) for _, where in self.stages[k : k + 2])
        return start + (way - k) * (end - start)

    def axis(self, way):
        """What an axis shows there."""
        names = [self.stages[k][0] for k in sorted({math.floor(way), math.ceil(way)})]
        return " → ".join(names)

    def says(self, points):
        """What the whole network says of points, shape (n,)."""
        return self.top(self.stages[-1][1](points))

    @property
    def last(self):
        """The end of the way."""
        return len(self.stages) - 1


def _listed(places):
    """Where each corner has gone, in words."""
    pairs = zip(XOR.points, places, strict=True)
    return ", ".join(f"({a1:g}, {a2:g}) at ({figures(x)}, {figures(y)})" for (a1, a2), (x, y) in pairs)


def flat_picture(fold):
    """The left half of the picture, which is the same all the way: a `Drawing`."""
    drawing = Drawing(700, 366)
    plane = _plane(drawing, 52, INPUTS, "What goes in", fold.axis(0))
    field(plane, fold.says, 0.5)
    _frame(plane)
    twins = np.array_equal(fold.W[:, 0], fold.W[:, 1]) and fold.b[0] == fold.b[1]
    border(plane, fold.W[:, 0], fold.b[0], "", "1, 2" if twins else "1", 0.35, _ARROW)
    if not twins:
        border(plane, fold.W[:, 1], fold.b[1], "9 5", "2", 0.35, _ARROW)
    _corners(plane, XOR.points, is_right(XOR, fold.says(XOR.points), 0.5))
    return drawing


def xor_folded_picture(fold, flat, title, way, reach):
    """Draw so much of the way of a `Fold` beside its `flat_picture`, in a plane from reach[0] to reach[1]."""
    drawing = copy.deepcopy(flat)
    right = is_right(XOR, fold.says(XOR.points), 0.5)
    done = way == fold.last
    plane = _plane(drawing, 408, reach, title, fold.axis(way))
    if done:
        field(plane, fold.top, 0.5)
    _frame(plane)
    for fixed in GRID:
        for line in (np.column_stack([_ALONG, 0 * _ALONG + fixed]), np.column_stack([0 * _ALONG + fixed, _ALONG])):
            plane.line(fold.at(line, way), INK, 1)
    if done:
        border(plane, fold.top_w, fold.top_b, "", "3", 0.8, _ARROW)
    here = fold.at(XOR.points, way)
    _corners(plane, here, right if done else np.full(len(right), True))
    gone = f"{title}; {100 * way / fold.last:.0f} % of the way"
    alt = f"{gone}. {XOR.name}: {_listed(here)}. The network gets {np.sum(right)} of 4 right."
    return drawing.picture(CAPTION, alt)


def _plane(drawing, left, reach, title, axis):
    drawing.heading(left, 18, title)
    plane = Axes(drawing, left, 34, SIDE, SIDE, reach, reach)
    drawing.text(left + SIDE / 2, plane.bottom + 36, axis.format(1), 14)
    drawing.text(left - 38, plane.top + SIDE / 2, axis.format(2), 14, turn=-90)
    return plane


def _frame(plane):
    whole = dict.fromkeys(range(math.ceil(plane.x[0]), math.floor(plane.x[1]) + 1), "")
    plane.scales(whole, whole, "", "", grid=WHITE, framed=True)
    for n in whole:
        (x, y) = plane.place(n, n)
        plane.drawing.text(x, plane.bottom + 15, str(n), 14)
        plane.drawing.text(plane.left - 8, y, str(n), 14, "end")


def _corners(plane, places, right):
    """The points, those that have met inside each other."""
    drawing = plane.drawing
    groups: list[tuple[tuple[float, float], list[str]]] = []
    for point, place, wanted, fine in zip(XOR.points, places, XOR.classes, right, strict=True):
        if not plane.shows(*place):
            continue
        x, y = plane.place(*place)
        names = next((names for first, names in groups if math.dist(first, (x, y)) < _TOGETHER), None)
        if names is None:
            names = []
            groups.append(((x, y), names))
        color, half = BLUE if wanted else VERMILION, 8 + 5 * len(names)
        look = ("none", color, 3) if names else (color, WHITE, 2)
        drawing.mark(x, y, wanted, half + 1, half, *look)
        if not fine:
            for arm in (13, -13):
                drawing.line(x - 13, y - arm, x + 13, y + arm, INK, 3)
        names.append(f"({point[0]:g}, {point[1]:g})")
    for (x, y), names in groups:
        # Away from the middle, where the lines are.
        away = 1 if y > (plane.top + plane.bottom) / 2 else -1
        for k, name in enumerate(names):
            drawing.text(x, y + away * (17 + 5 * len(names) + 16 * k), name, 14, halo=True)
