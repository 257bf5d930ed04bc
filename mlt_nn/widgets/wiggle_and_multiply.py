"""The chain rule both ways: a change measured on its way to the loss, and local derivatives multiplied back."""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from mlt_nn.plots.drawing import Drawing, fitting
from mlt_nn.plots.look import drawable, figures, short
from mlt_nn.support.colors import BLUE, GRAY, INK, PALE, VERMILION, WHITE, tint
from mlt_nn.widgets.controls import Counter, List, LogSlider
from mlt_nn.widgets.interactive import Interactive
from mlt_nn.widgets.two_weights import PRESETS, START, local_derivatives
from mlt_nn.widgets.two_weights_picture import PARAMETERS, PATHS

EPSILON = float(np.finfo(np.float64).eps)
WIDE = 92  # of a box
BASE = 92  # the height at which the bars stand
RISE, FALL = 46.0, 16.0  # the room for bars above and below it
CHAIN, BACK = 148, 262  # the tops of both rows of boxes
DIGITS = 8
CAPTION = (
    "Blue: what two runs of your forward differ by, all bars on one scale. Orange: from L to the left, each number "
    "times the local derivative on its arrow."
)


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


def wiggle_picture(walk, back):
    """Draw a `Walk`, and so many steps of its way back."""
    drawing = Drawing(712, 376)
    start = "_".join(walk.path[0])
    drawing.heading(20, 14, f"Measured: raise {start} by {short(walk.h)}, and see what changes")
    columns = [20 + WIDE / 2 + (672 - WIDE) * k / (len(walk.path) - 1) for k in range(len(walk.path))]
    _bars(drawing, columns, walk)
    for (x1, x2), factor in zip(pairwise(columns), walk.measured, strict=True):
        drawing.text((x1 + x2) / 2, CHAIN - 15, _times(factor), 14, color=BLUE, weight="bold")
        drawing.arrow(x1 + WIDE / 2, CHAIN + 22, x2 - WIDE / 2, CHAIN + 22, BLUE, 2)
    for x, name, value in zip(columns, walk.path, walk.values, strict=True):
        drawing.box(x - WIDE / 2, CHAIN, WIDE, 44, rx=4)
        drawing.text(x, CHAIN + 13, "_".join(name), 15, weight="bold")
        drawing.text(x, CHAIN + 32, *_fitted(short(value)))
    drawing.heading(20, CHAIN + 66, "Multiplied: from L back, one local derivative at a time")
    _way_back(drawing, columns, walk, back)
    done = back == len(walk.local)
    _result(drawing, walk, done)
    changes = ", ".join(f"{n} by {figures(c)}" for n, c in zip(walk.path, walk.changes, strict=True))
    factors = ", ".join(figures(factor) for factor in walk.measured)
    said = [f"dL/d{n} = {figures(p)}" for n, p in list(zip(walk.path, walk.products, strict=True))[::-1][: back + 1]]
    alt = f"Measured changes: {changes}; factors {factors}. Multiplied back: {', '.join(said)}."
    return drawing.picture(CAPTION, alt)


def _bars(drawing, columns, walk):
    shown = [float(change) for change in drawable(walk.changes)[0]]
    up, down = (max([0.0, *(sign * change for change in shown)]) for sign in (1, -1))
    scale = min(RISE / up if up else math.inf, FALL / down if down else math.inf)
    h = BASE - scale * walk.h
    drawing.line(columns[0], h, columns[-1] + WIDE / 2 - 12, h, GRAY, 1, "3 4")
    drawing.text(columns[-1] + WIDE / 2, h, "h", 14, "end", GRAY)
    drawing.line(columns[0] - WIDE / 2, BASE, columns[-1] + WIDE / 2, BASE, PALE, 1.5)
    for x, change in zip(columns, walk.changes, strict=True):
        size = scale * abs(change) if math.isfinite(change) else 0.0
        falls = change < 0
        drawing.box(x - 15, BASE if falls else BASE - size, 30, size, BLUE, "none")
        words = f"+{short(change)}" if change > 0 else short(change)
        drawing.text(x, BASE + size + 10 if falls else BASE - size - 9, words, 14, color=BLUE, weight="bold", halo=True)


def _way_back(drawing, columns, walk, back):
    last = len(columns) - 1
    middle = BACK + 17
    for k, (x, product) in enumerate(zip(columns, walk.products, strict=True)):
        left, reached = x - WIDE / 2, k >= last - back
        if not reached:
            drawing.box(left, BACK, WIDE, 34, WHITE, PALE, rx=4, stroke_dasharray="4 3")
            continue
        newest = k == last - back
        drawing.box(left, BACK, WIDE, 34, tint(VERMILION, 0.12), VERMILION, 3 if newest else 1.5, rx=4)
        drawing.text(x, middle, *_fitted(short(product)), weight="bold")
        if k < last:
            drawing.arrow(columns[k + 1] - WIDE / 2, middle, x + WIDE / 2, middle, VERMILION, 2)
            between = (x + columns[k + 1]) / 2
            drawing.text(between, BACK - 28, walk.formulas[k], 14)
            drawing.text(between, BACK - 11, _times(walk.local[k]), 14, weight="bold")


def _result(drawing, walk, done):
    """Both derivatives and their difference below each other, so that one sees from which digit on they differ."""
    product, slope = walk.products[0], walk.slope
    size = max(abs(product), abs(slope))
    behind = min(max(DIGITS - math.floor(math.log10(size)), 0), 18) if 0 < size < math.inf else DIGITS
    formula = " · ".join(f"({words})" if " " in words else words for words in reversed(walk.formulas))
    start = "_".join(walk.path[0])
    lines = (
        (f"measured: change of L / h = {short(walk.changes[-1])} / {short(walk.h)}", slope, BLUE),
        (f"multiplied: dL/d{start} = {formula}", product, INK),
        ("difference", slope - product, INK),
    )
    for k, (words, value, color) in enumerate(lines if done else lines[:1]):
        y = BACK + 56 + 20 * k
        drawing.text(20, y, words, 14, "start", color)
        number = f"{value:.{behind}f}" if math.isfinite(value) and size < 1e9 else figures(value)
        drawing.text(692, y, number, 14, "end", color, "bold")


def _times(factor):
    return f"\N{MULTIPLICATION SIGN} {short(factor)}" if not math.isnan(factor) else "\N{MULTIPLICATION SIGN} ?"


def _fitted(words):
    return words, fitting(words, 14, WIDE - 4)
