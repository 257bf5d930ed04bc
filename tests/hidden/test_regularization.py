"""What `grade` asks of mlt_nn/regularization.py besides the public checks."""

import math

import numpy as np
from hypothesis import strategies as st

from mlt_nn.grading import assert_matches, assert_silent, assert_unchanged, exercise
from mlt_nn.grading.compare import describe
from mlt_nn.grading.mistakes import telling
from mlt_nn.teaching.grader.properties import for_all, matrices, numbers, sizes


def quarters(rng, *shape):
    """Numbers from -1.5 to 1.5, none of them 0."""
    return (rng.integers(-3, 3, shape) * 2 + 1) / 4


def network(sizes, n, seed):
    """Points, weights and biases, in odd quarters."""
    rng, layers = np.random.default_rng(seed), range(1, len(sizes))
    W = {l: quarters(rng, sizes[l - 1], sizes[l]) for l in layers}
    return quarters(rng, n, sizes[0]), W, {l: quarters(rng, sizes[l]) for l in layers}


def narrow(part):
    return {l: part[l].astype(np.float32) for l in part}


# Sizes (2, 4, 3, 1), with a weight of 0 in each layer.
_, W, _ = network((2, 4, 3, 1), 1, 91)
for _l in W:
    W[_l][0, -1] = 0.0

PENALTIES = {"l1": lambda w: abs(w), "l2": lambda w: w * w / 2}


def penalty(W, strength, kind):
    return strength * math.fsum(PENALTIES[kind](float(w)) for l in W for w in np.ravel(W[l]))


def assert_penalty_of_any_weights(function, kind):
    def holds(W_1, W_2, strength):
        W, strength = {1: W_1, 2: W_2, 3: np.array([[2.0, -3.0]])}, abs(strength) + 0.25
        assert_matches(function(W, strength), penalty(W, strength, kind), name="the penalty")

    for_all(holds, W_1=matrices(), W_2=matrices(), strength=numbers)


def assert_penalty_in_float32(function, kind):
    got = assert_unchanged(function, narrow(W), 0.375)
    # A float32 has 7 digits, also where a right answer is a float made of one.
    assert_matches(got, penalty(W, 0.375, kind), name="the penalty", rtol=1e-5)


def assert_penalty_without_strength(function, kind):
    assert_matches(function(W, 0), 0.0, name="the penalty with strength 0")
    zeros = {1: np.zeros((2, 3)), 2: np.zeros((3, 1))}
    assert_matches(function(zeros, 7.0), 0.0, name="the penalty of weights of 0")
    one = {1: np.array([[-6.0]])}
    assert_matches(function(one, 2), penalty(one, 2, kind), name="the penalty of a single weight")


@exercise("regularization.l1_penalty")
def test_l1_penalty_of_any_weights(student):
    """Whatever the weights: the strength times the sum of their absolute values, over three layers"""
    assert_penalty_of_any_weights(student.regularization.l1_penalty, "l1")


@exercise("regularization.l1_penalty")
def test_l1_penalty_in_float32(student):
    """float32 weights have a penalty too, and are left unchanged"""
    assert_penalty_in_float32(student.regularization.l1_penalty, "l1")


@exercise("regularization.l1_penalty")
def test_l1_penalty_without_strength(student):
    """A strength of 0, weights of 0, a single weight"""
    assert_penalty_without_strength(student.regularization.l1_penalty, "l1")


@exercise("regularization.l2_penalty")
def test_l2_penalty_of_any_weights(student):
    """Whatever the weights: half the strength times the sum of their squares, over three layers"""
    assert_penalty_of_any_weights(student.regularization.l2_penalty, "l2")


@exercise("regularization.l2_penalty")
def test_l2_penalty_in_float32(student):
    """float32 weights have a penalty too, and are left unchanged"""
    assert_penalty_in_float32(student.regularization.l2_penalty, "l2")


@exercise("regularization.l2_penalty")
def test_l2_penalty_without_strength(student):
    """A strength of 0, weights of 0, a single weight"""
    assert_penalty_without_strength(student.regularization.l2_penalty, "l2")


def slopes(W, strength, kind, h=2.0**-10):
    """The slopes of the penalty by central differences, exact for both but for rounding: 1e-16 / h, 1e-13."""
    return {
        l: np.array(
            [
                [strength * (PENALTIES[kind](w + h) - PENALTIES[kind](w - h)) / (2 * h) for w in row]
                for row in W[l].tolist()
            ]
        ).astype(W[l].dtype)
        for l in W
    }


def assert_gradient_of_three_layers(function, kind):
    for weights in (W, narrow(W)):
        got = assert_unchanged(function, weights, 0.375)
        assert_matches(got, slopes(weights, 0.375, kind), name="gradient")


def assert_gradient_of_any_weights(function, kind):
    def holds(W_1, strength):
        weights = {1: W_1, 2: np.array([[-2.0], [0.0], [3.0]])}
        strength = abs(strength) + 0.25
        assert_matches(function(weights, strength), slopes(weights, strength, kind), name="gradient")

    for_all(holds, W_1=matrices(), strength=numbers)


def assert_gradient_without_strength(function, kind):
    assert_matches(function(W, 0.0), {l: np.zeros_like(W[l]) for l in W}, name="gradient")
    far = {1: np.array([[1e-200, -1e-200, 1e200]])}
    wanted = {"l1": np.array([[0.5, -0.5, 0.5]]), "l2": np.array([[5e-201, -5e-201, 5e199]])}
    got = assert_silent(function, far, 0.5)
    assert_matches(got, {1: wanted[kind]}, name="gradient", atol=0)


@exercise("regularization.l1_gradient")
def test_l1_gradient_agrees_with_measured_slopes(student):
    """The penalty of three layers changes as the gradient says; float32 stays float32"""
    assert_gradient_of_three_layers(student.regularization.l1_gradient, "l1")


@exercise("regularization.l1_gradient")
def test_l1_gradient_of_any_weights(student):
    """Whatever the weights and the strength: the strength with the sign of the weight"""
    assert_gradient_of_any_weights(student.regularization.l1_gradient, "l1")


@exercise("regularization.l1_gradient")
def test_l1_gradient_without_strength(student):
    """A strength of 0 pulls nowhere; the size of a weight does not matter, not even 1e-200"""
    assert_gradient_without_strength(student.regularization.l1_gradient, "l1")


@exercise("regularization.l2_gradient")
def test_l2_gradient_agrees_with_measured_slopes(student):
    """The penalty of three layers changes as the gradient says; float32 stays float32"""
    assert_gradient_of_three_layers(student.regularization.l2_gradient, "l2")


@exercise("regularization.l2_gradient")
def test_l2_gradient_of_any_weights(student):
    """Whatever the weights and the strength: their product"""
    assert_gradient_of_any_weights(student.regularization.l2_gradient, "l2")


@exercise("regularization.l2_gradient")
def test_l2_gradient_without_strength(student):
    """A strength of 0 pulls nowhere; a weight of 1e-200 and one of 1e200 are pulled by their size"""
    assert_gradient_without_strength(student.regularization.l2_gradient, "l2")


def mask_of(student, size, rng):
    """A mask of the student's, whose shape, dtype, entries and number of zeros must be right."""
    mask = student.regularization.dropout_mask(size, rng)
    assert isinstance(mask, np.ndarray), f"the mask is {describe(mask)}; it should be an array of shape ({size},)"
    assert mask.shape == (size,), f"the mask has shape {mask.shape}; it has one entry for each neuron, ({size},)"
    assert mask.dtype == np.int8, f"the mask is {mask.dtype}; it is int8"
    assert set(mask.tolist()) <= {0, 1}, "the entries of the mask are 0 (dropped) and 1 (kept)"
    assert_matches(int(np.sum(mask == 0)), size // 2, name="the number of dropped neurons")
    return mask


@exercise("regularization.dropout_mask")
def test_dropout_mask_of_any_size(student):
    """Whatever the size and the seed: size // 2 neurons are dropped"""

    def holds(size, seed):
        mask_of(student, size, np.random.default_rng(seed))

    for_all(holds, size=st.integers(1, 30), seed=st.integers(0, 9))


@exercise("regularization.dropout_mask")
def test_dropout_mask_is_well_mixed(student):
    """Of 1001 neurons any may be dropped: neither a half, nor every other one"""
    mask = mask_of(student, 1001, np.random.default_rng(101))
    # Neighbors differ with probability 1/2: 500 times of 1000, with the standard deviation 16; 80 is five of them.
    changes = int(np.sum(mask[1:] != mask[:-1]))
    assert abs(changes - 500) < 80, f"neighbors in a mask of 1001 differ {changes} times; 500 would be random"
    # 250 of the first 500 are dropped, with the standard deviation 8; 40 is five of them.
    first = int(np.sum(mask[:500] == 0))
    assert abs(first - 250) < 40, f"of the first 500 neurons {first} were dropped; 250 would be random"


@exercise("regularization.dropout_mask")
def test_dropout_mask_draws_anew(student):
    """The next iteration has another mask; a generator that went as far gives the same"""
    rng, again = np.random.default_rng(102), np.random.default_rng(102)
    first, second = mask_of(student, 60, rng), mask_of(student, 60, rng)
    assert np.any(first != second), "two masks from one generator were the same; draw from the rng that is given"
    assert_matches(mask_of(student, 60, again), first, name="the mask of the same seed")
    assert_matches(mask_of(student, 60, again), second, name="the second mask of the same seed")


HIDDEN = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "relu": (lambda z: z * (z > 0), lambda z: 1.0 * (z > 0)),
    "identity": (lambda z: z, lambda z: np.ones_like(z)),
}


def forward(X, W, b, masks, hidden, output, before=False):
    """The thinned forward pass; `before` applies the masks before g, by mistake."""
    g, Z, A, L = HIDDEN[hidden][0], {}, {0: X}, len(W)
    for l in range(1, L + 1):
        Z[l] = A[l - 1] @ W[l] + b[l]
        if l < L:
            A[l] = g(Z[l] * masks[l]) if before else g(Z[l]) * masks[l]
    A[L] = Z[L] if output == "identity" else np.exp(Z[L]) / np.sum(np.exp(Z[L]), axis=1, keepdims=True)
    return Z, A


def backward(Y, Z, A, W, masks, hidden):
    W_g, b_g, Z_g = {}, {}, A[len(W)] - Y
    for l in range(len(W), 0, -1):
        W_g[l], b_g[l] = A[l - 1].T @ Z_g, np.sum(Z_g, axis=0)
        if l > 1:
            Z_g = Z_g @ W[l].T * masks[l - 1] * HIDDEN[hidden][1](Z[l - 1])
    return W_g, b_g


def mask(*kept):
    return np.array(kept, dtype=np.int8)


PASS, GRADIENTS = ("Z", "A"), ("W_g", "b_g")


@exercise("regularization.dropout_forward")
def test_dropout_forward_of_three_hidden_layers(student):
    """Sizes (2, 3, 5, 4, 3), each hidden layer with its mask, with each hidden activation"""
    X, W, b = network((2, 3, 5, 4, 3), 4, 111)
    masks = {1: mask(1, 0, 1), 2: mask(0, 1, 1, 0, 1), 3: mask(1, 0, 0, 1)}
    for hidden in HIDDEN:
        wanted = forward(X, W, b, masks, hidden, "softmax")
        too_early = "The mask was applied before g; a dropped neuron passes on 0, not g(0): g(Z[l]) * mask[l]."
        mistakes = {too_early: forward(X, W, b, masks, hidden, "softmax", before=True)}
        got = student.regularization.dropout_forward(X, W, b, masks, hidden=hidden, output="softmax")
        assert_matches(got, wanted, name=PASS, mistakes=telling(mistakes, wanted))


@exercise("regularization.dropout_forward")
def test_dropout_forward_of_single_neurons(student):
    """One point, one neuron in each layer: kept, it passes on g(z), dropped, 0; sigmoid and softmax by default"""
    X, W, b = network((1, 1, 2), 1, 112)
    for kept in (1, 0):
        masks = {1: mask(kept)}
        got = assert_unchanged(student.regularization.dropout_forward, X, W, b, masks)
        assert_matches(got, forward(X, W, b, masks, "sigmoid", "softmax"), name=PASS)


@exercise("regularization.dropout_forward")
def test_dropout_forward_like_a_smaller_network(student):
    """Whatever is dropped: the output is that of the network without these neurons"""
    X, W, b = network((3, 6, 2), 5, 113)

    def holds(kept):
        rows = np.flatnonzero(kept)
        small_W, small_b = {1: W[1][:, rows], 2: W[2][rows]}, {1: b[1][rows], 2: b[2]}
        Z, A = forward(X, small_W, small_b, {1: np.ones(len(rows))}, "sigmoid", "identity")
        whole = np.zeros((5, 6))
        whole[:, rows] = A[1]
        wanted = {1: X @ W[1] + b[1], 2: Z[2]}, {0: X, 1: whole, 2: A[2]}
        got = student.regularization.dropout_forward(X, W, b, {1: mask(*kept)}, hidden="sigmoid", output="identity")
        assert_matches(got, wanted, name=PASS)

    for_all(holds, kept=st.lists(st.integers(0, 1), min_size=6, max_size=6))


@exercise("regularization.dropout_forward")
def test_dropout_forward_keeps_float32(student):
    """float32 stays float32 with tanh, the sigmoid and the softmax too"""
    X, W, b = network((4, 2, 3), 2, 114)
    masks = {1: mask(0, 1)}
    for hidden in ("tanh", "sigmoid"):
        got = student.regularization.dropout_forward(X.astype(np.float32), narrow(W), narrow(b), masks, hidden=hidden)
        Z, A = forward(X, W, b, masks, hidden, "softmax")
        # float32 keeps 7 digits; sums of four terms of size up to 2 that may cancel are good to 1e-5.
        assert_matches(got, (narrow(Z), narrow(A)), name=PASS, rtol=1e-4, atol=1e-5)


def slopes_of_the_loss(X, Y, W, b, masks, hidden, output, h=1e-5):
    """All slopes of the loss of the thinned network, by central differences of its definition in float64."""
    W, b = ({l: part[l].copy() for l in part} for part in (W, b))

    def loss():
        _, A = forward(X, W, b, masks, hidden, output)
        Y_hat = A[len(W)]
        return float(-np.sum(np.log(Y_hat[Y == 1])) if output == "softmax" else 0.5 * np.sum((Y_hat - Y) ** 2))

    measured = tuple({l: np.zeros_like(part[l]) for l in part} for part in (W, b))
    for part, slope in zip((W, b), measured, strict=True):
        for l in part:
            for i in np.ndindex(part[l].shape):
                here = part[l][i]
                part[l][i] = here + h
                above = loss()
                part[l][i] = here - h
                slope[l][i] = (above - loss()) / (2 * h)
                part[l][i] = here
    return measured


# Central differences are off by h^2 times a third derivative of up to 100, and by rounding, 1e-14 / h: below 1e-8.
MEASURED = {"rtol": 1e-6, "atol": 1e-7}


@exercise("regularization.dropout_backward")
def test_dropout_backward_of_regression_agrees_with_measured_slopes(student):
    """The squared error of a thinned sigmoid network (2, 4, 3, 1) changes as the gradients say"""
    X, W, b = network((2, 4, 3, 1), 3, 121)
    Y, masks = np.array([[0.5], [-1.0], [2.0]]), {1: mask(1, 0, 0, 1), 2: mask(1, 1, 0)}
    Z, A = forward(X, W, b, masks, "sigmoid", "identity")
    got = assert_unchanged(student.regularization.dropout_backward, Y, Z, A, W, masks)
    wanted = slopes_of_the_loss(X, Y, W, b, masks, "sigmoid", "identity")
    mistakes = {
        "The mask is missing: no gradient flows through a dropped neuron.": backward(
            Y, Z, A, W, {l: np.ones(len(masks[l])) for l in masks}, "sigmoid"
        ),
        "You took the slope at A[l]; g' takes the pre-activation Z[l].": backward(Y, A, A, W, masks, "sigmoid"),
    }
    assert_matches(got, wanted, name=GRADIENTS, mistakes=mistakes, **MEASURED)


@exercise("regularization.dropout_backward")
def test_dropout_backward_of_four_layers(student):
    """Sizes (3, 2, 5, 4, 2): the masks of three hidden layers, with each hidden activation"""
    X, W, b = network((3, 2, 5, 4, 2), 6, 122)
    Y, masks = np.eye(2)[[1, 0, 0, 1, 1, 0]], {1: mask(1, 0), 2: mask(0, 1, 0, 1, 1), 3: mask(1, 1, 0, 0)}
    for hidden in HIDDEN:
        Z, A = forward(X, W, b, masks, hidden, "softmax")
        got = student.regularization.dropout_backward(Y, Z, A, W, masks, hidden=hidden)
        assert_matches(got, backward(Y, Z, A, W, masks, hidden), name=GRADIENTS)


@exercise("regularization.dropout_backward")
def test_dropout_backward_where_all_is_dropped(student):
    """When a whole layer is dropped only the last bias learns; without a hidden layer there is no mask"""
    X, W, b = network((2, 3, 2), 4, 123)
    Y, masks = np.eye(2)[[0, 1, 1, 0]], {1: mask(0, 0, 0)}
    Z, A = forward(X, W, b, masks, "tanh", "softmax")
    got = student.regularization.dropout_backward(Y, Z, A, W, masks, hidden="tanh")
    wanted = {1: np.zeros((2, 3)), 2: np.zeros((3, 2))}, {1: np.zeros(3), 2: np.sum(A[2] - Y, axis=0)}
    assert_matches(got, wanted, name=GRADIENTS)
    W, b = {1: W[1]}, {1: b[1]}
    Z, A = forward(X, W, b, {}, "tanh", "identity")
    got = student.regularization.dropout_backward(np.ones((4, 3)), Z, A, W, {}, hidden="tanh")
    assert_matches(got, backward(np.ones((4, 3)), Z, A, W, {}, "tanh"), name=GRADIENTS)


@exercise("regularization.dropout_backward")
def test_dropout_backward_of_any_masks(student):
    """Whatever is dropped: rows, columns and biases of dropped neurons have the gradient 0, the others their own"""
    X, W, b = network((2, 4, 3, 1), 2, 124)

    def holds(kept):
        masks = {1: mask(*kept[:4]), 2: mask(*kept[4:])}
        Z, A = forward(X, W, b, masks, "tanh", "identity")
        Y = A[3] - 2.5  # an error that is never 0
        got = student.regularization.dropout_backward(Y, Z, A, W, masks, "tanh")
        assert_matches(got, backward(Y, Z, A, W, masks, "tanh"), name=GRADIENTS)

    for_all(holds, kept=st.lists(st.integers(0, 1), min_size=7, max_size=7))


@exercise("regularization.dropout_backward")
def test_dropout_backward_keeps_float32(student):
    """float32 stays float32 with tanh and the sigmoid too, also for a single point"""
    X, W, b = network((4, 2, 3), 1, 125)
    Y, masks = np.array([[0.0, 1.0, 0.0]]), {1: mask(1, 0)}
    for hidden in ("tanh", "sigmoid"):
        Z, A = forward(X, W, b, masks, hidden, "softmax")
        got = student.regularization.dropout_backward(
            Y.astype(np.float32), narrow(Z), narrow(A), narrow(W), masks, hidden=hidden
        )
        wanted = tuple(map(narrow, backward(Y, Z, A, W, masks, hidden)))
        # float32 keeps 7 digits; sums of three terms of size up to 2 that may cancel are good to 1e-5.
        assert_matches(got, wanted, name=GRADIENTS, rtol=1e-4, atol=1e-5)


def halved(W):
    return {l: W[l] if l == 1 else W[l] * W[l].dtype.type(0.5) for l in W}


@exercise("regularization.halve_outgoing_weights")
def test_halve_any_network(student):
    """Whatever the sizes: W[1] stays, every other W[l] is halved, once"""

    def holds(sizes):
        _, W, _ = network([*sizes, 2], 1, 131)
        assert_matches(student.regularization.halve_outgoing_weights(W), halved(W), name="W")

    for_all(holds, sizes=st.lists(sizes, min_size=2, max_size=4))


@exercise("regularization.halve_outgoing_weights")
def test_halve_five_layers(student):
    """Five layers of float32; the old weights are left unchanged"""
    _, W, _ = network((3, 2, 4, 1, 5, 2), 1, 132)
    once_more = "You divided once more for each layer; every W[l] with l >= 2 is halved once."
    mistakes = {once_more: {l: W[l] / 2 ** (l - 1) for l in W}}
    got = assert_unchanged(student.regularization.halve_outgoing_weights, narrow(W))
    assert_matches(got, narrow(halved(W)), name="W", mistakes=mistakes)


@exercise("regularization.halve_outgoing_weights")
def test_halve_a_network_without_hidden_layer(student):
    """Without a hidden layer no weight is halved; with one, W[2] alone"""
    W = {1: np.array([[3.0, -2.0], [0.25, 7.0]])}
    assert_matches(assert_unchanged(student.regularization.halve_outgoing_weights, W), W, name="W")
    W[2] = np.array([[5.0], [-1.5]])
    wanted = {1: W[1], 2: np.array([[2.5], [-0.75]])}
    assert_matches(student.regularization.halve_outgoing_weights(W), wanted, name="W")
