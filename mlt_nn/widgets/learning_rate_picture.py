"""The picture of the learning-rate widget: the land of the loss, the path of gradient descent, and its losses."""

import copy
import math
from itertools import pairwise

import numpy as np

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import figures
from mlt_nn.support.colors import BLUE, INK, VERMILION, WHITE
from mlt_nn.widgets.map_of_lines_picture import clip, ground

REACH = 2.0  # the picture shows w1 and w2 from -REACH to REACH
LEVELS = (0.1, 1, 3, 10, 30)
LOWEST, HIGHEST = -8, 4  # the ends of the loss axis, in powers of ten
STEPS = 40  # the end of the step axis
FAR = 10 * REACH  # a path that is this far away has left the picture for good
_LEFT, _TOP, _SIDE, _RIGHT = 52, 36, 304, 426


class LossSurface:
    """The land of a loss over (w1, w2), drawn once; a path over it is drawn as often as one likes.

    Arguments:
        loss: a function of two numbers, loss(w1, w2) -> a number.
    """

    def __init__(self, loss):
        weights = np.linspace(-REACH, REACH, 61)
        plane = _plane(Drawing(612, 386))
        plane.drawing.heading(_LEFT, 17, "The loss over both weights")
        ground(plane, weights, np.array([[loss(w1, w2) for w1 in weights] for w2 in weights]), LEVELS)
        ticks = {tick: str(tick) for tick in range(-2, 3)}
        plane.scales(ticks, ticks, "w_1", "w_2", grid="none", framed=True)
        descent = Axes(plane.drawing, _RIGHT, _TOP, 172, _SIDE, (0, STEPS), (LOWEST, HIGHEST))
        plane.drawing.heading(_RIGHT - 40, 17, "The loss after each step")
        powers = {power: "1" if power == 0 else f"1e{power:+d}" for power in range(LOWEST, HIGHEST + 1, 2)}
        descent.scales({step: str(step) for step in range(0, STEPS + 1, 10)}, powers, "step", "")
        self._empty = plane, descent

    def picture(self, path, caption):
        """The surface with a path on it.

        Arguments:
            path: one row (w1, w2, loss) for the start and for each step, shape (steps + 1, 3). Numbers may be infinite
                or NaN.
            caption: what to see.
        """
        path = np.asarray(path, dtype=np.float64)
        plane, descent = copy.deepcopy(self._empty)
        outside = not np.all(np.abs(path[-1, :2]) <= REACH)  # also when it is NaN
        _walk(plane, _visible(path[:, :2]), not outside)
        # No curve for a loss that is NaN; one that is out of range is drawn on the edge.
        with np.errstate(divide="ignore"):
            heights = np.clip(np.log10(path[:, 2]), LOWEST, HIGHEST)
        places = [descent.place(*point) for point in enumerate(heights) if math.isfinite(point[1])]
        descent.drawing.polyline(places, VERMILION, 1.5)
        for place in places:
            descent.drawing.circle(*place, 2.5, VERMILION, "none")
        end = "outside the picture" if outside else f"({figures(path[-1, 0])}, {figures(path[-1, 1])})"
        alt = (
            f"The loss over w1 and w2, both from {-REACH:g} to {REACH:g}, as a map. The path of gradient descent "
            f"goes in {steps_in_words(len(path) - 1)} from ({figures(path[0, 0])}, {figures(path[0, 1])}) to {end}. "
            f"Beside it the loss: {figures(path[0, 2])} at the start, {figures(path[-1, 2])} at the end."
        )
        return plane.drawing.picture(caption, alt)


def _plane(drawing):
    return Axes(drawing, _LEFT, _TOP, _SIDE, _SIDE, (-REACH, REACH), (-REACH, REACH))


def grasped(x0, x, y):
    """The start (w1, w2) after something was dragged from x0 to (x, y), in pixels; None when it was not on the map."""
    return _plane(None).numbers(x, y) if x0 < _LEFT + _SIDE + 10 else None


def steps_in_words(count):
    """A number of steps.

    >>> steps_in_words(1)
    '1 step'
    """
    return "1 step" if count == 1 else f"{count} steps"


def _visible(path):
    """The places to draw: up to the first that is far outside, which is drawn nearer, where the path goes."""
    far = ~(np.abs(path).max(axis=1) <= FAR)  # also true for NaN
    if not far.any():
        return path
    first = int(np.argmax(far))
    way = path[first] - path[first - 1]
    if not np.isfinite(way).all():
        return path[:first]
    return np.vstack([path[:first], path[first - 1] + way / np.abs(way).max() * FAR])


def _walk(plane, path, ends_here):
    """The path, a dot for each step, with a square at its start, and a star at an end that is in the picture."""
    drawing, inside = plane.drawing, clip(plane, "map")
    places = [plane.place(*place) for place in path]
    for (x1, y1), (x2, y2) in pairwise(places):
        drawing.line(x1, y1, x2, y2, VERMILION, 1.5, **inside)
    for x, y in places[1:]:
        drawing.add("circle", cx=x, cy=y, r=3, fill=VERMILION, **inside)
    x, y = places[0]
    drawing.box(x - 7, y - 7, 14, 14, BLUE, WHITE, 2)
    if ends_here:
        x, y = places[-1]
        corners = [(math.pi * k / 5, 4.5 if k % 2 else 10.5) for k in range(10)]
        star = [(x + radius * math.sin(turn), y - radius * math.cos(turn)) for turn, radius in corners]
        drawing.polygon(star, VERMILION, stroke=INK)
