"""What notebook 3 says is so: of random networks, of layers without activations, and of what the trained one reads."""

import numpy as np
import pytest

from mlt_nn.datasets import load_digits, load_mnist, load_trained, mnist_state, two_moons


def test_random_networks_are_right_half_of_the_time_and_a_single_one_says_nothing(solved):
    network = solved("network")
    moons, labels = two_moons(120, np.random.default_rng(1))
    counts = []
    for seed in range(200):
        W, b = network.initialize((2, 8, 2), np.random.default_rng(seed))
        predicted = network.predict(network.forward_pass(moons, W, b, hidden="tanh")[1][2])
        counts.append(np.sum(predicted == labels))
    # The standard error of the mean of 200 is about 1.7.
    assert abs(np.mean(counts) - 60) < 8
    assert counts[3] == 92
    assert min(counts) < 25
    assert max(counts) > 95
    # A coin's counts have a standard deviation of 5.5, those of the networks one of more than 20.
    coins = np.random.default_rng(0).binomial(len(labels), 0.5, 1000)
    assert min(counts) < min(coins) - 10
    assert max(counts) > max(coins) + 10
    assert np.std(counts) > 3 * np.std(coins)


def test_layers_without_activations_are_one_layer_with_one_bias(solved):
    network = solved("network")
    W, b = network.initialize((2, 7, 3), np.random.default_rng(0))
    X = np.random.default_rng(1).standard_normal((5, 2))
    _, A = network.forward_pass(X, W, b, hidden="identity", output="identity")
    np.testing.assert_allclose(A[2], X @ (W[1] @ W[2]) + (b[1] @ W[2] + b[2]), rtol=1e-10, atol=1e-12)


def test_the_trained_network_reads_seven_of_ten_of_digits_it_never_saw_and_is_sure_of_a_wrong_one(solved):
    network = solved("network")
    digits = load_digits()
    W, b = load_trained()
    Y_hat = network.forward_pass(digits.X_test, W, b, hidden="relu")[1][2]
    predicted = network.predict(Y_hat)
    assert 0.65 < np.mean(predicted == digits.labels_test) < 0.76
    assert (digits.labels_test[98], predicted[98]) == (9, 8)
    assert Y_hat[98, 8] > 0.95
    mistakes = np.flatnonzero(predicted != digits.labels_test)
    second = np.argsort(Y_hat, axis=1)[mistakes, -2] == digits.labels_test[mistakes]
    assert (np.sum(second[:10]), np.sum(second), len(mistakes)) == (6, 57, 104)
    assert np.mean((digits.X_test > 0.1) & (digits.X_test < 0.9)) == pytest.approx(0.26, abs=0.02)


def test_it_reads_nearly_98_of_100_of_the_kind_it_learned_from_whose_pixels_are_seldom_gray(solved):
    if mnist_state().source != "MNIST":
        pytest.skip("MNIST is not on this computer")
    network, mnist, (W, b) = solved("network"), load_mnist(), load_trained()
    predicted = network.predict(network.forward_pass(mnist.X_test, W, b, hidden="relu")[1][2])
    assert np.mean(predicted == mnist.labels_test) == pytest.approx(0.977, abs=0.002)
    assert np.mean((mnist.X_test > 0.1) & (mnist.X_test < 0.9)) < 0.1


def test_pytorch_computes_the_same_network(solved):
    torch = pytest.importorskip("torch")
    digits, (W, b) = load_digits(), load_trained()
    network = torch.nn.Sequential(
        torch.nn.Linear(784, 50), torch.nn.ReLU(), torch.nn.Linear(50, 10), torch.nn.Softmax(dim=1)
    )
    for layer, inputs in ((network[0], 784), (network[2], 50)):
        assert 0.9 < layer.weight.abs().max().item() * np.sqrt(inputs) <= 1 + 1e-6
    with torch.no_grad():
        for l, layer in ((1, network[0]), (2, network[2])):
            layer.weight[:] = torch.tensor(W[l].T)
            layer.bias[:] = torch.tensor(b[l])
        theirs = network(torch.tensor(digits.X_test[:20])).numpy()
    ours = solved("network").forward_pass(digits.X_test[:20], W, b, hidden="relu")[1][2]
    np.testing.assert_allclose(theirs, ours, atol=1e-5)  # float32
