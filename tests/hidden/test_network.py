"""What `grade` asks of mlt_nn/network.py besides the public checks."""

import math

import numpy as np
from hypothesis import strategies as st

from mlt_nn.grading import assert_matches, assert_raises, assert_silent, assert_unchanged, exercise
from mlt_nn.grading.mistakes import telling
from mlt_nn.teaching.grader.properties import for_all, matrices, vectors


@exercise("network.count_parameters")
def test_count_of_any_sizes(student):
    """Whatever the sizes: a weight for each edge, a bias for each neuron behind the input"""

    def holds(sizes):
        wanted = sum((sizes[i] + 1) * sizes[i + 1] for i in range(len(sizes) - 1))
        assert_matches(student.network.count_parameters(sizes), wanted, name="the number")

    for_all(holds, sizes=st.lists(st.integers(1, 9), min_size=2, max_size=5))


@exercise("network.count_parameters")
def test_count_of_the_smallest_network(student):
    """One input and one output have a weight and a bias; a chain of four neurons has three of each"""
    assert_matches(student.network.count_parameters((1, 1)), 2, name="the number")
    assert_matches(student.network.count_parameters((1, 1, 1, 1)), 6, name="the number")


@exercise("network.count_parameters")
def test_count_of_large_layers(student):
    """Large layers are counted exactly, and the list of sizes is left unchanged"""
    got = assert_unchanged(student.network.count_parameters, [30000, 70000, 2])
    assert_matches(got, 30000 * 70000 + 70000 + 70000 * 2 + 2, name="the number")


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


@exercise("network.initialize")
def test_initialize_equal_layers(student):
    """Layers of the same size have weights of their own"""
    sizes = (5, 5, 5, 5)
    W, b = arrays(student.network.initialize(sizes, np.random.default_rng(21)), sizes)
    for name, part in (("W", W), ("b", b)):
        for l in (2, 3):
            assert not np.any(part[l] == part[1]), f"{name}[{l}] has entries of {name}[1]; draw each layer by itself"


@exercise("network.initialize")
def test_initialize_does_not_scale(student):
    """Large layers have the standard deviation 1 as well, and as many entries near 0 as N(0, 1) has"""
    sizes = (90, 30, 3)
    W, _ = arrays(student.network.initialize(sizes, np.random.default_rng(22)), sizes)
    for l in W:
        deviation, n = float(np.std(W[l])), W[l].size
        # Five standard errors: a right answer fails once in about a million seeds.
        assert abs(deviation - 1) < 5 / math.sqrt(2 * n), (
            f"W[{l}] has the standard deviation {deviation:.3g}; this course draws from N(0, 1) whatever the sizes are"
        )
    share = float(np.mean(np.abs(W[1]) < 1))
    assert abs(share - 0.6827) < 5 * math.sqrt(0.6827 * 0.3173 / W[1].size), (
        f"{share:.1%} of W[1] lie between -1 and 1; of N(0, 1) it is 68.3%: use rng.standard_normal"
    )


@exercise("network.initialize")
def test_initialize_draws_anew(student):
    """Two networks from one generator differ, and its next network is that of a generator that went as far"""
    sizes, rng = (3, 2, 4), np.random.default_rng(23)
    first, second = (arrays(student.network.initialize(sizes, rng), sizes) for _ in range(2))
    assert not any(np.any(first[0][l] == second[0][l]) for l in first[0]), (
        "a second call with the same generator gave the same weights; draw from the rng that is given"
    )
    rng = np.random.default_rng(23)
    again = [arrays(student.network.initialize(sizes, rng), sizes) for _ in range(2)][1]
    assert_matches(second, again, name=("W", "b"))


@exercise("network.initialize")
def test_initialize_one_layer(student):
    """A network of one layer, one input and one output; as float32 too"""
    for dtype in (np.float64, np.float32):
        W, b = arrays(student.network.initialize([1, 1], np.random.default_rng(24), dtype), [1, 1])
        assert W[1].dtype == dtype, f"W[1] is {W[1].dtype}; dtype={np.dtype(dtype)} was asked for"
        assert b[1].dtype == dtype, f"b[1] is {b[1].dtype}; dtype={np.dtype(dtype)} was asked for"
        assert W[1][0, 0] not in (0, 0.5, 1, b[1][0]), "W[1] and b[1] are not two draws from N(0, 1)"


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(Z):
    return np.exp(Z) / np.sum(np.exp(Z), axis=1, keepdims=True)


ACTIVATIONS = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": lambda z: z * (z > 0), "identity": lambda z: z}


def forward(X, W, b, hidden, output):
    Z, A = {}, {0: X}
    for l in range(1, len(W) + 1):
        Z[l] = np.einsum("pi,ij->pj", A[l - 1], W[l]) + b[l]
        A[l] = ACTIVATIONS[hidden](Z[l])
    if output == "softmax":
        A[len(W)] = softmax(Z[len(W)])
    else:
        A[len(W)] = Z[len(W)]
    return Z, A


def drawn(sizes, seed):
    """Parameters for these sizes, in quarters."""
    rng = np.random.default_rng(seed)
    layers = range(1, len(sizes))
    W = {l: rng.integers(-6, 7, (sizes[l - 1], sizes[l])) / 4 for l in layers}
    return W, {l: rng.integers(-6, 7, sizes[l]) / 4 for l in layers}


def narrow(part):
    return {l: part[l].astype(np.float32) for l in part}


PASS = ("Z", "A")


@exercise("network.forward_pass")
def test_forward_pass_of_square_layers(student):
    """Three points, three neurons in each of three layers: nothing may be transposed"""
    X = np.array([[1.0, -2.0, 0.5], [0.25, 1.5, -1.0], [2.0, 0.75, -0.5]])
    W, b = drawn((3, 3, 3, 3), 31)
    wanted = forward(X, W, b, "tanh", "softmax")
    mistakes = {
        "W[l] is transposed: its rows belong to the layer before.": forward(
            X, {l: W[l].T for l in W}, b, "tanh", "softmax"
        ),
        "The bias was added along the points; b[l] belongs to the columns, one entry for each neuron.": forward(
            X, W, {l: b[l][:, None] for l in b}, "tanh", "softmax"
        ),
    }
    got = student.network.forward_pass(X, W, b, hidden="tanh", output="softmax")
    assert_matches(got, wanted, name=PASS, mistakes=telling(mistakes, wanted))


@exercise("network.forward_pass")
def test_forward_pass_of_single_neurons(student):
    """One point, one feature, one neuron in each layer, one class"""
    W, b = {1: np.array([[2.0]]), 2: np.array([[-1.5]])}, {1: np.array([-0.5]), 2: np.array([0.75])}
    X = np.array([[1.25]])
    for output in ("identity", "softmax"):
        got = student.network.forward_pass(X, W, b, hidden="sigmoid", output=output)
        assert_matches(got, forward(X, W, b, "sigmoid", output), name=PASS)


@exercise("network.forward_pass")
def test_forward_pass_by_default(student):
    """Unless told otherwise it is sigmoid in the hidden layers and softmax on the output, in four layers"""
    X = np.array([[0.5, -1.0], [1.5, 0.25], [-0.75, 2.0], [1.0, 1.0], [0.0, -0.5], [-2.0, 0.5]])
    W, b = drawn((2, 5, 1, 4, 3), 32)
    got = assert_unchanged(student.network.forward_pass, X, W, b)
    assert_matches(got, forward(X, W, b, "sigmoid", "softmax"), name=PASS)


@exercise("network.forward_pass")
def test_forward_pass_of_huge_inputs(student):
    """Points at +-2000: the sigmoid and the softmax stay right, without an overflow"""
    X = np.array([[2000.0, -2000.0], [-2000.0, 1000.0]])
    W, b = {1: np.eye(2), 2: np.array([[1000.0, 0.0, 1000.0], [0.0, 1000.0, 0.0]])}, {1: np.zeros(2), 2: np.zeros(3)}
    A_1 = np.array([[1.0, 0.0], [0.0, 1.0]])
    Z_2 = np.array([[1000.0, 0.0, 1000.0], [0.0, 1000.0, 0.0]])
    wanted = {1: X, 2: Z_2}, {0: X, 1: A_1, 2: np.array([[0.5, 0.0, 0.5], [0.0, 1.0, 0.0]])}
    got = assert_silent(student.network.forward_pass, X, W, b, hidden="sigmoid", output="softmax")
    assert_matches(got, wanted, name=PASS)


@exercise("network.forward_pass")
def test_forward_pass_keeps_float32_in_regression(student):
    """float32 stays float32 with tanh and with the identity too"""
    X = np.array([[0.5, -1.0, 0.25, 2.0], [1.5, 0.25, -0.5, -1.25]])
    W, b = drawn((4, 3, 1), 33)
    for hidden in ("tanh", "identity"):
        Z, A = forward(X, W, b, hidden, "identity")
        got = student.network.forward_pass(X.astype(np.float32), narrow(W), narrow(b), hidden=hidden, output="identity")
        # float32 keeps 7 digits; sums of four terms of size up to 3 that may cancel are good to 1e-5.
        assert_matches(got, (narrow(Z), narrow(A)), name=PASS, rtol=1e-4, atol=1e-5)


@exercise("network.forward_pass")
def test_forward_pass_of_any_network(student):
    """Whatever the points and the parameters: each layer is the affine map of the one before, then the activation"""

    def holds(X, W_1, b_1, w_2):
        W, b = {1: W_1[: X.shape[1]], 2: w_2}, {1: b_1, 2: np.array([0.375])}
        got = student.network.forward_pass(X, W, b, hidden="relu", output="identity")
        assert_matches(got, forward(X, W, b, "relu", "identity"), name=PASS)

    for_all(holds, X=matrices(), W_1=matrices(rows=4, columns=3), b_1=vectors(3), w_2=matrices(rows=3, columns=1))


@exercise("network.predict")
def test_predict_any_order(student):
    """Whatever the order of the entries in each row, negative ones too: the column of the largest"""
    orders = st.lists(st.permutations([-2.5, -0.5, 0.25, 1.0, 7.5]), min_size=1, max_size=4)

    def holds(rows):
        got = student.network.predict(np.array(rows))
        assert_matches(got, np.array([row.index(7.5) for row in rows]), name="predicted")

    for_all(holds, rows=orders.map(lambda rows: [list(row) for row in rows] + [[0.25, -0.5, 7.5, 1.0, -2.5]]))


@exercise("network.predict")
def test_predict_one_class_and_float32(student):
    """With a single class every label is 0; float32 probabilities will do"""
    assert_matches(student.network.predict(np.array([[1.0], [1.0], [1.0]])), np.zeros(3, dtype=int), name="predicted")
    Y_hat = np.array([[0.25, 0.75], [0.625, 0.375], [0.5, 0.5], [0.125, 0.875]], dtype=np.float32)[[0, 1, 3]]
    assert_matches(assert_unchanged(student.network.predict, Y_hat), np.array([1, 0, 1]), name="predicted")


@exercise("network.predict")
def test_predict_close_probabilities(student):
    """The largest counts, by however little: no rounding, no threshold at 1/2"""
    Y_hat = np.array([[0.2, 0.2, 0.2 + 1e-12, 0.2, 0.2], [0.24, 0.25, 0.17, 0.17, 0.17], [0.1, 0.1, 0.1, 0.1, 0.6]])
    assert_matches(student.network.predict(Y_hat), np.array([2, 1, 4]), name="predicted")


@exercise("network.accuracy")
def test_accuracy_of_any_labels(student):
    """Whatever the labels: the share of those that agree"""

    def holds(pairs):
        labels, predicted = np.array(pairs).T
        wanted = sum(label == guess for label, guess in pairs) / len(pairs)
        assert_matches(student.network.accuracy(labels, predicted), wanted, name="the accuracy")

    label = st.integers(0, 2)
    pairs = st.lists(st.tuples(label, label), max_size=6).map(lambda pairs: [(0, 0), (1, 2), (1, 1), *pairs, (2, 0)])
    for_all(holds, pairs=pairs.map(lambda pairs: [*pairs, (0, 1)] if len(pairs) % 2 == 0 else pairs))


@exercise("network.accuracy")
def test_accuracy_of_one_point(student):
    """One point is right or wrong; labels of two integer dtypes can be compared"""
    for guess, wanted in ((3, 1.0), (2, 0.0)):
        got = student.network.accuracy(np.array([3], dtype=np.uint8), np.array([guess]))
        assert_matches(got, wanted, name="the accuracy")


@exercise("network.accuracy")
def test_accuracy_of_many_points(student):
    """298 of 300 are right: a share is not rounded"""
    labels = np.arange(300) % 7
    predicted = labels.copy()
    predicted[[5, 250]] += 1
    got = assert_unchanged(student.network.accuracy, labels, predicted)
    mistakes = {
        "You rounded the share; return it as it is.": 1.0,
        "That is in percent; the accuracy is a share between 0 and 1.": 29800 / 300,
    }
    assert_matches(got, 298 / 300, name="the accuracy", mistakes=mistakes)
    assert_raises(ValueError, student.network.accuracy, labels, predicted[:299], names=("(300,)", "(299,)"))
