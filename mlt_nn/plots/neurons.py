"""One neuron as a diagram: inputs, weights, sum, activation function, output."""

import numpy as np

from mlt_nn.plots.look import figures, numbers, sentences, short
from mlt_nn.plots.svg import GRAY, INK, PALE, Drawing, plain, signed

# So many inputs are drawn one by one; of more, the first ones and the last.
MOST = 6


def neuron_diagram(a, w, b, title, caption, alt=None, *, z=None, activation=None, g="g"):
    """An artificial neuron: z = w_1 a_1 + ... + w_m a_m + b, and its activation g(z).

    An edge is blue and solid for a positive weight, vermilion and dashed for a negative one, and thick if it is large.

    Arguments:
        a: the inputs, shape (m,); or an int, how many there are, to draw the symbols without numbers.
        w: the weights, shape (m,), or None.
        b: the bias, a number, or None.
        title, caption, alt: as in every picture; alt None: written from the values.
        z, activation: the pre-activation and the activation, numbers, or None.
        g: the name of the activation function.

    Returns:
        A `Picture`.

    Example:
        >>> neuron_diagram([2.0, 3.0], [0.5, -1.0], 4.0, "A neuron", "Two inputs.", z=2.0, activation=2.0).alt
        'A neuron. 2 inputs: a_1 = 2, w_1 = 0.5; a_2 = 3, w_2 = -1; b = 4, z = 2, a = g(z) = 2.'
    """
    count = a if isinstance(a, int) else len(a)
    inputs = None if isinstance(a, int) else numbers("a", a)
    weights = None if w is None else numbers("w", w)
    if weights is not None and len(weights) != count:
        raise ValueError(f"a has {count} entries and w has {len(weights)}: one weight for each input")
    shown = visible(count, MOST)
    pitch = 62
    middle = 52 + pitch * max(len(shown) - 1, 1) / 2
    drawing = Drawing(660, max(52 + pitch * (len(shown) - 1) + 40, 180) + 72, title)
    in_x, sum_x, g_x, out_x = 100, 342, 500, 606
    for x, head in (
        (in_x, "inputs"),
        (222, "weights"),
        (sum_x, "sum"),
        (g_x, "activation function"),
        (out_x, "output"),
    ):
        drawing.text(x, 12, head, 12, color=GRAY)
    largest = 1.0 if weights is None else _largest(weights)
    names = []
    spots = [middle + pitch * (row - (len(shown) - 1) / 2) for row in range(len(shown))]
    for i, y in zip(shown, spots, strict=True):
        look = {"color": INK} if weights is None else signed(weights[i], largest)
        drawing.line(in_x + 20, y, sum_x - 26, middle + 0.12 * (y - middle), **look)
    for i, y in zip(shown, spots, strict=True):
        drawing.circle(in_x, y, 21)
        drawing.text(in_x, y, f"a_{{{i + 1}}}", 15 if i < 99 else 12)
        if inputs is not None:
            drawing.text(in_x - 27, y, short(inputs[i]), 13, "end")
        along = 0.42
        label = f"w_{{{i + 1}}}" + ("" if weights is None else f" = {short(weights[i])}")
        drawing.text(in_x + 20 + along * (sum_x - in_x - 46), y + along * 0.88 * (middle - y), label, 13, halo=True)
        named = [f"a_{i + 1} = {figures(inputs[i])}"] if inputs is not None else []
        named += [f"w_{i + 1} = {figures(weights[i])}"] if weights is not None else []
        names.append(", ".join(named))
    if len(shown) < count:
        _dots(drawing, in_x, (spots[-2] + spots[-1]) / 2)
    drawing.arrow(sum_x, middle + 72, sum_x, middle + 29)
    drawing.text(sum_x, middle + 86, "b" if b is None else f"b = {short(b)}", 13)
    drawing.circle(sum_x, middle, 28)
    drawing.text(sum_x, middle, "Σ", 22)
    drawing.arrow(sum_x + 29, middle, g_x - 36, middle)
    words = "z" if z is None else f"z = {short(z)}"
    # As large as fits between the circle and the box.
    drawing.text((sum_x + g_x - 8) / 2, middle - 13, words, min(13, 92 / (0.6 * len(words))))
    drawing.box(g_x - 36, middle - 24, 72, 48)
    drawing.text(g_x, middle, g, min(15, 66 / (0.6 * len(g))))
    drawing.arrow(g_x + 37, middle, out_x - 24, middle)
    drawing.circle(out_x, middle, 23)
    drawing.text(out_x, middle, "a", 15)
    if activation is not None:
        drawing.text(out_x, middle + 38, f"a = {short(activation)}", 13)
    terms = [f"w_{{{i + 1}}} a_{{{i + 1}}}" for i in range(count)]
    terms = terms if count <= 4 else [terms[0], "…", terms[-1]]
    bottom = drawing.height - drawing.top - 22
    drawing.line(20, bottom - 22, 640, bottom - 22, PALE, 1)
    drawing.text(300, bottom, f"z = {' + '.join(terms)} + b", 16)
    drawing.text(640, bottom, f"a = {g}(z)", 16, "end")
    spoken = "; ".join(filter(None, names)) + (f"; and {count - len(shown)} more" if len(shown) < count else "")
    rest = [f"{name} = {figures(value)}" for name, value in (("b", b), ("z", z)) if value is not None]
    rest.append(f"a = {g}(z)" + ("" if activation is None else f" = {figures(activation)}"))
    parts = [f"{count} input" + ("" if count == 1 else "s") + (f": {spoken}" if any(names) else ""), ", ".join(rest)]
    return drawing.picture(caption, alt or sentences(title, plain("; ".join(parts))))


def visible(count, most):
    """Which of `count` neurons are drawn when there is room for `most`: all, or the first ones and the last.

    >>> visible(3, 6), visible(784, 6)
    ([0, 1, 2], [0, 1, 2, 3, 783])
    """
    return list(range(count)) if count <= most else [*range(most - 2), count - 1]


def _largest(weights):
    finite = np.abs(weights[np.isfinite(weights)])
    return float(finite.max(initial=0.0)) or 1.0


def _dots(drawing, x, y):
    for step in (-7, 0, 7):
        drawing.circle(x, y + step, 2, fill=INK, width=0)
