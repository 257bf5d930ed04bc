"""How strong a penalty on the weights should be: too weak, and noise is learned; too strong, and nothing is."""

import functools
from typing import NamedTuple

import ipywidgets
import numpy as np
import traitlets

from mlt_nn.datasets.toy import two_moons
from mlt_nn.plots.look import figures
from mlt_nn.widgets.controls import NAMED, SLIDER, Choice
from mlt_nn.widgets.interactive import Interactive
from mlt_nn.widgets.regularization_picture import grid, regularization_picture

STRENGTHS = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
# Few points, much noise and a network with many weights: it can learn every point by heart.
POINTS, VAL_POINTS, NOISE, HIDDEN, SEED = 30, 400, 0.35, 30, 0
STEPS, EVERY, LEARNING_RATE = 1500, 50, 0.02
NEARLY_ZERO = 0.05


class Run(NamedTuple):
    """A finished training: what is drawn of it, and how many points of each set it gets right."""

    score: np.ndarray
    weights: np.ndarray
    steps: np.ndarray
    train_loss: np.ndarray
    val_loss: np.ndarray
    train_right: int
    val_right: int


class Strength(ipywidgets.HBox):
    """lambda, in steps of 1-3-10 from 0 on: chosen from a list, which has a name, or dragged."""

    value = traitlets.Float()

    def __init__(self, value):
        options = [(figures(strength), strength) for strength in STRENGTHS]
        start = {"options": options, "value": value}
        chosen = ipywidgets.Dropdown(description="lambda", style=NAMED, layout={"width": "15em"}, **start)
        dragged = ipywidgets.SelectionSlider(readout=False, tooltip="lambda", layout=SLIDER, **start)
        super().__init__([chosen, dragged], layout={"flex_flow": "row wrap"})
        traitlets.link((chosen, "value"), (dragged, "value"))
        traitlets.link((chosen, "value"), (self, "value"))


def toy_sets():
    """The training set and the validation set: X, labels, X_val, labels_val."""
    rng = np.random.default_rng(SEED)
    return *two_moons(POINTS, rng, NOISE), *two_moons(VAL_POINTS, rng, NOISE)


def train(strength, gradient, forward_pass, backward_pass, update):
    """Gradient descent on the toy set, with a penalty whose gradient is `gradient(W, strength)`, as a `Run`."""
    X, labels, X_val, labels_val = toy_sets()
    Y = np.eye(2)[labels]
    rng = np.random.default_rng(SEED)
    W = {1: rng.normal(0, 2, (2, HIDDEN)), 2: rng.normal(0, 2, (HIDDEN, 2))}
    b = {1: rng.normal(0, 2, HIDDEN), 2: np.zeros(2)}
    losses = []
    # A wrong gradient may send the weights to infinity; the picture says so, and that is enough.
    with np.errstate(all="ignore"):
        for step in range(STEPS + 1):
            Z, A = forward_pass(X, W, b, "tanh")
            if step % EVERY == 0:
                Y_val = forward_pass(X_val, W, b, "tanh")[1][2]
                losses.append((step, _loss(labels, A[2]), _loss(labels_val, Y_val)))
            W_g, b_g = backward_pass(Y, Z, A, W, "tanh")
            penalty_g = gradient(W, strength)
            # Short steps at the end: L1 pulls equally hard however near 0 is, and long ones jump across it forever.
            rate = LEARNING_RATE if step < 0.75 * STEPS else LEARNING_RATE / 10
            W, b = update(W, b, {l: W_g[l] + penalty_g[l] for l in W}, b_g, rate)
        Z, _ = forward_pass(grid(), W, b, "tanh")
    steps, train_loss, val_loss = np.array(losses).T
    weights = np.concatenate([W[l].ravel() for l in W])
    score = Z[2][:, 1] - Z[2][:, 0]
    return Run(score, weights, steps, train_loss, val_loss, _right(labels, A[2]), _right(labels_val, Y_val))


def _loss(labels, Y_hat):
    """The cross-entropy divided by the number of points, so that sets of different sizes can be compared."""
    given = Y_hat[np.arange(len(labels)), labels]
    return float(np.mean(-np.log(np.maximum(given, np.finfo(float).tiny))))


def _right(labels, Y_hat):
    return int(np.sum((np.argmax(Y_hat, axis=1) == labels) & np.isfinite(Y_hat).all(axis=1)))


def regularization_view(penalty, strength, run, without):
    """The picture of a training, beside the one without a penalty, and what it shows in words."""
    title = f"{penalty} with lambda = {figures(strength)}" if strength else "No penalty (lambda = 0)"
    train_loss, val_loss = run.train_loss[-1], run.val_loss[-1]
    small = int(np.sum(np.abs(run.weights) < NEARLY_ZERO))
    status = (
        f"{title}: {run.train_right} of {POINTS} training points right, "
        f"{run.val_right} of {VAL_POINTS} validation points. "
        f"Loss per point: {figures(train_loss)} in training, {figures(val_loss)} in validation. "
        f"Nearly 0 (below {NEARLY_ZERO}): {small} of {len(run.weights)} weights."
    )
    return regularization_picture(title, toy_sets(), run, without), status


def regularization(forward_pass, backward_pass, update, l1_gradient, l2_gradient):
    """A widget that trains the same network with penalties of different strength, and shows what it learns.

    Each training runs once, when it is first asked for (less than a tenth of a second), and is kept.

    Arguments: the reader's functions of `mlt_nn.network`, `backpropagation`, `gradient_descent` and `regularization`.
    """
    gradients = {"L2": l2_gradient, "L1": l1_gradient}

    @functools.cache
    def trained(penalty, strength):
        return train(strength, gradients[penalty], forward_pass, backward_pass, update)

    @functools.cache
    def seen(penalty, strength):
        return regularization_view(penalty, strength, trained(penalty, strength), trained(penalty, 0.0))

    penalty = Choice("penalty", list(gradients))
    strength = Strength(0.1)
    presets = {
        "no penalty": {strength: 0.0},
        "about right": {penalty: "L2", strength: 0.1},
        "too strong": {penalty: "L2", strength: 10.0},
        "L1: few weights stay": {penalty: "L1", strength: 0.3},
    }
    name = "what a penalty on the weights does"
    compared = "no penalty", "about right"

    def view():
        return seen(penalty.value, strength.value)

    return Interactive(name, [penalty, strength], view, presets, beside=True, compared=compared)
