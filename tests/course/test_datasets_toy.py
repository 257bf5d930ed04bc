"""The toy sets: shapes, balance, what the equations say, and clear errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlt_nn.datasets import noisy_curve, spirals, two_moons

CLASSIFICATION = [two_moons, spirals]


@pytest.mark.parametrize("make", CLASSIFICATION)
@given(n=st.integers(3, 60), seed=st.integers(0, 2**32 - 1))
def test_classes_are_equal_or_differ_by_one(make, n, seed):
    X, labels = make(n, np.random.default_rng(seed))
    assert X.shape == (n, 2)
    assert X.dtype == np.float64
    assert labels.shape == (n,)
    assert labels.dtype == np.int64
    counts = np.bincount(labels, minlength=3 if make is spirals else 2)
    assert counts.sum() == n
    assert counts.max() - counts.min() <= 1


@given(k=st.integers(2, 9), more=st.integers(0, 20))
def test_spirals_have_as_many_arms_as_asked_for(k, more):
    _, labels = spirals(k + more, np.random.default_rng(0), k=k)
    assert np.unique(labels).tolist() == list(range(k))


@pytest.mark.parametrize("make", [*CLASSIFICATION, noisy_curve])
def test_the_seed_decides(make):
    first, again, other = (make(20, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert np.all(first[0] != other[0])


@pytest.mark.parametrize("make", CLASSIFICATION)
def test_rows_are_shuffled(make):
    _, labels = make(200, np.random.default_rng(0))
    # Sorted or alternating labels would leave one class out of a stretch or of a stride.
    assert 20 < np.sum(labels[:100] == 0) < 80
    assert 20 < np.sum(labels[::2] == 0) < 80


@pytest.mark.parametrize("make", [*CLASSIFICATION, noisy_curve])
def test_noise_is_a_standard_deviation(make):
    n, noise = 20_000, 0.25
    clean = make(n, np.random.default_rng(3), noise=0)
    noisy = make(n, np.random.default_rng(3), noise=noise)
    which = 1 if make is noisy_curve else 0
    difference = noisy[which] - clean[which]
    # The standard error of a standard deviation is noise / sqrt(2 n) < 0.002.
    assert abs(difference.std() - noise) < 0.01
    assert abs(difference.mean()) < 0.01
    np.testing.assert_array_equal(noisy[1 - which], clean[1 - which])


def test_moons_are_two_half_circles():
    X, labels = two_moons(101, np.random.default_rng(0), noise=0)
    upper, lower = X[labels == 0], X[labels == 1]
    np.testing.assert_allclose(np.hypot(*upper.T), 1, atol=1e-12)
    np.testing.assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1, atol=1e-12)
    assert np.all(upper[:, 1] >= 0)
    assert np.all(lower[:, 1] <= 0.5)


def test_curve_is_a_column_over_a_column():
    X, y = noisy_curve(1, np.random.default_rng(0))
    assert X.shape == y.shape == (1, 1)
    assert X.dtype == y.dtype == np.float64


@pytest.mark.parametrize(
    ("make", "arguments", "complaint"),
    [
        (two_moons, {"n": 1}, "n is 1, expected an int, 2 or more"),
        (two_moons, {"n": 2.5}, "n is 2.5, expected an int"),
        (spirals, {"n": 4, "k": 5}, "n is 4, expected an int, 5 or more"),
        (spirals, {"n": 4, "k": 1}, "k is 1, expected an int, 2 or more"),
        (two_moons, {"n": -3}, "n is -3"),
        (two_moons, {"n": 4, "noise": -0.1}, "noise is -0.1, expected a standard deviation"),
        (two_moons, {"n": 4, "noise": float("nan")}, "noise is nan"),
        (noisy_curve, {"n": 0}, "n is 0, expected an int, 1 or more"),
    ],
)
def test_bad_arguments_are_named(make, arguments, complaint):
    with pytest.raises(ValueError, match=complaint):
        make(rng=np.random.default_rng(0), **arguments)


@pytest.mark.parametrize("make", [*CLASSIFICATION, noisy_curve])
def test_a_seed_in_the_place_of_the_generator_is_explained(make):
    with pytest.raises(TypeError, match=r"rng is 7, expected .*np\.random\.default_rng"):
        make(10, 7)
