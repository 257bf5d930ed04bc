"""The network of two neurons in a row, with the value of each quantity."""

from itertools import pairwise

from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import figures, sentences, short
from mlt_nn.support.colors import PALE

ROW = ("x", "z1", "a1", "z2", "a2", "L")
# Above the row: the box below, and how far to its right.
ABOVE = {"w1": ("z1", -46), "b1": ("z1", 46), "w2": ("z2", -46), "b2": ("z2", 46), "y": ("L", 0)}
WIDE = TALL = 84
GAP = 60
"""Between two boxes of the row."""
TOP_ROW, BOTTOM_ROW = 10, 146


def chain(values, title, caption, alt=None, *, g="g"):
    """x -> z1 -> a1 -> z2 -> a2 -> L: each quantity in a box, with its value above a line.

    Arguments:
        values: {name: number}, for any of x, w1, b1, z1, a1, w2, b2, z2, a2, y, L; what is missing stays empty.
        title, caption, alt: as in every chart.
        g: the name of the activation function.

    Example:
        >>> chain({"a2": 1.0, "y": 3.0, "L": 2.0}, "Two neurons", "To L.").alt
        'Two neurons. Values: a2 = 1, y = 3, L = 2.'
    """
    places = {name: (20 + k * (WIDE + GAP), BOTTOM_ROW) for k, name in enumerate(ROW)}
    places |= {name: (places[below][0] + shift, TOP_ROW) for name, (below, shift) in ABOVE.items()}
    for name in values:
        if name not in places:
            raise ValueError(f"there is no {name!r} in the chain; its quantities are {', '.join(places)}")
    drawing = Drawing(40 + 6 * WIDE + 5 * GAP, 250, title)
    for before, after in pairwise(ROW):
        x, y = places[before][0] + WIDE, BOTTOM_ROW + TALL / 2
        drawing.arrow(x, y, x + GAP, y)
        if g and after.startswith("a"):
            drawing.text(x + GAP / 2 - 3, y - 13, g, min(14, (GAP - 10) / (0.6 * len(g))))
    for name, (below, _) in ABOVE.items():
        top, foot = places[name][0] + WIDE / 2, places[below][0] + WIDE / 2
        drawing.arrow(top, TOP_ROW + TALL, (top + foot) / 2, BOTTOM_ROW)
    for name, (x, y) in places.items():
        drawing.box(x, y, WIDE, TALL, rx=4)
        drawing.text(x + WIDE / 2, y + 15, "a_2 = y_hat" if name == "a2" else "_".join(name), 15, weight="bold")
        # Below it there is room for the gradient, for whoever works on paper.
        drawing.line(x + 8, y + 53, x + WIDE - 8, y + 53, PALE, 1)
        if name in values:
            drawing.text(x + WIDE / 2, y + 39, short(values[name]), 14)
    said = values and "Values: " + ", ".join(f"{name} = {figures(value)}" for name, value in values.items())
    return drawing.picture(caption, alt or sentences(title, said))
