"""The picture of a folded plane: the inputs with two lines on the left, on the right where they have gone so far."""

import copy
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import figures
from mlt_nn.support.colors import BLUE, INK, VERMILION, WHITE
from mlt_nn.widgets.field import field
from mlt_nn.widgets.one_neuron_picture import border, is_right

SIDE = 280
INPUTS = (-0.4, 1.4)
"""The range of both inputs in the left plane."""
GRID = np.linspace(0, 1, 9)
_ALONG = np.linspace(0, 1, 17)
_ARROW = 24
_TOGETHER = 12
"""Points that are closer than so many pixels get rings around each other and one label."""
CAPTION = (
    "Circles should get a 1, squares a 0; blue is where the network says 1, a cross where it is wrong. Right: the same "
    "corners and a grid between them, on their way to what neurons 1 and 2 say."
)


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


def flat_picture(fold, problem):
    """The left half of the picture, which is the same all the way: a `Drawing`."""
    drawing = Drawing(700, 366)
    plane = _plane(drawing, 52, INPUTS, "What goes in", fold.axis(0))
    field(plane, fold.says, 0.5)
    _frame(plane)
    twins = np.array_equal(fold.W[:, 0], fold.W[:, 1]) and fold.b[0] == fold.b[1]
    border(plane, fold.W[:, 0], fold.b[0], "", "1, 2" if twins else "1", 0.35, _ARROW)
    if not twins:
        border(plane, fold.W[:, 1], fold.b[1], "9 5", "2", 0.35, _ARROW)
    _corners(plane, problem, problem.points, is_right(problem, fold.says(problem.points), 0.5))
    return drawing


def xor_folded_picture(fold, flat, problem, title, way, reach):
    """Draw so much of the way of a `Fold` beside its `flat_picture`, in a plane from reach[0] to reach[1]."""
    drawing = copy.deepcopy(flat)
    right = is_right(problem, fold.says(problem.points), 0.5)
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
    here = fold.at(problem.points, way)
    _corners(plane, problem, here, right if done else np.full(len(right), True))
    places = ", ".join(
        f"({a1:g}, {a2:g}) at ({figures(x)}, {figures(y)})"
        for (a1, a2), (x, y) in zip(problem.points, here, strict=True)
    )
    gone = f"{title}; {100 * way / fold.last:.0f} % of the way"
    alt = f"{gone}. {problem.name}: {places}. The network gets {np.sum(right)} of 4 right."
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


def _corners(plane, problem, places, right):
    """The points, those that have met inside each other."""
    drawing = plane.drawing
    groups: list[tuple[tuple[float, float], list[str]]] = []
    for point, place, wanted, fine in zip(problem.points, places, problem.classes, right, strict=True):
        if not plane.shows(*place):
            continue
        x, y = plane.place(*place)
        names = next((names for first, names in groups if math.dist(first, (x, y)) < _TOGETHER), None)
        if names is None:
            names = []
            groups.append(((x, y), names))
        color, half = BLUE if wanted else VERMILION, 8 + 5 * len(names)
        look = ("none", color, 3) if names else (color, WHITE, 2)
        if wanted:
            drawing.circle(x, y, half + 1, *look)
        else:
            drawing.box(x - half, y - half, 2 * half, 2 * half, *look)
        if not fine:
            for arm in (13, -13):
                drawing.line(x - 13, y - arm, x + 13, y + arm, INK, 3)
        names.append(f"({point[0]:g}, {point[1]:g})")
    for (x, y), names in groups:
        # Away from the middle, where the lines are.
        away = 1 if y > (plane.top + plane.bottom) / 2 else -1
        for k, name in enumerate(names):
            drawing.text(x, y + away * (17 + 5 * len(names) + 16 * k), name, 14, halo=True)
