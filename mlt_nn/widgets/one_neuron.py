"""One neuron with two inputs: the line it draws, and how many points it gets right with it."""

import numpy as np

from mlt_nn.widgets.controls import Slider
from mlt_nn.widgets.interactive import Interactive
from mlt_nn.widgets.one_neuron_picture import Problem, is_right, line_in_words, one_neuron_picture

_CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
_CENTERS = np.repeat([[0.1, 1.3], [1.2, 0.4]], 8, axis=0)
_CLOUDS = _CENTERS + 0.38 * np.random.default_rng(0).standard_normal(_CENTERS.shape)
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
    problem = _Chosen()

    def view():
        w = np.array([w1.value, w2.value])

        def activation(points):
            return np.array([float(neuron(a, w, b.value, g)) for a in points])

        picture = one_neuron_picture(problem.value, w, b.value, threshold, activation)
        return picture, _verdict(problem.value, w, b.value, activation(problem.value.points), threshold)

    start = {w1: 1, w2: 1, b: -0.5}
    presets = {each.name: {problem: each, **start} for each in PROBLEMS}
    return Interactive("one neuron", [w1, w2, b], view, presets)


class _Chosen:
    """Which problem is shown: the buttons set it."""

    value = PROBLEMS[0]


def _verdict(problem, w, b, at_points, threshold):
    right = is_right(problem, at_points, threshold)
    count = f"{'all' if np.all(right) else f'{np.sum(right)} of'} {len(right)} points are right"
    if problem.points is _CORNERS and not np.all(right):
        count += "; wrong: " + ", ".join(f"({a1:g}, {a2:g})" for a1, a2 in problem.points[~right])
    missing = np.count_nonzero(~np.isfinite(at_points))
    more = f" At {missing} of them your neuron gives NaN or infinity." if missing else ""
    return f"{problem.name}: {count}.{more} {line_in_words(w, b)}"
