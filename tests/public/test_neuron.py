"""What `check` asks of mlt_nn/neuron.py."""

import math

import numpy as np

from mlt_nn.grading import assert_matches, assert_unchanged, exercise


def wrong_sums(a, w, b):
    """What the usual mistakes make of the weighted sum."""
    products = [w_i * a_i for w_i, a_i in zip(w, a, strict=True)]
    return {
        "You left out the bias b.": sum(products),
        "You subtracted the bias b; it is added.": sum(products) - b,
        "You multiplied inputs and weights one by one; their products must also be added up.": np.array(products) + b,
        "You multiplied inputs and weights one by one; add up the products, then add b.": np.array(products),
        "You took the mean of the products; z is their sum.": sum(products) / len(products) + b,
        "You added b to every product; it is added once, to their sum.": sum(products) + len(products) * b,
        "You added up the inputs without their weights.": sum(a) + b,
        "Only the first input was counted: does the return stand inside the loop?": products[0] + b,
    }


@exercise("neuron.pre_activation")
def test_two_inputs(student):
    """Two inputs, by hand: 10 * 2 - 1 * 3 + 0.5 = 17.5"""
    a, w, b = [2.0, 3.0], [10.0, -1.0], 0.5
    z = student.neuron.pre_activation(np.array(a), np.array(w), b)
    assert_matches(z, 17.5, name="z", mistakes=wrong_sums(a, w, b))


@exercise("neuron.pre_activation")
def test_five_inputs(student):
    """Five inputs count too"""
    a, w, b = [1.0, -2.0, 0.5, 4.0, 3.0], [0.25, 1.5, -8.0, 2.0, 0.75], -1.25
    z = 0.0
    for a_i, w_i in zip(a, w, strict=True):
        z += w_i * a_i
    assert_matches(
        student.neuron.pre_activation(np.array(a), np.array(w), b), z + b, name="z", mistakes=wrong_sums(a, w, b)
    )


@exercise("neuron.pre_activation")
def test_one_input(student):
    """A single input still gives a number"""
    z = student.neuron.pre_activation(np.array([3.0]), np.array([2.0]), -1.5)
    assert_matches(z, 4.5, name="z", mistakes={"You returned an array with one entry; z is a number.": np.array([4.5])})


@exercise("neuron.pre_activation")
def test_pre_activation_leaves_its_arguments_unchanged(student):
    """The inputs and the weights are left unchanged"""
    z = assert_unchanged(student.neuron.pre_activation, np.array([4.0, 1.0, -2.0]), np.array([0.5, 3.0, 1.0]), 0.25)
    assert_matches(z, 3.25, name="z")


@exercise("neuron.neuron")
def test_activation_is_applied(student):
    """g is applied to z: with g(z) = 10 z and z = 1 * 2 - 0.5 * 3 + 0.25 = 0.75 the neuron gives 7.5"""
    a = student.neuron.neuron(np.array([2.0, 3.0]), np.array([1.0, -0.5]), 0.25, lambda z: 10 * z)
    mistakes = {
        "You returned z; the neuron's activation is g(z).": 0.75,
        "You left out the bias b.": 5.0,
        "You applied g too early: first the whole sum with its bias, then g.": 5.25,
        "You used the sigmoid; use the g that is given.": 1 / (1 + math.exp(-0.75)),
        "You applied g twice.": 75.0,
    }
    assert_matches(a, 7.5, name="g(z)", mistakes=mistakes)


@exercise("neuron.neuron")
def test_any_activation(student):
    """g may be any function: with g(z) = z^2 + 1 and z = 3 * 1 - 2 * 2 - 0.5 * 1 - 0.5 = -2 the neuron gives 5"""
    a = student.neuron.neuron(np.array([1.0, 2.0, -1.0]), np.array([3.0, -2.0, 0.5]), -0.5, lambda z: z * z + 1)
    mistakes = {
        "You returned z; the neuron's activation is g(z).": -2.0,
        "You left out the bias b.": 3.25,
        "You applied g too early: first the whole sum with its bias, then g.": 2.75,
    }
    assert_matches(a, 5.0, name="g(z)", mistakes=mistakes)


@exercise("neuron.neuron")
def test_logistic_regression(student):
    """With the sigmoid for g it is logistic regression"""
    a = student.neuron.neuron(
        np.array([1.0, 0.5, 2.0, 3.0]), np.array([1.0, 2.0, -0.5, 0.25]), -0.5, lambda z: 1 / (1 + math.exp(-z))
    )
    assert_matches(
        a, 1 / (1 + math.exp(-1.25)), name="g(z)", mistakes={"You returned z; the neuron's activation is g(z).": 1.25}
    )
