"""What `grade` asks of mlt_nn/activations.py: on inputs that are drawn anew in each run."""

import math

import numpy as np

from mlt_nn.grading import assert_close, assert_matches, assert_silent, assert_unchanged, exercise
from mlt_nn.teaching.grader.draws import given, narrow, numbers, positive
from mlt_nn.teaching.grader.equations import each, sigmoid, softmax


def assert_numbers(rng, function, g, name):
    """One of either sign, and then a row of them."""
    size = positive(rng)
    for z in (size, -size, numbers(rng, rng.integers(2, 6))):
        with given(z=z):
            assert_close(function(z), each(g, z) if np.ndim(z) else g(z), name=name)


def assert_arrays(rng, function, g, name, has_kink=False):
    """Of two axes and of three, entry by entry; also where a function is nearly flat, and not yet quite.

    0 is an entry like others, but at a kink any slope from 0 to 1 will do.
    """
    for axes, high in ((2, 3.0), (3, 12.0)):
        z = numbers(rng, *rng.integers(1, 5, axes - 1), 3, high=high)
        z[..., rng.integers(3)] = 0.0
        with given(z=z):
            got, wanted = function(z), each(g, z)
            if has_kink and np.shape(got) == z.shape:
                wanted = np.where(z == 0, np.fmax(0, np.fmin(got, 1)), wanted)  # nan is none of these
            assert_close(got, wanted, name=name)


def far_out(rng, low, high, dtype=np.float64):
    """Two entries that are too large for e^z, one of either sign, beside two ordinary ones."""
    return np.concatenate([numbers(rng, 2, low=low, high=high), numbers(rng, 2, high=1.0)]).astype(dtype)


def assert_far_out(rng, function, g, name):
    z = far_out(rng, 710.0, 2000.0)
    with given(z=z):
        assert_close(function(z), each(g, z), name=name)


def tiny_and_huge(rng, power):
    return numbers(rng, 2, rng.integers(2, 9)) * 10.0 ** np.array([[power], [-power]])


def assert_tiny_and_huge(rng, function, g, name):
    """Every positive number counts as one, every negative one too, whatever its size; float32 ends at 1e38."""
    both = tiny_and_huge(rng, rng.integers(20, 35))
    for z in (*both, both):
        with given(z=z):
            assert_close(function(z), each(g, z), name=name, atol=0)


def assert_kept(rng, function, g, name):
    """The dtype is kept, the array too, and nothing overflows: e^89 is too large for a float32, e^710 for a float64."""
    z = narrow(numbers(rng, *rng.integers(2, 5, 2)))
    assert_matches(assert_unchanged(function, z), each(g, z), name=name)
    for z in (far_out(rng, 100.0, 300.0, np.float32), far_out(rng, 710.0, 2000.0), tiny_and_huge(rng, 300)):
        assert_matches(assert_silent(function, z), each(g, z), name=name)


@exercise("activations.sigmoid")
def test_sigmoid_of_numbers(student, rng):
    """Of a number of either sign, and of each in a row of them: 1 / (1 + e^-z)"""
    assert_numbers(rng, student.activations.sigmoid, sigmoid, "g(z)")


@exercise("activations.sigmoid")
def test_sigmoid_of_arrays(student, rng):
    """Matrices and arrays with three axes go through it entry by entry, and keep their shape"""
    assert_arrays(rng, student.activations.sigmoid, sigmoid, "g(z)")


@exercise("activations.sigmoid")
def test_sigmoid_far_out(student, rng):
    """Where e^z or e^-z is too large for a float it is 1 or 0"""
    assert_far_out(rng, student.activations.sigmoid, sigmoid, "g(z)")


@exercise("activations.sigmoid")
def test_sigmoid_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; z is left unchanged"""
    assert_kept(rng, student.activations.sigmoid, sigmoid, "g(z)")


@exercise("activations.tanh")
def test_tanh_of_numbers(student, rng):
    """Of a number of either sign, and of each in a row of them: the hyperbolic tangent"""
    assert_numbers(rng, student.activations.tanh, math.tanh, "g(z)")


@exercise("activations.tanh")
def test_tanh_of_arrays(student, rng):
    """Matrices and arrays with three axes go through it entry by entry, and keep their shape"""
    assert_arrays(rng, student.activations.tanh, math.tanh, "g(z)")


@exercise("activations.tanh")
def test_tanh_far_out(student, rng):
    """Where e^z or e^-z is too large for a float it is 1 or -1"""
    assert_far_out(rng, student.activations.tanh, math.tanh, "g(z)")


@exercise("activations.tanh")
def test_tanh_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; z is left unchanged"""
    assert_kept(rng, student.activations.tanh, math.tanh, "g(z)")


def relu(z):
    return max(z, 0.0)


@exercise("activations.relu")
def test_relu_of_numbers(student, rng):
    """A positive number passes, a negative one becomes 0, and so does each in a row of them"""
    assert_numbers(rng, student.activations.relu, relu, "g(z)")


@exercise("activations.relu")
def test_relu_of_arrays(student, rng):
    """Matrices and arrays with three axes go through it entry by entry, and keep their shape"""
    assert_arrays(rng, student.activations.relu, relu, "g(z)")


@exercise("activations.relu")
def test_relu_of_tiny_and_huge_entries(student, rng):
    """A positive number of 1e-30 passes and a negative one does not, nor does one of -1e30"""
    assert_tiny_and_huge(rng, student.activations.relu, relu, "g(z)")


@exercise("activations.relu")
def test_relu_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; z is left unchanged"""
    assert_kept(rng, student.activations.relu, relu, "g(z)")


def same(z):
    return z


@exercise("activations.identity")
def test_identity_of_numbers(student, rng):
    """A number of either sign comes out as it went in, and so does a row of them"""
    assert_numbers(rng, student.activations.identity, same, "g(z)")


@exercise("activations.identity")
def test_identity_of_arrays(student, rng):
    """Matrices and arrays with three axes go through it entry by entry, and keep their shape"""
    assert_arrays(rng, student.activations.identity, same, "g(z)")


@exercise("activations.identity")
def test_identity_of_tiny_and_huge_entries(student, rng):
    """Nothing is cut off, however large or small"""
    assert_tiny_and_huge(rng, student.activations.identity, same, "g(z)")


@exercise("activations.identity")
def test_identity_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; z is left unchanged"""
    assert_kept(rng, student.activations.identity, same, "g(z)")


def sigmoid_slope(z):
    return sigmoid(z) * sigmoid(-z)


@exercise("activations.sigmoid_prime")
def test_sigmoid_prime_of_numbers(student, rng):
    """At a number of either sign, and at each in a row of them: g(z) (1 - g(z))"""
    assert_numbers(rng, student.activations.sigmoid_prime, sigmoid_slope, "g'(z)")


@exercise("activations.sigmoid_prime")
def test_sigmoid_prime_of_arrays(student, rng):
    """Matrices and arrays with three axes go through it entry by entry, and keep their shape"""
    assert_arrays(rng, student.activations.sigmoid_prime, sigmoid_slope, "g'(z)")


@exercise("activations.sigmoid_prime")
def test_sigmoid_prime_far_out(student, rng):
    """Where e^z or e^-z is too large for a float the slope is 0"""
    assert_far_out(rng, student.activations.sigmoid_prime, sigmoid_slope, "g'(z)")


@exercise("activations.sigmoid_prime")
def test_sigmoid_prime_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; z is left unchanged"""
    assert_kept(rng, student.activations.sigmoid_prime, sigmoid_slope, "g'(z)")


def tanh_slope(z):
    return 1 / math.cosh(z) ** 2 if abs(z) < 300 else 0.0


@exercise("activations.tanh_prime")
def test_tanh_prime_of_numbers(student, rng):
    """At a number of either sign, and at each in a row of them: 1 - g(z)^2"""
    assert_numbers(rng, student.activations.tanh_prime, tanh_slope, "g'(z)")


@exercise("activations.tanh_prime")
def test_tanh_prime_of_arrays(student, rng):
    """Matrices and arrays with three axes go through it entry by entry, and keep their shape"""
    assert_arrays(rng, student.activations.tanh_prime, tanh_slope, "g'(z)")


@exercise("activations.tanh_prime")
def test_tanh_prime_far_out(student, rng):
    """Where e^z or e^-z is too large for a float the slope is 0"""
    assert_far_out(rng, student.activations.tanh_prime, tanh_slope, "g'(z)")


@exercise("activations.tanh_prime")
def test_tanh_prime_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; z is left unchanged"""
    assert_kept(rng, student.activations.tanh_prime, tanh_slope, "g'(z)")


def relu_slope(z):
    return 1.0 if z > 0 else 0.0


@exercise("activations.relu_prime")
def test_relu_prime_of_numbers(student, rng):
    """1 at a positive number, 0 at a negative one, and so at each in a row of them"""
    assert_numbers(rng, student.activations.relu_prime, relu_slope, "g'(z)")


@exercise("activations.relu_prime")
def test_relu_prime_of_arrays(student, rng):
    """Matrices and arrays with three axes go through it entry by entry, and keep their shape"""
    assert_arrays(rng, student.activations.relu_prime, relu_slope, "g'(z)", has_kink=True)


@exercise("activations.relu_prime")
def test_relu_prime_of_tiny_and_huge_entries(student, rng):
    """The slope is 1 at a positive number of 1e-30 and 0 at a negative one, and far out too"""
    assert_tiny_and_huge(rng, student.activations.relu_prime, relu_slope, "g'(z)")


@exercise("activations.relu_prime")
def test_relu_prime_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; z is left unchanged"""
    assert_kept(rng, student.activations.relu_prime, relu_slope, "g'(z)")


def one(z):
    return 1.0


@exercise("activations.identity_prime")
def test_identity_prime_of_numbers(student, rng):
    """1 at a number of either sign, and as many ones as a row of them is long"""
    assert_numbers(rng, student.activations.identity_prime, one, "g'(z)")


@exercise("activations.identity_prime")
def test_identity_prime_of_arrays(student, rng):
    """Matrices and arrays with three axes go through it entry by entry, and keep their shape"""
    assert_arrays(rng, student.activations.identity_prime, one, "g'(z)")


@exercise("activations.identity_prime")
def test_identity_prime_of_tiny_and_huge_entries(student, rng):
    """The slope is 1 far out too, and next to 0"""
    assert_tiny_and_huge(rng, student.activations.identity_prime, one, "g'(z)")


@exercise("activations.identity_prime")
def test_identity_prime_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; z is left unchanged"""
    assert_kept(rng, student.activations.identity_prime, one, "g'(z)")


@exercise("activations.softmax")
def test_softmax_of_any_matrix(student, rng):
    """Whatever the matrix, also of a single point or class: each row by itself"""
    for n, k in ((1, 3), (3, 1), rng.integers(2, 5, 2)):
        Z = numbers(rng, n, k)
        with given(Z=Z):
            assert_close(student.activations.softmax(Z), softmax(Z), name="A")


@exercise("activations.softmax")
def test_softmax_of_shifted_rows(student, rng):
    """What is added to a row does not matter"""
    Z = numbers(rng, 3, rng.integers(2, 5))
    shifted = Z + numbers(rng, 3, 1, low=5.0, high=12.0)
    with given(Z=shifted):
        assert_close(student.activations.softmax(shifted), softmax(Z), name="A")


def unshifted(Z):
    """The softmax as its equation says, NaN where e^Z is too large or too small for a float."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.exp(Z) / np.sum(np.exp(Z), axis=1, keepdims=True)


@exercise("activations.softmax")
def test_softmax_of_rows_far_apart(student, rng):
    """One row far below 0, one far above, in each an entry far from the others: shifted by its largest entry"""
    # In steps of 1/256, which a float32 holds exactly out there.
    far = np.sort(numbers(rng, 2, 1, low=2000.0, high=5000.0), axis=0)
    Z = np.round(256 * (far + numbers(rng, 2, rng.integers(3, 6)))) / 256
    # In one column, so that in one of the rows e^Z is too large when any other entry, or the mean, is subtracted.
    Z[:, rng.integers(Z.shape[1])] += (-1000, 5000)
    mistakes = {
        "You subtracted the largest entry of the whole matrix; each row has its own largest entry.": unshifted(
            Z - np.max(Z)
        )
    }
    with given(Z=Z):
        assert_close(student.activations.softmax(Z), softmax(Z), name="A", mistakes=mistakes, atol=0)  # e^-994 is 0


@exercise("activations.softmax")
def test_softmax_keeps_the_dtype(student, rng):
    """float32 stays float32, where e^89 is too large already, and float64 float64; Z is left unchanged, no warning"""
    n, k = rng.integers(2, 5, 2)
    for far, dtype in ((300.0, np.float32), (5000.0, np.float64)):
        Z = (numbers(rng, n, k) + numbers(rng, n, 1, low=120.0, high=far)).astype(dtype)
        mistakes = {"Subtract the largest entry of each row first: e^120 is too large for a float32.": unshifted(Z)}
        got = assert_unchanged(student.activations.softmax, Z)
        assert_matches(got, softmax(Z), name="A", mistakes=mistakes if dtype == np.float32 else {}, dtype="Z.dtype")
        assert_silent(student.activations.softmax, Z)
