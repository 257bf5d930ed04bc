"""The picture of the regularization widget: the boundary, the weights, and the loss in training and validation."""

import math

import numpy as np

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import contours, drawable, figures, gaps, sentences
from mlt_nn.support.colors import BLUE, GRAY, INK, MISSING, VERMILION, WHITE, tint

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


def grid():
    """The points of the plane at which the boundary is looked for, shape (GRID * GRID, 2)."""
    x, y = np.meshgrid(_X, _Y)
    return np.column_stack([x.ravel(), y.ravel()])


def regularization_picture(title, sets, run, without):
    """What training with a penalty led to, with the result without one for comparison, as a `Picture`.

    Arguments:
        title: which penalty and how strong, one line.
        sets: training and validation set: X, labels, X_val, labels_val, two classes.
        run, without: two trainings, each with
            score: that of class 1 minus that of class 0 at the points of `grid()`, shape (GRID * GRID,),
            weights: all weights, shape (p,),
            steps: at which the losses were taken, shape (s,),
            train_loss, val_loss: loss per point at these steps, shape (s,).
    """
    drawing = Drawing(612, 384, title)
    _plane(drawing, sets, run.score, without.score)
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


def _plane(drawing, sets, score, score_without):
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
    X, labels, X_val, labels_val = sets
    for kind, color, cap in ((0, BLUE, "round"), (1, VERMILION, "square")):
        _specks(drawing, [plane.place(*x) for x in X_val[labels_val == kind] if plane.shows(*x)], color, cap)
    for line in before.lines(0.0):
        drawing.polyline([plane.place(*point) for point in line], INK, 1.2, "4 3")
    for line in here.lines(0.0):
        drawing.polyline([plane.place(*point) for point in line], INK, 3)
    for x, kind in zip(X, labels, strict=True):
        left, height = plane.place(*x)
        _point(drawing, left, height, kind)


def _specks(drawing, places, color, cap):
    dots = "".join(f"M{x:.1f},{y:.1f}h0" for x, y in places)
    drawing.add("path", d=dots, stroke=color, stroke_width=3, stroke_linecap=cap, opacity=0.55)


def _point(drawing, x, y, kind):
    if kind == 0:
        drawing.circle(x, y, 5, BLUE, WHITE, 1.5)
    else:
        drawing.box(x - 4.5, y - 4.5, 9, 9, VERMILION, WHITE, 1.5)


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
    _point(drawing, _LEFT + 8, 326, 0)
    _point(drawing, _LEFT + 22, 326, 1)
    _specks(drawing, [(_LEFT + 8, 348)], BLUE, "round")
    _specks(drawing, [(_LEFT + 22, 348)], VERMILION, "square")
    drawing.line(_LEFT + 1, 370, _LEFT + 29, 370, INK, 1.2, "4 3")
