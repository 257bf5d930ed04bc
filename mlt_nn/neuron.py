"""One artificial neuron: a linear combination of its inputs, then a non-linear activation."""

import numpy as np


def pre_activation(a, w, b):
    """The pre-activation of one neuron: how strongly its inputs, taken together, drive it.

    Equation:  z = w_1 a_1 + w_2 a_2 + ... + w_m a_m + b

    Arguments:
        a: inputs, array of shape (m,), float.
        w: weights, array of shape (m,), float; w[i] says how much input a[i] counts.
        b: bias, a number; it shifts z whatever the inputs are.

    Returns:
        z, a number.

    Example:
        >>> a = np.array([1.0, 2.0, 3.0])
        >>> w = np.array([0.5, -1.0, 2.0])
        >>> print(pre_activation(a, w, 0.25))
        4.75
    """
    # Your lines go here, in the place of this error.
    raise NotImplementedError(
        "pre_activation is yours to write: open mlt_nn/neuron.py; "
        "notebook 01_neuron explains it under 'Write the pre-activation'."
    )


def neuron(a, w, b, g):
    """The activation of one neuron. With the sigmoid for g, this is logistic regression.

    Equation:  a_out = g(z)  with  z = pre_activation(a, w, b)

    Arguments:
        a: inputs, array of shape (m,), float.
        w: weights, array of shape (m,), float.
        b: bias, a number.
        g: the activation function, a callable that takes z and returns g(z).

    Returns:
        The activation g(z), a number.

    Example:
        >>> a = np.array([1.0, 2.0, 3.0])
        >>> w = np.array([0.5, -1.0, 2.0])
        >>> print(neuron(a, w, 0.25, lambda z: 10 * z))
        47.5
    """
    # Your lines go here, in the place of this error.
    raise NotImplementedError(
        "neuron is yours to write: open mlt_nn/neuron.py; "
        "notebook 01_neuron explains it under 'Write the neuron'."
    )
