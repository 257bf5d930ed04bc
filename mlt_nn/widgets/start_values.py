"""Where training starts: from zeros, from a constant or from random numbers, and what the hidden neurons make of it."""

import functools
import math
from typing import Any, NamedTuple

import numpy as np

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import figures, largest
from mlt_nn.support.colors import BLUE, FAINT, INK, SERIES
from mlt_nn.widgets.controls import Film, List, Slider
from mlt_nn.widgets.interactive import Interactive

REACH = 2.5
"""The plane of the weights goes from -REACH to REACH; what is outside is drawn on its edge."""
# Of each neuron: the radius of its ring, where its number stands beside it, its color and its dashes.
# Rings of four sizes and numbers at four corners: four neurons in one place are still seen to be four.
_NEURONS = (
    (13, 14, -17, SERIES[0], ""),
    (10, 14, 16, SERIES[1], "6 2"),
    (7, -14, 16, SERIES[2], "2 2"),
    (4, -14, -17, INK, "7 2 1 2"),
)
_TABLE_LEFT, _TABLE_TOP, _CELL_WIDTH, _CELL_HEIGHT = 408, 76, 50, 36
_LEFT, _TOP, _SIDE = 54, 40, 290  # of the plane of the weights
X = np.array([[-1.0, -1.0], [-1.0, 1.0], [0.0, 0.5], [1.0, -1.0], [1.0, 1.0], [0.5, -0.5]])
Y = np.array([[-1.0], [1.0], [1.0], [0.5], [2.0], [0.0]])
SIZES = (2, 4, 1)
CONSTANT = 0.5
RATE = 0.03
STEPS = 200
PUSH = (-0.8, 0.4)
"""How far aside neuron 1 begins in one of the cases."""
STARTS = ("zero", "constant", "random")
TITLES = {"zero": "all 0", "constant": f"all {CONSTANT}", "random": "from N(0, 1)"}
CAPTION = (
    "Six points with two features, four hidden neurons, one output. Left: a ring is a hidden neuron, a dot where it "
    "started; rings around each other have the same weights. Drag neuron 1 to another start. Right: equal columns are "
    "neurons that say the same about every point."
)


class Step(NamedTuple):
    """The network at one step of the training."""

    W_1: np.ndarray
    A_1: np.ndarray
    loss: float
    dead: bool
    """Whether the gradients of both weight matrices are exactly 0."""


def start_values(initialize, forward_pass, backward_pass, update):
    """Training from zeros, from a constant and from random numbers, step by step: do the neurons of a layer part?

    Arguments: the reader's functions of `mlt_nn.network`, `mlt_nn.backpropagation` and `mlt_nn.gradient_descent`.
    """

    # Whoever drags asks for many starts.
    @functools.lru_cache(maxsize=100)
    def trained(start, hidden, push):
        return training(initialize, forward_pass, backward_pass, update, start, hidden, push)

    start = List("start values", STARTS, "constant")
    hidden = List("activation", ("sigmoid", "tanh", "relu"))
    step = Film("step", STEPS, 0, STEPS)
    pushes = tuple(Slider(f"push 1 by w{i}", 0, -2 * REACH, 2 * REACH, 0.1) for i in (1, 2))

    def chosen():
        return trained(start.value, hidden.value, tuple(push.value for push in pushes))

    def view():
        steps = chosen()[: step.value + 1]
        title = f"{TITLES[start.value]}, {hidden.value}"
        history = np.array([past.W_1 for past in steps])
        return start_values_picture(history, steps[-1].A_1, title), verdict(steps[-1], step.value)

    still: dict[Any, Any] = dict.fromkeys(pushes, 0)
    aside: dict[Any, Any] = dict(zip(pushes, PUSH, strict=True))
    presets: dict[str, dict[Any, Any]] = {
        "ReLU from zeros": {start: "zero", hidden: "relu", step: STEPS, **still},
        "sigmoid from zeros": {start: "zero", hidden: "sigmoid", step: STEPS, **still},
        "a constant": {start: "constant", hidden: "sigmoid", step: STEPS, **still},
        "one pushed aside": {start: "constant", hidden: "sigmoid", step: STEPS, **aside},
        "random": {start: "random", hidden: "sigmoid", step: STEPS, **still},
        "back to the start": {step: 0},
    }

    def moved(x0, y0, x, y):
        if x0 > _LEFT + _SIDE + 10:
            return {}
        begun = chosen()[0].W_1[:, 0] - [push.value for push in pushes]
        wanted = np.clip(_plane(None).numbers(x, y), -REACH, REACH) - begun
        return dict(zip(pushes, np.round(wanted, 2), strict=True))

    name = "start values: do the neurons of a layer move together or apart?"
    compared = "a constant", "random"
    return Interactive(name, [start, hidden, step, *pushes], view, presets, beside=True, compared=compared, moved=moved)


def training(initialize, forward_pass, backward_pass, update, start, hidden, push=(0, 0)):
    """The network at each step of gradient descent, a list of STEPS + 1 `Step`s; the start of neuron 1 is pushed."""
    W, b = initialize(SIZES, np.random.default_rng(12))
    if start != "random":
        value = {"zero": 0.0, "constant": CONSTANT}[start]
        W, b = ({l: np.full_like(theta, value) for l, theta in parameters.items()} for parameters in (W, b))
    W[1] = W[1] + np.outer(push, [1, 0, 0, 0])
    steps = []
    with np.errstate(over="ignore", invalid="ignore"):  # functions that are still wrong may diverge
        for _ in range(STEPS + 1):
            Z, A = forward_pass(X, W, b, hidden, "identity")
            W_g, b_g = backward_pass(Y, Z, A, W, hidden)
            loss = 0.5 * float(np.sum((A[2] - Y) ** 2))
            steps.append(Step(W[1], A[1], loss, not np.any(W_g[1]) and not np.any(W_g[2])))
            W, b = update(W, b, W_g, b_g, RATE)
    return steps


def spread(W_1):
    """How far the columns of W[1] are apart: the largest difference in a row."""
    return float(np.max(np.ptp(W_1, axis=1)))


def verdict(step, number):
    """Dead, tied, parted or free, in words with numbers."""
    if not (np.all(np.isfinite(step.W_1)) and np.all(np.isfinite(step.A_1))):
        return f"Step {number}: a weight or an activation is no longer a finite number."
    loss = f"The loss is {figures(step.loss)}."
    apart, rank = spread(step.W_1), int(np.linalg.matrix_rank(step.A_1))
    measured = f"the columns of W[1] differ by {figures(apart)}, A[1] has rank {rank}"
    if step.dead:
        return f"Step {number}: dead. W_g[1] and W_g[2] are exactly 0, so no weight moves; {measured}. {loss}"
    if apart < 1e-9:  # rounding errors are far below, the differences of random weights far above
        return f"Step {number}: tied; {measured}. Four neurons do the work of one. {loss}"
    different = np.unique(np.round(step.W_1, 9), axis=1).shape[1]
    if different < step.W_1.shape[1]:
        return (
            f"Step {number}: {different} different neurons; {measured}. Those that began alike are still tied. {loss}"
        )
    return f"Step {number}: free; {measured}. Each neuron does its own work. {loss}"


def start_values_picture(history, A_1, title):
    """The four hidden neurons at one step of the training.

    Arguments:
        history: W[1] at each step so far, shape (steps + 1, 2, 4): two weights come into each neuron.
        A_1: the activations of the hidden layer now, shape (points, 4).
        title: the start values and the activation, in a few words.
    """
    drawing = Drawing(612, 378)
    drawing.heading(14, 19, f"W_1: {title}")
    plane = _plane(drawing)
    ticks = {tick: str(tick) for tick in range(-2, 3)}
    plane.scales(ticks, ticks, "weight from input 1", "weight from input 2", framed=True)
    for j, look in enumerate(_NEURONS):
        _neuron(plane, history[:, :, j], j + 1, *look)
    drawing.heading(_TABLE_LEFT, 19, "A_1: what they say")
    _table(drawing, A_1)
    now = ", ".join(f"neuron {j + 1} at ({figures(w1)}, {figures(w2)})" for j, (w1, w2) in enumerate(history[-1].T))
    rows = "; ".join(", ".join(f"{value:.2f}" for value in row) for row in A_1)
    alt = f"{title}, step {len(history) - 1}. Weights into the hidden neurons: {now}. A[1], one row a point: {rows}."
    return drawing.picture(CAPTION, alt)


def _plane(drawing):
    return Axes(drawing, _LEFT, _TOP, _SIDE, _SIDE, (-REACH, REACH), (-REACH, REACH))


def _neuron(plane, weights, number, radius, dx, dy, color, dash):
    """The way of one neuron's weights, shape (steps + 1, 2): a dot at the start, a ring now."""
    way = [plane.place(*np.clip(pair, -REACH, REACH)) for pair in weights if np.isfinite(pair).all()]
    if not way:
        return
    drawing, (x, y) = plane.drawing, way[-1]
    drawing.polyline(way, color, 2, dash)
    drawing.circle(*way[0], 3, color, "none")
    drawing.circle(x, y, radius, "none", color, 2.5)
    drawing.text(x + dx, y + dy, str(number), color=color, weight="bold", halo=True)


def _table(drawing, A_1):
    drawing.text(_TABLE_LEFT + 2 * _CELL_WIDTH, _TABLE_TOP - 32, "neuron", 12)
    drawing.text(_TABLE_LEFT - 24, _TABLE_TOP - 14, "point", 12)
    most = max(1.0, largest(A_1))
    for j, (*_, color, _) in enumerate(_NEURONS):
        x = _TABLE_LEFT + (j + 0.5) * _CELL_WIDTH - 1.5
        drawing.text(x, _TABLE_TOP - 14, str(j + 1), color=color, weight="bold")
    for i, row in enumerate(A_1):
        top, middle = _TABLE_TOP + i * _CELL_HEIGHT, _TABLE_TOP + (i + 0.5) * _CELL_HEIGHT - 1.5
        drawing.text(_TABLE_LEFT - 26, middle, str(i + 1), 12)
        for j, value in enumerate(row):
            left, width = _TABLE_LEFT + j * _CELL_WIDTH, _CELL_WIDTH - 3
            shade = 0.55 * min(abs(float(value)) / most, 1) if math.isfinite(value) else 0.0
            drawing.box(left, top, width, _CELL_HEIGHT - 3, BLUE, FAINT, 1, fill_opacity=shade)
            drawing.text(left + width / 2, middle, f"{value:.2f}" if abs(value) < 1000 else figures(value), 12)
