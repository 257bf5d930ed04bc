"""How wrong a prediction is, as one number: the squared error and the categorical cross-entropy.

Both are sums over the points, as in the lecture, not means.
"""

import numpy as np


def one_hot(labels, k, dtype=np.float64):
    """Labels as a matrix: row i is 0 everywhere but at the class of point i, where it is 1.

    Equation:  Y_ij = 1 where j = labels_i, else 0

    Arguments:
        labels: shape (n,), integers in 0..k-1.
        k: the number of classes, an int.
        dtype: the dtype of the result. Take that of the data: a float64 here widens a float32 network to float64.

    Returns:
        Y, shape (n, k).

    Raises:
        ValueError: when a label is not in 0..k-1; the message names it.

    Example:
        >>> print(one_hot(np.array([2, 0]), 3))
        [[0. 0. 1.]
         [1. 0. 0.]]
    """
    labels = np.asarray(labels)
    outside = labels[(labels < 0) | (labels >= k)]
    if outside.size:
        raise ValueError(f"label {outside[0]} is not one of the classes 0..{k - 1}")
    ### BEGIN SOLUTION
    n = len(labels)
    Y = np.zeros((n, k), dtype=dtype)
    Y[np.arange(n), labels] = 1
    return Y
    ### END SOLUTION


def squared_error(y, y_hat):
    """The squared-error loss of regression.

    Equation:  L = 1/2 (y_hat - y)^T (y_hat - y) = 1/2 sum over i of (y_hat_i - y_i)^2,  a sum, not a mean

    Arguments:
        y: the true values, shape (n,) or (n, 1).
        y_hat: the predicted values, of the same shape as y.

    Returns:
        The loss, a float, at least 0.

    Raises:
        ValueError: for any other pair of shapes; the message names both. NumPy would stretch (n,) against (n, 1) to
            (n, n) and give a wrong number without a word.

    Example:
        >>> squared_error(np.array([1.0, 2.0]), np.array([1.5, 4.0]))
        2.125
    """
    ### BEGIN SOLUTION
    y, y_hat = np.asarray(y), np.asarray(y_hat)
    if y.shape != y_hat.shape or not (y.ndim == 1 or (y.ndim == 2 and y.shape[1] == 1)):
        raise ValueError(f"y has shape {y.shape} and y_hat has shape {y_hat.shape}: give two (n,) or two (n, 1)")
    return float(0.5 * np.sum((y_hat - y) * (y_hat - y)))
    ### END SOLUTION


def cross_entropy(Y, Y_hat):
    """The categorical cross-entropy loss of classification.

    Equation:  L = -1_n^T (Y * log Y_hat) 1_k = - sum over i, j of  Y_ij log(Y_hat_ij),  a sum, not a mean

    Arguments:
        Y: the targets, shape (n, k): one-hot labels, or weights in [0, 1] such as (0.9, 0.1).
        Y_hat: predicted probabilities, shape (n, k), entries in [0, 1].

    Returns:
        The loss, a float, at least 0. Where Y_ij is 0 the term is 0, even if Y_hat_ij is 0 too. Where the true class
        was given probability 0 the loss is infinite. It is never NaN, and there is no warning.

    Raises:
        ValueError: when the shapes differ; the message names both.

    Example: the true classes were given the probabilities 1/2 and 1/4; log 2 + log 4 = 3 log 2.
        >>> Y = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
        >>> Y_hat = np.array([[0.5, 0.5, 0.0], [0.25, 0.25, 0.5]])
        >>> round(cross_entropy(Y, Y_hat), 4)
        2.0794
    """
    if np.shape(Y) != np.shape(Y_hat):
        raise ValueError(f"Y has shape {np.shape(Y)} but Y_hat has shape {np.shape(Y_hat)}: give two (n, k)")
    ### BEGIN SOLUTION
    Y, Y_hat = np.asarray(Y), np.asarray(Y_hat)
    p = np.where(Y == 0, 1, Y_hat)  # 0 log 0 counts as 0, but NumPy makes it NaN; 0 log 1 is 0 for NumPy too
    with np.errstate(divide="ignore"):  # log 0 = -infinity is meant
        return float(-np.sum(Y * np.log(p)))
    ### END SOLUTION
