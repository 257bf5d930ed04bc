"""What `check` asks of mlt_nn/gradient_check.py."""

import math

import numpy as np

from mlt_nn.grading import assert_matches, assert_raises, assert_silent, assert_unchanged, exercise
from mlt_nn.grading.mistakes import telling

# A measured slope of functions as smooth as these is off by h^2 and by rounding, 1e-16 / h: for h = 1e-5 both are about
# 1e-10.
MEASURED = {"rtol": 1e-7, "atol": 1e-8}


def wrong_gradients(f, theta, h):
    """What the usual mistakes make of the measured gradient of f at a vector theta."""

    def at(*moves):
        moved = theta.copy()
        for i, move in moves:
            moved[i] += move
        return f(moved)

    n = len(theta)
    above, below = (np.array([at((i, step)) for i in range(n)]) for step in (h, -h))
    all_above, all_below = (at(*[(i, step) for i in range(n)]) for step in (h, -h))
    kept = [at(*[(j, -h) for j in range(i)], (i, h)) - at(*[(j, -h) for j in range(i + 1)]) for i in range(n)]
    here, fine = f(theta), 1e-5
    return {
        "You divided by h; from theta - h to theta + h it is 2 h.": (above - below) / h,
        "/ 2 * h divides by 2 and then multiplies by h; put parentheses: / (2 * h).": (above - below) / 2 * h,
        "You did not divide by 2 h.": above - below,
        "That is the difference to one side; take f(theta + h) - f(theta - h), over 2 h.": (above - here) / h,
        "That is the difference to the left side; take f(theta + h) - f(theta - h), over 2 h.": (here - below) / h,
        "The sign is flipped: f(theta + h) - f(theta - h).": (below - above) / (2 * h),
        "You used a width of your own; use the h that is given.": np.array(
            [(at((i, fine)) - at((i, -fine))) / (2 * fine) for i in range(n)]
        ),
        "You moved all entries at once; move one entry at a time.": np.full(n, (all_above - all_below) / (2 * h)),
        "You moved all entries at once and got one slope; move one entry at a time.": (all_above - all_below) / (2 * h),
        "An entry kept its wiggle when the next one moved: put theta[i] back first.": np.array(kept) / (2 * h),
        "You returned one slope; there is one for each entry of theta.": (above - below)[0] / (2 * h),
        "Only the first entry was measured: does the return stand inside the loop?": np.where(
            np.arange(n) == 0, (above - below) / (2 * h), 0.0
        ),
    }


@exercise("gradient_check.numerical_gradient")
def test_numerical_gradient_by_hand(student):
    """theta_1^3 + theta_1 theta_2 at (2, 5) with h = 1/4: (17.0625, 2)"""

    def f(theta):
        return float(theta[0] ** 3 + theta[0] * theta[1])

    theta, h = np.array([2.0, 5.0]), 0.25
    got = student.gradient_check.numerical_gradient(f, theta, h)
    assert_matches(
        got, np.array([17.0625, 2.0]), name="the gradient", mistakes=wrong_gradients(f, theta, h), **MEASURED
    )


@exercise("gradient_check.numerical_gradient")
def test_numerical_gradient_of_a_sine(student):
    """The slope of the sine is the cosine, to seven digits with h = 1e-5"""
    theta = np.array([0.5, -1.0, 3.0])

    def f(theta):
        return sum(math.sin(t) for t in theta) + float(theta[0] * theta[2])

    wanted = np.array([math.cos(0.5) + 3.0, math.cos(-1.0), math.cos(3.0) + 0.5])
    got = student.gradient_check.numerical_gradient(f, theta)
    assert_matches(
        got, wanted, name="the gradient", mistakes=telling(wrong_gradients(f, theta, 1e-5), wanted), **MEASURED
    )


@exercise("gradient_check.numerical_gradient")
def test_numerical_gradient_of_a_matrix(student):
    """A matrix of weights has a matrix of slopes; f is given whole matrices"""
    factors = np.array([[1.0, -2.0, 0.5], [4.0, 3.0, -1.0]])
    seen = set()

    def f(theta):
        seen.add(np.shape(theta))
        return float(np.sum(factors * theta * theta)) if np.shape(theta) == (2, 3) else 0.0

    theta = np.array([[0.5, 1.0, -1.0], [2.0, -0.25, 3.0]])

    def with_row(i, step):
        return f(theta + step * (np.arange(2) == i)[:, None])

    h = 1e-5
    mistakes = {
        "You moved a whole row at once; move one entry at a time: np.ndindex(theta.shape).": np.array(
            [[(with_row(i, h) - with_row(i, -h)) / (2 * h)] * 3 for i in range(2)]
        ),
        "Of a matrix theta[i] is a row, and `here` moved with it; move each entry: np.ndindex(theta.shape).": np.array(
            [[(with_row(i, h) - f(theta)) / (2 * h)] * 3 for i in range(2)]
        ),
    }
    got = student.gradient_check.numerical_gradient(f, theta)
    assert not seen - {(2, 3)}, f"f was given an array of shape {min(seen - {(2, 3)})}; it takes all of theta, (2, 3)"
    assert_matches(got, 2 * factors * theta, name="the gradient", mistakes=mistakes, **MEASURED)


@exercise("gradient_check.numerical_gradient")
def test_numerical_gradient_of_a_number(student):
    """theta may be a single number, an integer too"""

    def f(theta):
        return float(theta) ** 2

    mistakes = {
        "The gradient at a number is a number: an array of shape () will do, one of shape (1,) will not.": np.array(
            [6.0]
        ),
        # 3.25 was cut to 3 and 2.75 to 2.
        "An integer array keeps no wiggle: copy theta in float64, np.array(theta, dtype=np.float64).": 10.0,
    }
    got = student.gradient_check.numerical_gradient(f, 3.0)
    assert_matches(got, 6.0, name="the gradient", mistakes=mistakes, **MEASURED)
    got = student.gradient_check.numerical_gradient(f, 3, 0.25)
    assert_matches(got, 6.0, name="the gradient at the integer 3", mistakes=mistakes, **MEASURED)


@exercise("gradient_check.numerical_gradient")
def test_numerical_gradient_leaves_theta_unchanged(student):
    """theta is left unchanged, to the last digit"""
    got = assert_unchanged(
        student.gradient_check.numerical_gradient,
        lambda theta: float(theta[0] * theta[1] + theta[2]),
        np.array([0.1, 0.3, 0.7]),
    )
    assert_matches(got, np.array([0.3, 0.1, 1.0]), name="the gradient", **MEASURED)


def wrong_errors(a, b):
    """What the usual mistakes make of the relative error."""
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    difference = np.abs(a - b)
    length, length_a, length_b = np.linalg.norm(difference), np.linalg.norm(a), np.linalg.norm(b)
    with np.errstate(all="ignore"):
        each = difference / np.maximum(np.abs(a), np.abs(b))
        each = np.where(difference == 0, 0.0, each)
        return {
            "You divided by the sum of the two sizes; divide by the larger one.": np.nanmax(
                difference / (np.abs(a) + np.abs(b))
            ),
            "You divided by the size of a, or by the smaller one of the two; divide by the larger one.": np.nanmax(
                difference / np.abs(a)
            ),
            "You divided by the size of b; divide by the larger one of the two.": np.nanmax(difference / np.abs(b)),
            "You took the mean; the worst entry counts.": np.mean(each),
            "You took the sum; the worst entry counts.": np.sum(each),
            "That is the absolute error; divide by the size of the numbers.": np.max(difference),
            "You divided by the largest entry of all; each entry is measured against its own size.": np.max(difference)
            / max(np.max(np.abs(a)), np.max(np.abs(b))),
            "You compared the lengths of the vectors; here the worst entry counts.": length / max(length_a, length_b),
            "You divided the length of a - b by both lengths; here the worst entry counts, np.max.": length
            / (length_a + length_b),
            "You divided the length of a - b by that of b; here the worst entry counts, np.max.": length / length_b,
            "That is the length of a - b; the worst entry counts, np.max, measured against its size.": length,
            "The size of a negative number is its absolute value: max(abs(a), abs(b)).": np.nanmax(
                difference / np.maximum(a, b)
            ),
            "You took the largest of (a - b) with its sign; take abs(a - b).": np.nanmax(
                (a - b) / np.maximum(np.abs(a), np.abs(b))
            ),
            "0 / 0 is NaN for NumPy: where both are 0 the error is 0.": math.nan,
            "A small number in the divisor hides the errors of small gradients; divide by the size alone.": np.max(
                difference / (np.maximum(np.abs(a), np.abs(b)) + 1e-8)
            ),
            "You returned the error of each entry; the worst one counts.": each,
        }


@exercise("gradient_check.relative_error")
def test_relative_error_by_hand(student):
    """4 against 5 and 10 against 9.2: the worst is 1/5"""
    a, b = np.array([4.0, 10.0]), np.array([5.0, 9.2])
    got = student.gradient_check.relative_error(a, b)
    assert_matches(got, 0.2, name="the relative error", mistakes=telling(wrong_errors(a, b), 0.2))


@exercise("gradient_check.relative_error")
def test_relative_error_of_zeros(student):
    """Where both are 0 the error is 0, without a warning"""
    a, b = np.array([[0.0, 8.0, 0.0], [1.0, 0.0, -4.0]]), np.array([[0.0, 8.0, 0.0], [1.0, 0.0, -3.0]])
    got = student.gradient_check.relative_error(a, b)
    assert_matches(got, 0.25, name="the relative error", mistakes=telling(wrong_errors(a, b), 0.25))
    assert_matches(student.gradient_check.relative_error(a, a), 0.0, name="the relative error of a with itself")
    both = "NumPy divided 0 by 0; np.where, if you used it, computes both sides. First put a 1 where the size is 0."
    assert_silent(student.gradient_check.relative_error, a, b, mistakes={both: "invalid value encountered"})


@exercise("gradient_check.relative_error")
def test_relative_error_of_opposite_signs(student):
    """Two numbers of opposite sign: 2"""
    got = student.gradient_check.relative_error(-3.0, 3.0)
    assert_matches(got, 2.0, name="the relative error", mistakes=telling(wrong_errors(-3.0, 3.0), 2.0))


@exercise("gradient_check.relative_error")
def test_relative_error_of_negative_and_tiny_entries(student):
    """-4 against -5 is like 4 against 5, and tiny entries count like large ones"""
    for a, b, wanted in (([-4.0], [-5.0], 0.2), ([1e-12, 100.0], [4e-12, 100.0], 0.75)):
        got = assert_unchanged(student.gradient_check.relative_error, np.array(a), np.array(b))
        mistakes = wrong_errors(a, b)
        assert_matches(got, wanted, name="the relative error", mistakes=telling(mistakes, wanted))


@exercise("gradient_check.relative_error")
def test_relative_error_refuses_other_shapes(student):
    """Two different shapes are refused, two equal ones are not"""
    a, b = np.array([2.0, 1.0, 7.0]), np.array([2.0, 4.0, 7.0])
    got = student.gradient_check.relative_error(a, b)
    assert_matches(got, 0.75, name="the relative error", mistakes=telling(wrong_errors(a, b), 0.75))
    assert_raises(ValueError, student.gradient_check.relative_error, a, b[:, None], names=("(3,)", "(3, 1)"))
