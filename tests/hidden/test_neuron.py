"""What `grade` asks of mlt_nn/neuron.py besides the public checks."""

import math

import numpy as np

from mlt_nn.grading import assert_matches, assert_unchanged, exercise
from mlt_nn.grading.mistakes import telling
from mlt_nn.teaching.grader.properties import for_all, matrices, numbers


@exercise("neuron.pre_activation")
def test_any_inputs(student):
    """Whatever the inputs, weights and bias: the products are added up, then the bias"""

    def holds(a_and_w, b):
        a, w = a_and_w
        z = math.fsum(w_i * a_i for w_i, a_i in zip(w, a, strict=True)) + b
        mistakes = {
            "You left out the bias b.": z - b,
            "You took the mean of the products; z is their sum.": (z - b) / len(a) + b,
        }
        assert_matches(student.neuron.pre_activation(a, w, b), z, name="z", mistakes=telling(mistakes, z))

    for_all(holds, a_and_w=matrices(rows=2), b=numbers)


@exercise("neuron.pre_activation")
def test_weights_of_zero(student):
    """With weights of 0 only the bias is left, with a bias of 0 only the sum"""
    a = np.array([4.0, -2.0, 8.0])
    assert_matches(student.neuron.pre_activation(a, np.zeros(3), -1.75), -1.75, name="z")
    assert_matches(student.neuron.pre_activation(a, np.array([0.5, -3.0, 0.25]), 0.0), 10.0, name="z")


@exercise("neuron.pre_activation")
def test_float32_and_integers(student):
    """float32 arrays and integers will do"""
    a, w = np.array([1.5, -2.0, 0.25, 3.0]), np.array([2.0, 0.5, 4.0, -1.0])
    assert_matches(student.neuron.pre_activation(a.astype(np.float32), w.astype(np.float32), 0.75), 0.75, name="z")
    assert_matches(student.neuron.pre_activation(np.array([2, 3]), np.array([5, -1]), 4), 11, name="z")


@exercise("neuron.neuron")
def test_g_is_given_the_pre_activation(student):
    """g is called with z, the whole weighted sum with its bias, and its answer is the answer"""
    seen = []

    def g(z):
        seen.append(float(z))
        return -7.5

    got = assert_unchanged(student.neuron.neuron, np.array([1.0, -3.0, 2.0]), np.array([0.5, 0.25, -1.0]), 4.0, g)
    mistakes = {"You returned z; the neuron's activation is g(z).": 1.75}
    assert_matches(got, -7.5, name="g(z)", mistakes=mistakes)
    assert seen, "g was never called; the neuron's activation is g(z)"
    assert_matches(seen[-1], 1.75, name="what g was given")


@exercise("neuron.neuron")
def test_any_neuron(student):
    """Whatever the inputs, weights and bias: g of the pre-activation"""

    def holds(a_and_w, b):
        a, w = a_and_w
        z = math.fsum(w_i * a_i for w_i, a_i in zip(w, a, strict=True)) + b
        got = student.neuron.neuron(a, w, b, lambda z: z * z - 3 * z + 2.25)
        assert_matches(got, z * z - 3 * z + 2.25, name="g(z)")

    for_all(holds, a_and_w=matrices(rows=2), b=numbers)


@exercise("neuron.neuron")
def test_a_step_for_g(student):
    """With a step for g the neuron answers yes or no"""
    w, b = np.array([2.0, -1.0]), -0.5
    for a, wanted in (([1.0, 1.0], 3.0), ([1.0, 1.75], -2.0), ([0.0, -1.0], 3.0)):
        got = student.neuron.neuron(np.array(a), w, b, lambda z: 3.0 if z > 0 else -2.0)
        assert_matches(got, wanted, name="g(z)")
