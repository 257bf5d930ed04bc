"""The network of two neurons in a row, with the value of each quantity and, below it, its gradient."""

from itertools import pairwise

from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import figures, sentences, short
from mlt_nn.support.colors import GRAY, NOW, PALE, VERMILION, WHITE

ROW = ("x", "z1", "a1", "z2", "a2", "L")
# Above the row: the box below, and how far to its right.
ABOVE = {"w1": ("z1", -46), "b1": ("z1", 46), "w2": ("z2", -46), "b2": ("z2", 46), "y": ("L", 0)}
WIDE = TALL = 84
GAP = 60
"""Between two boxes of the row."""
TOP_ROW, BOTTOM_ROW = 10, 146


def chain(values, title, caption, alt=None, *, gradients=None, step=None, g="g"):
    """x -> z1 -> a1 -> z2 -> a2 -> L: each quantity in a box, its value above the line and its gradient below it.

    Arguments:
        values: {name: number}, for any of x, w1, b1, z1, a1, w2, b2, z2, a2, y, L; what is missing stays empty.
        title, caption, alt: as in every chart.
        gradients: {name: number}: the derivative of L with respect to each, or None.
        step: the name of the box that is being computed now; it is framed and labelled.
        g: the name of the activation function.

    Example:
        >>> chain({"a2": 1.0, "y": 3.0, "L": 2.0}, "Backwards", "From L.", gradients={"a2": -2.0}, step="a2").alt
        'Backwards. Values: a2 = 1, y = 3, L = 2. Gradients: dL/da2 = -2. Now: a2.'
    """
    gradients = gradients or {}
    places = {name: (20 + k * (WIDE + GAP), BOTTOM_ROW) for k, name in enumerate(ROW)}
    places |= {name: (places[below][0] + shift, TOP_ROW) for name, (below, shift) in ABOVE.items()}
    for name in [*values, *gradients, *([] if step is None else [step])]:
        if name not in places:
            raise ValueError(f"there is no {name!r} in the chain; its quantities are {', '.join(places)}")
    drawing = Drawing(40 + 6 * WIDE + 5 * GAP, 250, title)
    for edge in pairwise(ROW):
        _edge_along(drawing, places[edge[0]][0] + WIDE, g if edge[1].startswith("a") else "")
    for name, (below, _) in ABOVE.items():
        top, foot = places[name][0] + WIDE / 2, places[below][0] + WIDE / 2
        drawing.arrow(top, TOP_ROW + TALL, (top + foot) / 2, BOTTOM_ROW)
    for name, (x, y) in places.items():
        _box(drawing, name, x, y, values.get(name), gradients.get(name), name == step)
    if gradients:
        # The key stands in the empty place beside w1, at the heights where the boxes have what it names.
        drawing.text(20, TOP_ROW + 39, "value", 12, "start", color=GRAY)
        drawing.text(20, TOP_ROW + 69, "gradient", 12, "start", color=VERMILION)
    said = [
        values and "Values: " + ", ".join(f"{name} = {figures(value)}" for name, value in values.items()),
        gradients and "Gradients: " + ", ".join(f"dL/d{name} = {figures(value)}" for name, value in gradients.items()),
        f"Now: {step}" if step else "",
    ]
    return drawing.picture(caption, alt or sentences(title, *said))


def _edge_along(drawing, x, g):
    y = BOTTOM_ROW + TALL / 2
    drawing.arrow(x, y, x + GAP, y)
    if g:
        drawing.text(x + GAP / 2 - 3, y - 13, g, min(14, (GAP - 10) / (0.6 * len(g))))


def _box(drawing, name, x, y, value, gradient, is_now):
    drawing.box(x, y, WIDE, TALL, NOW if is_now else WHITE, line=3.5 if is_now else 1.5, rx=4)
    middle = x + WIDE / 2
    drawing.text(middle, y + 15, "a_2 = y_hat" if name == "a2" else "_".join(name), 15, weight="bold")
    drawing.line(x + 8, y + 53, x + WIDE - 8, y + 53, PALE, 1)
    if value is not None:
        drawing.text(middle, y + 39, short(value), 14)
    if gradient is not None:
        drawing.text(middle, y + 69, short(gradient), 13, color=VERMILION)
    if is_now:
        drawing.text(middle, y + TALL + 12, "now", 12, color=GRAY, weight="bold")
