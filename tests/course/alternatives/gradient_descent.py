"""Gradient descent with copies, a shuffled list and a while loop."""

import numpy as np

from mlt_nn.backpropagation import backward_pass
from mlt_nn.losses import cross_entropy, squared_error
from mlt_nn.network import forward_pass


def update(W, b, W_g, b_g, learning_rate):
    new = []
    for part, gradient in ((W, W_g), (b, b_g)):
        moved = {l: part[l].copy() for l in reversed(list(part))}
        for l in moved:
            moved[l] -= learning_rate * gradient[l]
        new.append(moved)
    return tuple(new)


def minibatches(n, size, rng):
    rest = list(range(n))
    rng.shuffle(rest)
    parts = []
    while rest:
        parts.append(np.array(rest[:size]))
        rest = rest[size:]
    return parts


def train(
    X,
    Y,
    W,
    b,
    hidden="sigmoid",
    output="softmax",
    learning_rate=1e-3,
    epochs=100,
    batch_size=None,
    rng=None,
    on_epoch=None,
):
    if batch_size and rng is None:
        raise ValueError("rng is missing")
    losses = []
    while len(losses) < epochs:
        parts = minibatches(len(X), batch_size, rng) if batch_size else [np.arange(len(X))]
        before = []
        for part in parts:
            Z, A = forward_pass(X[part], W, b, hidden=hidden, output=output)
            before.append((cross_entropy if output == "softmax" else squared_error)(Y[part], A[len(W)]))
            W, b = update(W, b, *backward_pass(Y[part], Z, A, W, hidden=hidden), learning_rate)
        losses.append(sum(before))
        if on_epoch:
            on_epoch(len(losses), W, b, losses[-1])
    return [W, b, {"loss": losses}]
