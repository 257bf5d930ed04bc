"""One neuron as a diagram: inputs, weights, sum, activation function, output."""

from mlt_nn.plots.drawing import Drawing, signed
from mlt_nn.plots.look import counted, figures, largest, numbers, sentences, short
from mlt_nn.support.colors import GRAY, PALE

# So many inputs are drawn one by one; of more, the first ones and the last.
MOST = 6
IN, WEIGHTS, SUM, G, OUT = 100, 222, 342, 500, 606
"""The middle of each column."""
HEADS = {IN: "inputs", WEIGHTS: "weights", SUM: "sum", G: "activation function", OUT: "output"}
PITCH = 62


def neuron_diagram(a, w, b, title, caption, alt=None):
    """An artificial neuron: z = w_1 a_1 + ... + w_m a_m + b, and its activation g(z).

    An edge is blue and solid for a positive weight, vermilion and dashed for a negative one, and thick if it is large.

    Arguments:
        a, w: the inputs and their weights, each of shape (m,).
        b: the bias, a number.
        title, caption, alt: as in every chart.

    Example:
        >>> neuron_diagram([2.0, 3.0], [0.5, -1.0], 4.0, "A neuron", "Two inputs.").alt
        'A neuron. 2 inputs: a_1 = 2, w_1 = 0.5; a_2 = 3, w_2 = -1; b = 4, a = g(z).'
    """
    inputs, weights = numbers("a", a), numbers("w", w)
    count = len(inputs)
    if len(weights) != count:
        raise ValueError(f"a has {count} entries and w has {len(weights)}: one weight for each input")
    shown = visible(count, MOST)
    middle = 52 + PITCH * max(len(shown) - 1, 1) / 2
    bottom = max(52 + PITCH * (len(shown) - 1) + 40, 180) + 50
    drawing = Drawing(660, bottom + 22, title)
    for x, head in HEADS.items():
        drawing.text(x, 12, head, 12, color=GRAY)
    spots = {i: middle + PITCH * (row - (len(shown) - 1) / 2) for row, i in enumerate(shown)}
    for i, y in spots.items():
        drawing.line(IN + 20, y, SUM - 26, middle + 0.12 * (y - middle), **signed(weights[i], largest(weights)))
    for i, y in spots.items():
        drawing.circle(IN, y, 21)
        drawing.text(IN, y, f"a_{{{i + 1}}}", 15 if i < 99 else 12)
        drawing.text(IN - 27, y, short(inputs[i]), 13, "end")
        along, label = 0.42, f"w_{{{i + 1}}} = {short(weights[i])}"
        drawing.text(IN + 20 + along * (SUM - IN - 46), y + along * 0.88 * (middle - y), label, halo=True)
    if len(shown) < count:
        drawing.dots(IN, (spots[shown[-2]] + spots[shown[-1]]) / 2)
    _sum_and_activation(drawing, middle, b)
    terms = [f"w_{{{i + 1}}} a_{{{i + 1}}}" for i in range(count)]
    terms = terms if count <= 4 else [terms[0], "…", terms[-1]]
    drawing.line(20, bottom - 22, 640, bottom - 22, PALE, 1)
    drawing.text(300, bottom, f"z = {' + '.join(terms)} + b", 16)
    drawing.text(640, bottom, "a = g(z)", 16, "end")
    said = "; ".join(f"a_{i + 1} = {figures(inputs[i])}, w_{i + 1} = {figures(weights[i])}" for i in shown)
    more = f"; and {count - len(shown)} more" if len(shown) < count else ""
    spoken = f"{counted(count, 'input')}: {said}{more}; b = {figures(b)}, a = g(z)"
    return drawing.picture(caption, alt or sentences(title, spoken))


def visible(count, most):
    """Which of `count` neurons are drawn when there is room for `most`: all, or the first ones and the last.

    >>> visible(3, 6), visible(784, 6)
    ([0, 1, 2], [0, 1, 2, 3, 783])
    """
    return list(range(count)) if count <= most else [*range(most - 2), count - 1]


def _sum_and_activation(drawing, y, b):
    drawing.arrow(SUM, y + 72, SUM, y + 29)
    drawing.text(SUM, y + 86, f"b = {short(b)}")
    drawing.circle(SUM, y, 28)
    drawing.text(SUM, y, "Σ", 22)
    drawing.arrow(SUM + 29, y, G - 36, y)
    drawing.text((SUM + G - 8) / 2, y - 13, "z")
    drawing.box(G - 36, y - 24, 72, 48, rx=4)
    drawing.text(G, y, "g", 15)
    drawing.arrow(G + 37, y, OUT - 24, y)
    drawing.circle(OUT, y, 23)
    drawing.text(OUT, y, "a", 15)
