"""A second opinion on a gradient: measure it, and compare."""

import numpy as np


def numerical_gradient(f, theta, h=1e-5):
    """The gradient of f, measured by wiggling one entry of theta at a time: central differences.

    Equation:  df/dtheta_i is about  (f(theta + h e_i) - f(theta - h e_i)) / (2 h),  e_i = 1 at entry i, 0 elsewhere

    Arguments:
        f: a function that takes an array of the shape of theta and returns a number.
        theta: where to measure: a number or a float64 array of any shape. It is left unchanged.
        h: half the width of the wiggle, a small positive number.

    Returns:
        The gradient, float64, an array of the shape of theta.

    Example: f = theta_1^2 + 3 theta_2 has the gradient (2 theta_1, 3).
        >>> f = lambda theta: theta[0] ** 2 + 3 * theta[1]
        >>> print(numerical_gradient(f, np.array([2.0, 5.0])).round(6))
        [4. 3.]
    """
    # Your lines go here, in the place of this error.
    raise NotImplementedError(
        "numerical_gradient is yours to write: open mlt_nn/gradient_check.py; "
        "notebook 05_scalar_backpropagation explains it under 'Write the numerical gradient'."
    )


def relative_error(a, b):
    """How far two gradients are apart, measured against their own size: the worst entry counts.

    Equation:  largest over i of  |a_i - b_i| / max(|a_i|, |b_i|),  with 0 where both are 0

    Read it as a ladder: 1e-2 wrong, 1e-4 suspicious, 1e-7 right (float64, smooth functions).

    Arguments:
        a, b: two numbers or two arrays of the same shape.

    Returns:
        The relative error, a float: 0 when they agree, 2 at most, for opposite signs.

    Raises:
        ValueError: when the shapes differ; the message names both.

    Example:
        >>> relative_error(np.array([0.0, 4.0]), np.array([0.0, 5.0]))
        0.2
    """
    if np.shape(a) != np.shape(b):
        raise ValueError(f"a has shape {np.shape(a)} but b has shape {np.shape(b)}: they must be alike")
    # Your lines go here, in the place of this error.
    raise NotImplementedError(
        "relative_error is yours to write: open mlt_nn/gradient_check.py; "
        "notebook 05_scalar_backpropagation explains it under 'Write the relative error'."
    )
