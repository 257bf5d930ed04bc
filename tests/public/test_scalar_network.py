"""What `check` asks of mlt_nn/scalar_network.py."""

import math

from mlt_nn.grading import assert_matches, exercise
from mlt_nn.grading.mistakes import telling


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def sigmoid_slope(z):
    return math.exp(-z) / (1 + math.exp(-z)) ** 2


def wrong_forwards(x, w1, b1, w2, b2, g):
    """What the usual mistakes make of z1, a1, z2, a2."""
    z1 = w1 * x + b1
    a1 = g(z1)
    z2 = w2 * a1 + b2
    a2 = g(z2)
    from_z1 = w2 * z1 + b2
    from_x = w2 * x + b2
    without_b = w1 * x, g(w1 * x), w2 * g(w1 * x), g(w2 * g(w1 * x))
    return {
        "The second neuron was fed with z1; it is fed with a1.": (z1, a1, from_z1, g(from_z1)),
        "The second neuron was fed with x; it is fed with a1.": (z1, a1, from_x, g(from_x)),
        "You forgot the biases b1 and b2.": without_b,
        "The second neuron has the activation g too: a2 = g(z2).": (z1, a1, z2, z2),
        "The first neuron has the activation g too: a1 = g(z1).": (z1, z1, from_z1, g(from_z1)),
        "The order is z1, a1, z2, a2.": (z1, z2, a1, a2),
        "You returned y_hat alone; return z1, a1, z2, a2.": a2,
        "You returned the activations alone; return z1, a1, z2, a2.": (a1, a2),
    }


@exercise("scalar_network.forward")
def test_forward_by_hand(student):
    """x = 2, w1 = 3, b1 = 1, w2 = -1, b2 = 0.5 and g(z) = 10 z, by hand: 7, 70, -69.5, -695"""
    arguments = (2.0, 3.0, 1.0, -1.0, 0.5, lambda z: 10 * z)
    got = student.scalar_network.forward(*arguments)
    assert_matches(got, (7.0, 70.0, -69.5, -695.0), name=("z1", "a1", "z2", "a2"), mistakes=wrong_forwards(*arguments))


@exercise("scalar_network.forward")
def test_forward_with_a_square(student):
    """x = -1, w1 = 2, b1 = 0.5, w2 = 2, b2 = -0.5 and g(z) = z^2 + 1: -1.5, 3.25, 6, 37"""
    arguments = (-1.0, 2.0, 0.5, 2.0, -0.5, lambda z: z * z + 1)
    got = student.scalar_network.forward(*arguments)
    assert_matches(got, (-1.5, 3.25, 6.0, 37.0), name=("z1", "a1", "z2", "a2"), mistakes=wrong_forwards(*arguments))


@exercise("scalar_network.forward")
def test_forward_with_the_sigmoid(student):
    """With the sigmoid, as in the lecture"""
    arguments = (1.5, -0.5, 0.25, 2.0, -0.75, sigmoid)
    z2 = 2.0 * sigmoid(-0.5) - 0.75
    got = student.scalar_network.forward(*arguments)
    wanted = (-0.5, sigmoid(-0.5), z2, sigmoid(z2))
    assert_matches(got, wanted, name=("z1", "a1", "z2", "a2"), mistakes=wrong_forwards(*arguments))


def wrong_losses(y, y_hat):
    return {
        "The factor 1/2 is missing.": (y_hat - y) ** 2,
        "The square is missing.": 0.5 * (y_hat - y),
        "The square is missing: 1/2 (y_hat - y)^2.": 0.5 * (y - y_hat),
        "You took the absolute value; the loss is 1/2 (y_hat - y)^2.": abs(y_hat - y),
        "The sign is flipped: a loss is never negative.": -0.5 * (y_hat - y) ** 2,
        "You squared the factor 1/2 too.": 0.25 * (y_hat - y) ** 2,
        "You squared y and y_hat by themselves; square their difference.": 0.5 * (y_hat**2 - y**2),
        "You added y and y_hat; the loss squares their difference.": 0.5 * (y_hat + y) ** 2,
    }


@exercise("scalar_network.loss")
def test_loss_by_hand(student):
    """Predicted 4, true 1: 1/2 * 3^2 = 4.5"""
    assert_matches(student.scalar_network.loss(1.0, 4.0), 4.5, name="the loss", mistakes=wrong_losses(1.0, 4.0))


@exercise("scalar_network.loss")
def test_loss_of_a_low_prediction(student):
    """Too low costs as much as too high, and a perfect prediction costs 0"""
    assert_matches(student.scalar_network.loss(2.0, -3.0), 12.5, name="the loss", mistakes=wrong_losses(2.0, -3.0))
    assert_matches(student.scalar_network.loss(-3.0, 2.0), 12.5, name="the loss", mistakes=wrong_losses(-3.0, 2.0))
    assert_matches(student.scalar_network.loss(0.25, 0.25), 0.0, name="the loss of a perfect prediction")


NAMES = ("w1_g", "b1_g", "w2_g", "b2_g")


def chain(x, error, w2, a1, slope1, slope2):
    """The four derivatives, written out as products."""
    return error * slope2 * w2 * slope1 * x, error * slope2 * w2 * slope1, error * slope2 * a1, error * slope2


def wrong_backwards(x, y, w2, z1, a1, z2, a2, g_prime):
    """What the usual mistakes make of the four derivatives."""
    error, slope1, slope2 = a2 - y, g_prime(z1), g_prime(z2)
    w1_g, b1_g, w2_g, b2_g = chain(x, error, w2, a1, slope1, slope2)
    return {
        "The signs are flipped: the derivative of the loss by y_hat is y_hat - y.": (-w1_g, -b1_g, -w2_g, -b2_g),
        "You gave g_prime the activations a1 and a2; it takes z1 and z2.": chain(
            x, error, w2, a1, g_prime(a1), g_prime(a2)
        ),
        "You gave g_prime the activation a1; it takes z1.": chain(x, error, w2, a1, g_prime(a1), slope2),
        "You gave g_prime the activation a2; it takes z2.": chain(x, error, w2, a1, slope1, g_prime(a2)),
        "The factor g'(z2) is missing.": chain(x, error, w2, a1, slope1, 1.0),
        "The factor g'(z1) is missing on the way to w1 and b1.": chain(x, error, w2, a1, 1.0, slope2),
        "Both factors g'(z2) and g'(z1) are missing.": chain(x, error, w2, a1, 1.0, 1.0),
        "The factor w2 is missing on the way back through the second neuron.": (
            error * slope2 * slope1 * x,
            error * slope2 * slope1,
            w2_g,
            b2_g,
        ),
        "The derivative by a1 is missing on the way to w1 and b1: it stands before g'(z1).": (
            slope1 * x,
            slope1,
            w2_g,
            b2_g,
        ),
        "All four are twice too large: the 1/2 of the loss cancels the 2 of the square.": (
            2 * w1_g,
            2 * b1_g,
            2 * w2_g,
            2 * b2_g,
        ),
        "The factors x in w1_g and a1 in w2_g are missing: the inputs of the two neurons.": (
            b1_g,
            b1_g,
            b2_g,
            b2_g,
        ),
        "In w2_g stands a1, the input of the second neuron, not x.": (w1_g, b1_g, b2_g * x, b2_g),
        "In w2_g stands a1, the input of the second neuron, not z1.": (w1_g, b1_g, b2_g * z1, b2_g),
        "In w2_g stands a1, the input of the second neuron, not its output a2.": (w1_g, b1_g, b2_g * a2, b2_g),
        "In w2_g stands a1, the input of the second neuron, not z2.": (w1_g, b1_g, b2_g * z2, b2_g),
        "In w2_g stands a1, what multiplies w2 in z2, not w2.": (w1_g, b1_g, b2_g * w2, b2_g),
        "You used g'(z2) for both neurons; the first one has g'(z1).": chain(x, error, w2, a1, slope2, slope2),
        "The factor x is missing in w1_g: the input of the first neuron.": (b1_g, b1_g, w2_g, b2_g),
        "The factor a1 is missing in w2_g: the input of the second neuron.": (w1_g, b1_g, b2_g, b2_g),
        "In w1_g stands x, the input of the first neuron, not a1.": (b1_g * a1, b1_g, w2_g, b2_g),
        "In w1_g stands x, the input of the first neuron, not z1.": (b1_g * z1, b1_g, w2_g, b2_g),
        "The way back through the second neuron has the factor w2, not a1.": chain(x, error, a1, a1, slope1, slope2),
        "You swapped a1 and w2: w2_g has the factor a1, the way back to a1 the factor w2.": chain(
            x, error, a1, w2, slope1, slope2
        ),
        "The factors w2 and g'(z1) are missing on the way to w1 and b1.": (b2_g * x, b2_g, w2_g, b2_g),
        "The biases have the input 1: b1_g has no factor x, and b2_g no factor a1.": (w1_g, w1_g, w2_g, w2_g),
        "The factor g'(z2) is missing in b2_g.": (w1_g, b1_g, w2_g, error),
        "The factor g'(z1) is missing in b1_g.": (w1_g, b2_g * w2, w2_g, b2_g),
        "You began with the loss; its derivative by y_hat is y_hat - y.": chain(
            x, 0.5 * error**2, w2, a1, slope1, slope2
        ),
        "You squared the error; the derivative of the loss by y_hat is y_hat - y.": chain(
            x, error**2, w2, a1, slope1, slope2
        ),
        "All four are half as large as they should be: the 2 of the square cancels the 1/2 of the loss.": chain(
            x, error / 2, w2, a1, slope1, slope2
        ),
        "The order is w1_g, b1_g, w2_g, b2_g.": (w2_g, b2_g, w1_g, b1_g),
        "The order is w1_g, b1_g, w2_g, b2_g: weight and bias in turn.": (w1_g, w2_g, b1_g, b2_g),
    }


@exercise("scalar_network.backward")
def test_backward_by_hand(student):
    """x, y, w2, z1, a1, z2, a2 = 5, 1, -1, 3, 7, 2, 11, g'(z) = 2 z: the error is 10, g'(z2) = 4, g'(z1) = 6"""
    arguments = (5.0, 1.0, -1.0, 3.0, 7.0, 2.0, 11.0, lambda z: 2 * z)
    got = student.scalar_network.backward(*arguments)
    assert_matches(got, (-1200.0, -240.0, 280.0, 40.0), name=NAMES, mistakes=wrong_backwards(*arguments))


@exercise("scalar_network.backward")
def test_backward_of_a_line(student):
    """x, y, w2, z1, a1, z2, a2 = 0.5, 2, 4, -1.5, -1.5, 0.25, 0.25: with g'(z) = 1 the error, w2, x and a1 are left"""
    arguments = (0.5, 2.0, 4.0, -1.5, -1.5, 0.25, 0.25, lambda z: 1.0)
    got = student.scalar_network.backward(*arguments)
    wanted = (-3.5, -7.0, 2.625, -1.75)
    assert_matches(got, wanted, name=NAMES, mistakes=telling(wrong_backwards(*arguments), wanted))


@exercise("scalar_network.backward")
def test_backward_agrees_with_measured_slopes(student):
    """With the sigmoid: the loss changes as the four derivatives say"""
    x, y, parameters = 1.5, 1.0, (-0.5, 0.25, 2.0, -0.75)

    def forward(w1, b1, w2, b2):
        z1 = w1 * x + b1
        z2 = w2 * sigmoid(z1) + b2
        return z1, sigmoid(z1), z2, sigmoid(z2)

    def loss(*parameters):
        return 0.5 * (forward(*parameters)[3] - y) ** 2

    h, measured = 1e-5, []
    for i in range(4):
        above, below = list(parameters), list(parameters)
        above[i] += h
        below[i] -= h
        measured.append((loss(*above) - loss(*below)) / (2 * h))
    arguments = (x, y, parameters[2], *forward(*parameters), sigmoid_slope)
    got = student.scalar_network.backward(*arguments)
    # The measured slopes are off by about h^2 and by rounding, 1e-16 / h: both below 1e-9, on slopes of about 0.01.
    assert_matches(got, tuple(measured), name=NAMES, mistakes=wrong_backwards(*arguments), rtol=1e-5, atol=1e-8)
