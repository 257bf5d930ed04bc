"""Training, watched: at each epoch what every hidden neuron says about the plane, and what the network makes of it."""

import functools
from typing import Any

import numpy as np

from mlt_nn.datasets.toy import spirals, two_moons
from mlt_nn.plots.look import figures
from mlt_nn.widgets.controls import Choice, Counter, Film, List, LogSlider, Strength
from mlt_nn.widgets.interactive import Interactive
from mlt_nn.widgets.one_neuron_picture import Problem
from mlt_nn.widgets.watch_training_picture import NEARLY_ZERO, Unseen, Watched, watch_training_picture, wrong

POINTS, EPOCHS = 100, 200
# Few points and much noise: they can be learned by heart, and others tell.
FEW, OTHERS, NOISE = 30, 400, 0.35
ALL = "all"
START: dict[str, Any] = {
    "points": "moons",
    "neurons": 4,
    "activation": "tanh",
    "rate": 0.03,
    "mini-batch": ALL,
    "start": 0,
}
PRESETS: dict[str, dict[str, Any]] = {
    "moons": {},
    "XOR, 2 neurons": {"points": "XOR", "neurons": 2},
    "XOR, 8 neurons": {"points": "XOR", "neurons": 8},
    "identity": {"activation": "identity", "rate": 0.003},
    "steps too long": {"rate": 1.0},
    "dead ReLUs": {"activation": "relu", "rate": 0.1},
}

PENALIZED: dict[str, Any] = START | {"points": "noisy moons", "neurons": 8, "start": 1, "penalty": "L2", "lambda": 0.3}
PRICES: dict[str, dict[str, Any]] = {
    "no penalty": {"lambda": 0.0},
    "L2": {},
    "L2, too strong": {"lambda": 10.0},
    "L1": {"penalty": "L1"},
}


def problems():
    """The sets of points, around (0, 0), by their names."""
    rng = np.random.default_rng(3)
    moons, classes = two_moons(POINTS, rng)
    yield Problem("moons", 1.25 * (moons - [0.5, 0.25]), classes)
    square = rng.uniform(-1.9, 1.9, (POINTS, 2))
    square += 0.15 * np.sign(square)  # a gap on both sides of the axes
    yield Problem("XOR", square, (square[:, 0] * square[:, 1] > 0).astype(int))
    classes = np.arange(POINTS) % 2
    radius = np.where(classes, rng.uniform(0, 0.8, POINTS), rng.uniform(1.3, 2, POINTS))
    angle = rng.uniform(0, 7, POINTS)
    yield Problem("ring", np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), classes)
    arms, classes = spirals(POINTS, rng, k=2)
    yield Problem("spirals", 2 * arms, classes)
    yield _noisy(FEW, np.random.default_rng(3))


@functools.cache
def others():
    """More points like those of the noisy moons, which no training sees."""
    rng = np.random.default_rng(3)
    _noisy(FEW, rng)
    return _noisy(OTHERS, rng)


def _noisy(n, rng):
    moons, classes = two_moons(n, rng, NOISE)
    return Problem("noisy moons", 1.25 * (moons - [0.5, 0.25]), classes)


def watch_training(initialize, forward_pass, cross_entropy, train, penalties=None):
    """A training to play, to stop and to take back: the hidden neurons, the border and the loss after each epoch.

    Arguments: the reader's functions of `mlt_nn.network`, `mlt_nn.losses` and `mlt_nn.gradient_descent`. With
    `penalties`, {name: the gradient of a penalty}, train also takes one of them as `gradient`, and its `strength`.
    """
    known = {problem.name: problem for problem in problems()}
    first, cases = (PENALIZED, PRICES) if penalties else (START, PRESETS)
    choices: dict[str, Any] = {
        "points": List("points", list(known), first["points"]),
        "neurons": Counter("neurons", first["neurons"], 1, 8),
        "activation": List("activation", ["tanh", "sigmoid", "relu", "identity"]),
        "rate": LogSlider("learning rate", first["rate"], 0.001, 1),
        "mini-batch": List("mini-batch", [ALL, 20]),
        "start": Counter("start", first["start"], 0, 99),
    }
    if penalties:
        choices |= {"penalty": Choice("penalty", list(penalties)), "lambda": Strength(first["lambda"])}
    epoch = Film("epoch", EPOCHS, 0, EPOCHS)

    @functools.lru_cache(maxsize=20)
    def run(name, neurons, activation, rate, batch, start, penalty=None, strength=0.0):
        learn = functools.partial(train, gradient=penalties[penalty], strength=strength) if penalties else train
        how = known[name], neurons, activation, rate, batch, start
        return training(initialize, forward_pass, cross_entropy, learn, *how)

    def view():
        chosen = {name: choice.value for name, choice in choices.items()}
        watched = run(*chosen.values())._replace(epoch=epoch.value)
        return watch_training_picture(watched, forward_pass), verdict(watched)

    presets = {
        label: {choices[name]: value for name, value in (first | changes).items()} | {epoch: EPOCHS}
        for label, changes in cases.items()
    }
    name = "training, watched: hidden neurons, border and loss after each epoch"
    # What is to be taken hold of stands first.
    controls = [*list(choices.values())[6:], epoch, *list(choices.values())[:6]]
    return Interactive(name, controls, view, presets, beside=True)


def training(initialize, forward_pass, cross_entropy, train, problem, neurons, activation, rate, batch, start):
    """The network at the start and after each of EPOCHS epochs, `Watched` at the last one."""
    X, Y = problem.points, np.eye(2)[problem.classes]
    W, b = initialize((2, neurons, 2), np.random.default_rng(start))
    parameters = [_copied(W, b)]

    def note(epoch, W, b, loss):
        parameters.append(_copied(W, b))

    how = {"learning_rate": rate, "epochs": EPOCHS, "batch_size": None if batch == ALL else batch}
    with np.errstate(all="ignore"):  # steps that are too long are one of the things to see
        train(X, Y, W, b, activation, **how, rng=np.random.default_rng(start), on_epoch=note)
        if len(parameters) != EPOCHS + 1:
            raise ValueError(f"train called on_epoch {len(parameters) - 1} times in {EPOCHS} epochs")

        def said(problem):
            return [forward_pass(problem.points, W, b, activation)[1] for W, b in parameters]

        activations = said(problem)
        losses = np.array([cross_entropy(Y, A[2]) for A in activations])
        watched = Watched(problem, activation, parameters, activations, losses, EPOCHS)
        if len(X) > FEW:
            return watched
        Y_others, outputs = np.eye(2)[others().classes], [A[2] for A in said(others())]
        unseen = Unseen(
            [OTHERS - int(np.sum(wrong(others(), Y_hat))) for Y_hat in outputs],
            np.array([cross_entropy(Y_others, Y_hat) for Y_hat in outputs]) / OTHERS,
        )
        return watched._replace(losses=losses / FEW, unseen=unseen)


def _copied(W, b):
    # A train that changes its arrays in place would change the past.
    return tuple({l: np.array(theta) for l, theta in parameters.items()} for parameters in (W, b))


def verdict(watched):
    """How many points are right, the loss, and what ails the training, in words."""
    losses = watched.losses[: watched.epoch + 1]
    n = len(watched.wrong)
    right, loss = n - np.sum(watched.wrong), figures(losses[-1])
    said = f"Epoch {watched.epoch}: {right} of {n} points are on the right side, the loss is {loss}."
    if watched.unseen:
        right, loss = watched.unseen.right[watched.epoch], figures(watched.unseen.losses[watched.epoch])
        weights = np.concatenate([watched.W[l].ravel() for l in (1, 2)])
        small = f"{np.sum(np.abs(weights) < NEARLY_ZERO)} of {len(weights)} weights are below {NEARLY_ZERO}"
        said = f"{said[:-1]} per point. Of {OTHERS} others {right} are right, loss {loss}. {small}."
    if not np.isfinite(losses).all():
        return f"{said} In epoch {np.argmin(np.isfinite(losses))} it was no longer a finite number."
    rises = np.sum(losses[1:] > losses[:-1])
    if rises:
        said += f" It rose in {rises} of the {watched.epoch} epochs so far."
    silent = [str(j + 1) for j, column in enumerate(watched.A[1].T) if not column.any()]
    if silent:
        said += f" Dead, 0 at every point: neuron {', '.join(silent)}."
    return said
