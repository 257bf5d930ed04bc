"""Drop half of the hidden neurons, again and again, and compare the average with the full network."""

import functools
import itertools

import numpy as np

from mlt_nn.plots.look import drawable, figures
from mlt_nn.widgets.controls import IntSlider, List, button
from mlt_nn.widgets.dropout_picture import MOST_DRAWS, dropout_picture, running_average
from mlt_nn.widgets.interactive import Interactive

HIDDEN = 8
SEED = 34
# name on the control -> (activation of the output layer, number of outputs)
OUTPUTS = {"linear": ("identity", 1), "softmax": ("softmax", 3)}
TRAINING, INFERENCE = "training", "inference"


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
        f"{title}; the first output is {figures(A[2][0, 0])}. Average of {n} {'draw' if n == 1 else 'draws'}: "
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
