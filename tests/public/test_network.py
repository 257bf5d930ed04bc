"""What `check` asks of mlt_nn/network.py."""

import functools
import itertools
import math

import numpy as np

from mlt_nn.grading import assert_matches, assert_raises, assert_unchanged, exercise
from mlt_nn.grading.mistakes import telling


def wrong_counts(sizes):
    """What the usual mistakes make of the number of parameters."""
    weights = [sizes[l - 1] * sizes[l] for l in range(1, len(sizes))]
    return {
        "You forgot the biases: layer l has S_l of them.": sum(weights),
        "You gave biases to the input layer; only the layers 1..L have them.": sum(weights) + sum(sizes),
        "You counted one bias for each layer; there is one for each neuron.": sum(weights) + len(weights),
        "Layer l has S_l biases, not S_{l-1}.": sum(weights) + sum(sizes[:-1]),
        "The last layer is missing: does the loop end too early, or the return stand inside it?": (
            sum(weights[:-1]) + sum(sizes[1:-1])
        ),
        "The loop begins with layer 0, which has no parameters: range(1, len(sizes)).": (
            sum(weights) + sum(sizes) + sizes[-1] * sizes[0]
        ),
        "Only the last layer was counted: is it = in the loop where += is meant?": weights[-1] + sizes[-1],
        "You counted the neurons; the parameters are the edges (weights) and the biases.": sum(sizes),
        "You multiplied all sizes; only neighboring layers are connected.": math.prod(sizes),
    }


@exercise("network.count_parameters")
def test_count_by_hand(student):
    """3 inputs, 4 hidden neurons, 2 outputs: 12 + 4 + 8 + 2 = 26"""
    assert_matches(student.network.count_parameters((3, 4, 2)), 26, name="the number", mistakes=wrong_counts((3, 4, 2)))


@exercise("network.count_parameters")
def test_count_without_hidden_layer(student):
    """No hidden layer: 5 inputs and one output have 6 parameters"""
    assert_matches(
        student.network.count_parameters((5, 1)), 6, name="the number", mistakes=telling(wrong_counts((5, 1)), 6)
    )


@exercise("network.count_parameters")
def test_count_of_a_deep_network(student):
    """Any number of layers; the sizes may be a list"""
    sizes = [7, 2, 5, 3, 4]
    wanted = 0
    for before, after in itertools.pairwise(sizes):
        wanted += (before + 1) * after
    assert_matches(student.network.count_parameters(sizes), wanted, name="the number", mistakes=wrong_counts(sizes))


@exercise("network.count_parameters")
def test_count_of_the_mnist_network(student):
    """The network for MNIST has 39,760 parameters"""
    sizes = (784, 50, 10)
    assert_matches(student.network.count_parameters(sizes), 39760, name="the number", mistakes=wrong_counts(sizes))


def parameters(result, sizes):
    """W and b of a student's `initialize`, after a look at their shapes."""
    two_dicts = isinstance(result, tuple) and len(result) == 2 and all(isinstance(part, dict) for part in result)
    W, b = result if two_dicts else ({}, {})
    layers = range(1, len(sizes))
    W_right, b_right = {l: (sizes[l - 1], sizes[l]) for l in layers}, {l: (sizes[l],) for l in layers}
    wanted = of_shapes(W, W_right), of_shapes(b, b_right)
    mistakes = {
        "The shape of W[l] is (S_{l-1}, S_l), the layer before first.": (
            of_shapes(W, {l: (sizes[l], sizes[l - 1]) for l in layers}),
            wanted[1],
        ),
        "The shape of b[l] is (S_l,), one axis; yours is a matrix with one row.": (
            wanted[0],
            of_shapes(b, {l: (1, sizes[l]) for l in layers}),
        ),
        "The shape of b[l] is (S_l,), one axis; yours is a matrix with one column.": (
            wanted[0],
            of_shapes(b, {l: (sizes[l], 1) for l in layers}),
        ),
        "There is one bias for each neuron of layer l: b[l] has S_l of them, not S_{l-1}.": (
            wanted[0],
            of_shapes(b, {l: (sizes[l - 1],) for l in layers}),
        ),
        "The keys are the layers 1..L, not 0..L-1.": (
            of_shapes(W, {l - 1: shape for l, shape in W_right.items()}),
            of_shapes(b, {l - 1: shape for l, shape in b_right.items()}),
        ),
        "The last layer is missing.": (
            of_shapes(W, {l: W_right[l] for l in layers[:-1]}),
            of_shapes(b, {l: b_right[l] for l in layers[:-1]}),
        ),
        "The loop begins with layer 0, which has no parameters: range(1, len(sizes)).": (
            of_shapes(W, {0: (sizes[-1], sizes[0])} | W_right),
            of_shapes(b, {0: (sizes[0],)} | b_right),
        ),
    }
    assert_matches(result, wanted, name=("W", "b"), mistakes=mistakes)
    return W, b


def of_shapes(part, shapes):
    """The student's arrays where they have these shapes, and arrays of zeros that have them elsewhere."""

    def fits(l):
        return isinstance(part.get(l), np.ndarray) and part[l].shape == shapes[l]

    return {l: part[l] if fits(l) else np.zeros(shapes[l]) for l in shapes}


def flat(W, b):
    return np.concatenate([np.ravel(part[l]) for part in (W, b) for l in part])


@exercise("network.initialize")
def test_initialize_shapes(student):
    """Every W[l] and b[l] has its shape, and no two entries are alike"""
    entries = flat(*parameters(student.network.initialize((3, 5, 4, 2), np.random.default_rng(1)), (3, 5, 4, 2)))
    assert np.any(entries != 0), "every entry is 0; draw each one from rng"
    # Two of 67 float64 draws coincide with a probability below 1e-12.
    assert len(np.unique(entries)) == len(entries), (
        "some entries are alike; draw every weight and every bias by itself, all from the one rng that is given"
    )


@exercise("network.initialize")
def test_initialize_distribution(student):
    """The entries come from N(0, 1): mean 0, standard deviation 1"""
    sizes = (30, 40, 50)
    W, b = parameters(student.network.initialize(sizes, np.random.default_rng(2)), sizes)
    for name, part in (("weights", W), ("biases", b)):
        entries = np.concatenate([np.ravel(part[l]) for l in part])
        mean, deviation = float(np.mean(entries)), float(np.std(entries))
        # Five standard errors: a right answer fails once in about a million seeds.
        mean_bound, deviation_bound = 5 / math.sqrt(entries.size), 5 / math.sqrt(2 * entries.size)
        uniform = np.min(entries) >= 0 and np.max(entries) <= 1
        assert deviation > 0, f"all {name} are {mean:.4g}; each one is drawn from N(0, 1)"
        assert not uniform, f"the {name} lie between 0 and 1: that is rng.random; N(0, 1) is rng.standard_normal"
        assert abs(mean) < mean_bound, f"the {name} have the mean {mean:.4g}; N(0, 1) has the mean 0"
        assert abs(deviation - 1) < deviation_bound, (
            f"the {name} have the standard deviation {deviation:.4g}; N(0, 1) has 1"
        )


@exercise("network.initialize")
def test_initialize_seed(student):
    """The same seed gives the same network, another seed another one"""
    sizes = (4, 3, 2)
    first, again, other = (
        flat(*parameters(student.network.initialize(sizes, np.random.default_rng(seed)), sizes)) for seed in (3, 3, 4)
    )
    assert np.array_equal(first, again), "the same seed gave two different networks; draw from rng, not from np.random"
    assert not np.array_equal(first, other), (
        "two different seeds gave the same network; draw from the rng that is given"
    )


@exercise("network.initialize")
def test_initialize_dtype(student):
    """float64 unless float32 is asked for"""
    sizes = [2, 3, 1]
    for dtype in (np.float64, np.float32):
        W, b = parameters(student.network.initialize(sizes, np.random.default_rng(5), dtype), sizes)
        wanted = np.dtype(dtype)
        for name, part in (("W", W), ("b", b)):
            for l in part:
                got = np.asarray(part[l]).dtype
                assert got == wanted, f"{name}[{l}] is {got}; dtype={wanted} was asked for (.astype(dtype))"
        assert len(np.unique(flat(W, b))) == 13, "some entries are alike; draw every weight and every bias by itself"


def apply(g, Z):
    return np.array([[g(z) for z in row] for row in Z])


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def relu(z):
    return max(z, 0.0)


def line(z):
    return z


def softmax(Z):
    rows = [[math.exp(z) for z in row] for row in Z]
    return np.array([[power / sum(row) for power in row] for row in rows])


def column_softmax(Z):
    return softmax(np.transpose(Z)).T


def regression(Z):
    return np.array(Z)


def forward(X, W, b, g, g_output=regression, bias=1.0, feed="A"):
    """The forward pass from its definition, one neuron at a time; with `feed` and `bias` also its usual mistakes."""
    Z, A = {}, {0: np.array(X, dtype=np.float64)}
    L = len(W)
    for l in range(1, L + 1):
        inputs = Z[l - 1] if feed == "Z" and l > 1 else A[l - 1]
        Z[l] = np.array(
            [
                [
                    sum(row[i] * W[l][i][j] for i in range(len(row))) + bias * b[l][j]  # one neuron
                    for j in range(len(b[l]))
                ]
                for row in inputs
            ]
        )
        A[l] = g_output(Z[l]) if l == L else apply(g, Z[l])
    return Z, A


def wrong_passes(X, W, b, g, g_output):
    """What the usual mistakes make of the forward pass."""
    Z, A = forward(X, W, b, g, g_output)
    last = len(W)
    softmax_or_not = "softmax" if g_output is softmax else "identity"
    return {
        "You forgot the bias b[l].": forward(X, W, b, g, g_output, bias=0.0),
        "You subtracted the bias b[l]; it is added.": forward(X, W, b, g, g_output, bias=-1.0),
        f"Layer L got the hidden activation; its own is the output activation, {softmax_or_not}.": forward(
            X, W, b, g, lambda Z: apply(g, Z)
        ),
        "The hidden activation is missing: A[l] = g(Z[l]).": forward(X, W, b, line, g_output),
        "The output activation is missing: A[L] = output activation of Z[L].": forward(X, W, b, g, regression),
        "You used the softmax in the last layer; use the activation that `output` names.": (
            forward(X, W, b, g, softmax)
        ),
        "Layer l was fed with Z[l-1]; it is fed with A[l-1].": forward(X, W, b, g, g_output, feed="Z"),
        "The softmax went down the columns; it goes along each row.": forward(X, W, b, g, column_softmax),
        "You used the sigmoid in the hidden layers; use the activation that `hidden` names.": forward(
            X, W, b, sigmoid, g_output
        ),
        "A[0] is missing: it is X.": (Z, {l: A[l] for l in A if l > 0}),
        "You returned A, Z; the order is Z, A.": (A, Z),
        "You returned the output alone; return Z, A.": A[last],
        "You returned A alone; return Z, A.": A,
        "The last layer is missing: the layers are range(1, L + 1).": (
            {l: Z[l] for l in Z if l < last},
            {l: A[l] for l in A if l < last},
        ),
    }


# The layers of the product, for a wrong one is what makes a wrong shape.
SHAPES = {f"Z[{l}]": f"A[{l - 1}] W[{l}] + b[{l}]" for l in (1, 2, 3)}


def assert_forward_pass(student, network, hidden, output):
    got = student.network.forward_pass(X, *NETWORKS[network], hidden=hidden, output=output)
    wanted, mistakes = passes(network, hidden, output)
    assert_matches(got, wanted, name=("Z", "A"), mistakes=mistakes, shapes=SHAPES)


@functools.cache  # worked out once for all students of a class
def passes(network, hidden, output):
    """The right answer, and what the usual mistakes make of it."""
    g = {"sigmoid": sigmoid, "tanh": math.tanh, "relu": relu, "identity": line}[hidden]
    g_output = {"softmax": softmax, "identity": regression}[output]
    W, b = NETWORKS[network]
    wanted = forward(X, W, b, g, g_output)
    return wanted, telling(wrong_passes(X, W, b, g, g_output), wanted)


X = np.array([[1.0, -2.0, 0.5], [0.0, 1.5, -1.0], [2.0, 1.0, 1.0], [-0.5, 0.25, 3.0], [1.0, 1.0, -2.0]])
W = {
    1: np.array([[0.5, -1.0, 0.25, 1.0], [1.0, 0.75, -0.5, -0.25], [-0.75, 0.5, 1.0, 0.5]]),
    2: np.array([[1.0, -0.5], [0.25, 0.75], [-1.5, 0.5], [0.5, 1.0]]),
}
b = {1: np.array([0.5, -0.25, 0.125, -0.5]), 2: np.array([-1.0, 0.75])}

# Sizes (3, 4, 2, 6): all different, and different from the number of points, 5.
DEEP_W = W | {3: np.array([[1.0, -1.0, 0.5, 0.25, -0.5, 2.0], [0.5, 1.5, -0.25, -1.0, 0.75, -0.5]])}
DEEP_b = b | {3: np.array([0.25, -0.5, 0.0, 0.5, -0.75, 1.0])}
NETWORKS = {"shallow": (W, b), "deep": (DEEP_W, DEEP_b)}


@exercise("network.forward_pass")
def test_forward_pass_of_one_layer(student):
    """One layer, by hand: (1, 2) [[1, 0, 2], [0.5, 1, -3]] + (0.25, -1, 2) = (2.25, 1, -2) is Z[1]; A[0] is X"""
    point = np.array([[1.0, 2.0]])
    weights, bias = {1: np.array([[1.0, 0.0, 2.0], [0.5, 1.0, -3.0]])}, {1: np.array([0.25, -1.0, 2.0])}
    got = student.network.forward_pass(point, weights, bias, hidden="relu", output="identity")
    Z_1 = np.array([[2.25, 1.0, -2.0]])
    mistakes = wrong_passes(point, weights, bias, relu, regression)
    wanted = ({1: Z_1}, {0: point, 1: Z_1})
    assert_matches(got, wanted, name=("Z", "A"), mistakes=telling(mistakes, wanted), shapes=SHAPES)


@exercise("network.forward_pass")
def test_forward_pass_of_two_layers(student):
    """Z[1] = (1, 3) [[1, 0, 2], [0, 1, -1]] + (0.5, -1, -1), then ReLU; Z[2] = 1.5 - 2 * 2 + 5 * 0 + 0.25"""
    point = np.array([[1.0, 3.0]])
    weights = {1: np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]]), 2: np.array([[1.0], [-2.0], [5.0]])}
    bias = {1: np.array([0.5, -1.0, -1.0]), 2: np.array([0.25])}
    Z = {1: np.array([[1.5, 2.0, -2.0]]), 2: np.array([[-2.25]])}
    A = {0: point, 1: np.array([[1.5, 2.0, 0.0]]), 2: np.array([[-2.25]])}
    got = student.network.forward_pass(point, weights, bias, hidden="relu", output="identity")
    wanted = (Z, A)
    mistakes = wrong_passes(point, weights, bias, relu, regression)
    assert_matches(got, wanted, name=("Z", "A"), mistakes=telling(mistakes, wanted), shapes=SHAPES)


@exercise("network.forward_pass")
def test_forward_pass_of_many_points(student):
    """Five points at once, for classification: the softmax is on the last layer only"""
    assert_forward_pass(student, "shallow", "relu", "softmax")


@exercise("network.forward_pass")
def test_forward_pass_of_a_deep_network(student):
    """Three layers, with each hidden activation"""
    for hidden in ("identity", "relu", "tanh", "sigmoid"):
        assert_forward_pass(student, "deep", hidden, "identity")


@exercise("network.forward_pass")
def test_forward_pass_leaves_its_arguments_unchanged(student):
    """X, W and b are left unchanged"""
    got = assert_unchanged(student.network.forward_pass, X, W, b, hidden="identity", output="identity")
    wanted, mistakes = passes("shallow", "identity", "identity")
    assert_matches(got, wanted, name=("Z", "A"), mistakes=mistakes)


@exercise("network.forward_pass")
def test_forward_pass_keeps_float32(student):
    """float32 in, float32 out, in every layer"""

    def narrow(part):
        return {l: part[l].astype(np.float32) for l in part}

    X32, W32, b32 = X.astype(np.float32), narrow(W), narrow(b)
    for hidden in ("relu", "sigmoid"):
        (Z, A), _ = passes("shallow", hidden, "softmax")
        got = student.network.forward_pass(X32, W32, b32, hidden=hidden, output="softmax")
        assert_matches(got, (narrow(Z), narrow(A)), name=("Z", "A"), dtype="X.dtype")


def wrong_predictions(Y_hat):
    return {
        "You went down the columns; each point is a row (axis=1).": np.argmax(Y_hat, axis=0),
        "You looked for one place in the whole matrix; there is one label for each row (axis=1).": int(
            np.argmax(Y_hat)
        ),
        "You returned the largest probability; wanted is its column.": np.max(Y_hat, axis=1),
        "Classes are counted from 0: the first column is class 0.": np.argmax(Y_hat, axis=1) + 1,
        "You took the smallest probability of each row.": np.argmin(Y_hat, axis=1),
        "The labels have the shape (n,), not (n, 1).": np.argmax(Y_hat, axis=1)[:, None],
    }


@exercise("network.predict")
def test_predict_by_hand(student):
    """(0.1, 0.7, 0.2) is class 1, (0.6, 0.3, 0.1) is class 0"""
    Y_hat = np.array([[0.1, 0.7, 0.2], [0.6, 0.3, 0.1]])
    assert_matches(
        student.network.predict(Y_hat), np.array([1, 0]), name="predicted", mistakes=wrong_predictions(Y_hat)
    )


@exercise("network.predict")
def test_predict_many_points(student):
    """Five points, four classes"""
    Y_hat = np.array(
        [[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1], [0.1, 0.1, 0.6, 0.2], [0.3, 0.5, 0.1, 0.1], [0.2, 0.2, 0.1, 0.5]]
    )
    got = assert_unchanged(student.network.predict, Y_hat)
    assert_matches(got, np.array([3, 0, 2, 1, 3]), name="predicted", mistakes=wrong_predictions(Y_hat))


@exercise("network.predict")
def test_predict_one_point(student):
    """One point still gives an array, with one label"""
    Y_hat = np.array([[0.125, 0.25, 0.625]])
    mistakes = {"One point has an array of one label, not a number.": 2} | wrong_predictions(Y_hat)
    assert_matches(student.network.predict(Y_hat), np.array([2]), name="predicted", mistakes=mistakes)


def wrong_accuracies(labels, predicted):
    """What the usual mistakes make of the accuracy."""
    n, right = len(labels), int(np.sum(labels == predicted))
    mean = float(np.mean(labels - predicted))
    return {
        "You counted the right predictions; divide by n.": right,
        "That is the share of the wrong predictions.": (n - right) / n,
        "That is in percent; the accuracy is a share between 0 and 1.": 100 * right / n,
        "That says of each point whether it is right; the accuracy is the mean of that.": labels == predicted,
        "You counted the wrong predictions; wanted is the share of the right ones.": n - right,
        "You took the mean of labels - predicted; count where labels == predicted.": mean,
        "You took the mean of predicted - labels, or of its size; count where labels == predicted.": -mean,
    }


@exercise("network.accuracy")
def test_accuracy_by_hand(student):
    """labels = (2, 0, 1, 1, 0), predicted = (2, 0, 3, 1, 2): three of five are right, 0.6"""
    labels, predicted = np.array([2, 0, 1, 1, 0]), np.array([2, 0, 3, 1, 2])
    got = student.network.accuracy(labels, predicted)
    assert_matches(got, 0.6, name="the accuracy", mistakes=wrong_accuracies(labels, predicted))


@exercise("network.accuracy")
def test_accuracy_of_all_and_none(student):
    """All right is 1, all wrong is 0, one of five is 0.2"""
    labels = np.array([0, 1, 2, 1, 0])
    for each, wanted in (([0, 1, 2, 1, 0], 1.0), ([1, 0, 0, 2, 2], 0.0), ([1, 0, 2, 2, 1], 0.2)):
        predicted = np.array(each)
        got = assert_unchanged(student.network.accuracy, labels, predicted)
        mistakes = wrong_accuracies(labels, predicted)
        assert_matches(got, wanted, name="the accuracy", mistakes=telling(mistakes, wanted))


@exercise("network.accuracy")
def test_accuracy_refuses_other_shapes(student):
    """(n,) against (n, 1) is refused, two (n,) are not"""
    labels, predicted = np.array([1, 0, 2]), np.array([1, 0, 0])
    got = student.network.accuracy(labels, predicted)
    assert_matches(got, 2 / 3, name="the accuracy", mistakes=telling(wrong_accuracies(labels, predicted), 2 / 3))
    assert_raises(ValueError, student.network.accuracy, labels, labels[:, None], names=("(3,)", "(3, 1)"))
