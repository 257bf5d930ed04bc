"""What `grade` asks of mlt_nn/activations.py besides the public checks."""

import math

import numpy as np

from mlt_nn.grading import assert_matches, assert_silent, assert_unchanged, exercise
from mlt_nn.teaching.grader.properties import for_all, matrices, numbers

# Three axes, and float32, in which e^89 is too large already.
Z3 = np.array([[[0.25, -1.5], [3.0, -0.75], [-2.0, 1.25]], [[-0.5, 2.5], [1.75, -3.5], [0.125, -0.25]]])
FAR32 = np.array([-120.0, 120.0, 0.75], dtype=np.float32)

# Wide entries: to -24 and 24, where e^z is 3e10.
wide = numbers.map(lambda z: 8 * z)


def each(function, z):
    """The function of one number, applied entry by entry."""
    z = np.asarray(z)
    return np.array([function(float(entry)) for entry in z.ravel()], dtype=z.dtype).reshape(z.shape)


def sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


def relu(z):
    return max(z, 0.0)


def measured_slope(g, z, h=1e-4):
    """Central differences; they are off by h^2 and by rounding, 1e-16 / h: about 1e-8."""
    return (g(z + h) - g(z - h)) / (2 * h)


SLOPE = {"rtol": 1e-6, "atol": 1e-7}


@exercise("activations.sigmoid")
def test_sigmoid_of_any_matrix(student):
    """Whatever the matrix: 1 / (1 + e^-z), entry by entry"""
    for_all(lambda Z: assert_matches(student.activations.sigmoid(Z), each(sigmoid, Z), name="g(z)"), Z=matrices())


@exercise("activations.sigmoid")
def test_sigmoid_of_three_axes(student):
    """An array with three axes keeps them, and an integer is a number too"""
    assert_matches(student.activations.sigmoid(Z3), each(sigmoid, Z3), name="g(z)")
    assert_matches(student.activations.sigmoid(-3), sigmoid(-3), name="g(-3)")


@exercise("activations.sigmoid")
def test_sigmoid_far_out_in_float32(student):
    """At +-120 it is 0 and 1 in float32 too, without an overflow; at 1e300 in float64"""
    assert_matches(student.activations.sigmoid(FAR32), each(sigmoid, FAR32), name="g(z)")
    assert_silent(student.activations.sigmoid, FAR32)
    assert_matches(student.activations.sigmoid(np.array([1e300, -1e300])), np.array([1.0, 0.0]), name="g(z)")


@exercise("activations.sigmoid")
def test_sigmoid_is_symmetric(student):
    """g(-z) = 1 - g(z), and larger z have larger g(z)"""
    z = np.linspace(-30, 30, 41)
    got = assert_unchanged(student.activations.sigmoid, z)
    assert_matches(got, 1 - np.array([sigmoid(-entry) for entry in z]), name="g(z)")
    assert_matches(bool(np.all(np.diff(got[10:31]) > 0)), True, name="whether g(z) grows with z")


@exercise("activations.tanh")
def test_tanh_of_any_matrix(student):
    """Whatever the matrix: the hyperbolic tangent, entry by entry"""
    for_all(
        lambda Z: assert_matches(student.activations.tanh(Z), each(math.tanh, Z), name="g(z)"),
        Z=matrices(entries=numbers.map(lambda z: z + 0.0625)),  # not at 0, where even a constant is right
    )


@exercise("activations.tanh")
def test_tanh_of_three_axes(student):
    """An array with three axes keeps them, and an integer is a number too"""
    assert_matches(student.activations.tanh(Z3), each(math.tanh, Z3), name="g(z)")
    assert_matches(student.activations.tanh(-2), math.tanh(-2), name="g(-2)")


@exercise("activations.tanh")
def test_tanh_far_out_in_float32(student):
    """At +-120 it is -1 and 1 in float32 too, without an overflow; at 1e300 in float64"""
    assert_matches(student.activations.tanh(FAR32), each(math.tanh, FAR32), name="g(z)")
    assert_silent(student.activations.tanh, FAR32)
    assert_matches(student.activations.tanh(np.array([1e300, -1e300])), np.array([1.0, -1.0]), name="g(z)")


@exercise("activations.tanh")
def test_tanh_near_zero(student):
    """Near 0 it is z - z^3 / 3, on both sides"""
    z = np.array([-0.01, 0.0, 0.001, 0.02])
    # The next term of the series is 2 z^5 / 15, at most 4.3e-10.
    assert_matches(student.activations.tanh(z), z - z**3 / 3, name="g(z)", rtol=0, atol=5e-10)


@exercise("activations.relu")
def test_relu_of_any_matrix(student):
    """Whatever the matrix: positive entries pass, the others become 0"""
    spread = matrices(rows=3, columns=2).map(lambda Z: np.concatenate([Z, [[-0.5, 2.5]]]))
    for_all(lambda Z: assert_matches(student.activations.relu(Z), each(relu, Z), name="g(z)"), Z=spread)


@exercise("activations.relu")
def test_relu_of_tiny_and_huge_entries(student):
    """1e-300 passes and -1e-300 does not, nor does -1e300"""
    z = np.array([1e-300, -1e-300, 1e300, -1e300, 0.0, 0.75])
    got = assert_silent(student.activations.relu, z)
    assert_matches(got, np.array([1e-300, 0.0, 1e300, 0.0, 0.0, 0.75]), name="g(z)", atol=0)


@exercise("activations.relu")
def test_relu_of_three_axes(student):
    """An array with three axes keeps them, in float32 too; an integer is a number too"""
    z = Z3.astype(np.float32)
    assert_matches(assert_unchanged(student.activations.relu, z), each(relu, z), name="g(z)")
    assert_matches(student.activations.relu(7), 7, name="g(7)")
    assert_matches(student.activations.relu(-7), 0, name="g(-7)")


@exercise("activations.identity")
def test_identity_of_three_axes(student):
    """An array with three axes comes out as it went in"""
    assert_matches(student.activations.identity(Z3), Z3, name="g(z)")


@exercise("activations.identity")
def test_identity_of_huge_entries(student):
    """Nothing is cut off, however large or small"""
    z = np.array([[1e300, -1e300, 1e-300], [-0.5, 0.0, 1000.0]])
    assert_matches(assert_unchanged(student.activations.identity, z), z, name="g(z)", atol=0)
    assert_matches(student.activations.identity(-3), -3, name="g(-3)")


@exercise("activations.sigmoid_prime")
def test_sigmoid_prime_of_any_matrix(student):
    """Whatever the matrix: g(z) (1 - g(z)), entry by entry"""

    def holds(Z):
        assert_matches(student.activations.sigmoid_prime(Z), each(lambda z: sigmoid(z) * sigmoid(-z), Z), name="g'(z)")

    for_all(holds, Z=matrices())


@exercise("activations.sigmoid_prime")
def test_sigmoid_prime_agrees_with_measured_slopes(student):
    """It is the slope of the sigmoid, at 24 places"""
    wanted = np.vectorize(lambda z: measured_slope(sigmoid, z))(np.linspace(-6, 5, 24).reshape(2, 4, 3))
    got = student.activations.sigmoid_prime(np.linspace(-6, 5, 24).reshape(2, 4, 3))
    assert_matches(got, wanted, name="g'(z)", **SLOPE)


@exercise("activations.sigmoid_prime")
def test_sigmoid_prime_far_out_in_float32(student):
    """At +-120 the slope is 0 in float32 too, without an overflow"""
    wanted = each(lambda z: sigmoid(z) * sigmoid(-z), FAR32)
    assert_matches(student.activations.sigmoid_prime(FAR32), wanted, name="g'(z)")
    assert_silent(student.activations.sigmoid_prime, FAR32)


@exercise("activations.tanh_prime")
def test_tanh_prime_of_any_matrix(student):
    """Whatever the matrix: 1 - g(z)^2, entry by entry"""
    entries = numbers.map(lambda z: z + 0.0625)  # not at 0, where the constant 1 is right

    def holds(Z):
        assert_matches(student.activations.tanh_prime(Z), each(lambda z: 1 / math.cosh(z) ** 2, Z), name="g'(z)")

    for_all(holds, Z=matrices(entries=entries))


@exercise("activations.tanh_prime")
def test_tanh_prime_agrees_with_measured_slopes(student):
    """It is the slope of tanh, at 24 places"""
    wanted = np.vectorize(lambda z: measured_slope(math.tanh, z))(np.linspace(-3, 2.5, 24).reshape(2, 4, 3))
    got = student.activations.tanh_prime(np.linspace(-3, 2.5, 24).reshape(2, 4, 3))
    assert_matches(got, wanted, name="g'(z)", **SLOPE)


@exercise("activations.tanh_prime")
def test_tanh_prime_far_out_in_float32(student):
    """At +-120 the slope is 0 in float32 too, without an overflow"""
    wanted = np.array([0.0, 0.0, 1 / math.cosh(0.75) ** 2], dtype=np.float32)
    assert_matches(student.activations.tanh_prime(FAR32), wanted, name="g'(z)")
    assert_silent(student.activations.tanh_prime, FAR32)


def step(z):
    return 1.0 if z > 0 else 0.0


@exercise("activations.relu_prime")
def test_relu_prime_of_any_matrix(student):
    """Whatever the matrix: 1 where z is positive, 0 where it is negative"""
    off_the_kink = numbers.map(lambda z: z + 0.0625)
    both = matrices(rows=2, columns=3, entries=off_the_kink).map(lambda Z: np.concatenate([Z, [[-0.5, 2.5, 0.25]]]))
    for_all(lambda Z: assert_matches(student.activations.relu_prime(Z), each(step, Z), name="g'(z)"), Z=both)


@exercise("activations.relu_prime")
def test_relu_prime_of_tiny_and_huge_entries(student):
    """At 1e-300 the slope is 1, at -1e-300 it is 0, without a warning"""
    z = np.array([1e-300, -1e-300, 1e300, -1e300, 0.75])
    got = assert_silent(student.activations.relu_prime, z)
    assert_matches(got, np.array([1.0, 0.0, 1.0, 0.0, 1.0]), name="g'(z)")


@exercise("activations.relu_prime")
def test_relu_prime_of_three_axes(student):
    """An array with three axes keeps them; an integer is a number too"""
    assert_matches(student.activations.relu_prime(Z3), each(step, Z3), name="g'(z)")
    assert_matches(student.activations.relu_prime(3), 1, name="g'(3)")
    assert_matches(student.activations.relu_prime(-3), 0, name="g'(-3)")


@exercise("activations.identity_prime")
def test_identity_prime_of_three_axes(student):
    """An array with three axes has as many ones"""
    got = assert_unchanged(student.activations.identity_prime, Z3)
    assert_matches(got, np.ones((2, 3, 2)), name="g'(z)")


@exercise("activations.identity_prime")
def test_identity_prime_of_large_entries(student):
    """The slope is 1 far out too, in float32 and at an integer"""
    assert_matches(student.activations.identity_prime(FAR32), np.ones(3, dtype=np.float32), name="g'(z)")
    assert_matches(student.activations.identity_prime(np.array([[1e300], [-1e300]])), np.ones((2, 1)), name="g'(z)")
    assert_matches(student.activations.identity_prime(-7), 1, name="g'(-7)")


def row_softmax(Z):
    rows = []
    for row in np.asarray(Z, dtype=np.float64):
        powers = [math.exp(z - max(row)) for z in row]
        rows.append([power / sum(powers) for power in powers])
    return np.array(rows, dtype=np.asarray(Z).dtype)


@exercise("activations.softmax")
def test_softmax_of_any_matrix(student):
    """Whatever the matrix, and whatever is added to its rows"""

    def holds(Z, shifts):
        Z = np.concatenate([Z, Z[:, :1] + 1], axis=1)  # two columns at least: a single one is always 1
        shifted = Z + shifts[: len(Z), None]
        assert_matches(student.activations.softmax(shifted), row_softmax(Z), name="A")

    for_all(holds, Z=matrices(), shifts=matrices(rows=1, columns=4, entries=wide).map(np.ravel))


@exercise("activations.softmax")
def test_softmax_of_one_class_and_of_one_point(student):
    """A single class has probability 1, a single point has one row"""
    assert_matches(student.activations.softmax(np.array([[3.0], [-2.0], [0.0], [7.5]])), np.ones((4, 1)), name="A")
    Z = np.array([[0.5, -1.5, 2.0, 0.0, 1.0, -3.0]])
    assert_matches(student.activations.softmax(Z), row_softmax(Z), name="A")


@exercise("activations.softmax")
def test_softmax_far_out_in_float32(student):
    """Entries of +-120 are right in float32 too, where e^89 is too large already"""
    Z = np.array([[120.0, 119.0, 0.0], [-120.0, -120.0, -121.0]], dtype=np.float32)
    shift = "Subtract the largest entry of each row first: e^120 is too large for a float32."
    nan = math.nan
    mistakes = {shift: np.array([[nan, nan, 0.0], [nan, nan, nan]], dtype=np.float32)}
    assert_matches(student.activations.softmax(Z), row_softmax(Z), name="A", mistakes=mistakes)
    assert_silent(student.activations.softmax, Z)


@exercise("activations.softmax")
def test_softmax_of_rows_far_apart(student):
    """One row at 5000, one at -5000: each is shifted by its own largest entry; Z is left unchanged"""
    Z = np.array([[5000.0, 4999.0, 4998.0, 5000.5], [-5000.0, -5001.0, -4999.5, -5002.0]])
    nan = math.nan
    whole = "You subtracted the largest entry of the whole matrix; each row has its own largest entry."
    mistakes = {whole: np.concatenate([row_softmax(Z[:1]), [[nan] * 4]])}
    got = assert_unchanged(student.activations.softmax, Z)
    assert_matches(got, row_softmax(Z), name="A", mistakes=mistakes)
    assert_silent(student.activations.softmax, Z)
