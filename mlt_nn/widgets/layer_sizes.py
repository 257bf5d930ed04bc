"""Layer sizes: what each layer of a network adds to the numbers that it has to learn."""

from itertools import pairwise

import ipywidgets

from mlt_nn.widgets.controls import Counter
from mlt_nn.widgets.interactive import Interactive
from mlt_nn.widgets.layer_sizes_picture import MOST_LAYERS, layer_sizes_picture

_MOST_NEURONS = 1000


def layer_sizes(count_parameters):
    """Add and remove layers and neurons, and see the shapes of all weights and biases and how many numbers they hold.

    Arguments:
        count_parameters: the reader's function, sizes -> number of parameters.
    """
    hidden = Counter("hidden layers", 1, 0, MOST_LAYERS - 1)
    inputs = Counter("inputs", 784, 1, _MOST_NEURONS)
    middle = [Counter(f"hidden layer {l}", 50, 1, _MOST_NEURONS) for l in range(1, MOST_LAYERS)]
    outputs = Counter("outputs", 10, 1, _MOST_NEURONS)

    def view():
        for l, counter in enumerate(middle, start=1):
            # Hidden, not removed: the page keeps its height.
            counter.layout.visibility = "visible" if l <= hidden.value else "hidden"
        sizes = (inputs.value, *(counter.value for counter in middle[: hidden.value]), outputs.value)
        total = count_parameters(sizes)
        return layer_sizes_picture(sizes, total), in_words(sizes, total)

    def of(*sizes):
        counters = (inputs, *middle[: len(sizes) - 2], outputs)
        return {hidden: len(sizes) - 2, **dict(zip(counters, sizes, strict=True))}

    presets = {
        "3\u20132, one layer": of(3, 2),
        "784\u201350\u201310, the course's network": of(784, 50, 10),
        "784\u2013100\u201310, twice as wide": of(784, 100, 10),
        "784\u201350\u201350\u201350\u201310, deeper": of(784, 50, 50, 50, 10),
    }
    rows = [ipywidgets.HBox(row, layout={"flex_flow": "row wrap"}) for row in ((hidden,), (inputs, outputs), middle)]
    return Interactive("layer sizes", rows, view, presets)


def in_words(sizes, total):
    """The count as a sentence, held against the reader's."""
    layers = [(before * after, after) for before, after in pairwise(sizes)]
    weights, biases = (sum(column) for column in zip(*layers, strict=True))
    shape = "-".join(str(size) for size in sizes)
    words = f"{shape}: {weights:,} weights and {biases:,} biases, {weights + biases:,} parameters."
    largest = max(range(len(layers)), key=lambda l: sum(layers[l])) + 1
    if total != weights + biases:
        return f"{words} Your count_parameters says {total:,}."
    if len(layers) == 1:
        return words
    return f"{words} Layer {largest} holds {sum(layers[largest - 1]) / total:.0%} of them."
