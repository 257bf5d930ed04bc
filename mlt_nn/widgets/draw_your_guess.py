"""A curve to be drawn by the reader before it is measured: the measured one is laid over it, and words compare them."""

import functools
import math
from typing import Any, NamedTuple

import ipywidgets
import numpy as np
from matplotlib.ticker import MaxNLocator

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.lines import spread
from mlt_nn.plots.look import figures, numbers, short
from mlt_nn.plots.picture import TEXT
from mlt_nn.support.colors import BLUE, INK, VERMILION, WHITE
from mlt_nn.widgets.controls import row
from mlt_nn.widgets.draw_your_guess_words import compared
from mlt_nn.widgets.interactive import Interactive

STEPS = 50
"""So many steps of an arrow key lead from one end of the scale to the other."""
CAPTION = (
    "Draw with the mouse or a finger from left to right; as often as you like. Or by keyboard: each point has a slider "
    "of its own, and the arrow keys move it."
)


def draw_your_guess(title, x, measured, x_label, y_label, y, given, log_y=False):
    """Axes on which the reader draws a curve, and then sees what was measured.

    Arguments:
        title, x_label, y_label: what is drawn, and in which unit.
        x: where it is measured, ascending; these places are drawn at even distances.
        measured: a function without arguments that runs the reader's own functions and returns a number for each x.
            It is called when the reader asks to see the curve, and not before.
        y: the ends of the scale, (low, high).
        given: {x: value}, the points that are told beforehand.
        log_y: True for a log axis.

    Raises:
        ValueError: when no point is given, one is none of x, or an end of a log axis is not above 0.
    """
    x = list(x)
    if not given or not set(given) <= set(x):
        raise ValueError(f"given names {list(given)}, expected one or several of x: {x}")
    if log_y and min(y) <= 0:
        raise ValueError(f"y is {y}, and a log axis has only numbers above 0")
    scaled = math.log10 if log_y else float
    low, high = map(scaled, y)
    step = (high - low) / STEPS

    def nearest(height):
        height = low + step * round((min(max(height, low), high) - low) / step)
        return float(f"{10**height:.2g}" if log_y else f"{height:.6g}")

    def start(k):
        told = given[min(given, key=lambda place: abs(x.index(place) - k))]
        return nearest(scaled(told))

    kind = ipywidgets.FloatLogSlider if log_y else ipywidgets.FloatSlider
    look = {"min": low, "max": high, "step": step, "orientation": "vertical", "readout": False}
    size = {"width": f"{270 // (len(x) - len(given))}px", "height": "110px", "margin": "0", "overflow": "visible"}
    sliders = {
        k: kind(value=start(k), description=figures(place), tooltip=f"{x_label} {figures(place)}", layout=size, **look)
        for k, place in enumerate(x)
        if place not in given
    }
    # Not to be seen: whether anything has been drawn, and whether the reader has asked for what was measured.
    drawn, shown = ipywidgets.Checkbox(), ipywidgets.Checkbox()
    first = {slider: slider.value for slider in sliders.values()}

    @functools.cache
    def measure():
        widget.status.value = f'<div style="{TEXT}">Your functions are running ...</div>'
        values = numbers("what was measured", measured())
        if len(values) != len(x):
            raise ValueError(f"{len(values)} numbers were measured for {len(x)} places: one for each")
        return values

    before = list(first.values())

    def view():
        nonlocal before
        # The browser reports each value that is set once more, a rounding error beside it.
        now = [nearest(scaled(slider.value)) for slider in sliders.values()]
        moved = [k for k, old, new in zip(sliders, before, now, strict=True) if old != new]
        before = now
        drawn.value = drawn.value or now != list(first.values())
        guessed = dict(zip(sliders, now, strict=True))
        values = [guessed.get(k, given.get(place)) for k, place in enumerate(x)]
        seen = measure() if drawn.value and shown.value else None
        guess = Guess(title, x, x_label, y_label, (low, high), given, log_y, values if drawn.value else None, seen)
        if seen is not None:
            words = compared(x, x_label, np.array(values), seen, high - low, log_y)
        elif moved and drawn.value:
            words = f"You drew {figures(values[moved[-1]])} at {x_label} {figures(x[moved[-1]])}."
        else:
            told = ", ".join(f"{figures(value)} at {x_label} {figures(place)}" for place, value in given.items())
            first_draw = "Draw first: then it is shown" if shown.value else "Draw the rest"
            words = f"Given is {told}. {first_draw}."
            shown.value = False
        return guess_picture(guess), words

    presets = {
        "Draw again": first | {drawn: False, shown: False},
        "Show what was measured": {shown: True},
    }
    last = None

    def stroke(*way):
        nonlocal last
        goes_on = last and last[:2] == way[:2] != way[2:]
        come_from = last[2:] if goes_on else way[:2]
        last = way
        axes = axes_of(title, len(x), (low, high))
        (i, one), (j, other) = sorted(axes.numbers(*place) for place in (come_from, way[2:]))
        passed = range(round(i), round(j) + 1)
        return {sliders[k]: nearest(np.interp(k, [i, j], [one, other])) for k in passed if k in sliders}

    controls = [row(*sliders.values(), overflow="visible")]
    widget = Interactive(f"draw your guess, {title}", controls, view, presets, beside=True, moved=stroke)
    return widget


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
        heights = [] if values is None else list(enumerate(_heights(guess, values)))
        axes.line(heights, color, 2.5, dash)
        points = [axes.place(*point) for point in heights if axes.shows(*point)]
        for x, y in points:
            if name == "yours":
                drawing.circle(x, y, 5, WHITE, color, 2.5)
            else:
                drawing.box(x - 4.5, y - 4.5, 9, 9, color, WHITE, 1)
        if points:
            names[name] = (points[-1][1], color)
    order = sorted(names, key=lambda name: names[name][0])
    apart = dict(zip(order, spread([names[name][0] for name in order], gap=18), strict=True))
    for name, (_, color) in names.items():
        drawing.text(axes.right + 8, apart[name], name, 14, "start", color, "bold")
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
