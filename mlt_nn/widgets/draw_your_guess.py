"""A curve to be drawn by the reader before it is measured: the measured one is laid over it, and words compare them."""

import functools
import math

import ipywidgets
import numpy as np

from mlt_nn.plots.look import figures, numbers
from mlt_nn.plots.picture import TEXT
from mlt_nn.widgets.controls import row
from mlt_nn.widgets.draw_your_guess_picture import Guess, axes_of, guess_picture
from mlt_nn.widgets.draw_your_guess_words import compared
from mlt_nn.widgets.interactive import Interactive

STEPS = 50
"""So many steps of an arrow key lead from one end of the scale to the other."""


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
