"""The second opinion with unit matrices and loops."""

import numpy as np


def numerical_gradient(f, theta, h=1e-5):
    theta = np.asarray(theta, dtype=np.float64)
    slopes = []
    for unit in np.eye(theta.size):
        e = unit.reshape(theta.shape)
        slopes.append((f(theta + h * e) - f(theta - h * e)) / h / 2)
    return np.array(slopes).reshape(theta.shape)


def relative_error(a, b):
    if np.shape(a) != np.shape(b):
        raise ValueError(f"{np.shape(a)} and {np.shape(b)} differ")
    worst = 0.0
    for one, other in zip(np.ravel(a), np.ravel(b), strict=True):
        if one != other:
            worst = max(worst, abs(one - other) / max(abs(one), abs(other)))
    return worst
