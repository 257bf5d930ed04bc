"""What `grade` asks of mlt_nn/regularization.py: on inputs that are drawn anew in each run."""

import itertools
import math

import numpy as np

from mlt_nn.grading import assert_close, assert_matches, assert_silent, assert_unchanged, exercise
from mlt_nn.grading.compare import describe
from mlt_nn.teaching.grader.draws import given, narrow, numbers, one_hot, parameters, positive, seed, sizes_of, twins
from mlt_nn.teaching.grader.equations import HIDDEN, backward, forward

# float32 keeps 7 digits; sums of a few terms of size up to 10 that may cancel are good to 1e-5.
FLOAT32 = {"rtol": 1e-4, "atol": 1e-5}


def weights(rng, layers):
    """Of a network; one weight of its last layer is 0."""
    W, _ = parameters(rng, [*sizes_of(rng, layers)[:-1], int(rng.integers(2, 5))])
    W[layers][0, -1] = 0.0
    return W


PENALTIES = {"l1": abs, "l2": lambda w: w * w / 2}
GRADIENTS_OF_PENALTIES = {"l1": np.sign, "l2": lambda w: w}


def penalty(W, strength, kind):
    return strength * math.fsum(PENALTIES[kind](float(w)) for l in W for w in np.ravel(W[l]))


def assert_penalty(rng, function, kind, layers):
    W, strength = weights(rng, layers), positive(rng)
    with given(W=W, strength=strength):
        assert_close(function(W, strength), penalty(W, strength, kind), name="the penalty")


def assert_penalty_of_any_strength(rng, function, kind):
    W = weights(rng, 2)
    for strength in (0, int(rng.integers(2, 9)), 1e-30 * positive(rng)):
        with given(W=W, strength=strength):
            assert_close(function(W, strength), penalty(W, strength, kind), name="the penalty", atol=0)


def assert_penalty_leaves_the_weights(rng, function, kind):
    W, strength = weights(rng, 2), positive(rng)
    # A float32 has 7 digits, also where a right answer is a float made of one.
    assert_matches(
        assert_unchanged(function, narrow(W), strength), penalty(W, strength, kind), name="the penalty", rtol=1e-5
    )
    assert_matches(assert_silent(function, W, strength), penalty(W, strength, kind), name="the penalty")


@exercise("regularization.l1_penalty")
def test_l1_penalty_of_one_layer(student, rng):
    """A single layer: the strength times the sum of the absolute values"""
    assert_penalty(rng, student.regularization.l1_penalty, "l1", 1)


@exercise("regularization.l1_penalty")
def test_l1_penalty_of_any_network(student, rng):
    """Whatever the weights: the absolute values of all layers are added up"""
    assert_penalty(rng, student.regularization.l1_penalty, "l1", int(rng.integers(4, 6)))


@exercise("regularization.l1_penalty")
def test_l1_penalty_of_any_strength(student, rng):
    """A strength of 0, an integer, and one of 1e-30"""
    assert_penalty_of_any_strength(rng, student.regularization.l1_penalty, "l1")


@exercise("regularization.l1_penalty")
def test_l1_penalty_leaves_the_weights_unchanged(student, rng):
    """float32 weights have a penalty too; nothing is changed in place, nothing gives a warning"""
    assert_penalty_leaves_the_weights(rng, student.regularization.l1_penalty, "l1")


@exercise("regularization.l2_penalty")
def test_l2_penalty_of_one_layer(student, rng):
    """A single layer: half the strength times the sum of the squares"""
    assert_penalty(rng, student.regularization.l2_penalty, "l2", 1)


@exercise("regularization.l2_penalty")
def test_l2_penalty_of_any_network(student, rng):
    """Whatever the weights: the squares of all layers are added up"""
    assert_penalty(rng, student.regularization.l2_penalty, "l2", int(rng.integers(4, 6)))


@exercise("regularization.l2_penalty")
def test_l2_penalty_of_any_strength(student, rng):
    """A strength of 0, an integer, and one of 1e-30"""
    assert_penalty_of_any_strength(rng, student.regularization.l2_penalty, "l2")


@exercise("regularization.l2_penalty")
def test_l2_penalty_leaves_the_weights_unchanged(student, rng):
    """float32 weights have a penalty too; nothing is changed in place, nothing gives a warning"""
    assert_penalty_leaves_the_weights(rng, student.regularization.l2_penalty, "l2")


def gradient(W, strength, kind):
    return {l: strength * GRADIENTS_OF_PENALTIES[kind](W[l]) for l in W}


def assert_gradient(rng, function, kind, layers):
    W, strength = weights(rng, layers), positive(rng)
    with given(W=W, strength=strength):
        assert_close(function(W, strength), gradient(W, strength, kind), name="gradient")


def assert_gradient_far_out(rng, function, kind):
    """Of tiny and huge weights, and of a strength of 0."""
    W = {1: numbers(rng, 2, 3) * 10.0 ** rng.integers(-30, 30, (2, 3)), 2: weights(rng, 1)[1]}
    for strength in (0, positive(rng)):
        with given(W=W, strength=strength):
            assert_close(function(W, strength), gradient(W, strength, kind), name="gradient", atol=0)


def assert_gradient_keeps_the_dtype(rng, function, kind):
    W, strength = weights(rng, 2), positive(rng)
    wanted = gradient(W, strength, kind)
    got = assert_unchanged(function, narrow(W), strength)
    assert_matches(got, narrow(wanted), name="gradient", dtype="W[l].dtype")
    assert_matches(assert_silent(function, W, strength), wanted, name="gradient")


@exercise("regularization.l1_gradient")
def test_l1_gradient_of_one_layer(student, rng):
    """A single layer: the strength with the sign of the weight, 0 at 0"""
    assert_gradient(rng, student.regularization.l1_gradient, "l1", 1)


@exercise("regularization.l1_gradient")
def test_l1_gradient_of_any_network(student, rng):
    """Whatever the weights: every layer has its gradient"""
    assert_gradient(rng, student.regularization.l1_gradient, "l1", int(rng.integers(4, 6)))


@exercise("regularization.l1_gradient")
def test_l1_gradient_far_out(student, rng):
    """The size of a weight does not matter, not even 1e-30; a strength of 0 pulls nowhere"""
    assert_gradient_far_out(rng, student.regularization.l1_gradient, "l1")


@exercise("regularization.l1_gradient")
def test_l1_gradient_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; the weights are left unchanged"""
    assert_gradient_keeps_the_dtype(rng, student.regularization.l1_gradient, "l1")


@exercise("regularization.l2_gradient")
def test_l2_gradient_of_one_layer(student, rng):
    """A single layer: the strength times the weight"""
    assert_gradient(rng, student.regularization.l2_gradient, "l2", 1)


@exercise("regularization.l2_gradient")
def test_l2_gradient_of_any_network(student, rng):
    """Whatever the weights: every layer has its gradient"""
    assert_gradient(rng, student.regularization.l2_gradient, "l2", int(rng.integers(4, 6)))


@exercise("regularization.l2_gradient")
def test_l2_gradient_far_out(student, rng):
    """Weights of 1e-30 and of 1e30 are pulled by their size; a strength of 0 pulls nowhere"""
    assert_gradient_far_out(rng, student.regularization.l2_gradient, "l2")


@exercise("regularization.l2_gradient")
def test_l2_gradient_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; the weights are left unchanged"""
    assert_gradient_keeps_the_dtype(rng, student.regularization.l2_gradient, "l2")


def mask_of(student, size, rng):
    """A mask of the student's, whose shape, entries and number of zeros must be right."""
    mask = student.regularization.dropout_mask(size, rng)
    assert isinstance(mask, np.ndarray), f"the mask is {describe(mask)}; it should be an array of shape ({size},)"
    assert mask.shape == (size,), f"the mask has shape {mask.shape}; it has one entry for each neuron, ({size},)"
    assert np.all((mask == 0) | (mask == 1)), "the entries of the mask are 0 (dropped) and 1 (kept)"
    assert_matches(int(np.sum(mask == 0)), size // 2, name="the number of dropped neurons")
    return mask


@exercise("regularization.dropout_mask")
def test_dropout_mask_of_any_size(student, rng):
    """Whatever the size and the seed: size // 2 neurons are dropped"""
    for size in (1, 2 * int(rng.integers(2, 80)), 2 * int(rng.integers(2, 80)) + 1):
        with given(size=size):
            mask_of(student, size, np.random.default_rng(seed(rng)))


@exercise("regularization.dropout_mask")
def test_dropout_mask_is_well_mixed(student, rng):
    """Any neuron may be dropped: of a thousand neither a half nor every other one, of 15 each within 38 iterations"""
    size = int(rng.integers(900, 1100))
    mask = mask_of(student, size, np.random.default_rng(seed(rng)))
    # Neighbors differ with probability 1/2: about 500 times, with the standard deviation 16; 100 is six of them.
    changes = int(np.sum(mask[1:] != mask[:-1]))
    assert abs(changes - size // 2) < 100, f"neighbors in a mask of {size} differ {changes} times; half would be random"
    # Of the first half, a half is dropped: about 250, with the standard deviation 8; 50 is six of them.
    first = int(np.sum(mask[: size // 2] == 0))
    assert abs(first - size // 4) < 50, f"of the first {size // 2} neurons {first} were dropped; half would be random"
    # Some six masks drop each of 15 neurons once; 38 of them spare one by chance 15 (8 / 15)^38 < 1e-9.
    own, spared = np.random.default_rng(seed(rng)), np.full(15, True)
    for _ in range(38):
        if np.any(spared):
            spared &= mask_of(student, 15, own) == 1
    assert not np.any(spared), f"neuron {np.argmax(spared)} of 15 was kept in 38 masks; any neuron may be dropped"


@exercise("regularization.dropout_mask")
def test_dropout_mask_draws_anew(student, rng):
    """The next iteration has another mask; a generator that went as far gives the same"""
    size = int(rng.integers(50, 80))
    once, again = twins(rng, lambda own: mask_of(student, size, own))
    for first, second in itertools.combinations(once, 2):
        assert np.any(first != second), "two masks from one generator were the same; draw from the rng that is given"
    assert_close(again, once, name="the masks of the same seed")


@exercise("regularization.dropout_mask")
def test_dropout_mask_is_int8(student, rng):
    """Its entries are int8, so that a float32 network multiplied by it stays float32; nothing gives a warning"""
    n, start = int(rng.integers(10, 60)), seed(rng)
    for size in (n, n + 1):
        mask = mask_of(student, size, np.random.default_rng(start))
        assert mask.dtype == np.int8, f"the mask is {mask.dtype}; it is int8"
        assert_silent(student.regularization.dropout_mask, size, np.random.default_rng(start))


def masks_of(rng, sizes):
    """Of each hidden layer; of several neurons some are kept and some dropped."""
    layers = range(1, len(sizes) - 1)
    return {l: rng.permutation(np.arange(sizes[l]) % 2).astype(np.int8) for l in layers}


def thinned(rng, layers, n):
    """X, W, b and masks of a network with two neurons or more in each hidden layer."""
    sizes = [size + 1 for size in sizes_of(rng, layers)]
    return numbers(rng, n, sizes[0], high=1.5), *parameters(rng, sizes), masks_of(rng, sizes)


PASS, GRADIENTS = ("Z", "A"), ("W_g", "b_g")


@exercise("regularization.dropout_forward")
def test_dropout_forward_of_any_network(student, rng):
    """Whatever the number of points and layers, each with its mask, for each hidden activation"""
    for layers, hidden in enumerate(rng.permutation(list(HIDDEN)).tolist(), 1):
        X, W, b, masks = thinned(rng, layers, int(rng.integers(1, 5)))
        output = ("identity", "softmax")[layers % 2]
        with given(X=X, W=W, b=b, masks=masks, hidden=hidden, output=output):
            got = student.regularization.dropout_forward(X, W, b, masks, hidden=hidden, output=output)
            assert_close(got, forward(X, W, b, hidden, output, masks), name=PASS)


@exercise("regularization.dropout_forward")
def test_dropout_forward_by_default(student, rng):
    """Sigmoid and softmax unless told otherwise; a dropped neuron passes on 0, not g(0)"""
    X, W, b, masks = thinned(rng, 3, 3)
    wanted = forward(X, W, b, "sigmoid", "softmax", masks)
    mistakes = {
        "The mask was applied before g; a dropped neuron passes on 0, not g(0): g(Z[l]) * mask[l].": forward(
            X, W, b, "sigmoid", "softmax", masks, before=True
        ),
    }
    with given(X=X, W=W, b=b, masks=masks):
        got = student.regularization.dropout_forward(X, W, b, masks)
        assert_close(got, wanted, name=PASS, mistakes=mistakes)


@exercise("regularization.dropout_forward")
def test_dropout_forward_like_a_smaller_network(student, rng):
    """Whatever is dropped: the output, as wide as the layer before it, is that of the network without these neurons"""
    X, W, b = numbers(rng, 2, 3), *parameters(rng, (3, 6, 6))
    kept = rng.permutation([0, *rng.integers(0, 2, 5)]).astype(np.int8)
    rows = np.flatnonzero(kept)
    Z, A = forward(X, {1: W[1][:, rows], 2: W[2][rows]}, {1: b[1][rows], 2: b[2]}, "sigmoid", "identity")
    whole = np.zeros((2, 6))
    whole[:, rows] = A[1]
    wanted = {1: X @ W[1] + b[1], 2: Z[2]}, {0: X, 1: whole, 2: A[2]}
    with given(X=X, W=W, b=b, masks={1: kept}):
        got = student.regularization.dropout_forward(X, W, b, {1: kept}, hidden="sigmoid", output="identity")
        assert_close(got, wanted, name=PASS)


@exercise("regularization.dropout_forward")
def test_dropout_forward_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; nothing is changed in place"""
    X, W, b, masks = thinned(rng, 2, 2)
    Z, A = forward(X, W, b, "tanh", "identity", masks)
    got = assert_unchanged(
        student.regularization.dropout_forward, *map(narrow, (X, W, b)), masks, hidden="tanh", output="identity"
    )
    assert_matches(got, (narrow(Z), narrow(A)), name=PASS, dtype="X.dtype", **FLOAT32)
    got = assert_silent(student.regularization.dropout_forward, X, W, b, masks, hidden="tanh", output="identity")
    assert_matches(got, (Z, A), name=PASS)


def passed(rng, layers, n, hidden, output):
    """Targets, and Z, A, W and masks of a thinned network."""
    X, W, b, masks = thinned(rng, layers, n)
    k = len(b[layers])
    Y = one_hot(rng, n, k) if output == "softmax" else numbers(rng, n, k)
    return Y, *forward(X, W, b, hidden, output, masks), W, masks


@exercise("regularization.dropout_backward")
def test_dropout_backward_of_any_network(student, rng):
    """Whatever the number of points and layers, each with its mask, for each hidden activation"""
    for layers, hidden in enumerate(rng.permutation(list(HIDDEN)).tolist(), 1):
        output = ("identity", "softmax")[layers % 2]
        Y, Z, A, W, masks = passed(rng, layers, int(rng.integers(1, 5)), hidden, output)
        with given(Y=Y, Z=Z, A=A, W=W, masks=masks, hidden=hidden):
            got = student.regularization.dropout_backward(Y, Z, A, W, masks, hidden=hidden)
            assert_close(got, backward(Y, Z, A, W, hidden, masks), name=GRADIENTS)


@exercise("regularization.dropout_backward")
def test_dropout_backward_by_default(student, rng):
    """Sigmoid unless told otherwise: no gradient flows through a dropped neuron, and g' takes Z"""
    Y, Z, A, W, masks = passed(rng, 3, 3, "sigmoid", "softmax")
    mistakes = {
        "The mask is missing: no gradient flows through a dropped neuron.": backward(Y, Z, A, W, "sigmoid"),
        "You took the slope at A[l]; g' takes the pre-activation Z[l].": backward(Y, A, A, W, "sigmoid", masks),
    }
    with given(Y=Y, Z=Z, A=A, W=W, masks=masks):
        got = student.regularization.dropout_backward(Y, Z, A, W, masks)
        assert_close(got, backward(Y, Z, A, W, "sigmoid", masks), name=GRADIENTS, mistakes=mistakes)


@exercise("regularization.dropout_backward")
def test_dropout_backward_where_all_is_dropped(student, rng):
    """When a whole layer is dropped only the last bias learns"""
    n = int(rng.integers(2, 5))
    (W, b), X, masks = parameters(rng, (2, 3, 4)), numbers(rng, n, 2), {1: np.zeros(3, dtype=np.int8)}
    Z, A = forward(X, W, b, "tanh", "identity", masks)
    Y = numbers(rng, n, 4)
    wanted = {1: np.zeros((2, 3)), 2: np.zeros((3, 4))}, {1: np.zeros(3), 2: np.sum(A[2] - Y, axis=0)}
    with given(Y=Y, Z=Z, A=A, W=W, masks=masks):
        got = student.regularization.dropout_backward(Y, Z, A, W, masks, hidden="tanh")
        assert_close(got, wanted, name=GRADIENTS)


@exercise("regularization.dropout_backward")
def test_dropout_backward_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; nothing is changed in place"""
    *arguments, masks = passed(rng, 2, 3, "tanh", "identity")
    wanted = backward(*arguments, "tanh", masks)
    got = assert_unchanged(student.regularization.dropout_backward, *map(narrow, arguments), masks, "tanh")
    assert_matches(got, tuple(map(narrow, wanted)), name=GRADIENTS, dtype="W[l].dtype", **FLOAT32)
    got = assert_silent(student.regularization.dropout_backward, *arguments, masks, "tanh")
    assert_matches(got, wanted, name=GRADIENTS)


def halved(W):
    return {l: W[l] if l == 1 else W[l] * 0.5 for l in W}


@exercise("regularization.halve_outgoing_weights")
def test_halve_any_network(student, rng):
    """Whatever the sizes: W[1] stays, W[2] is halved"""
    W, _ = parameters(rng, sizes_of(rng, 2))
    with given(W=W):
        assert_close(student.regularization.halve_outgoing_weights(W), halved(W), name="W")


@exercise("regularization.halve_outgoing_weights")
def test_halve_deep_networks(student, rng):
    """Whatever the number of layers: every W[l] with l >= 2 is halved, once"""
    W, _ = parameters(rng, sizes_of(rng, int(rng.integers(3, 6))))
    mistakes = {
        "You divided once more for each layer; every W[l] with l >= 2 is halved once.": {
            l: W[l] / 2 ** (l - 1) for l in W
        }
    }
    with given(W=W):
        assert_close(student.regularization.halve_outgoing_weights(W), halved(W), name="W", mistakes=mistakes)


@exercise("regularization.halve_outgoing_weights")
def test_halve_a_network_without_hidden_layer(student, rng):
    """Without a hidden layer no weight is halved; with one, W[2] alone"""
    W, _ = parameters(rng, (2, 3, 1))
    assert_close(student.regularization.halve_outgoing_weights({1: W[1]}), {1: W[1]}, name="W")
    assert_close(student.regularization.halve_outgoing_weights(W), halved(W), name="W")


@exercise("regularization.halve_outgoing_weights")
def test_halve_keeps_the_dtype(student, rng):
    """float32 stays float32 and float64 float64, without a warning; the old weights are left unchanged"""
    W, _ = parameters(rng, sizes_of(rng, 3))
    got = assert_unchanged(student.regularization.halve_outgoing_weights, narrow(W))
    assert_matches(got, narrow(halved(W)), name="W", dtype="W[l].dtype")
    assert_matches(assert_silent(student.regularization.halve_outgoing_weights, W), halved(W), name="W")
