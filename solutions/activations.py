"""Activation functions, their derivatives, and the softmax of the output layer.

Every function here works on a number and on an array of any shape; the softmax alone looks at whole rows.
"""

import numpy as np


def sigmoid(z):
    """The sigmoid, element by element: squeezes every number into (0, 1).

    Equation:  g(z) = 1 / (1 + e^-z)

    Arguments:
        z: a number or an array of any shape, float32 or float64.

    Returns:
        g(z), same shape and dtype as z. Right at +-1000 too, without overflow and without a warning:
        e^1000 is too large for a float, e^-1000 is not.

    Example:
        >>> print(sigmoid(np.array([-1000.0, 0.0, 1000.0])))
        [0.  0.5 1. ]
    """
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(z))  # the exponent is never positive, so e never overflows
    # Above the bar 1 where z >= 0 and e elsewhere: True counts as 1, False as 0, and e lies between the two.
    return np.maximum(e, np.asarray(z) >= 0) / (1 + e)
    ### END SOLUTION


def tanh(z):
    """The hyperbolic tangent, element by element: squeezes every number into (-1, 1).

    Equation:  g(z) = (e^z - e^-z) / (e^z + e^-z)

    Arguments:
        z: a number or an array of any shape, float32 or float64.

    Returns:
        g(z), same shape and dtype as z. Right at +-1000 too, without overflow and without a warning.

    Example:
        >>> print(tanh(np.array([-1000.0, 0.0, 1000.0])))
        [-1.  0.  1.]
    """
    ### BEGIN SOLUTION
    return np.tanh(z)
    ### END SOLUTION


def relu(z):
    """The rectified linear unit, element by element: lets positive numbers pass and stops the others.

    Equation:  g(z) = z where z >= 0, else 0

    Arguments:
        z: a number or an array of any shape, float32 or float64.

    Returns:
        g(z), same shape and dtype as z. z itself is left unchanged.

    Example:
        >>> print(relu(np.array([-2.0, 0.0, 3.0])))
        [0. 0. 3.]
    """
    ### BEGIN SOLUTION
    return np.maximum(z, 0)
    ### END SOLUTION


def identity(z):
    """The identity: the activation of the output layer in regression, where any real number may come out.

    Equation:  g(z) = z

    Arguments:
        z: a number or an array of any shape, float32 or float64.

    Returns:
        g(z), same shape and dtype as z.

    Example:
        >>> print(identity(np.array([-2.0, 0.0, 3.0])))
        [-2.  0.  3.]
    """
    ### BEGIN SOLUTION
    return z
    ### END SOLUTION


def sigmoid_prime(z):
    """The slope of the sigmoid, as a function of the pre-activation z (not of g(z)).

    Equation:  g'(z) = g(z) (1 - g(z))

    Arguments:
        z: a number or an array of any shape, float32 or float64.

    Returns:
        g'(z), same shape and dtype as z: at most 1/4, at z = 0; 0 far away from it.

    Example:
        >>> print(sigmoid_prime(np.array([-1000.0, 0.0, 1000.0])))
        [0.   0.25 0.  ]
    """
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(z))  # the slope is the same at z and at -z, so the exponent need not be positive here either
    return e / (1 + e) ** 2  # e^-z / (1 + e^-z)^2 is g(z) (1 - g(z))
    ### END SOLUTION


def tanh_prime(z):
    """The slope of tanh, as a function of the pre-activation z (not of g(z)).

    Equation:  g'(z) = 1 - g(z)^2

    Arguments:
        z: a number or an array of any shape, float32 or float64.

    Returns:
        g'(z), same shape and dtype as z: at most 1, at z = 0; 0 far away from it.

    Example:
        >>> print(tanh_prime(np.array([-1000.0, 0.0, 1000.0])))
        [0. 1. 0.]
    """
    ### BEGIN SOLUTION
    a = tanh(z)
    return 1 - a * a
    ### END SOLUTION


def relu_prime(z):
    """The slope of the ReLU, as a function of the pre-activation z.

    Equation:  g'(z) = 1 where z > 0, 0 where z < 0

    At z = 0 the ReLU has a kink and no slope: any value in [0, 1] is accepted there.

    Arguments:
        z: a number or an array of any shape, float32 or float64.

    Returns:
        g'(z), same shape and dtype as z.

    Example:
        >>> print(relu_prime(np.array([-2.0, 0.5, 3.0])))
        [0. 1. 1.]
    """
    ### BEGIN SOLUTION
    return np.greater(z, 0).astype(np.result_type(z))  # True becomes 1, False becomes 0
    ### END SOLUTION


def identity_prime(z):
    """The slope of the identity: 1 everywhere.

    Equation:  g'(z) = 1

    Arguments:
        z: a number or an array of any shape, float32 or float64.

    Returns:
        g'(z), same shape and dtype as z: as many ones as z has entries.

    Example:
        >>> print(identity_prime(np.array([-2.0, 0.0, 3.0])))
        [1. 1. 1.]
    """
    ### BEGIN SOLUTION
    return np.ones_like(z)
    ### END SOLUTION


def softmax(Z):
    """The softmax: turns each row of numbers into a probability distribution.

    Equation:  A_ij = e^(Z_ij) / (e^(Z_i1) + ... + e^(Z_ik)),  each row i by itself

    Arguments:
        Z: pre-activations of the output layer, shape (n, k): n points, k classes; float32 or float64.

    Returns:
        A, shape (n, k), same dtype: positive entries, each row sums to 1. Right for entries of +-1000 too: subtracting
        a number from a whole row does not change its softmax, so subtract the largest one first.

    Example:
        >>> Z = np.array([[0.0, 0.0, 0.0], [1000.0, 1000.0, 0.0]])
        >>> print(softmax(Z).round(2))
        [[0.33 0.33 0.33]
         [0.5  0.5  0.  ]]
    """
    ### BEGIN SOLUTION
    Z = np.asfortranarray(Z)  # column by column in memory, where NumPy takes sums and maxima of rows five times faster
    E = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return E / np.sum(E, axis=1, keepdims=True)
    ### END SOLUTION


# Each activation with its derivative, by name: a network is told "relu" and looks both up here.
ACTIVATIONS = {
    "sigmoid": (sigmoid, sigmoid_prime),
    "tanh": (tanh, tanh_prime),
    "relu": (relu, relu_prime),
    "identity": (identity, identity_prime),
}
