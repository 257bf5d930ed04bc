"""What notebook 4 says is so: of forecasts, of sums, of the digits that hurt, and of a count that has no slope."""

import numpy as np
import pytest

from mlt_nn.datasets import load_digits, load_trained


@pytest.fixture
def judged(solved):
    """judged(W) -> the probabilities of the trained network with these weights on the bundled digits."""
    digits, (_, b) = load_digits(), load_trained()
    forward_pass = solved("network").forward_pass
    return lambda W: forward_pass(digits.X_test, W, b, hidden="relu")[1][2]


def test_the_surer_forecast_costs_six_times_as_much():
    assert -np.log(0.49) == pytest.approx(0.71, abs=0.005)
    assert 6 < np.log(0.01) / np.log(0.49) < 7


def test_the_trained_network_knows_more_than_nothing_and_a_tenth_of_the_digits_makes_most_of_its_loss(solved, judged):
    digits, (W, _) = load_digits(), load_trained()
    losses = solved("losses")
    truth, Y_hat = losses.one_hot(digits.labels_test, 10), judged(W)
    assert 0.7 < losses.cross_entropy(truth, Y_hat) / len(truth) < 1.2 < np.log(10)
    each = np.sort([losses.cross_entropy(truth[[i]], Y_hat[[i]]) for i in range(len(truth))])[::-1]
    assert 0.4 < each[: len(each) // 10].sum() / each.sum() < 0.75


def test_the_loss_falls_to_one_best_weight_and_the_count_stands_still_and_jumps(solved, judged):
    digits, (W, _) = load_digits(), load_trained()
    losses, predict = solved("losses"), solved("network").predict
    truth = losses.one_hot(digits.labels_test, 10)
    moved = {l: W[l].astype(np.float64) for l in W}
    loss, count = [], []
    for weight in np.linspace(-1.5, 1.5, 121):
        moved[2][30, 9] = weight
        Y_hat = judged(moved)
        loss.append(losses.cross_entropy(truth, Y_hat))
        count.append(int(np.sum(predict(Y_hat) == digits.labels_test)))
    steps = np.sign(np.diff(loss))
    assert np.count_nonzero(np.diff(steps)) == 1  # down to one place, then up
    assert np.count_nonzero(np.diff(count)) < 40  # of 120: nearly everywhere flat
    assert len(set(count)) > 3


def test_pytorch_computes_the_same_losses(solved):
    torch = pytest.importorskip("torch")
    losses = solved("losses")
    y, y_hat = np.array([1.0, 2.0]), np.array([1.5, 4.0])
    theirs = 0.5 * torch.nn.functional.mse_loss(torch.tensor(y_hat), torch.tensor(y), reduction="sum")
    assert float(theirs) == pytest.approx(losses.squared_error(y, y_hat), rel=1e-12)
    Y_hat = np.array([[0.25, 0.5, 0.25]])
    scores, label = torch.log(torch.tensor(Y_hat)), torch.tensor([1])
    theirs = torch.nn.functional.cross_entropy(scores, label, reduction="sum")
    assert float(theirs) == pytest.approx(losses.cross_entropy(losses.one_hot([1], 3), Y_hat), rel=1e-12)
