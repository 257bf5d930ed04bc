"""What `grade` asks of mlt_nn/backpropagation.py besides the public checks."""

import numpy as np
from hypothesis import strategies as st

from mlt_nn.grading import assert_matches, assert_raises, assert_unchanged, exercise
from mlt_nn.grading.mistakes import telling
from mlt_nn.teaching.grader.properties import for_all, matrices, numbers, sizes


def quarters(rng, *shape):
    """Numbers from -1.5 to 1.5, none of them 0."""
    return (rng.integers(-3, 3, shape) * 2 + 1) / 4


def layer(Z_g, A_prev, W):
    return np.einsum("pi,pj->ij", A_prev, Z_g), np.einsum("pj->j", Z_g), np.einsum("pj,ij->pi", Z_g, W)


LAYER = ("W_g", "b_g", "A_prev_g")


@exercise("backpropagation.layer_backward")
def test_layer_backward_of_any_layer(student):
    """Whatever the numbers of points and of neurons, single ones too"""

    def holds(n, before, size, seed):
        rng = np.random.default_rng(seed)
        arguments = quarters(rng, n, size), quarters(rng, n, before), quarters(rng, before, size)
        assert_matches(student.backpropagation.layer_backward(*arguments), layer(*arguments), name=LAYER)

    for_all(holds, n=sizes, before=sizes, size=sizes, seed=st.integers(0, 9))


@exercise("backpropagation.layer_backward")
def test_layer_backward_of_square_matrices(student):
    """Three points, three neurons before, three in the layer: a transpose too few would not be seen by the shapes"""
    Z_g = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0], [2.0, 0.75, 1.5]])
    A_prev = np.array([[2.0, 1.0, -0.5], [-1.0, 4.0, 0.25], [0.5, -1.5, 3.0]])
    W = np.array([[1.0, 3.0, -0.25], [-0.5, 2.0, 1.0], [0.75, -2.0, 0.5]])
    W_g, b_g, A_prev_g = wanted = layer(Z_g, A_prev, W)
    mistakes = {
        "A transpose is missing in A_prev_g = Z_g W^T.": (W_g, b_g, np.dot(Z_g, W)),
        "A transpose is missing in W_g = A_prev^T Z_g.": (np.dot(A_prev, Z_g), b_g, A_prev_g),
        "W_g is transposed: it has the shape of W, so W_g = A_prev^T Z_g.": (W_g.T, b_g, A_prev_g),
        "A_prev_g is transposed: A_prev_g = Z_g W^T.": (W_g, b_g, A_prev_g.T),
        "Your b_g has the sums of the rows; add up the points, down the columns (axis=0).": (
            W_g,
            np.sum(Z_g, axis=1),
            A_prev_g,
        ),
    }
    got = assert_unchanged(student.backpropagation.layer_backward, Z_g, A_prev, W)
    assert_matches(got, wanted, name=LAYER, mistakes=telling(mistakes, wanted))


@exercise("backpropagation.layer_backward")
def test_layer_backward_agrees_with_measured_slopes(student):
    """Of a loss that is a weighted sum of Z = A_prev W + b, in W, b and A_prev; one feature, six points"""
    rng = np.random.default_rng(41)
    weights, A_prev, W, b = quarters(rng, 6, 2), quarters(rng, 6, 1), quarters(rng, 1, 2), quarters(rng, 2)

    def loss(W, b, A_prev):
        return float(np.sum(weights * (A_prev @ W + b)))

    # Central differences of a linear function are exact but for rounding: 1e-15.
    wanted = measured(loss, (W, b, A_prev), h=0.5)
    assert_matches(student.backpropagation.layer_backward(weights, A_prev, W), wanted, name=LAYER)


def measured(loss, arrays, h):
    """The slopes of loss(*arrays) in each entry of each array, by central differences."""
    arrays = tuple(array.copy() for array in arrays)
    slopes = tuple(np.zeros_like(array) for array in arrays)
    for array, slope in zip(arrays, slopes, strict=True):
        for i in np.ndindex(array.shape):
            here = array[i]
            array[i] = here + h
            above = loss(*arrays)
            array[i] = here - h
            slope[i] = (above - loss(*arrays)) / (2 * h)
            array[i] = here
    return slopes


def softmax(Z):
    return np.exp(Z) / np.sum(np.exp(Z), axis=1, keepdims=True)


@exercise("backpropagation.softmax_backward")
def test_softmax_backward_agrees_with_measured_slopes(student):
    """Of a loss that is a weighted sum of the softmax, in each entry of Z; five points, three classes"""
    rng = np.random.default_rng(42)
    Z, weights = quarters(rng, 5, 3), quarters(rng, 5, 3)
    (wanted,) = measured(lambda Z: float(np.sum(weights * softmax(Z))), (Z,), h=1e-5)
    got = assert_unchanged(student.backpropagation.softmax_backward, softmax(Z), weights)
    # Off by h^2 and by rounding, 1e-15 / h: both about 1e-10.
    assert_matches(got, wanted, name="Z_g", rtol=1e-6, atol=1e-8)


@exercise("backpropagation.softmax_backward")
def test_softmax_backward_of_any_rows(student):
    """Whatever the rows: each one goes through its Jacobian, and what is added to all its gradients does not matter"""

    def holds(Z, shift):
        Z = np.column_stack([Z, np.full(len(Z), 0.5)])
        A, A_g = softmax(Z), np.cumsum(Z * Z + 1.0, axis=1)
        rows = [(np.diag(a) - np.outer(a, a)) @ a_g for a, a_g in zip(A, A_g, strict=True)]
        assert_matches(student.backpropagation.softmax_backward(A, A_g + shift), np.array(rows), name="Z_g")

    for_all(holds, Z=matrices(), shift=numbers)


@exercise("backpropagation.softmax_backward")
def test_softmax_backward_of_certain_rows(student):
    """A row that is sure of its class lets nothing back, nor does a single class; another row does"""
    A = np.array([[1.0, 0.0, 0.0, 0.0], [0.5, 0.125, 0.25, 0.125]])
    A_g = np.array([[3.0, -1.0, 2.0, 5.0], [2.0, -4.0, 0.0, 8.0]])
    # The second row of B is (1, -0.5, 0, 1), its sum 1.5.
    wanted = np.array([[0.0, 0.0, 0.0, 0.0], [0.25, -0.6875, -0.375, 0.8125]])
    whole = "You summed the whole matrix; each row has its own sum (axis=1, keepdims=True)."
    B = A * A_g
    mistakes = {
        whole: B - np.sum(B) * A,
        "You took the diagonal of the Jacobian only, as for the sigmoid; each a_j depends on every z_i.": B * (1 - A),
    }
    got = student.backpropagation.softmax_backward(A, A_g)
    assert_matches(got, wanted, name="Z_g", mistakes=mistakes)
    got = student.backpropagation.softmax_backward(np.ones((2, 1)), np.array([[3.0], [-2.0]]))
    assert_matches(got, np.zeros((2, 1)), name="Z_g of a single class")


@exercise("backpropagation.output_gradient")
def test_output_gradient_of_any_matrix(student):
    """Whatever the targets and the output: their difference"""

    def holds(Y, seed):
        Y_hat = Y + 0.25 * (1 + np.random.default_rng(seed).integers(1, 9, Y.shape))
        assert_matches(student.backpropagation.output_gradient(Y, Y_hat), Y_hat - Y, name="Z_g[L]")

    for_all(holds, Y=matrices(), seed=st.integers(0, 9))


@exercise("backpropagation.output_gradient")
def test_output_gradient_of_one_point(student):
    """One point and one output, in regression; and a float32 output of five classes"""
    got = student.backpropagation.output_gradient(np.array([[2.0]]), np.array([[-1.25]]))
    assert_matches(got, np.array([[-3.25]]), name="Z_g[L]")
    Y = np.array([[0, 0, 1, 0, 0]], dtype=np.float32)
    Y_hat = np.array([[0.125, 0.25, 0.375, 0.125, 0.125]], dtype=np.float32)
    wanted = np.array([[0.125, 0.25, -0.625, 0.125, 0.125]], dtype=np.float32)
    got = assert_unchanged(student.backpropagation.output_gradient, Y, Y_hat)
    assert_matches(got, wanted, name="Z_g[L]")


@exercise("backpropagation.output_gradient")
def test_output_gradient_refuses_what_numpy_would_stretch(student):
    """One row against three, and a matrix against its transpose, are refused"""
    Y, Y_hat = np.array([[1.0, 0.0]]), np.array([[0.25, 0.75], [0.5, 0.5], [0.125, 0.875]])
    assert_matches(student.backpropagation.output_gradient(Y, Y_hat[:1]), np.array([[-0.75, 0.75]]), name="Z_g[L]")
    assert_raises(ValueError, student.backpropagation.output_gradient, Y, Y_hat, names=("(1, 2)", "(3, 2)"))
    assert_raises(ValueError, student.backpropagation.output_gradient, Y_hat.T, Y_hat, names=("(2, 3)", "(3, 2)"))


HIDDEN = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: z * (z > 0),
    "identity": lambda z: z,
}
SLOPES = {
    "sigmoid": lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
    "tanh": lambda z: 1 / np.cosh(z) ** 2,
    "relu": lambda z: 1.0 * (z > 0),
    "identity": lambda z: 1.0,
}


def forward(X, W, b, hidden, output):
    Z, A, L = {}, {0: X}, len(W)
    for l in range(1, L + 1):
        Z[l] = A[l - 1] @ W[l] + b[l]
        A[l] = HIDDEN[hidden](Z[l])
    A[L] = softmax(Z[L]) if output == "softmax" else Z[L]
    return Z, A


def backward(Y, Z, A, W, slope):
    W_g, b_g, Z_g = {}, {}, A[len(W)] - Y
    for l in range(len(W), 0, -1):
        W_g[l], b_g[l], A_g = layer(Z_g, A[l - 1], W[l])
        if l > 1:
            Z_g = A_g * slope(Z[l - 1])
    return W_g, b_g


def network(sizes, n, seed):
    """Points, weights and biases, in odd quarters."""
    rng, layers = np.random.default_rng(seed), range(1, len(sizes))
    W = {l: quarters(rng, sizes[l - 1], sizes[l]) for l in layers}
    return quarters(rng, n, sizes[0]), W, {l: quarters(rng, sizes[l]) for l in layers}


GRADIENTS = ("W_g", "b_g")


def slopes_of_the_loss(X, Y, W, b, hidden, output):
    """All slopes of the loss, by central differences of its definition in float64."""
    layers = list(W)

    def loss(*arrays):
        parameters = dict(zip(layers, arrays[: len(layers)], strict=True))
        _, A = forward(X, parameters, dict(zip(layers, arrays[len(layers) :], strict=True)), hidden, output)
        Y_hat = A[layers[-1]]
        return float(-np.sum(np.log(Y_hat[Y == 1])) if output == "softmax" else 0.5 * np.sum((Y_hat - Y) ** 2))

    slopes = measured(loss, [part[l] for part in (W, b) for l in layers], h=1e-5)
    return dict(zip(layers, slopes[: len(layers)], strict=True)), dict(zip(layers, slopes[len(layers) :], strict=True))


# Central differences are off by h^2 times a third derivative of up to 100, and by rounding, 1e-14 / h: below 1e-8.
MEASURED = {"rtol": 1e-6, "atol": 1e-7}


@exercise("backpropagation.backward_pass")
def test_backward_pass_of_regression_agrees_with_measured_slopes(student):
    """The squared error of a sigmoid network (2, 5, 3, 1) changes as the gradients say"""
    X, W, b = network((2, 5, 3, 1), 4, 43)
    Y = np.array([[0.5], [-1.0], [2.0], [0.25]])
    Z, A = forward(X, W, b, "sigmoid", "identity")
    got = assert_unchanged(student.backpropagation.backward_pass, Y, Z, A, W)
    wanted = slopes_of_the_loss(X, Y, W, b, "sigmoid", "identity")
    assert_matches(got, wanted, name=GRADIENTS, **MEASURED)


@exercise("backpropagation.backward_pass")
def test_backward_pass_of_four_layers_agrees_with_measured_slopes(student):
    """The cross-entropy of a ReLU network (3, 2, 4, 2, 5) changes as the gradients say"""
    X, W, b = network((3, 2, 4, 2, 5), 6, 44)
    Y = np.eye(5)[[4, 0, 2, 2, 1, 3]]
    Z, A = forward(X, W, b, "relu", "softmax")
    got = student.backpropagation.backward_pass(Y, Z, A, W, hidden="relu")
    wanted = slopes_of_the_loss(X, Y, W, b, "relu", "softmax")
    mistakes = {
        "You took the slope at A[l]; g' takes the pre-activation Z[l].": backward(Y, Z, A, W, lambda z: 1.0 * (z >= 0)),
        "The factor g'(Z[l]) is missing in the hidden layers.": backward(Y, Z, A, W, SLOPES["identity"]),
    }
    assert_matches(got, wanted, name=GRADIENTS, mistakes=telling(mistakes, wanted, **MEASURED), **MEASURED)


@exercise("backpropagation.backward_pass")
def test_backward_pass_of_single_neurons(student):
    """One point, one feature, one neuron in each of three layers, with each hidden activation"""
    X, W, b = (
        np.array([[0.75]]),
        {l: np.array([[1.25 - 0.5 * l]]) for l in (1, 2, 3)},
        {l: np.array([0.5]) for l in (1, 2, 3)},
    )
    Y = np.array([[2.0]])
    for hidden in HIDDEN:
        Z, A = forward(X, W, b, hidden, "identity")
        got = student.backpropagation.backward_pass(Y, Z, A, W, hidden=hidden)
        assert_matches(got, backward(Y, Z, A, W, SLOPES[hidden]), name=GRADIENTS)


@exercise("backpropagation.backward_pass")
def test_backward_pass_of_square_layers(student):
    """Three points, three neurons in each of three layers: a transpose too few would not be seen by the shapes"""
    X, W, b = network((3, 3, 3, 3), 3, 45)
    Y = np.eye(3)[[2, 0, 0]]
    Z, A = forward(X, W, b, "tanh", "softmax")
    wanted = backward(Y, Z, A, W, SLOPES["tanh"])
    untransposed = backward(Y, Z, A, {l: W[l].T for l in W}, SLOPES["tanh"])
    mistakes = {
        "A transpose is missing in A_g[l-1] = Z_g[l] W[l]^T.": untransposed,
        "W_g[l] is transposed: it has the shape of W[l].": ({l: wanted[0][l].T for l in wanted[0]}, wanted[1]),
    }
    got = student.backpropagation.backward_pass(Y, Z, A, W, hidden="tanh")
    assert_matches(got, wanted, name=GRADIENTS, mistakes=telling(mistakes, wanted))


@exercise("backpropagation.backward_pass")
def test_backward_pass_adds_up_the_points(student):
    """Whatever the targets: the gradients of two points are the sum of those of each, none divided by their number"""
    X, W, b = network((2, 3, 2), 2, 46)
    Z, A = forward(X, W, b, "sigmoid", "identity")

    def holds(Y):
        each = [
            backward(Y[[p]], {l: Z[l][[p]] for l in Z}, {l: A[l][[p]] for l in A}, W, SLOPES["sigmoid"]) for p in (0, 1)
        ]
        wanted = tuple({l: each[0][part][l] + each[1][part][l] for l in W} for part in (0, 1))
        assert_matches(student.backpropagation.backward_pass(Y, Z, A, W, "sigmoid"), wanted, name=GRADIENTS)

    for_all(holds, Y=matrices(rows=2, columns=2))


@exercise("backpropagation.backward_pass")
def test_backward_pass_keeps_float32(student):
    """float32 stays float32 with tanh and the sigmoid too, also for a single point"""

    def narrow(part):
        return {l: part[l].astype(np.float32) for l in part}

    X, W, b = network((4, 2, 3), 1, 47)
    Y = np.array([[0.0, 0.0, 1.0]])
    for hidden in ("tanh", "sigmoid"):
        Z, A = forward(X, W, b, hidden, "softmax")
        got = student.backpropagation.backward_pass(Y.astype(np.float32), narrow(Z), narrow(A), narrow(W), hidden)
        wanted = tuple(map(narrow, backward(Y, Z, A, W, SLOPES[hidden])))
        # float32 keeps 7 digits; sums of three terms of size up to 2 that may cancel are good to 1e-6.
        assert_matches(got, wanted, name=GRADIENTS, rtol=1e-4, atol=1e-5)
