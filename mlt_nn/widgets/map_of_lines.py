"""One point of the map is one whole line: a fit with its errors, and the loss of all lines as a map of w and b."""

import functools
from typing import Any

import numpy as np

from mlt_nn.plots.look import figures
from mlt_nn.widgets.controls import Film, List, LogSlider, Slider
from mlt_nn.widgets.interactive import Interactive
from mlt_nn.widgets.map_of_lines_picture import CLASSES, MAP, REACH, Seen, X, Y, equation, grasped, map_of_lines_picture

SQUARED, CROSS = "squared error", "cross-entropy"
STEPS = 30
BY_HAND = {"uphill": (1.5, 1.0), "flat": (0.0, 0.0), "downhill": (-0.4, 0.8)}
RATES = {"slow": 0.01, "good": 0.1, "oscillating": 0.22, "diverging": 0.24}
START = (-1.0, 1.2)


def map_of_lines(forward_pass, squared_error, cross_entropy, train=None):
    """A line to move by hand, or by gradient descent, and the same line as a point of the map of the loss.

    Arguments: the reader's functions of `mlt_nn.network` and `mlt_nn.losses`, and that of `mlt_nn.gradient_descent`,
    which makes it walk.
    """
    losses = {SQUARED: squared_error, CROSS: cross_entropy}

    def loss_at(kind, w, b, rows=slice(None)):
        return losses[kind](_targets(kind)[rows], said(forward_pass, kind, X[rows], w, b))

    @functools.cache
    def ground(kind):
        with np.errstate(all="ignore"):
            return np.array([[loss_at(kind, w, b) for w in MAP] for b in MAP])

    kind = List("loss", [SQUARED, CROSS])
    first = START if train else BY_HAND["downhill"]
    w, b = (Slider(name, value, -REACH, REACH, 0.1) for name, value in zip(("w", "b"), first, strict=True))
    step, rate = Film("step", STEPS, 0, STEPS), LogSlider("learning rate", RATES["good"], 0.001, 1)

    def view():
        path = np.array([(w.value, b.value)])
        if train:
            path = walk(train, kind.value, w.value, b.value, rate.value)[: step.value + 1]
        with np.errstate(all="ignore"):
            heights = np.array([loss_at(kind.value, *place) for place in path])
            each = np.array([loss_at(kind.value, path[-1][0], path[-1][1], [i]) for i in range(len(X))])
            probe = functools.partial(said, forward_pass, kind.value)
            seen = Seen(kind.value == CROSS, path, heights, each, probe, ground(kind.value))
            return map_of_lines_picture(seen), verdict(seen)

    if train:
        controls: list[Any] = [kind, step, rate, w, b]
        presets: dict[str, dict[Any, Any]] = {
            f"{name} ({alpha:g})": dict(zip(controls, (SQUARED, STEPS, alpha, *START), strict=True))
            for name, alpha in RATES.items()
        }
    else:
        controls = [kind, w, b]
        presets = {name: {w: slope, b: intercept} for name, (slope, intercept) in BY_HAND.items()}

    def moved(*way):
        line = grasped(kind.value == CROSS, (w.value, b.value), *way)
        # What is under the hand is where the walk begins.
        return {w: round(line[0], 2), b: round(line[1], 2), step: 0}

    name = "one point of the map is one whole line"
    return Interactive(name, controls, view, presets, beside=True, moved=moved)


def said(forward_pass, kind, X, w, b):
    """What the line says: a number for each point, shape (n, 1), or the probabilities of two classes, shape (n, 2)."""
    W, biases, output = _network(kind, w, b)
    return forward_pass(X, W, biases, output=output)[1][1]


def walk(train, kind, w, b, rate):
    """The way of (w, b) in STEPS steps of gradient descent, shape (STEPS + 1, 2)."""
    W, biases, output = _network(kind, w, b)
    path = [(w, b)]

    def note(epoch, W, b, loss):
        path.append((_slope(W[1][0]), _slope(b[1])))

    with np.errstate(all="ignore"):  # one that diverges is to be seen
        train(X, _targets(kind), W, biases, output=output, learning_rate=rate, epochs=STEPS, on_epoch=note)
    return np.array(path)


def _network(kind, w, b):
    """The line as a network without a hidden layer; with two classes, it is the score of class 1, and class 0 has 0."""
    if kind == SQUARED:
        return {1: np.array([[w]])}, {1: np.array([b])}, "identity"
    return {1: np.array([[0.0, w]])}, {1: np.array([0.0, b])}, "softmax"


def _slope(numbers):
    # Softmax knows only how far one score is above the other.
    return numbers[0] if len(numbers) == 1 else numbers[1] - numbers[0]


def _targets(kind):
    return np.eye(2)[CLASSES] if kind == CROSS else Y


def verdict(seen):
    """The line, its loss, and what the walk has done to it or which point costs most, in words."""
    steps, loss = len(seen.path) - 1, figures(seen.losses[-1])
    here = f"{equation(*seen.path[-1])}, loss {loss}"
    if steps:
        return f"Step {steps}: {here}; at the start it was {figures(seen.losses[0])}. {_way(seen.losses)}"
    worst = int(np.argmax(np.nan_to_num(seen.each)))
    share = f"{100 * seen.each[worst] / seen.losses[-1]:.0f} %" if seen.losses[-1] else "nothing"
    return f"The line {here}. The point at x = {figures(X[worst, 0])} alone makes {share} of it."


def _way(losses):
    if not losses[-1] <= losses[0]:
        return "It diverges."
    rises = np.sum(losses[1:] > losses[:-1] * (1 + 1e-9))  # near the bottom they differ by rounding
    return f"On the way it rose {rises} times." if rises else "It fell at every step."
