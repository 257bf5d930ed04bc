"""What notebook 8 claims, measured with its own cells on the bundled digits; on MNIST what the text says of MNIST."""

import functools
import re

import numpy as np
import pytest

from mlt_nn.datasets import load_mnist, mnist_state
from mlt_nn.datasets.mnist import BUNDLED, VARIABLE
from mlt_nn.support.suspects import convict
from mlt_nn.teaching.building.notebooks import SOURCE, from_text
from mlt_nn.widgets.why_this_digit import ALL, ONE, SECOND, seen, turned

NOTEBOOK = "08_mnist"
CELLS = [cell.source for cell in from_text(NOTEBOOK).cells if cell.cell_type == "code"]
SEEDS = (1, 2, 3)


def run(names, begin):
    """Run the cell that begins so."""
    (cell,) = [cell for cell in CELLS if cell.startswith(begin)]
    exec(cell, names)
    return names


@functools.cache
def basics():
    """The names of the notebook's first cells, up to its functions `fit` and `compare`."""
    names = {}
    for begin in ("import numpy as np\n\nfrom mlt_nn", "data = ", "def score", "few = "):
        run(names, begin)
    return names


@pytest.fixture
def lesson(solved, monkeypatch):
    """What the notebook's first cells define, on the bundled digits."""
    monkeypatch.setenv(VARIABLE, BUNDLED)
    solved("gradient_descent")
    return dict(basics())


def hidden_pre_activations(lesson, scale, seed):
    W, b = lesson["start"](scale, np.random.default_rng(seed))
    return lesson["forward_pass"](lesson["X_val"], W, b)[0][1]


def test_the_luckiest_of_a_hundred_untrained_networks_is_lucky_no_longer_on_new_digits(lesson):
    mean, best, new = np.mean(lesson["scores"]), max(lesson["scores"]), lesson["score"](*lesson["winner"])
    assert mean == pytest.approx(0.1, abs=0.02)
    assert best > 1.7 * mean
    assert new == pytest.approx(0.1, abs=0.05)


def test_no_hidden_layer_beats_the_lectures_recipe(lesson):
    run(lesson, "full_rates = ")
    assert min(lesson["baseline"][1]) > max(lesson["lecture"][1]) + 0.02


@pytest.mark.parametrize("seed", SEEDS)
def test_the_first_loss_tells_a_large_start_from_a_small_one(lesson, seed):
    Y, n = lesson["one_hot"](lesson["labels_val"], 10), len(lesson["X_val"])

    def first_loss(scale, hidden="sigmoid"):
        W, b = lesson["start"](scale, np.random.default_rng(seed))
        return lesson["cross_entropy"](Y, lesson["forward_pass"](lesson["X_val"], W, b, hidden)[1][2]) / n

    assert first_loss(1.0) > 2 * np.log(10)
    assert first_loss(0.05) == pytest.approx(np.log(10), abs=0.1)
    assert first_loss(1.0, "relu") == np.inf


@pytest.mark.parametrize("seed", SEEDS)
def test_small_sigmoids_answer_near_one_half_and_hardly_vary_from_digit_to_digit(lesson, seed):
    answers = {}
    for scale in (1.0, 0.05):
        W, b = lesson["start"](scale, np.random.default_rng(seed))
        answers[scale] = lesson["forward_pass"](lesson["X_val"], W, b)[1][1]
    assert np.mean(np.abs(answers[0.05] - 0.5)) < 0.15
    assert np.mean(np.std(answers[0.05], axis=0)) < np.mean(np.std(answers[1.0], axis=0)) / 3


@pytest.mark.parametrize("seed", SEEDS)
def test_pre_activations_spread_by_the_root_of_the_sum_of_squares(lesson, seed):
    wanted = np.sqrt(np.mean(np.sum(lesson["X_val"] ** 2, axis=1)) + 1)  # 1 for the bias
    z = hidden_pre_activations(lesson, 1.0, seed)
    assert np.std(z) == pytest.approx(wanted, rel=0.15)
    assert np.std(hidden_pre_activations(lesson, 0.05, seed)) == pytest.approx(0.05 * wanted, rel=0.15)
    assert np.mean(np.abs(z) > 5) > 0.5
    assert lesson["sigmoid_prime"](np.array([5.0])) < 0.007


def test_he_keeps_the_mean_square_from_layer_to_layer():
    rng = np.random.default_rng(0)
    a = np.maximum(rng.standard_normal((200, 784)), 0)
    after = np.maximum(a @ (np.sqrt(2 / 784) * rng.standard_normal((784, 784))), 0)
    assert np.mean(after**2) == pytest.approx(np.mean(a**2), rel=0.1)
    assert np.sqrt(2 / 784) == pytest.approx(0.05, abs=0.001)


def test_relu_costs_from_the_large_start_and_not_from_the_small_one(lesson):
    rates = (7e-3, 2e-2, 7e-2, 2e-1)
    reached = {
        (scale, hidden): lesson["compare"](rates, scale=scale, hidden=hidden, batch_size=32, epochs=10)[1]
        for scale in (1.0, 0.05)
        for hidden in ("sigmoid", "relu")
    }
    assert max(reached[1.0, "relu"]) < min(reached[1.0, "sigmoid"])
    assert np.mean(reached[0.05, "relu"]) == pytest.approx(np.mean(reached[0.05, "sigmoid"]), abs=0.03)


def test_parameters_for_each_digit(lesson):
    assert lesson["count_parameters"]((784, 50, 10)) / 1000 == pytest.approx(39.76)


def test_labels_without_meaning_are_learned_by_heart_and_the_report_convicts_the_suspect(lesson, capsys):
    run(lesson, "suspect_1, = ")
    run(lesson, "rng = np.random.default_rng(1)\nimages")
    images, targets = lesson["images"], np.argmax(lesson["targets"], axis=1)
    W, b = lesson["W_heart"], lesson["b_heart"]
    assert lesson["score"](W, b, "relu", images, targets) > 0.9
    assert lesson["score"](W, b, "relu") < 0.2
    run(lesson, 'print("labels handed over')
    report = capsys.readouterr().out
    assert f"labels handed over: {lesson['labels_train'][:5]}" in report
    told = [
        [int(number) for number in line]
        for line in re.findall(r"row +(\d+), label (\d); targets\[\d\] says (\d)", report)
    ]
    assert [says for _, _, says in told] == lesson["labels_train"][:5].tolist()
    assert [label for _, label, _ in told] == lesson["labels_train"][[row for row, _, _ in told]].tolist()
    assert [row for row, _, _ in told] != [0, 1, 2, 3, 4]
    assert convict(lesson["suspect_1"], "targets").proven
    assert not convict(lesson["suspect_1"], "images").proven


def test_wrong_labels_cost_new_digits_and_right_ones_do_not(lesson):
    run(lesson, "def by_heart")
    wrong, right = lesson["runs"].values()
    best, end = wrong[:, :, 1].max(axis=1), wrong[:, -1, 1]
    assert np.all(best - end > 0.02)
    assert np.all(right[:, -1, 0] > 0.99)
    assert np.all(right[:, :, 1].max(axis=1) - right[:, -1, 1] < 0.02)
    assert np.all(right[:, -1, 3] > 1.05 * right[:, :, 3].min(axis=1))


def test_whoever_shuffles_the_digits_under_their_names_reads_as_many(lesson, monkeypatch):
    names = lesson["fit"].__globals__

    def read():
        return np.mean([names["score"](*names["fit"](seed, 7e-3, 0.05, "relu", 32, 10), "relu") for seed in SEEDS])

    real, order = read(), np.random.default_rng(0).permutation(784)
    for name in ("X_train", "X_val"):
        monkeypatch.setitem(names, name, names[name][:, order])
    assert real > 0.85
    assert read() == pytest.approx(real, abs=0.03)


def test_shuffled_pixels_are_read_as_well(lesson):
    order = np.random.default_rng(0).permutation(784)
    W, b = lesson["start"](0.05, np.random.default_rng(1))
    Z, _ = lesson["forward_pass"](lesson["X_val"], W, b, "relu")
    shuffled, _ = lesson["forward_pass"](lesson["X_val"][:, order], W | {1: W[1][order]}, b, "relu")
    np.testing.assert_allclose(shuffled[1], Z[1], atol=1e-5)

    def reached(columns):
        X, score = lesson["X_train"][:, columns], lesson["score"]
        networks = []
        for seed in SEEDS:
            rng = np.random.default_rng(seed)
            start = lesson["start"](0.05, rng)
            networks.append(lesson["train"](X, lesson["Y_train"], *start, "relu", "softmax", 7e-3, 10, 32, rng)[:2])
        return [score(*network, "relu", lesson["X_val"][:, columns]) for network in networks]

    assert np.mean(reached(order)) == pytest.approx(np.mean(reached(np.arange(784))), abs=0.02)


def test_weights_of_a_pixel_without_ink_never_move(lesson):
    start = lesson["start"](0.05, np.random.default_rng(1))
    W, _, _ = lesson["train"](
        lesson["X_train"], lesson["Y_train"], *start, "relu", "softmax", 7e-3, 2, 32, np.random.default_rng(2)
    )
    assert np.array_equal(W[1][0], start[0][1][0])
    assert not np.array_equal(W[1][14 * 28 + 14], start[0][1][14 * 28 + 14])


def test_bytes_overflow_and_float64_spreads(lesson):
    assert np.uint8([200]) + np.uint8([100]) == 44
    wide = lesson["one_hot"](lesson["labels_train"][:100], 10)
    start = lesson["start"](0.05, np.random.default_rng(1))
    for Y, dtype in ((wide, np.float64), (lesson["Y_train"][:100], np.float32)):
        assert lesson["train"](lesson["X_train"][:100], Y, *start, epochs=1)[0][1].dtype == dtype


def test_the_program_in_pytorch_learns_the_same(lesson):
    torch = pytest.importorskip("torch")
    (block,) = re.findall(r"```python\n(.*?)```", (SOURCE / f"{NOTEBOOK}.md").read_text(encoding="utf-8"), re.DOTALL)
    head, loop = block.split("for rows in ")
    X, labels = lesson["X_train"][:200], lesson["labels_train"][:200]
    names = {"X": torch.from_numpy(X), "labels": torch.from_numpy(labels)}
    exec(head, names)
    layers = {1: names["net"][0], 2: names["net"][2]}
    W = {l: layer.weight.detach().numpy().T.copy() for l, layer in layers.items()}
    b = {l: layer.bias.detach().numpy().copy() for l, layer in layers.items()}
    torch.manual_seed(0)
    exec("for rows in " + loop, names)
    torch.manual_seed(0)
    Y = lesson["one_hot"](labels, 10, dtype=np.float32)
    for rows in torch.randperm(len(X)).split(32):
        W, b, _ = lesson["train"](X[rows.numpy()], Y[rows.numpy()], W, b, "relu", learning_rate=7e-3, epochs=1)
    for l, layer in layers.items():
        np.testing.assert_allclose(layer.weight.detach().numpy().T, W[l], rtol=1e-3, atol=1e-4)
        np.testing.assert_allclose(layer.bias.detach().numpy(), b[l], rtol=1e-3, atol=1e-4)


@pytest.fixture(scope="module")
def mnist():
    """The first 50,000 digits of MNIST to learn from, the next 2,000 to choose by."""
    if mnist_state().source != "MNIST":
        pytest.skip("MNIST is not on this computer")
    return load_mnist()


@pytest.fixture(scope="module")
def kept():
    return {}


@pytest.fixture
def large(mnist, lesson, kept):
    """The lesson on MNIST, whose `fit` fits once for all tests, and what to score with."""
    if not kept:
        lesson["X_train"] = mnist.X_train[:50_000]
        lesson["Y_train"] = lesson["one_hot"](mnist.labels_train[:50_000], 10, dtype=np.float32)
        run(lesson, "few = ")
        kept |= lesson | {"fit": functools.cache(lesson["fit"])}
    return kept, {"X": mnist.X_train[50_000:52_000], "labels": mnist.labels_train[50_000:52_000]}


def test_small_sigmoids_are_behind_after_ten_steps_and_lead_after_fifty(large):
    lesson, validation = large
    reached = {
        (scale, epochs): lesson["score"](*lesson["fit"](1, rate, scale, "sigmoid", None, epochs), **validation)
        for scale, epochs, rate in ((1.0, 10, 2e-3), (0.05, 10, 7e-4), (1.0, 50, 2e-3), (0.05, 50, 2e-3))
    }
    assert reached[1.0, 10] > reached[0.05, 10]
    assert reached[0.05, 50] > reached[1.0, 50] + 0.04


def test_large_weights_before_relu_stay_random(large):
    lesson, validation = large
    moved = {}
    for scale, rate in ((1.0, 7e-3), (0.05, 2e-2)):
        rng = np.random.default_rng(1)
        rng.choice(50_000, lesson["few"], replace=False)
        first = lesson["start"](scale, rng)[0][1]
        learned = lesson["fit"](1, rate, scale, "relu", 32, 10)[0][1]
        moved[scale] = np.linalg.norm(learned - first) / np.linalg.norm(first)
    assert moved[1.0] == pytest.approx(0.1, abs=0.03)
    assert moved[0.05] > 1
    relu, sigmoid = (
        lesson["score"](*lesson["fit"](1, rate, 1.0, hidden, 32, 10), hidden, **validation)
        for hidden, rate in (("relu", 7e-3), ("sigmoid", 2e-1))
    )
    assert relu == pytest.approx(sigmoid - 0.1, abs=0.05)


def test_the_result_that_hurts(large):
    lesson, validation = large
    recipe = "sigmoid", None, 50
    reached = lesson["score"](*lesson["fit"](1, 2e-3, 1.0, *recipe), **validation)
    without = lesson["score"](*lesson["fit"](1, 7e-4, 0.0, *recipe, sizes=(784, 10)), **validation)
    witness = lesson["score"](*lesson["fit"](1, 7e-2, 0.05, "sigmoid", 32, 10), **validation)
    well = lesson["score"](*lesson["fit"](1, 2e-2, 0.05, "relu", 32, 10), "relu", **validation)
    assert reached == pytest.approx(0.78, abs=0.03)
    assert without == pytest.approx(0.88, abs=0.02)
    assert witness == pytest.approx(0.91, abs=0.015)
    assert well == pytest.approx(0.92, abs=0.015)


def test_few_pixels_and_few_neurons_decide(large, mnist, solved):
    """The network of the notebook, on the digits that it chooses by."""
    lesson, _ = large
    functions = lesson["forward_pass"], solved("backpropagation").layer_backward, solved("activations").relu_prime
    rng = np.random.default_rng(1)
    W, b = lesson["start"](0.05, rng)
    rate = 2e-2 / 4
    W, b, _ = lesson["train"](lesson["X_train"], lesson["Y_train"], W, b, "relu", "softmax", rate, 3, 128, rng)
    X, labels = mnist.X_train[50_000:], mnist.labels_train[50_000:]
    read = functions[0](X, W, b, "relu")[1][2].argmax(axis=1)

    def cases(rows, rival, way):
        for i in rows:
            yield turned(lambda *x: seen(*functions, W, b, *x), W, b, X[i], int(labels[i]), rival(i), way)

    def steps(case):
        return case.turn if case.path[case.turn].probabilities.argmax() == case.rival else np.inf

    wrong = np.flatnonzero(read != labels)[:200]
    right = rng.choice(np.flatnonzero(read == labels), 300, replace=False)
    mistakes = list(cases(wrong, lambda i: int(labels[i]), ONE))
    assert np.median([steps(case) for case in mistakes]) == 2
    assert np.median([steps(case) for case in cases(right, lambda i: SECOND, ONE)]) == pytest.approx(8, abs=1)
    votes = [np.sort(np.abs(case.path[0].hidden * case.out))[::-1] for case in mistakes]
    for_half = [np.argmax(np.cumsum(each) >= each.sum() / 2) + 1 for each in votes]
    assert 3 <= np.median(for_half) <= 4
    together = list(cases(wrong, lambda i: int(labels[i]), ALL))
    changes = [
        np.abs(case.path[case.turn].pixels - case.path[0].pixels).max() if np.isfinite(steps(case)) else np.inf
        for case in together
    ]
    assert np.median(changes) < 0.15
