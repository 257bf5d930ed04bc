"""The picture of the dropout widget: one thinned network, and the average over many of them."""

import math

import numpy as np

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import figures, short
from mlt_nn.plots.networks import edges, neuron
from mlt_nn.support.colors import BLUE, GRAY, VERMILION

COLUMNS = (50.0, 200.0, 350.0)  # input, hidden, output
MIDDLE, REACH = 191, 300  # the height of the middle of each layer, and how far apart its neurons may spread
RADIUS = 16
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
    """
    average = running_average(outputs)
    drawing = Drawing(780, 376, title)
    _network(drawing, W, A, mask)
    _chart(drawing, outputs, average, halved, span)
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
    drawing.text(COLUMNS[2], spots[2, 0][1] - RADIUS - 10, "first output", 11, halo=True)


def _chart(drawing, outputs, average, halved, span):
    longest = max(len(outputs), SHORTEST)
    axes = Axes(drawing, 480, 56, 285, 260, (1, longest), span)
    axes.scales({1: "1", longest: str(longest)}, {y: figures(y) for y in _ticks(*span)}, "draw", "first output")
    for point in filter(lambda point: axes.shows(*point), enumerate(outputs, start=1)):
        drawing.circle(*axes.place(*point), 2.2, "none", GRAY, 1)
    axes.line([(1, halved), (longest, halved)], VERMILION, 2, "6 3")
    axes.line(enumerate(average, start=1), BLUE)
    settled = [point for point in enumerate(average, start=1) if axes.shows(*point)]
    if settled:
        drawing.circle(*axes.place(*settled[-1]), 4, BLUE, "none")
    drawing.circle(492, 18, 2.2, "none", GRAY, 1)
    for x, y, words in ((509, 18, "one draw"), (509, 38, "average so far"), (644, 38, "halved full network")):
        drawing.text(x, y, words, 12, "start")
    drawing.line(482, 38, 504, 38, BLUE, 2.5)
    drawing.line(617, 38, 639, 38, VERMILION, 2, "6 3")


def _ticks(low, high):
    """Round numbers between low and high, three to seven of them."""
    power = 10.0 ** math.floor(math.log10((high - low) / 3))
    step = next(power * times for times in (5, 2, 1) if power * times <= (high - low) / 3)
    return [k * step for k in range(math.ceil(low / step), math.floor(high / step) + 1)]
