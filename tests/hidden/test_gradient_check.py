"""What `grade` asks of mlt_nn/gradient_check.py besides the public checks."""

import numpy as np

from mlt_nn.grading import assert_matches, assert_raises, assert_silent, assert_unchanged, exercise
from mlt_nn.teaching.grader.properties import for_all, matrices, numbers


@exercise("gradient_check.numerical_gradient")
def test_numerical_gradient_of_any_parabola(student):
    """Central differences of a parabola are exact, whatever its factors and wherever they are taken"""

    def holds(factors_and_theta):
        factors, theta = factors_and_theta

        def f(theta):
            return float(np.sum(factors * theta * theta) + np.sum(0.625 * theta)) if theta.shape == factors.shape else 0

        got = student.gradient_check.numerical_gradient(f, theta, 0.5)
        assert_matches(got, 2 * factors * theta + 0.625, name="the gradient")

    for_all(holds, factors_and_theta=matrices(rows=2))


@exercise("gradient_check.numerical_gradient")
def test_numerical_gradient_asks_where_it_should(student):
    """f is asked at theta + h e_i and theta - h e_i, with h = 1/8, and every other entry stays where it is"""
    theta, h, seen = np.array([[1.0, -2.0], [0.5, 4.0], [-0.25, 3.0]]), 0.125, set()

    def f(theta):
        seen.add(tuple(np.ravel(theta).tolist()))
        return float(np.sum(theta**3)) if np.shape(theta) == (3, 2) else 0.0

    got = student.gradient_check.numerical_gradient(f, theta, h=h)
    # ((t + h)^3 - (t - h)^3) / (2 h) = 3 t^2 + h^2
    assert_matches(got, 3 * theta**2 + h * h, name="the gradient")
    moved = np.concatenate([theta.ravel() + sign * h * np.eye(6) for sign in (1, -1)])
    strange = seen - {tuple(row) for row in moved.tolist()} - {tuple(theta.ravel().tolist())}
    assert not strange, f"f was asked at {min(strange)}, which is not one entry of theta moved by h"


@exercise("gradient_check.numerical_gradient")
def test_numerical_gradient_at_a_kink(student):
    """At the kink of |theta| the differences to both sides cancel"""
    theta = np.array([0.0, 2.0, -3.0, 0.0, 5.0])
    got = student.gradient_check.numerical_gradient(lambda theta: float(np.sum(np.abs(theta))), theta)
    mistakes = {
        "That is the difference to one side; take f(theta + h) - f(theta - h), over 2 h.": np.array(
            [1.0, 1.0, -1.0, 1.0, 1.0]
        )
    }
    # Rounding of a sum of 10: 1e-15 / h, 1e-10.
    assert_matches(got, np.array([0.0, 1.0, -1.0, 0.0, 1.0]), name="the gradient", rtol=0, atol=1e-8, mistakes=mistakes)


@exercise("gradient_check.numerical_gradient")
def test_numerical_gradient_of_three_axes(student):
    """theta may have three axes, and it may be an integer; theta is left unchanged"""
    theta = np.linspace(-1.0, 1.0, 6).reshape(1, 3, 2)
    got = assert_unchanged(
        student.gradient_check.numerical_gradient, lambda theta: float(np.sum(np.exp(theta))), theta, 1e-4
    )
    # Off by h^2 / 6 times e and by rounding, 1e-15 / h: both below 1e-8.
    assert_matches(got, np.exp(theta), name="the gradient", rtol=1e-7, atol=1e-7)
    got = student.gradient_check.numerical_gradient(lambda theta: float(theta) ** 2, 3)
    assert_matches(got, 6.0, name="the gradient at the integer 3", rtol=1e-7)


# Never 0, so that a constant is not right by chance.
nonzero = numbers.map(lambda n: n + 3.125)


def error(a, b):
    worst = 0.0
    for one, other in zip(np.ravel(a).tolist(), np.ravel(b).tolist(), strict=True):
        if one != other:
            worst = max(worst, abs(one - other) / max(abs(one), abs(other)))
    return worst


@exercise("gradient_check.relative_error")
def test_relative_error_of_any_gradients(student):
    """Whatever the gradients: the worst entry counts, and it does not matter which one comes first"""

    def holds(both, factor):
        a, b = np.append(both[0], 4.0), np.append(both[1], 4.0 - factor / 8)
        assert_matches(student.gradient_check.relative_error(a, b), error(a, b), name="the relative error")
        assert_matches(student.gradient_check.relative_error(b, a), error(a, b), name="the relative error")

    for_all(holds, both=matrices(rows=2), factor=nonzero)


@exercise("gradient_check.relative_error")
def test_relative_error_of_any_size(student):
    """Gradients of 1e-200 and of 1e200 are judged alike"""
    a, b = np.array([[3.0, -2.0], [0.5, 0.0], [1.0, 8.0]]), np.array([[3.0, -2.5], [0.5, 0.0], [1.0, 7.0]])
    for scale in (1e-200, 1.0, 1e200):
        got = assert_silent(student.gradient_check.relative_error, scale * a, scale * b)
        mistakes = {
            "A small number in the divisor hides the errors of small gradients; divide by the size alone.": 0.0,
        }
        assert_matches(got, 0.2, name="the relative error", mistakes=mistakes)


@exercise("gradient_check.relative_error")
def test_relative_error_where_one_is_zero(student):
    """0 against anything is 1, opposite signs up to 2, three axes and numbers will do"""
    a, b = np.zeros((2, 1, 3)), np.zeros((2, 1, 3))
    b[1, 0, 2] = 1e-9
    assert_matches(assert_unchanged(student.gradient_check.relative_error, a, b), 1.0, name="the relative error")
    assert_matches(student.gradient_check.relative_error(2, -1), 1.5, name="the relative error")
    assert_matches(student.gradient_check.relative_error(0.0, 0.0), 0.0, name="the relative error")


@exercise("gradient_check.relative_error")
def test_relative_error_refuses_what_numpy_would_stretch(student):
    """A number against an array is refused, and a row against a column"""
    a = np.array([[4.0, 2.0]])
    assert_matches(student.gradient_check.relative_error(a, a[:, ::-1]), 0.5, name="the relative error")
    assert_matches(student.gradient_check.relative_error(a, -3 * a), 4 / 3, name="the relative error")
    assert_raises(ValueError, student.gradient_check.relative_error, a, a.T, names=("(1, 2)", "(2, 1)"))
    assert_raises(ValueError, student.gradient_check.relative_error, a, 4.0, names=("(1, 2)", "()"))
