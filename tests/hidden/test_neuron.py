"""What `grade` asks of mlt_nn/neuron.py: on inputs that are drawn anew in each run."""

import math

import numpy as np

from mlt_nn.grading import assert_close, assert_matches, assert_silent, assert_unchanged, exercise
from mlt_nn.teaching.grader.draws import given, narrow, number, numbers


def inputs(rng, m, scale=1.0):
    """a, w and b, and z of them."""
    a, w, b = numbers(rng, m), scale * numbers(rng, m), scale * number(rng)
    return (a, w, b), math.fsum(w_i * a_i for w_i, a_i in zip(w, a, strict=True)) + b


def several(rng):
    return int(rng.integers(3, 7))


def assert_pre_activation(student, arguments, z, scale=1.0):
    a, w, b = arguments
    mistakes = {
        "You left out the bias b.": z - b,
        "You took the mean of the products; z is their sum.": (z - b) / len(a) + b,
    }
    with given(a=a, w=w, b=b):
        got = student.neuron.pre_activation(a, w, b)
        assert_close(got, z, name="z", mistakes=mistakes, atol=4e-6 * scale)


@exercise("neuron.pre_activation")
def test_one_input(student, rng):
    """A single input: the product with its weight, then the bias"""
    assert_pre_activation(student, *inputs(rng, 1))


@exercise("neuron.pre_activation")
def test_any_inputs(student, rng):
    """Whatever the inputs, weights and bias: the products are added up, then the bias"""
    for m, scale in ((2, 1.0), (several(rng), 1.0), (2, 1e-20)):
        assert_pre_activation(student, *inputs(rng, m, scale), scale)


@exercise("neuron.pre_activation")
def test_weights_of_zero(student, rng):
    """With weights of 0 only the bias is left, with a bias of 0 only the sum"""
    (a, w, b), z = inputs(rng, several(rng))
    assert_close(student.neuron.pre_activation(a, 0 * w, b), b, name="z")
    assert_close(student.neuron.pre_activation(a, w, 0.0), z - b, name="z")


@exercise("neuron.pre_activation")
def test_float32_and_integers(student, rng):
    """float32 arrays and integers will do, without a warning; nothing is changed in place"""
    (a, w, b), z = inputs(rng, several(rng))
    got = assert_unchanged(student.neuron.pre_activation, narrow(a), narrow(w), b)
    # A float32 has 7 digits; sums of six products up to 9 that may cancel are good to 1e-5.
    assert_matches(got, z, name="z", rtol=1e-5, atol=1e-5)
    a, w = rng.integers(-9, 10, (2, 4))
    b = int(rng.integers(1000, 9999))
    assert_matches(assert_silent(student.neuron.pre_activation, a, w, b), int(np.sum(a * w)) + b, name="z")


def parabola(rng):
    """A g that is known to nobody."""
    square, line, shift = numbers(rng, 3)
    return lambda z: square * z * z + line * z + shift


@exercise("neuron.neuron")
def test_neuron_with_one_input(student, rng):
    """A single input: g of the pre-activation"""
    (a, w, b), z = inputs(rng, 1)
    g = parabola(rng)
    with given(a=a, w=w, b=b):
        assert_close(student.neuron.neuron(a, w, b, g), g(z), name="g(z)")


@exercise("neuron.neuron")
def test_any_neuron(student, rng):
    """Whatever the inputs, weights, bias and g: g of the pre-activation"""
    for m in (2, several(rng)):
        (a, w, b), z = inputs(rng, m)
        g = parabola(rng)
        mistakes = {"You returned z; the neuron's activation is g(z).": z}
        with given(a=a, w=w, b=b):
            assert_close(student.neuron.neuron(a, w, b, g), g(z), name="g(z)", mistakes=mistakes)


@exercise("neuron.neuron")
def test_g_is_given_the_pre_activation(student, rng):
    """g is called with z, the whole weighted sum with its bias, and its answer is the answer"""
    seen, answer = [], number(rng)

    def g(z):
        seen.append(float(z))
        return answer

    (a, w, b), z = inputs(rng, several(rng))
    assert_close(student.neuron.neuron(a, w, b, g), answer, name="g(z)")
    assert seen, "g was never called; the neuron's activation is g(z)"
    assert_close(seen[-1], z, name="what g was given")


@exercise("neuron.neuron")
def test_neuron_leaves_its_arguments_unchanged(student, rng):
    """Inputs and weights are left unchanged, and nothing gives a warning"""
    (a, w, b), z = inputs(rng, several(rng))
    g = parabola(rng)
    for ask in (assert_unchanged, assert_silent):
        assert_matches(ask(student.neuron.neuron, a, w, b, g), g(z), name="g(z)")
