"""How strong a penalty on the weights should be: too weak, and noise is learned; too strong, and nothing is."""

import functools
import math
from typing import NamedTuple

import numpy as np

from mlt_nn.datasets.toy import two_moons
from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import contours, drawable, figures, gaps, sentences
from mlt_nn.support.colors import BLUE, GRAY, INK, MISSING, VERMILION, tint
from mlt_nn.widgets.controls import Choice, Strength
from mlt_nn.widgets.interactive import Interactive

# Few points, much noise and a network with many weights: it can learn every point by heart.
POINTS, VAL_POINTS, NOISE, HIDDEN, SEED = 30, 400, 0.35, 30, 0
STEPS, EVERY, LEARNING_RATE = 1500, 50, 0.02
NEARLY_ZERO = 0.05
# Where the points lie, and the grid on which the network is asked.
X_RANGE, Y_RANGE, GRID = (-2.0, 3.0), (-1.75, 2.25), 60
_X, _Y = np.linspace(*X_RANGE, GRID), np.linspace(*Y_RANGE, GRID)
LARGEST = 6  # where the axis of the weights ends
LOSSES = (1e-4, 10.0)
_LEFT, _TOP, _RIGHT, _WIDTH = 42, 34, 402, 196
# The losses of the training set, of the validation set, and of that without a penalty.
_LOOKS = (BLUE, 2.5, ""), (VERMILION, 2.5, "7 4"), (GRAY, 1.5, "2 3")
CAPTION = (
    "Left: what the network calls class 0 (blue, circles) and class 1 (orange, squares), and its boundary. Right: the "
    "size of every weight, the largest first, and the loss per point while it learns."
)


class Run(NamedTuple):
    """A finished training: what is drawn of it, and how many points of each set it gets right."""

    score: np.ndarray
    """That of class 1 minus that of class 0 at the points of `grid()`, shape (GRID * GRID,)."""
    weights: np.ndarray
    """All weights, shape (p,)."""
    steps: np.ndarray
    """Those at which the losses were taken, shape (s,)."""
    train_loss: np.ndarray
    """The loss per point at these steps, shape (s,)."""
    val_loss: np.ndarray
    train_right: int
    val_right: int


def toy_sets():
    """The training set and the validation set: X, labels, X_val, labels_val."""
    rng = np.random.default_rng(SEED)
    return *two_moons(POINTS, rng, NOISE), *two_moons(VAL_POINTS, rng, NOISE)


def train(strength, gradient, forward_pass, backward_pass, update):
    """Gradient descent on the toy set, with a penalty whose gradient is `gradient(W, strength)`, as a `Run`."""
    X, labels, X_val, labels_val = toy_sets()
    Y = np.eye(2)[labels]
    rng = np.random.default_rng(SEED)
    W = {1: rng.normal(0, 2, (2, HIDDEN)), 2: rng.normal(0, 2, (HIDDEN, 2))}
    b = {1: rng.normal(0, 2, HIDDEN), 2: np.zeros(2)}
    losses = []
    # A wrong gradient may send the weights to infinity; the picture says so, and that is enough.
    with np.errstate(all="ignore"):
        for step in range(STEPS + 1):
            Z, A = forward_pass(X, W, b, "tanh")
            if step % EVERY == 0:
                Y_val = forward_pass(X_val, W, b, "tanh")[1][2]
                losses.append((step, _loss(labels, A[2]), _loss(labels_val, Y_val)))
            W_g, b_g = backward_pass(Y, Z, A, W, "tanh")
            penalty_g = gradient(W, strength)
            # Short steps at the end: L1 pulls equally hard however near 0 is, and long ones jump across it forever.
            rate = LEARNING_RATE if step < 0.75 * STEPS else LEARNING_RATE / 10
            W, b = update(W, b, {l: W_g[l] + penalty_g[l] for l in W}, b_g, rate)
        Z, _ = forward_pass(grid(), W, b, "tanh")
    steps, train_loss, val_loss = np.array(losses).T
    weights = np.concatenate([W[l].ravel() for l in W])
    score = Z[2][:, 1] - Z[2][:, 0]
    return Run(score, weights, steps, train_loss, val_loss, _right(labels, A[2]), _right(labels_val, Y_val))


def _loss(labels, Y_hat):
    """The cross-entropy divided by the number of points, so that sets of different sizes can be compared."""
    given = Y_hat[np.arange(len(labels)), labels]
    return float(np.mean(-np.log(np.maximum(given, np.finfo(float).tiny))))


def _right(labels, Y_hat):
    return int(np.sum((np.argmax(Y_hat, axis=1) == labels) & np.isfinite(Y_hat).all(axis=1)))


def regularization_view(penalty, strength, run, without):
    """The picture of a training, beside the one without a penalty, and what it shows in words."""
    title = f"{penalty} with lambda = {figures(strength)}" if strength else "No penalty (lambda = 0)"
    train_loss, val_loss = run.train_loss[-1], run.val_loss[-1]
    small = int(np.sum(np.abs(run.weights) < NEARLY_ZERO))
    status = (
        f"{title}: {run.train_right} of {POINTS} training points right, "
        f"{run.val_right} of {VAL_POINTS} validation points. "
        f"Loss per point: {figures(train_loss)} in training, {figures(val_loss)} in validation. "
        f"Nearly 0 (below {NEARLY_ZERO}): {small} of {len(run.weights)} weights."
    )
    return _picture(title, run, without), status


def regularization(forward_pass, backward_pass, update, l1_gradient, l2_gradient):
    """A widget that trains the same network with penalties of different strength, and shows what it learns.

    Each training runs once, when it is first asked for (less than a tenth of a second), and is kept.

    Arguments: the reader's functions of `mlt_nn.network`, `backpropagation`, `gradient_descent` and `regularization`.
    """
    gradients = {"L2": l2_gradient, "L1": l1_gradient}

    @functools.cache
    def trained(penalty, strength):
        return train(strength, gradients[penalty], forward_pass, backward_pass, update)

    penalty = Choice("penalty", list(gradients))
    strength = Strength(0.1)
    presets = {
        "no penalty": {strength: 0.0},
        "L2, 0.1": {penalty: "L2", strength: 0.1},
        "too strong": {penalty: "L2", strength: 10.0},
        "L1: few weights stay": {penalty: "L1", strength: 0.3},
    }
    name = "what a penalty on the weights does"
    compared = "no penalty", "L2, 0.1"

    def view():
        run, without = (trained(penalty.value, each) for each in (strength.value, 0.0))
        return regularization_view(penalty.value, strength.value, run, without)

    return Interactive(name, [penalty, strength], view, presets, beside=True, compared=compared)


def grid():
    """The points of the plane at which the boundary is looked for, shape (GRID * GRID, 2)."""
    x, y = np.meshgrid(_X, _Y)
    return np.column_stack([x.ravel(), y.ravel()])


def _picture(title, run, without):
    """What the training with a penalty that the title names led to, with the result without one for comparison."""
    drawing = Drawing(612, 384, title)
    _plane(drawing, run.score, without.score)
    weights, missing = drawable(run.weights)
    finite = np.sort(np.abs(weights[np.isfinite(weights)]))[::-1]
    _sizes(drawing, finite, len(weights))
    _losses(drawing, run, without)
    _key(drawing)
    alt = sentences(
        title,
        f"Largest weight {figures(finite[0])}, the middle one {figures(np.median(finite))}" if len(finite) else "",
        f"Loss per point at the end of training: {figures(run.train_loss[-1])} on the training set, "
        f"{figures(run.val_loss[-1])} on the validation set; "
        f"without a penalty {figures(without.train_loss[-1])} and {figures(without.val_loss[-1])}",
        gaps({f"{len(weights)} weights": missing}),
    )
    return drawing.picture(CAPTION, alt)


def _plane(drawing, score, score_without):
    plane = Axes(drawing, _LEFT, _TOP, 300, 240, X_RANGE, Y_RANGE)
    here, before = (contours(_X, _Y, values) for values in (score, score_without))
    drawing.box(plane.left, plane.top, 300, 240, MISSING, "none")
    for low, high, color in ((-1e100, 0.0, tint(BLUE, 0.14)), (0.0, 1e100, drawing.striped(tint(VERMILION, 0.2)))):
        outlines = (
            f"M{' '.join(f'{x:.1f},{y:.1f}' for x, y in (plane.place(*point) for point in part))}z"
            for points, offsets in zip(*here.filled(low, high), strict=True)
            for part in np.split(points, offsets[1:-1])
        )
        drawing.add("path", d="".join(outlines), fill=color, fill_rule="evenodd")
    across, up = (
        {tick: str(tick) for tick in range(math.ceil(low), int(high) + 1)} for low, high in (X_RANGE, Y_RANGE)
    )
    plane.scales(across, up, "feature 1", "feature 2", grid="none", framed=True)
    X, labels, X_val, labels_val = toy_sets()
    for kind, color, cap in ((0, BLUE, "round"), (1, VERMILION, "square")):
        _specks(drawing, [plane.place(*x) for x in X_val[labels_val == kind] if plane.shows(*x)], color, cap)
    for line in before.lines(0.0):
        drawing.polyline([plane.place(*point) for point in line], INK, 1.2, "4 3")
    for line in here.lines(0.0):
        drawing.polyline([plane.place(*point) for point in line], INK, 3)
    for x, kind in zip(X, labels, strict=True):
        left, height = plane.place(*x)
        drawing.mark(left, height, kind == 0, 5, 4.5, width=1.5)


def _specks(drawing, places, color, cap):
    dots = "".join(f"M{x:.1f},{y:.1f}h0" for x, y in places)
    drawing.add("path", d=dots, stroke=color, stroke_width=3, stroke_linecap=cap, opacity=0.55)


def _sizes(drawing, sizes, count):
    drawing.heading(_RIGHT - 22, 14, f"|w| of all {count} weights", 13)
    axes = Axes(drawing, _RIGHT, _TOP, _WIDTH, 112, (0, count), (0, LARGEST))
    axes.scales({0: "", count: ""}, {tick: str(tick) for tick in (0, 2, 4, 6)}, "", "")
    pitch = _WIDTH / count
    for k, size in enumerate(sizes):
        _, top = axes.place(0, min(size, LARGEST))
        drawing.box(axes.left + k * pitch, float(top), pitch - 0.4, float(axes.bottom - top), BLUE, "none")


def _losses(drawing, run, without):
    drawing.heading(_RIGHT - 22, 200, "loss per point", 13)
    steps = int(run.steps[-1])
    axes = Axes(drawing, _RIGHT, 220, _WIDTH, 118, (0, steps), tuple(math.log10(loss) for loss in LOSSES))
    powers = {power: "1" if power == 0 else f"1e{power:+d}" for power in (-4, -2, 0)}
    axes.scales({step: str(step) for step in range(0, steps + 1, 500)}, powers, "step", "")
    for losses, look in zip((run.train_loss, run.val_loss, without.val_loss), _LOOKS, strict=True):
        # No curve for a loss that is NaN; one that is out of range is drawn on the edge.
        axes.line(zip(run.steps, np.log10(np.clip(losses, *LOSSES)), strict=True), *look)


def _key(drawing):
    """What is drawn of each set in the plane, and beside it."""
    rows = zip((326, 348, 370), ("training set", "validation set", "without a penalty"), _LOOKS, strict=True)
    for y, words, look in rows:
        drawing.line(_LEFT + 48, y, _LEFT + 80, y, *look)
        drawing.text(_LEFT + 92, y, words, 12, "start")
    drawing.mark(_LEFT + 8, 326, True, 5, 4.5, width=1.5)
    drawing.mark(_LEFT + 22, 326, False, 5, 4.5, width=1.5)
    _specks(drawing, [(_LEFT + 8, 348)], BLUE, "round")
    _specks(drawing, [(_LEFT + 22, 348)], VERMILION, "square")
    drawing.line(_LEFT + 1, 370, _LEFT + 29, 370, INK, 1.2, "4 3")
