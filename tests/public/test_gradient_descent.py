"""What `check` asks of mlt_nn/gradient_descent.py."""

import functools
import itertools
import math

import numpy as np

from mlt_nn.grading import assert_matches, assert_raises, assert_unchanged, exercise
from mlt_nn.grading.compare import describe
from mlt_nn.grading.mistakes import telling

PARAMETERS = ("W", "b")
SHAPES = {f"{name}[{l}]": f"its gradient {name}_g[{l}]" for name in PARAMETERS for l in (1, 2)}


def moved(W, b, W_g, b_g, step):
    return {l: W[l] + step * W_g[l] for l in W}, {l: b[l] + step * b_g[l] for l in b}


def wrong_updates(W, b, W_g, b_g, rate):
    """What the usual mistakes make of one step."""
    new_W, new_b = moved(W, b, W_g, b_g, -rate)
    last = len(W)
    (up_W, up_b), (far_W, far_b) = (moved(W, b, W_g, b_g, step) for step in (rate, -1.0))
    return {
        "You went uphill: subtract the gradient.": (up_W, up_b),
        "The weights went uphill: subtract W_g from W.": (up_W, new_b),
        "The biases went uphill: subtract b_g from b.": (new_W, up_b),
        "The learning rate is missing.": (far_W, far_b),
        "The learning rate is missing at W_g.": (far_W, new_b),
        "The learning rate is missing at b_g.": (new_W, far_b),
        "You returned the old W and b; return the new ones.": (W, b),
        "You returned the gradients; return the new W and b.": (W_g, b_g),
        "You divided by the learning rate; multiply the gradient by it.": moved(W, b, W_g, b_g, -1 / rate),
        "The biases did not move; they learn too.": (new_W, b),
        "The weights did not move; they learn too.": (W, new_b),
        "You returned the step alone; subtract it from the parameters.": moved(
            scaled(W, 0), scaled(b, 0), W_g, b_g, -rate
        ),
        "You multiplied the parameter by the learning rate; multiply the gradient by it.": moved(
            scaled(W, rate), scaled(b, rate), W_g, b_g, -1.0
        ),
        "Only the last layer moved; every layer learns.": (W | {last: new_W[last]}, b | {last: new_b[last]}),
        "Only the first layer moved; every layer learns.": (W | {1: new_W[1]}, b | {1: new_b[1]}),
        "You returned W alone; return W, b.": new_W,
        "You moved W[l] by b_g[l]; its gradient is W_g[l].": ({l: W[l] - rate * b_g[l] for l in W}, new_b),
        "The last layer is missing: the layers are range(1, L + 1), or those in W.": (
            {l: new_W[l] for l in W if l < last},
            {l: new_b[l] for l in b if l < last},
        ),
    }


def scaled(part, factor):
    return {l: factor * part[l] for l in part}


@exercise("gradient_descent.update")
def test_update_by_hand(student):
    """One layer, rate 0.125: 1 - 0.125 * 10 = -0.25, 2 + 0.125 * 10 = 3.25 and, for b, 3 - 0.125 * 4 = 2.5"""
    W, b = {1: np.array([[1.0], [2.0]])}, {1: np.array([3.0])}
    W_g, b_g = {1: np.array([[10.0], [-10.0]])}, {1: np.array([4.0])}
    got = student.gradient_descent.update(W, b, W_g, b_g, 0.125)
    wanted = {1: np.array([[-0.25], [3.25]])}, {1: np.array([2.5])}
    assert_matches(
        got, wanted, name=PARAMETERS, mistakes=telling(wrong_updates(W, b, W_g, b_g, 0.125), wanted), shapes=SHAPES
    )


@exercise("gradient_descent.update")
def test_update_of_two_layers(student):
    """Two layers: every weight and every bias moves"""
    W = {1: np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]]), 2: np.array([[2.0], [-0.5], [1.5]])}
    b = {1: np.array([0.5, -1.0, 2.0]), 2: np.array([0.75])}
    W_g = {1: np.array([[4.0, 8.0, -2.0], [1.0, -4.0, 0.5]]), 2: np.array([[-1.0], [2.0], [6.0]])}
    b_g = {1: np.array([1.0, 3.0, -2.0]), 2: np.array([-8.0])}
    got = student.gradient_descent.update(W, b, W_g, b_g, 0.25)
    wanted = (
        {1: np.array([[0.0, -4.0, 1.0], [2.75, 1.25, -1.125]]), 2: np.array([[2.25], [-1.0], [0.0]])},
        {1: np.array([0.25, -1.75, 2.5]), 2: np.array([2.75])},
    )
    assert_matches(got, wanted, name=PARAMETERS, mistakes=wrong_updates(W, b, W_g, b_g, 0.25), shapes=SHAPES)


@exercise("gradient_descent.update")
def test_update_makes_new_arrays(student):
    """The old parameters are left unchanged, and float32 stays float32"""
    W, b = {1: np.array([[4.0, -1.0]], dtype=np.float32)}, {1: np.array([0.5, 2.0], dtype=np.float32)}
    W_g, b_g = {1: np.array([[2.0, 8.0]], dtype=np.float32)}, {1: np.array([-2.0, 4.0], dtype=np.float32)}
    got = assert_unchanged(student.gradient_descent.update, W, b, W_g, b_g, 0.5)
    wanted = {1: np.array([[3.0, -5.0]], dtype=np.float32)}, {1: np.array([1.5, 0.0], dtype=np.float32)}
    assert_matches(
        got, wanted, name=PARAMETERS, mistakes=telling(wrong_updates(W, b, W_g, b_g, 0.5), wanted), dtype="W[l].dtype"
    )


def parts(student, n, size, seed):
    """The mini-batches as lists of row numbers, after a look at their structure."""
    got = student.gradient_descent.minibatches(n, size, np.random.default_rng(seed))
    assert isinstance(got, list), f"minibatches returned {describe(got)}; it should be a list of integer arrays"
    for rows in got:
        row_numbers = isinstance(rows, np.ndarray) and rows.ndim == 1 and rows.dtype.kind in "iu"
        assert row_numbers, (
            f"a mini-batch is {describe(rows)}; it should be an array of row numbers: one axis, integers"
        )
    return [rows.tolist() for rows in got]


def assert_cut(batches, n, size):
    """Each of 0..n-1 once, in parts of the given size."""
    full, rest = divmod(n, size)
    wanted = [size] * full + [rest] * (rest > 0)
    mistakes = {
        "The last mini-batch was dropped; it is kept, with the fewer points that are left.": [size] * full,
        "There is an empty mini-batch at the end; n is a multiple of size.": [*wanted, 0],
        "You made as many mini-batches as size says; size is the number of points in each.": [
            len(part) for part in np.array_split(np.arange(n), size)
        ],
        "The parts are evened out; each has size points and only the last one fewer.": [
            len(part) for part in np.array_split(np.arange(n), len(wanted))
        ],
        "All points are in one mini-batch; cut them into parts of size points.": [n],
        "Only the first mini-batch came: does the return stand inside the loop?": [size],
    }
    assert_matches(
        [len(rows) for rows in batches],
        wanted,
        name="sizes",
        mistakes=telling(mistakes, wanted),
    )
    rows = sorted(row for batch in batches for row in batch)
    missing, twice = sorted(set(range(n)) - set(rows)), sorted({row for row in rows if rows.count(row) > 1})
    assert not twice, (
        f"row {twice[0]} occurs more than once in an epoch; shuffle all rows once, then cut (rng.permutation)"
    )
    outside = [row for row in rows if not 0 <= row < n]
    assert not outside, f"row {outside[0]} does not exist; the rows are 0..n-1, here 0..{n - 1}"
    assert not missing, f"row {missing[0]} does not occur; the rows are 0..n-1, each one once"


def assert_shuffled(batches, n, size):
    """Neither in order nor the old parts in another order. For n = 60 chance does either less than once in 1e30."""
    flat = [row for batch in batches for row in batch]
    assert flat != list(range(n)), "the points are in their old order; shuffle them first (rng.permutation)"
    blocks = {frozenset(range(start, min(start + size, n))) for start in range(0, n, size)}
    assert {frozenset(batch) for batch in batches} != blocks, (
        "you shuffled the mini-batches, or each by itself; shuffle all points first, then cut"
    )


@exercise("gradient_descent.minibatches")
def test_minibatches_by_hand(student):
    """9 points in parts of 4 make mini-batches of 4, 4 and 1"""
    assert_cut(parts(student, 9, 4, seed=1), 9, 4)


@exercise("gradient_descent.minibatches")
def test_minibatches_are_shuffled(student):
    """The points are shuffled before they are cut"""
    batches = parts(student, 60, 10, seed=2)
    assert_cut(batches, 60, 10)
    assert_shuffled(batches, 60, 10)


@exercise("gradient_descent.minibatches")
def test_minibatches_of_other_sizes(student):
    """Parts of one, parts that fit, a part that is larger than n"""
    for n, size in ((4, 1), (6, 2), (5, 5), (3, 8)):
        assert_cut(parts(student, n, size, seed=3), n, size)


@exercise("gradient_descent.minibatches")
def test_minibatches_seed(student):
    """The same seed gives the same mini-batches, another seed others"""
    first, again, other = (parts(student, 60, 25, seed) for seed in (4, 4, 5))
    assert_cut(first, 60, 25)
    assert first == again, "the same seed gave two different orders; shuffle with the rng that is given, not np.random"
    assert first != other, "two different seeds gave the same order; shuffle with the rng that is given"


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


# Activation and slope, each of one number.
HIDDEN = {
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * sigmoid(-z)),
    "tanh": (math.tanh, lambda z: 1 / math.cosh(z) ** 2),
    "relu": (lambda z: max(z, 0.0), lambda z: 1.0 if z > 0 else 0.0),
    "identity": (lambda z: z, lambda z: 1.0),
}
# Of two activations: the forward pass of the one with the backward pass of the other.
HIDDEN |= {(one, other): (HIDDEN[one][0], HIDDEN[other][1]) for one in HIDDEN for other in HIDDEN}


def apply(function, Z):
    return np.array([[function(z) for z in row] for row in Z])


def loss_and_gradients(X, Y, W, b, hidden, output):
    """The loss at W, b and its gradients, from the equations; output "forgotten": softmax with squared error."""
    g, slope = HIDDEN[hidden]
    L = len(W)
    Z, A = {}, {0: np.asarray(X)}
    for l in range(1, L + 1):
        Z[l] = np.einsum("pi,ij->pj", A[l - 1], W[l]) + b[l]
        A[l] = apply(g, Z[l]) if l < L else Z[l]
    if output != "identity":
        powers = apply(math.exp, Z[L])
        A[L] = powers / np.sum(powers, axis=1, keepdims=True)
    if output == "softmax":
        loss = -sum(math.log(A[L][i, j]) for i, j in zip(*np.nonzero(Y), strict=True))
    else:
        loss = float(0.5 * np.sum((A[L] - Y) ** 2))
    W_g, b_g, Z_g = {}, {}, A[L] - Y
    for l in range(L, 0, -1):
        W_g[l], b_g[l] = np.einsum("pi,pj->ij", A[l - 1], Z_g), np.sum(Z_g, axis=0)
        if l > 1:
            Z_g = np.einsum("pj,ij->pi", Z_g, W[l]) * apply(slope, Z[l - 1])
    return loss, W_g, b_g


def rolled_out(batches, W, b, hidden, output, rate, epochs, count="sum", frozen=False):
    """The training loop, step by step, over the same mini-batches [(X, Y), ...] in every epoch; and its usual mistakes.

    `count` says what is written down as an epoch's loss: "sum", "mean", "last", "first", or "after" the updates.
    `frozen` takes all losses and gradients at the start.
    """
    history, start = [], (W, b)
    for _ in range(epochs):
        losses = []
        for X, Y in batches:
            loss, W_g, b_g = loss_and_gradients(X, Y, *(start if frozen else (W, b)), hidden, output)
            W, b = moved(W, b, W_g, b_g, -rate)
            losses.append(loss_and_gradients(X, Y, W, b, hidden, output)[0] if count == "after" else loss)
        noted = {"mean": sum(losses) / len(losses), "last": losses[-1], "first": losses[0]}
        history.append(noted.get(count, sum(losses)))
    return W, b, {"loss": history}


def wrong_trainings(batches, W, b, hidden, output, rate, epochs):
    """What the usual mistakes make of the trained parameters and the history."""
    arguments = (batches, W, b, hidden, output)
    right = rolled_out(*arguments, rate, epochs)
    new_W, new_b, history = right
    n = sum(len(X) for X, _ in batches)
    mistakes = {
        "You went uphill: subtract the gradient.": rolled_out(*arguments, -rate, epochs),
        "You returned the parameters of the start; return those that the updates gave.": (
            W,
            b,
            rolled_out(*arguments, 0.0, epochs)[2],
        ),
        "Each epoch used the gradients of the first one: forward and backward pass belong inside the loop.": rolled_out(
            *arguments, rate, epochs, frozen=True
        ),
        "The loss is noted after the update; note the one before it, which the forward pass gave.": rolled_out(
            *arguments, rate, epochs, count="after"
        ),
        "The loss of an epoch is divided by n; the course's loss is a sum.": (
            new_W,
            new_b,
            {"loss": [loss / n for loss in history["loss"]]},
        ),
        "The losses are added up over all epochs; each epoch begins with 0.": (
            new_W,
            new_b,
            {"loss": list(itertools.accumulate(history["loss"]))},
        ),
        "One epoch too few was run.": rolled_out(*arguments, rate, epochs - 1),
        "One epoch too many was run.": rolled_out(*arguments, rate, epochs + 1),
        "The losses are missing: append each epoch's to history['loss'].": (new_W, new_b, {"loss": []}),
        "Only the last loss is there: append each epoch's to history['loss'].": (
            new_W,
            new_b,
            {"loss": history["loss"][-1]},
        ),
        "You returned W and b; return W, b, history.": (new_W, new_b),
        "You returned the list of losses; history is {'loss': that list}.": (new_W, new_b, history["loss"]),
        "The hidden layers used the sigmoid: hand `hidden` on to forward and backward pass.": rolled_out(
            batches, W, b, "sigmoid", output, rate, epochs
        ),
        "`hidden` was not handed on to forward_pass.": rolled_out(
            batches, W, b, ("sigmoid", hidden), output, rate, epochs
        ),
        "`hidden` was not handed on to backward_pass.": rolled_out(
            batches, W, b, (hidden, "sigmoid"), output, rate, epochs
        ),
        "You divided by n; the loss is a sum over the points, and so are the gradients.": rolled_out(
            *arguments, rate / n, epochs
        ),
    }
    if output == "identity":
        mistakes["`output` was not handed on to forward_pass."] = rolled_out(
            batches, W, b, hidden, "forgotten", rate, epochs
        )
    if epochs > 2:
        once = "Only one epoch was run: does the return stand inside the loop?"
        mistakes[once] = rolled_out(*arguments, rate, 1)
    if len(batches) > 1:
        whole = [tuple(np.concatenate(part) for part in zip(*batches, strict=True))]
        mistakes |= {
            "The last mini-batch was left out.": rolled_out(batches[:-1], W, b, hidden, output, rate, epochs),
            "Only one step was made in an epoch; make one for each mini-batch, after the last.": rolled_out(
                whole, W, b, hidden, output, rate, epochs
            ),
            "The loss of an epoch is the mean over its mini-batches; add them up.": rolled_out(
                *arguments, rate, epochs, count="mean"
            ),
            "The loss of an epoch is that of its last mini-batch; add up all of them.": rolled_out(
                *arguments, rate, epochs, count="last"
            ),
            "The loss of an epoch is that of its first mini-batch; add up all of them.": rolled_out(
                *arguments, rate, epochs, count="first"
            ),
        }
    return mistakes


TRAINED = ("W", "b", "history")

X = np.array([[1.0, -0.5, 0.25], [0.5, 2.0, -1.0], [-1.0, 0.75, 1.5], [2.0, -1.5, 0.5], [-0.25, 1.0, -2.0]])
CLASSES = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
W = {
    1: np.array([[0.5, -0.25, 1.0, 0.75], [-1.0, 0.5, 0.25, -0.5], [0.75, 1.0, -0.5, 0.25]]),
    2: np.array([[0.5, -1.0], [1.0, 0.25], [-0.75, 0.5], [0.25, 1.5]]),
}
b = {1: np.array([0.25, -0.5, 0.5, 0.125]), 2: np.array([0.5, -0.25])}


@exercise("gradient_descent.train")
def test_train_one_step_by_hand(student):
    """One epoch for (1, 3) and (2, 5) from W = b = 0, rate 0.1: the loss was 17, W becomes 1.3, b becomes 0.8"""
    points, values = np.array([[1.0], [2.0]]), np.array([[3.0], [5.0]])
    start = {1: np.zeros((1, 1))}, {1: np.zeros(1)}
    got = student.gradient_descent.train(points, values, *start, output="identity", learning_rate=0.1, epochs=1)
    wanted = {1: np.array([[1.3]])}, {1: np.array([0.8])}, {"loss": [17.0]}
    mistakes = wrong_trainings([(points, values)], *start, "sigmoid", "identity", 0.1, 1)
    assert_matches(got, wanted, name=TRAINED, mistakes=telling(mistakes, wanted))


@functools.cache  # worked out once for all students of a class
def trainings(hidden, rate, epochs):
    """What full-batch training gives for each number of epochs, and what the usual mistakes make of the last one."""
    arguments = [(X, CLASSES)], W, b, hidden, "softmax", rate
    after = [rolled_out(*arguments, epoch) for epoch in range(1, epochs + 1)]
    return after, telling(wrong_trainings(*arguments, epochs), after[-1])


@exercise("gradient_descent.train")
def test_train_like_steps_by_hand(student):
    """Three epochs with all points are three steps of forward pass, loss, backward pass, update"""
    for hidden in ("relu", "sigmoid"):
        got = student.gradient_descent.train(X, CLASSES, W, b, hidden=hidden, learning_rate=0.125, epochs=3)
        after, mistakes = trainings(hidden, 0.125, 3)
        assert_matches(got, after[-1], name=TRAINED, mistakes=mistakes)


@exercise("gradient_descent.train")
def test_train_reports_each_epoch(student):
    """on_epoch is called after each epoch, with its number, W, b and the loss; rng alone makes no mini-batches"""
    calls = []
    got = student.gradient_descent.train(
        X,
        CLASSES,
        W,
        b,
        hidden="tanh",
        learning_rate=0.0625,
        epochs=3,
        rng=np.random.default_rng(0),
        on_epoch=lambda epoch, W, b, loss: calls.append((epoch, W, b, loss)),
    )
    seldom = {
        "You never called on_epoch.": 0,
        "You called on_epoch once, at the end; call it in each epoch.": 1,
    }
    assert_matches(len(calls), 3, name="the number of calls of on_epoch", mistakes=seldom)
    after, trained_wrong = trainings("tanh", 0.0625, 3)
    before = W, b
    for epoch, (call, (new_W, new_b, history)) in enumerate(zip(calls, after, strict=True), 1):
        losses, loss = history["loss"], history["loss"][-1]
        mistakes = {
            "Epochs are counted from 1.": (epoch - 1, new_W, new_b, loss),
            "You called on_epoch before the update; call it after.": (epoch, *before, loss),
            "You gave on_epoch the whole history; it gets the loss of this epoch, a number.": (
                epoch,
                new_W,
                new_b,
                losses,
            ),
        }
        assert_matches(call, (epoch, new_W, new_b, loss), name=("epoch", "W", "b", "loss"), mistakes=mistakes)
        before = new_W, new_b
    assert_matches(got, after[-1], name=TRAINED, mistakes=trained_wrong)


@exercise("gradient_descent.train")
def test_train_steps_once_for_each_minibatch(student):
    """Five equal points in mini-batches of 2 make three steps an epoch; on_epoch gets the sum of their losses"""
    points, values = np.full((5, 1), 2.0), np.full((5, 1), 3.0)  # equal points: their order does not matter
    start, told = ({1: np.array([[0.5]])}, {1: np.array([-1.0])}), []
    got = student.gradient_descent.train(
        points,
        values,
        *start,
        output="identity",
        learning_rate=0.0625,
        epochs=2,
        batch_size=2,
        rng=np.random.default_rng(1),
        on_epoch=lambda epoch, W, b, loss: told.append(loss),
    )
    batches = [(points[:size], values[:size]) for size in (2, 2, 1)]
    arguments = batches, *start, "sigmoid", "identity", 0.0625, 2
    wanted = rolled_out(*arguments)
    assert_matches(got, wanted, name=TRAINED, mistakes=telling(wrong_trainings(*arguments), wanted))
    last = {
        "You gave on_epoch the loss of the last mini-batch; it gets that of the epoch, their sum.": rolled_out(
            *arguments, count="last"
        )[2]["loss"]
    }
    assert_matches(told, wanted[2]["loss"], name="the losses that on_epoch got", mistakes=last)


@exercise("gradient_descent.train")
def test_train_shuffles_every_epoch(student):
    """The points come in a new order in every epoch"""
    points, values = np.array([[1.0], [2.0], [-1.0], [0.5], [3.0]]), np.array([[2.0], [-1.0], [0.5], [3.0], [1.0]])
    start, rate, epochs = ({1: np.array([[0.25]])}, {1: np.array([0.5])}), 0.0625, 4
    after = [start]
    result = student.gradient_descent.train(
        points,
        values,
        *start,
        output="identity",
        learning_rate=rate,
        epochs=epochs,
        batch_size=1,
        rng=np.random.default_rng(2),
        on_epoch=lambda epoch, W, b, loss: after.append((W, b)),
    )
    assert_matches(len(after) - 1, epochs, name="the number of calls of on_epoch")
    for each in after:
        assert_matches(each, start, name=PARAMETERS, rtol=0, atol=math.inf)  # any values, in these keys and shapes
    assert_matches(result, (*after[-1], {"loss": [0.0] * epochs}), name=TRAINED, rtol=0, atol=math.inf)
    assert_matches(result[:2], after[-1], name=PARAMETERS)
    orders = [order_of(points, values, *before_and_after, rate) for before_and_after in itertools.pairwise(after)]
    found = "an epoch is not what any order of the points, one by one, makes of W and b: each point makes one step"
    assert None not in orders, found
    assert orders != [tuple(range(5))] * epochs, "the points come in their old order; shuffle them (minibatches does)"
    # Two epochs have the same order by chance once in 120, all four once in 1.7 million.
    assert len(set(orders)) > 1, (
        "every epoch has the same order; call minibatches anew in each epoch, and with the rng that is given"
    )


def order_of(points, values, before, after, rate):
    """The order of the points, one step each, that leads from the parameters before to those after, or None."""
    wanted = after[0][1].item(), after[1][1].item()
    pairs = [(float(x), float(y)) for x, y in zip(points[:, 0], values[:, 0], strict=True)]
    for order in itertools.permutations(range(len(pairs))):
        parameters = before[0][1].item(), before[1][1].item()
        for x, y in (pairs[i] for i in order):
            w, bias = parameters
            error = w * x + bias - y
            parameters = w - rate * error * x, bias - rate * error
        # Two orders differ by far more than the rounding of five steps.
        if all(math.isclose(*both, rel_tol=1e-9, abs_tol=1e-9) for both in zip(parameters, wanted, strict=True)):
            return order
    return None


@exercise("gradient_descent.train")
def test_train_needs_rng_for_minibatches(student):
    """Mini-batches without rng are refused; with rng the loss is the sum over all points, which are left unchanged"""
    rate = 2.0**-40  # so small a step that W and b stay: the losses add up to that of all points, in whatever order
    options = {"learning_rate": rate, "epochs": 2, "batch_size": 3, "rng": np.random.default_rng(3)}
    got = assert_unchanged(student.gradient_descent.train, X, CLASSES, W, b, hidden="relu", **options)
    loss, _, _ = loss_and_gradients(X, CLASSES, W, b, "relu", "softmax")
    # The two steps change the loss by about the rate times its squared gradient: below 1e-9.
    assert_matches(got, (W, b, {"loss": [loss, loss]}), name=TRAINED, rtol=1e-7, atol=1e-9)
    assert_raises(ValueError, student.gradient_descent.train, X, CLASSES, W, b, batch_size=3, names=("rng",))


@exercise("gradient_descent.train")
def test_train_keeps_float32_and_its_start(student):
    """float32 stays float32, and the parameters of the start are left unchanged"""

    def narrow(part):
        return {l: part[l].astype(np.float32) for l in part}

    points, classes = X.astype(np.float32), CLASSES.astype(np.float32)
    got = assert_unchanged(
        student.gradient_descent.train, points, classes, narrow(W), narrow(b), "relu", "softmax", 0.125, 2
    )
    new_W, new_b, history = trainings("relu", 0.125, 3)[0][1]
    # float32 keeps 7 digits; two steps over five points with numbers of size 1 are good to 1e-5.
    assert_matches(got, (narrow(new_W), narrow(new_b), history), name=TRAINED, rtol=1e-4, atol=1e-5, dtype="W[l].dtype")
