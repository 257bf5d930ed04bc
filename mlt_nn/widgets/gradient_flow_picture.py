"""The picture of the gradient flow: one bar for each layer, on a log axis that stays the same for every network."""

import math

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import figures
from mlt_nn.support.colors import BLUE, VERMILION

DEEPEST = 10
LOWEST, HIGHEST = -8, 10
"""The ends of the axis, in powers of ten."""


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
