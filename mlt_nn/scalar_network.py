"""The smallest network with a hidden layer: x -> (w1, b1) -> a1 -> (w2, b2) -> y_hat. Every quantity is one number."""


def forward(x, w1, b1, w2, b2, g):
    """The forward pass of two neurons in a row.

    Equations:  z1 = w1 x + b1,  a1 = g(z1),  z2 = w2 a1 + b2,  a2 = g(z2)

    Arguments:
        x: the input, a number.
        w1, b1, w2, b2: the weights and biases, numbers.
        g: the activation function of both neurons, a callable.

    Returns:
        z1, a1, z2, a2: four numbers; the last one is y_hat.

    Example:
        >>> forward(2.0, 3.0, 1.0, -1.0, 0.5, lambda z: 10 * z)
        (7.0, 70.0, -69.5, -695.0)
    """
    # Your lines go here, in the place of this error.
    raise NotImplementedError(
        "forward is yours to write: open mlt_nn/scalar_network.py; "
        "notebook 05_scalar_backpropagation explains it under 'Write the forward pass of two neurons'."
    )


def loss(y, y_hat):
    """The squared-error loss of one point.

    Equation:  L = 1/2 (y_hat - y)^2

    Arguments:
        y: the true value, a number.
        y_hat: the predicted value, a number.

    Returns:
        The loss, a number, at least 0.

    Example:
        >>> loss(1.0, 4.0)
        4.5
    """
    # Your lines go here, in the place of this error.
    raise NotImplementedError(
        "loss is yours to write: open mlt_nn/scalar_network.py; "
        "notebook 05_scalar_backpropagation explains it under 'Write the loss of one point'."
    )


def backward(x, y, w2, z1, a1, z2, a2, g_prime):
    """The backward pass of two neurons in a row: the chain rule, from the loss back to the first weight.

    Equations:  dL/dw2 = (y_hat - y) g'(z2) a1        dL/db2 = (y_hat - y) g'(z2)
                dL/da1 = (y_hat - y) g'(z2) w2
                dL/dw1 = dL/da1 g'(z1) x              dL/db1 = dL/da1 g'(z1)

    Arguments:
        x, y: the input and the true value, numbers.
        w2: the second weight, a number. The first weight and the biases do not occur in the equations.
        z1, a1, z2, a2: what `forward` returned; a2 is y_hat.
        g_prime: the derivative of the activation function, a callable; it is given z, not g(z).

    Returns:
        w1_g, b1_g, w2_g, b2_g: the derivatives of the loss, four numbers.

    Example: with g(z) = 10 z the slope is 10 everywhere.
        >>> backward(2.0, 1.0, -1.0, 7.0, 70.0, -69.5, -695.0, lambda z: 10.0)
        (139200.0, 69600.0, -487200.0, -6960.0)
    """
    # Your lines go here, in the place of this error.
    raise NotImplementedError(
        "backward is yours to write: open mlt_nn/scalar_network.py; "
        "notebook 05_scalar_backpropagation explains it under 'Write the backward pass of two neurons'."
    )
