"""Drop half of the hidden neurons, again and again, and compare the average with the full network."""

import functools
import itertools
import math

import numpy as np

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import counted, drawable, figures, short
from mlt_nn.plots.networks import edges, neuron
from mlt_nn.support.colors import BLUE, GRAY, INK, VERMILION, WHITE, tint
from mlt_nn.widgets.controls import IntSlider, List, button
from mlt_nn.widgets.interactive import Interactive

HIDDEN = 8
SEED = 34
# name on the control -> (activation of the output layer, number of outputs)
OUTPUTS = {"linear": ("identity", 1), "softmax": ("softmax", 3)}
TRAINING, INFERENCE = "training", "inference"
COLUMNS = (34.0, 138.0, 242.0)  # input, hidden, output
MIDDLE, REACH = 197, 300  # the height of the middle of each layer, and how far apart its neurons may spread
RADIUS = 17
FUNNEL = "±2\N{GREEK SMALL LETTER SIGMA}/√n"
MOST_DRAWS = 1000  # a power of ten, where the chart ends


class ThinnedNetworks:
    """A small network and its thinned versions, drawn one after the other and kept: draw number 7 stays what it was."""

    def __init__(self, output, dropout_mask, dropout_forward, forward_pass, halve_outgoing_weights):
        self.output, k = OUTPUTS[output]
        self._dropout_mask, self._dropout_forward = dropout_mask, dropout_forward
        self._rng = np.random.default_rng(1)
        numbers = np.random.default_rng(SEED)
        self.X = np.array([[1.0, 0.5, -1.0]])
        self.W = {1: numbers.normal(0, 1, (3, HIDDEN)), 2: numbers.normal(0, 1, (HIDDEN, k))}
        self.b = {1: np.zeros(HIDDEN), 2: np.zeros(k)}
        self.halved_W = halve_outgoing_weights(self.W)
        self.full_A = forward_pass(self.X, self.halved_W, self.b, "sigmoid", self.output)[1]
        halves = itertools.combinations(range(HIDDEN), HIDDEN // 2)
        masks = [np.isin(range(HIDDEN), half).astype(np.int8) for half in halves]
        self.every_half = np.array([self.thinned(mask)[2][0, 0] for mask in masks])
        self._draws = []

    def thinned(self, mask):
        """The activations of the network with this mask."""
        return self._dropout_forward(self.X, self.W, self.b, {1: mask}, "sigmoid", self.output)[1]

    def draws(self, n):
        """The masks and activations of the first n draws, a list of pairs."""
        while len(self._draws) < n:
            mask = self._dropout_mask(HIDDEN, self._rng)
            self._draws.append((mask, self.thinned(mask)))
        return self._draws[:n]


def dropout_view(networks, n, mode):
    """The n-th thinned network, or the full one, beside the average so far: a `Picture` and a status sentence."""
    draws = networks.draws(n)
    outputs = np.array([A[2][0, 0] for _, A in draws])
    halved = networks.full_A[2][0, 0]
    if mode == TRAINING:
        (mask, A), W = draws[-1], networks.W
        title = f"Training, draw {n}: {np.count_nonzero(mask)} of {HIDDEN} hidden neurons stay"
    else:
        mask, A, W = np.ones(HIDDEN), networks.full_A, networks.halved_W
        title = f"Inference: all {HIDDEN} hidden neurons, outgoing weights halved"
    span = _span([*networks.every_half, *outputs, halved])
    picture = dropout_picture(title, W, {l: A[l][0] for l in A}, mask, outputs, networks.every_half, halved, span)
    average, over_all = running_average(outputs)[-1], running_average(networks.every_half)[-1]
    with np.errstate(invalid="ignore", over="ignore"):
        gap = abs(over_all - halved)
    # Rounding in a sum of 70 numbers is far below one part in a billion.
    same = "the same" if gap <= 1e-9 * max(abs(halved), 1) else f"{figures(gap)} away from it"
    status = (
        f"{title}; the first output is {figures(A[2][0, 0])}. Average of {counted(n, 'draw')}: "
        f"{figures(average)}; halved full network: {figures(halved)}. "
        f"Over all {len(networks.every_half)} ways to keep {HIDDEN // 2} the average is {figures(over_all)}: {same}."
    )
    return picture, status


def _span(values):
    """The ends of an axis on which all values have room, those aside that no axis can show."""
    shown, _ = drawable(np.array(values))
    if np.isnan(shown).all():
        return 0.0, 1.0
    low, high = float(np.nanmin(shown)), float(np.nanmax(shown))
    margin = max(0.05 * (high - low), 1e-6 * max(abs(low), abs(high)), 1e-6)
    return low - margin, high + margin


def dropout(dropout_mask, dropout_forward, forward_pass, halve_outgoing_weights):
    """A widget that drops half of the hidden neurons at each press, and averages what the thinned networks say.

    With a linear output the average over all halves is exactly what the full network says with halved outgoing weights.
    With the softmax it is nearly so; the widget says by how much.

    Arguments: the reader's functions of `mlt_nn.regularization` and `mlt_nn.network`.
    """

    @functools.cache
    def networks(output):
        return ThinnedNetworks(output, dropout_mask, dropout_forward, forward_pass, halve_outgoing_weights)

    mode = List("network in", [TRAINING, INFERENCE])
    output = List("output layer", list(OUTPUTS))
    again = button("drop again", lambda: setattr(draw, "value", draw.value + 1))
    draw: IntSlider = IntSlider("draw", 30, 1, MOST_DRAWS, beside=[again])

    def view():
        return dropout_view(networks(output.value), draw.value, mode.value)

    presets = {
        "first draw": {draw: 1, output: "linear", mode: TRAINING},
        f"average of {MOST_DRAWS}": {draw: MOST_DRAWS, output: "linear", mode: TRAINING},
        "inference": {draw: MOST_DRAWS, output: "linear", mode: INFERENCE},
        "softmax": {draw: MOST_DRAWS, output: "softmax", mode: TRAINING},
    }
    name = "drop half of the hidden neurons, again and again"
    return Interactive(name, [mode, output, draw], view, presets, beside=True)


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
        # Along the upper side, and back along the lower one.
        around = [(1, way) for way in ways] + [(-1, way) for way in reversed(ways)]
        edges_of = [(way, np.clip(middle + side * 2 * sigma * 10 ** (-way / 2), *span)) for side, way in around]
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


def _on_log(values):
    return [(math.log10(n), float(value)) for n, value in enumerate(values, start=1)]


def _ticks(low, high):
    """Round numbers between low and high, three to seven of them."""
    power = 10.0 ** math.floor(math.log10((high - low) / 3))
    step = next(power * times for times in (5, 2, 1) if power * times <= (high - low) / 3)
    return [k * step for k in range(math.ceil(low / step), math.floor(high / step) + 1)]
