"""The picture of the parameters of a network: each weight matrix and bias vector as a block with its shape."""

from itertools import pairwise

from mlt_nn.plots.drawing import Drawing
from mlt_nn.support.colors import BLUE, VERMILION

WIDTH, HEIGHT = 780, 266
MOST_LAYERS = 5
_TOP = 32


def layer_sizes_picture(sizes, total):
    """Draw the parameters of a network with these layer sizes, (S_0, ..., S_L).

    Arguments:
        sizes: at most MOST_LAYERS + 1 integers.
        total: what the reader's function counts, written below.
    """
    layers = list(enumerate(pairwise(sizes), start=1))
    column = min(WIDTH / len(layers), 230)
    drawing = Drawing(WIDTH, HEIGHT, "Every number that the network has to learn")
    biases = drawing.striped(VERMILION)
    counts, shapes = [], []
    for l, (before, after) in layers:
        x, wide, tall = (l - 0.5) * column, _side(after), _side(before)
        drawing.text(x, _TOP - 25, f"layer {l}")
        drawing.text(x, _TOP - 9, str(after), 12)
        drawing.box(x - wide / 2, _TOP, wide, tall, BLUE, line=1, fill_opacity=0.75)
        drawing.text(x - wide / 2 - 5, _TOP + tall / 2, str(before), 12, "end")
        drawing.box(x - wide / 2, _TOP + tall + 5, wide, 12, biases, line=1)
        counts.append(f"{before * after + after:,}")
        words = (f"W_{l}: {before} \u00d7 {after}", f"b_{l}: {after}", f"{before} \u00b7 {after} + {after}")
        for row, written in enumerate((*words, f"= {counts[-1]}")):
            drawing.text(x, 167 + 17 * row, written)
        shapes.append(f"W{l} is {before} x {after} and b{l} has {after} entries: {counts[-1]} parameters")
    drawing.text(12, HEIGHT - 19, f"{' + '.join(counts)}; count_parameters: {total:,}", 14, "start", weight="bold")
    caption = (
        "Blue: the weights, one row for each neuron before, one column for each neuron in the layer. Orange and "
        "striped: the biases, one for each neuron in the layer. The sides grow with the square root of the sizes."
    )
    return drawing.picture(caption, f"{'; '.join(shapes)}. count_parameters: {total:,}.")


def _side(size):
    """The side of a block: 1 is still seen, 1000 still fits."""
    return 10 + 2.4 * size**0.5
