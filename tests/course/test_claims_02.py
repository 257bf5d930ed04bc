"""What notebook 2 says is so: what ten sigmoids leave of a change, which forms overflow, what slopes do in a row."""

import warnings

import numpy as np
import pytest


def test_ten_sigmoids_leave_hardly_anything_of_a_change(solved):
    sigmoid = solved("activations").sigmoid
    answers = []
    for a in (0.0, 1.0):
        for _ in range(10):
            a = sigmoid(a)
        answers.append(float(a))
    assert 0 < answers[1] - answers[0] < 1e-3
    assert answers[1] - answers[0] < 1e-5


def test_each_form_of_the_sigmoid_is_at_home_on_one_side():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert 1 / (1 + np.exp(np.float64(1000))) == 0
        assert np.isnan(np.exp(np.float64(1000)) / (np.exp(np.float64(1000)) + 1))
        assert np.exp(np.float32(89)) == np.inf
        assert np.exp(np.float32(88)) < np.inf


def test_the_slope_in_each_step_of_the_derivation_is_the_same(solved):
    sigmoid_prime = solved("activations").sigmoid_prime
    z = np.linspace(-5, 5, 41)
    e, u = np.exp(-z), 1 + np.exp(-z)
    for step in (e / u**2, 1 / u * (e / u), 1 / u * (1 - 1 / u)):
        np.testing.assert_allclose(step, sigmoid_prime(z), rtol=1e-12)


def test_a_chain_of_relus_lets_all_pass_or_nothing_once_in_1024(solved):
    activations = solved("activations")
    Z = np.random.default_rng(1).standard_normal((200_000, 10))
    products = np.prod(activations.relu_prime(Z), axis=1)
    assert set(np.unique(products)) == {0.0, 1.0}
    # A share of 1/1024 of 200,000 has a standard deviation of 14.
    assert abs(products.sum() - 200_000 / 1024) < 70
    assert np.prod(activations.sigmoid_prime(Z), axis=1).max() <= 0.25**10
    assert np.median(np.prod(activations.tanh_prime(Z), axis=1)) < 0.05
    assert np.all(np.prod(activations.identity_prime(Z), axis=1) == 1)


def test_a_weight_of_four_makes_up_for_the_slope_of_a_quarter_only_in_the_middle(solved):
    sigmoid_prime = solved("activations").sigmoid_prime
    assert 4 * sigmoid_prime(0.0) == 1
    assert np.all(4 * sigmoid_prime(np.array([-4.0, -1.0, 1.0, 4.0])) < 0.8)


def test_the_slope_of_tanh_is_that_of_a_stretched_sigmoid(solved):
    activations = solved("activations")
    z = np.linspace(-5, 5, 41)
    g, s = activations.tanh(z), activations.sigmoid(2 * z)
    np.testing.assert_allclose(4 * s * (1 - s), activations.tanh_prime(z), rtol=1e-10, atol=1e-15)
    np.testing.assert_allclose((1 + g) * (1 - g), activations.tanh_prime(z), rtol=1e-10, atol=1e-15)


def test_pytorch_computes_the_same(solved):
    torch = pytest.importorskip("torch")
    activations = solved("activations")
    z = np.array([-2.0, 0.0, 2.0])
    for name in ("sigmoid", "tanh", "relu"):
        np.testing.assert_allclose(getattr(torch, name)(torch.tensor(z)), getattr(activations, name)(z), rtol=1e-12)
    scores = np.log(np.array([[1.0, 2.0, 5.0]]))
    np.testing.assert_allclose(torch.softmax(torch.tensor(scores), dim=1), activations.softmax(scores), rtol=1e-12)
