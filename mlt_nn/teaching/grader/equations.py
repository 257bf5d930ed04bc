"""The lecture's equations once more, for the hidden checks: what they want of an input that was drawn a moment ago.

Apart from the solutions, so that the two can disagree; for numbers of ordinary size unless it says otherwise.
"""

import math
from collections.abc import Callable

import numpy as np


def each(function, z):
    """The function of one number, applied entry by entry."""
    z = np.asarray(z)
    return np.array([function(float(entry)) for entry in z.ravel()], dtype=z.dtype).reshape(z.shape)


def sigmoid(z):
    """Of one number, however large."""
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


def softmax(Z):
    """Row by row, each shifted by its largest entry."""
    powers = np.exp(np.array([row - max(row) for row in np.asarray(Z, dtype=np.float64)]))
    return np.array([row / sum(row) for row in powers]).astype(Z.dtype)


HIDDEN: dict[str, tuple[Callable, Callable]] = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "relu": (lambda z: z * (z > 0), lambda z: 1.0 * (z > 0)),
    "identity": (lambda z: z, np.ones_like),
}
"""The activations of the hidden layers, each with its slope, for pre-activations of ordinary size."""


def forward(X, W, b, hidden, output, masks=None, before=False):
    """Z and A of the network, or of the thinned one with these masks; `before` applies them before g, by mistake."""
    (g, _), Z, A, L = HIDDEN[hidden], {}, {0: X}, len(W)
    for l in range(1, L + 1):
        Z[l] = np.einsum("pi,ij->pj", A[l - 1], W[l]) + b[l]
        mask = masks[l] if masks and l < L else 1
        A[l] = g(Z[l] * mask) if before else g(Z[l]) * mask
    A[L] = softmax(Z[L]) if output == "softmax" else Z[L]
    return Z, A


def layer_backward(Z_g, A_prev, W):
    """W_g, b_g and A_prev_g of one layer."""
    return np.einsum("pi,pj->ij", A_prev, Z_g), np.einsum("pj->j", Z_g), np.einsum("pj,ij->pi", Z_g, W)


def backward(Y, Z, A, W, hidden, masks=None):
    """W_g and b_g of the network, or of the thinned one with these masks."""
    W_g, b_g, Z_g = {}, {}, A[len(W)] - Y
    for l in range(len(W), 0, -1):
        W_g[l], b_g[l], A_g = layer_backward(Z_g, A[l - 1], W[l])
        if l > 1:
            Z_g = A_g * (masks[l - 1] if masks else 1) * HIDDEN[hidden][1](Z[l - 1])
    return W_g, b_g


def step(X, Y, W, b, hidden, output, rate):
    """One step of gradient descent: the loss before it, and W and b after it."""
    Z, A = forward(X, W, b, hidden, output)
    Y_hat = A[len(W)]
    loss = 0.5 * np.sum((Y_hat - Y) ** 2) if output == "identity" else -np.sum(np.log(Y_hat[Y == 1]))
    W_g, b_g = backward(Y, Z, A, W, hidden)
    return float(loss), {l: W[l] - rate * W_g[l] for l in W}, {l: b[l] - rate * b_g[l] for l in b}


def epoch(batches, W, b, hidden, output, rate):
    """A step with each of the mini-batches [(X, Y), ...]: the losses added up, and W and b after the last."""
    total = 0.0
    for X, Y in batches:
        loss, W, b = step(X, Y, W, b, hidden, output, rate)
        total += loss
    return total, W, b
