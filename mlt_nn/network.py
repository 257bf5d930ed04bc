"""A feedforward network: its parameters, its forward pass, and what its output says.

A network is two dicts keyed by layer, as on the board: W[l] of shape (S_{l-1}, S_l) and b[l] of shape (S_l,), for
l = 1..L. The sizes (S_0, ..., S_L) count the neurons of the layers: S_0 = m features, S_L = 1 or k classes.
"""

import numpy as np

from mlt_nn.activations import ACTIVATIONS, identity, softmax

OUTPUTS = {"softmax": softmax, "identity": identity}


def count_parameters(sizes):
    """How many numbers the network has to learn: all weights and all biases.

    Equation:  sum over l = 1..L of  S_{l-1} S_l + S_l

    Arguments:
        sizes: the layer sizes (S_0, ..., S_L), a tuple or list of integers, L >= 1.

    Returns:
        The number of parameters, an int.

    Example: 3 inputs, 4 hidden neurons, 2 outputs make 12 + 4 weights and biases, then 8 + 2.
        >>> count_parameters((3, 4, 2))
        26
    """
    # Your lines go here, in the place of this error.
    raise NotImplementedError(
        "count_parameters is yours to write: open mlt_nn/network.py; "
        "notebook 03_forward_pass explains it under 'Count the parameters'."
    )


def initialize(sizes, rng, dtype=np.float64):
    """The parameters before training: every weight and every bias drawn at random.

    Equation:  W[l]_ij ~ N(0, 1),  b[l]_j ~ N(0, 1)

    Arguments:
        sizes: the layer sizes (S_0, ..., S_L), a tuple or list of integers, L >= 1.
        rng: a NumPy random generator, as made by np.random.default_rng(seed).
        dtype: np.float64 or np.float32; the dtype of every array returned.

    Returns:
        W, b: dicts with keys 1..L; W[l] has shape (S_{l-1}, S_l), b[l] has shape (S_l,).
        Drawn in this order, so that everybody's numbers are the same: W[1], b[1], W[2], b[2], ...

    Example:
        >>> W, b = initialize((3, 4, 2), np.random.default_rng(0))
        >>> print(W[1].shape, b[1].shape, W[2].shape, b[2].shape)
        (3, 4) (4,) (4, 2) (2,)
    """
    W, b = {}, {}
    # Your lines go here, in the place of this error.
    raise NotImplementedError(
        "initialize is yours to write: open mlt_nn/network.py; "
        "notebook 03_forward_pass explains it under 'Draw the first weights'."
    )


def forward_pass(X, W, b, hidden="sigmoid", output="softmax"):
    """The forward pass: what every layer makes of the points, from the input to the output.

    Equations:  A_0 = X;  for l = 1..L:  Z_l = A_{l-1} W_l + b_l,  A_l = g(Z_l)

    Arguments:
        X: the points as rows, shape (n, m), float32 or float64.
        W, b: the parameters, dicts with keys 1..L; W[l] has shape (S_{l-1}, S_l), b[l] has shape (S_l,).
        hidden: the activation of the layers 1..L-1: "sigmoid", "tanh", "relu" or "identity".
        output: the activation of layer L: "softmax" for classification, "identity" for regression.

    Returns:
        Z: pre-activations, a dict with keys 1..L; Z[l] has shape (n, S_l).
        A: activations, a dict with keys 0..L; A[0] is X, A[L] is the output of the network.
        The dtype is that of X, W and b.

    Example: one point, two features, three hidden neurons, one output.
        >>> W = {1: np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]]), 2: np.array([[1.0], [1.0], [1.0]])}
        >>> b = {1: np.zeros(3), 2: np.array([0.5])}
        >>> Z, A = forward_pass(np.array([[1.0, 3.0]]), W, b, hidden="relu", output="identity")
        >>> print(Z[1], A[1], A[2])
        [[ 1.  3. -1.]] [[1. 3. 0.]] [[4.5]]
    """
    g, _ = ACTIVATIONS[hidden]
    g_output = OUTPUTS[output]
    L = len(W)
    Z, A = {}, {0: X}
    # Your lines go here, in the place of this error.
    raise NotImplementedError(
        "forward_pass is yours to write: open mlt_nn/network.py; "
        "notebook 03_forward_pass explains it under 'Write the forward pass'."
    )


def predict(Y_hat):
    """Inference: for each point the class with the largest probability.

    Equation:  label_i = argmax over j of  Y_hat_ij

    Arguments:
        Y_hat: the output of the network, shape (n, k).

    Returns:
        The predicted labels, shape (n,), integers in 0..k-1.

    Example:
        >>> print(predict(np.array([[0.1, 0.7, 0.2], [0.6, 0.3, 0.1]])))
        [1 0]
    """
    # Your lines go here, in the place of this error.
    raise NotImplementedError(
        "predict is yours to write: open mlt_nn/network.py; "
        "notebook 03_forward_pass explains it under 'Turn probabilities into a prediction'."
    )


def accuracy(labels, predicted):
    """The share of the points that are predicted right.

    Equation:  (number of i with labels_i = predicted_i) / n

    Arguments:
        labels: the true labels, shape (n,), integers.
        predicted: the predicted labels, shape (n,), integers.

    Returns:
        The accuracy, a float in [0, 1].

    Raises:
        ValueError: when the shapes differ; the message names both. NumPy would compare (n,) with (n, 1) as a table.

    Example:
        >>> accuracy(np.array([2, 0, 1, 1]), np.array([2, 0, 0, 1]))
        0.75
    """
    if np.shape(labels) != np.shape(predicted):
        raise ValueError(f"labels have shape {np.shape(labels)} but predicted has {np.shape(predicted)}: give two (n,)")
    # Your lines go here, in the place of this error.
    raise NotImplementedError(
        "accuracy is yours to write: open mlt_nn/network.py; "
        "notebook 08_mnist explains it under 'Write the accuracy'."
    )
