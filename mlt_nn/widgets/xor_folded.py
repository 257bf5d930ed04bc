"""XOR folded: two hidden neurons move the four corners to places that one line can part."""

import functools
import math
from typing import NamedTuple

import numpy as np

from mlt_nn.plots.look import figures
from mlt_nn.widgets.controls import List, Slider
from mlt_nn.widgets.interactive import Interactive
from mlt_nn.widgets.one_neuron import PROBLEMS
from mlt_nn.widgets.one_neuron_picture import is_right
from mlt_nn.widgets.xor_folded_picture import Fold, flat_picture, xor_folded_picture

XOR = PROBLEMS[-1]


class _Pair(NamedTuple):
    """Two hidden neurons, a column of weights for each, and the neuron on top of them."""

    W: tuple
    b: tuple
    top_w: tuple
    top_b: float


PAIRS = {
    "OR and AND": _Pair(((1, 1), (1, 1)), (-0.5, -1.5), (1, -1), -0.5),
    "one, not the other": _Pair(((1, -1), (-1, 1)), (-0.5, -0.5), (1, 1), -0.5),
    "an input each": _Pair(((1, 0), (0, 1)), (-0.5, -0.5), (1, 1), -0.5),
    "twins": _Pair(((1, 1), (1, 1)), (-0.5, -0.5), (1, 1), -1.0),
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
        return fold, flat_picture(fold, XOR)

    def view():
        fold, flat = folded(which.value, sharpness.value)
        title = f"{way.value:g} % folded: {which.value}"
        return xor_folded_picture(fold, flat, XOR, title, way.value / 100, (-0.4, 1.4)), _status(fold, way.value / 100)

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
    way = Slider("step", 2, 0, 2, 0.1)

    def hidden(X):
        return forward_pass(X, W, b, hidden="relu", output="identity")

    def top(A):
        return forward_pass(A, {1: W[2]}, {1: b[2]}, output="identity")[1][1][:, 0]

    @functools.cache
    def folded():
        stages = _INPUTS, ("z of neuron {0}", lambda X: hidden(X)[0][1]), ("neuron {0} says", lambda X: hidden(X)[1][1])
        fold = Fold(stages, top, W[1], b[1], W[2][:, 0], b[2][0] - 0.5)
        return fold, flat_picture(fold, XOR)

    def view():
        (fold, flat), place = folded(), way.value
        done = "inputs", "Z[1]", "A[1]"
        title = " → ".join(done[k] for k in sorted({math.floor(place), math.ceil(place)}))
        return xor_folded_picture(fold, flat, XOR, title, place, (-1.5, 2.5)), _status(fold, place)

    presets = {"0: the inputs": {way: 0}, "1: Z[1]": {way: 1}, "2: A[1]": {way: 2}}
    return Interactive("XOR in layers: the matrix moves the plane, ReLU folds it", [way], view, presets)


def _status(fold, way):
    here = fold.at(XOR.points, way)
    places = ", ".join(
        f"({a1:g}, {a2:g}) at ({figures(x)}, {figures(y)})"
        for (a1, a2), (x, y) in zip(XOR.points, np.round(here, 2), strict=True)
    )
    if way == 0:
        return f"Flat: {places}. No single line parts circles and squares here."
    if way != int(way):
        return f"On the way: {places}. No neuron looks at them here."
    if way < fold.last:
        return f"Moved: {places}. What was straight is still straight, so one line still will not do."
    right = is_right(XOR, fold.top(here), 0.5)
    return f"Folded: {places}. The line of neuron 3 gets {np.sum(right)} of 4 right."
