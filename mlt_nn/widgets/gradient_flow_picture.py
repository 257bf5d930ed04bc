"""The picture of the gradient flow: one bar for each layer, on a log axis that stays the same for every network."""

import math

from mlt_nn.plots.look import BLUE, FAINT, VERMILION, figures
from mlt_nn.plots.picture import Picture
from mlt_nn.plots.svg import drawing, element, line, text

DEEPEST = 10
WIDTH, HEIGHT = 660, 360
LOWEST, HIGHEST = -8, 10
"""The ends of the axis, in powers of ten."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 74, 650, 44, 308
_STRIPES = (
    '<defs><pattern id="stripes" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="7" height="7" fill="{VERMILION}"/><rect width="2" height="7" fill="#FFFFFF"/></pattern></defs>'
)


def flow_picture(norms, hidden, caption):
    """The norms of the gradients of W[1], ..., W[L] as bars.

    Arguments:
        norms: one number for each layer. One that is 0 or not finite has its value and no bar; one that is beyond
            an end of the axis has a bar up to there.
        hidden: the activation, for the title.
        caption: what to see.
    """
    slot = (_RIGHT - _LEFT) / (DEEPEST + 1)
    bars = []
    for l, norm in enumerate(norms, start=1):
        middle, top = _LEFT + (l - 0.5) * slot, _height(norm)
        fill = "url(#stripes)" if l == 1 else BLUE
        bars.append(element("rect", x=middle - 0.34 * slot, y=top, width=0.68 * slot, height=_BOTTOM - top, fill=fill))
        bars.append(text(middle, top - 5, _short(norm), 11, "middle"))
        bars.append(text(middle, _BOTTOM + 17, str(l), 12, "middle"))
    words = ", ".join(f"layer {l}: {figures(norm)}" for l, norm in enumerate(norms, start=1))
    alt = f"Bars on a log scale: the norm of W_g[l] in each layer of a network with {hidden}. {words}."
    title = text(16, 22, f"The gradient, layer by layer: {hidden}", 15, font_weight="bold")
    return Picture(drawing(WIDTH, HEIGHT, _STRIPES, title, *_axes(), *bars), caption, alt, WIDTH)


def _axes():
    parts = []
    for power in range(LOWEST, HIGHEST + 1, 2):
        y = _level(power)
        parts.append(line(_LEFT, y, _RIGHT, y, FAINT, 1))
        parts.append(text(_LEFT - 8, y + 4, "1" if power == 0 else f"1e{power:+d}", 12, "end"))
    middle = (_TOP + _BOTTOM) / 2
    label = "norm of W_g[l] (log scale)"
    parts.append(text(20, middle, label, 13, "middle", transform=f"rotate(-90 20 {middle})"))
    parts.append(text((_LEFT + _RIGHT) / 2, HEIGHT - 10, "layer l (1 is next to the input)", 13, "middle"))
    return parts


def _height(norm):
    if not math.isfinite(norm) or norm <= 0:
        return _BOTTOM
    return _level(min(max(math.log10(norm), LOWEST), HIGHEST))


def _level(power):
    return _BOTTOM - (power - LOWEST) / (HIGHEST - LOWEST) * (_BOTTOM - _TOP)


def _short(value):
    # At most seven letters, so that neighbors do not touch.
    if not math.isfinite(value):
        return {math.inf: "inf", -math.inf: "-inf"}.get(value, "NaN")
    return f"{value:.1e}" if 0 < value < 0.001 or value >= 1e4 else f"{value:.2g}" if value < 100 else f"{value:.0f}"
