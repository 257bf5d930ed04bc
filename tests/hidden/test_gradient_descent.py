"""What `grade` asks of mlt_nn/gradient_descent.py: on inputs that are drawn anew in each run."""

import itertools
import math

import numpy as np

from mlt_nn.grading import assert_close, assert_matches, assert_raises, assert_silent, assert_unchanged, exercise
from mlt_nn.grading.compare import describe
from mlt_nn.grading.student import StudentError
from mlt_nn.teaching.grader.draws import given, narrow, numbers, one_hot, parameters, positive, seed, sizes_of, twins
from mlt_nn.teaching.grader.equations import epoch, step

PARAMETERS = ("W", "b")
TRAINED = ("W", "b", "history")


def to_update(rng, layers):
    """W, b, W_g and b_g."""
    sizes = sizes_of(rng, layers)
    return *parameters(rng, sizes), *parameters(rng, sizes)


def moved(W, b, W_g, b_g, rate):
    return {l: W[l] - rate * W_g[l] for l in W}, {l: b[l] - rate * b_g[l] for l in b}


@exercise("gradient_descent.update")
def test_update_of_one_layer(student, rng):
    """A single layer: weights and biases move against their gradients"""
    arguments, rate = to_update(rng, 1), positive(rng, high=1.0)
    with given(**dict(zip(("W", "b", "W_g", "b_g"), arguments, strict=True)), learning_rate=rate):
        got = student.gradient_descent.update(*arguments, rate)
        assert_close(got, moved(*arguments, rate), name=PARAMETERS)


@exercise("gradient_descent.update")
def test_update_of_any_network(student, rng):
    """Whatever the sizes and the learning rate: every parameter moves against its gradient"""
    for layers, steepness in ((2, 1), (int(rng.integers(3, 5)), 1000)):
        (*old, W_g, b_g), rate = to_update(rng, layers), positive(rng)
        arguments = *old, *({l: steepness * part[l] for l in part} for part in (W_g, b_g))
        with given(learning_rate=rate):
            got = student.gradient_descent.update(*arguments, learning_rate=rate)
            assert_close(got, moved(*arguments, rate), name=PARAMETERS)


@exercise("gradient_descent.update")
def test_update_where_a_gradient_is_zero(student, rng):
    """Where the gradient is 0 a parameter stays, and only there"""
    W, b, W_g, b_g = to_update(rng, 2)
    rate = positive(rng)
    W_g[1] = W_g[1] * 0.0
    b_g[2][0] = W_g[2][0, 0] = 0.0
    got = student.gradient_descent.update(W, b, W_g, b_g, rate)
    assert_close(got, moved(W, b, W_g, b_g, rate), name=PARAMETERS)


@exercise("gradient_descent.update")
def test_update_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; the old parameters are left unchanged"""
    arguments, rate = to_update(rng, 2), positive(rng, high=1.0)
    got = assert_unchanged(student.gradient_descent.update, *map(narrow, arguments), learning_rate=rate)
    assert_matches(got, tuple(map(narrow, moved(*arguments, rate))), name=PARAMETERS, dtype="W[l].dtype")
    got = assert_silent(student.gradient_descent.update, *arguments, rate)
    assert_matches(got, moved(*arguments, rate), name=PARAMETERS)


def cut(student, n, size, rng):
    """The mini-batches in a row, whose lengths and entries must be right."""
    got = student.gradient_descent.minibatches(n, size, rng)
    full, rest = divmod(n, size)
    assert isinstance(got, (list, tuple)), f"minibatches returned {describe(got)}; it should be a list of arrays"
    parts = [np.asarray(rows) for rows in got]
    assert all(part.ndim == 1 and part.dtype.kind in "iuf" for part in parts), "a mini-batch has one axis: row numbers"
    assert_matches([len(part) for part in parts], [size] * full + [rest] * (rest > 0), name="sizes")
    order = np.concatenate(parts)
    assert_close(np.sort(order), np.arange(n), name="the rows in order")
    return order.tolist()


@exercise("gradient_descent.minibatches")
def test_minibatches_of_any_size(student, rng):
    """Whatever n and size: each row once, in parts of that size, the last with what is left"""
    size, parts = int(rng.integers(3, 12)), int(rng.integers(2, 9))
    for n in (size - 1, size * parts, size * parts + 1, size * parts + int(rng.integers(2, size))):
        with given(n=n, size=size):
            cut(student, n, size, np.random.default_rng(seed(rng)))


@exercise("gradient_descent.minibatches")
def test_minibatches_are_well_mixed(student, rng):
    """Of hundreds of rows each may come anywhere: neither the old places nor the old neighbors are kept"""
    n, size, own = int(rng.integers(350, 450)), int(rng.integers(20, 60)), np.random.default_rng(seed(rng))
    order = np.array(cut(student, n, size, own))
    # Of a random order the correlation of place and row has the standard deviation 1 / sqrt(n - 1), about 0.05.
    correlation = float(np.corrcoef(np.arange(n), order)[0, 1])
    assert abs(correlation) < 0.3, "rows stay near their old places; shuffle all of them (rng.permutation)"
    # A row is followed by the next or the one before with probability 2 / n: 2 times on average; 16 by chance < 1e-9.
    together = int(np.sum(np.abs(np.diff(order)) == 1))
    assert together < 16, f"{together} rows are followed by an old neighbor; shuffle the rows one by one"
    # One row keeps its place on average; the same one in five epochs by chance n / n^5 < 1e-9.
    kept = order == np.arange(n)
    for _ in range(4):
        if np.any(kept):
            kept &= cut(student, n, size, own) == np.arange(n)
    assert not np.any(kept), f"row {np.argmax(kept)} of 0..{n - 1} keeps its place in each epoch; shuffle all rows"


@exercise("gradient_descent.minibatches")
def test_minibatches_draw_anew(student, rng):
    """A second epoch from the same generator has another order; a generator that went as far gives the same"""
    n, size = int(rng.integers(40, 60)), int(rng.integers(5, 12))
    once, again = twins(rng, lambda own: cut(student, n, size, own))
    for first, second in itertools.combinations(once, 2):
        assert first != second, "two epochs from one generator had the same order; draw from the rng that is given"
    assert again == once, "the same seed gave other epochs; shuffle with the rng that is given and nothing else"


@exercise("gradient_descent.minibatches")
def test_minibatches_are_a_list_of_integer_arrays(student, rng):
    """They come as a list of arrays of integers, without a warning"""
    n, size, start = int(rng.integers(10, 30)), int(rng.integers(3, 6)), seed(rng)
    cut(student, n, size, np.random.default_rng(start))
    got = assert_silent(student.gradient_descent.minibatches, n, size, np.random.default_rng(start))
    assert isinstance(got, list), f"minibatches returned {describe(got)}; it should be a list of integer arrays"
    for rows in got:
        assert isinstance(rows, np.ndarray), f"a mini-batch is {describe(rows)}; it should be an array of row numbers"
        assert rows.dtype.kind in "iu", f"a mini-batch holds {rows.dtype}; row numbers are integers"


def problem(rng, output, n=6, sizes=(2, 3)):
    """X, Y, W and b."""
    X = numbers(rng, n, sizes[0], high=1.5)
    Y = one_hot(rng, n, sizes[-1]) if output == "softmax" else numbers(rng, n, sizes[-1])
    return X, Y, *parameters(rng, sizes)


def rate_of(rng):
    """Small enough for two steps to stay among numbers of ordinary size."""
    return positive(rng, low=0.01, high=0.05)


@exercise("gradient_descent.train")
def test_train_on_all_points(student, rng):
    """Two epochs over all points are two steps; on_epoch gets what each one gave"""
    X, Y, W, b = problem(rng, "identity", int(rng.integers(3, 7)), (2, *sizes_of(rng, 1), 1))
    rate, calls, wanted, history, new = rate_of(rng), [], [], [], (W, b)
    for number in (1, 2):
        loss, *new = step(X, Y, *new, "tanh", "identity", rate)
        history.append(loss)
        wanted.append((number, *new, loss))

    def on_epoch(epoch, W, b, loss):
        calls.append((epoch, W, b, loss))

    with given(X=X, Y=Y, W=W, b=b, learning_rate=rate):
        got = student.gradient_descent.train(X, Y, W, b, "tanh", "identity", rate, 2, on_epoch=on_epoch)
        assert_close(got, (*new, {"loss": history}), name=TRAINED)
        assert_close(calls, wanted, name="the calls of on_epoch")


@exercise("gradient_descent.train")
def test_train_by_default(student, rng):
    """Sigmoid, softmax, a rate of 1e-3 and 100 epochs, also where the loss rises; rng alone makes no mini-batches"""
    # So many points that steps at 1e-3 move everything by far more than float32 rounds.
    X, Y, W, b = problem(rng, "softmax", 40, (1, 2, 2))
    new, history = (W, b), []
    for _ in range(3):
        loss, *new = step(X, Y, *new, "sigmoid", "softmax", 1e-3)
        history.append(loss)
    start = seed(rng)
    unused = np.random.default_rng(start)
    got = student.gradient_descent.train(X, Y, W, b, epochs=3, rng=unused)
    assert_close(got, (*new, {"loss": history}), name=TRAINED)
    assert unused.random() == np.random.default_rng(start).random(), (
        "without batch_size nothing is shuffled: rng is not used"
    )
    # Of one point each step takes the error times 1 - rate (x x^T + 1), here -1.02: the loss rises, from so little that
    # it hardly changes.
    X, W, b, error = numbers(rng, 1, 2), *parameters(rng, (2, 1)), positive(rng, low=1.0)
    square, W, b = float(np.sum(X * X)) + 1, {1: 1e-4 * W[1]}, {1: 1e-4 * b[1]}
    errors = 1e-4 * error * (-1.02) ** np.arange(13)
    moved = (errors[0] - errors[12]) / square
    Y, rate, after = X @ W[1] + b[1] - errors[0], 2.02 / square, []

    def on_epoch(epoch, W, b, loss):
        after.append((W, b, loss))
        if len(after) == 12:
            raise RuntimeError("twelve epochs show enough: all hundred would take too long")

    with given(X=X, Y=Y, W=W, b=b, learning_rate=rate):
        try:
            student.gradient_descent.train(X, Y, W, b, output="identity", learning_rate=rate, on_epoch=on_epoch)
        except StudentError:
            if len(after) < 12:
                raise
        assert len(after) >= 12, f"the training ended with epoch {len(after)}; by default there are 100 epochs"
        wanted = {1: W[1] - moved * X.T}, {1: b[1] - moved}, errors[11] ** 2 / 2
        assert_close(after[11], wanted, name=(*PARAMETERS, "loss"), rtol=1e-3, atol=1e-8)


@exercise("gradient_descent.train")
def test_train_takes_points_with_their_targets(student, rng):
    """Six points in mini-batches of 4: an epoch is a step with four of them, then one with the other two"""
    X, Y, W, b = problem(rng, "identity", sizes=(2, 1))
    rate, after = rate_of(rng), []

    def on_epoch(epoch, W, b, loss):
        after.append((loss, W, b))

    options = {"learning_rate": rate, "epochs": 2, "batch_size": 4, "rng": np.random.default_rng(seed(rng))}
    got = student.gradient_descent.train(X, Y, W, b, output="identity", on_epoch=on_epoch, **options)
    assert_matches(len(after), 2, name="the number of calls of on_epoch")
    for reached in after:
        # any values, in these shapes
        assert_close(reached, (0.0, W, b), name=("loss", *PARAMETERS), rtol=0, atol=math.inf)
    # The same numbers: nothing may be rounded on the way.
    assert_close(got, (*after[-1][1:], {"loss": [loss for loss, _, _ in after]}), name=TRAINED, rtol=1e-12, atol=0)
    before = W, b
    for number, reached in enumerate(after, 1):
        possible = (epoch_of(X, Y, first, *before, rate) for first in itertools.combinations(range(6), 4))
        assert any(map(reaches(reached), possible)), (
            f"epoch {number} is not what a step with four of the points and one with the other two make of W and b: "
            "take the same rows of X and Y, and keep the last mini-batch"
        )
        before = reached[1:]


def epoch_of(X, Y, first, W, b, rate):
    """What comes out when these rows are the first mini-batch."""
    second = [row for row in range(len(X)) if row not in first]
    return epoch([(X[rows], Y[rows]) for rows in (list(first), second)], W, b, "sigmoid", "identity", rate)


def reaches(reached):
    """Two ways to cut the points differ by far more than float32 rounds in two steps."""

    def same(other):
        ours, theirs = ([loss, *W[1].ravel(), *b[1]] for loss, W, b in (other, reached))
        return np.allclose(theirs, ours, rtol=2e-6, atol=4e-6)

    return same


def alike(X, Y, n):
    """The first point and its target n times: their order is all the same."""
    return np.repeat(X[:1], n, axis=0), np.repeat(Y[:1], n, axis=0)


def order_of(before, after, Y, rate):
    """The order in which the unit vectors were taken, if each was: row i of W moved by rate (W_i + b - Y_i) once."""
    (W, (bias,)), (new, _) = ((parameters[0][1].ravel(), parameters[1][1]) for parameters in (before, after))
    moved = W - new
    at, left, order = moved / rate - W + Y.ravel(), list(range(len(W))), []
    while left:
        row = min(left, key=lambda row: abs(at[row] - bias))
        bias = at[row] - moved[row]
        left.remove(row)
        order.append(row)
    return order


@exercise("gradient_descent.train")
def test_train_shuffles_with_its_generator(student, rng):
    """Each point is a step of its own; the seed decides their order, which is another one in each epoch"""
    # Each point is a unit vector, and so has a weight of its own, which tells the bias at its step.
    X, (Y, weights), b = np.eye(12), numbers(rng, 2, 12, 1), {1: numbers(rng, 1)}
    W, rate = {1: weights}, positive(rng, low=0.2, high=0.4)
    orders: dict[int, list] = {}
    # Nobody knows when the same seed comes again.
    for start in rng.permutation(np.repeat([seed(rng), seed(rng)], (2, 1))).tolist():
        after = []

        def on_epoch(epoch, W, b, loss, after=after):
            after.append((loss, W, b))

        options = {"learning_rate": rate, "epochs": 2, "batch_size": 1, "rng": np.random.default_rng(start)}
        got = student.gradient_descent.train(X, Y, W, b, output="identity", on_epoch=on_epoch, **options)
        assert_matches(len(after), 2, name="the number of calls of on_epoch")
        for reached in after:
            assert_close(reached, (0.0, W, b), name=("loss", *PARAMETERS), rtol=0, atol=math.inf)  # any values
        assert_close(got, (*after[-1][1:], {"loss": [loss for loss, _, _ in after]}), name=TRAINED)
        found, before = [], (W, b)
        for number, reached in enumerate(after, 1):
            found.append(order_of(before, reached[1:], Y, rate))
            steps = [(X[[row]], Y[[row]]) for row in found[-1]]
            assert reaches(reached)(epoch(steps, *before, "sigmoid", "identity", rate)), (
                f"epoch {number} is not what a step with each of the points makes of W and b, in whatever order"
            )
            before = reached[1:]
        orders.setdefault(start, []).append(found)
    (first, *more), (other,) = sorted(orders.values(), key=len, reverse=True)
    assert more == [first], "the same seed gave two trainings; shuffle with the rng that is given and nothing else"
    # Twelve points have 479,001,600 orders.
    assert first[0] != first[1], "two epochs had the same order; shuffle anew in each"
    assert first[0] != other[0], "two seeds gave the same order; shuffle with the rng that is given"


@exercise("gradient_descent.train")
def test_train_keeps_the_dtype(student, rng):
    """float32 stays float32 over mini-batches of one size and the rest; the start is left unchanged, nothing warns"""
    X, Y, W, b = problem(rng, "softmax", 1, (2, 2, 3))
    points, classes = alike(X, Y, 5)
    rate = rate_of(rng)
    batches = [(points[:size], classes[:size]) for size in (2, 2, 1)]
    loss, *new = epoch(batches, W, b, "tanh", "softmax", rate)
    without, *left = epoch(batches[:-1], W, b, "tanh", "softmax", rate)
    mistakes = {
        "The last mini-batch was left out.": (*left, {"loss": [without]}),
        "The loss of an epoch is the mean over its mini-batches; add them up.": (*new, {"loss": [loss / 3]}),
    }
    arguments = (*map(narrow, (points, classes, W, b)), "tanh", "softmax", rate, 1, 2)
    for ask in (assert_unchanged, assert_silent):
        got = ask(student.gradient_descent.train, *arguments, np.random.default_rng(seed(rng)))
        # float32 keeps 7 digits; three steps with numbers of size 1 are good to 1e-5.
        wanted = (*map(narrow, new), {"loss": [loss]})
        assert_matches(got, wanted, name=TRAINED, mistakes=mistakes, rtol=1e-4, atol=1e-5, dtype="W[l].dtype")
    assert_raises(ValueError, student.gradient_descent.train, X, Y, W, b, batch_size=1, names=("rng",))
    # Points that are not alike, else nobody would see them shuffled in place.
    arguments = problem(rng, "softmax", 30)
    options = {"epochs": 1, "batch_size": 20, "rng": np.random.default_rng(seed(rng))}
    assert_unchanged(student.gradient_descent.train, *arguments, **options)
