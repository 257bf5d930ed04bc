"""What `check` asks of mlt_nn/regularization.py."""

import functools
import math

import numpy as np

from mlt_nn.grading import assert_matches, assert_silent, assert_unchanged, exercise
from mlt_nn.grading.compare import describe
from mlt_nn.grading.mistakes import telling

# Networks of the sizes (1, 3, 1) and (3, 2, 4), and two more.
SMALL = {1: np.array([[1.0, -2.0, 3.0]]), 2: np.array([[4.0], [0.5], [-7.0]])}
W = {
    1: np.array([[1.0, -0.5], [2.0, 0.0], [-1.5, 3.0]]),
    2: np.array([[0.5, -1.0, 0.25, 2.0], [1.5, -2.0, 0.75, 0.0]]),
}
OTHERS = W | {3: np.array([[2.5], [-0.5], [0.0], [1.25]])}, {1: W[1]}


def entries(W):
    return [float(w) for l in W for w in np.ravel(W[l])]


def two_layers(W):
    return entries({l: W[l] for l in W if l <= 2})


def wrong_l1(W, strength):
    """What the usual mistakes make of the L1 penalty."""
    sizes = [abs(w) for w in entries(W)]
    first = sum(abs(w) for w in np.ravel(W[1]))
    return {
        "The strength (lambda) is missing.": sum(sizes),
        "The absolute values are missing: add up |w|.": strength * sum(entries(W)),
        "You took the absolute value of the sum; take that of each weight, then add up.": strength
        * abs(sum(entries(W))),
        "You took the mean; the penalty is a sum.": strength * sum(sizes) / len(sizes),
        "The factor 1/2 belongs to the L2 penalty.": strength / 2 * sum(sizes),
        "That is the L2 penalty: it squares the weights.": strength / 2 * sum(w * w for w in sizes),
        "You squared the weights; L1 adds up their absolute values.": strength * sum(w * w for w in sizes),
        "Only the first layer was counted; all layers are: does the return stand inside the loop?": strength * first,
        "Only the last layer was counted; all layers are.": strength * (sum(sizes) - first),
        "Only the layers 1 and 2 were counted; all layers are: for l in W.": strength * sum(map(abs, two_layers(W))),
        "You added up the numbers of the layers, the keys of W; the weights are W[l].": strength * sum(W),
        "You returned one number for each layer; the penalty is one number.": {
            l: strength * float(np.sum(np.abs(W[l]))) for l in W
        },
    }


def wrong_l2(W, strength):
    """What the usual mistakes make of the L2 penalty."""
    squares = [w * w for w in entries(W)]
    first = sum(w * w for w in np.ravel(W[1]))
    return {
        "The factor 1/2 is missing.": strength * sum(squares),
        "The factor is lambda / 2; you multiplied by 2.": 2 * strength * sum(squares),
        "The strength (lambda) is missing.": sum(squares) / 2,
        "The factor lambda / 2 is missing.": sum(squares),
        "You took the mean; the penalty is a sum.": strength / 2 * sum(squares) / len(squares),
        "That is the L1 penalty: L2 squares the weights.": strength * sum(map(abs, entries(W))),
        "You took absolute values; L2 squares the weights.": strength / 2 * sum(map(abs, entries(W))),
        "You took a square root; the penalty is the sum of the squares itself.": strength / 2 * math.sqrt(sum(squares)),
        "You took a square root; the penalty is lambda / 2 times the sum of the squares.": strength
        * math.sqrt(sum(squares)),
        "You squared the sum; square each weight, then add up.": strength / 2 * sum(entries(W)) ** 2,
        "Only the first layer was counted; all layers are: does the return stand inside the loop?": strength
        / 2
        * first,
        "Only the last layer was counted; all layers are.": strength / 2 * (sum(squares) - first),
        "Only the layers 1 and 2 were counted; all layers are: for l in W.": strength
        / 2
        * sum(w * w for w in two_layers(W)),
        "You squared the sum of a layer; square each weight, then add up.": strength
        / 2
        * sum(float(np.sum(W[l])) ** 2 for l in W),
        "You returned one number for each layer; the penalty is one number.": {
            l: strength / 2 * float(np.sum(W[l] ** 2)) for l in W
        },
    }


@exercise("regularization.l1_penalty")
def test_l1_penalty_by_hand(student):
    """Weights 1, -2, 3 and 4, 0.5, -7, lambda = 0.25: 0.25 * (1 + 2 + 3 + 4 + 0.5 + 7) = 4.375"""
    got = student.regularization.l1_penalty(SMALL, 0.25)
    assert_matches(got, 4.375, name="the penalty", mistakes=telling(wrong_l1(SMALL, 0.25), 4.375))


@exercise("regularization.l1_penalty")
def test_l1_penalty_of_matrices(student):
    """Two layers, three and one, another strength; the weights are left unchanged"""
    for weights in (W, *OTHERS):
        got = assert_unchanged(student.regularization.l1_penalty, weights, 1.5)
        wanted = 1.5 * math.fsum(map(abs, entries(weights)))
        assert_matches(got, wanted, name="the penalty", mistakes=telling(wrong_l1(weights, 1.5), wanted))


@exercise("regularization.l2_penalty")
def test_l2_penalty_by_hand(student):
    """Weights 1, -2, 3 and 4, 0.5, -7, lambda = 0.75: 0.75 / 2 * (1 + 4 + 9 + 16 + 0.25 + 49) = 29.71875"""
    got = student.regularization.l2_penalty(SMALL, 0.75)
    assert_matches(got, 29.71875, name="the penalty", mistakes=telling(wrong_l2(SMALL, 0.75), 29.71875))


@exercise("regularization.l2_penalty")
def test_l2_penalty_of_matrices(student):
    """Two layers, three and one, another strength; the weights are left unchanged"""
    for weights in (W, *OTHERS):
        got = assert_unchanged(student.regularization.l2_penalty, weights, 1.5)
        wanted = 0.75 * math.fsum(w * w for w in entries(weights))
        assert_matches(got, wanted, name="the penalty", mistakes=telling(wrong_l2(weights, 1.5), wanted))


def each(function, W):
    return {l: np.array([[function(w) for w in row] for row in W[l]], dtype=W[l].dtype) for l in W}


def sign(w):
    return 1.0 if w > 0 else -1.0 if w < 0 else 0.0


def wrong_l1_gradients(W, strength):
    return {
        "The strength (lambda) is missing.": each(sign, W),
        "That is the penalty; the slope of |w| is the sign of w.": each(lambda w: strength * abs(w), W),
        "That is the gradient of L2; L1 pulls equally hard at every weight: lambda * sign(w).": each(
            lambda w: strength * w, W
        ),
        "Where a weight is 0 the gradient is 0 (np.sign knows).": each(
            lambda w: strength * (1.0 if w >= 0 else -1.0), W
        ),
        "Where a weight is 0 the gradient is 0 (np.sign knows), not -lambda.": each(
            lambda w: strength * (1.0 if w > 0 else -1.0), W
        ),
        "Where a weight is 0, w / |w| is 0 / 0, and that is NaN; np.sign gives 0.": each(
            lambda w: strength * sign(w) if w else math.nan, W
        ),
        "The sign is flipped: the gradient is lambda * sign(w), and the update subtracts it.": each(
            lambda w: -strength * sign(w), W
        ),
        "The factor 1/2 belongs to the L2 penalty.": each(lambda w: strength / 2 * sign(w), W),
        "Every weight got +lambda; a negative weight has the slope -lambda.": each(lambda w: strength, W),
    }


def wrong_l2_gradients(W, strength):
    return {
        "The strength (lambda) is missing.": each(lambda w: w, W),
        "The 1/2 of the penalty cancels the 2 of the square: the gradient is lambda * w.": each(
            lambda w: 2 * strength * w, W
        ),
        "You kept the 1/2 of the penalty; it cancels the 2 of the square: lambda * w.": each(
            lambda w: strength / 2 * w, W
        ),
        "That is the gradient of L1; that of L2 grows with the weight: lambda * w.": each(
            lambda w: strength * sign(w), W
        ),
        "You squared the weights; the slope of w^2 / 2 is w.": each(lambda w: strength * w * w, W),
        "That is the penalty of each weight; its slope is lambda * w.": each(lambda w: strength / 2 * w * w, W),
        "The sign is flipped: the gradient is lambda * w, and the update subtracts it.": each(
            lambda w: -strength * w, W
        ),
        "You took the absolute value; a negative weight has a negative slope.": each(lambda w: strength * abs(w), W),
        "You subtracted the gradient already; return lambda * w alone.": each(lambda w: w - strength * w, W),
    }


@exercise("regularization.l1_gradient")
def test_l1_gradient_by_hand(student):
    """With lambda = 0.25: 3 gives 0.25, -2 gives -0.25, 0 gives 0, and 1e-30 gives 0.25 too"""
    weights = {1: np.array([[3.0, -2.0, 0.0]])}
    got = student.regularization.l1_gradient(weights, 0.25)
    wanted = {1: np.array([[0.25, -0.25, 0.0]])}
    assert_matches(got, wanted, name="gradient", mistakes=wrong_l1_gradients(weights, 0.25))
    assert_silent(student.regularization.l1_gradient, weights, 0.25)
    got = student.regularization.l1_gradient({1: np.array([[1e-30]])}, 0.25)
    added = "1e-30 was hardly pulled, as by w / (|w| + something); np.sign needs no such number."
    assert_matches(got, {1: np.array([[0.25]])}, name="gradient", mistakes={added: {1: np.array([[0.0]])}})


@exercise("regularization.l1_gradient")
def test_l1_gradient_of_two_layers(student):
    """Every layer, in float32; the weights are left unchanged"""
    weights = {l: W[l].astype(np.float32) for l in W}
    got = assert_unchanged(student.regularization.l1_gradient, weights, 1.5)
    wanted = each(lambda w: 1.5 * sign(w), weights)
    assert_matches(got, wanted, name="gradient", mistakes=wrong_l1_gradients(weights, 1.5), dtype="W[l].dtype")


@exercise("regularization.l2_gradient")
def test_l2_gradient_by_hand(student):
    """With lambda = 0.25: 3 gives 0.75, -2 gives -0.5, 0 gives 0"""
    weights = {1: np.array([[3.0, -2.0, 0.0]])}
    got = student.regularization.l2_gradient(weights, 0.25)
    wanted = {1: np.array([[0.75, -0.5, 0.0]])}
    assert_matches(got, wanted, name="gradient", mistakes=wrong_l2_gradients(weights, 0.25))


@exercise("regularization.l2_gradient")
def test_l2_gradient_of_two_layers(student):
    """Every layer, in float32; the weights are left unchanged"""
    weights = {l: W[l].astype(np.float32) for l in W}
    got = assert_unchanged(student.regularization.l2_gradient, weights, 1.5)
    wanted = each(lambda w: 1.5 * w, weights)
    assert_matches(got, wanted, name="gradient", mistakes=wrong_l2_gradients(weights, 1.5), dtype="W[l].dtype")


def mask_of(student, size, seed):
    """A mask of the student's, after a look at its structure."""
    mask = student.regularization.dropout_mask(size, np.random.default_rng(seed))
    shuffle = ". rng.shuffle returns nothing: it shuffles the array that it is given" if mask is None else ""
    assert isinstance(mask, np.ndarray), (
        f"the mask is {describe(mask)}; it should be an array of shape ({size},){shuffle}"
    )
    assert mask.shape == (size,), f"the mask has shape {mask.shape}; it has one entry for each neuron, ({size},)"
    other = sorted(set(mask.tolist()) - {0, 1})
    assert not other, f"{other[0]!r} is in the mask; its entries are 0 (dropped) and 1 (kept)"
    return mask


def assert_dropped(mask):
    """Exactly size // 2 neurons are dropped."""
    size, dropped = len(mask), int(np.sum(mask == 0))
    mistakes = {
        "No neuron was dropped.": 0,
        "Every neuron was dropped.": size,
    }
    if size % 2:
        mistakes["You kept size // 2 neurons; that many are dropped, and the others kept."] = size - size // 2
    assert_matches(dropped, size // 2, name="the number of dropped neurons", mistakes=mistakes)


@exercise("regularization.dropout_mask")
def test_dropout_mask_drops_half(student):
    """Of 6 neurons 3 are dropped"""
    masks = [mask_of(student, 6, seed) for seed in range(6)]
    numbers = [int(np.sum(mask == 0)) for mask in masks]
    assert len(set(numbers)) == 1, (
        f"in masks of 6 neurons {numbers} were dropped: has each neuron a coin of its own? "
        "Exactly size // 2 are dropped"
    )
    assert_dropped(masks[0])


@exercise("regularization.dropout_mask")
def test_dropout_mask_of_an_odd_layer(student):
    """Of 7 neurons 3 are dropped and 4 kept; of a single one none is dropped"""
    for seed in range(3):
        assert_dropped(mask_of(student, 7, seed))
    mask = mask_of(student, 1, 4)
    assert int(mask[0]) == 1, "the only neuron of a layer was dropped; 1 // 2 = 0 neurons are dropped"


@exercise("regularization.dropout_mask")
def test_dropout_mask_dtype(student):
    """The mask is int8, so that a float32 network stays float32"""
    mask = mask_of(student, 8, seed=5)
    assert_dropped(mask)
    assert mask.dtype == np.int8, (
        f"the mask is {mask.dtype}; it is int8 (.astype(np.int8)): float32 times int64 would be float64"
    )


@exercise("regularization.dropout_mask")
def test_dropout_mask_is_random(student):
    """The same seed gives the same mask, another seed another one, and each neuron is dropped equally often"""
    first, again, other = (mask_of(student, 40, seed) for seed in (6, 6, 7))
    assert np.array_equal(first, again), "the same seed gave two different masks; draw from rng, not from np.random"
    # 40 neurons have 1.4e11 masks.
    assert not np.array_equal(first, other), (
        "two different seeds gave the same mask; draw from the rng that is given, from all `size` places"
    )
    draws = 50
    dropped = sum(mask_of(student, 5, seed) == 0 for seed in range(draws))
    assert_matches(int(np.sum(dropped)), 2 * draws, name=f"the number of dropped neurons in {draws} masks of 5")
    # Each neuron is dropped in 2 of 5 masks; five standard errors of that are 5 sqrt(50 * 0.4 * 0.6), about 17.
    worst = int(np.argmax(np.abs(dropped - 0.4 * draws)))
    assert abs(dropped[worst] - 0.4 * draws) < 5 * math.sqrt(draws * 0.4 * 0.6), (
        f"neuron {worst} of 5 was dropped {int(dropped[worst])} times in {draws} masks; about 20 times is right"
    )


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


# Activation and slope, each of one number.
HIDDEN = {
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * sigmoid(-z)),
    "tanh": (math.tanh, lambda z: 1 / math.cosh(z) ** 2),
    "relu": (lambda z: max(z, 0.0), lambda z: 1.0 if z > 0 else 0.0),
    "identity": (lambda z: z, lambda z: 1.0),
}


def apply(function, Z):
    return np.array([[function(z) for z in row] for row in Z])


def softmax(Z):
    powers = apply(math.exp, Z)
    return np.array([[power / sum(row) for power in row] for row in powers])


def forward(X, W, b, masks, hidden, output, where="after g", factor=1.0):
    """The forward pass of the thinned network; `where` and `factor` also make its usual mistakes."""
    g, _ = HIDDEN[hidden]
    L = len(W)
    Z, A = {}, {0: np.asarray(X, dtype=np.float64)}
    for l in range(1, L + 1):
        Z[l] = np.einsum("pi,ij->pj", A[l - 1], W[l]) + b[l]
        if l == L:
            A[l] = softmax(Z[l]) if output == "softmax" else np.array(Z[l])
            continue
        kept = factor * np.array([float(kept) for kept in masks[l]])
        if where == "before g":
            A[l] = apply(g, Z[l] * kept)
        elif where == "on Z and A":
            A[l] = apply(g, Z[l]) * kept
            Z[l] = Z[l] * kept
        else:
            A[l] = apply(g, Z[l]) * kept
    return Z, A


def wrong_forwards(X, W, b, masks, hidden, output):
    """What the usual mistakes make of the thinned forward pass."""
    Z, A = forward(X, W, b, masks, hidden, output)
    L = len(W)
    ones = {l: np.ones(len(masks[l])) for l in masks}
    without = forward(X, W, b, ones, hidden, output)
    unmasked_output = {**A, **{l: without[1][l] for l in range(1, L)}}
    only_first = masks | {l: ones[l] for l in masks if l > 1}
    mistakes = {
        "You forgot the bias b[l].": forward(X, W, {l: 0 * b[l] for l in b}, masks, hidden, output),
        "The mask is missing: A[l] = g(Z[l]) * mask[l].": without,
        "The mask was applied before g; a dropped neuron passes on 0, not g(0): g(Z[l]) * mask[l].": forward(
            X, W, b, masks, hidden, output, where="before g"
        ),
        "You masked Z[l] too; only A[l] is masked.": forward(X, W, b, masks, hidden, output, where="on Z and A"),
        "You dropped the neurons to be kept: 1 in the mask means kept.": forward(
            X, W, b, {l: 1 - masks[l] for l in masks}, hidden, output
        ),
        "You doubled what the kept neurons pass on; this course halves the weights after training instead.": forward(
            X, W, b, masks, hidden, output, factor=2.0
        ),
        "You halved what the kept neurons pass on; the weights are halved after training instead.": forward(
            X, W, b, masks, hidden, output, factor=0.5
        ),
        "The mask was used for the next layer, but A[l] holds the unmasked values.": (Z, unmasked_output),
        "Masked after the whole pass: the next layer already got the full A[l]. Mask inside the loop.": (
            without[0],
            without[1] | {l: without[1][l] * masks[l] for l in masks},
        ),
        "Only the first hidden layer was thinned; each one has its mask.": forward(X, W, b, only_first, hidden, output),
        "The order is Z, A.": (A, Z),
    }
    if len(masks.get(L - 1, ())) == np.shape(W[L])[1]:
        mistakes["The output layer has no mask."] = (Z, A | {L: A[L] * masks[L - 1]})
    return mistakes


PASS = ("Z", "A")
X = np.array([[1.0, -2.0, 0.5], [0.5, 1.5, -1.0], [2.0, 1.0, 1.0], [-0.5, 0.25, 3.0], [1.0, 1.0, -2.0]])
# Sizes (3, 6, 4, 2), five points.
DEEP_W = {
    1: np.array(
        [[0.5, -1.0, 0.25, 1.0, -0.5, 0.75], [1.0, 0.75, -0.5, -0.25, 0.5, 1.5], [-0.75, 0.5, 1.0, 0.5, 2.0, -1.0]]
    ),
    2: np.array(
        [
            [1.0, -0.5, 0.25, 0.5],
            [0.25, 0.75, -1.0, 1.5],
            [-1.5, 0.5, 0.75, -0.25],
            [0.5, 1.0, -0.5, 0.75],
            [-0.25, 1.25, 0.5, -1.0],
            [0.75, -0.75, 1.0, 0.25],
        ]
    ),
    3: np.array([[1.0, -0.5], [0.25, 0.75], [-1.0, 0.5], [0.5, 1.25]]),
}
DEEP_b = {
    1: np.array([0.5, -0.25, 0.125, -0.5, 0.75, 0.25]),
    2: np.array([-1.0, 0.75, 0.5, -0.25]),
    3: np.array([0.25, -0.5]),
}
MASKS = {1: np.array([1, 0, 0, 1, 0, 1], dtype=np.int8), 2: np.array([0, 1, 1, 0], dtype=np.int8)}
CLASSES = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]])


def narrow(part):
    return {l: part[l].astype(np.float32) if part[l].dtype == np.float64 else part[l] for l in part}


@exercise("regularization.dropout_forward")
def test_dropout_forward_by_hand(student):
    """Z[1] = (1, 3) [[1, 0, 2], [0, 1, -0.5]] + (0.5, -1, 0), ReLU, mask (1, 0, 1); W[2] = (1, -2, 3), b[2] = 0.25"""
    point = np.array([[1.0, 3.0]])
    weights = {1: np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -0.5]]), 2: np.array([[1.0], [-2.0], [3.0]])}
    bias, masks = {1: np.array([0.5, -1.0, 0.0]), 2: np.array([0.25])}, {1: np.array([1, 0, 1], dtype=np.int8)}
    Z = {1: np.array([[1.5, 2.0, 0.5]]), 2: np.array([[3.25]])}
    A = {0: point, 1: np.array([[1.5, 0.0, 0.5]]), 2: np.array([[3.25]])}
    got = student.regularization.dropout_forward(point, weights, bias, masks, hidden="relu", output="identity")
    wanted = (Z, A)
    assert_matches(
        got,
        wanted,
        name=PASS,
        mistakes=telling(wrong_forwards(point, weights, bias, masks, "relu", "identity"), wanted),
    )


@functools.cache  # worked out once for all students of a class
def deep_forward(hidden):
    """The thinned forward pass of the deep network, and what the usual mistakes make of it."""
    wanted = forward(X, DEEP_W, DEEP_b, MASKS, hidden, "softmax")
    return wanted, telling(wrong_forwards(X, DEEP_W, DEEP_b, MASKS, hidden, "softmax"), wanted)


@exercise("regularization.dropout_forward")
def test_dropout_forward_of_a_deep_network(student):
    """Two hidden layers, each with its mask; a dropped sigmoid passes on 0, not 1/2"""
    for hidden in ("relu", "tanh", "sigmoid"):
        got = student.regularization.dropout_forward(X, DEEP_W, DEEP_b, MASKS, hidden=hidden, output="softmax")
        wanted, mistakes = deep_forward(hidden)
        assert_matches(got, wanted, name=PASS, mistakes=mistakes)


@exercise("regularization.dropout_forward")
def test_dropout_forward_with_as_many_outputs(student):
    """The output layer keeps all its neurons"""
    weights = {1: np.array([[1.0, -1.0, 0.5], [0.5, 1.0, 2.0]]), 2: np.eye(3) + 0.5}
    bias, masks = (
        {1: np.array([0.5, 1.0, 0.25]), 2: np.array([0.25, -1.0, 2.0])},
        {1: np.array([0, 1, 1], dtype=np.int8)},
    )
    points = np.array([[1.0, 2.0], [0.5, 1.0], [2.0, 0.25], [1.0, 1.0]])
    got = student.regularization.dropout_forward(points, weights, bias, masks, hidden="identity", output="identity")
    wanted = forward(points, weights, bias, masks, "identity", "identity")
    assert_matches(
        got,
        wanted,
        name=PASS,
        mistakes=telling(wrong_forwards(points, weights, bias, masks, "identity", "identity"), wanted),
    )


@exercise("regularization.dropout_forward")
def test_dropout_forward_without_dropping(student):
    """With masks of ones it is the forward pass; a network without hidden layer has no mask"""
    ones = {l: np.ones_like(MASKS[l]) for l in MASKS}
    for weights, masks in ((DEEP_W, ones), ({1: DEEP_W[1]}, {})):
        bias = {l: DEEP_b[l] for l in weights}
        got = student.regularization.dropout_forward(X, weights, bias, masks, hidden="sigmoid", output="identity")
        wanted = forward(X, weights, bias, masks, "sigmoid", "identity")
        mistakes = wrong_forwards(X, weights, bias, masks, "sigmoid", "identity")
        assert_matches(got, wanted, name=PASS, mistakes=telling(mistakes, wanted))


@exercise("regularization.dropout_forward")
def test_dropout_forward_keeps_float32(student):
    """float32 stays float32, and nothing is changed in place"""
    got = assert_unchanged(
        student.regularization.dropout_forward,
        X.astype(np.float32),
        narrow(DEEP_W),
        narrow(DEEP_b),
        MASKS,
        "relu",
        "softmax",
    )
    (Z, A), _ = deep_forward("relu")
    # float32 keeps 7 digits; sums of a dozen terms of size up to 10 that may cancel are good to 1e-5.
    assert_matches(got, (narrow(Z), narrow(A)), name=PASS, rtol=1e-4, atol=1e-5, dtype="X.dtype")


def backward(Y, Z, A, W, masks, slope, at=None):
    """The thinned backward pass, from its equations; `at` says where the slope is taken, by mistake at A."""
    at = Z if at is None else at
    W_g, b_g = {}, {}
    Z_g = A[len(W)] - Y
    for l in range(len(W), 0, -1):
        W_g[l] = np.einsum("pi,pj->ij", A[l - 1], Z_g)
        b_g[l] = np.array([sum(Z_g[:, j]) for j in range(Z_g.shape[1])])
        if l > 1:
            kept = np.array([float(kept) for kept in masks[l - 1]])
            Z_g = np.einsum("pj,ij->pi", Z_g, W[l]) * kept * apply(slope, at[l - 1])
    return W_g, b_g


def slope_of_the_layer_itself(Y, Z, A, W, masks, slope):
    """The thinned backward pass with g' at Z[l] in the place of Z[l-1], or None where those shapes do not fit."""
    L = len(W)
    if any(Z[l].shape[1] not in (1, Z[l - 1].shape[1]) for l in range(2, L + 1)):
        return None
    at = {l: np.broadcast_to(Z[l + 1], Z[l].shape) for l in range(1, L)}
    return backward(Y, Z, A, W, masks, slope, at=at)


def wrong_backwards(Y, Z, A, W, masks, slope):
    """What the usual mistakes make of the thinned backward pass."""
    right = backward(Y, Z, A, W, masks, slope)
    ones = {l: np.ones(len(masks[l])) for l in masks}
    only_first = masks | {l: ones[l] for l in masks if l > 1}
    only_last = {l: masks[l] if l == len(W) - 1 else ones[l] for l in masks}
    inside = {l: Z[l] * masks[l] if l in masks else Z[l] for l in Z}
    full = backward(Y, Z, A, W, ones, slope)
    return {
        "The mask is missing: no gradient flows through a dropped neuron.": full,
        "Masked after the whole pass: the gradient must be masked before it goes on to the layer below.": tuple(
            {l: part[l] * masks.get(l, 1) for l in part} for part in full
        ),
        "The mask stands inside g'; multiply by it: A_g * mask * g'(Z[l]).": backward(
            Y, Z, A, W, ones, slope, at=inside
        ),
        "You let the gradient through the dropped neurons: 1 in the mask means kept.": backward(
            Y, Z, A, W, {l: 1 - masks[l] for l in masks}, slope
        ),
        "The factor g'(Z[l]) is missing in the hidden layers.": backward(Y, Z, A, W, masks, lambda z: 1.0),
        "You took the slope at A[l]; g' takes the pre-activation Z[l].": backward(Y, Z, A, W, masks, slope, at=A),
        "You took g' at Z[l]; the gradient of the layer before needs g' at Z[l-1].": slope_of_the_layer_itself(
            Y, Z, A, W, masks, slope
        ),
        "The signs are flipped: the output gradient is Y_hat - Y.": tuple(
            {l: -part[l] for l in part} for part in right
        ),
        "You divided by n; the loss is a sum over the points.": tuple(
            {l: part[l] / len(Y) for l in part} for part in right
        ),
        "You doubled the gradient of the kept neurons; the mask holds 0 and 1, nothing else.": backward(
            Y, Z, A, W, {l: 2 * masks[l] for l in masks}, slope
        ),
        "The mask of the first hidden layer only was used; each one has its own.": backward(
            Y, Z, A, W, only_first, slope
        ),
        "The mask of the last hidden layer only was used; each one has its own.": backward(
            Y, Z, A, W, only_last, slope
        ),
        "You used the slope of the sigmoid; use that of the activation that `hidden` names.": backward(
            Y, Z, A, W, masks, HIDDEN["sigmoid"][1]
        ),
        "The order is W_g, b_g.": right[::-1],
    }


GRADIENTS = ("W_g", "b_g")
SHAPES = {f"W_g[{l}]": f"its weight W[{l}], like A[{l - 1}]^T Z_g[{l}]," for l in (1, 2, 3)}


@exercise("regularization.dropout_backward")
def test_dropout_backward_by_hand(student):
    """X = (1, 3), A[1] = (2, 0, 6), mask (1, 0, 1), Y_hat - Y = 0.5, W[2] = (1, 3, 2): a dropped neuron has no part"""
    # The output is negative, where the ReLU is flat: g' at Z[2] in the place of Z[1] tells itself apart.
    A = {0: np.array([[1.0, 3.0]]), 1: np.array([[2.0, 0.0, 6.0]]), 2: np.array([[-0.5]])}
    Z = {1: np.array([[2.0, 3.0, 6.0]]), 2: np.array([[-0.5]])}
    Y, weights, masks = (
        np.array([[-1.0]]),
        {1: np.ones((2, 3)), 2: np.array([[1.0], [3.0], [2.0]])},
        {1: np.array([1, 0, 1])},
    )
    wanted = (
        {1: np.array([[0.5, 0.0, 1.0], [1.5, 0.0, 3.0]]), 2: np.array([[1.0], [0.0], [3.0]])},
        {1: np.array([0.5, 0.0, 1.0]), 2: np.array([0.5])},
    )
    got = student.regularization.dropout_backward(Y, Z, A, weights, masks, hidden="relu")
    mistakes = wrong_backwards(Y, Z, A, weights, masks, HIDDEN["relu"][1])
    assert_matches(got, wanted, name=GRADIENTS, mistakes=telling(mistakes, wanted), shapes=SHAPES)


@functools.cache
def deep_backward(hidden):
    """The thinned backward pass of the deep network, and what the usual mistakes make of it."""
    arguments = CLASSES, *deep_forward(hidden)[0], DEEP_W, MASKS, HIDDEN[hidden][1]
    wanted = backward(*arguments)
    return wanted, telling(wrong_backwards(*arguments), wanted)


@exercise("regularization.dropout_backward")
def test_dropout_backward_of_a_deep_network(student):
    """Two hidden layers, each with its mask and its activation; a network without hidden layer has no mask"""
    for hidden in ("tanh", "identity", "relu", "sigmoid"):
        (Z, A), _ = deep_forward(hidden)
        got = student.regularization.dropout_backward(CLASSES, Z, A, DEEP_W, MASKS, hidden=hidden)
        wanted, mistakes = deep_backward(hidden)
        assert_matches(got, wanted, name=GRADIENTS, mistakes=mistakes)
    weights = {1: DEEP_W[1][:, :2]}
    Z, A = forward(X, weights, {1: DEEP_b[1][:2]}, {}, "relu", "softmax")
    got = student.regularization.dropout_backward(CLASSES, Z, A, weights, {}, hidden="relu")
    assert_matches(got, backward(CLASSES, Z, A, weights, {}, None), name=GRADIENTS)


@functools.cache
def measured_slopes():
    """The slopes of the cross-entropy of the thinned deep network with tanh, by central differences."""

    def loss(W, b):
        _, A = forward(X, W, b, MASKS, "tanh", "softmax")
        return -float(np.sum(np.log(A[3][CLASSES == 1])))

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


@exercise("regularization.dropout_backward")
def test_dropout_backward_agrees_with_measured_slopes(student):
    """The cross-entropy of the thinned network changes as the gradients say"""
    (Z, A), _ = deep_forward("tanh")
    got = student.regularization.dropout_backward(CLASSES, Z, A, DEEP_W, MASKS, hidden="tanh")
    _, mistakes = deep_backward("tanh")
    # The measured slopes are off by about h^2 and by the rounding of a loss near 10, 1e-15 / h: both below 1e-8.
    assert_matches(got, measured_slopes(), name=GRADIENTS, mistakes=mistakes, rtol=1e-6, atol=1e-7)


@exercise("regularization.dropout_backward")
def test_dropout_backward_keeps_float32(student):
    """float32 stays float32, and nothing is changed in place"""
    (Z, A), _ = deep_forward("relu")
    got = assert_unchanged(
        student.regularization.dropout_backward,
        CLASSES.astype(np.float32),
        narrow(Z),
        narrow(A),
        narrow(DEEP_W),
        MASKS,
        "relu",
    )
    wanted = tuple(map(narrow, deep_backward("relu")[0]))
    # float32 keeps 7 digits; sums of a dozen terms of size up to 10 that may cancel are good to 1e-5.
    assert_matches(got, wanted, name=GRADIENTS, rtol=1e-4, atol=1e-5, dtype="W[l].dtype")


def wrong_halves(W):
    last = len(W)
    halved = {l: W[l] / 2 for l in W}
    return {
        "W[1] was halved too; no neuron of the input layer was dropped, so W[1] stays.": halved,
        "Nothing was halved: W[l] / 2 for l >= 2.": dict(W),
        "You doubled the weights; all neurons are there now, so each counts half.": {
            l: W[l] if l == 1 else 2 * W[l] for l in W
        },
        "You halved W[1] alone; it stays, and the others are halved.": W | {1: halved[1]},
        "Only the last W[l] was halved; all with l >= 2 are.": W | {last: halved[last]},
        "Only W[2] was halved; all with l >= 2 are.": W | {2: halved[2]},
        "W[1] is missing; it stays as it is.": {l: halved[l] for l in W if l > 1},
        "// rounds down, 3 // 2 is 1; W[l] / 2 is the half.": {l: W[l] if l == 1 else W[l] // 2 for l in W},
        "You divided once more for each layer; every W[l] with l >= 2 is halved once.": {
            l: W[l] / 2 ** (l - 1) for l in W
        },
    }


@exercise("regularization.halve_outgoing_weights")
def test_halve_by_hand(student):
    """W[1] stays, 3 and 4 in W[2] become 1.5 and 2"""
    weights = {1: np.array([[1.0, 2.0]]), 2: np.array([[3.0], [4.0]])}
    got = student.regularization.halve_outgoing_weights(weights)
    wanted = {1: np.array([[1.0, 2.0]]), 2: np.array([[1.5], [2.0]])}
    assert_matches(got, wanted, name="W", mistakes=telling(wrong_halves(weights), wanted))


@exercise("regularization.halve_outgoing_weights")
def test_halve_a_deep_network(student):
    """Every layer but the first, in float32; the old weights are left unchanged"""
    weights = narrow(DEEP_W)
    got = assert_unchanged(student.regularization.halve_outgoing_weights, weights)
    wanted = {1: weights[1], 2: weights[2] * np.float32(0.5), 3: weights[3] * np.float32(0.5)}
    assert_matches(got, wanted, name="W", mistakes=wrong_halves(weights), dtype="W[l].dtype")
