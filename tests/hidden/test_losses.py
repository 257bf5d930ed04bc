"""What `grade` asks of mlt_nn/losses.py besides the public checks."""

import math

import numpy as np
from hypothesis import strategies as st

from mlt_nn.grading import assert_matches, assert_raises, assert_silent, assert_unchanged, exercise
from mlt_nn.grading.mistakes import telling
from mlt_nn.teaching.grader.properties import for_all, matrices


@exercise("losses.one_hot")
def test_one_hot_of_any_labels(student):
    """Whatever the labels: row i is 1 at the class of point i and 0 elsewhere"""

    def holds(labels, spare):
        k = max(labels) + 1 + spare
        wanted = np.array([[float(label == j) for j in range(k)] for label in labels])
        assert_matches(student.losses.one_hot(np.array(labels), k), wanted, name="Y")

    labels = st.lists(st.integers(0, 4), min_size=1, max_size=6).map(lambda labels: [*labels, 2])
    for_all(holds, labels=labels, spare=st.integers(0, 2))


@exercise("losses.one_hot")
def test_one_hot_of_bytes(student):
    """Labels are bytes in the files of MNIST; ten classes, and the labels are left unchanged"""
    labels = np.array([7, 0, 9], dtype=np.uint8)
    wanted = np.array([[float(j == label) for j in range(10)] for label in (7, 0, 9)], dtype=np.float32)
    got = assert_unchanged(student.losses.one_hot, labels, 10, dtype=np.float32)
    assert_matches(got, wanted, name="Y")


@exercise("losses.one_hot")
def test_one_hot_of_one_class_and_of_one_point(student):
    """A single class makes a column of ones, a single point one row; float64 unless told otherwise"""
    assert_matches(student.losses.one_hot(np.zeros(4, dtype=int), 1), np.ones((4, 1)), name="Y")
    assert_matches(student.losses.one_hot(np.array([1]), 5), np.array([[0.0, 1.0, 0.0, 0.0, 0.0]]), name="Y")


@exercise("losses.squared_error")
def test_squared_error_of_any_values(student):
    """Whatever the values: half the sum of the squared differences"""

    def holds(both):
        y, y_hat = both
        wanted = 0.5 * math.fsum((q - p) ** 2 for p, q in zip(y, y_hat, strict=True)) + 0.5 * 2.25
        got = student.losses.squared_error(np.append(y, 1.0), np.append(y_hat, -0.5))
        assert_matches(got, wanted, name="the loss")

    for_all(holds, both=matrices(rows=2))


@exercise("losses.squared_error")
def test_squared_error_of_one_point(student):
    """One point as (1,) and as (1, 1), in float32 and in integers"""
    for dtype in (np.float32, np.int64):
        for shape in ((1,), (1, 1)):
            y, y_hat = np.full(shape, 3, dtype), np.full(shape, -4, dtype)
            assert_matches(student.losses.squared_error(y, y_hat), 24.5, name="the loss")


@exercise("losses.squared_error")
def test_squared_error_of_large_values(student):
    """Differences of 1e100 and of 1e-100 are squared as they are; y and y_hat are left unchanged"""
    y, y_hat = np.array([[1e100], [0.0], [1.0]]), np.array([[-1e100], [1e-100], [1.0]])
    got = assert_unchanged(student.losses.squared_error, y, y_hat)
    assert_matches(got, 2e200, name="the loss")
    assert_matches(student.losses.squared_error(y[1:], y_hat[1:]), 5e-201, name="the loss", atol=0)


@exercise("losses.squared_error")
def test_squared_error_refuses_rows(student):
    """Rows are refused, two (1, 3) as well as (1, 3) against (3, 1), and so are three axes; columns are not"""
    y, y_hat = np.array([[2.0, 0.0, 1.0]]), np.array([[1.0, 0.5, -1.0]])
    assert_matches(student.losses.squared_error(y.T, y_hat.T), 2.625, name="the loss")
    assert_raises(ValueError, student.losses.squared_error, y, y_hat, names=("(1, 3)",))
    assert_raises(ValueError, student.losses.squared_error, y, y_hat.T, names=("(1, 3)", "(3, 1)"))
    assert_raises(ValueError, student.losses.squared_error, y.T, y_hat[0], names=("(3, 1)", "(3,)"))
    deep = np.ones((2, 1, 3))
    assert_raises(ValueError, student.losses.squared_error, deep, 2 * deep, names=("(2, 1, 3)",))


def one_hot(labels, k):
    return np.array([[float(label == j) for j in range(k)] for label in labels])


@exercise("losses.cross_entropy")
def test_cross_entropy_of_any_probabilities(student):
    """Whatever the probabilities: minus the logarithm of that of the true class, added up"""

    def holds(weights):
        Y_hat = (np.abs(weights) + 0.125) / np.sum(np.abs(weights) + 0.125, axis=1, keepdims=True)
        Y_hat = np.column_stack([Y_hat * 0.75, np.full(len(Y_hat), 0.25)])
        labels = [i % Y_hat.shape[1] for i in range(len(Y_hat))]
        wanted = -math.fsum(math.log(Y_hat[i, label]) for i, label in enumerate(labels))
        got = student.losses.cross_entropy(one_hot(labels, Y_hat.shape[1]), Y_hat)
        assert_matches(got, wanted, name="the loss")

    for_all(holds, weights=matrices())


@exercise("losses.cross_entropy")
def test_cross_entropy_of_soft_targets(student):
    """Targets such as (0.9, 0.1) weigh the logarithms, with one point and with three"""
    Y = np.array([[0.75, 0.25, 0.0], [0.125, 0.125, 0.75], [0.0, 0.0, 1.0]])
    Y_hat = np.array([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.0, 0.5, 0.5]])
    points = [
        0.75 * math.log(2) + 0.25 * math.log(4),
        0.125 * math.log(4) + 0.125 * math.log(2) + 0.75 * math.log(4),
        math.log(2),
    ]
    for n in (3, 1):
        mistakes = {
            "The weights Y are missing: every logarithm is multiplied by its entry of Y.": -np.sum(
                np.log(Y_hat[:n][Y[:n] > 0])
            ),
            "You took one class of each point only; targets may be spread over several.": -np.sum(
                np.log(Y_hat[np.arange(n), np.argmax(Y[:n], axis=1)])
            ),
        }
        got = assert_unchanged(student.losses.cross_entropy, Y[:n], Y_hat[:n])
        assert_matches(got, math.fsum(points[:n]), name="the loss", mistakes=telling(mistakes, math.fsum(points[:n])))


@exercise("losses.cross_entropy")
def test_cross_entropy_of_tiny_probabilities(student):
    """The true class was given 1e-300: that costs 300 log 10, it is not cut off"""
    Y, Y_hat = one_hot([1, 0, 1, 2], 3), np.array([[1.0, 1e-300, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0, 0.5, 0.5]])
    wanted = 300 * math.log(10) + math.log(2)
    added = "You added a small number to Y_hat before the logarithm; leave out the terms where Y is 0 instead."
    cut = -sum(math.log(p + 1e-12) for p in (1e-300, 1.0, 1.0, 0.5))
    got = assert_silent(student.losses.cross_entropy, Y, Y_hat)
    assert_matches(got, wanted, name="the loss", mistakes={added: cut})


@exercise("losses.cross_entropy")
def test_cross_entropy_of_one_class_and_of_certainty(student):
    """Certain and right costs 0, also with a single class; certain and wrong costs infinity"""
    ones = np.ones((3, 1))
    assert_matches(student.losses.cross_entropy(ones, ones), 0.0, name="the loss")
    Y = one_hot([4, 0], 5)
    assert_matches(student.losses.cross_entropy(Y, Y), 0.0, name="the loss")
    assert_matches(student.losses.cross_entropy(Y, Y[::-1]), math.inf, name="the loss")


@exercise("losses.cross_entropy")
def test_cross_entropy_in_float32(student):
    """Five points in float32, sums and no means; nothing is changed in place"""
    Y_hat = np.array([[0.5, 0.5, 0.0], [0.25, 0.5, 0.25], [0.125, 0.75, 0.125], [1.0, 0.0, 0.0], [0.25, 0.25, 0.5]])
    Y, wanted = one_hot([0, 2, 1, 0, 2], 3), math.log(2) + math.log(4) - math.log(0.75) + math.log(2)
    got = assert_unchanged(student.losses.cross_entropy, Y.astype(np.float32), Y_hat.astype(np.float32))
    mistakes = {
        "You divided by n; the course's loss is a sum, not a mean.": wanted / 5,
        "0 * log 0 is NaN for NumPy: leave out the terms where Y is 0.": math.nan,
    }
    # A float32 has 7 digits, also where a right answer is a float made of one.
    assert_matches(got, wanted, name="the loss", rtol=1e-5, mistakes=telling(mistakes, wanted))


@exercise("losses.cross_entropy")
def test_cross_entropy_refuses_what_numpy_would_stretch(student):
    """One row of labels against two of probabilities is refused, and so is the transpose"""
    Y, Y_hat = one_hot([1], 2), np.array([[0.25, 0.75], [0.5, 0.5]])
    assert_matches(student.losses.cross_entropy(Y, Y_hat[:1]), -math.log(0.75), name="the loss")
    assert_raises(ValueError, student.losses.cross_entropy, Y, Y_hat, names=("(1, 2)", "(2, 2)"))
    assert_raises(ValueError, student.losses.cross_entropy, Y, Y_hat[:1].T, names=("(1, 2)", "(2, 1)"))
