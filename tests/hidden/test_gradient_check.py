"""What `grade` asks of mlt_nn/gradient_check.py: on inputs that are drawn anew in each run."""

import numpy as np

from mlt_nn.grading import assert_close, assert_matches, assert_raises, assert_silent, assert_unchanged, exercise
from mlt_nn.teaching.grader.draws import given, number, numbers


def cubic(rng, shape):
    """A function of an array of that shape, and what its central differences are."""
    third, second, first = numbers(rng, 3, *shape, high=1.5)

    def f(theta):
        return float(np.sum(third * theta**3 + second * theta**2 + first * theta)) if np.shape(theta) == shape else 0.0

    # ((t + h)^3 - (t - h)^3) / (2 h) = 3 t^2 + h^2
    return f, lambda theta, h: third * (3 * theta**2 + h * h) + 2 * second * theta + first


def width(rng):
    """Half a wiggle that is wide enough for h^2 to be seen, and for rounding not to be."""
    return float(np.round(rng.uniform(0.1, 0.5), 3))


@exercise("gradient_check.numerical_gradient")
def test_numerical_gradient_of_any_cubic(student, rng):
    """Whatever the function, theta and h: central differences, entry by entry"""
    for n in (1, int(rng.integers(2, 6))):
        (f, gradient), theta, h = cubic(rng, (n,)), numbers(rng, n), width(rng)
        with given(theta=theta, h=h):
            got = student.gradient_check.numerical_gradient(f, theta, h)
            assert_close(got, gradient(theta, h), name="the gradient")


@exercise("gradient_check.numerical_gradient")
def test_numerical_gradient_asks_where_it_should(student, rng):
    """theta may have any axes: f is asked at theta + h e_i and theta - h e_i, and every other entry stays as it is"""
    shape = tuple(rng.permutation((1, 2, 3)).tolist())
    (f, gradient), theta, h, seen = cubic(rng, shape), numbers(rng, *shape), width(rng), []

    def watched(theta):
        seen.append(np.ravel(theta))
        return f(theta)

    with given(theta=theta, h=h):
        got = student.gradient_check.numerical_gradient(watched, theta, h=h)
        assert_close(got, gradient(theta, h), name="the gradient")
        moved = [theta.ravel() + sign * h * unit for sign in (1, 0, -1) for unit in np.eye(6)]
        for asked in seen:
            known = asked.shape == (6,) and np.any(np.all(np.isclose(asked, moved, rtol=1e-6), axis=1))
            assert known, "f was asked where more than one entry of theta, or one by another width than h, was moved"


@exercise("gradient_check.numerical_gradient")
def test_numerical_gradient_at_a_kink(student, rng):
    """At the kink of |theta| the differences to both sides cancel, with the width that is taken by default"""
    factors = numbers(rng, 6, low=0.5)
    theta = np.array([0.0, 0.0, *numbers(rng, 4)])[rng.permutation(6)]
    mistakes = {
        "That is the difference to one side; take f(theta + h) - f(theta - h), over 2 h.": factors
        * np.where(theta < 0, -1.0, 1.0)
    }
    asked = [theta]

    def f(theta):
        asked.append(np.resize(theta, 6))
        return float(np.sum(factors * np.abs(theta)))

    with given(theta=theta):
        got = student.gradient_check.numerical_gradient(f, theta)
        # Rounding of a sum of about 10: 1e-15 / h, 1e-10.
        assert_close(got, factors * np.sign(theta), name="the gradient", mistakes=mistakes)
        # A difference of two lines is right with any width.
        assert_close(np.ptp(asked, axis=0), np.full(6, 2e-5), name="2 h by default", atol=0)


@exercise("gradient_check.numerical_gradient")
def test_numerical_gradient_leaves_theta_unchanged(student, rng):
    """theta is left unchanged; it may be an integer, and the gradient is float64 all the same"""
    (f, gradient), theta, h = cubic(rng, (4,)), numbers(rng, 4), width(rng)
    got = assert_unchanged(student.gradient_check.numerical_gradient, f, theta, h)
    # Rounding of a sum of about 100: 1e-14 / h, 1e-13.
    assert_matches(got, gradient(theta, h), name="the gradient")
    (f, gradient), theta = cubic(rng, ()), int(rng.integers(2, 9))
    got = student.gradient_check.numerical_gradient(f, theta, h)
    assert_matches(got, float(gradient(theta, h)), name=f"the gradient at the integer {theta}")


def error(a, b):
    pairs = zip(np.ravel(a).tolist(), np.ravel(b).tolist(), strict=True)
    return max((abs(p - q) / max(abs(p), abs(q)) for p, q in pairs if p != q), default=0.0)


@exercise("gradient_check.relative_error")
def test_relative_error_of_any_gradients(student, rng):
    """Whatever the gradients: the worst entry counts, and it does not matter which one comes first"""
    for shape in ((1,), (4,), (2, 3)):
        a = numbers(rng, *shape)
        b = a * (1 + np.abs(numbers(rng, *shape, high=0.6)))
        with given(a=a, b=b):
            assert_close(student.gradient_check.relative_error(a, b), error(a, b), name="the relative error")
            assert_close(student.gradient_check.relative_error(b, a), error(a, b), name="the relative error")


@exercise("gradient_check.relative_error")
def test_relative_error_of_any_size(student, rng):
    """Gradients of 1e-33 and of 1e25 are judged alike"""
    a, b = numbers(rng, 2, 3, 2)
    mistakes = {"A small number in the divisor hides the errors of small gradients; divide by the size alone.": 0.0}
    for scale in (1e-33, 1e25):
        with given(a=scale * a, b=scale * b):
            got = student.gradient_check.relative_error(scale * a, scale * b)
            assert_close(got, error(a, b), name="the relative error", mistakes=mistakes)


@exercise("gradient_check.relative_error")
def test_relative_error_where_one_is_zero(student, rng):
    """0 against anything is 1, against 0 it is 0; opposite signs count up to 2; two numbers will do"""
    b = np.array([0.0, number(rng), 0.0])
    # Every other entry agrees, or is 0 in both.
    assert_close(student.gradient_check.relative_error(np.zeros(3), b * 1e-9), 1.0, name="the relative error")
    p, q = np.sort(np.abs(numbers(rng, 2)))  # the negative one is the larger one
    with given(a=p, b=-q):
        assert_close(
            student.gradient_check.relative_error(float(p), float(-q)), error(p, -q), name="the relative error"
        )


@exercise("gradient_check.relative_error")
def test_relative_error_leaves_its_arguments_unchanged(student, rng):
    """a and b are left unchanged, zeros give no warning; what NumPy would stretch is refused"""
    n = int(rng.integers(2, 6))
    a, b = numbers(rng, 2, 1, n)
    assert_matches(
        assert_unchanged(student.gradient_check.relative_error, a, b), error(a, b), name="the relative error"
    )
    a[0, 0] = b[0, 0] = 0.0
    assert_matches(assert_silent(student.gradient_check.relative_error, a, b), error(a, b), name="the relative error")
    for other in (a.T, 4.0):
        names = (str(a.shape), str(np.shape(other)))
        assert_raises(ValueError, student.gradient_check.relative_error, a, other, names=names)
