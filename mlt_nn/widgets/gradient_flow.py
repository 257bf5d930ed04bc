"""How much of the gradient reaches the first layer of a deep network."""

import math
from itertools import pairwise

import numpy as np

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import figures, ratio
from mlt_nn.support.colors import BLUE, GRAY, VERMILION, WHITE
from mlt_nn.widgets.controls import IntSlider, List
from mlt_nn.widgets.interactive import Interactive

DEEPEST = 10
LOWEST, HIGHEST = -8, 10
"""The ends of the axis, in powers of ten."""
POINTS, FEATURES, NEURONS, CLASSES = 20, 20, 50, 10
SCALED, LECTURE = "N(0, 1) / √S", "N(0, 1)"

CAPTIONS = {
    SCALED: (
        "20 random points, hidden layers of 50 neurons, before training. The start values from N(0, 1) are divided by "
        "√S, where S counts the neurons before them: z stays near 0, no neuron starts saturated. The slope of the "
        "sigmoid is at most 1/4; each layer makes the gradient four or five times smaller. Tanh and ReLU pass on more."
    ),
    LECTURE: (
        "20 random points, hidden layers of 50 neurons, before training; start values from N(0, 1) as in the lecture. "
        "Here z is a sum of 50 products, often beyond ±5: sigmoid and tanh start saturated. But the same large weights "
        "enlarge what comes back, so that tanh and ReLU explode. Start values count as much as the activation."
    ),
}


def gradient_flow(initialize, forward_pass, backward_pass):
    """The size of the gradient in each layer, for 1 to 10 hidden layers and three activations.

    Arguments: the reader's functions of `mlt_nn.network` and `mlt_nn.backpropagation`.
    """
    depth = IntSlider("hidden layers", DEEPEST, 1, DEEPEST)
    hidden = List("activation", ("sigmoid", "tanh", "relu"))
    start = List("start values", (SCALED, LECTURE))

    def view():
        norms = gradient_norms(initialize, forward_pass, backward_pass, depth.value, hidden.value, start.value)
        return flow_picture(norms, hidden.value, CAPTIONS[start.value]), verdict(norms, hidden.value)

    cases = [("sigmoid", 1), ("sigmoid", DEEPEST), ("tanh", DEEPEST), ("relu", DEEPEST)]
    presets = {f"{name}, {layers} hidden": {depth: layers, hidden: name, start: SCALED} for name, layers in cases}
    presets["tanh from N(0, 1)"] = {depth: DEEPEST, hidden: "tanh", start: LECTURE}
    name = "gradient flow: the norm of the gradient in each layer"
    return Interactive(
        name, [depth, hidden, start], view, presets, beside=True, compared=("sigmoid, 10 hidden", "relu, 10 hidden")
    )


def gradient_norms(initialize, forward_pass, backward_pass, depth, hidden, start):
    """The norm of W_g[l], the root of the sum of its squared entries, before training, for l = 1..depth + 1."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((POINTS, FEATURES))
    Y = np.eye(CLASSES)[rng.integers(CLASSES, size=POINTS)]
    W, b = initialize((FEATURES, *[NEURONS] * depth, CLASSES), rng)
    if start == SCALED:
        roots = {l: math.sqrt(len(W[l])) for l in W}
        W, b = {l: W[l] / roots[l] for l in W}, {l: b[l] / roots[l] for l in b}
    Z, A = forward_pass(X, W, b, hidden)
    W_g, _ = backward_pass(Y, Z, A, W, hidden)
    return [float(np.linalg.norm(W_g[l])) for l in range(1, depth + 2)]


def verdict(norms, hidden):
    """Which layers learn, in words with numbers."""
    first, last, L = norms[0], norms[-1], len(norms)
    measured = f"{hidden}, {L - 1} hidden: W_g[1] has the norm {figures(first)} and W_g[{L}] {figures(last)}"
    if not all(map(math.isfinite, norms)) or last == 0:
        return f"{measured}. They cannot be compared."
    if first == 0:
        return f"{measured}. Vanished: nothing reaches the first layer."
    if first < last / 20:
        vanishing, fading = "Vanishing: the first layer hardly learns", "Fading: the first layer learns slowly"
        learns = vanishing if first < last / 1000 else fading
        return f"{measured}, {ratio(last / first)} times as much. {learns}."
    if first > last * 20:
        return f"{measured}; the first is {ratio(first / last)} times the last. Exploding on the way back."
    measured = f"{measured}, {ratio(last / first)} times the first"
    if max(norms) > 1e4:
        return f"{measured}. All are huge: the activations exploded on the way forward, and the gradients with them."
    return f"{measured}. No layer is left behind."


def flow_picture(norms, hidden, caption):
    """The norms of the gradients of W[1], ..., W[L] as dots, with an arrow for each step of the way back.

    Arguments:
        norms: one number for each layer. One that is 0 or not finite has its value and no dot; one that is beyond
            an end of the axis has a hollow dot there.
        hidden: the activation, for the title.
        caption: what to see.
    """
    drawing = Drawing(612, 336, f"The gradient, layer by layer: {hidden}")
    axes = Axes(drawing, 72, 10, 532, 274, (0.5, DEEPEST + 1.5), (LOWEST, HIGHEST))
    powers = {power: "1" if power == 0 else f"1e{power:+d}" for power in range(LOWEST, HIGHEST + 1, 2)}
    words = "layer l: the gradient comes from the right, the input from the left"
    axes.scales({}, powers, words, "norm of W_l^{(g)} (log scale)")
    places = [_place(axes, l, norm) for l, norm in enumerate(norms, start=1)]
    # Backward: from each layer to the one before it.
    for (after, start), (before, end) in pairwise(reversed(list(zip(norms, places, strict=True)))):
        if start and end:
            (x1, y1), (x2, y2) = _between(start, end, 9), _between(end, start, 11)
            drawing.arrow(x1, y1, x2, y2, GRAY)
            drawing.text((x1 + x2) / 2, (y1 + y2) / 2 - 14, _times(before / after), 12, halo=True)
    for l, (norm, place) in enumerate(zip(norms, places, strict=True), start=1):
        drawing.text(axes.place(l, LOWEST)[0], axes.bottom + 13, str(l), 12)
        if place is None:
            drawing.text(axes.place(l, LOWEST)[0], axes.bottom - 10, _short(norm), 12)
            continue
        (x, y), color = place, VERMILION if l == 1 else BLUE
        inside = 10.0**LOWEST <= norm <= 10.0**HIGHEST
        drawing.circle(x, y, 8 if l == 1 else 5, color if inside else WHITE, color, 2)
        if l in (1, len(norms)):
            drawing.text(x, y + (-20 if y > axes.bottom - 30 else 20), _short(norm), 12, halo=True)
    listed = ", ".join(f"layer {l}: {figures(norm)}" for l, norm in enumerate(norms, start=1))
    alt = (
        f"Dots on a log scale: the norm of W_g[l] in each layer of a network with {hidden}. {listed}. "
        f"An arrow from each to the layer before it says how many times as large it is there."
    )
    return drawing.picture(caption, alt)


def _place(axes, l, norm):
    """Where the dot of a layer is; None where there is none."""
    if not math.isfinite(norm) or norm <= 0:
        return None
    return axes.place(l, min(max(math.log10(norm), LOWEST), HIGHEST))


def _between(start, end, pixels):
    """The point so many pixels from the start towards the end."""
    share = pixels / math.dist(start, end)
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _times(factor):
    """What an arrow multiplies by, or divides by.

    >>> _times(0.25)
    '÷ 4'
    """
    return f"\N{MULTIPLICATION SIGN} {factor:.2g}" if factor >= 1 else f"÷ {1 / factor:.2g}"


def _short(value):
    if not math.isfinite(value):
        return {math.inf: "inf", -math.inf: "-inf"}.get(value, "NaN")
    return f"{value:.1e}" if 0 < value < 0.001 or value >= 1e4 else f"{value:.2g}" if value < 100 else f"{value:.0f}"
