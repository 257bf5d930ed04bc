"""The picture of the dropout widget: one thinned network, and the average over many of them."""

import math

import numpy as np

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import figures, short
from mlt_nn.plots.networks import edges, neuron
from mlt_nn.support.colors import BLUE, GRAY, INK, VERMILION, WHITE, tint

COLUMNS = (34.0, 138.0, 242.0)  # input, hidden, output
MIDDLE, REACH = 197, 300  # the height of the middle of each layer, and how far apart its neurons may spread
RADIUS = 17
FUNNEL = "±2\N{GREEK SMALL LETTER SIGMA}/√n"
MOST_DRAWS = 1000  # a power of ten, where the chart ends


def dropout_picture(title, W, A, mask, outputs, every_half, halved, span):
    """One network of one hidden layer, and how the average over its thinned versions settles.

    Arguments:
        title: what the network is, one line.
        W: its weights, {1: (m, S_1), 2: (S_1, k)}.
        A: its activations for one point, {0: (m,), 1: (S_1,), 2: (k,)}.
        mask: which hidden neurons stay, shape (S_1,).
        outputs: the first output in each draw so far, shape (draws,).
        every_half: the first output of the network with each half of the hidden neurons.
        halved: the first output of the full network with halved weights.
        span: (low, high), the ends of the vertical axis, low < high; a point beyond them is not drawn.
    """
    average = running_average(outputs)
    drawing = Drawing(612, 376, title)
    _network(drawing, W, A, mask)
    _chart(drawing, outputs, float(A[2][0]), every_half, halved, span)
    caption = (
        "Left: crossed-out neurons are dropped; blue solid edges are positive, orange dashed ones negative. Right: "
        f"what the ringed output says in each draw; 19 of 20 averages of n draws are in the funnel, {FUNNEL}."
    )
    kept = [str(j + 1) for j in np.flatnonzero(mask)]
    alt = (
        f"{title}. Hidden neurons that stay: {', '.join(kept) or 'none'}, {len(kept)} of {len(mask)}. "
        f"Outputs: {', '.join(figures(a) for a in A[2])}. Draws: {len(outputs)}, average of their first outputs "
        f"{figures(average[-1])}, full network with halved weights {figures(halved)}."
    )
    return drawing.picture(caption, alt)


def running_average(outputs):
    """The average of the first 1, 2, ..., n outputs."""
    # Divided before they are added, so that huge outputs do not overflow where their average does not.
    n = len(outputs)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.cumsum(np.asarray(outputs) / n) * (n / np.arange(1, n + 1))


def _network(drawing, W, A, mask):
    spots: dict[tuple[int, int], tuple[float, float]] = {}
    for l, (x, name) in enumerate(zip(COLUMNS, ("input", "hidden", "output"), strict=True)):
        drawing.text(x, 14, name)
        count = len(A[l])
        step = min(REACH / max(count - 1, 1), 60)
        spots |= {(l, j): (x, MIDDLE + (j - (count - 1) / 2) * step) for j in range(count)}
    dropped = {(1, j) for j in np.flatnonzero(mask == 0)}
    for l in (1, 2):
        edges(drawing, l, spots, dropped, W[l])
    for (l, j), (x, y) in spots.items():
        neuron(drawing, x, y, RADIUS, short(float(f"{A[l][j]:.2f}")), j + 1, (l, j) in dropped)
    drawing.circle(*spots[2, 0], RADIUS + 4, "none", INK, 3)


def _chart(drawing, outputs, said, every_half, halved, span):
    """The draws on a log scale, so that the first ten have as much room as the last nine hundred."""
    axes = Axes(drawing, 328, 62, 270, 256, (0, math.log10(MOST_DRAWS)), span)
    with np.errstate(all="ignore"):
        middle, sigma = running_average(every_half)[-1], np.std(every_half)
    if math.isfinite(sigma):
        ways = np.linspace(0, axes.x[1], 31)
        edges_of = [(way, np.clip(middle + side * 2 * sigma * 10 ** (-way / 2), *span)) for side, way in _around(ways)]
        drawing.polygon([axes.place(*point) for point in edges_of], tint(BLUE, 0.14))
    powers = range(round(axes.x[1]) + 1)
    axes.scales({n: str(10**n) for n in powers}, {y: figures(y) for y in _ticks(*span)}, "draw", "", framed=True)
    places = [axes.place(*point) for point in _on_log(outputs) if axes.shows(*point)]
    dots = "".join(f"M{x:.1f},{y:.1f}h0" for x, y in places)
    drawing.add("path", d=dots, stroke=GRAY, stroke_width=4, stroke_linecap="round", opacity=0.6)
    axes.line([(0, halved), (axes.x[1], halved)], VERMILION, 2, "6 3")
    # As many points as there are pixels.
    settled = [point for point in _on_log(running_average(outputs)) if axes.shows(*point)]
    axes.line(settled[:100] + settled[100::10] + settled[-1:], BLUE)
    if settled:
        drawing.circle(*axes.place(*settled[-1]), 5, BLUE, WHITE, 1)
    now = math.log10(len(outputs)), said  # of the network on the left
    if axes.shows(*now):
        drawing.circle(*axes.place(*now), 6, "none", INK, 2)
    drawing.circle(339, 18, 2.2, GRAY, "none")
    drawing.box(458, 11, 22, 13, tint(BLUE, 0.14), "none")
    drawing.line(328, 40, 350, 40, BLUE, 2.5)
    drawing.line(458, 40, 480, 40, VERMILION, 2, "6 3")
    for x, y, words in (
        (356, 18, "one draw"), (486, 18, FUNNEL), (356, 40, "average so far"), (486, 40, "full, halved"),
    ):  # fmt: skip
        drawing.text(x, y, words, 12, "start")


def _around(ways):
    """The way along the upper side, and back along the lower one."""
    return [(1, way) for way in ways] + [(-1, way) for way in reversed(ways)]


def _on_log(values):
    return [(math.log10(n), float(value)) for n, value in enumerate(values, start=1)]


def _ticks(low, high):
    """Round numbers between low and high, three to seven of them."""
    power = 10.0 ** math.floor(math.log10((high - low) / 3))
    step = next(power * times for times in (5, 2, 1) if power * times <= (high - low) / 3)
    return [k * step for k in range(math.ceil(low / step), math.floor(high / step) + 1)]
