"""The picture of a line and its loss: the points with their errors on the left, the map of all lines on the right."""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import contours, figures, short
from mlt_nn.plots.svg import element
from mlt_nn.support.colors import BLUE, GRAY, INK, VERMILION, WHITE, tint

X = np.array([[-1.6], [-1.0], [-0.5], [0.1], [0.7], [1.2], [1.7]])
Y = np.array([[-1.0], [-0.9], [0.1], [0.2], [0.9], [0.6], [1.5]])
CLASSES = np.array([0, 0, 1, 0, 1, 0, 1])
REACH = 2.2
"""w and b go from -REACH to REACH on the map, and so do x and y beside it."""
MAP = np.linspace(-REACH, REACH, 45)
# The lines of equal loss, for numbers and for classes.
LEVELS = (0.5, 1, 2, 4, 8, 16, 32), (4.25, 4.5, 5, 6, 8, 11, 14)
_LEFT, _RIGHT, _TOP, _SIDE = 48, 410, 34, 294
_LETTERS = 14
_SCORES = 4.0  # the ends of the axis of scores
_COSTS = 4.0  # and of that of -log p
_TICKS = {tick: str(tick) for tick in (-2, -1, 0, 1, 2)}
_RIGHT_WORDS = "Right: along a gray line the loss is the number on it. Drag the line, or its dot."
CAPTIONS = (
    f"Left: each square is an error, squared; half of their area is the loss. {_RIGHT_WORDS}",
    f"Left: the score of class 1 (class 0 has 0), its softmax, and what each point costs; the loss is the sum. "
    f"{_RIGHT_WORDS}",
)


class Seen(NamedTuple):
    """What is drawn."""

    classes: bool
    """Whether the line is a score that tells two classes apart; otherwise it is the prediction itself."""
    path: np.ndarray
    """(w, b) at the start and after each step so far; the last one is the line."""
    losses: np.ndarray
    """The loss of each of these."""
    each: np.ndarray
    """What each point adds to the last of these, shape (n,)."""
    said: Callable
    """What a line says: said(X, w, b), as the reader's function."""
    ground: np.ndarray
    """The loss at each w and b of MAP, b by b."""


def _line_plane(drawing, classes):
    """Where the line is: y over x, or the scores over x."""
    if classes:
        return Axes(drawing, _LEFT, 50, _SIDE, 70, (-REACH, REACH), (-_SCORES, _SCORES), _LETTERS)
    return _map_plane(drawing, _LEFT)


def _map_plane(drawing, left=_RIGHT):
    return Axes(drawing, left, _TOP, _SIDE, _SIDE, (-REACH, REACH), (-REACH, REACH), _LETTERS)


def grasped(classes, line, x0, y0, x, y):
    """The line (w, b) after something was dragged on the picture from (x0, y0) to (x, y), in pixels.

    On the map the line is where the pointer is. Beside it, the line goes where the pointer is: near the middle it is
    moved up and down, further out it is turned around the point where it crosses x = 0.
    """
    if x0 >= (_LEFT + _SIDE + _RIGHT) / 2:
        return _map_plane(None).numbers(x, y)
    plane, (w, b) = _line_plane(None, classes), line
    (across, height), (begin, _) = plane.numbers(x, y), plane.numbers(x0, y0)
    if abs(begin) < 0.5:
        return w, height - w * across
    # Not beyond the middle, where no slope would do.
    across = max(across, 0.2) if begin > 0 else min(across, -0.2)
    return (height - b) / across, b


def map_of_lines_picture(seen):
    """The line and its point on the map, as a `Picture`."""
    drawing = Drawing(716, 376)
    w, b = seen.path[-1]
    drawing.heading(_LEFT, 15, f"One line: {'z' if seen.classes else 'y_hat'} = {equation(w, b)}")
    (_costs if seen.classes else _squares)(drawing, seen)
    drawing.heading(_RIGHT, 15, "All lines: each point is one")
    _map(_map_plane(drawing), seen)
    parts = ", ".join(figures(part) for part in seen.each)
    steps = f"The way to it from {_at(seen.path[0])} has {len(seen.path) - 1} steps. " if len(seen.path) > 1 else ""
    alt = (
        f"{len(X)} points and the line {equation(w, b)}; the points add {parts} to the loss, "
        f"{figures(seen.losses[-1])}. On the map of w and b, both from -{REACH} to {REACH}, it is the point "
        f"{_at((w, b))}. {steps}"
    )
    return drawing.picture(CAPTIONS[seen.classes], alt.strip())


def clip(plane, name):
    """What is drawn with this stays inside the plane."""
    sides = {"width": plane.right - plane.left, "height": plane.bottom - plane.top}
    plane.drawing.add("clipPath", element("rect", x=plane.left, y=plane.top, **sides), id=name)
    return {"clip_path": f"url(#{name})"}


def ground(plane, ticks, heights, levels):
    """The land of a plane, a square, darker where it is higher, with a line and its number at each of the levels.

    Arguments:
        ticks: the numbers on both axes at which the heights are known.
        heights: shape (ticks, ticks), row by row from the lower edge on.
        levels: ascending.
    """
    drawing, side = plane.drawing, plane.right - plane.left
    lines = contours(ticks, ticks, heights)
    drawing.box(plane.left, plane.top, side, side, tint(BLUE, 0.07 * len(levels)), "none")
    for k, level in reversed(list(enumerate(levels))):
        for area in lines.filled(-1.0, level)[0]:
            drawing.polygon([plane.place(*point) for point in area], tint(BLUE, 0.07 * k))
    for level in levels:
        for line in lines.lines(level):
            drawing.polyline([plane.place(*point) for point in line], GRAY, 0.8)
    for level in levels:
        places = [plane.place(*point) for line in lines.lines(level) for point in line]
        # The lowest place at which the number is inside.
        for x, y in sorted(places, key=lambda place: -place[1]):
            if plane.left + 20 < x < plane.right - 20 and plane.top + 10 < y < plane.bottom - 10:
                drawing.text(x, y, short(level), plane.size, halo=True)
                break


def _squares(drawing, seen):
    plane = _line_plane(drawing, False)
    plane.scales(_TICKS, _TICKS, "x", "y", framed=True)
    inside = clip(plane, "line")
    heights = _within(seen.said(X, *seen.path[-1])[:, 0])
    for x, y, height in zip(X[:, 0], Y[:, 0], heights, strict=True):
        side = abs(height - y) * _SIDE / (2 * REACH)
        left, top = plane.place(x, max(height, y))
        # To the side where there is more room.
        left -= side if x > 0 else 0
        drawing.box(left, top, side, side, tint(VERMILION, 0.5), VERMILION, 1, fill_opacity=0.4, **inside)
    ends = np.array([-REACH, REACH])
    _straight(plane, ends, _within(seen.said(ends[:, np.newaxis], *seen.path[-1])[:, 0]), inside)
    for x, y in zip(X[:, 0], Y[:, 0], strict=True):
        drawing.circle(*plane.place(x, y), 5, WHITE, INK, 2)


def _costs(drawing, seen):
    """From the score to its softmax to what each point costs, below each other."""
    x = np.linspace(-REACH, REACH, 45)
    chances = np.nan_to_num(seen.said(x[:, np.newaxis], *seen.path[-1])[:, 1])
    scores = _line_plane(drawing, True)
    scores.scales(dict.fromkeys(_TICKS, ""), {-3: "-3", 0: "0", 3: "3"}, "", "", framed=True)
    w, b = seen.path[-1]
    _straight(scores, (-REACH, REACH), _within(np.array([b - REACH * w, b + REACH * w])), clip(scores, "line"))
    share, cost = (
        Axes(drawing, _LEFT, top, _SIDE, 70, (-REACH, REACH), ends, _LETTERS)
        for top, ends in ((154, (-0.2, 1.2)), (258, (0, _COSTS)))
    )
    share.scales(dict.fromkeys(_TICKS, ""), {0: "0", 1: "1"}, "", "", framed=True)
    share.line(list(zip(x, chances, strict=True)), BLUE, 3)
    cost.scales(_TICKS, {0: "0", 2: "2", 4: "4"}, "x", "", framed=True)
    inside = clip(cost, "costs")
    for x, kind, part in zip(X[:, 0], CLASSES, _within(seen.each), strict=True):
        color = BLUE if kind else VERMILION
        across, height = share.place(x, kind)
        drawing.mark(across, height, kind, 5, 5)
        across, top = cost.place(x, part)
        drawing.box(across - 7, top, 14, max(cost.bottom - top, 0), tint(color, 0.5), color, 1, **inside)
        drawing.text(across, max(top - 8, cost.top + 8), short(round(float(part), 2)), _LETTERS, halo=True)
    words = "score z of class 1", "softmax: probability of class 1", "\N{MINUS SIGN}log p: what each point costs"
    for plane, said in zip((scores, share, cost), words, strict=True):
        drawing.text(plane.left, plane.top - 10, said, _LETTERS, "start")


def _straight(plane, x, y, inside):
    (x1, y1), (x2, y2) = (plane.place(*end) for end in zip(x, y, strict=True))
    plane.drawing.line(x1, y1, x2, y2, BLUE, 3, **inside)


def _within(values):
    """Numbers that can be drawn: those far outside a little less far, and 0 for NaN."""
    return np.clip(np.nan_to_num(values), -1e3, 1e3)


def _map(plane, seen):
    drawing = plane.drawing
    ground(plane, MAP, seen.ground, LEVELS[seen.classes])
    plane.scales(_TICKS, _TICKS, "slope w", "intercept b", grid="none", framed=True)
    inside = clip(plane, "map")
    path = [plane.place(*place) for place in _within(seen.path)]
    for (x1, y1), (x2, y2) in pairwise(path):
        drawing.line(x1, y1, x2, y2, VERMILION, 1.5, **inside)
    for x, y in path[:-1]:
        drawing.add("circle", cx=x, cy=y, r=3, fill=VERMILION, **inside)
    x, y = path[-1]
    drawing.add("circle", cx=x, cy=y, r=7, fill=INK, stroke=WHITE, **inside)


def equation(w, b):
    """The line with that slope and intercept.

    >>> equation(-0.4, -0.8)
    '-0.4 x - 0.8'
    """
    return f"{figures(w)} x {'-' if b < 0 else '+'} {figures(abs(b))}"


def _at(place):
    return f"({', '.join(map(figures, place))})"
