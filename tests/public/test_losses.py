"""What `check` asks of mlt_nn/losses.py."""

import math

import numpy as np

from mlt_nn.grading import assert_matches, assert_raises, assert_silent, assert_unchanged, exercise
from mlt_nn.grading.mistakes import telling


@exercise("losses.one_hot")
def test_one_hot_by_hand(student):
    """Labels 2 and 0 of three classes: the rows are (0, 0, 1) and (1, 0, 0)"""
    mistakes = {
        "Points are rows: you put them into the columns.": np.array([[0.0, 1.0], [0.0, 0.0], [1.0, 0.0]]),
        "Classes are counted from 0: label 2 is the last of three classes.": np.array(
            [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
        ),
        "0 and 1 are swapped: the 1 stands at the class of the point.": np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]]),
        "Every row got all the labels: set one entry in each row, Y[np.arange(n), labels].": np.array(
            [[1.0, 0.0, 1.0], [1.0, 0.0, 1.0]]
        ),
        "You wrote the label into the matrix; what stands there is a 1.": np.array([[0.0, 0.0, 2.0], [0.0, 0.0, 0.0]]),
        "Nothing was set to 1: is it == where = is meant?": np.zeros((2, 3)),
        "Only the first row was filled: does the return stand inside the loop?": np.array(
            [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
        ),
    }
    Y = student.losses.one_hot(np.array([2, 0]), 3)
    assert_matches(Y, np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]), name="Y", mistakes=mistakes)


@exercise("losses.one_hot")
def test_one_hot_with_unused_classes(student):
    """Six classes make six columns, also when some of them do not occur"""
    labels = [3, 0, 3, 1]
    Y = [[1.0 if label == j else 0.0 for j in range(6)] for label in labels]
    occurring = np.array(Y)[:, :4]
    mistakes = {"You counted the classes that occur; k says how many columns there are.": occurring}
    assert_matches(student.losses.one_hot(np.array(labels), 6), np.array(Y), name="Y", mistakes=mistakes)


@exercise("losses.one_hot")
def test_one_hot_refuses_other_labels(student):
    """A label that is no class is refused; the largest one is not"""
    assert_matches(student.losses.one_hot(np.array([3]), 4), np.array([[0.0, 0.0, 0.0, 1.0]]), name="Y")
    assert_raises(ValueError, student.losses.one_hot, np.array([0, 4]), 4, names=("4",))
    assert_raises(ValueError, student.losses.one_hot, np.array([-1, 0]), 4, names=("-1",))


@exercise("losses.one_hot")
def test_one_hot_takes_the_dtype(student):
    """With dtype float32 the matrix is float32, and the labels are left unchanged"""
    Y = assert_unchanged(student.losses.one_hot, np.array([1, 0, 1]), 2, np.float32)
    wanted = np.array([[0, 1], [1, 0], [0, 1]], dtype=np.float32)
    unasked = "Hand the dtype on: np.zeros((n, k), dtype=dtype), or np.eye(k, dtype=dtype)."
    assert_matches(Y, wanted, name="Y", mistakes={unasked: wanted.astype(np.float64)}, dtype="dtype")


def wrong_squared_errors(y, y_hat):
    """What the usual mistakes make of the squared error."""
    squares = [(b - a) ** 2 for a, b in zip(y, y_hat, strict=True)]
    differences = [b - a for a, b in zip(y, y_hat, strict=True)]
    n = len(squares)
    return {
        "The factor 1/2 is missing.": sum(squares),
        "You divided by n; the course's loss is a sum, not a mean.": 0.5 * sum(squares) / n,
        "You took the mean of the squares; the course's loss is 1/2 of their sum.": sum(squares) / n,
        "The square is missing.": 0.5 * sum(differences),
        "You took absolute values; the differences are squared.": 0.5 * sum(map(abs, differences)),
        "You squared the sum; square each difference, then add up.": 0.5 * sum(differences) ** 2,
        "You took the square root; the loss is the sum itself.": math.sqrt(sum(squares)),
        "You did not add up: the loss is one number for all points.": 0.5 * np.array(squares),
        "The sign is flipped: a loss is never negative.": -0.5 * sum(squares),
        "Only the first point was counted: does the return stand inside the loop?": 0.5 * squares[0],
    }


@exercise("losses.squared_error")
def test_squared_error_by_hand(student):
    """y = (1, 2, 3), y_hat = (1.5, 4, -1), by hand: 1/2 (0.5^2 + 2^2 + 4^2) = 10.125"""
    y, y_hat = [1.0, 2.0, 3.0], [1.5, 4.0, -1.0]
    got = student.losses.squared_error(np.array(y), np.array(y_hat))
    assert_matches(got, 10.125, name="the loss", mistakes=wrong_squared_errors(y, y_hat))


@exercise("losses.squared_error")
def test_squared_error_of_columns(student):
    """Two columns (n, 1) give a number too"""
    y, y_hat = [1.0, -2.0, 3.0, 0.5], [0.0, 1.0, 3.5, 2.5]
    wanted = 0.5 * (1 + 9 + 0.25 + 4)
    mistakes = wrong_squared_errors(y, y_hat) | {
        "You returned a matrix with one entry; the loss is a number: float(...).": np.array([[wanted]]),
        "You added up along one axis; the loss is a number: float(...).": np.array([wanted]),
    }
    got = assert_unchanged(student.losses.squared_error, np.array([y]).T, np.array([y_hat]).T)
    assert_matches(got, wanted, name="the loss", mistakes=mistakes)


@exercise("losses.squared_error")
def test_squared_error_of_nothing_wrong(student):
    """A perfect prediction costs 0, and too high costs as much as too low"""
    y = np.array([3.0, -1.0])
    assert_matches(student.losses.squared_error(y, y), 0.0, name="the loss of a perfect prediction")
    for y_hat in ([7.0, -1.0], [-1.0, -1.0]):
        mistakes = wrong_squared_errors(y, y_hat)
        assert_matches(
            student.losses.squared_error(y, np.array(y_hat)), 8.0, name="the loss", mistakes=telling(mistakes, 8.0)
        )


@exercise("losses.squared_error")
def test_squared_error_refuses_other_shapes(student):
    """(n,) against (n, 1) is refused, two (n,) are not"""
    y, y_hat = np.array([1.0, 2.0, 5.0]), np.array([3.0, 2.0, 4.0])
    assert_matches(
        student.losses.squared_error(y, y_hat), 2.5, name="the loss", mistakes=wrong_squared_errors(y, y_hat)
    )
    assert_raises(ValueError, student.losses.squared_error, y, y_hat[:, None], names=("(3,)", "(3, 1)"))
    assert_raises(ValueError, student.losses.squared_error, y, y_hat[:2], names=("(3,)", "(2,)"))


@exercise("losses.squared_error")
def test_squared_error_refuses_several_columns(student):
    """Two (n, 2) are refused too, though their shapes are equal: a point has one true value"""
    column = np.array([[1.0], [2.0]])
    assert_matches(student.losses.squared_error(column, 3 * column), 10.0, name="the loss of two (2, 1)")
    wide = np.ones((3, 2))
    assert_raises(ValueError, student.losses.squared_error, wide, 2 * wide, names=("(3, 2)",))


def wrong_cross_entropies(Y, Y_hat, got):
    """What the usual mistakes make of the cross-entropy, for probabilities strictly between 0 and 1."""
    n, k = np.shape(Y)
    terms = np.array([[Y[i][j] * math.log(Y_hat[i][j]) for j in range(k)] for i in range(n)])
    others = sum((1 - Y[i][j]) * math.log(1 - Y_hat[i][j]) for i in range(n) for j in range(k))
    total = -terms.sum()
    # Of the numbers that people add the one that comes nearest to the answer.
    with_added = (-float(np.sum(Y * np.log(np.add(Y_hat, 10.0**-i)))) for i in range(3, 10))
    added = min(with_added, key=lambda loss: abs(loss - got) if isinstance(got, float) else 0.0)
    return {
        "The minus sign is missing: a logarithm of a probability is negative, a loss is not.": -total,
        "You took the logarithm to base 2; here it is the natural one, np.log.": total / math.log(2),
        "You took the logarithm to base 10; here it is the natural one, np.log.": total / math.log(10),
        "The factor Y is missing: only the true class of each point counts.": -float(np.log(Y_hat).sum()),
        "That is the binary cross-entropy; the classes that are not true do not count.": total - others,
        "You divided by n; the course's loss is a sum, not a mean.": total / n,
        "You took the mean over all entries; the course's loss is a sum, not a mean.": total / (n * k),
        "You added up each point by itself; the loss is one number for all points.": -terms.sum(axis=1),
        "You did not add up: the loss is one number for all points.": -terms,
        "The logarithm is missing.": float(np.sum(np.multiply(Y, Y_hat))),
        "Y and Y_hat are swapped: the logarithm is that of Y_hat.": math.inf,
        "Only the first point was counted: does the return stand inside the loop?": -terms[0].sum(),
        "You added a small number to Y_hat before the logarithm; leave out the terms where Y is 0 instead.": added,
    }


@exercise("losses.cross_entropy")
def test_cross_entropy_of_one_point(student):
    """One point, Y = (0, 1, 0) and Y_hat = (1/8, 1/2, 3/8): the true class was given 1/2, so it is log 2"""
    Y, Y_hat = [[0.0, 1.0, 0.0]], [[0.125, 0.5, 0.375]]
    got = student.losses.cross_entropy(np.array(Y), np.array(Y_hat))
    wanted = math.log(2)
    assert_matches(got, wanted, name="the loss", mistakes=telling(wrong_cross_entropies(Y, Y_hat, got), wanted))


@exercise("losses.cross_entropy")
def test_cross_entropy_is_a_sum(student):
    """A second point, Y = (1, 0, 0) and Y_hat = (1/4, 1/8, 5/8): log 2 + log 4, a sum and not a mean"""
    Y, Y_hat = [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]], [[0.125, 0.5, 0.375], [0.25, 0.125, 0.625]]
    got = student.losses.cross_entropy(np.array(Y), np.array(Y_hat))
    assert_matches(got, math.log(2) + math.log(4), name="the loss", mistakes=wrong_cross_entropies(Y, Y_hat, got))


@exercise("losses.cross_entropy")
def test_cross_entropy_weighs_its_terms(student):
    """The terms are weighed by Y: Y = (3/4, 1/4, 0), Y_hat = (1/4, 1/2, 1/4) gives 3/4 log 4 + 1/4 log 2"""
    Y, Y_hat = [[0.75, 0.25, 0.0]], [[0.25, 0.5, 0.25]]
    got = student.losses.cross_entropy(np.array(Y), np.array(Y_hat))
    wanted = 0.75 * math.log(4) + 0.25 * math.log(2)
    mistakes = wrong_cross_entropies(Y, Y_hat, got) | {
        "The weights Y are missing: every logarithm is multiplied by its entry of Y.": math.log(4) + math.log(2),
        "You counted the largest entry of Y alone; each entry counts with its weight.": math.log(4),
        "You counted the entries of Y that are 1; all that are not 0 count, with their weight.": 0.0,
    }
    assert_matches(got, wanted, name="the loss", mistakes=telling(mistakes, wanted))


@exercise("losses.cross_entropy")
def test_cross_entropy_where_both_are_zero(student):
    """Where Y is 0 the term is 0, even if Y_hat is 0 too"""
    Y = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    Y_hat = np.array([[0.0, 0.5, 0.5], [1.0, 0.0, 0.0]])
    mistakes = {"0 * log 0 is NaN for NumPy: leave out the terms where Y is 0.": math.nan}
    assert_matches(student.losses.cross_entropy(Y, Y_hat), math.log(2), name="the loss", mistakes=mistakes)
    both = (
        "NumPy took log 0, also where Y is 0; np.where, if you used it, computes both sides. Take Y[Y != 0] and "
        "Y_hat[Y != 0] first."
    )
    # In the logarithm, or where that is silenced, in the product.
    assert_silent(student.losses.cross_entropy, Y, Y_hat, mistakes={both: "encountered in"})


@exercise("losses.cross_entropy")
def test_cross_entropy_of_an_impossible_point(student):
    """Where the true class was given the probability 0 the loss is infinite"""
    Y = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    Y_hat = np.array([[0.25, 0.5, 0.25], [0.0, 0.0, 1.0]])
    got = student.losses.cross_entropy(Y, Y_hat)
    mistakes = {
        "0 * log 0 is NaN for NumPy: leave out the terms where Y is 0.": math.nan,
        "You left out the terms where Y_hat is 0; leave out those where Y is 0.": math.log(2),
        # However small the number that was added: the loss is large and finite.
        "You added a small number to Y_hat, or cut it off; leave out the terms where Y is 0 instead.": (
            got if isinstance(got, float) and 5 < got < math.inf else math.log(2) - math.log(1e-12)
        ),
    }
    assert_matches(got, math.inf, name="the loss", mistakes=mistakes)
    meant = "Here log 0 is meant; tell NumPy so:  with np.errstate(divide='ignore'):  above that line."
    assert_silent(student.losses.cross_entropy, Y, Y_hat, mistakes={meant: "divide by zero encountered in log"})


@exercise("losses.cross_entropy")
def test_cross_entropy_leaves_its_arguments_unchanged(student):
    """Y and Y_hat are left unchanged"""
    Y = [[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]
    Y_hat = [[0.75, 0.25], [0.5, 0.5], [0.875, 0.125]]
    got = assert_unchanged(student.losses.cross_entropy, np.array(Y), np.array(Y_hat))
    wanted = math.log(4) + math.log(2) + math.log(8)
    assert_matches(got, wanted, name="the loss", mistakes=wrong_cross_entropies(Y, Y_hat, got))


@exercise("losses.cross_entropy")
def test_cross_entropy_refuses_other_shapes(student):
    """Two different shapes are refused, two equal ones are not"""
    Y, Y_hat = np.array([[0.0, 0.0, 1.0]]), np.array([[0.5, 0.375, 0.125]])
    wanted, got = math.log(8), student.losses.cross_entropy(Y, Y_hat)
    assert_matches(got, wanted, name="the loss", mistakes=telling(wrong_cross_entropies(Y, Y_hat, got), wanted))
    assert_raises(ValueError, student.losses.cross_entropy, Y, Y_hat[0], names=("(1, 3)", "(3,)"))
