"""Against overfitting: L1 and L2 change the loss, dropout changes the network."""

import numpy as np

from mlt_nn.activations import ACTIVATIONS
from mlt_nn.backpropagation import layer_backward, output_gradient
from mlt_nn.network import OUTPUTS


def l1_penalty(W, strength):
    """What L1 regularization adds to the loss.

    Equation:  lambda * sum over all l, i, j of |W[l]_ij|.  Biases are not penalised.

    Arguments:
        W: the weights, a dict with keys 1..L.
        strength: lambda, a number, at least 0.

    Returns:
        The penalty, a float.

    Example:
        >>> l1_penalty({1: np.array([[1.0, -2.0, 3.0]]), 2: np.array([[4.0], [0.0], [-6.0]])}, 0.5)
        8.0
    """
    ### BEGIN SOLUTION
    return float(strength * sum(np.sum(np.abs(W[l])) for l in W))
    ### END SOLUTION


def l2_penalty(W, strength):
    """What L2 regularization adds to the loss.

    Equation:  lambda / 2 * sum over all l, i, j of W[l]_ij^2.  Biases are not penalised.

    Arguments:
        W: the weights, a dict with keys 1..L.
        strength: lambda, a number, at least 0.

    Returns:
        The penalty, a float.

    Example:
        >>> l2_penalty({1: np.array([[1.0, -2.0, 3.0]]), 2: np.array([[4.0], [0.0], [-6.0]])}, 0.5)
        16.5
    """
    ### BEGIN SOLUTION
    return float(strength / 2 * sum(np.sum(W[l] * W[l]) for l in W))
    ### END SOLUTION


def l1_gradient(W, strength):
    """The gradient of the L1 penalty: every weight is pulled towards 0 equally hard.

    Equation:  lambda * sign(W[l]),  and 0 where a weight is 0

    Arguments:
        W: the weights, a dict with keys 1..L. They are left unchanged.
        strength: lambda, a number, at least 0.

    Returns:
        A dict with keys 1..L; each entry has the shape and dtype of W[l]. Add it to W_g[l].

    Example:
        >>> print(l1_gradient({1: np.array([[1.0, -2.0, 0.0]])}, 0.5)[1].tolist())
        [[0.5, -0.5, 0.0]]
    """
    ### BEGIN SOLUTION
    return {l: strength * np.sign(W[l]) for l in W}
    ### END SOLUTION


def l2_gradient(W, strength):
    """The gradient of the L2 penalty: a weight is pulled towards 0 the harder, the larger it is.

    Equation:  lambda * W[l]

    Arguments:
        W: the weights, a dict with keys 1..L. They are left unchanged.
        strength: lambda, a number, at least 0.

    Returns:
        A dict with keys 1..L; each entry has the shape and dtype of W[l]. Add it to W_g[l].

    Example:
        >>> print(l2_gradient({1: np.array([[1.0, -2.0, 0.0]])}, 0.5)[1].tolist())
        [[0.5, -1.0, 0.0]]
    """
    ### BEGIN SOLUTION
    return {l: strength * W[l] for l in W}
    ### END SOLUTION


def dropout_mask(size, rng):
    """Which neurons of a hidden layer stay in this iteration: a random half.

    Equation:  mask_j = 0 for size // 2 neurons chosen at random (dropped), 1 for the others (kept)

    Arguments:
        size: S_l, the number of neurons in the layer, an int.
        rng: a NumPy random generator, as made by np.random.default_rng(seed).

    Returns:
        The mask, shape (size,), int8, so that a float32 network multiplied by it stays float32.

    Example:
        >>> mask = dropout_mask(7, np.random.default_rng(0))
        >>> print(mask.shape, int(mask.sum()))
        (7,) 4
    """
    mask = np.ones(size, dtype=np.int8)
    ### BEGIN SOLUTION
    dropped = rng.permutation(size)[: size // 2]
    mask[dropped] = 0
    return mask
    ### END SOLUTION


def dropout_forward(X, W, b, masks, hidden="sigmoid", output="softmax"):
    """The forward pass of the thinned network: dropped neurons pass on 0.

    Equations:  A_0 = X;  for l = 1..L:  Z_l = A_{l-1} W_l + b_l,  A_l = g(Z_l) * mask_l  (no mask on the output layer)

    Arguments:
        X, W, b, hidden, output: as in `forward_pass`.
        masks: a dict with keys 1..L-1; masks[l] has shape (S_l,), 0 for dropped, 1 for kept, the same for all points.
            Draw the masks once for each iteration and give the same ones to `dropout_backward`.

    Returns:
        Z, A: as in `forward_pass`; the columns of dropped neurons in A[l] are 0.

    Example: the second of three hidden neurons is dropped.
        >>> W = {1: np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]]), 2: np.array([[1.0], [1.0], [1.0]])}
        >>> b = {1: np.zeros(3), 2: np.array([0.5])}
        >>> masks = {1: np.array([1, 0, 1])}
        >>> Z, A = dropout_forward(np.array([[1.0, 3.0]]), W, b, masks, hidden="relu", output="identity")
        >>> print(A[1], A[2])
        [[1. 0. 0.]] [[1.5]]
    """
    g, _ = ACTIVATIONS[hidden]
    g_output = OUTPUTS[output]
    L = len(W)
    Z, A = {}, {0: X}
    ### BEGIN SOLUTION
    for l in range(1, L + 1):
        Z[l] = A[l - 1] @ W[l] + b[l]
        A[l] = g(Z[l]) * masks[l] if l < L else g_output(Z[l])
    return Z, A
    ### END SOLUTION


def dropout_backward(Y, Z, A, W, masks, hidden="sigmoid"):
    """The backward pass of the thinned network: no gradient flows through a dropped neuron.

    Equations:  as in `backward_pass`, with  Z_g[l] = A_g[l] * mask_l * g'(Z[l])  in the hidden layers

    Arguments:
        Y, W, hidden: as in `backward_pass`.
        Z, A: as `dropout_forward` returned them.
        masks: the very masks that were given to `dropout_forward`.

    Returns:
        W_g, b_g: as in `backward_pass`; 0 for every edge into or out of a dropped neuron, and for its bias.

    Example: the second hidden neuron was dropped; it has no part in the gradients. All biases are 0.
        >>> A = {0: np.array([[1.0, 3.0]]), 1: np.array([[1.0, 0.0, 6.0]]), 2: np.array([[7.5]])}
        >>> Z = {1: np.array([[1.0, 3.0, 6.0]]), 2: np.array([[7.5]])}
        >>> W = {1: np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 2.0]]), 2: np.array([[1.5], [1.0], [1.0]])}
        >>> W_g, b_g = dropout_backward(np.array([[7.0]]), Z, A, W, {1: np.array([1, 0, 1])}, hidden="relu")
        >>> print(W_g[1].tolist(), W_g[2].tolist())
        [[0.75, 0.0, 0.5], [2.25, 0.0, 1.5]] [[0.5], [0.0], [3.0]]
    """
    _, g_prime = ACTIVATIONS[hidden]
    L = len(W)
    W_g, b_g = {}, {}
    ### BEGIN SOLUTION
    Z_g = output_gradient(Y, A[L])
    for l in range(L, 1, -1):
        W_g[l], b_g[l], A_g = layer_backward(Z_g, A[l - 1], W[l])
        Z_g = A_g * masks[l - 1] * g_prime(Z[l - 1])
    W_g[1] = A[0].T @ Z_g
    b_g[1] = Z_g.T @ np.ones(len(Z_g), Z_g.dtype)
    return W_g, b_g
    ### END SOLUTION


def halve_outgoing_weights(W):
    """The full network for inference: the weights that leave a hidden layer are halved.

    In training only half of the hidden neurons were there; now all of them are, so each counts half.

    Equation:  W[1] stays,  W[l] / 2 for l >= 2.  Biases stay.

    Arguments:
        W: the weights, a dict with keys 1..L. They are left unchanged.

    Returns:
        A new dict with keys 1..L, same shapes and dtypes.

    Example:
        >>> halved = halve_outgoing_weights({1: np.array([[1.0, 2.0]]), 2: np.array([[3.0], [4.0]])})
        >>> print(halved[1].tolist(), halved[2].tolist())
        [[1.0, 2.0]] [[1.5], [2.0]]
    """
    ### BEGIN SOLUTION
    return {l: W[l] if l == 1 else W[l] / 2 for l in W}
    ### END SOLUTION
