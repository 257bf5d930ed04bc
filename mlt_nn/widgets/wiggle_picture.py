"""The picture of a change that goes through the two-weight network, and of the product that comes back."""

import math
from itertools import pairwise

from mlt_nn.plots.drawing import Drawing, fitting
from mlt_nn.plots.look import drawable, figures, short
from mlt_nn.support.colors import BLUE, GRAY, INK, PALE, VERMILION, WHITE, tint

WIDE = 92  # of a box
BASE = 92  # the height at which the bars stand
RISE, FALL = 46.0, 16.0  # the room for bars above and below it
CHAIN, BACK = 148, 262  # the tops of both rows of boxes
DIGITS = 8
CAPTION = (
    "Blue: what two runs of your forward differ by, all bars on one scale. Orange: from L to the left, each number "
    "times the local derivative on its arrow."
)


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
