"""The network of two neurons in a row, with the value of each quantity and, below it, its gradient."""

from itertools import pairwise

from mlt_nn.plots.look import VERMILION, figures, sentences, short
from mlt_nn.plots.svg import GRAY, INK, PALE, Drawing

WIDE, TALL, GAP = 84, 84, 52
ROW = {name: (20 + k * (WIDE + GAP), 138) for k, name in enumerate(("x", "z1", "a1", "z2", "a2", "L"))}
ABOVE = {
    name: (ROW[below][0] + shift, 16) for name, below, shift in (("w1", "z1", -46), ("b1", "z1", 46), ("w2", "z2", -46))
} | {"b2": (ROW["z2"][0] + 46, 16), "y": (ROW["L"][0], 16)}
PLACES = ROW | ABOVE
SIGNS = {"a2": "a_2 = y_hat"} | {name: f"{name[0]}_{name[1]}" for name in ("w1", "b1", "z1", "a1", "w2", "b2", "z2")}


def chain(values, title, caption, alt=None, *, gradients=None, step=None, g="g"):
    """x -> z1 -> a1 -> z2 -> a2 -> L: each quantity in a box, its value above the line and its gradient below it.

    Arguments:
        values: {name: number}, for any of x, w1, b1, z1, a1, w2, b2, z2, a2, y, L; what is missing stays empty.
        title, caption, alt: as in every picture; alt None: written from the values.
        gradients: {name: number}: the derivative of L with respect to each, or None.
        step: the name of the box that is being computed now; it is framed and labelled.
        g: the name of the activation function.

    Returns:
        A `Picture`.

    Example:
        >>> chain({"a2": 1.0, "y": 3.0, "L": 2.0}, "Backwards", "From L.", gradients={"a2": -2.0}, step="a2").alt
        'Backwards. Values: a2 = 1, y = 3, L = 2. Gradients: dL/da2 = -2. Now: a2.'
    """
    gradients = gradients or {}
    for name in [*values, *gradients, *([] if step is None else [step])]:
        if name not in PLACES:
            raise ValueError(f"there is no {name!r} in the chain; its quantities are {', '.join(PLACES)}")
    drawing = Drawing(20 + 6 * WIDE + 5 * GAP + 20, 250, title)
    for left, right in pairwise(ROW):
        (x, y), (x2, _) = ROW[left], ROW[right]
        drawing.arrow(x + WIDE, y + TALL / 2, x2, y + TALL / 2)
        if right.startswith("a"):
            drawing.text(x + WIDE + GAP / 2 - 3, y + TALL / 2 - 13, g, min(14, (GAP - 10) / (0.6 * len(g))), halo=True)
    for name, below in (("w1", "z1"), ("b1", "z1"), ("w2", "z2"), ("b2", "z2"), ("y", "L")):
        (x, y), (x2, y2) = ABOVE[name], ROW[below]
        lean = (x - x2) * 0.5
        drawing.arrow(x + WIDE / 2, y + TALL, x2 + WIDE / 2 + lean, y2)
    for name, (x, y) in PLACES.items():
        _box(drawing, name, x, y, values.get(name), gradients.get(name), name == step)
    if gradients:
        # The key stands in the empty place beside w1, at the heights where the boxes have what it names.
        drawing.text(20, ABOVE["w1"][1] + 39, "value", 12, "start", color=GRAY)
        drawing.text(20, ABOVE["w1"][1] + 69, "g: gradient", 12, "start", color=VERMILION)
    said = [
        "Values: " + ", ".join(f"{name} = {figures(value)}" for name, value in values.items()) if values else "",
        "Gradients: " + ", ".join(f"dL/d{name} = {figures(value)}" for name, value in gradients.items())
        if gradients
        else "",
        f"Now: {step}" if step else "",
    ]
    return drawing.picture(caption, alt or sentences(title, *said))


def _box(drawing, name, x, y, value, gradient, is_now):
    drawing.box(x, y, WIDE, TALL, "#FFF6D6" if is_now else "#FFFFFF", line=3.5 if is_now else 1.5, edge=INK)
    middle = x + WIDE / 2
    drawing.text(middle, y + 15, SIGNS.get(name, name), 15, weight="bold")
    drawing.line(x + 8, y + 53, x + WIDE - 8, y + 53, PALE, 1)
    if value is not None:
        drawing.text(middle, y + 39, short(value), 14)
    if gradient is not None:
        words = f"g {short(gradient)}"
        drawing.text(middle, y + 69, words, min(13, WIDE / (0.66 * len(words))), color=VERMILION)
    if is_now:
        drawing.text(middle, y + TALL + 12, "now", 12, color=GRAY, weight="bold")
