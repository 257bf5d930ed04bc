"""What `grade` asks of mlt_nn/network.py: on inputs that are drawn anew in each run."""

import itertools
import math

import numpy as np

from mlt_nn.grading import assert_close, assert_matches, assert_raises, assert_silent, assert_unchanged, exercise
from mlt_nn.teaching.grader.draws import given, narrow, numbers, parameters, seed, sizes_of, twins
from mlt_nn.teaching.grader.equations import HIDDEN, forward


def count(sizes):
    return sum((sizes[i] + 1) * sizes[i + 1] for i in range(len(sizes) - 1))


@exercise("network.count_parameters")
def test_count_of_one_layer(student, rng):
    """Without a hidden layer: a weight for each edge, a bias for each output"""
    for most in (9, 99):
        sizes = tuple(sizes_of(rng, 1, most))
        with given(sizes=sizes):
            assert_matches(student.network.count_parameters(sizes), count(sizes), name="the number")


@exercise("network.count_parameters")
def test_count_of_any_sizes(student, rng):
    """Whatever the sizes: a weight for each edge, a bias for each neuron behind the input"""
    for layers in (2, int(rng.integers(3, 6))):
        sizes = tuple(sizes_of(rng, layers, 40))
        with given(sizes=sizes):
            assert_matches(student.network.count_parameters(sizes), count(sizes), name="the number")


@exercise("network.count_parameters")
def test_count_of_large_layers(student, rng):
    """Large layers are counted exactly, neuron by neuron"""
    sizes = tuple(rng.integers(10_000, 90_000, 3).tolist())
    with given(sizes=sizes):
        assert_matches(student.network.count_parameters(sizes), count(sizes), name="the number")


@exercise("network.count_parameters")
def test_count_leaves_the_sizes_unchanged(student, rng):
    """A list of sizes will do; it is left unchanged, and nothing gives a warning"""
    sizes = sizes_of(rng, 3, 40)
    for ask in (assert_unchanged, assert_silent):
        assert_matches(ask(student.network.count_parameters, sizes), count(sizes), name="the number")


def arrays(result, sizes):
    """W and b of a student's `initialize`, whose shapes must be right."""
    layers = range(1, len(sizes))

    def with_shapes(part, shapes):
        part = part if isinstance(part, dict) else {}
        fits = {l: isinstance(part.get(l), np.ndarray) and part[l].shape == shapes[l] for l in layers}
        return {l: part[l] if fits[l] else np.zeros(shapes[l]) for l in layers}

    parts = result if isinstance(result, tuple) and len(result) == 2 else ({}, {})
    W = with_shapes(parts[0], {l: (sizes[l - 1], sizes[l]) for l in layers})
    b = with_shapes(parts[1], {l: (sizes[l],) for l in layers})
    # Compared with themselves: what is judged here are types, keys and shapes.
    assert_matches(result, (W, b), name=("W", "b"))
    return W, b


def initialized(student, sizes, rng, *dtype):
    W, b = arrays(student.network.initialize(sizes, rng, *dtype), sizes)
    entries = np.concatenate([part[l].ravel() for part in (W, b) for l in part])
    assert entries.dtype.kind == "f", f"W and b hold {entries.dtype}; draws from N(0, 1) are floats"
    assert np.all(np.isfinite(entries)), "W and b have entries that are no finite numbers"
    assert len(np.unique(entries)) > len(entries) // 2, "entries are alike; draw every weight and every bias by itself"
    return W, b


# Of a right answer, a share or a deviation is that far off in one of a hundred million draws.
STANDARD_ERRORS = 6


@exercise("network.initialize")
def test_initialize_equal_layers(student, rng):
    """Layers of the same size have weights and biases of their own"""
    sizes = [int(rng.integers(8, 12))] * int(rng.integers(4, 6))
    W, b = initialized(student, sizes, np.random.default_rng(seed(rng)))
    for name, part in (("W", W), ("b", b)):
        for l in range(2, len(sizes)):
            assert not np.any(part[l] == part[1]), f"{name}[{l}] has entries of {name}[1]; draw each layer by itself"
        for l in range(1, len(sizes)):
            assert not np.any(np.isin(b[l], W[l])), f"b[{l}] has entries of W[{l}]; draw every bias by itself"
            place = np.corrcoef(np.arange(part[l].size), part[l].ravel())[0, 1] if name == "W" else 0.0
            assert abs(place) < STANDARD_ERRORS / math.sqrt(part[l].size), f"W[{l}] grows along its entries; draw them"


@exercise("network.initialize")
def test_initialize_does_not_scale(student, rng):
    """Large layers have the standard deviation 1 as well, and as many entries near 0 as N(0, 1) has"""
    # So many that a logistic or a triangular distribution of the same deviation is told from it, and 0.9 from 1.
    sizes = [2, int(rng.integers(9500, 10_500)), 2]
    W, b = initialized(student, sizes, np.random.default_rng(seed(rng)))
    for name, part in {"W[1]": W[1], "W[2]": W[2], "b": np.concatenate([b[1], b[2]])}.items():
        mean, deviation, n = float(np.mean(part)), float(np.std(part)), part.size
        assert abs(mean) < STANDARD_ERRORS / math.sqrt(n), f"{name} has the mean {mean:.3g}; that of N(0, 1) is 0"
        assert abs(deviation - 1) < STANDARD_ERRORS / math.sqrt(2 * n), (
            f"{name} has the standard deviation {deviation:.3g}; this course draws from N(0, 1) whatever the sizes are"
        )
        share = float(np.mean(np.abs(part) < 1))
        assert abs(share - 0.6827) < STANDARD_ERRORS * math.sqrt(0.6827 * 0.3173 / n), (
            f"{share:.1%} of {name} lie between -1 and 1; of N(0, 1) it is 68.3%: use rng.standard_normal"
        )
        # Of ten thousand 27 do; none by chance < 1e-11.
        assert np.max(np.abs(part)) > 3, f"none of the {n} entries of {name} is beyond 3; do not cut them off"


@exercise("network.initialize")
def test_initialize_draws_anew(student, rng):
    """Two networks from one generator differ, and its next network is that of a generator that went as far"""
    sizes = sizes_of(rng, 2)
    once, again = twins(rng, lambda own: initialized(student, sizes, own))
    for first, second in itertools.combinations(once, 2):
        assert not any(np.any(first[0][l] == second[0][l]) for l in first[0]), (
            "a second call with the same generator gave the same weights; draw from the rng that is given"
        )
    assert_close(again, once, name="the networks")


@exercise("network.initialize")
def test_initialize_in_the_dtype_asked_for(student, rng):
    """A network of one layer, as float32 and as float64"""
    for dtype in (np.float32, np.float64):
        W, b = initialized(student, [size + 4 for size in sizes_of(rng, 1)], np.random.default_rng(seed(rng)), dtype)
        assert W[1].dtype == dtype, f"W[1] is {W[1].dtype}; dtype={np.dtype(dtype)} was asked for"
        assert b[1].dtype == dtype, f"b[1] is {b[1].dtype}; dtype={np.dtype(dtype)} was asked for"
        assert not np.any(np.isin([*W[1].ravel(), *b[1]], (0, 0.5, 1))), "W[1] and b[1] are not draws from N(0, 1)"


PASS = ("Z", "A")


@exercise("network.forward_pass")
def test_forward_pass_of_any_network(student, rng):
    """Whatever the number of points and layers, for each hidden activation, in regression and classification"""
    for layers, hidden in enumerate(rng.permutation(list(HIDDEN)).tolist(), 1):
        sizes, output = sizes_of(rng, layers), ("identity", "softmax")[(layers + 1) % 2]
        (W, b), X = parameters(rng, sizes), numbers(rng, int(rng.integers(1, 5)), sizes[0])
        with given(X=X, W=W, b=b, hidden=hidden, output=output):
            got = student.network.forward_pass(X, W, b, hidden=hidden, output=output)
            assert_close(got, forward(X, W, b, hidden, output), name=PASS)


@exercise("network.forward_pass")
def test_forward_pass_by_default(student, rng):
    """Unless told otherwise it is sigmoid in the hidden layers and softmax on the output"""
    sizes = [*sizes_of(rng, 2), int(rng.integers(5, 8))]
    (W, b), X = parameters(rng, sizes), numbers(rng, 2, sizes[0])
    assert_close(student.network.forward_pass(X, W, b), forward(X, W, b, "sigmoid", "softmax"), name=PASS)


@exercise("network.forward_pass")
def test_forward_pass_of_square_layers(student, rng):
    """As many points as neurons in each of the layers: nothing may be transposed"""
    n = int(rng.integers(2, 5))
    (W, b), X = parameters(rng, [n] * 4), numbers(rng, n, n)
    mistakes = {
        "W[l] is transposed: its rows belong to the layer before.": forward(
            X, {l: W[l].T for l in W}, b, "tanh", "softmax"
        ),
        "The bias was added along the points; b[l] belongs to the columns, one entry for each neuron.": forward(
            X, W, {l: b[l][:, None] for l in b}, "tanh", "softmax"
        ),
    }
    with given(X=X, W=W, b=b):
        got = student.network.forward_pass(X, W, b, hidden="tanh", output="softmax")
        assert_close(got, forward(X, W, b, "tanh", "softmax"), name=PASS, mistakes=mistakes)


@exercise("network.forward_pass")
def test_forward_pass_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; nothing is changed in place"""
    sizes = sizes_of(rng, 2)
    (W, b), X = parameters(rng, sizes), numbers(rng, 3, sizes[0])
    Z, A = forward(X, W, b, "tanh", "identity")
    got = assert_unchanged(student.network.forward_pass, *map(narrow, (X, W, b)), hidden="tanh", output="identity")
    # float32 keeps 7 digits; sums of five terms of size up to 4 that may cancel are good to 1e-5.
    assert_matches(got, (narrow(Z), narrow(A)), name=PASS, rtol=1e-4, atol=1e-5, dtype="X.dtype")
    got = assert_silent(student.network.forward_pass, X, W, b, hidden="tanh", output="identity")
    assert_matches(got, (Z, A), name=PASS)


def scores(rng, n, k):
    """Rows of different numbers, their largest in the last column, in the first, and then anywhere."""
    Y_hat = numbers(rng, n, k)
    for row, place in enumerate((k - 1, 0)[:n]):
        best = np.argmax(Y_hat[row])
        Y_hat[row, [place, best]] = Y_hat[row, [best, place]]
    return Y_hat


@exercise("network.predict")
def test_predict_any_rows(student, rng):
    """Whatever the order of the entries in each row, negative ones too: the column of the largest"""
    for n in (2, 10):
        Y_hat = scores(rng, n, int(rng.integers(3, 8)))
        with given(Y_hat=Y_hat):
            assert_close(student.network.predict(Y_hat), np.argmax(Y_hat, axis=1), name="predicted")


@exercise("network.predict")
def test_predict_one_point(student, rng):
    """A single point has a single label, out of many classes"""
    scores_of_one = numbers(rng, 1, rng.integers(10, 40))
    for Y_hat in (scores_of_one, -scores_of_one):
        with given(Y_hat=Y_hat):
            assert_close(student.network.predict(Y_hat), np.argmax(Y_hat, axis=1), name="predicted")


@exercise("network.predict")
def test_predict_close_probabilities(student, rng):
    """The largest counts, by however little: no rounding, no threshold at 1/2"""
    for k in (2, 5, 8):  # and as many points as classes
        labels = np.array([k - 1, 0, *rng.integers(0, k, 6)])
        more = 10.0 ** -rng.integers(2, 13, (8, 1))
        Y_hat = 1 / k + more * (k * np.eye(k)[labels] - 1) / (k - 1)
        with given(Y_hat=Y_hat):
            assert_close(student.network.predict(Y_hat), labels, name="predicted")


@exercise("network.predict")
def test_predict_leaves_its_argument_unchanged(student, rng):
    """float32 will do, labels are integers, nothing is changed in place, nothing gives a warning"""
    Y_hat = narrow(scores(rng, 8, 5))
    for ask in (assert_unchanged, assert_silent):
        assert_matches(ask(student.network.predict, Y_hat), np.argmax(Y_hat, axis=1), name="predicted")


def guesses(rng, n, wrong):
    """Labels of n points, and predictions of which so many are wrong."""
    labels = rng.integers(0, 4, n)
    predicted = labels.copy()
    predicted[rng.permutation(n)[:wrong]] += rng.integers(1, 4, wrong)
    return labels, predicted


@exercise("network.accuracy")
def test_accuracy_of_any_labels(student, rng):
    """Whatever the labels: the share of those that agree"""
    for n in (3, 6 * int(rng.integers(4, 12)) + 1):  # no share of one number of points is one of the other
        wrong = int(rng.integers(1, n))
        labels, predicted = guesses(rng, n, wrong)
        with given(labels=labels, predicted=predicted):
            assert_close(student.network.accuracy(labels, predicted), 1 - wrong / n, name="the accuracy")


@exercise("network.accuracy")
def test_accuracy_of_all_or_nothing(student, rng):
    """All right is 1, all wrong is 0, and one of many wrong is neither"""
    n = int(rng.integers(3, 40))
    for wrong in (0, n, 1):
        labels, predicted = guesses(rng, n, wrong)
        with given(labels=labels, predicted=predicted):
            assert_close(student.network.accuracy(labels, predicted), 1 - wrong / n, name="the accuracy")


@exercise("network.accuracy")
def test_accuracy_of_many_points(student, rng):
    """Of hundreds of points a few are wrong: a share is not rounded"""
    n, wrong = int(rng.integers(200, 300)), int(rng.integers(1, 4))
    labels, predicted = guesses(rng, n, wrong)
    mistakes = {
        "You rounded the share; return it as it is.": 1.0,
        "That is in percent; the accuracy is a share between 0 and 1.": 100 - 100 * wrong / n,
    }
    got = student.network.accuracy(labels, predicted)
    assert_close(got, 1 - wrong / n, name="the accuracy", mistakes=mistakes)


@exercise("network.accuracy")
def test_accuracy_leaves_its_arguments_unchanged(student, rng):
    """Two integer dtypes can be compared, nothing is changed in place or gives a warning; other shapes are refused"""
    n = 6 * int(rng.integers(4, 12)) + 1
    labels, predicted = guesses(rng, n, int(rng.integers(1, n)))
    share = float(np.sum(labels == predicted)) / n
    for ask in (assert_unchanged, assert_silent):
        assert_matches(ask(student.network.accuracy, labels.astype(np.uint8), predicted), share, name="the accuracy")
    # NumPy itself refuses other lengths in words that name both, but compares a column as a table.
    names = (f"({n},)", f"({n}, 1)")
    assert_raises(ValueError, student.network.accuracy, labels, predicted[:, None], names=names)
