"""What `check` asks of mlt_nn/activations.py."""

import math

import numpy as np

from mlt_nn.grading import assert_matches, assert_silent, assert_unchanged, exercise

# Three rows and four columns, with both signs in every row.
Z = np.array([[0.5, -1.0, 2.0, -3.0], [1.5, -0.25, 0.75, -2.0], [-4.0, 3.0, -0.5, 1.0]])


# What NumPy warns of when the exponent is large.
TOO_LARGE = {
    "1 / (1 + e^-z) overflows: e^1000 is too large for a float. Use e^-|z|, which never is. np.where alone is no way "
    "out, for it computes both sides: make the power small first.": "overflow encountered",
}


def each(function, z):
    """The function of one number, applied entry by entry."""
    z = np.asarray(z)
    return np.array([function(float(entry)) for entry in z.ravel()], dtype=z.dtype).reshape(z.shape)


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def sigmoid_slope(z):
    return math.exp(-z) / (1 + math.exp(-z)) ** 2


def tanh_slope(z):
    return 1 / math.cosh(z) ** 2


@exercise("activations.sigmoid")
def test_sigmoid_by_hand(student):
    """At 0 it is 1/2, at log 3 it is 3/4, at -log 3 it is 1/4"""
    z = np.log([1.0, 3.0, 1 / 3])
    mistakes = {
        "The sign of the exponent is flipped, or the numerators are swapped: for z >= 0 it is 1 / (1 + e^-z).": (
            np.array([0.5, 0.25, 0.75])
        ),
        "Parentheses are missing: 1 is divided by the whole of 1 + e^-z.": 1 / 1 + np.exp(-z),
        "Parentheses are missing: all of 1 + e^-|z| is the denominator.": np.array([2.0, 4 / 3, 2 / 3]),
        "The 1 in the denominator is missing.": 1 / np.exp(-z),
        "The fraction is missing: 1 is divided by 1 + e^-z.": 1 - np.exp(-z),
        "The denominator is 1 + e^-z; it is a plus.": np.array([np.inf, 1.5, -0.5]),
        "That is tanh.": np.array([0.0, 0.8, -0.8]),
        "That is the slope g'(z); here g(z) is wanted.": np.array([0.25, 0.1875, 0.1875]),
    }
    assert_matches(student.activations.sigmoid(z), np.array([0.5, 0.75, 0.25]), name="g(z)", mistakes=mistakes)


@exercise("activations.sigmoid")
def test_sigmoid_of_a_matrix(student):
    """A matrix goes in, a matrix comes out, entry by entry"""
    assert_matches(student.activations.sigmoid(Z), each(sigmoid, Z), name="g(z)")


@exercise("activations.sigmoid")
def test_sigmoid_of_a_number(student):
    """A number goes in, a number comes out"""
    assert_matches(student.activations.sigmoid(-2.0), sigmoid(-2.0), name="g(z)")


@exercise("activations.sigmoid")
def test_sigmoid_far_out(student):
    """At +-1000 it is 0 and 1, without an overflow"""
    z = np.array([-1000.0, 1000.0, math.log(3)])
    got = student.activations.sigmoid(z)
    mistakes = {"Infinity / infinity is NaN: e^1000 is too large for a float.": np.array([0.0, np.nan, 0.75])}
    assert_matches(got, np.array([0.0, 1.0, 0.75]), name="g(z)", mistakes=mistakes)
    assert_silent(student.activations.sigmoid, z, mistakes=TOO_LARGE)


@exercise("activations.sigmoid")
def test_sigmoid_keeps_float32(student):
    """float32 stays float32, and z is left unchanged"""
    z = Z.astype(np.float32)
    assert_matches(assert_unchanged(student.activations.sigmoid, z), each(sigmoid, z), name="g(z)")


@exercise("activations.tanh")
def test_tanh_by_hand(student):
    """At log 2 it is (2 - 1/2) / (2 + 1/2) = 0.6, at log 1/2 it is -0.6, at log 3 it is 0.8"""
    z = np.log([2.0, 0.5, 3.0])
    mistakes = {
        "That is the sigmoid.": np.array([2 / 3, 1 / 3, 3 / 4]),
        "Numerator and denominator are swapped.": np.array([5 / 3, -5 / 3, 5 / 4]),
        "The sign is flipped: it is e^z - e^-z.": np.array([-0.6, 0.6, -0.8]),
        "The division by e^z + e^-z is missing.": np.array([1.5, -1.5, 8 / 3]),
        "Parentheses are missing: all of e^z - e^-z is divided by all of e^z + e^-z.": np.exp(z)
        - np.exp(-z) / np.exp(z)
        + np.exp(-z),
        "That is tan, the tangent of an angle; the hyperbolic tangent is np.tanh.": np.tan(z),
        "The 2 before z is missing: tanh is 2 g(2z) - 1, with the sigmoid g.": np.array([1 / 3, -1 / 3, 0.5]),
        "That is the slope g'(z); here g(z) is wanted.": np.array([0.64, 0.64, 0.36]),
    }
    assert_matches(student.activations.tanh(z), np.array([0.6, -0.6, 0.8]), name="g(z)", mistakes=mistakes)


@exercise("activations.tanh")
def test_tanh_of_a_matrix_and_a_number(student):
    """It works entry by entry on a matrix, and on a single number"""
    assert_matches(student.activations.tanh(Z), each(math.tanh, Z), name="g(z)")
    assert_matches(student.activations.tanh(0.75), math.tanh(0.75), name="g(z)")


@exercise("activations.tanh")
def test_tanh_far_out(student):
    """At +-1000 it is -1 and 1, without an overflow"""
    z = np.array([-1000.0, 1000.0, math.log(2)])
    mistakes = {
        "Infinity / infinity is NaN: e^1000 is too large for a float. np.tanh knows better.": np.array(
            [np.nan, np.nan, 0.6]
        )
    }
    assert_matches(student.activations.tanh(z), np.array([-1.0, 1.0, 0.6]), name="g(z)", mistakes=mistakes)
    assert_silent(student.activations.tanh, z)


@exercise("activations.tanh")
def test_tanh_keeps_float32(student):
    """float32 stays float32, and z is left unchanged"""
    z = Z.astype(np.float32)
    assert_matches(assert_unchanged(student.activations.tanh, z), each(math.tanh, z), name="g(z)")


@exercise("activations.relu")
def test_relu_by_hand(student):
    """-2 becomes 0, 0 stays 0, 3 stays 3"""
    mistakes = {
        "That is |z|: a negative number becomes 0, it does not lose its sign.": np.array([2.0, 0.0, 3.0]),
        "You kept the negative numbers and stopped the positive ones.": np.array([-2.0, 0.0, 0.0]),
        "That is the slope g'(z); here g(z) is wanted.": np.array([0.0, 0.0, 1.0]),
        "That is the slope g'(z): where z is positive, z itself passes.": np.array([0.0, 1.0, 1.0]),
        "You took the largest entry of the whole array; compare each entry with 0 (np.maximum).": 3.0,
    }
    got = student.activations.relu(np.array([-2.0, 0.0, 3.0]))
    assert_matches(got, np.array([0.0, 0.0, 3.0]), name="g(z)", mistakes=mistakes)


@exercise("activations.relu")
def test_relu_of_a_matrix(student):
    """A matrix goes in, a matrix comes out, entry by entry"""
    assert_matches(student.activations.relu(Z), each(lambda z: max(z, 0.0), Z), name="g(z)")


@exercise("activations.relu")
def test_relu_of_a_number(student):
    """A number goes in, a number comes out"""
    assert_matches(student.activations.relu(2.5), 2.5, name="g(2.5)")
    assert_matches(student.activations.relu(-2.5), 0.0, name="g(-2.5)")


@exercise("activations.relu")
def test_relu_leaves_z_unchanged(student):
    """z is left unchanged: the backward pass still needs it"""
    assert_matches(assert_unchanged(student.activations.relu, Z), each(lambda z: max(z, 0.0), Z), name="g(z)")


@exercise("activations.relu")
def test_relu_keeps_float32(student):
    """float32 stays float32"""
    z = Z.astype(np.float32)
    assert_matches(student.activations.relu(z), each(lambda z: max(z, 0.0), z), name="g(z)")


@exercise("activations.identity")
def test_identity_by_hand(student):
    """-2, 0.25 and 3 stay what they are"""
    mistakes = {
        "That is the ReLU: negative numbers pass too.": np.array([0.0, 0.25, 3.0]),
        "That is the slope g'(z); here g(z) = z is wanted.": np.ones(3),
        "The sign is flipped.": np.array([2.0, -0.25, -3.0]),
    }
    z = np.array([-2.0, 0.25, 3.0])
    assert_matches(student.activations.identity(z), z, name="g(z)", mistakes=mistakes)


@exercise("activations.identity")
def test_identity_of_a_matrix_and_a_number(student):
    """A float32 matrix and a single number stay what they are"""
    z = Z.astype(np.float32)
    assert_matches(student.activations.identity(z), z, name="g(z)")
    assert_matches(student.activations.identity(-7.5), -7.5, name="g(-7.5)")


@exercise("activations.sigmoid_prime")
def test_sigmoid_prime_by_hand(student):
    """At 0 the slope is 1/4, at +-log 3 it is 3/4 * 1/4 = 3/16"""
    z = np.log([1.0, 3.0, 1 / 3])
    a = np.array([0.5, 0.75, 0.25])
    mistakes = {
        "That is g(z); the slope is g(z) (1 - g(z)).": a,
        "You used z in the place of g(z): call your sigmoid first.": z * (1 - z),
        "You applied the sigmoid twice: the argument is z, not g(z).": each(sigmoid_slope, a),
        "That is the slope of tanh, 1 - g(z)^2.": 1 - a * a,
        "That is 1 - g(z); the factor g(z) is missing.": 1 - a,
        "That is g(z) (1 + g(z)); it is a minus.": a * (1 + a),
        "That is g(z) - g(z) = 0 (are parentheses missing?); the slope is g(z) (1 - g(z)).": a - a,
    }
    got = student.activations.sigmoid_prime(z)
    assert_matches(got, np.array([0.25, 0.1875, 0.1875]), name="g'(z)", mistakes=mistakes)


@exercise("activations.sigmoid_prime")
def test_sigmoid_prime_of_a_matrix_and_a_number(student):
    """It works entry by entry on a matrix, and on a single number"""
    assert_matches(student.activations.sigmoid_prime(Z), each(sigmoid_slope, Z), name="g'(z)")
    assert_matches(student.activations.sigmoid_prime(-1.5), sigmoid_slope(-1.5), name="g'(z)")


@exercise("activations.sigmoid_prime")
def test_sigmoid_prime_far_out(student):
    """At +-1000 the slope is 0, without an overflow"""
    z = np.array([-1000.0, 1000.0, math.log(3)])
    assert_matches(student.activations.sigmoid_prime(z), np.array([0.0, 0.0, 0.1875]), name="g'(z)")
    assert_silent(student.activations.sigmoid_prime, z, mistakes=TOO_LARGE)


@exercise("activations.sigmoid_prime")
def test_sigmoid_prime_keeps_float32(student):
    """float32 stays float32, and z is left unchanged"""
    z = Z.astype(np.float32)
    assert_matches(assert_unchanged(student.activations.sigmoid_prime, z), each(sigmoid_slope, z), name="g'(z)")


@exercise("activations.tanh_prime")
def test_tanh_prime_by_hand(student):
    """At 0 the slope is 1, at log 2 it is 1 - 0.6^2 = 0.64, at log 1/3 it is 1 - 0.8^2 = 0.36"""
    z = np.log([1.0, 2.0, 1 / 3])
    a = np.array([0.0, 0.6, -0.8])
    mistakes = {
        "That is g(z); the slope is 1 - g(z)^2.": a,
        "The square is missing: the slope is 1 - g(z)^2.": 1 - a,
        "You used z in the place of g(z): call your tanh first.": 1 - z * z,
        "You applied tanh twice: the argument is z, not g(z).": each(tanh_slope, a),
        "That is the sigmoid's formula g(z) (1 - g(z)).": a * (1 - a),
        "That is 1 + g(z)^2; it is a minus.": 1 + a * a,
        "That is (1 - g(z))^2; only g(z) is squared.": (1 - a) ** 2,
        "You squared z before tanh; it is g(z) that is squared.": 1 - np.tanh(z * z),
        "That is tan, the tangent of an angle; g is the hyperbolic tangent, np.tanh.": 1 - np.tan(z) ** 2,
    }
    assert_matches(student.activations.tanh_prime(z), np.array([1.0, 0.64, 0.36]), name="g'(z)", mistakes=mistakes)


@exercise("activations.tanh_prime")
def test_tanh_prime_of_a_matrix_and_a_number(student):
    """It works entry by entry on a matrix, and on a single number"""
    assert_matches(student.activations.tanh_prime(Z), each(tanh_slope, Z), name="g'(z)")
    assert_matches(student.activations.tanh_prime(-1.5), tanh_slope(-1.5), name="g'(z)")


@exercise("activations.tanh_prime")
def test_tanh_prime_far_out(student):
    """At +-1000 the slope is 0, without an overflow"""
    z = np.array([-1000.0, 1000.0, math.log(2)])
    assert_matches(student.activations.tanh_prime(z), np.array([0.0, 0.0, 0.64]), name="g'(z)")
    assert_silent(student.activations.tanh_prime, z)


@exercise("activations.tanh_prime")
def test_tanh_prime_keeps_float32(student):
    """float32 stays float32, and z is left unchanged"""
    z = Z.astype(np.float32)
    assert_matches(assert_unchanged(student.activations.tanh_prime, z), each(tanh_slope, z), name="g'(z)")


@exercise("activations.relu_prime")
def test_relu_prime_by_hand(student):
    """The slope is 0 left of the kink, at -2, and 1 right of it, at 0.5 and 3"""
    mistakes = {
        "That is g(z); right of 0 its slope is 1, however large z is.": np.array([0.0, 0.5, 3.0]),
        "You swapped the sides: it is 1 where z is positive.": np.array([1.0, 0.0, 0.0]),
        "That is the sign of z; left of 0 the ReLU is flat, its slope is 0.": np.array([-1.0, 1.0, 1.0]),
        "The slope changes where z is 0, not where z is 1.": np.array([0.0, 0.0, 1.0]),
    }
    z = np.array([-2.0, 0.5, 3.0])
    mistakes |= {
        "That is z > 0, True or False; the slope is the number 1 or 0, a float like z: .astype(z.dtype) at the end.": (
            z > 0
        ),
        "Those are integers; the slope is a float like z: .astype(z.dtype) at the end.": (z > 0) * 1,
    }
    got = student.activations.relu_prime(z)
    assert_matches(got, np.array([0.0, 1.0, 1.0]), name="g'(z)", mistakes=mistakes)


@exercise("activations.relu_prime")
def test_relu_prime_at_the_kink(student):
    """At z = 0 any slope from 0 to 1 will do"""
    got = student.activations.relu_prime(np.array([-1.0, 0.0, 2.0]))
    wanted = np.array([0.0, 0.0, 1.0])
    if np.shape(got) == (3,) and 0 <= got[1] <= 1:
        wanted[1] = got[1]
    assert_matches(got, wanted, name="g'(z)")


@exercise("activations.relu_prime")
def test_relu_prime_of_a_matrix_and_a_number(student):
    """It works entry by entry on a float32 matrix, and on a single number"""
    assert_matches(student.activations.relu_prime(-2.5), 0.0, name="g'(-2.5)")
    assert_matches(student.activations.relu_prime(0.25), 1.0, name="g'(0.25)")
    z = Z.astype(np.float32)
    wanted = each(lambda z: 1.0 if z > 0 else 0.0, z)
    wide = "Begin with z = np.asarray(z), for z may be a number, and end with .astype(z.dtype)."
    mistakes = {wide: wanted.astype(np.float64)}
    assert_matches(assert_unchanged(student.activations.relu_prime, z), wanted, name="g'(z)", mistakes=mistakes)


@exercise("activations.identity_prime")
def test_identity_prime_by_hand(student):
    """The slope is 1 everywhere: at -2, at 0 and at 3"""
    z = np.array([-2.0, 0.0, 3.0])
    mistakes = {
        "That is g(z); the slope of a straight line with slope 1 is 1.": z,
        "A single 1 is too little: one 1 for each entry of z.": 1.0,
        "The slope of z is 1; 0 is the slope of a constant.": np.zeros(3),
    }
    assert_matches(student.activations.identity_prime(z), np.ones(3), name="g'(z)", mistakes=mistakes)


@exercise("activations.identity_prime")
def test_identity_prime_of_a_matrix_and_a_number(student):
    """As many ones as z has entries, in the dtype of z"""
    assert_matches(student.activations.identity_prime(7.5), 1.0, name="g'(7.5)")
    z = Z.astype(np.float32)
    assert_matches(student.activations.identity_prime(z), np.ones((3, 4), dtype=np.float32), name="g'(z)")


def row_softmax(Z):
    rows = []
    for row in np.asarray(Z, dtype=np.float64):
        powers = [math.exp(z - max(row)) for z in row]
        rows.append([power / sum(powers) for power in powers])
    return np.array(rows)


@exercise("activations.softmax")
def test_softmax_of_one_row(student):
    """One row, by hand: e^Z is 1, 2, 5, so the probabilities are 1/8, 2/8, 5/8"""
    mistakes = {
        "You did not divide by the sum of the row.": np.array([[1.0, 2.0, 5.0]]),
        "After the shift and e^Z the division by the sum of the row is missing.": np.array([[0.2, 0.4, 1.0]]),
        "You went down the columns; the softmax goes along each row (axis=1).": np.ones((1, 3)),
        "That is the sigmoid of each entry; the softmax looks at the whole row.": np.array([[1 / 2, 2 / 3, 5 / 6]]),
        "The exponential is missing.": np.log([[1.0, 2.0, 5.0]]) / math.log(10),
    }
    got = student.activations.softmax(np.log([[1.0, 2.0, 5.0]]))
    assert_matches(got, np.array([[0.125, 0.25, 0.625]]), name="A", mistakes=mistakes)


@exercise("activations.softmax")
def test_softmax_row_by_row(student):
    """Three rows, each by itself: e^Z is (1, 1, 2), (2, 3, 5), (6, 1, 1)"""
    powers = np.array([[1.0, 1.0, 2.0], [2.0, 3.0, 5.0], [6.0, 1.0, 1.0]])
    sums = np.array([4.0, 10.0, 8.0])
    wanted = np.array([[0.25, 0.25, 0.5], [0.2, 0.3, 0.5], [0.75, 0.125, 0.125]])
    shifted = powers / np.max(powers, axis=1, keepdims=True)
    # Without keepdims the largest entry of row i is subtracted from column i.
    crossed = powers / np.max(powers, axis=1)
    lost = "The row sums lost their axis: row i must be divided by sum i. Use keepdims=True."
    lost_unshifted = "The row sums lost their axis (use keepdims=True): row i must be divided by sum i."
    mistakes = {
        "You went down the columns; the softmax goes along each row (axis=1).": powers / np.array([9.0, 5.0, 8.0]),
        "You divided by the sum of the whole matrix; each row has its own sum.": powers / 22,
        lost: shifted / np.sum(shifted, axis=1),
        lost_unshifted: powers / sums,
        "The largest entries of the rows and the row sums lost their axis: use keepdims=True in both places.": crossed
        / np.sum(crossed, axis=1),
        "The largest entries of the rows lost their axis: use keepdims=True there too.": crossed
        / np.sum(crossed, axis=1, keepdims=True),
    }
    assert_matches(student.activations.softmax(np.log(powers)), wanted, name="A", mistakes=mistakes)


@exercise("activations.softmax")
def test_softmax_rows_sum_to_one(student):
    """Each row sums to one"""
    A = student.activations.softmax(Z)
    assert_matches(np.shape(A), (3, 4), name="the shape of A")
    assert_matches(np.sum(A, axis=1), np.ones(3), name="the row sums of A")


@exercise("activations.softmax")
def test_softmax_of_many_columns(student):
    """Three points, four classes"""
    assert_matches(student.activations.softmax(Z), row_softmax(Z), name="A")


@exercise("activations.softmax")
def test_softmax_of_huge_entries(student):
    """Entries of +-1000 are right, without an overflow"""
    Z = np.array([[1000.0, 1000.0, 0.0], [-1000.0, 0.0, -1000.0], [-1000.0, -1000.0, -1000.0]])
    wanted = np.array([[0.5, 0.5, 0.0], [0.0, 1.0, 0.0], [1 / 3, 1 / 3, 1 / 3]])
    nan = np.nan
    shift = "Subtract the largest entry of each row first: e^1000 is too large for a float."
    global_shift = "You subtracted the largest entry of the whole matrix; each row has its own largest entry."
    mistakes = {
        shift: np.array([[nan, nan, 0.0], [0.0, 1.0, 0.0], [nan, nan, nan]]),
        global_shift: np.array([[0.5, 0.5, 0.0], [nan, nan, nan], [nan, nan, nan]]),
    }
    assert_matches(student.activations.softmax(Z), wanted, name="A", mistakes=mistakes)
    assert_silent(student.activations.softmax, Z)


@exercise("activations.softmax")
def test_softmax_keeps_float32(student):
    """float32 stays float32, and Z is left unchanged"""
    Z32 = Z.astype(np.float32)
    A = assert_unchanged(student.activations.softmax, Z32)
    assert_matches(A, row_softmax(Z32).astype(np.float32), name="A", dtype="Z.dtype")
