"""Activation functions: a tangent that moves along the curve, and its slope."""

import math

import numpy as np

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import figures
from mlt_nn.support.colors import BLUE, INK, VERMILION, WHITE
from mlt_nn.widgets.controls import Choice, Slider
from mlt_nn.widgets.interactive import Interactive

WIDTH, HEIGHT = 640, 430
REACH = 8.0
"""z runs from -REACH to REACH."""
LEFT, RIGHT = 58, 624
_H = 1e-4
"""The step of the difference quotients."""


def activations(functions, z=1.0):
    """Move z and see the activation, its tangent and its slope; the slope is also held against the curve.

    Arguments:
        functions: {name: (g, g_prime)}, the reader's functions, or a function of one's own.
        z: where it starts.
    """
    which = Choice("activation", list(functions))
    place = Slider("z", z, -REACH, REACH, 0.1)
    places = np.linspace(-REACH, REACH, 321)

    def view():
        name = which.value
        g, g_prime = functions[name]
        curve, slopes = _values(name, g, places), _values(f"the slope of {name}", g_prime, places)
        before, a, after = _values(name, g, place.value + _H * np.arange(-1, 2))
        (slope,) = _values(f"the slope of {name}", g_prime, np.array([place.value]))
        picture = activation_picture(name, curve, slopes, place.value, a, slope)
        steepest = np.max(np.abs(slopes), initial=0, where=np.isfinite(slopes))
        told = slope_in_words(slope, (a - before) / _H, (after - a) / _H, steepest)
        return picture, f"{name} at z = {figures(place.value)}: activation {figures(a)}, slope {figures(slope)}. {told}"

    presets = {
        "far left: z = \N{MINUS SIGN}6": {place: -6},
        "middle: z = 0": {place: 0},
        "far right: z = 6": {place: 6},
    }
    return Interactive("activations", [which, place], view, presets)


def slope_in_words(slope, left, right, steepest):
    """What a slope means, as a sentence.

    Arguments:
        slope: g'(z).
        left, right: how fast g itself rises on either side of z.
        steepest: the largest slope that g has anywhere.
    """
    if not all(math.isfinite(value) for value in (slope, left, right)):
        return "This is not a number that a network could work with."
    # The rises on both sides of a smooth place differ by about 1e-4 (step times curvature), at a kink by far more.
    tolerance = 0.01 * max(1, abs(left), abs(right))
    if abs(left - right) > tolerance:
        return f"A kink: the slope jumps here from {figures(round(left, 3))} to {figures(round(right, 3))}."
    rise = (left + right) / 2
    if abs(slope - rise) > tolerance:
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


def activation_picture(name, curve, slopes, z, a, slope):
    """Draw g with its tangent at z, and g' below it.

    Arguments:
        name: the name of g.
        curve, slopes: g and g' at equally spaced places from -REACH to REACH, arrays of one shape (n,).
        z, a, slope: the place that is looked at, g(z) and g'(z).

    Returns:
        The `Picture`. What is NaN or infinite is a gap.
    """
    drawing = Drawing(WIDTH, HEIGHT)
    drawing.heading(LEFT, 17, f"g = {name}")
    upper, _, _ = _axes(drawing, curve, 36, 196, "", "activation g(z)")
    upper.line(_points(curve), BLUE)
    _tangent(upper, z, a, slope)
    _mark(upper, z, a)
    drawing.heading(LEFT, 270, "its slope g\u2032")
    lower, low, high = _axes(drawing, slopes, 286, 98, "pre-activation z", "slope g\u2032(z)")
    lower.line(_points(slopes), VERMILION, dash="7 3")
    _mark(lower, z, slope)
    if math.isfinite(slope):
        x, y = lower.place(z, min(max(slope, low), high))
        x, anchor = (x - 12, "end") if z > 0 else (x + 12, "start")
        drawing.text(x, y + (15 if y < lower.top + 20 else -13), f"slope {figures(slope)}", 13, anchor, halo=True)
    caption = (
        "Above: the activation in blue, and its tangent at z. Below: how steep that tangent is, dashed in "
        "orange. Where the curve is flat, the slope is near 0."
    )
    alt = f"{name} and its slope. At z = {figures(z)}: activation {figures(a)}, slope {figures(slope)}."
    return drawing.picture(caption, alt)


def _axes(drawing, values, top, height, x_label, y_label):
    """Axes over z for these values, and the smallest and the largest of them."""
    finite = values[np.isfinite(values) & (np.abs(values) < 1e100)]
    # 0 and 1 are always in sight: the marks by which the activations are compared.
    low, high = float(finite.min(initial=0)), float(finite.max(initial=1))
    margin = 0.08 * (high - low)
    axes = Axes(drawing, LEFT, top, RIGHT - LEFT, height, (-REACH, REACH), (low - margin, high + margin))
    ticks = {value: figures(value) for value in (low, 0.0, high)}
    axes.scales({z: str(z) for z in range(-8, 9, 2)}, ticks, x_label, y_label)
    return axes, low, high


def _points(values):
    return np.column_stack([np.linspace(-REACH, REACH, len(values)), values])


def _tangent(axes, z, a, slope):
    if not axes.shows(z, a):
        return
    (x1, y1), (x2, y2) = axes.place(z, a), axes.place(z + 1, a + slope)
    # Of one length on the page, however steep, and cut where the axes end.
    length = math.hypot(x2 - x1, y2 - y1)
    if math.isfinite(length):
        dx, dy = (x2 - x1) / length, (y2 - y1) / length
        back, on = (min(85, room / dx) for room in (x1 - LEFT, RIGHT - x1))
        axes.drawing.line(x1 - back * dx, y1 - back * dy, x1 + on * dx, y1 + on * dy, INK, 2)


def _mark(axes, z, value):
    if axes.shows(z, value):
        x, y = axes.place(z, value)
        axes.drawing.line(x, axes.top, x, axes.bottom, INK, 1, "2 3")
        axes.drawing.circle(x, y, 6, INK, WHITE)
