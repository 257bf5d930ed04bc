"""What `grade` asks of mlt_nn/scalar_network.py besides the public checks."""

import math

from hypothesis import strategies as st

from mlt_nn.grading import assert_matches, exercise
from mlt_nn.grading.mistakes import telling
from mlt_nn.teaching.grader.properties import for_all, numbers


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def forward(x, w1, b1, w2, b2, g):
    z1 = w1 * x + b1
    z2 = w2 * g(z1) + b2
    return z1, g(z1), z2, g(z2)


VALUES = ("z1", "a1", "z2", "a2")
five = st.tuples(*[numbers] * 5)


@exercise("scalar_network.forward")
def test_forward_of_any_numbers(student):
    """Whatever the numbers: each neuron is a line, then g"""

    def g(z):
        return 0.5 * z * z - z + 3.25

    def holds(arguments):
        assert_matches(student.scalar_network.forward(*arguments, g), forward(*arguments, g), name=VALUES)

    for_all(holds, arguments=five)


@exercise("scalar_network.forward")
def test_forward_with_weights_of_zero(student):
    """With w2 = 0 the second neuron has its bias alone, with w1 = 0 the first one has"""
    for arguments in ((3.0, 2.0, -1.0, 0.0, 4.0), (3.0, 0.0, -1.0, 2.0, 4.0)):
        got = student.scalar_network.forward(*arguments, math.tanh)
        assert_matches(got, forward(*arguments, math.tanh), name=VALUES)


@exercise("scalar_network.forward")
def test_forward_asks_g_for_both_pre_activations(student):
    """g is called with z1 and with z2, and with nothing else"""
    seen = []

    def g(z):
        seen.append(float(z))
        return 2.0 * z + 0.5

    arguments = (1.5, -2.0, 0.25, 3.0, -1.0)
    wanted = forward(*arguments, lambda z: 2.0 * z + 0.5)
    assert_matches(student.scalar_network.forward(*arguments, g), wanted, name=VALUES)
    assert_matches(sorted(set(seen)), sorted({wanted[0], wanted[2]}), name="what g was given")


@exercise("scalar_network.loss")
def test_loss_of_any_numbers(student):
    """Whatever the numbers: half the squared difference"""

    def holds(y, y_hat):
        y_hat += 6.25  # never equal: a loss of 0 would be right by chance
        assert_matches(student.scalar_network.loss(y, y_hat), (y_hat - y) ** 2 / 2, name="the loss")

    for_all(holds, y=numbers, y_hat=numbers)


@exercise("scalar_network.loss")
def test_loss_of_integers_and_large_numbers(student):
    """Integers will do, and numbers of 1e100"""
    assert_matches(student.scalar_network.loss(7, 2), 12.5, name="the loss")
    assert_matches(student.scalar_network.loss(1e100, -1e100), 2e200, name="the loss")


@exercise("scalar_network.loss")
def test_loss_of_small_differences(student):
    """A tenth counts a hundredth, halved"""
    for y, y_hat in ((1.0, 1.1), (1.1, 1.0), (-0.05, 0.05)):
        assert_matches(student.scalar_network.loss(y, y_hat), 0.005, name="the loss", rtol=1e-9)


SLOPES = ("w1_g", "b1_g", "w2_g", "b2_g")


def measured(x, y, parameters, g, h=1e-4):
    """The four derivatives by central differences of the definition; off by h^2 and by 1e-16 / h: about 1e-8."""

    def loss(moved):
        return 0.5 * (forward(x, *moved, g)[3] - y) ** 2

    slopes = []
    for i in range(4):
        above, below = list(parameters), list(parameters)
        above[i] += h
        below[i] -= h
        slopes.append((loss(above) - loss(below)) / (2 * h))
    return tuple(slopes)


# Third derivatives of these losses are below 1000 for parameters to 3: the error of the slopes is below 2e-6.
MEASURED = {"rtol": 1e-5, "atol": 1e-5}


@exercise("scalar_network.backward")
def test_backward_of_any_network(student):
    """Whatever the network: the derivatives are the measured slopes of the loss, with tanh"""

    def holds(x, parameters):
        parameters = tuple(parameter + 0.3125 for parameter in parameters)
        arguments = (x, -2.0, parameters[2], *forward(x, *parameters, math.tanh), lambda z: 1 / math.cosh(z) ** 2)
        got = student.scalar_network.backward(*arguments)
        assert_matches(got, measured(x, -2.0, parameters, math.tanh), name=SLOPES, **MEASURED)

    for_all(holds, x=numbers, parameters=st.tuples(*[numbers.map(lambda n: n / 2)] * 4))


@exercise("scalar_network.backward")
def test_backward_asks_for_the_slopes_at_z(student):
    """g_prime is given z1 and z2, and nothing else"""
    seen = []

    def g_prime(z):
        seen.append(float(z))
        return z * z + 0.5

    x, y, w2, z1, a1, z2, a2 = 2.0, 0.5, -1.5, 0.25, 3.0, -1.0, 1.25
    wanted = (0.75 * 1.5 * -1.5 * 0.5625 * 2.0, 0.75 * 1.5 * -1.5 * 0.5625, 0.75 * 1.5 * 3.0, 0.75 * 1.5)
    mistakes = {
        "You used g'(z2) for both neurons; the first one has g'(z1).": (
            0.75 * 1.5 * -1.5 * 1.5 * 2.0,
            0.75 * 1.5 * -1.5 * 1.5,
            *wanted[2:],
        ),
        "The factor w2 is missing on the way back through the second neuron.": (
            0.75 * 1.5 * 0.5625 * 2.0,
            0.75 * 1.5 * 0.5625,
            *wanted[2:],
        ),
    }
    got = student.scalar_network.backward(x, y, w2, z1, a1, z2, a2, g_prime)
    assert_matches(got, wanted, name=SLOPES, mistakes=telling(mistakes, wanted))
    assert_matches(sorted(set(seen)), [z2, z1], name="what g_prime was given")


@exercise("scalar_network.backward")
def test_backward_where_nothing_flows(student):
    """Input 0: w1 does not matter, the others do; first neuron flat: only the second one learns"""
    got = student.scalar_network.backward(0.0, 1.0, 2.0, 0.5, 0.25, 3.0, 4.0, lambda z: 10.0)
    assert_matches(got, (0.0, 600.0, 7.5, 30.0), name=SLOPES)
    got = student.scalar_network.backward(5.0, 1.0, 2.0, -0.5, 0.25, 3.0, 4.0, lambda z: 10.0 if z > 0 else 0.0)
    assert_matches(got, (0.0, 0.0, 7.5, 30.0), name=SLOPES)


@exercise("scalar_network.backward")
def test_backward_of_a_perfect_prediction(student):
    """A perfect prediction has the derivatives 0, one that is too high by 1 has not"""
    for error in (0.0, 1.0):
        got = student.scalar_network.backward(2.0, 3.0, -0.5, 1.0, 4.0, 0.25, 3.0 + error, lambda z: 2 * z)
        wanted = tuple(error * slope for slope in (-0.5 * 0.5 * 2 * 2, -0.5 * 0.5 * 2, 2.0, 0.5))
        assert_matches(got, wanted, name=SLOPES)
