"""What notebook 9 says is so: what penalties and dropout do to a weight, to an average, to two hundred lies."""

import itertools

import numpy as np
import pytest

from mlt_nn.datasets import load_digits, mnist_state, two_moons
from mlt_nn.support.suspects import convict, suspects
from mlt_nn.teaching.building.notebooks import from_text


@pytest.fixture
def functions(solved):
    """The names that the notebook imports from the reader's files, from the solutions."""
    modules = ("activations", "network", "losses", "backpropagation", "gradient_descent", "regularization")
    return {name: value for module in modules for name, value in vars(solved(module)).items()}


def test_two_hundred_fifty_steps_leave_what_the_picture_says(functions):
    weights = {name: {1: np.array([[2.0, 0.2]])} for name in ("l1_gradient", "l2_gradient")}
    for name, W in weights.items():
        for _ in range(250):
            W[1] = W[1] - 0.1 * functions[name](W, 0.1)[1]
    np.testing.assert_allclose(weights["l2_gradient"][1], [[0.162, 0.0162]], rtol=5e-3)
    assert np.abs(weights["l1_gradient"][1]).max() < 0.01 + 1e-9


def test_no_step_changes_a_neuron_more_than_one_along_its_weights():
    w = np.array([3.0, 4.0])
    angles = np.linspace(0, 2 * np.pi, 3601)
    changes = 0.1 * np.stack([np.cos(angles), np.sin(angles)], axis=1) @ w
    assert changes.max() == pytest.approx(0.5, abs=1e-5)
    assert w @ [0.06, 0.08] == pytest.approx(0.5)


def test_the_halved_network_is_the_average_of_the_six(functions):
    rng = np.random.default_rng(3)
    X, (W, b) = rng.standard_normal((5, 3)), functions["initialize"]((3, 4, 2), rng)
    masks = [np.isin(np.arange(4), kept).astype(np.int8) for kept in itertools.combinations(range(4), 2)]
    assert [sum(mask[j] for mask in masks) for j in range(4)] == [3, 3, 3, 3]
    thinned = [functions["dropout_forward"](X, W, b, {1: mask}, "relu")[0][2] for mask in masks]
    halved = functions["forward_pass"](X, functions["halve_outgoing_weights"](W), b, "relu")[0][2]
    np.testing.assert_allclose(np.mean(thinned, axis=0), halved, rtol=1e-10, atol=1e-12)
    thinned = [functions["softmax"](Z) for Z in thinned]
    assert np.abs(np.mean(thinned, axis=0) - functions["softmax"](halved)).max() > 1e-3


def test_the_suspects_are_guilty_of_what_the_report_shows(functions):
    X, Y = np.array([[1.0, 3.0], [3.0, 1.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    W = {1: np.array([[1.0, -1.0, 2.0], [0.0, 1.0, -1.0]]), 2: np.array([[1.0, 0.0], [-1.0, 1.0], [1.0, 2.0]])}
    b = {1: np.array([1.0, -1.0, 0.0]), 2: np.array([1.0, 0.0])}
    masks = {1: np.array([1, 0, 1], dtype=np.int8)}
    Z, A = functions["dropout_forward"](X, W, b, masks, "relu")
    right, _ = functions["dropout_backward"](Y, Z, A, W, masks, "relu")
    found = suspects("09", "suspect_1", "suspect_2", "suspect_3", given=functions | {"np": np})
    wrong = []
    for suspect in found:
        W_g = suspect(Y, Z, A, W, masks)
        wrong.append([l for l in (1, 2) if np.abs(W_g[l] - right[l]).max() > 1e-9])
    assert wrong == [[1], [], [2]]
    for suspect, variable in zip(found, ("kept", "nothing", "W2_g"), strict=True):
        assert convict(suspect, variable).proven


def lies(functions, data, seed, rate, strength=0.0, thin=False, epochs=100):
    """Shares after training with every fifth label wrong: lies repeated, lies seen through, new digits right."""
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(data.X_train))
    X, truth = data.X_train[rows], data.labels_train[rows]
    n = min(1000, len(rows) // 2)
    told = truth[:n].copy()
    told[::5] = (told[::5] + rng.integers(1, 10, len(told[::5]))) % 10
    Y = functions["one_hot"](told, 10, dtype=np.float32)
    W, b = functions["initialize"]((784, 100, 10), np.random.default_rng(seed), dtype=np.float32)
    W, b = {l: np.float32(np.sqrt(2 / len(W[l]))) * W[l] for l in W}, {l: 0 * b[l] for l in b}
    for _ in range(epochs):
        for batch in functions["minibatches"](n, 50, rng):
            masks = {1: functions["dropout_mask"](100, rng) if thin else np.ones(100, dtype=np.int8)}
            Z, A = functions["dropout_forward"](X[batch], W, b, masks, "relu")
            W_g, b_g = functions["dropout_backward"](Y[batch], Z, A, W, masks, "relu")
            penalty_g = functions["l2_gradient"](W, strength * len(batch) / n)
            W, b = functions["update"](W, b, {l: W_g[l] + penalty_g[l] for l in W}, b_g, rate)
    W = functions["halve_outgoing_weights"](W) if thin else W
    said = functions["predict"](functions["forward_pass"](X[: 2 * n], W, b, "relu")[1][2])
    lied = np.arange(0, n, 5)
    return np.mean(said[lied] == told[lied]), np.mean(said[lied] == truth[lied]), np.mean(said[n:] == truth[n : 2 * n])


def test_each_cure_sees_through_lies_that_the_network_without_repeats(functions):
    cures = {"none": {}, "L2": {"strength": 30.0}, "dropout": {"thin": True}}
    shares = {
        name: np.mean([lies(functions, load_digits(), s, 5e-3, **how) for s in (1, 2)], axis=0)
        for name, how in cures.items()
    }
    for name in ("L2", "dropout"):
        assert shares[name][0] < shares["none"][0] - 0.2
        assert shares[name][1] > shares["none"][1] + 0.2
        assert shares[name][2] > shares["none"][2]


def test_short_steps_alone_see_through_lies(functions):
    long, short = (lies(functions, load_digits(), 1, rate) for rate in (5e-3, 5e-4))
    assert short[0] < long[0] - 0.2
    assert short[1] > long[1] + 0.2


@pytest.fixture
def notebook(solved):
    """The names of the notebook's own cells up to `fit_thinned`, on MNIST."""
    if mnist_state().source != "MNIST":
        pytest.skip("MNIST is not on this computer")
    solved("regularization")
    names = {}
    for cell in from_text("09_regularization").cells:
        if cell.source.startswith(("import numpy as np\n\nfrom mlt_nn", "data = ", "def train_with", "def fit")):
            exec(cell.source, names)
    return names


def test_forty_long_epochs_end_with_the_lies_and_forty_short_ones_do_not(notebook):
    after = {rate: notebook["report"](0, *notebook["fit"](0, rate)[-1]) for rate in (5e-3, 5e-4)}
    assert after[5e-3][0] == pytest.approx(196 / 200, abs=0.03)
    assert after[5e-4][0] == pytest.approx(20 / 200, abs=0.06)
    assert after[5e-4][1] > 0.7
    guessing = np.mean([notebook["report"](seed, *notebook["start"](seed)) for seed in range(20)], axis=0)
    np.testing.assert_allclose(guessing, 0.1, atol=0.025)


def test_tuned_cures_on_three_of_the_twenty_lessons(notebook):
    """The table of twenty lessons, as far as three of them tell: each difference is one within a lesson."""
    fit, fit_thinned, data = notebook["fit"], notebook["fit_thinned"], notebook["data"]
    repeated, learned, right = {}, {}, {}
    for seed in (100, 101, 102):
        found = {
            "none": fit(seed, 5e-4)[-1],
            "L2": fit(seed, 5e-4, notebook["l2_gradient"], 40.0)[-1],
            "dropout": fit_thinned(seed, 2e-3),
        }
        for name, (W, b) in found.items():
            repeated.setdefault(name, []).append(notebook["report"](seed, W, b)[0])
            X, told, *_ = notebook["lesson"](seed)
            said = notebook["predict"](notebook["forward_pass"](X, W, b, "relu")[1][2])
            learned.setdefault(name, []).append(np.mean((said == told)[np.arange(len(told)) % 5 > 0]))
            said = notebook["predict"](notebook["forward_pass"](data.X_test, W, b, "relu")[1][2])
            right.setdefault(name, []).append(notebook["accuracy"](data.labels_test, said))
    repeated, learned, right = (
        {name: np.mean(shares) for name, shares in table.items()} for table in (repeated, learned, right)
    )
    assert right["none"] == pytest.approx(0.839, abs=0.02)
    assert 0.002 < right["L2"] - right["none"] < 0.02
    assert 0.006 < right["dropout"] - right["none"] < 0.03
    assert repeated["dropout"] - repeated["L2"] > 0.02
    assert learned["dropout"] == pytest.approx(0.95, abs=0.02)
    assert learned["L2"] == pytest.approx(0.90, abs=0.02)
    assert learned["none"] == pytest.approx(0.94, abs=0.02)

    _, (W, b) = found.popitem()
    halved, whole = (notebook["forward_pass"](data.X_test, {**W, 2: k * W[2]}, b, "relu")[1][2] for k in (1, 2))
    assert np.mean(np.max(whole, axis=1)) > np.mean(np.max(halved, axis=1)) + 0.1
    predicted = [notebook["predict"](Y_hat) for Y_hat in (halved, whole)]
    assert np.mean(predicted[0] == predicted[1]) > 0.9


def test_dropout_breaks_the_tie_of_a_constant_start_but_not_that_of_zeros(functions):
    X, labels = two_moons(200, np.random.default_rng(1))
    Y, spread = functions["one_hot"](labels, 2), {}
    for constant, thin in ((0.5, False), (0.5, True), (0.0, True)):
        W, b = {1: np.full((2, 8), constant), 2: np.full((8, 2), constant)}, {1: np.full(8, constant), 2: np.zeros(2)}
        rng = np.random.default_rng(0)
        for _ in range(20):
            masks = {1: functions["dropout_mask"](8, rng) if thin else np.ones(8)}
            Z, A = functions["dropout_forward"](X, W, b, masks, "relu")
            W_g, b_g = functions["dropout_backward"](Y, Z, A, W, masks, "relu")
            W, b = functions["update"](W, b, W_g, b_g, 0.003)
        spread[constant, thin] = np.max(np.ptp(W[1], axis=1))
    assert spread[0.5, False] < 1e-9
    assert spread[0.0, True] == 0
    assert spread[0.5, True] > 0.01


def test_pytorch_drops_for_each_point_doubles_in_training_and_decays_the_same(functions):
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    layer = torch.nn.Dropout(0.5)
    dropped = layer(torch.ones(100, 100)).numpy()
    assert set(np.unique(dropped)) == {0.0, 2.0}
    assert len(np.unique(dropped.sum(axis=1))) > 1
    np.testing.assert_array_equal(layer.eval()(torch.ones(3)).numpy(), np.ones(3))
    weight = torch.nn.Parameter(torch.tensor([[2.0, 0.2]], dtype=torch.float64))
    optimizer = torch.optim.SGD([weight], lr=0.1, weight_decay=0.1)
    weight.grad = torch.zeros_like(weight)
    optimizer.step()
    W = {1: np.array([[2.0, 0.2]])}
    np.testing.assert_allclose(weight.detach().numpy(), W[1] - 0.1 * functions["l2_gradient"](W, 0.1)[1], rtol=1e-12)
