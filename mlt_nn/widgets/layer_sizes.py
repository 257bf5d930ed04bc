"""Layer sizes: what each layer of a network adds to the numbers that it has to learn."""

from itertools import pairwise

from mlt_nn.plots.drawing import Drawing
from mlt_nn.support.colors import BLUE, VERMILION
from mlt_nn.widgets.controls import Counter, row
from mlt_nn.widgets.interactive import Interactive

WIDTH, HEIGHT = 780, 266
MOST_LAYERS = 5
_TOP = 32
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
    rows = [row(hidden), row(inputs, outputs), row(*middle)]
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
        for line, written in enumerate((*words, f"= {counts[-1]}")):
            drawing.text(x, 167 + 17 * line, written)
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
