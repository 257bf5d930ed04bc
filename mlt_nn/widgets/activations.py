"""Activation functions: a tangent that moves along the curve, and its slope."""

import math

import numpy as np

from mlt_nn.plots.look import figures
from mlt_nn.widgets.activations_picture import REACH, activation_picture
from mlt_nn.widgets.controls import Choice, Slider
from mlt_nn.widgets.interactive import Interactive

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
