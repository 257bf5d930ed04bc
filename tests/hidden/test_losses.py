"""What `grade` asks of mlt_nn/losses.py: on inputs that are drawn anew in each run."""

import math

import numpy as np

from mlt_nn.grading import assert_close, assert_matches, assert_raises, assert_silent, assert_unchanged, exercise
from mlt_nn.teaching.grader import draws
from mlt_nn.teaching.grader.draws import given, narrow, numbers


def labels_of(rng, n, k):
    """Labels of n points; those of the first two are the last class and a class before it."""
    labels = rng.integers(0, k, n)
    labels[:2] = (k - 1, rng.integers(0, k - 1))[:n]
    return labels


def indicator(labels, k):
    return np.array([[float(label == j) for j in range(k)] for label in labels])


@exercise("losses.one_hot")
def test_one_hot_of_any_labels(student, rng):
    """Whatever the labels: row i is 1 at the class of point i and 0 elsewhere"""
    for n in (2, 12):
        k = int(rng.integers(3, 9))
        labels = labels_of(rng, n, k)
        with given(labels=labels, k=k):
            assert_close(student.losses.one_hot(labels, k), indicator(labels, k), name="Y")


@exercise("losses.one_hot")
def test_one_hot_of_one_point(student, rng):
    """A single point has one row, as wide as there are classes"""
    k = int(rng.integers(20, 60))
    labels = rng.integers(0, k - 1, 1)
    with given(labels=labels, k=k):
        assert_close(student.losses.one_hot(labels, k), indicator(labels, k), name="Y")


@exercise("losses.one_hot")
def test_one_hot_where_classes_are_absent(student, rng):
    """Of a few classes only: the others have columns of zeros"""
    k = int(rng.integers(8, 30))
    labels = rng.choice(rng.permutation(k)[:2], 9)
    with given(labels=labels, k=k):
        assert_close(student.losses.one_hot(labels, k), indicator(labels, k), name="Y")


@exercise("losses.one_hot")
def test_one_hot_of_bytes_in_the_dtype_asked_for(student, rng):
    """Labels are bytes in the files of MNIST, and left unchanged; float64 by default; what is no class is refused"""
    labels = labels_of(rng, 7, 10).astype(np.uint8)
    got = assert_unchanged(student.losses.one_hot, labels, 10, dtype=np.float32)
    assert_matches(got, narrow(indicator(labels, 10)), name="Y", dtype="dtype")
    assert_matches(assert_silent(student.losses.one_hot, labels, 11), indicator(labels, 11), name="Y")
    k = int(rng.integers(3, 9))
    for wrong in (k, -1):
        assert_raises(ValueError, student.losses.one_hot, np.array([0, wrong]), k, names=(str(wrong),))


def half_of_squares(y, y_hat):
    return 0.5 * math.fsum((q - p) ** 2 for p, q in zip(y.ravel().tolist(), y_hat.ravel().tolist(), strict=True))


@exercise("losses.squared_error")
def test_squared_error_of_any_values(student, rng):
    """Whatever the values: half the sum of the squared differences"""
    for n in (1, 2, int(rng.integers(3, 9))):
        y, y_hat = numbers(rng, 2, n)
        with given(y=y, y_hat=y_hat):
            assert_close(student.losses.squared_error(y, y_hat), half_of_squares(y, y_hat), name="the loss")


@exercise("losses.squared_error")
def test_squared_error_of_columns(student, rng):
    """Columns, and differences of 1e15 and of 1e-15, which are squared as they are"""
    for scale in (1.0, 1e15, 1e-15):
        y, y_hat = numbers(rng, 2, int(rng.integers(2, 6)), 1) * scale
        with given(y=y, y_hat=y_hat):
            assert_close(student.losses.squared_error(y, y_hat), half_of_squares(y, y_hat), name="the loss", atol=0)


@exercise("losses.squared_error")
def test_squared_error_refuses_what_numpy_would_stretch(student, rng):
    """A row against a column, rows, matrices, and three axes are refused; columns are not"""
    n = int(rng.integers(3, 7))
    y, y_hat = numbers(rng, 2, n, 1)
    assert_close(student.losses.squared_error(y, y_hat), half_of_squares(y, y_hat), name="the loss")
    matrix = np.hstack((y, y_hat))
    refused = ((y, y_hat[:, 0]), (y.T, y_hat.T), (y.T, y_hat), (matrix, matrix), (y[:, :, None], y_hat[:, :, None]))
    for one, other in refused:
        names = {str(one.shape), str(other.shape)}
        assert_raises(ValueError, student.losses.squared_error, one, other, names=sorted(names))


@exercise("losses.squared_error")
def test_squared_error_of_float32_and_integers(student, rng):
    """float32 and integers will do, without a warning; y and y_hat are left unchanged"""
    y, y_hat = numbers(rng, 2, int(rng.integers(3, 9)))
    got = assert_unchanged(student.losses.squared_error, narrow(y), narrow(y_hat))
    # A float32 has 7 digits, also where a right answer is a float made of one.
    assert_matches(got, half_of_squares(y, y_hat), name="the loss", rtol=1e-5, atol=1e-6)
    y, y_hat = rng.integers(-99, 99, (2, 5, 1))
    assert_matches(assert_silent(student.losses.squared_error, y, y_hat), half_of_squares(y, y_hat), name="the loss")


def probabilities(rng, n, k):
    weights = np.abs(numbers(rng, n, k))
    return weights / np.sum(weights, axis=1, keepdims=True)


def entropy(Y, Y_hat):
    pairs = zip(Y.ravel().tolist(), Y_hat.ravel().tolist(), strict=True)
    return -math.fsum(p * (math.log(q) if q else -math.inf) for p, q in pairs if p)


@exercise("losses.cross_entropy")
def test_cross_entropy_of_any_probabilities(student, rng):
    """Whatever the probabilities: minus the logarithm of that of the true class, added up"""
    for n in (1, 2, int(rng.integers(3, 6))):
        k = int(rng.integers(2, 5))
        Y, Y_hat = draws.one_hot(rng, n, k), probabilities(rng, n, k)
        with given(Y=Y, Y_hat=Y_hat):
            assert_close(student.losses.cross_entropy(Y, Y_hat), entropy(Y, Y_hat), name="the loss")


@exercise("losses.cross_entropy")
def test_cross_entropy_of_soft_targets(student, rng):
    """Targets such as (0.9, 0.1) weigh the logarithms, one of 0.001 too"""
    for n in (1, 3):
        Y, Y_hat = probabilities(rng, n, 3), probabilities(rng, n, 4)
        Y = np.insert(0.999 * Y, rng.integers(4), 0.001, axis=1)
        mistakes = {
            "The weights Y are missing: every logarithm is multiplied by its entry of Y.": -np.sum(np.log(Y_hat)),
            "You took one class of each point only; targets may be spread over several.": -np.sum(
                np.log(Y_hat[np.arange(n), np.argmax(Y, axis=1)])
            ),
        }
        with given(Y=Y, Y_hat=Y_hat):
            got = student.losses.cross_entropy(Y, Y_hat)
            assert_close(got, entropy(Y, Y_hat), name="the loss", mistakes=mistakes)


def certain(rng, right):
    """Four points of three classes: for the first, the true class has almost no probability; the second is certain."""
    Y, Y_hat = draws.one_hot(rng, 4, 3), probabilities(rng, 4, 3)
    Y_hat[1] = Y[1] if right else np.roll(Y[1], 1)
    Y_hat[0] = np.roll(Y[0], 1)
    Y_hat[0, Y[0] == 1] = 10.0 ** -rng.integers(20, 35)
    return Y, Y_hat


@exercise("losses.cross_entropy")
def test_cross_entropy_of_certainty(student, rng):
    """Certain and right costs 0, certain and wrong infinity, and 1e-30 is not cut off"""
    for right in (True, False):
        Y, Y_hat = certain(rng, right)
        added = "You added a small number to Y_hat before the logarithm; leave out the terms where Y is 0 instead."
        with given(Y=Y, Y_hat=Y_hat):
            got = student.losses.cross_entropy(Y, Y_hat)
            with_added = (-np.sum(Y * np.log(Y_hat + 10.0**-i)) for i in range(3, 16))
            mistakes = {
                added: min(with_added, key=lambda loss: abs(loss - got) if isinstance(got, float) else 0.0),
                "0 * log 0 is NaN for NumPy: leave out the terms where Y is 0.": math.nan,
            }
            assert_close(got, entropy(Y, Y_hat), name="the loss", mistakes=mistakes)


@exercise("losses.cross_entropy")
def test_cross_entropy_of_float32(student, rng):
    """float32 will do, zeros give no warning, nothing is changed in place; other shapes are refused"""
    n = int(rng.integers(3, 6))
    Y, Y_hat = draws.one_hot(rng, n, 4), probabilities(rng, n, 4)
    got = assert_unchanged(student.losses.cross_entropy, narrow(Y), narrow(Y_hat))
    mistakes = {"You divided by n; the course's loss is a sum, not a mean.": entropy(Y, Y_hat) / n}
    # A float32 has 7 digits, also where a right answer is a float made of one.
    assert_matches(got, entropy(Y, Y_hat), name="the loss", rtol=1e-5, atol=1e-6, mistakes=mistakes)
    Y, Y_hat = certain(rng, right=False)
    assert_matches(assert_silent(student.losses.cross_entropy, Y, Y_hat), math.inf, name="the loss")
    for other in (Y_hat[:1], Y_hat.T):
        names = (str(Y.shape), str(other.shape))
        assert_raises(ValueError, student.losses.cross_entropy, Y, other, names=names)
