"""How much of the gradient reaches the first layer of a deep network."""

import math

import numpy as np

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import figures, ratio
from mlt_nn.support.colors import BLUE, VERMILION
from mlt_nn.widgets.controls import Choice, IntSlider
from mlt_nn.widgets.interactive import Interactive

DEEPEST = 10
LOWEST, HIGHEST = -8, 10
"""The ends of the axis, in powers of ten."""
POINTS, FEATURES, NEURONS, CLASSES = 20, 20, 50, 10
SCALED, LECTURE = "N(0, 1) divided by √S", "N(0, 1)"

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
    hidden = Choice("activation", ("sigmoid", "tanh", "relu"))
    start = Choice("start values", (SCALED, LECTURE))

    def view():
        norms = gradient_norms(initialize, forward_pass, backward_pass, depth.value, hidden.value, start.value)
        return flow_picture(norms, hidden.value, CAPTIONS[start.value]), verdict(norms, hidden.value)

    cases = [("sigmoid", 1), ("sigmoid", DEEPEST), ("tanh", DEEPEST), ("relu", DEEPEST)]
    presets = {f"{name}, {layers} hidden": {depth: layers, hidden: name, start: SCALED} for name, layers in cases}
    presets["tanh from N(0, 1)"] = {depth: DEEPEST, hidden: "tanh", start: LECTURE}
    name = "gradient flow: the norm of the gradient in each layer"
    return Interactive(name, [depth, hidden, start], view, presets)


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
    """The norms of the gradients of W[1], ..., W[L] as bars.

    Arguments:
        norms: one number for each layer. One that is 0 or not finite has its value and no bar; one that is beyond
            an end of the axis has a bar up to there.
        hidden: the activation, for the title.
        caption: what to see.
    """
    drawing = Drawing(660, 326, f"The gradient, layer by layer: {hidden}")
    axes = Axes(drawing, 74, 10, 576, 264, (0.5, DEEPEST + 1.5), (LOWEST, HIGHEST))
    powers = {power: "1" if power == 0 else f"1e{power:+d}" for power in range(LOWEST, HIGHEST + 1, 2)}
    axes.scales({}, powers, "layer l (1 is next to the input)", "norm of W_g[l] (log scale)")
    for l, norm in enumerate(norms, start=1):
        drawn = math.isfinite(norm) and norm > 0
        x, y = axes.place(l, min(max(math.log10(norm), LOWEST), HIGHEST) if drawn else LOWEST)
        fill = drawing.striped(VERMILION) if l == 1 else BLUE
        drawing.box(x - 18, y, 36, axes.bottom - y, fill, "none")
        drawing.text(x, y - 9, _short(norm), 11)
        drawing.text(x, axes.bottom + 13, str(l), 12)
    words = ", ".join(f"layer {l}: {figures(norm)}" for l, norm in enumerate(norms, start=1))
    alt = f"Bars on a log scale: the norm of W_g[l] in each layer of a network with {hidden}. {words}."
    return drawing.picture(caption, alt)


def _short(value):
    # At most seven letters, so that neighbors do not touch.
    if not math.isfinite(value):
        return {math.inf: "inf", -math.inf: "-inf"}.get(value, "NaN")
    return f"{value:.1e}" if 0 < value < 0.001 or value >= 1e4 else f"{value:.2g}" if value < 100 else f"{value:.0f}"
