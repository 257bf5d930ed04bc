"""The picture of the dropout widget: one thinned network, and the average over many of them."""

import math

import numpy as np

from mlt_nn.plots.look import BLUE, FAINT, INK, VERMILION, figures
from mlt_nn.plots.picture import Picture
from mlt_nn.plots.svg import drawing, element, line, polyline, text

WIDTH, HEIGHT = 780, 410
COLUMNS = (50, 200, 350)  # input, hidden, output
MIDDLE, REACH = 225, 300  # the height of the middle of each layer, and how far apart its neurons may spread
RADIUS = 16
LEFT, RIGHT, TOP, BOTTOM = 480, 765, 90, 350  # of the chart
PAPER, GRAY = "#fff", "#767676"
SHORTEST = 10  # the number of draws that the chart has room for from the start


def dropout_picture(title, W, A, mask, outputs, halved, span):
    """One network of one hidden layer, and how the average over its thinned versions settles.

    Arguments:
        title: what the network is, one line.
        W: its weights, {1: (m, S_1), 2: (S_1, k)}.
        A: its activations for one point, {0: (m,), 1: (S_1,), 2: (k,)}.
        mask: which hidden neurons stay, shape (S_1,).
        outputs: the first output in each draw so far, shape (draws,).
        halved: the first output of the full network with halved weights.
        span: (low, high), the ends of the vertical axis, low < high; a point beyond them is not drawn.

    Returns:
        The `Picture`.
    """
    average = running_average(outputs)
    svg = drawing(
        *(WIDTH, HEIGHT, text(14, 24, title, size=15, font_weight="bold")),
        *_edges(W, mask),
        *_neurons(A, mask),
        *_chart(outputs, average, halved, span),
    )
    caption = (
        "Left: crossed-out neurons are dropped; blue solid edges are positive, orange dashed ones negative. "
        "Right: the first output of each thinned network, and the average so far."
    )
    kept = [str(j + 1) for j in np.flatnonzero(mask)]
    alt = (
        f"{title}. Hidden neurons that stay: {', '.join(kept) or 'none'}, {len(kept)} of {len(mask)}. "
        f"Outputs: {', '.join(figures(a) for a in A[2])}. Draws: {len(outputs)}, average of their first outputs "
        f"{figures(average[-1])}, full network with halved weights {figures(halved)}."
    )
    return Picture(svg, caption, alt, WIDTH)


def running_average(outputs):
    """The average of the first 1, 2, ..., n outputs."""
    # Divided before they are added, so that huge outputs do not overflow where their average does not.
    n = len(outputs)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.cumsum(np.asarray(outputs) / n) * (n / np.arange(1, n + 1))


def _heights(count):
    step = min(REACH / max(count - 1, 1), 60)
    return [MIDDLE + (j - (count - 1) / 2) * step for j in range(count)]


def _edges(W, mask):
    for l, stays in ((1, np.broadcast_to(mask, W[1].shape)), (2, np.broadcast_to(mask[:, np.newaxis], W[2].shape))):
        starts, ends = (_heights(size) for size in W[l].shape)
        for i, j in np.ndindex(W[l].shape):
            place = (COLUMNS[l - 1] + RADIUS, starts[i], COLUMNS[l] - RADIUS, ends[j])
            if not stays[i, j] or not math.isfinite(W[l][i, j]):
                yield line(*place, color=FAINT, width=0.7)
            else:
                dashes = {} if W[l][i, j] >= 0 else {"stroke_dasharray": "5 3"}
                color = BLUE if W[l][i, j] >= 0 else VERMILION
                yield line(*place, color=color, width=min(0.4 + 1.1 * abs(float(W[l][i, j])), 6.0), **dashes)


def _neurons(A, mask):
    for l, name in enumerate(("input", "hidden", "output")):
        yield text(COLUMNS[l], 52, name, anchor="middle")
        for j, y in enumerate(_heights(len(A[l]))):
            x = COLUMNS[l]
            if l == 1 and not mask[j]:
                yield element("circle", cx=x, cy=y, r=RADIUS, fill=PAPER, stroke=GRAY, stroke_dasharray="3 3")
                yield line(x - 9, y - 9, x + 9, y + 9, GRAY)
                yield line(x - 9, y + 9, x + 9, y - 9, GRAY)
            else:
                yield element("circle", cx=x, cy=y, r=RADIUS, fill=PAPER, stroke=INK, stroke_width=1.5)
                words = figures(float(f"{A[l][j]:.2f}"))
                yield text(x, y + 4, words, size=11 if len(words) < 6 else 8, anchor="middle")
    yield text(COLUMNS[2], _heights(len(A[2]))[0] - RADIUS - 6, "first output", size=11, anchor="middle")


def _ticks(low, high):
    """Round numbers between low and high, three to seven of them."""
    power = 10.0 ** math.floor(math.log10((high - low) / 3))
    step = next(power * times for times in (5, 2, 1) if power * times <= (high - low) / 3)
    return [k * step for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _chart(outputs, average, halved, span):
    low, high = span
    longest = max(len(outputs), SHORTEST)

    def point(draw, value):
        return LEFT + (draw - 1) / (longest - 1) * (RIGHT - LEFT), BOTTOM - (value - low) / (high - low) * (
            BOTTOM - TOP
        )

    def inside(value):
        return low <= value <= high

    yield line(LEFT, BOTTOM, RIGHT, BOTTOM, GRAY, 1)
    yield line(LEFT, TOP, LEFT, BOTTOM, GRAY, 1)
    yield text(LEFT - 40, TOP - 34, "first output", size=13)
    for value in _ticks(low, high):
        y = point(1, value)[1]
        yield line(LEFT, y, RIGHT, y, FAINT, 1)
        yield text(LEFT - 5, y + 4, figures(value), size=11, anchor="end")
    for draw in (1, longest):
        yield text(point(draw, low)[0], BOTTOM + 16, str(draw), size=11, anchor="middle")
    yield text((LEFT + RIGHT) / 2, BOTTOM + 32, "draw", anchor="middle")
    dots = [point(draw, value) for draw, value in enumerate(outputs, start=1) if inside(value)]
    yield "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.2" fill="none" stroke="{GRAY}"/>' for x, y in dots)
    if inside(halved):
        y = point(1, halved)[1]
        yield line(LEFT, y, RIGHT, y, VERMILION, 2, stroke_dasharray="7 4")
    settled = [point(draw, value) for draw, value in enumerate(average, start=1) if inside(value)]
    if settled:
        yield polyline([settled[0], *settled], BLUE, 2.5, stroke_linecap="round")
        yield element("circle", cx=settled[-1][0], cy=settled[-1][1], r=4, fill=BLUE)
    yield line(LEFT + 2, TOP - 16, LEFT + 24, TOP - 16, BLUE, 2.5)
    yield text(LEFT + 29, TOP - 12, "average so far", size=12)
    yield line(LEFT + 137, TOP - 16, LEFT + 159, TOP - 16, VERMILION, 2.5, stroke_dasharray="7 4")
    yield text(LEFT + 164, TOP - 12, "halved full network", size=12)
    yield element("circle", cx=LEFT + 70, cy=TOP - 38, r=2.2, fill="none", stroke=GRAY)
    yield text(LEFT + 78, TOP - 34, "one draw", size=12)
