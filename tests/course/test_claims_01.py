"""What notebook 1 says is so: the rule of the ink, the proof about XOR, and what neuron 40 looks for."""

import itertools

import numpy as np
import pytest

from mlt_nn.datasets import load_digits, load_trained


def test_the_ink_tells_fours_from_nines_hardly_better_than_guessing():
    digits = load_digits()
    pair = np.isin(digits.labels_train, (4, 9))
    ink, is_nine = digits.X_train[pair].sum(axis=1), digits.labels_train[pair] == 9
    best = max(np.mean((ink > threshold) == is_nine) for threshold in np.linspace(ink.min(), ink.max(), 200))
    assert 0.52 < best < 0.68  # what the question accepts
    assert abs(np.mean(is_nine) - 0.5) < 0.02


def test_no_neuron_solves_xor_and_three_points_can_be_right():
    corners, wanted = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    grid = np.linspace(-2, 2, 17)
    right = [np.sum(((corners @ (w1, w2) + b) >= 0) == wanted) for w1, w2, b in itertools.product(grid, repeat=3)]
    assert max(right) == 3


@pytest.mark.parametrize(("bias", "fires"), [(-2.0, 1), (-1.0001, 1), (-1.0, 3), (-2.0001, 0)])
def test_the_biases_of_and_are_those_that_the_text_names(bias, fires):
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    assert np.sum(corners.sum(axis=1) + bias >= 0) == fires


@pytest.mark.usefixtures("solved")
def test_neuron_40_is_excited_by_zeros_and_calmed_by_strokes(solved):
    pre_activation = solved("neuron").pre_activation
    digits = load_digits()
    W, b = load_trained()
    z = np.array([pre_activation(x, W[1][:, 40], b[1][40]) for x in digits.X_train])
    order = np.argsort(z)
    assert np.sum(digits.labels_train[order[-16:]] == 0) >= 12
    assert not np.any(digits.labels_train[order[:16]] == 0)


def test_pytorch_computes_the_same_neuron(solved):
    torch = pytest.importorskip("torch")
    layer = torch.nn.Linear(in_features=3, out_features=1)
    with torch.no_grad():
        layer.weight[:] = torch.tensor([[0.5, -1.0, 2.0]])
        layer.bias[:] = 0.25
        theirs = float(torch.sigmoid(layer(torch.tensor([1.0, 2.0, 3.0]))))
    sigma = solved("activations").sigmoid
    ours = solved("neuron").neuron(np.array([1.0, 2.0, 3.0]), np.array([0.5, -1.0, 2.0]), 0.25, sigma)
    assert abs(theirs - ours) < 1e-6  # float32
