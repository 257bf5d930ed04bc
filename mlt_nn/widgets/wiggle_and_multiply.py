"""The chain rule both ways: a change measured on its way to the loss, and local derivatives multiplied back."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from mlt_nn.plots.look import figures
from mlt_nn.widgets.controls import Counter, List, LogSlider
from mlt_nn.widgets.interactive import Interactive
from mlt_nn.widgets.two_weights import PRESETS, START, local_derivatives
from mlt_nn.widgets.two_weights_picture import PARAMETERS, PATHS
from mlt_nn.widgets.wiggle_picture import wiggle_picture

EPSILON = float(np.finfo(np.float64).eps)


class Walk(NamedTuple):
    """A change of h on its way from a parameter to the loss, and the way back."""

    path: tuple
    h: float
    values: np.ndarray
    """Of each quantity of the path, before the change."""
    changes: np.ndarray
    formulas: tuple
    """Of each arrow of the path, its local derivative as a formula."""
    local: np.ndarray
    """The same as numbers."""

    @property
    def measured(self):
        """Of each arrow, how many times the change before it the change behind it is; NaN for 0 / 0."""
        with np.errstate(all="ignore"):
            return self.changes[1:] / self.changes[:-1]

    @property
    def products(self):
        """Of each quantity, the derivative of the loss: the product of the local derivatives from there on."""
        with np.errstate(all="ignore"):
            return np.cumprod([1.0, *self.local[::-1]])[::-1]

    @property
    def slope(self):
        """The change of the loss for each unit of h."""
        return self.changes[-1] / self.h


def wiggle_and_multiply(forward, loss, g, g_prime):
    """Raise a parameter of the two-weight network by h, follow the change to the loss, and multiply on the way back.

    Arguments: the reader's functions forward and loss of `mlt_nn.scalar_network`; an activation g and its derivative.
    """
    raised = List("raise", PARAMETERS)
    numbers = List("numbers", tuple(PRESETS))
    h = LogSlider("by h =", 0.001, 1e-12, 1.0)
    back = Counter("steps back", 0, 0, len(PATHS["w1"]) - 1)

    def view():
        walk = follow(forward, loss, g, g_prime, START | PRESETS[numbers.value], raised.value, h.value)
        back.value = min(back.value, len(walk.local))
        return wiggle_picture(walk, back.value), status(walk, back.value)

    presets = {
        "h = 1": {h: 1.0},
        "h = 0.001": {h: 0.001},
        "h = 1e-12": {h: 1e-12},
        "forget the way back": {back: 0},
        "all the way back": {back: back.high},
    }
    name = "wiggle and multiply: a change measured forward, local derivatives multiplied backward"
    return Interactive(name, [raised, numbers, h, back], view, presets, beside=True)


def follow(forward, loss, g, g_prime, given, name, h):
    """Run the network as given and once more with one parameter raised by h, as a `Walk`."""

    def values(given):
        x, y, *parameters = (np.float64(given[name]) for name in START)
        z1, a1, z2, a2 = forward(x, *parameters, g)
        return given | {"z1": z1, "a1": a1, "z2": z2, "a2": a2, "L": loss(y, a2)}

    path = PATHS[name]
    with np.errstate(all="ignore"):  # numbers too large for a float are shown as such
        before, after = (values(numbers) for numbers in (given, given | {name: given[name] + h}))
        local = local_derivatives(before, g_prime)
        formulas, numbers = zip(*((local[arrow][0] or "1", local[arrow][1]) for arrow in pairwise(path)), strict=True)
        start, end = (np.array([float(run[name]) for name in path]) for run in (before, after))
        return Walk(path, h, start, end - start, formulas, np.array(numbers, dtype=np.float64))


def misfit(walk):
    """The number of the first arrow whose measured factor h cannot explain; None when all fit."""
    sizes, measured = np.abs(walk.changes[:-1]), walk.measured
    values = np.maximum(1.0, np.abs(walk.values))
    with np.errstate(all="ignore"):
        # What the curve bends on the way, and what rounding takes from the difference of two numbers.
        allowed = sizes + 8 * EPSILON * np.maximum(values[1:], values[:-1]) / sizes
        wrong = np.abs(measured - walk.local) > allowed + 1e-6 * np.abs(walk.local)
    return int(np.argmax(wrong)) if np.any(wrong) else None


def status(walk, back):
    """What was measured, and what is multiplied so far, in words."""
    name = walk.path[0]
    measured = f"L changes by {figures(walk.changes[-1])}, {figures(walk.slope)} times h."
    if back == 0:
        return f"Measured: {measured} Press + for a step back."
    product, here = figures(walk.products[-1 - back]), walk.path[-1 - back]
    if back < len(walk.local):
        return f"Measured: {measured} Multiplied so far: dL/d{here} = {product}."
    return f"Measured: {measured} Multiplied: dL/d{name} = {product}. {_compare(walk)}"


def _compare(walk):
    arrow = misfit(walk)
    if arrow is not None:
        ends = " to ".join(walk.path[arrow : arrow + 2])
        measured, local = figures(walk.measured[arrow]), figures(walk.local[arrow])
        return (
            f"From {ends} the measured factor is {measured}, the multiplied one {local}: "
            "one of your functions does not fit the others."
        )
    product = walk.products[0]
    if product == walk.slope:
        return "They agree to the last digit."
    apart = abs(walk.slope - product) / max(abs(product), abs(walk.slope))
    # Of the two errors, the one that is larger at this h.
    why = "the factors change on the way" if walk.h > EPSILON / walk.h else "rounding is divided by h"
    return f"They differ by {figures(100 * apart)} %, since {why}."
