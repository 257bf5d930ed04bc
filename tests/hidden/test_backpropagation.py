"""What `grade` asks of mlt_nn/backpropagation.py: on inputs that are drawn anew in each run."""

import numpy as np

from mlt_nn.grading import assert_close, assert_matches, assert_raises, assert_silent, assert_unchanged, exercise
from mlt_nn.teaching.grader.draws import given, narrow, numbers, one_hot, parameters, sizes_of
from mlt_nn.teaching.grader.equations import HIDDEN, backward, forward, layer_backward, softmax

LAYER = ("W_g", "b_g", "A_prev_g")
GRADIENTS = ("W_g", "b_g")

# float32 keeps 7 digits; sums of a few terms of size up to 10 that may cancel are good to 1e-5.
FLOAT32 = {"rtol": 1e-4, "atol": 1e-5}


def layer(rng, n, before, size):
    """Z_g, A_prev and W."""
    return numbers(rng, n, size, high=1.5), numbers(rng, n, before, high=1.5), numbers(rng, before, size, high=1.5)


@exercise("backpropagation.layer_backward")
def test_layer_backward_of_any_layer(student, rng):
    """Whatever the numbers of points and of neurons"""
    for _ in range(2):
        arguments = layer(rng, *sizes_of(rng, 2, 5))
        with given(**dict(zip(("Z_g", "A_prev", "W"), arguments, strict=True))):
            got = student.backpropagation.layer_backward(*arguments)
            assert_close(got, layer_backward(*arguments), name=LAYER)


@exercise("backpropagation.layer_backward")
def test_layer_backward_of_single_ones(student, rng):
    """A single point, a single neuron before, a single neuron in the layer"""
    for shape in rng.permutation([(1, 2, 3), (3, 1, 2), (2, 3, 1)]).tolist():
        arguments = layer(rng, *shape)
        with given(**dict(zip(("Z_g", "A_prev", "W"), arguments, strict=True))):
            got = student.backpropagation.layer_backward(*arguments)
            assert_close(got, layer_backward(*arguments), name=LAYER)


@exercise("backpropagation.layer_backward")
def test_layer_backward_of_square_matrices(student, rng):
    """As many points as neurons before and in the layer: a transpose too few would not be seen by the shapes"""
    Z_g, A_prev, W = layer(rng, *[int(rng.integers(2, 5))] * 3)
    W_g, b_g, A_prev_g = wanted = layer_backward(Z_g, A_prev, W)
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
    with given(Z_g=Z_g, A_prev=A_prev, W=W):
        got = student.backpropagation.layer_backward(Z_g, A_prev, W)
        assert_close(got, wanted, name=LAYER, mistakes=mistakes)


@exercise("backpropagation.layer_backward")
def test_layer_backward_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; nothing is changed in place"""
    arguments = layer(rng, *sizes_of(rng, 2))
    got = assert_unchanged(student.backpropagation.layer_backward, *map(narrow, arguments))
    wanted = layer_backward(*arguments)
    assert_matches(got, tuple(map(narrow, wanted)), name=LAYER, dtype="Z_g.dtype", **FLOAT32)
    assert_matches(assert_silent(student.backpropagation.layer_backward, *arguments), wanted, name=LAYER)


def jacobian_rows(A, A_g):
    return np.array([(np.diag(a) - np.outer(a, a)) @ a_g for a, a_g in zip(A, A_g, strict=True)])


@exercise("backpropagation.softmax_backward")
def test_softmax_backward_of_any_rows(student, rng):
    """Whatever the rows: each one goes back through its Jacobian"""
    for n in (1, 3):  # as many rows as columns: sums of either have one shape
        A, A_g = softmax(numbers(rng, n, 3)), numbers(rng, n, 3)
        with given(A=A, A_g=A_g):
            assert_close(student.backpropagation.softmax_backward(A, A_g), jacobian_rows(A, A_g), name="Z_g")


@exercise("backpropagation.softmax_backward")
def test_softmax_backward_of_shifted_gradients(student, rng):
    """What is added to all the gradients of a row does not matter"""
    A, A_g = softmax(numbers(rng, 3, 4)), numbers(rng, 3, 4)
    shifted = A_g + numbers(rng, 3, 1, low=5.0, high=9.0)
    with given(A=A, A_g=shifted):
        assert_close(student.backpropagation.softmax_backward(A, shifted), jacobian_rows(A, A_g), name="Z_g")


@exercise("backpropagation.softmax_backward")
def test_softmax_backward_of_certain_rows(student, rng):
    """A row that is sure of its class lets nothing back, whatever the others do; nor does a single class"""
    A, A_g = np.concatenate([one_hot(rng, 1, 4), softmax(numbers(rng, 2, 4))]), numbers(rng, 3, 4)
    B = A * A_g
    mistakes = {
        "You summed the whole matrix; each row has its own sum (axis=1, keepdims=True).": B - np.sum(B) * A,
        "You took the diagonal of the Jacobian only, as for the sigmoid; each a_j depends on every z_i.": B * (1 - A),
    }
    with given(A=A, A_g=A_g):
        got = student.backpropagation.softmax_backward(A, A_g)
        assert_close(got, jacobian_rows(A, A_g), name="Z_g", mistakes=mistakes)
    got = student.backpropagation.softmax_backward(np.ones((2, 1)), numbers(rng, 2, 1))
    assert_close(got, np.zeros((2, 1)), name="Z_g of a single class")


@exercise("backpropagation.softmax_backward")
def test_softmax_backward_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; nothing is changed in place"""
    A, A_g = softmax(numbers(rng, 3, 4)), numbers(rng, 3, 4)
    wanted = jacobian_rows(A, A_g)
    got = assert_unchanged(student.backpropagation.softmax_backward, narrow(A), narrow(A_g))
    assert_matches(got, narrow(wanted), name="Z_g", dtype="A.dtype", **FLOAT32)
    assert_matches(assert_silent(student.backpropagation.softmax_backward, A, A_g), wanted, name="Z_g")


@exercise("backpropagation.output_gradient")
def test_output_gradient_of_regression(student, rng):
    """Whatever the targets and the output: their difference, for one point and for more"""
    for n in (1, int(rng.integers(2, 6))):
        Y, Y_hat = numbers(rng, 2, n, 1)
        with given(Y=Y, Y_hat=Y_hat):
            assert_close(student.backpropagation.output_gradient(Y, Y_hat), Y_hat - Y, name="Z_g[L]")


def classified(rng):
    n, k = rng.integers(2, 5, 2)
    return one_hot(rng, n, k), softmax(numbers(rng, n, k))


@exercise("backpropagation.output_gradient")
def test_output_gradient_of_classification(student, rng):
    """Of one-hot targets and probabilities: their difference"""
    for _ in range(2):
        Y, Y_hat = classified(rng)
        with given(Y=Y, Y_hat=Y_hat):
            assert_close(student.backpropagation.output_gradient(Y, Y_hat), Y_hat - Y, name="Z_g[L]")


@exercise("backpropagation.output_gradient")
def test_output_gradient_refuses_what_numpy_would_stretch(student, rng):
    """One row against several, and a matrix against its transpose, are refused"""
    Y, Y_hat = numbers(rng, 2, int(rng.integers(4, 7)), 3)
    assert_close(student.backpropagation.output_gradient(Y, Y_hat), Y_hat - Y, name="Z_g[L]")
    for other in (Y[:1], Y.T):
        names = (str(other.shape), str(Y_hat.shape))
        assert_raises(ValueError, student.backpropagation.output_gradient, other, Y_hat, names=names)


@exercise("backpropagation.output_gradient")
def test_output_gradient_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; nothing is changed in place"""
    Y, Y_hat = classified(rng)
    got = assert_unchanged(student.backpropagation.output_gradient, narrow(Y), narrow(Y_hat))
    assert_matches(got, narrow(Y_hat - Y), name="Z_g[L]", dtype="Y_hat.dtype", **FLOAT32)
    assert_matches(assert_silent(student.backpropagation.output_gradient, Y, Y_hat), Y_hat - Y, name="Z_g[L]")


def passed(rng, sizes, n, hidden, output):
    """Targets, and Z, A and W of a network."""
    (W, b), X = parameters(rng, sizes), numbers(rng, n, sizes[0], high=1.5)
    Y = one_hot(rng, n, sizes[-1]) if output == "softmax" else numbers(rng, n, sizes[-1])
    return Y, *forward(X, W, b, hidden, output), W


@exercise("backpropagation.backward_pass")
def test_backward_pass_of_any_network(student, rng):
    """Whatever the number of points and layers, for each hidden activation, in regression and classification"""
    for layers, hidden in enumerate(rng.permutation(list(HIDDEN)).tolist(), 1):
        output = ("identity", "softmax")[layers % 2]
        sizes = [*sizes_of(rng, layers)[:-1], int(rng.integers(5, 7))]
        arguments = passed(rng, sizes, int(rng.integers(1, 5)), hidden, output)
        with given(**dict(zip(("Y", "Z", "A", "W"), arguments, strict=True)), hidden=hidden):
            got = student.backpropagation.backward_pass(*arguments, hidden=hidden)
            assert_close(got, backward(*arguments, hidden), name=GRADIENTS)


@exercise("backpropagation.backward_pass")
def test_backward_pass_of_a_relu_network(student, rng):
    """Where the ReLU is flat nothing flows, elsewhere all of it does"""
    Y, Z, A, W = passed(rng, [*sizes_of(rng, 2), 5], 4, "relu", "softmax")
    mistakes = {"The factor g'(Z[l]) is missing in the hidden layers.": backward(Y, Z, A, W, "identity")}
    with given(Y=Y, Z=Z, A=A, W=W):
        got = student.backpropagation.backward_pass(Y, Z, A, W, hidden="relu")
        assert_close(got, backward(Y, Z, A, W, "relu"), name=GRADIENTS, mistakes=mistakes)


@exercise("backpropagation.backward_pass")
def test_backward_pass_of_square_layers(student, rng):
    """As many points as neurons in each of three layers: a transpose too few would not be seen by the shapes"""
    n = int(rng.integers(2, 5))
    Y, Z, A, W = passed(rng, [n] * 4, n, "sigmoid", "softmax")
    W_g, b_g = wanted = backward(Y, Z, A, W, "sigmoid")
    mistakes = {
        "You took the slope at A[l]; g' takes the pre-activation Z[l].": backward(Y, A, A, W, "sigmoid"),
        "A transpose is missing in A_g[l-1] = Z_g[l] W[l]^T.": backward(Y, Z, A, {l: W[l].T for l in W}, "sigmoid"),
        "W_g[l] is transposed: it has the shape of W[l].": ({l: W_g[l].T for l in W_g}, b_g),
    }
    with given(Y=Y, Z=Z, A=A, W=W):
        got = student.backpropagation.backward_pass(Y, Z, A, W)  # the sigmoid by default
        assert_close(got, wanted, name=GRADIENTS, mistakes=mistakes)


@exercise("backpropagation.backward_pass")
def test_backward_pass_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; nothing is changed in place"""
    arguments = passed(rng, sizes_of(rng, 2), 3, "tanh", "identity")
    wanted = backward(*arguments, "tanh")
    got = assert_unchanged(student.backpropagation.backward_pass, *map(narrow, arguments), "tanh")
    assert_matches(got, tuple(map(narrow, wanted)), name=GRADIENTS, dtype="W[l].dtype", **FLOAT32)
    got = assert_silent(student.backpropagation.backward_pass, *arguments, "tanh")
    assert_matches(got, wanted, name=GRADIENTS)
