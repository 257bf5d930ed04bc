"""The picture of one neuron with two inputs: its edges on the left, what it decides in the plane on the right."""

import functools
import math
from collections import defaultdict
from itertools import groupby
from typing import NamedTuple

import numpy as np

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing, signed
from mlt_nn.plots.look import figures, largest
from mlt_nn.support.colors import BLUE, INK, MISSING, VERMILION, WHITE, tint

LOW, HIGH = -1.0, 2.0
"""The range of both inputs in the plane."""
CELLS = 24
_HALVINGS = 7  # of the side of a cell: closer than a tenth of a pixel
SIDE = 288


class Problem(NamedTuple):
    """Points in the plane, and the class of each: 0 or 1."""

    name: str
    points: np.ndarray
    classes: np.ndarray


def one_neuron_picture(problem, w, b, threshold, activation):
    """Draw a neuron with weights w, shape (2,), and bias b.

    Arguments:
        problem: the points that it should tell apart.
        threshold: the neuron says 1 where its activation is at least this.
        activation: its activations at the rows (a1, a2) of an array, as a function.
    """
    at_points = activation(problem.points)
    right = is_right(problem, at_points, threshold)
    drawing = Drawing(720, 370)
    drawing.heading(20, 19, "The neuron")
    _neuron(drawing, w, b)
    plane = Axes(drawing, 400, 40, SIDE, SIDE, (LOW, HIGH), (LOW, HIGH))
    drawing.heading(plane.left, 19, f"What it decides: {problem.name}")
    field(plane, activation, threshold)
    ticks = {tick: str(tick) for tick in (-1, 0, 1, 2)}
    plane.scales(ticks, ticks, "input a_1", "input a_2", grid=WHITE, framed=True)
    border(plane, w, b)
    _points(plane, problem, at_points, right)
    caption = (
        "Left: a blue solid edge has a positive weight, an orange dashed one a negative; thick means far from 0. "
        "Right: blue where the neuron says 1, orange where it says 0; the thick line is z = 0, and its arrow points to "
        "larger z. Circles should get a 1, squares a 0; a cross marks a point that it gets wrong."
    )
    alt = (
        f"A neuron with w1 = {figures(w[0])}, w2 = {figures(w[1])}, b = {figures(b)}, and the problem {problem.name}: "
        f"{np.sum(right)} of {len(right)} points are right. {line_in_words(w, b)}"
    )
    return drawing.picture(caption, alt)


def is_right(problem, at_points, threshold):
    """Whether the neuron gives each point its class, shape (n,); a NaN is never right."""
    return np.isfinite(at_points) & ((at_points >= threshold) == (problem.classes == 1))


def line_in_words(w, b):
    """Where the neuron is undecided, as a sentence."""
    if not np.any(w):
        return "Both weights are 0, so there is no line: the answer is the same everywhere."
    second, third = (f"{'-' if value < 0 else '+'} {figures(abs(value))}" for value in (w[1], b))
    equation = f"{figures(w[0])} a1 {second} a2 {third} = 0"
    return f"The line is {equation}." if _ends(w, b) else f"The line {equation} runs outside the picture."


def _neuron(drawing, w, b):
    x, middle = 276, 184
    for name, weight, y, value in (("a_1", "w_1", 84, w[0]), ("a_2", "w_2", middle, w[1]), ("1", "b", 284, b)):
        # 5 is where the sliders end.
        drawing.line(60, y, x, middle, **signed(value, 5.0))
        drawing.circle(46, y, 20)
        drawing.text(46, y, name, 15)
        # The label stands on its edge, about halfway to the neuron.
        across, height = 60 + 0.45 * (x - 60), y + 0.45 * (middle - y)
        drawing.box(across - 42, height - 12, 84, 23, edge=MISSING, line=1, rx=5)
        drawing.text(across, height, f"{weight} = {figures(value)}", 14)
    drawing.arrow(x, middle, 362, middle)
    drawing.circle(x, middle, 40)
    drawing.text(x, middle - 9, "z", 14)
    drawing.text(x, middle + 11, "a = g(z)", 14)
    drawing.text(338, 167, "a", 15)
    drawing.text(20, 341, "z = w_1 a_1 + w_2 a_2 + b", 15, "start")


def field(plane, activation, threshold):
    """Draw the plane, a square, in colored cells, deeper where the activation is further from the threshold.

    A cell that the border between 0 and 1 crosses is cut along it. Where on the cell's sides it does so is found by
    halving, with the neuron itself: nothing is taken for granted about the border.
    """
    ticks = np.linspace(plane.x[0], plane.x[1], CELLS + 1)
    corners = np.stack(np.meshgrid(ticks, ticks), axis=2)
    distance = (activation(corners.reshape(-1, 2)) - threshold).reshape(CELLS + 1, CELLS + 1)
    # A step has a distance of 1/2 everywhere, and so the full color.
    share = distance / max(largest(distance), 0.5)
    # The four corners of each cell, in the order in which one goes around it.
    around = np.stack([share[:-1, :-1], share[:-1, 1:], share[1:, 1:], share[1:, :-1]])
    means, says_one = around.mean(axis=0), around >= 0
    cut = says_one.any(axis=0) & ~says_one.all(axis=0) & np.isfinite(around).all(axis=0)
    crossing = functools.cache(functools.partial(_crossing, activation, threshold))  # two cells share a side
    areas, size = [], (plane.right - plane.left) / CELLS
    painted: defaultdict[str, list[str]] = defaultdict(list)
    for row in range(CELLS):
        shades = [_shade(mean) for mean in means[row].tolist()]
        for column in np.flatnonzero(cut[row]):
            values, ones = around[:, row, column], says_one[:, row, column]
            shades[column] = _shade(values[~ones].mean())
            places = ((row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column))
            outline = _cut([tuple(corners[place]) for place in places], ones, crossing)
            areas.append((outline, _shade(values[ones].mean())))
        x, y = plane.left, plane.bottom - (row + 1) * size
        for shade, run in groupby(shades):
            width = len(list(run)) * size
            painted[shade].append(f"M{x:.2f},{y:.2f}h{width:.2f}v{size:.2f}h-{width:.2f}z")
            x += width
    # One element for each shade: fewer of them draw faster.
    for shade, boxes in painted.items():
        plane.drawing.add("path", d="".join(boxes), fill=shade, shape_rendering="crispEdges")
    for outline, shade in areas:
        plane.drawing.polygon([plane.place(*corner) for corner in outline], shade, shape_rendering="crispEdges")


def _cut(corners, says_one, crossing):
    """The corners of the part of a cell in which the neuron says 1."""
    outline = []
    for k in range(4):
        if says_one[k - 1] != says_one[k]:
            ends = (corners[k - 1], corners[k]) if says_one[k - 1] else (corners[k], corners[k - 1])
            outline.append(crossing(*ends))
        if says_one[k]:
            outline.append(corners[k])
    return outline


def _crossing(activation, threshold, one, zero):
    """Where the border is between a point where the neuron says 1 and one where it says 0."""
    one, zero = np.array(one), np.array(zero)
    for _ in range(_HALVINGS):
        middle = (one + zero) / 2
        if activation(middle[np.newaxis])[0] >= threshold:
            one = middle
        else:
            zero = middle
    return (one + zero) / 2


def _shade(share):
    if not math.isfinite(share):
        return MISSING
    # In ten steps, so that neighbors are alike.
    return tint(BLUE if share >= 0 else VERMILION, round(0.15 + 0.85 * min(abs(share), 1), 1) * 0.44)


def _ends(w, b, low=LOW, high=HIGH):
    """The two points in which the line z = 0 enters and leaves the plane, or None when it stays outside."""
    w1, w2 = (float(value) for value in w)
    crossings = []
    if w2:
        crossings += [(a1, (-b - w1 * a1) / w2) for a1 in (low, high)]
    if w1:
        crossings += [((-b - w2 * a2) / w1, a2) for a2 in (low, high)]
    inside = [point for point in crossings if all(low <= coordinate <= high for coordinate in point)]
    # A line through a corner crosses two sides in one point.
    ends = min(inside, default=None), max(inside, default=None)
    return ends if ends[0] != ends[1] else None


def border(plane, w, b, dash="", name="", at=0.5, reach=34):
    """Draw the line z = 0 in a plane; at a part of it an arrow to larger z, `reach` pixels long, and a name behind."""
    ends = _ends(w, b, *plane.x)
    if ends is None:
        return
    (x1, y1), (x2, y2) = (plane.place(*end) for end in ends)
    plane.drawing.line(x1, y1, x2, y2, INK, 3, dash)
    # On the page, a2 grows upward.
    right, up = w / math.hypot(*w)
    x, y = x1 + at * (x2 - x1), y1 + at * (y2 - y1)
    plane.drawing.arrow(x, y, x + reach * right, y - reach * up, INK, 2)
    if name:
        plane.drawing.text(x - 15 * right, y + 15 * up, name, 14, weight="bold", halo=True)


def _points(plane, problem, at_points, right):
    few = len(right) <= 4
    half, arm, thick = (8, 14, 3) if few else (5.5, 7, 2)  # smaller where they would lie on each other
    drawing = plane.drawing
    for point, wanted, activation, fine in zip(problem.points, problem.classes, at_points, right, strict=True):
        x, y = plane.place(*point)
        if wanted == 1:
            drawing.circle(x, y, half + 1, BLUE, WHITE, 2)
        else:
            drawing.box(x - half, y - half, 2 * half, 2 * half, VERMILION, WHITE, 2)
        if not fine:
            drawing.line(x - arm, y - arm, x + arm, y + arm, INK, thick)
            drawing.line(x - arm, y + arm, x + arm, y - arm, INK, thick)
        if few:
            drawing.text(x, y + 22, f"a = {figures(activation)}", 12, halo=True)
