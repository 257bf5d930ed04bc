"""Regularization with norms, choices and thinned weights."""

import numpy as np

from mlt_nn.activations import ACTIVATIONS, softmax


def l1_penalty(W, strength):
    return strength * np.concatenate([np.abs(W[l]).ravel() for l in W]).sum()


def l2_penalty(W, strength):
    return strength * 0.5 * sum(np.linalg.norm(W[l]) ** 2 for l in W)


def l1_gradient(W, strength):
    return {l: np.where(W[l] == 0, 0, np.copysign(strength, W[l])).astype(W[l].dtype) for l in reversed(list(W))}


def l2_gradient(W, strength):
    return {l: np.multiply(W[l], strength) for l in reversed(list(W))}


def dropout_mask(size, rng):
    mask = np.array([0] * (size // 2) + [1] * (size - size // 2), dtype=np.int8)
    rng.shuffle(mask)
    return mask


def dropout_forward(X, W, b, masks, hidden="sigmoid", output="softmax"):
    Z, A = {}, {0: X}
    for l in W:
        Z[l] = np.dot(A[l - 1], W[l]) + b[l]
        if l == len(W):
            A[l] = softmax(Z[l]) if output == "softmax" else Z[l]
        else:
            A[l] = np.where(masks[l] == 1, ACTIVATIONS[hidden][0](Z[l]), 0)
    return Z, A


def dropout_backward(Y, Z, A, W, masks, hidden="sigmoid"):
    W_g, b_g = {}, {}
    Z_g = A[len(W)] - Y
    for l in reversed(range(1, len(W) + 1)):
        W_g[l] = np.einsum("ni,nj->ij", A[l - 1], Z_g)
        b_g[l] = Z_g.sum(0)
        if l > 1:
            thinned = W[l] * masks[l - 1][:, None]
            Z_g = np.einsum("nj,ij->ni", Z_g, thinned) * ACTIVATIONS[hidden][1](Z[l - 1])
    return W_g, b_g


def halve_outgoing_weights(W):
    halved = {}
    for l in sorted(W, reverse=True):
        halved[l] = W[l].copy()
        if l > 1:
            halved[l] *= 0.5
    return halved
