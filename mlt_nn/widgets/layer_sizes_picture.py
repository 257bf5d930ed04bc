"""The picture of the parameters of a network: each weight matrix and bias vector as a block with its shape."""

from itertools import pairwise

from mlt_nn.plots.look import BLUE, INK, VERMILION
from mlt_nn.plots.picture import Picture
from mlt_nn.plots.svg import drawing, element, text

WIDTH, HEIGHT = 780, 300
MOST_LAYERS = 5
_BLOCK_TOP = 66
_BIAS = 12
_WORDS_TOP = 205


def layer_sizes_picture(sizes, total):
    """Draw the parameters of a network with these layer sizes, (S_0, ..., S_L).

    Arguments:
        sizes: at most MOST_LAYERS + 1 integers.
        total: what the reader's function counts, written below.
    """
    layers = list(enumerate(pairwise(sizes), start=1))
    column = min(WIDTH / len(layers), 230)
    counts = [f"{before * after + after:,}" for _, (before, after) in layers]
    parts = [
        text(12, 24, "Every number that the network has to learn", 15, font_weight="bold"),
        *(part for l, (before, after) in layers for part in _layer(l, before, after, (l - 0.5) * column)),
        text(12, HEIGHT - 14, f"{' + '.join(counts)}; count_parameters: {total:,}", 14, font_weight="bold"),
    ]
    caption = (
        "Blue: the weights, one row for each neuron before, one column for each neuron in the layer. Orange and "
        "striped: the biases, one for each neuron in the layer. The sides grow with the square root of the sizes."
    )
    shapes = "; ".join(
        f"W{l} is {before} x {after} and b{l} has {after} entries: {counts[l - 1]} parameters"
        for l, (before, after) in layers
    )
    return Picture(drawing(WIDTH, HEIGHT, *parts), caption, f"{shapes}. count_parameters: {total:,}.", WIDTH)


def _side(size):
    """The side of a block: 1 is still seen, 1000 still fits."""
    return 10 + 2.4 * size**0.5


def _layer(l, before, after, center):
    width, height = _side(after), _side(before)
    left = center - width / 2
    number = "\u2080\u2081\u2082\u2083\u2084\u2085"[l]
    hatch = f"stripes{l}"
    yield text(center, _BLOCK_TOP - 20, f"layer {l}", 13, "middle")
    yield text(center, _BLOCK_TOP - 5, f"{after}", 12, "middle")
    yield element("rect", x=left, y=_BLOCK_TOP, width=width, height=height, fill=BLUE, fill_opacity=0.75, stroke=INK)
    yield text(left - 5, _BLOCK_TOP + height / 2 + 4, f"{before}", 12, "end")
    pattern = element("path", d="M0,6 L6,0", stroke="#fff", stroke_width=1.5)
    yield element("pattern", pattern, id=hatch, width=6, height=6, patternUnits="userSpaceOnUse")
    for fill in (VERMILION, f"url(#{hatch})"):
        yield element("rect", x=left, y=_BLOCK_TOP + height + 5, width=width, height=_BIAS, fill=fill, stroke=INK)
    words = (f"W{number}: {before} \u00d7 {after}", f"b{number}: {after}", f"{before} \u00b7 {after} + {after}")
    for row, written in enumerate((*words, f"= {before * after + after:,}")):
        yield text(center, _WORDS_TOP + 17 * row, written, 13, "middle")
