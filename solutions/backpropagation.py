"""The backward pass: the gradient of the loss with respect to every weight and every bias.

The gradient of a quantity has its name with `_g`, and its shape.
"""

import numpy as np

from mlt_nn.activations import ACTIVATIONS


def layer_backward(Z_g, A_prev, W):
    """One layer backwards. Forward it computed Z = A_prev W + b; this is what comes back through it.

    Equations:  W_g = A_prev^T Z_g        b_g = Z_g^T 1_n (the column sums)        A_prev_g = Z_g W^T

    Arguments:
        Z_g: gradient of the loss with respect to the pre-activations of the layer, shape (n, S_l).
        A_prev: activations of the layer before, shape (n, S_{l-1}).
        W: weights of the layer, shape (S_{l-1}, S_l).

    Returns:
        W_g: shape (S_{l-1}, S_l).
        b_g: shape (S_l,).
        A_prev_g: shape (n, S_{l-1}).
        The dtype is that of the arguments.

    Example: one point, two neurons before, three in the layer.
        >>> Z_g = np.array([[1.0, 0.0, -1.0]])
        >>> A_prev = np.array([[2.0, 5.0]])
        >>> W = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
        >>> W_g, b_g, A_prev_g = layer_backward(Z_g, A_prev, W)
        >>> print(W_g.tolist(), b_g.tolist(), A_prev_g.tolist())
        [[2.0, 0.0, -2.0], [5.0, 0.0, -5.0]] [1.0, 0.0, -1.0] [[-2.0, -2.0]]
    """
    ### BEGIN SOLUTION
    W_g = A_prev.T @ Z_g
    b_g = Z_g.T @ np.ones(len(Z_g), Z_g.dtype)
    A_prev_g = Z_g @ W.T
    return W_g, b_g, A_prev_g
    ### END SOLUTION


def softmax_backward(A, A_g):
    """The softmax backwards: each row of gradients goes back through the Jacobian diag(a) - a a^T of its row.

    Equations:  B = A * A_g (element-wise),  Z_g = B - rowsum(B) * A

    Arguments:
        A: activations, rows of a softmax, shape (n, k).
        A_g: gradient of the loss with respect to A, shape (n, k).

    Returns:
        Z_g: gradient of the loss with respect to the pre-activations, shape (n, k), same dtype. Each row sums to 0.

    Example:
        >>> A = np.array([[0.5, 0.25, 0.25]])
        >>> A_g = np.array([[4.0, 0.0, 0.0]])
        >>> print(softmax_backward(A, A_g))
        [[ 1.  -0.5 -0.5]]
    """
    ### BEGIN SOLUTION
    B = A * A_g
    return B - np.sum(B, axis=1, keepdims=True) * A
    ### END SOLUTION


def output_gradient(Y, Y_hat):
    """Where the backward pass begins: the gradient with respect to the pre-activations of the output layer.

    Equation:  Z_g[L] = Y_hat - Y,  for softmax with cross-entropy and for the identity with squared error alike

    Arguments:
        Y: the targets, shape (n, k) one-hot, or (n, 1) for regression.
        Y_hat: the output of the network, of the same shape.

    Returns:
        Z_g[L], of the same shape.

    Raises:
        ValueError: when the shapes differ; the message names both. (NumPy would stretch (n,) against (n, 1) to (n, n).)

    Example:
        >>> print(output_gradient(np.array([[0.0, 1.0, 0.0]]), np.array([[0.25, 0.5, 0.25]])))
        [[ 0.25 -0.5   0.25]]
    """
    if np.shape(Y) != np.shape(Y_hat):
        raise ValueError(f"Y has shape {np.shape(Y)} but Y_hat has shape {np.shape(Y_hat)}: they must be alike")
    ### BEGIN SOLUTION
    return Y_hat - Y
    ### END SOLUTION


def backward_pass(Y, Z, A, W, hidden="sigmoid"):
    """The backward pass: the gradients of all weights and biases, from the last layer to the first.

    Equations:  Z_g[L] = Y_hat - Y;  for l = L..1:
                W_g[l] = A[l-1]^T Z_g[l],  b_g[l] = Z_g[l]^T 1_n,
                A_g[l-1] = Z_g[l] W[l]^T,  Z_g[l-1] = A_g[l-1] * g'(Z[l-1])
                The last two are needed down to l = 2 only: nobody asks for the gradient of the input.

    Arguments:
        Y: the targets, shape (n, k) one-hot, or (n, 1) for regression.
        Z: pre-activations 1..L, as `forward_pass` returned them.
        A: activations 0..L, as `forward_pass` returned them; A[L] is Y_hat.
        W: the weights, a dict with keys 1..L.
        hidden: the activation of the hidden layers, as in `forward_pass`.

    Returns:
        W_g, b_g: dicts with keys 1..L; W_g[l] has the shape of W[l], b_g[l] has shape (S_l,). Same dtype as A and W.

    Example: two points, one layer, so that W_g[1] = X^T (Y_hat - Y).
        >>> A = {0: np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]]), 1: np.array([[0.5, 0.5], [0.25, 0.75]])}
        >>> Y = np.array([[1.0, 0.0], [0.0, 1.0]])
        >>> W_g, b_g = backward_pass(Y, {1: None}, A, {1: np.zeros((3, 2))})
        >>> print(W_g[1].tolist(), b_g[1].tolist())
        [[-0.5, 0.5], [-0.75, 0.75], [-1.5, 1.5]] [-0.25, 0.25]
    """
    _, g_prime = ACTIVATIONS[hidden]
    L = len(W)
    W_g, b_g = {}, {}
    ### BEGIN SOLUTION
    Z_g = output_gradient(Y, A[L])
    for l in range(L, 1, -1):
        W_g[l], b_g[l], A_g = layer_backward(Z_g, A[l - 1], W[l])
        Z_g = A_g * g_prime(Z[l - 1])
    W_g[1] = A[0].T @ Z_g
    b_g[1] = Z_g.T @ np.ones(len(Z_g), Z_g.dtype)
    return W_g, b_g
    ### END SOLUTION
