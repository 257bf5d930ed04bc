"""Activation functions: a tangent that moves along the curve, and its slope."""

import math
from fractions import Fraction

import numpy as np

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import figures
from mlt_nn.support.colors import BLUE, GRAY, INK, VERMILION, WHITE, tint
from mlt_nn.widgets.controls import List, Slider
from mlt_nn.widgets.interactive import Interactive

WIDTH, HEIGHT = 600, 408
REACH = 8.0
"""z runs from -REACH to REACH."""
LEFT, RIGHT = 46, 590
# One scale for all functions, so that one sees which is steeper. What leaves it does so straight on, most often.
ACTIVATIONS, SLOPES = (-1.3, 2.3), (-0.15, 1.2)
_H = 1e-4
"""The step of the difference quotients."""


def activations(functions, z=1.0):
    """Move z and see the activation, its tangent and its slope; the slope is also held against the curve.

    Arguments:
        functions: {name: (g, g_prime)}, the reader's functions, or a function of one's own.
        z: where it starts.
    """
    which = List("activation", list(functions))
    place = Slider("z", z, -REACH, REACH, 0.1)
    place.narrow("7.5em", "11.5em", "120px")
    places = np.linspace(-REACH, REACH, 321)

    def view():
        name = which.value
        g, g_prime = functions[name]
        curve, slopes = _values(name, g, places), _values(f"the slope of {name}", g_prime, places)
        before, a, after = _values(name, g, place.value + _H * np.arange(-1, 2))
        (slope,) = _values(f"the slope of {name}", g_prime, np.array([place.value]))
        sides = (a - before) / _H, (after - a) / _H
        picture = activation_picture(name, curve, slopes, place.value, a, slope, sides)
        told = slope_in_words(slope, *sides, _steepest(slopes))
        return picture, f"{name} at z = {figures(place.value)}: activation {figures(a)}, slope {figures(slope)}. {told}"

    presets = {
        "far left: z = \N{MINUS SIGN}6": {place: -6},
        "middle: z = 0": {place: 0},
        "far right: z = 6": {place: 6},
    }

    def moved(_x0, _y0, x, _y):
        return {place: round(-REACH + (x - LEFT) / (RIGHT - LEFT) * 2 * REACH, 1)}

    return Interactive("activations", [which, place], view, presets, beside=True, moved=moved)


def slope_in_words(slope, left, right, steepest):
    """What a slope means, as a sentence.

    Arguments:
        slope: g'(z).
        left, right: how fast g itself rises on either side of z.
        steepest: the largest slope that g has anywhere.
    """
    if not all(math.isfinite(value) for value in (slope, left, right)):
        return "This is not a number that a network could work with."
    if _is_kink(left, right):
        return f"A kink: the slope jumps here from {figures(round(left, 3))} to {figures(round(right, 3))}."
    rise = (left + right) / 2
    if _is_kink(slope, rise):
        return f"But the curve itself has the slope {figures(round(rise, 3))} here: g and its slope disagree."
    effect = f"a step of 0.1 in z changes the activation by about {figures(0.1 * slope)}."
    if slope == 0:
        return "Flat: a small step in z changes nothing."
    share = abs(slope) / steepest
    if share < 0.05:
        return f"Saturated: {effect}"
    return f"{'Flattening' if share < 0.35 else 'Steep' if share < 0.99 else 'As steep as it gets'}: {effect}"


def _values(name, function, z):
    values = np.asarray(function(z), dtype=float)
    if values.shape != z.shape:
        raise ValueError(
            f"{name} returned shape {values.shape} for z of shape {z.shape}; it must work element by element"
        )
    return values


def _is_kink(left, right):
    # The rises on both sides of a smooth place differ by about 1e-4 (step times curvature), at a kink by far more.
    return abs(left - right) > 0.01 * max(1, abs(left), abs(right))


def _steepest(slopes):
    return float(np.max(np.abs(slopes), initial=0, where=np.isfinite(slopes)))


def activation_picture(name, curve, slopes, z, a, slope, sides):
    """Draw g with its tangent at z, and g' below it.

    Arguments:
        name: the name of g.
        curve, slopes: g and g' at equally spaced places from -REACH to REACH, arrays of one shape (n,).
        z, a, slope: the place that is looked at, g(z) and g'(z).
        sides: how fast g itself rises left and right of z.

    Returns:
        The `Picture`. What is NaN or infinite is a gap.
    """
    drawing = Drawing(WIDTH, HEIGHT)
    drawing.heading(LEFT, 14, f"g = {name}")
    upper = _axes(drawing, 28, 190, ACTIVATIONS, {-1: "-1", 0: "0", 1: "1", 2: "2"}, "", "activation g(z)")
    upper.line(_points(curve), BLUE)
    kink = all(map(math.isfinite, sides)) and _is_kink(*sides)
    if kink:
        for side, ways in zip(sides, ((-1, 0), (0, 1)), strict=True):
            _tangent(upper, z, a, side, ways)
    else:
        _tangent(upper, z, a, slope, (-1, 1))
        _triangle(upper, z, a, slope)
    _mark(upper, z, a, "g(z)")
    drawing.heading(LEFT, 256, "its slope g\u2032")
    lower = _axes(drawing, 268, 98, SLOPES, {0: "0", 1: "1"}, "pre-activation z", "slope g\u2032(z)")
    _most(lower, _steepest(slopes))
    lower.line(_points(slopes), VERMILION, dash="7 3")
    if kink:
        for side in sides:
            if lower.shows(z, side):
                x, y = lower.place(z, side)
                drawing.circle(x, y, 6, WHITE, INK, 2)
    _mark(lower, z, slope, "slope", 0.6)  # where few curves are
    caption = (
        "Above: the activation and its tangent at z, all functions on one scale; 1 to the right, the tangent rises by "
        "the slope. Below: that slope at every z. Drag the dot."
    )
    most = f"at most {_fraction(_steepest(slopes))}"
    alt = f"{name} and its slope, {most}. At z = {figures(z)}: activation {figures(a)}, "
    return drawing.picture(caption, f"{alt}slope {figures(slope)}.")


def _axes(drawing, top, height, ends, ticks, x_label, y_label):
    axes = Axes(drawing, LEFT, top, RIGHT - LEFT, height, (-REACH, REACH), ends)
    axes.scales({z: str(z) for z in range(-8, 9, 2)}, ticks, x_label, y_label)
    return axes


def _points(values):
    return np.column_stack([np.linspace(-REACH, REACH, len(values)), values])


def _fraction(value):
    """A quarter is written as one.

    >>> _fraction(0.25), _fraction(1.0), _fraction(1.1)
    ('1/4', '1', '1.1')
    """
    simple = Fraction(value).limit_denominator(9)
    return str(simple) if simple == value else figures(value)


def _most(axes, steepest):
    """A line at the largest slope."""
    if 0 < steepest <= axes.y[1]:
        (x1, y), (x2, _) = axes.place(-REACH, steepest), axes.place(REACH, steepest)
        axes.drawing.line(x1, y, x2, y, GRAY, 1, "2 3")
        axes.drawing.text(x1 + 6, y - 9, f"at most {_fraction(steepest)}", 12, "start", GRAY, halo=True)


def _tangent(axes, z, a, slope, ways):
    """A piece of the line through (z, a), to the left and the right of it, of one length on the page."""
    if not axes.shows(z, a) or not abs(slope) < 1e6:
        return
    (x1, y1), (x2, y2) = axes.place(z, a), axes.place(z + 1, a + slope)
    dx, dy = x2 - x1, y2 - y1
    # Cut where the axes end.
    longest = [85 / math.hypot(dx, dy), (x1 - LEFT) / dx, (RIGHT - x1) / dx]
    if dy:
        longest += [(axes.bottom - y1) / abs(dy), (y1 - axes.top) / abs(dy)]
    back, on = (way * min(longest[0], *longest[k + 1 : k + 2], *longest[3:]) for k, way in enumerate(ways))
    axes.drawing.line(x1 + back * dx, y1 + back * dy, x1 + on * dx, y1 + on * dy, INK, 2)


def _triangle(axes, z, a, slope):
    """Below the tangent: 1 to the right, and so much up."""
    if not (axes.shows(z, a) and axes.shows(z + 1, a + slope)):
        return
    (x1, y1), (x2, y2) = axes.place(z, a), axes.place(z + 1, a + slope)
    axes.drawing.polygon([(x1, y1), (x2, y1), (x2, y2)], tint(VERMILION, 0.3))
    axes.drawing.line(x1, y1, x2, y1, INK, 1)
    axes.drawing.line(x2, y1, x2, y2, VERMILION, 2.5)
    below = y1 + (12 if slope >= 0 else -12)
    axes.drawing.text((x1 + x2) / 2, below, "1", 12, halo=True)
    words, height = figures(slope), (y1 + y2) / 2 if abs(y1 - y2) > 30 else below
    axes.drawing.text(min(x2 + 5, RIGHT - 8 * len(words)), height, words, 12, "start", VERMILION, "bold", halo=True)


def _mark(axes, z, value, words, high=None):
    """The dot at z, and what it says beside it, or so high; where the value is beyond the axes, an arrow to there."""
    if not math.isfinite(value):
        return
    x, y = axes.place(z, min(max(value, axes.y[0]), axes.y[1]))
    axes.drawing.line(x, axes.top, x, axes.bottom, INK, 1, "2 3")
    if axes.shows(z, value):
        axes.drawing.circle(x, y, 7, INK, WHITE, 2)
    else:
        axes.drawing.arrow(x, y + (22 if value > 0 else -22), x, y, INK, 2.5)
    # Away from the triangle, which is on the right.
    away, anchor = (12, "start") if z < -5 else (-12, "end")
    height = (y + (15 if y < axes.top + 20 else -13)) if high is None else axes.place(z, high)[1]
    axes.drawing.text(x + away, height, f"{words} = {figures(value)}", 13, anchor, halo=True)
