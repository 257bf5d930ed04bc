"""What `check` asks of mlt_nn/backpropagation.py."""

import functools
import math

import numpy as np

from mlt_nn.grading import assert_matches, assert_raises, assert_unchanged, exercise
from mlt_nn.grading.mistakes import telling


def layer(Z_g, A_prev, W):
    """One layer backwards from its definition, with loops."""
    n, (before, size) = len(Z_g), np.shape(W)
    W_g = [[sum(A_prev[p][i] * Z_g[p][j] for p in range(n)) for j in range(size)] for i in range(before)]
    b_g = [sum(Z_g[p][j] for p in range(n)) for j in range(size)]
    A_prev_g = [[sum(Z_g[p][j] * W[i][j] for j in range(size)) for i in range(before)] for p in range(n)]
    return np.array(W_g), np.array(b_g), np.array(A_prev_g)


def wrong_layers(Z_g, A_prev, W):
    """What the usual mistakes make of one layer backwards."""
    W_g, b_g, A_prev_g = layer(Z_g, A_prev, W)
    n = len(Z_g)
    mistakes = {
        "Your b_g is a mean; the loss is a sum over the points, so b_g adds them up.": (W_g, b_g / n, A_prev_g),
        "W_g and b_g are divided by n; the loss is a sum over the points.": (W_g / n, b_g / n, A_prev_g),
        "W_g is divided by n; the loss is a sum over the points.": (W_g / n, b_g, A_prev_g),
        "W_g is transposed: it has the shape of W, so W_g = A_prev^T Z_g.": (W_g.T, b_g, A_prev_g),
        "Your b_g should have the shape (S_l,); it is a matrix with one row.": (W_g, b_g[None, :], A_prev_g),
        "Your b_g should have the shape (S_l,); it is a matrix with one column.": (W_g, b_g[:, None], A_prev_g),
        "Your b_g is one number; there is one for each neuron: sum over the points only (axis=0).": (
            W_g,
            np.sum(Z_g),
            A_prev_g,
        ),
        "Your b_g has the sums of the rows; add up the points, down the columns (axis=0).": (
            W_g,
            np.sum(Z_g, axis=1),
            A_prev_g,
        ),
        "Your b_g is Z_g itself; add up the points.": (W_g, np.array(Z_g), A_prev_g),
        "A_prev_g is transposed: A_prev_g = Z_g W^T.": (W_g, b_g, A_prev_g.T),
        "The order is W_g, b_g, A_prev_g.": (A_prev_g, W_g, b_g),
        "The order is W_g, b_g, A_prev_g. Yours begins with b_g.": (b_g, W_g, A_prev_g),
        "A_prev_g is missing: return W_g, b_g, A_prev_g.": (W_g, b_g),
    }
    if len(Z_g) == W.shape[0] == W.shape[1]:
        mistakes |= {
            "A transpose is missing in A_prev_g = Z_g W^T.": (W_g, b_g, np.dot(Z_g, W)),
            "A transpose is missing in W_g = A_prev^T Z_g.": (np.dot(A_prev, Z_g), b_g, A_prev_g),
            "The order is A_prev_g = Z_g W^T: the points are the rows.": (W_g, b_g, np.dot(W.T, Z_g)),
            "The order is A_prev_g = Z_g W^T, with a transpose.": (W_g, b_g, np.dot(W, Z_g)),
            "The order is W_g = A_prev^T Z_g: the points are summed away.": (np.dot(Z_g, A_prev.T), b_g, A_prev_g),
        }
    return mistakes


LAYER = ("W_g", "b_g", "A_prev_g")
LAYER_SHAPES = {"W_g": "its weight W", "b_g": "its bias b", "A_prev_g": "its activation A_prev"}


@exercise("backpropagation.layer_backward")
def test_layer_backward_of_two_points(student):
    """Z_g = [[1, -2], [0.5, 3]], A_prev = [[2, 1], [-1, 4]], W = [[1, 3], [-0.5, 2]]: every transpose in its place"""
    Z_g, A_prev = np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([[2.0, 1.0], [-1.0, 4.0]])
    W = np.array([[1.0, 3.0], [-0.5, 2.0]])
    wanted = np.array([[1.5, -7.0], [3.0, 10.0]]), np.array([1.5, 1.0]), np.array([[-5.0, -4.5], [9.5, 5.75]])
    got = student.backpropagation.layer_backward(Z_g, A_prev, W)
    assert_matches(got, wanted, name=LAYER, mistakes=wrong_layers(Z_g, A_prev, W), shapes=LAYER_SHAPES)


@exercise("backpropagation.layer_backward")
def test_layer_backward_of_one_point(student):
    """One point, two neurons before, three now: Z_g = (1, 0.5, -1), A_prev = (2, 5), W = [[1, 2, 3], [4, 5, 6]]"""
    Z_g, A_prev = np.array([[1.0, 0.5, -1.0]]), np.array([[2.0, 5.0]])
    W = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    got = student.backpropagation.layer_backward(Z_g, A_prev, W)
    wanted = np.array([[2.0, 1.0, -2.0], [5.0, 2.5, -5.0]]), np.array([1.0, 0.5, -1.0]), np.array([[-1.0, 0.5]])
    assert_matches(got, wanted, name=LAYER, mistakes=telling(wrong_layers(Z_g, A_prev, W), wanted), shapes=LAYER_SHAPES)


Z_G = np.array([[1.0, -2.0, 0.5, 0.25], [0.5, 1.5, -1.0, 2.0], [-0.75, 0.25, 3.0, -1.0]])
A_PREV = np.array([[2.0, -1.0], [0.5, 4.0], [1.0, 0.25]])
WEIGHTS = np.array([[1.0, 0.5, -2.0, 0.25], [-1.5, 3.0, 1.0, 0.75]])


@exercise("backpropagation.layer_backward")
def test_layer_backward_of_many_points(student):
    """Three points, two neurons before, four in the layer; nothing is changed in place"""
    got = assert_unchanged(student.backpropagation.layer_backward, Z_G, A_PREV, WEIGHTS)
    mistakes = wrong_layers(Z_G, A_PREV, WEIGHTS)
    assert_matches(got, layer(Z_G, A_PREV, WEIGHTS), name=LAYER, mistakes=mistakes)


@exercise("backpropagation.layer_backward")
def test_layer_backward_keeps_float32(student):
    """float32 stays float32"""
    got = student.backpropagation.layer_backward(*(part.astype(np.float32) for part in (Z_G, A_PREV, WEIGHTS)))
    wanted = tuple(part.astype(np.float32) for part in layer(Z_G, A_PREV, WEIGHTS))
    assert_matches(got, wanted, name=LAYER, dtype="Z_g.dtype")


def through_the_jacobian(A, A_g):
    """Row by row: the Jacobian of the softmax, entry by entry, times the gradient."""
    k = np.shape(A)[1]
    rows = []
    for a, a_g in zip(A, A_g, strict=True):
        jacobian = [[a[i] * ((1.0 if i == j else 0.0) - a[j]) for j in range(k)] for i in range(k)]
        rows.append([sum(jacobian[i][j] * a_g[j] for j in range(k)) for i in range(k)])
    return np.array(rows)


def wrong_softmax_backwards(A, A_g):
    """What the usual mistakes make of the softmax backwards."""
    B = A * A_g
    sums = np.sum(B, axis=1)
    mistakes = {
        "That is B = A * A_g alone; subtract rowsum(B) * A.": B,
        "Subtract rowsum(B) * A, not rowsum(B): the factor A is missing.": B - sums[:, None],
        "You took the diagonal of the Jacobian only, as for the sigmoid; each a_j depends on every z_i.": B * (1 - A),
        "You summed the rows of A_g; it is the row sum of B = A * A_g.": B - np.sum(A_g, axis=1, keepdims=True) * A,
        "You summed the whole matrix; each row has its own sum (axis=1, keepdims=True).": B - np.sum(B) * A,
        "You summed down the columns; each row has its own sum (axis=1, keepdims=True).": B - np.sum(B, axis=0) * A,
        "It is a minus: B - rowsum(B) * A.": B + sums[:, None] * A,
        "The sign is flipped: B - rowsum(B) * A.": sums[:, None] * A - B,
        "You multiplied by A_g where A belongs: rowsum(B) * A.": B - sums[:, None] * A_g,
        "The first term is A * A_g, not A_g.": A_g - sums[:, None] * A,
        "Each row has its own number a^T a_g, the row sum of A * A_g; (A @ A_g.T) @ A mixes the rows.": B
        - np.dot(np.dot(A, A_g.T), A),
        "Each row has its own number a^T a_g, the row sum of A * A_g; A @ (A.T @ A_g) mixes the rows.": B
        - np.dot(A, np.dot(A.T, A_g)),
    }
    if A.shape[0] == A.shape[1]:
        lost = "The row sums lost their axis: row i must be multiplied by sum i. Use keepdims=True."
        mistakes |= {
            lost: B - sums * A,
            "Each row has its own number a^T a_g, the row sum of A * A_g; A.T @ A_g adds up the points.": B
            - np.dot(A.T, A_g) * A,
            "Each row has its own number a^T a_g, the row sum of A * A_g; A @ A_g.T has them on its diagonal.": B
            - np.dot(A, A_g.T) * A,
        }
    return mistakes


@exercise("backpropagation.softmax_backward")
def test_softmax_backward_by_hand(student):
    """A = [[0.5, 0.5], [0.25, 0.75]], A_g = [[4, 0], [4, 8]]: the rows of B are (2, 0), (1, 6), their sums 2 and 7"""
    A, A_g = np.array([[0.5, 0.5], [0.25, 0.75]]), np.array([[4.0, 0.0], [4.0, 8.0]])
    got = student.backpropagation.softmax_backward(A, A_g)
    wanted = np.array([[1.0, -1.0], [-0.75, 0.75]])
    assert_matches(got, wanted, name="Z_g", mistakes=telling(wrong_softmax_backwards(A, A_g), wanted))


@exercise("backpropagation.softmax_backward")
def test_softmax_backward_row_by_row(student):
    """Two rows of three: each row goes through its own Jacobian, diag(a) - a a^T"""
    A, A_g = np.array([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]]), np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]])
    got = student.backpropagation.softmax_backward(A, A_g)
    wanted = through_the_jacobian(A, A_g)
    assert_matches(got, wanted, name="Z_g", mistakes=telling(wrong_softmax_backwards(A, A_g), wanted))


@exercise("backpropagation.softmax_backward")
def test_softmax_backward_with_cross_entropy(student):
    """Fed with the gradient of the cross-entropy, -Y / A, it gives A - Y"""
    A = np.array([[0.5, 0.125, 0.125, 0.25], [0.25, 0.25, 0.375, 0.125]])
    Y = np.array([[0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]])
    got = student.backpropagation.softmax_backward(A, -Y / A)
    assert_matches(got, A - Y, name="Z_g", mistakes=wrong_softmax_backwards(A, -Y / A))


@exercise("backpropagation.softmax_backward")
def test_softmax_backward_keeps_float32(student):
    """float32 stays float32, and nothing is changed in place"""
    A = np.array([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]], dtype=np.float32)
    A_g = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]], dtype=np.float32)
    got = assert_unchanged(student.backpropagation.softmax_backward, A, A_g)
    wanted = through_the_jacobian(A, A_g).astype(np.float32)
    assert_matches(got, wanted, name="Z_g", mistakes=wrong_softmax_backwards(A, A_g), dtype="A.dtype")


def wrong_output_gradients(Y, Y_hat):
    n, k = np.shape(Y)
    return {
        "The sign is flipped: it is Y_hat - Y.": Y - Y_hat,
        "You divided by n; the loss is a sum over the points, so its gradient is Y_hat - Y.": (Y_hat - Y) / n,
        "You divided by the number of entries; the loss is a sum, so its gradient is Y_hat - Y.": (Y_hat - Y) / (n * k),
        "You multiplied by Y_hat (1 - Y_hat); the slope of the softmax is in Y_hat - Y already.": (Y_hat - Y)
        * Y_hat
        * (1 - Y_hat),
        "The factor 2 cancels the 1/2 of the loss: it is Y_hat - Y.": 2 * (Y_hat - Y),
        "That is the derivative by Y_hat; Z_g[L] stands before the softmax, and there it is Y_hat - Y.": -Y / Y_hat,
        "Those are the terms of the loss; its derivative has no square: Y_hat - Y.": 0.5 * (Y_hat - Y) ** 2,
    }


@exercise("backpropagation.output_gradient")
def test_output_gradient_by_hand(student):
    """Predicted (0.25, 0.5, 0.25), (0.125, 0.25, 0.625) minus true (0, 1, 0), (0, 0, 1)"""
    Y = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    Y_hat = np.array([[0.25, 0.5, 0.25], [0.125, 0.25, 0.625]])
    wanted = np.array([[0.25, -0.5, 0.25], [0.125, 0.25, -0.375]])
    got = student.backpropagation.output_gradient(Y, Y_hat)
    assert_matches(got, wanted, name="Z_g[L]", mistakes=wrong_output_gradients(Y, Y_hat))


@exercise("backpropagation.output_gradient")
def test_output_gradient_refuses_other_shapes(student):
    """(n,) against (n, 1) is refused, two (n, 1) are not"""
    Y, Y_hat = np.array([[1.0], [2.0]]), np.array([[4.0], [2.5]])
    got = student.backpropagation.output_gradient(Y, Y_hat)
    assert_matches(got, np.array([[3.0], [0.5]]), name="Z_g[L]", mistakes=wrong_output_gradients(Y, Y_hat))
    assert_raises(ValueError, student.backpropagation.output_gradient, Y[:, 0], Y_hat, names=("(2,)", "(2, 1)"))


@exercise("backpropagation.output_gradient")
def test_output_gradient_of_regression(student):
    """In regression too, in float32, and nothing is changed in place"""
    Y = np.array([[3.0], [-1.0], [2.0]], dtype=np.float32)
    Y_hat = np.array([[1.0], [0.25], [4.5]], dtype=np.float32)
    got = assert_unchanged(student.backpropagation.output_gradient, Y, Y_hat)
    wanted = np.array([[-2.0], [1.25], [2.5]], dtype=np.float32)
    assert_matches(got, wanted, name="Z_g[L]", mistakes=wrong_output_gradients(Y, Y_hat), dtype="Y_hat.dtype")


def slope_of_sigmoid(z):
    return math.exp(-z) / (1 + math.exp(-z)) ** 2


def slope_of_tanh(z):
    return 1 / math.cosh(z) ** 2


def slope_of_relu(z):
    return 1.0 if z > 0 else 0.0


def slope_of_identity(z):
    return 1.0


SLOPES = {"sigmoid": slope_of_sigmoid, "tanh": slope_of_tanh, "relu": slope_of_relu, "identity": slope_of_identity}


def apply(function, Z):
    return np.array([[function(z) for z in row] for row in Z])


def backward(Y, Z, A, W, slope, at=None):
    """The backward pass from its definition; `at` says where the slope is taken, by mistake at A."""
    L = len(W)
    at = Z if at is None else at
    W_g, b_g = {}, {}
    Z_g = A[L] - Y
    for l in range(L, 0, -1):
        W_g[l], b_g[l], A_prev_g = layer(Z_g, A[l - 1], W[l])
        if l > 1:
            Z_g = A_prev_g * apply(slope, at[l - 1])
    return W_g, b_g


def slope_of_the_layer_itself(Y, Z, A, W, slope):
    """The backward pass with g' at Z[l] in the place of Z[l-1], or None where those shapes do not go together."""
    L = len(W)
    if any(Z[l].shape[1] not in (1, Z[l - 1].shape[1]) for l in range(2, L + 1)):
        return None
    return backward(Y, Z, A, W, slope, at={l: np.broadcast_to(Z[l + 1], Z[l].shape) for l in range(1, L)})


def scaled(gradients, factor):
    return tuple({l: factor * part[l] for l in part} for part in gradients)


def wrong_passes(Y, Z, A, W, slope):
    """What the usual mistakes make of the backward pass."""
    right, n, L = backward(Y, Z, A, W, slope), len(Y), len(W)
    W_g, b_g = right
    # The output layer with a slope of its own, which Y_hat - Y already contains.
    twice = A | {L: Y + (A[L] - Y) * apply(slope, Z[L])}
    of_output = A | {L: Y + (A[L] - Y) * A[L] * (1 - A[L])}
    of_cross_entropy, of_softmax = (A | {L: Y + through_the_jacobian(A[L], A_g)} for A_g in (-Y / A[L], A[L] - Y))
    mistakes = {
        "The signs are flipped: the output gradient is Y_hat - Y.": scaled(right, -1),
        "You divided by n; the loss is a sum over the points.": scaled(right, 1 / n),
        "You divided the biases' gradients by n; the loss is a sum over the points.": (W_g, scaled((b_g,), 1 / n)[0]),
        "You took the slope at A[l]; g' takes the pre-activation Z[l].": backward(Y, Z, A, W, slope, at=A),
        "The factor g'(Z[l]) is missing in the hidden layers.": backward(Y, Z, A, W, slope_of_identity),
        "You took g' at Z[l]; the gradient of the layer before needs g' at Z[l-1].": slope_of_the_layer_itself(
            Y, Z, A, W, slope
        ),
        "You used the slope of the sigmoid; use that of the activation that `hidden` names.": backward(
            Y, Z, A, W, slope_of_sigmoid
        ),
        "You multiplied the output gradient by g'(Z[L]); Y_hat - Y holds the slope of the output already.": backward(
            Y, Z, twice, W, slope
        ),
        "You multiplied the output gradient by Y_hat (1 - Y_hat); Y_hat - Y holds that slope already.": backward(
            Y, Z, of_output, W, slope
        ),
        "-Y / Y_hat through the softmax is right in classification alone; begin with output_gradient.": backward(
            Y, Z, of_cross_entropy, W, slope
        ),
        "You went back through the softmax twice: Y_hat - Y, of output_gradient, holds it already.": backward(
            Y, Z, of_softmax, W, slope
        ),
        "W_g[1] and b_g[1] are missing: the layers are 1..L, and range counts down with a third number, -1.": tuple(
            {l: part[l] for l in part if l > 1} for part in right
        ),
        "The loop was empty: it counts L, ..., 2 with range(L, 1, -1); range(L, 1) has nothing.": (
            {1: np.dot(A[0].T, A[L] - Y)},
            {1: np.sum(A[L] - Y, axis=0)},
        ),
        "The order is W_g, b_g.": (b_g, W_g),
        "You returned W_g alone; return W_g, b_g.": W_g,
        "Your b_g[l] should have the shape (S_l,); it is a matrix with one row.": (
            W_g,
            {l: b_g[l][None, :] for l in b_g},
        ),
        "W_g[l] is transposed: it has the shape of W[l].": ({l: W_g[l].T for l in W_g}, b_g),
        "You began with Z[L] - Y; Y_hat is A[L].": backward(Y, Z, A | {L: Z[L]}, W, slope),
    }
    return mistakes


GRADIENTS = ("W_g", "b_g")
# With the layers of the product, for a wrong one is what most often makes a wrong shape.
SHAPES = {f"W_g[{l}]": f"its weight W[{l}], like A[{l - 1}]^T Z_g[{l}]," for l in (1, 2, 3)} | {
    f"b_g[{l}]": f"its bias b[{l}]" for l in (1, 2, 3)
}


@exercise("backpropagation.backward_pass")
def test_backward_pass_of_one_layer(student):
    """One layer: W_g[1] = X^T (Y_hat - Y), X = [[1, 2, 3], [0, 1, 0]], Y_hat - Y = [[-0.5, 0.5], [0.25, -0.25]]"""
    A = {0: np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]]), 1: np.array([[0.5, 0.5], [0.25, 0.75]])}
    Y, Z, W = np.array([[1.0, 0.0], [0.0, 1.0]]), {1: np.array([[1.0, 1.0], [-1.0, 0.5]])}, {1: np.ones((3, 2))}
    wanted = {1: np.array([[-0.5, 0.5], [-0.75, 0.75], [-1.5, 1.5]])}, {1: np.array([-0.25, 0.25])}
    got = student.backpropagation.backward_pass(Y, Z, A, W, hidden="relu")
    mistakes = wrong_passes(Y, Z, A, W, slope_of_relu)
    assert_matches(got, wanted, name=GRADIENTS, mistakes=telling(mistakes, wanted), shapes=SHAPES)


@exercise("backpropagation.backward_pass")
def test_backward_pass_of_two_layers(student):
    """X = (1, 3), A[1] = (2, 0, 6), Y_hat - Y = 0.5, W[2] = (1, 3, 2): nothing comes back through a ReLU at 0"""
    # The output is negative, where the ReLU is flat: g' at Z[2] in the place of Z[1] tells itself apart.
    A = {0: np.array([[1.0, 3.0]]), 1: np.array([[2.0, 0.0, 6.0]]), 2: np.array([[-0.5]])}
    Z = {1: np.array([[2.0, -1.0, 6.0]]), 2: np.array([[-0.5]])}
    Y, W = np.array([[-1.0]]), {1: np.ones((2, 3)), 2: np.array([[1.0], [3.0], [2.0]])}
    wanted = (
        # In the order of the way back, which tells a return inside the loop.
        {2: np.array([[1.0], [0.0], [3.0]]), 1: np.array([[0.5, 0.0, 1.0], [1.5, 0.0, 3.0]])},
        {2: np.array([0.5]), 1: np.array([0.5, 0.0, 1.0])},
    )
    got = student.backpropagation.backward_pass(Y, Z, A, W, hidden="relu")
    mistakes = wrong_passes(Y, Z, A, W, slope_of_relu)
    assert_matches(got, wanted, name=GRADIENTS, mistakes=telling(mistakes, wanted), shapes=SHAPES)


# A network of the sizes (3, 4, 2, 6) and five points, as some forward pass could have left it.
_draw = np.random.default_rng(11)
DEEP_W = {l: _draw.standard_normal(shape) for l, shape in {1: (3, 4), 2: (4, 2), 3: (2, 6)}.items()}
DEEP_b = {l: _draw.standard_normal(size) for l, size in {1: 4, 2: 2, 3: 6}.items()}
X = _draw.standard_normal((5, 3))
ONE_HOT = np.eye(6)[[2, 0, 5, 3, 2]]


def forward(X, W, b, g, output):
    Z, A = {}, {0: X}
    L = len(W)
    for l in range(1, L + 1):
        Z[l] = np.einsum("pi,ij->pj", A[l - 1], W[l]) + b[l]
        A[l] = apply(g, Z[l]) if l < L else output(Z[l])
    return Z, A


def softmax(Z):
    rows = [[math.exp(z) for z in row] for row in Z]
    return np.array([[power / sum(row) for power in row] for row in rows])


ACTIVATIONS = {
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "relu": lambda z: max(z, 0.0),
    "identity": lambda z: z,
}


@functools.cache  # worked out once for all students of a class
def deep(hidden):
    """Z and A of the deep network, its gradients, and what the usual mistakes make of them."""
    Z, A = forward(X, DEEP_W, DEEP_b, ACTIVATIONS[hidden], softmax)
    wanted = backward(ONE_HOT, Z, A, DEEP_W, SLOPES[hidden])
    return Z, A, wanted, telling(wrong_passes(ONE_HOT, Z, A, DEEP_W, SLOPES[hidden]), wanted)


@exercise("backpropagation.backward_pass")
def test_backward_pass_of_a_deep_network(student):
    """Three layers, with each hidden activation"""
    for hidden in ("identity", "relu", "tanh", "sigmoid"):
        Z, A, wanted, mistakes = deep(hidden)
        got = student.backpropagation.backward_pass(ONE_HOT, Z, A, DEEP_W, hidden=hidden)
        assert_matches(got, wanted, name=GRADIENTS, mistakes=mistakes, shapes=SHAPES)


@functools.cache
def measured_slopes():
    """The slopes of the cross-entropy of the deep network with tanh, by central differences."""

    def loss(W, b):
        _, A = forward(X, W, b, math.tanh, softmax)
        return -float(np.sum(np.log(A[3][ONE_HOT == 1])))

    h, measured = 1e-5, ({}, {})
    parameters = ({l: DEEP_W[l].copy() for l in DEEP_W}, {l: DEEP_b[l].copy() for l in DEEP_b})
    for part, slopes in zip(parameters, measured, strict=True):
        for l in part:
            slopes[l] = np.zeros_like(part[l])
            for i in np.ndindex(part[l].shape):
                here = part[l][i]
                part[l][i] = here + h
                above = loss(*parameters)
                part[l][i] = here - h
                slopes[l][i] = (above - loss(*parameters)) / (2 * h)
                part[l][i] = here
    return measured


@exercise("backpropagation.backward_pass")
def test_backward_pass_agrees_with_measured_slopes(student):
    """The cross-entropy of a tanh network changes as the gradients say"""
    Z, A, _, mistakes = deep("tanh")
    got = student.backpropagation.backward_pass(ONE_HOT, Z, A, DEEP_W, hidden="tanh")
    # The measured slopes are off by about h^2 and by the rounding of a loss near 10, 1e-15 / h: both below 1e-8.
    assert_matches(got, measured_slopes(), name=GRADIENTS, mistakes=mistakes, shapes=SHAPES, rtol=1e-6, atol=1e-7)


@exercise("backpropagation.backward_pass")
def test_backward_pass_keeps_float32(student):
    """float32 stays float32, and nothing is changed in place"""

    def narrow(part):
        return {l: part[l].astype(np.float32) for l in part}

    Z, A, wanted, _ = deep("relu")
    got = assert_unchanged(
        student.backpropagation.backward_pass, ONE_HOT.astype(np.float32), narrow(Z), narrow(A), narrow(DEEP_W), "relu"
    )
    wanted = tuple(map(narrow, wanted))
    # float32 keeps 7 digits; sums of a dozen terms of size up to 10 that may cancel are good to 1e-5.
    assert_matches(got, wanted, name=GRADIENTS, shapes=SHAPES, rtol=1e-4, atol=1e-5, dtype="W[l].dtype")
