"""The backward pass with einsum, Jacobians and a recursion."""

import numpy as np

from mlt_nn.activations import ACTIVATIONS


def layer_backward(Z_g, A_prev, W):
    ones = np.ones(len(Z_g), dtype=Z_g.dtype)
    return [np.einsum("ni,nj->ij", A_prev, Z_g), Z_g.T @ ones, np.einsum("nj,ij->ni", Z_g, W)]


def softmax_backward(A, A_g):
    rows = [(np.diag(a) - np.outer(a, a)) @ a_g for a, a_g in zip(A, A_g, strict=True)]
    return np.stack(rows)


def output_gradient(Y, Y_hat):
    if Y.shape != Y_hat.shape:
        raise ValueError(f"{Y.shape} and {Y_hat.shape} differ")
    return -np.subtract(Y, Y_hat)


def backward_pass(Y, Z, A, W, hidden="sigmoid"):
    def go_back(l, Z_g):
        W_g[l] = sum(np.outer(a, z_g) for a, z_g in zip(A[l - 1], Z_g, strict=True))
        b_g[l] = sum(Z_g)
        if l > 1:
            go_back(l - 1, np.dot(W[l], Z_g.T).T * ACTIVATIONS[hidden][1](Z[l - 1]))

    W_g, b_g = {}, {}
    go_back(max(W), A[max(W)] - Y)
    return W_g, b_g
