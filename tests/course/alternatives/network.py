"""The network with einsum and lists; the layers of the dicts stand in reverse order."""

import numpy as np

from mlt_nn.activations import ACTIVATIONS, softmax


def count_parameters(sizes):
    count, before = 0, sizes[0]
    for size in sizes[1:]:
        count += (before + 1) * size
        before = size
    return np.int64(count)


def initialize(sizes, rng, dtype=np.float64):
    W, b = {}, {}
    for l in reversed(range(1, len(sizes))):
        b[l] = np.array([rng.normal() for _ in range(sizes[l])], dtype=dtype)
        W[l] = rng.normal(0.0, 1.0, size=(sizes[l], sizes[l - 1])).T.astype(dtype)
    return W, b


def forward_pass(X, W, b, hidden="sigmoid", output="softmax"):
    Z, A = [None], [X]
    for l in sorted(W):
        Z.append(np.einsum("ni,ij->nj", A[-1], W[l]) + b[l][np.newaxis, :])
        A.append(ACTIVATIONS[hidden][0](Z[-1]))
    A[-1] = softmax(Z[-1]) if output == "softmax" else Z[-1]
    return {l: Z[l] for l in range(len(W), 0, -1)}, dict(enumerate(A))


def predict(Y_hat):
    return np.array([list(row).index(max(row)) for row in Y_hat], dtype=np.int32)


def accuracy(labels, predicted):
    if np.shape(labels) != np.shape(predicted):
        raise ValueError(f"{np.shape(labels)} and {np.shape(predicted)} differ")
    right = 0
    for label, guess in zip(labels, predicted, strict=True):
        right += label == guess
    return right / len(labels)
