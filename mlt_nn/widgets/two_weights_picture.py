"""The picture of the two-weight network: values in boxes, local derivatives on the edges, the working below."""

from mlt_nn.plots.look import BLUE, INK, VERMILION, figures
from mlt_nn.plots.svg import PALE, Drawing, plain

WIDE, TALL, GAP = 88, 80, 62
_ROW = {name: (20 + k * (WIDE + GAP), 142) for k, name in enumerate(("x", "z1", "a1", "z2", "a2", "L"))}
_ABOVE = {name: (_ROW[below][0] + shift, 8) for name, below, shift in (("w1", "z1", -50), ("b1", "z1", 50))}
_ABOVE |= {name: (_ROW[below][0] + shift, 8) for name, below, shift in (("w2", "z2", -50), ("b2", "z2", 50))}
_ABOVE["y"] = (_ROW["L"][0], 8)
_PLACES = _ROW | _ABOVE
_WIDTH = 40 + 6 * WIDE + 5 * GAP
_LINES = 4
"""Of the working: the place for them is kept free, so that nothing jumps."""


def two_weights_picture(values, gradients, local, working, title, caption):
    """x -> z1 -> a1 -> z2 -> a2 -> L, with the parameters and y above it.

    Arguments:
        values: {name: number}, for x, w1, b1, z1, a1, w2, b2, z2, a2, y, L, as far as they are known.
        gradients: {name: number}: the derivative of L with respect to each, as far as they are known.
        local: {(from, to): (words, number)}: what stands on an edge: a local derivative, as a formula and as a number.
        working: up to four lines: the computation of this step, with its numbers.
        title, caption: as in every picture.
    """
    drawing = Drawing(_WIDTH, 252 + 24 * _LINES, title)
    for left, right in zip(list(_ROW), list(_ROW)[1:], strict=False):
        (x, y), (x2, _) = _ROW[left], _ROW[right]
        drawing.arrow(x + WIDE, y + TALL / 2, x2, y + TALL / 2)
        if (left, right) in local:
            words, number = local[left, right]
            size = _fitting(figures(number), 13, GAP - 4)
            drawing.text(x + WIDE + GAP / 2, y + TALL / 2 - 13, figures(number), size, color=BLUE, weight="bold")
            drawing.text(x + WIDE + GAP / 2, y + TALL / 2 + 14, words, 12)
    for name, below in (("w1", "z1"), ("b1", "z1"), ("w2", "z2"), ("b2", "z2"), ("y", "L")):
        (x, y), (x2, y2) = _ABOVE[name], _ROW[below]
        foot = x2 + WIDE / 2 + 0.4 * (x - x2)
        drawing.arrow(x + WIDE / 2, y + TALL, foot, y2)
        if (name, below) in local:
            words, number = local[name, below]
            side, anchor = (-7, "end") if x < x2 else (7, "start")
            for height, text, look in ((36, figures(number), {"color": BLUE, "weight": "bold"}), (19, words, {})):
                # Beside the arrow, which leans.
                beside = foot + (x + WIDE / 2 - foot) * height / (y2 - y - TALL) + side
                drawing.text(beside, y2 - height, text, 12, anchor, **look)
    for name, (x, y) in _PLACES.items():
        _box(drawing, name, x, y, values.get(name), gradients.get(name))
    for i, words in enumerate(working):
        drawing.text(20, 254 + 24 * i, words, 14, "start")
    said = [f"{name} = {figures(value)}" for name, value in values.items()]
    said += [f"dL/d{name} = {figures(value)}" for name, value in gradients.items()]
    alt = f"{title}. {', '.join(said)}. Working: {'; '.join(plain(words) for words in working)}."
    return drawing.picture(caption, alt)


def _box(drawing, name, x, y, value, gradient):
    drawing.box(x, y, WIDE, TALL, edge=INK)
    middle = x + WIDE / 2
    sign = "y_hat = a_2" if name == "a2" else "_".join(name)
    drawing.text(middle, y + 15, sign, 15, weight="bold")
    if value is not None:
        drawing.text(middle, y + 37, figures(value), 14)
    drawing.line(x + 8, y + 50, x + WIDE - 8, y + 50, PALE, 1)
    if gradient is not None:
        size = _fitting(figures(gradient), 14, WIDE - 12)
        drawing.text(middle, y + 66, figures(gradient), size, color=VERMILION, weight="bold")


def _fitting(words, size, room):
    """The size of bold letters, smaller than `size` where the words would be wider than the room."""
    return min(size, room / (0.7 * len(words)))
