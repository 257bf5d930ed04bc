"""Gradient descent: forward pass, loss, backward pass, a step downhill, again and again."""

import numpy as np

from mlt_nn.backpropagation import backward_pass
from mlt_nn.losses import cross_entropy, squared_error
from mlt_nn.network import forward_pass

# The loss that belongs to each output activation: with these pairs the output gradient is Y_hat - Y.
LOSSES = {"softmax": cross_entropy, "identity": squared_error}


def update(W, b, W_g, b_g, learning_rate):
    """One step of gradient descent: every parameter moves a little against its gradient.

    Equation:  theta = theta - alpha theta_g,  for every W[l] and b[l]

    Arguments:
        W, b: the parameters, dicts with keys 1..L. They are left unchanged.
        W_g, b_g: their gradients, dicts with the same keys and shapes.
        learning_rate: alpha, a positive number.

    Returns:
        W, b: new dicts with new arrays, of the same shapes and dtypes.

    Example:
        >>> W, b = {1: np.array([[1.0], [2.0]])}, {1: np.array([3.0])}
        >>> W_g, b_g = {1: np.array([[10.0], [-10.0]])}, {1: np.array([0.0])}
        >>> new_W, new_b = update(W, b, W_g, b_g, learning_rate=0.125)
        >>> print(new_W[1].tolist(), new_b[1].tolist(), W[1].tolist())
        [[-0.25], [3.25]] [3.0] [[1.0], [2.0]]
    """
    # Your lines go here, in the place of this error.
    raise NotImplementedError(
        "update is yours to write: open mlt_nn/gradient_descent.py; "
        "notebook 07_gradient_descent explains it under 'Write one step'."
    )


def minibatches(n, size, rng):
    """The points of one epoch, shuffled and cut into mini-batches.

    Arguments:
        n: the number of points, an int.
        size: the number of points in a mini-batch, an int; the last one has fewer when n is not a multiple of size.
        rng: a NumPy random generator, as made by np.random.default_rng(seed).

    Returns:
        A list of integer arrays: the row numbers of each mini-batch. Together they hold each of 0..n-1 exactly once.

    Example:
        >>> parts = minibatches(7, 3, np.random.default_rng(0))
        >>> print([len(rows) for rows in parts], sorted(int(i) for rows in parts for i in rows))
        [3, 3, 1] [0, 1, 2, 3, 4, 5, 6]
    """
    # Your lines go here, in the place of this error.
    raise NotImplementedError(
        "minibatches is yours to write: open mlt_nn/gradient_descent.py; "
        "notebook 07_gradient_descent explains it under 'Write the mini-batches'."
    )


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
    """Gradient descent for some epochs; an epoch is one pass over all points.

    Algorithm:  for e = 1..E:  Y_hat = forward-pass(X),  epoch_loss = loss(Y, Y_hat),
                theta_g = backward-pass(Y, Y_hat),  theta = theta - alpha theta_g.
                With mini-batches these four lines run once for each mini-batch.

    Arguments:
        X: the points, shape (n, m).
        Y: the targets, shape (n, k) one-hot, or (n, 1) for regression. Same dtype as X, or the network is widened.
        W, b: the parameters to start from, dicts with keys 1..L. They are left unchanged.
        hidden, output: the activations, as in `forward_pass`. "softmax" is trained with the cross-entropy,
            "identity" with the squared error.
        learning_rate: alpha, a positive number. The loss is a sum: more points make longer steps.
        epochs: E, an int.
        batch_size: points in a mini-batch; None means all points at once, the lecture's algorithm.
        rng: a NumPy random generator that shuffles the points; needed with a batch_size, unused without.
        on_epoch: None, or a function that is called as on_epoch(epoch, W, b, loss) after each epoch, epoch = 1..E.

    Returns:
        W, b: the trained parameters, new dicts.
        history: {"loss": a list with the loss of each epoch, a float}: the losses of its mini-batches summed, each as
            it was before its update.

    Raises:
        ValueError: when batch_size is given without rng.

    Example: the loss of logistic regression on two points goes down.
        >>> X, Y = np.array([[0.0], [1.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])
        >>> W, b = {1: np.zeros((1, 2))}, {1: np.zeros(2)}
        >>> W, b, history = train(X, Y, W, b, learning_rate=1.0, epochs=3)
        >>> len(history["loss"]), history["loss"][0] > history["loss"][1] > history["loss"][2]
        (3, True)
    """
    if batch_size is not None and rng is None:
        raise ValueError("mini-batches are shuffled: give rng=np.random.default_rng(a seed) along with batch_size")
    loss = LOSSES[output]
    L = len(W)
    history: dict[str, list[float]] = {"loss": []}
    # Your lines go here, in the place of this error.
    raise NotImplementedError(
        "train is yours to write: open mlt_nn/gradient_descent.py; "
        "notebook 07_gradient_descent explains it under 'Write the training loop'."
    )
