"""Layer sizes: what each layer of a network adds to the numbers that it has to learn."""

from itertools import pairwise

from mlt_nn.plots.drawing import Drawing, fitting
from mlt_nn.support.colors import BLUE, VERMILION, WHITE, tint
from mlt_nn.widgets.controls import Counter, row
from mlt_nn.widgets.interactive import Interactive

WIDTH, HEIGHT = 600, 348
MOST_LAYERS = 5
_TOP = 66
_TALL, _WIDE = 126, 220
"""The room for the blocks of a layer, its weights and its biases."""
_WORDS = 216
_BAR = 12, 272
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
    return Interactive("layer sizes", [hidden, inputs, outputs, row(*middle)], view, presets, beside=True)


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
    """Draw the parameters of a network with these layer sizes, (S_0, ..., S_L): each takes the same area.

    Arguments:
        sizes: at most MOST_LAYERS + 1 integers.
        total: what the reader's function counts, written below.
    """
    layers = list(enumerate(pairwise(sizes), start=1))
    column = WIDTH / len(layers)
    drawing = Drawing(WIDTH, HEIGHT)
    drawing.heading(12, 14, "Every number that the network has to learn")
    biases = drawing.striped(VERMILION)
    # The side of the square that one number takes.
    side = min(min(column - 70, _WIDE) / max(sizes[1:]), _TALL / (max(sizes[:-1]) + 1))
    counts = [before * after + after for before, after in pairwise(sizes)]
    shapes, start = [], _BAR[0]
    for (l, (before, after)), count in zip(layers, counts, strict=True):
        x, wide, tall = (l - 0.5) * column, side * after, side * before
        drawing.text(x, _TOP - 29, f"layer {l}", weight="bold")
        drawing.text(x, _TOP - 11, str(after), 12)
        drawing.text(x - max(wide, 1) / 2 - 5, _TOP + max(tall / 2, 4), str(before), 12, "end")
        _block(drawing, x, _TOP, (before, after), side, BLUE)
        _block(drawing, x, _TOP + max(tall, 1) + 4, (1, after), side, biases)
        for line, words in enumerate((f"W_{l}: {before} \u00b7 {after}", f"b_{l}: {after}", f"= {count:,}")):
            drawing.text(
                x, _WORDS + 17 * line, words, fitting(words, 13, 1.1 * column), weight="bold" if line == 2 else "normal"
            )
        share = count / sum(counts)
        left, start = start, start + share * (WIDTH - 2 * _BAR[0])
        drawing.box(left, _BAR[1], max(start - left, 1), 18, tint(BLUE, 0.75 if l % 2 else 0.35), WHITE, 1)
        if start - left > 30:
            drawing.text((left + start) / 2, _BAR[1] + 30, f"{share:.0%}", 12)
        shapes.append(
            f"W{l} is {before} x {after} and b{l} has {after} entries: {count:,} parameters, {share:.1%} of all"
        )
    words = f"{' + '.join(f'{count:,}' for count in counts)}; count_parameters: {total:,}"
    drawing.heading(12, HEIGHT - 12, words, fitting(words, 14, WIDTH - 24))
    caption = (
        "Each number takes the same area; nothing is thinner than a pixel. Blue: the weights, a row for each neuron "
        "before, a column for each in the layer. Striped: the biases. The bar: all layers in a row."
    )
    return drawing.picture(caption, f"{'; '.join(shapes)}. count_parameters: {total:,}.")


def _block(drawing, middle, top, shape, side, fill):
    """A matrix of numbers as squares of that side; the lines between them are drawn where there is room."""
    rows, columns = shape
    wide, tall = max(side * columns, 1), max(side * rows, 1)
    left = middle - wide / 2
    drawing.box(left, top, wide, tall, fill, "none")
    if side >= 5:
        for k in range(1, columns):
            drawing.line(left + k * side, top, left + k * side, top + tall, WHITE, 1)
        for k in range(1, rows):
            drawing.line(left, top + k * side, left + wide, top + k * side, WHITE, 1)
