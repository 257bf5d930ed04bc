"""What `grade` asks of mlt_nn/gradient_descent.py besides the public checks."""

import itertools
import math

import numpy as np
from hypothesis import strategies as st

from mlt_nn.grading import assert_matches, assert_raises, assert_unchanged, exercise
from mlt_nn.grading.compare import describe
from mlt_nn.grading.mistakes import telling
from mlt_nn.teaching.grader.properties import for_all, numbers, sizes

PARAMETERS = ("W", "b")


def quarters(rng, *shape):
    """Numbers from -1.5 to 1.5, none of them 0."""
    return (rng.integers(-3, 3, shape) * 2 + 1) / 4


def parameters(sizes, seed):
    rng, layers = np.random.default_rng(seed), range(1, len(sizes))
    return {l: quarters(rng, sizes[l - 1], sizes[l]) for l in layers}, {l: quarters(rng, sizes[l]) for l in layers}


def moved(W, b, W_g, b_g, step):
    return {l: W[l] + step * W_g[l] for l in W}, {l: b[l] + step * b_g[l] for l in b}


def narrow(part):
    return {l: part[l].astype(np.float32) for l in part}


@exercise("gradient_descent.update")
def test_update_of_any_network(student):
    """Whatever the sizes and the learning rate: every parameter moves against its gradient"""

    def holds(sizes, rate):
        arguments = *parameters(sizes, 51), *parameters(sizes, 52)
        wanted = moved(*arguments, -(rate + 3.25))
        assert_matches(student.gradient_descent.update(*arguments, rate + 3.25), wanted, name=PARAMETERS)

    for_all(holds, sizes=st.lists(sizes, min_size=2, max_size=4), rate=numbers)


@exercise("gradient_descent.update")
def test_update_in_float32(student):
    """Three layers stay float32, with a learning rate of 1e-3; nothing is changed in place"""
    sizes = (2, 4, 1, 3)
    arguments = *parameters(sizes, 53), *parameters(sizes, 54)
    got = assert_unchanged(student.gradient_descent.update, *map(narrow, arguments), learning_rate=1e-3)
    assert_matches(got, tuple(map(narrow, moved(*arguments, -1e-3))), name=PARAMETERS)


@exercise("gradient_descent.update")
def test_update_where_a_gradient_is_zero(student):
    """Where the gradient is 0 a parameter stays, and only there"""
    W, b = parameters((3, 2, 2), 55)
    W_g, b_g = {1: np.zeros((3, 2)), 2: np.array([[0.0, 4.0], [-2.0, 0.0]])}, {1: np.array([0.0, 8.0]), 2: np.zeros(2)}
    got = student.gradient_descent.update(W, b, W_g, b_g, 0.5)
    wanted = (
        {1: W[1], 2: W[2] - np.array([[0.0, 2.0], [-1.0, 0.0]])},
        {1: b[1] - np.array([0.0, 4.0]), 2: b[2]},
    )
    assert_matches(got, wanted, name=PARAMETERS)


def cut(student, n, size, rng):
    """The mini-batches as lists, whose lengths and entries must be right."""
    got = student.gradient_descent.minibatches(n, size, rng)
    assert isinstance(got, list), f"minibatches returned {describe(got)}; it should be a list of integer arrays"
    for rows in got:
        assert isinstance(rows, np.ndarray) and rows.ndim == 1 and rows.dtype.kind in "iu", (  # noqa: PT018
            f"a mini-batch is {describe(rows)}; it should be an array of row numbers: one axis, integers"
        )
    full, rest = divmod(n, size)
    assert_matches([len(rows) for rows in got], [size] * full + [rest] * (rest > 0), name="sizes")
    order = [int(row) for rows in got for row in rows]
    assert_matches(np.sort(order), np.arange(n), name="the rows in order")
    return order


@exercise("gradient_descent.minibatches")
def test_minibatches_of_any_size(student):
    """Whatever n and size: each row once, in parts of that size, the last with what is left"""

    def holds(n, size, seed):
        cut(student, n, size, np.random.default_rng(seed))

    for_all(holds, n=st.integers(1, 25), size=st.integers(1, 10), seed=st.integers(0, 9))


@exercise("gradient_descent.minibatches")
def test_minibatches_are_well_mixed(student):
    """Of 400 rows each may come anywhere: neither the old places nor the old neighbors are kept"""
    n = 400
    order = np.array(cut(student, n, 37, np.random.default_rng(61)))
    # Of a random order the correlation of place and row has the standard deviation 1 / sqrt(n - 1) = 0.05.
    correlation = float(np.corrcoef(np.arange(n), order)[0, 1])
    assert abs(correlation) < 0.25, "rows stay near their old places; shuffle all of them (rng.permutation)"
    # A row is followed by the next or the one before with probability 2 / n: 2 times on average; 16 by chance < 1e-9.
    together = int(np.sum(np.abs(np.diff(order)) == 1))
    assert together < 16, f"{together} rows are followed by an old neighbor; shuffle the rows one by one"


@exercise("gradient_descent.minibatches")
def test_minibatches_draw_anew(student):
    """A second epoch from the same generator has another order; a generator that went as far gives the same"""
    rng, again = np.random.default_rng(62), np.random.default_rng(62)
    first, second = cut(student, 50, 8, rng), cut(student, 50, 8, rng)
    assert first != second, "two epochs from one generator had the same order; draw from the rng that is given"
    assert [cut(student, 50, 8, again), cut(student, 50, 8, again)] == [first, second], (
        "the same seed gave other epochs; shuffle with the rng that is given and nothing else"
    )


HIDDEN = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "relu": (lambda z: z * (z > 0), lambda z: 1.0 * (z > 0)),
}


def step(X, Y, W, b, hidden, output, rate):
    """One step from the equations: the loss before it, and the parameters after it."""
    g, slope = HIDDEN[hidden]
    L, Z, A = len(W), {}, {0: X}
    for l in range(1, L + 1):
        Z[l] = A[l - 1] @ W[l] + b[l]
        A[l] = g(Z[l])
    A[L] = Z[L] if output == "identity" else np.exp(Z[L]) / np.sum(np.exp(Z[L]), axis=1, keepdims=True)
    loss = 0.5 * np.sum((A[L] - Y) ** 2) if output == "identity" else -np.sum(np.log(A[L][Y == 1]))
    W_g, b_g, Z_g = {}, {}, A[L] - Y
    for l in range(L, 0, -1):
        W_g[l], b_g[l] = A[l - 1].T @ Z_g, np.sum(Z_g, axis=0)
        if l > 1:
            Z_g = Z_g @ W[l].T * slope(Z[l - 1])
    return float(loss), *moved(W, b, W_g, b_g, -rate)


def steps(batches, W, b, hidden, output, rate):
    """One epoch over these mini-batches [(X, Y), ...]: its loss, and the parameters after it."""
    total = 0.0
    for X, Y in batches:
        loss, W, b = step(X, Y, W, b, hidden, output, rate)
        total += loss
    return total, W, b


TRAINED = ("W", "b", "history")
X = quarters(np.random.default_rng(71), 6, 2) + np.arange(6)[:, None] / 8
VALUES = np.array([[1.0], [-0.5], [0.25], [2.0], [-1.5], [0.75]])
CLASSES = np.eye(3)[[2, 0, 1, 1, 2, 0]]


@exercise("gradient_descent.train")
def test_train_a_regression_with_hidden_layers(student):
    """Two epochs of a tanh network (2, 3, 4, 1) are two steps; on_epoch gets what each one gave"""
    W, b = parameters((2, 3, 4, 1), 72)
    calls, wanted, history = [], [], []
    new = W, b
    for epoch in (1, 2):
        loss, *new = step(X, VALUES, *new, "tanh", "identity", 0.03125)
        history.append(loss)
        wanted.append((epoch, *new, loss))
    got = student.gradient_descent.train(
        X,
        VALUES,
        W,
        b,
        "tanh",
        "identity",
        0.03125,
        2,
        on_epoch=lambda epoch, W, b, loss: calls.append((epoch, W, b, loss)),
    )
    assert_matches(got, (*new, {"loss": history}), name=TRAINED)
    assert_matches(calls, wanted, name="the calls of on_epoch")


@exercise("gradient_descent.train")
def test_train_one_point_by_default(student):
    """One point, one feature: sigmoid, softmax and a learning rate of 1e-3 unless told otherwise"""
    W, b = {1: np.array([[2.0]]), 2: np.array([[-1.5, 0.5]])}, {1: np.array([0.25]), 2: np.array([0.5, 1.0])}
    point, target = np.array([[0.75]]), np.array([[1.0, 0.0]])
    new, losses = (W, b), []
    for _ in range(3):
        loss, *new = step(point, target, *new, "sigmoid", "softmax", 1e-3)
        losses.append(loss)
    got = assert_unchanged(student.gradient_descent.train, point, target, W, b, epochs=3)
    assert_matches(got, (*new, {"loss": losses}), name=TRAINED)


@exercise("gradient_descent.train")
def test_train_with_a_large_mini_batch(student):
    """A mini-batch of all points, or of more, is the whole: the order does not matter then"""
    W, b = parameters((2, 4, 3), 73)
    loss, *new = step(X, CLASSES, W, b, "relu", "softmax", 0.0625)
    for size in (6, 9):
        got = student.gradient_descent.train(
            X,
            CLASSES,
            W,
            b,
            hidden="relu",
            learning_rate=0.0625,
            epochs=1,
            batch_size=size,
            rng=np.random.default_rng(74),
        )
        assert_matches(got, (*new, {"loss": [loss]}), name=TRAINED)


@exercise("gradient_descent.train")
def test_train_takes_points_with_their_targets(student):
    """Six points in mini-batches of 4: an epoch is a step with four of them, then one with the other two"""
    W, b, rate = {1: np.array([[0.5], [-0.25]])}, {1: np.array([0.75])}, 0.0625
    after = []
    got = student.gradient_descent.train(
        X,
        VALUES,
        W,
        b,
        output="identity",
        learning_rate=rate,
        epochs=2,
        batch_size=4,
        rng=np.random.default_rng(75),
        on_epoch=lambda epoch, W, b, loss: after.append((loss, W, b)),
    )
    assert_matches(len(after), 2, name="the number of calls of on_epoch")
    for each in after:
        assert_matches(
            each, (0.0, W, b), name=("loss", *PARAMETERS), rtol=0, atol=math.inf
        )  # any values, in these shapes
    assert_matches(got, (*after[-1][1:], {"loss": [loss for loss, _, _ in after]}), name=TRAINED)
    before = W, b
    for epoch, reached in enumerate(after, 1):
        possible = [epoch_of(first, *before, rate) for first in itertools.combinations(range(6), 4)]
        assert any(same(reached, each) for each in possible), (
            f"epoch {epoch} is not what a step with four of the points and one with the other two make of W and b: "
            "take the same rows of X and Y, and keep the last mini-batch"
        )
        before = reached[1:]


def epoch_of(first, W, b, rate):
    second = [row for row in range(6) if row not in first]
    batches = [(X[list(first)], VALUES[list(first)]), (X[second], VALUES[second])]
    return steps(batches, W, b, "sigmoid", "identity", rate)


def same(one, other):
    # Two ways to cut the points differ by far more than the rounding of two steps.
    return all(np.allclose(p, q, rtol=1e-9, atol=1e-9) for p, q in zip(numbers_of(one), numbers_of(other), strict=True))


def numbers_of(epoch):
    loss, W, b = epoch
    return loss, W[1], b[1]


@exercise("gradient_descent.train")
def test_train_and_its_generator(student):
    """The seed decides the order of the mini-batches; without them the generator is not used"""
    W, b = parameters((2, 3), 76)

    def trained(seed, batch_size):
        rng = np.random.default_rng(seed)
        result = student.gradient_descent.train(
            X, CLASSES, W, b, learning_rate=0.25, epochs=2, batch_size=batch_size, rng=rng
        )
        return result, rng

    loss, *new = step(X, CLASSES, W, b, "sigmoid", "softmax", 0.25)
    next_loss, *new = step(X, CLASSES, *new, "sigmoid", "softmax", 0.25)
    whole, rng = trained(79, None)
    assert_matches(whole, (*new, {"loss": [loss, next_loss]}), name=TRAINED)
    assert rng.random() == np.random.default_rng(79).random(), "without batch_size nothing is shuffled: rng is not used"
    (first, _), (again, _), (other, _) = (trained(seed, 2) for seed in (77, 77, 78))
    assert_matches(again, first, name=TRAINED)
    # Six points are cut into three pairs in 90 ways; two epochs agree by chance once in 8,100.
    assert np.any(first[0][1] != other[0][1]), "two seeds gave the same training; shuffle with the rng that is given"


@exercise("gradient_descent.train")
def test_train_keeps_float32_in_mini_batches(student):
    """float32 stays float32 over mini-batches of one size and the rest; the start is left unchanged"""
    points, classes = (
        np.repeat(X[:1], 5, axis=0),
        np.repeat(CLASSES[:1], 5, axis=0),
    )  # equal: their order is all the same
    W, b = parameters((2, 2, 3), 80)
    batches = [(points[:size], classes[:size]) for size in (2, 2, 1)]
    loss, *new = steps(batches, W, b, "tanh", "softmax", 0.0625)
    got = assert_unchanged(
        student.gradient_descent.train,
        points.astype(np.float32),
        classes.astype(np.float32),
        narrow(W),
        narrow(b),
        "tanh",
        "softmax",
        0.0625,
        1,
        2,
        np.random.default_rng(81),
    )
    mistakes = {
        "The last mini-batch was left out.": reordered(steps(batches[:-1], W, b, "tanh", "softmax", 0.0625)),
        "The loss of an epoch is the mean over its mini-batches; add them up.": (*new, {"loss": [loss / 3]}),
    }
    wanted = (*map(narrow, new), {"loss": [loss]})
    # float32 keeps 7 digits; three steps with numbers of size 1 are good to 1e-5.
    close = {"rtol": 1e-4, "atol": 1e-5}
    assert_matches(got, wanted, name=TRAINED, mistakes=telling(mistakes, wanted, **close), **close)
    assert_raises(ValueError, student.gradient_descent.train, X, CLASSES, W, b, batch_size=1, names=("rng",))


def reordered(epoch):
    loss, W, b = epoch
    return W, b, {"loss": [loss]}
