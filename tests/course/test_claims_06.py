"""What notebook 6 says about backpropagation, measured again with the solutions."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

from mlt_nn.datasets import load_digits, load_trained
from mlt_nn.support import questions
from mlt_nn.support.suspects import convict, suspects
from mlt_nn.teaching.building.notebooks import SOURCE

MODULES = ("activations", "gradient_check", "losses", "network", "backpropagation")
SUSPECTS = [f"suspect_{k}" for k in (1, 2, 3, 4)]
SIZES = (4, 6, 5, 3)


@pytest.fixture
def nn(solved):
    """The functions that the notebook imports, written out."""
    return SimpleNamespace(**{name: part for module in MODULES for name, part in vars(solved(module)).items()})


@pytest.fixture
def tiny(nn):
    """The tiny network with its two points, after the forward pass."""
    X = np.array([[1.0, 3.0], [3.0, 1.0]])
    W = {1: np.array([[1.0, -1.0, 2.0], [0.0, 1.0, -1.0]]), 2: np.array([[1.0, 0.0], [-1.0, 1.0], [1.0, 2.0]])}
    b = {1: np.array([1.0, -1.0, 0.0]), 2: np.array([1.0, 0.0])}
    Z, A = nn.forward_pass(X, W, b, "relu")
    return SimpleNamespace(X=X, Y=np.array([[0.0, 1.0], [1.0, 0.0]]), W=W, b=b, Z=Z, A=A)


def measured(nn, X, Y, W, b, hidden, output, loss):
    """The gradients of all weights and biases by central differences, and how many forward passes they took."""
    calls = []

    def loss_at(W, b):
        calls.append(1)
        return loss(Y, nn.forward_pass(X, W, b, hidden, output)[1][len(W)])

    W_m = {l: nn.numerical_gradient(lambda M, l=l: loss_at(W | {l: M}, b), W[l]) for l in W}
    b_m = {l: nn.numerical_gradient(lambda v, l=l: loss_at(W, b | {l: v}), b[l]) for l in b}
    return W_m, b_m, len(calls)


def seven_points(nn, k=3):
    rng = np.random.default_rng(1)
    X, labels = rng.standard_normal((7, 4)), rng.integers(3, size=7)
    return X, labels, *nn.initialize((*SIZES[:-1], k), np.random.default_rng(1))


def typed(key):
    """The right answer of a question in which a number is typed, and what it may be off by."""
    asked = questions.find(f"06.{key}")
    return pytest.approx(questions.number(asked.right.text), abs=asked.off_by)


def test_measuring_takes_two_passes_for_each_parameter(nn):
    X, labels, W, b = seven_points(nn)
    passes = measured(nn, X, nn.one_hot(labels, 3), W, b, "tanh", "softmax", nn.cross_entropy)[2]
    assert passes == 2 * nn.count_parameters(SIZES)
    assert 2 * nn.count_parameters((784, 50, 10)) == typed("forward_passes")


def test_there_and_back_is_40_thousand_times_cheaper():
    forward = 784 * 50 + 50 * 10
    assert 79_520 * forward / (forward + forward + 50 * 10) == typed("what_it_saves")


def test_row_i_of_the_slopes_is_activation_i_times_one_row(nn, tiny):
    x, y = tiny.X[:1], tiny.Y[:1]

    def loss_with(M):
        return nn.cross_entropy(y, nn.forward_pass(x, tiny.W | {2: M}, tiny.b, "relu")[1][2])

    c = nn.sigmoid(1.0)
    slopes = nn.numerical_gradient(loss_with, tiny.W[2])
    np.testing.assert_allclose(slopes, np.outer([2, 1, 0], [c, -c]), atol=1e-8)
    np.testing.assert_allclose(tiny.A[2][:1] - y, [[c, -c]], atol=1e-12)


def test_the_second_gradient_goes_back_through_relu_as_the_question_says(nn, tiny):
    c = nn.sigmoid(1.0)
    A_g = nn.layer_backward(np.array([[c, -c]]), tiny.A[1][:1], tiny.W[2])[2]
    np.testing.assert_allclose(A_g / c, [[1, -2, -1]])
    np.testing.assert_allclose(A_g * nn.relu_prime(tiny.Z[1][:1]) / c, [[1, -2, 0]])


def test_a_bias_adds_up_the_effects_of_all_points(nn):
    z_g = np.array([[0.5], [-0.25], [0.5]])
    assert nn.layer_backward(z_g, np.zeros((3, 2)), np.zeros((2, 1)))[1][0] == typed("bias_of_three_points")


def test_ones_turn_float32_into_float64(nn):
    Z_g = np.ones((3, 2), dtype=np.float32)
    assert (np.ones(3) @ Z_g).dtype == np.float64
    assert nn.layer_backward(Z_g, np.ones((3, 4), np.float32), np.ones((4, 2), np.float32))[1].dtype == np.float32


def test_jacobian_and_bracket_are_as_typed(nn):
    scores = np.log(np.array([[1.0, 2.0, 5.0]]))
    a, a_g = nn.softmax(scores)[0], np.array([8.0, -4.0, 1.6])
    slope = nn.numerical_gradient(lambda z: nn.softmax(z)[0, 0], scores)[0, 1]
    assert slope == typed("jacobian_entry")
    assert a @ a_g == typed("bracket")
    np.testing.assert_allclose(nn.softmax_backward(a[None], a_g[None])[0], [7 / 8, -10 / 8, 3 / 8])


def test_without_keepdims_the_second_column_is_multiplied_by_7():
    B = np.array([[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_array_equal(np.sum(B, axis=1) * B, B * [3, 7])


def test_the_long_way_gives_no_numbers_where_the_short_one_does(nn):
    sure, y = nn.softmax(np.array([[1000.0, 0.0]])), np.array([[0.0, 1.0]])
    with np.errstate(divide="ignore", invalid="ignore"):
        assert np.isnan(nn.softmax_backward(sure, -y / sure)).all()
    np.testing.assert_array_equal(nn.output_gradient(y, sure), [[1, -1]])


@pytest.mark.parametrize("output", ["softmax", "identity"])
@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "relu", "identity"])
def test_the_backward_pass_agrees_with_what_is_measured(nn, hidden, output):
    X, labels, W, b = seven_points(nn, 3 if output == "softmax" else 1)
    Y, loss = (nn.one_hot(labels, 3), nn.cross_entropy) if output == "softmax" else (X[:, :1], nn.squared_error)
    W_m, b_m, _ = measured(nn, X, Y, W, b, hidden, output, loss)
    Z, A = nn.forward_pass(X, W, b, hidden, output)
    W_g, b_g = nn.backward_pass(Y, Z, A, W, hidden)
    assert max(nn.relative_error(g[l], m[l]) for g, m in ((W_g, W_m), (b_g, b_m)) for l in g) < 1e-6
    if hidden == "relu":
        assert min(np.abs(Z[l]).min() for l in (1, 2)) > 1e-3


def test_a_mean_is_off_by_six_sevenths_for_a_sum_and_right_for_a_mean(nn):
    X, labels, W, b = seven_points(nn)
    Y = nn.one_hot(labels, 3)
    W_g, _ = nn.backward_pass(Y, *nn.forward_pass(X, W, b, "tanh"), W, "tanh")
    assert nn.relative_error(W_g[1], W_g[1] / 7) == pytest.approx(6 / 7)
    W_m, _, _ = measured(nn, X, Y, W, b, "tanh", "softmax", lambda Y, Y_hat: nn.cross_entropy(Y, Y_hat) / 7)
    assert max(nn.relative_error(W_g[l] / 7, W_m[l]) for l in W) < 1e-6


def wrong_columns(nn, backward):
    """Which columns of the notebook's report are wrong: W_g[3], b_g[3], W_g[2], ..."""
    X, labels, W, b = seven_points(nn)
    Y = nn.one_hot(labels, 3)
    right = nn.backward_pass(Y, *nn.forward_pass(X, W, b, "tanh"), W, "tanh")
    got = backward(X, Y, W, b)
    return [nn.relative_error(got[part][l], right[part][l]) > 0.01 for l in (3, 2, 1) for part in (0, 1)]


def test_the_reports_tell_the_suspects_apart_and_each_can_be_convicted(nn):
    accused = suspects("06", *SUSPECTS, given={"np": np, **vars(nn)})
    assert {suspect.__name__: wrong_columns(nn, suspect) for suspect in accused} == {
        "suspect_1": [False, True] * 3,
        "suspect_2": [False] * 2 + [True] * 4,
        "suspect_3": [True] * 6,
        "suspect_4": [False] * 6,
    }
    guilty = ("b_g", "Z_g", "A", "nothing")
    assert all(convict(suspect, name).proven for suspect, name in zip(accused, guilty, strict=True))


@pytest.mark.parametrize(
    ("variable", "columns"),
    [("Z", [False] * 2 + [True] * 4), ("A_g", [False] * 2 + [True] * 4), ("Z_g", [True] * 6)],
)
def test_other_variables_leave_the_reports_of_suspects_2_and_3(nn, variable, columns):
    def backward(X, Y, W, b):
        Z, A = nn.forward_pass(X, W, b, "tanh")
        if variable == "Z":
            Z = {l: Z[l] - b[l] for l in Z}
        W_g, b_g, Z_g = {}, {}, (Y - A[3] if variable == "Z_g" else A[3] - Y)
        for l in (3, 2, 1):
            W_g[l], b_g[l], A_g = nn.layer_backward(Z_g, A[l - 1], 2 * W[l] if variable == "A_g" else W[l])
            Z_g = A_g * nn.tanh_prime(Z[l - 1]) if l > 1 else None
        return W_g, b_g

    assert wrong_columns(nn, backward) == columns


def norms(nn, hidden, scale, seed):
    """The norms of the last gradient and of the first, as in the notebook's open experiment."""
    rng = np.random.default_rng(seed)
    X, Y = rng.standard_normal((20, 20)), nn.one_hot(rng.integers(10, size=20), 10)
    W, b = nn.initialize((20, *[50] * 10, 10), rng)
    factors = {l: scale / np.sqrt(len(W[l])) for l in W}
    W, b = {l: W[l] * factors[l] for l in W}, {l: b[l] * factors[l] for l in b}
    W_g, _ = nn.backward_pass(Y, *nn.forward_pass(X, W, b, hidden), W, hidden)
    return np.linalg.norm(W_g[11]), np.linalg.norm(W_g[1])


@pytest.mark.parametrize(
    ("hidden", "scale", "low", "high"),
    [
        ("sigmoid", 1, 1e6, 1e7),
        ("sigmoid", 10, 1, 20),
        ("sigmoid", 20, 0, 1),
        ("tanh", 1.4, 0.8, 1.25),
        ("tanh", 7, 0, 0.05),
    ],
)
def test_how_far_the_gradient_gets_in_ten_layers(nn, hidden, scale, low, high):
    ratios = [np.divide(*norms(nn, hidden, scale, seed)) for seed in range(5)]
    assert low < min(ratios)
    assert max(ratios) < high


@pytest.mark.parametrize(("scale", "low", "high"), [(1.4, 10, 30), (7, 1e8, 1e9), (30, 1e14, 1e15)])
def test_the_ratio_of_relu_does_not_see_that_both_explode(nn, scale, low, high):
    last, first = np.transpose([norms(nn, "relu", scale, seed) for seed in (0, 1, 2)])
    assert np.all((last / first > 2) & (last / first < 4))
    assert np.all((first > low) & (first < high))


def test_a_column_of_the_jacobian_sums_to_0(nn):
    a = nn.softmax(np.log(np.array([[1.0, 2.0, 5.0]])))[0]
    np.testing.assert_allclose(np.sum(np.diag(a) - np.outer(a, a), axis=0), 0, atol=1e-15)


def test_ten_quarters_are_a_millionth_and_the_last_norm_is_the_one_given(nn):
    text = (SOURCE / "06_backpropagation.md").read_text(encoding="utf-8")
    assert f"{4**10:,}".replace(",", "{,}") in text
    assert f"{{11: {norms(nn, 'sigmoid', 1, 0)[0]:.0f}.0}}" in text


@pytest.mark.parametrize("learned", [True, False])
def test_the_gradient_of_a_neuron_is_the_digit_times_one_number(nn, learned):
    W, b = load_trained() if learned else nn.initialize((784, 50, 10), np.random.default_rng(0), np.float32)
    data = load_digits()
    X, Y = data.X_train, nn.one_hot(data.labels_train, 10).astype(np.float32)
    Y_hat = nn.forward_pass(X, W, b, "relu")[1][2]
    worst = np.argmin(np.sum(Y * Y_hat, axis=1))
    if learned:
        assert (data.labels_train[worst], np.argmax(Y_hat[worst])) == (1, 8)
    W_g, b_g = nn.backward_pass(Y[[worst]], *nn.forward_pass(X[[worst]], W, b, "relu"), W, "relu")
    np.testing.assert_allclose(W_g[1], np.outer(X[worst], b_g[1]), rtol=1e-6)
    assert np.sum(b_g[1] != 0) >= 10
    assert np.sum(b_g[1] == 0) >= 5


def test_pytorch_finds_the_same_slopes(nn, tiny, capsys):
    pytest.importorskip("torch")
    text = (SOURCE / "06_backpropagation.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    scope = {"X": tiny.X, "Y": tiny.Y, "W": tiny.W, "b": tiny.b}
    exec(block, scope)
    assert capsys.readouterr().out
    W_g, b_g = nn.backward_pass(tiny.Y, tiny.Z, tiny.A, tiny.W, "relu")
    for found, right in zip(scope["layers"], (W_g[1], b_g[1], W_g[2], b_g[2]), strict=True):
        np.testing.assert_allclose(found.grad.numpy(), right)
