"""The picture of one neuron with two inputs: its edges on the left, what it decides in the plane on the right."""

import math
from typing import Any, NamedTuple

import numpy as np

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing, signed
from mlt_nn.plots.look import figures
from mlt_nn.support.colors import GRAY, INK, MISSING, WHITE
from mlt_nn.widgets.field import field

LOW, HIGH = -1.0, 2.0
"""The range of both inputs in the plane."""
SIDE = 256
_LEFT, _TOP = 330, 36
_FOOT = 48  # of the edges: behind the circle of an input
_NEURON, _MIDDLE = 208, 150
_EDGES = {"w_1": ("a_1", 66), "w_2": ("a_2", _MIDDLE), "b": ("1", 234)}
"""The label of each edge: the input that it comes from, and how high that stands."""
MIDDLE = (LOW + HIGH) / 2, (LOW + HIGH) / 2
_ARROW = 12  # pixels of the arrow for each unit of w
_HAND = 22  # how far from a thing, in pixels, one still takes hold of it
CAPTION = (
    "Blue: the neuron says 1. On the thick line z = 0; the arrow is the vector w. Circles should get a 1, squares a 0; "
    "a cross marks a mistake. Drag the line, the arrow's tip, a point, or a number."
)


class Problem(NamedTuple):
    """Points in the plane, and the class of each: 0 or 1."""

    name: str
    points: np.ndarray
    classes: np.ndarray


def one_neuron_picture(problem, w, b, threshold, activation, chosen=0, anchor=MIDDLE):
    """Draw a neuron with weights w, shape (2,), and bias b.

    Arguments:
        problem: the points that it should tell apart.
        threshold: the neuron says 1 where its activation is at least this.
        activation: its activations at the rows (a1, a2) of an array, as a function.
        chosen: the point with a ring around it, as a row of problem.points.
        anchor: the point of the plane next to which the arrow begins on the line.
    """
    at_points = activation(problem.points)
    right = is_right(problem, at_points, threshold)
    drawing = Drawing(600, 334)
    drawing.heading(14, 17, "The neuron")
    _neuron(drawing, w, b)
    plane = _plane(drawing)
    drawing.heading(plane.left, 17, f"It decides: {problem.name}")
    field(plane, activation, threshold)
    ticks = {tick: str(tick) for tick in (-1, 0, 1, 2)}
    plane.scales(ticks, ticks, "input a_1", "input a_2", grid=WHITE, framed=True)
    border(plane, w, b, at=_foot(w, b, anchor), reach=_ARROW * math.hypot(*w))
    _points(plane, problem, at_points, right, chosen, _along(plane, w, b, anchor))
    alt = (
        f"A neuron with w1 = {figures(w[0])}, w2 = {figures(w[1])}, b = {figures(b)}, and the problem {problem.name}: "
        f"{np.sum(right)} of {len(right)} points are right. {line_in_words(w, b)} The ring is around point "
        f"{chosen + 1}, ({', '.join(map(figures, problem.points[chosen]))})."
    )
    return drawing.picture(CAPTION, alt)


def _plane(drawing=None):
    return Axes(drawing, _LEFT, _TOP, SIDE, SIDE, (LOW, HIGH), (LOW, HIGH))


def pointed(x, y):
    """The point (a1, a2) at a place of the picture, or the nearest one of the plane, in steps that a hand can do."""
    return np.round(np.clip(_plane().numbers(x, y), LOW, HIGH) * 20) / 20


def taken(points, w, b, anchor, x, y):
    """What one takes hold of at a place of the picture: ("edge", its label), ("point", its row), ("tip", None) or
    ("line", None); ("", None) where there is nothing.
    """
    for label, (_, height) in _EDGES.items():
        across, up = _label(height)
        if abs(x - across) < 46 and abs(y - up) < 16:
            return "edge", label
    plane = _plane()
    things: list[Any] = [(math.dist(plane.place(*point), (x, y)), ("point", k)) for k, point in enumerate(points)]
    if _ends(w, b) and x > plane.left:
        z = float(np.dot(w, plane.numbers(x, y)) + b)
        # Of two that are near, rather the one that is small.
        away = abs(z) / math.hypot(*w) * SIDE / (HIGH - LOW)
        things += [(math.dist(_tip(plane, w, b, anchor), (x, y)), ("tip", None)), (away + 8, ("line", None))]
    distance, thing = min(things)
    return thing if distance < _HAND else ("", None)


def with_tip_at(w, b, anchor, x, y):
    """The weights, the bias and where the arrow begins, after its tip was dragged to (x, y): there it stays."""
    share, (start, end) = _foot(w, b, anchor), np.array(_ends(w, b))
    foot = start + share * (end - start)
    turned = (np.array(_plane().numbers(x, y)) - foot) * SIDE / (HIGH - LOW) / _ARROW
    return turned, -float(np.dot(turned, foot)), foot


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


def _label(height):
    """Where the label of an edge is: on it, nearly halfway to the neuron."""
    return _FOOT + 0.43 * (_NEURON - _FOOT), height + 0.43 * (_MIDDLE - height)


def _neuron(drawing, w, b):
    for (label, (name, y)), value in zip(_EDGES.items(), (*w, b), strict=True):
        # 5 is where the sliders end.
        drawing.line(_FOOT, y, _NEURON, _MIDDLE, **signed(value, 5.0))
        drawing.circle(32, y, 18)
        drawing.text(32, y, name, 15)
        across, height = _label(y)
        drawing.box(across - 46, height - 12, 92, 24, edge=MISSING, line=1, rx=5)
        drawing.text(across, height, f"{label} = {figures(value)}", 13)
        for side in (-1, 1):
            tip = across + 42 * side
            drawing.polygon([(tip, height), (tip - 5 * side, height - 4), (tip - 5 * side, height + 4)], GRAY)
    drawing.arrow(_NEURON, _MIDDLE, 280, _MIDDLE)
    drawing.circle(_NEURON, _MIDDLE, 35)
    drawing.text(_NEURON, _MIDDLE - 9, "z", 14)
    drawing.text(_NEURON, _MIDDLE + 10, "a = g(z)", 13)
    drawing.text(262, _MIDDLE - 14, "a", 15)
    drawing.text(14, 292, "z = w_1 a_1 + w_2 a_2 + b", 15, "start")


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


def _foot(w, b, anchor):
    """Where on its line, from 0 to 1, the arrow begins: next to the anchor, and not at the very end."""
    ends = _ends(w, b)
    if ends is None:
        return 0.5
    start, way = np.array(ends[0]), np.subtract(ends[1], ends[0])
    return float(np.clip(np.dot(anchor - start, way) / np.dot(way, way), 0.05, 0.95))


def _tip(plane, w, b, anchor):
    start, end = (np.array(plane.place(*end)) for end in _ends(w, b))
    return start + _foot(w, b, anchor) * (end - start) + _ARROW * np.array([w[0], -w[1]])


def _along(plane, w, b, anchor):
    """Places on the line and its arrow, close to each other, which no label should cover; shape (n, 2)."""
    if _ends(w, b) is None:
        return np.zeros((0, 2))
    start, end = (np.array(plane.place(*end)) for end in _ends(w, b))
    share, foot = np.linspace(0, 1, 100)[:, np.newaxis], start + _foot(w, b, anchor) * (end - start)
    return np.concatenate([start + share * (end - start), foot + share * (_tip(plane, w, b, anchor) - foot)])


def _points(plane, problem, at_points, right, chosen, lines):
    few = len(right) <= 4
    half, arm, thick = (8, 13, 3) if few else (5.5, 7, 2)  # smaller where they would lie on each other
    drawing = plane.drawing
    places = np.array([plane.place(*point) for point in problem.points])
    for k, ((x, y), wanted, fine) in enumerate(zip(places, problem.classes, right, strict=True)):
        if k == chosen:
            drawing.circle(x, y, half + 6, "none", INK)
        drawing.mark(x, y, wanted == 1, half + 1, half, width=2)
        if not fine:
            for rise in (arm, -arm):
                drawing.line(x - arm, y - rise, x + arm, y + rise, INK, thick)
    if few:
        for place, activation in zip(places, at_points, strict=True):
            words = f"a = {figures(activation)}"
            room = np.array([3.8 * len(words) + 2, 9])
            beside = place + np.array([[0, 25], [0, -25], [room[0] + 17, 0], [-room[0] - 17, 0]])
            covered = [np.sum(np.all(np.abs(np.concatenate([lines, places]) - spot) < room, axis=1)) for spot in beside]
            drawing.text(*beside[int(np.argmin(covered))], words, 12, halo=True)
