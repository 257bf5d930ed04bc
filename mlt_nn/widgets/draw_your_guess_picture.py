"""The picture of a guess: the axes with what is given, the curve that was drawn, and the one that was measured."""

import math
from typing import Any, NamedTuple

import numpy as np
from matplotlib.ticker import MaxNLocator

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import figures, short
from mlt_nn.support.colors import BLUE, INK, VERMILION, WHITE

CAPTION = (
    "Draw with the mouse or a finger from left to right; as often as you like. Or by keyboard: each point has a slider "
    "of its own, and the arrow keys move it."
)


class Guess(NamedTuple):
    """What is drawn, what is measured, and on which axes."""

    title: str
    x: list
    x_label: str
    y_label: str
    ends: tuple
    """Of the vertical axis; with a log axis, as powers of ten."""
    given: dict
    log_y: bool
    drawn: Any
    """A number for each x, or None when nothing is drawn yet."""
    measured: Any
    """A number for each x, or None when it is not shown yet."""


def axes_of(title, places, ends):
    """The axes, on an empty drawing with that title; what is on them counts from its upper left corner."""
    drawing = Drawing(600, 304)
    drawing.heading(10, 16, title, 16)
    return Axes(drawing, 74, 36, 410, 220, (-0.3, places - 0.7), ends)


def guess_picture(guess):
    """Draw what there is so far, as a `Picture`."""
    axes = axes_of(guess.title, len(guess.x), guess.ends)
    marks = MaxNLocator(8, integer=guess.log_y).tick_values(*guess.ends)
    ticks = {y: short(10.0**y if guess.log_y else y) for y in marks if guess.ends[0] <= y <= guess.ends[1]}
    places = {k: short(place) for k, place in enumerate(guess.x)}
    axes.scales(places, ticks, guess.x_label, f"{guess.y_label}{' (log scale)' if guess.log_y else ''}", framed=True)
    drawing, names = axes.drawing, {}
    lines = (("yours", guess.drawn, BLUE, ""), ("measured", guess.measured, VERMILION, "6 4"))
    for name, values, color, dash in lines:
        points = [] if values is None else [point for point in enumerate(_heights(guess, values)) if axes.shows(*point)]
        if values is not None:
            axes.line(enumerate(_heights(guess, values)), color, 2.5, dash)
        for point in points:
            x, y = axes.place(*point)
            if name == "yours":
                drawing.circle(x, y, 5, WHITE, color, 2.5)
            else:
                drawing.box(x - 4.5, y - 4.5, 9, 9, color, WHITE, 1)
        if points:
            names[name] = (axes.place(*points[-1])[1], color)
    if len(names) == 2 and abs(names["yours"][0] - names["measured"][0]) < 18:
        middle = (names["yours"][0] + names["measured"][0]) / 2
        sign = 1 if names["yours"][0] > names["measured"][0] else -1
        names = {name: (middle + k * sign * 9, names[name][1]) for name, k in (("yours", 1), ("measured", -1))}
    for name, (height, color) in names.items():
        drawing.text(axes.right + 8, height, name, 14, "start", color, "bold")
    for place, value in guess.given.items():
        x, y = axes.place(guess.x.index(place), _heights(guess, [value])[0])
        drawing.circle(x, y, 6, INK, WHITE, 1)
        drawing.text(x + 10, y - 13, f"given: {short(value)}", 13, "start" if x < axes.right - 90 else "end", halo=True)
    return drawing.picture(CAPTION, _words(guess))


def _heights(guess, values):
    if not guess.log_y:
        return list(values)
    return [math.log10(value) if value > 0 else math.nan for value in np.asarray(values, dtype=float)]


def _words(guess):
    def listed(values):
        return ", ".join(f"{figures(value)} at {figures(place)}" for place, value in values)

    low, high = (10.0**end if guess.log_y else end for end in guess.ends)
    scale = f"{guess.y_label} from {figures(low)} to {figures(high)}{' on a log scale' if guess.log_y else ''}"
    parts = [f"{guess.title}. Axes: {scale}; {guess.x_label}", f"Given: {listed(guess.given.items())}"]
    for name, values in (("Yours", guess.drawn), ("Measured", guess.measured)):
        if values is not None:
            parts.append(f"{name}: {listed(zip(guess.x, values, strict=True))}")
    return f"{'. '.join(parts)}."
