"""What the hidden checks draw their inputs from, and what is told of an input that failed."""

import itertools

import numpy as np
import pytest

from mlt_nn.grading.compare import KnownMistake, assert_matches
from mlt_nn.grading.student import Died, NotWritten, StudentError, TimedOut
from mlt_nn.teaching.grader.draws import given, narrow, number, numbers, one_hot, parameters, positive, seed, sizes_of

SEEDS = range(20)


def rngs():
    return map(np.random.default_rng, SEEDS)


@pytest.mark.parametrize("shape", [(1,), (2,), (3, 4), (2, 3, 3)])
def test_numbers_have_both_signs_and_are_never_near_zero(shape):
    for rng in rngs():
        z = numbers(rng, *shape, low=0.25, high=2.0)
        assert z.shape == shape
        assert z.dtype == np.float64
        assert np.all((np.abs(z) >= 0.25) & (np.abs(z) <= 2.0))
        assert abs(int(np.sum(np.sign(z)))) <= 1
        assert np.all(np.round(z, 6) == z)


def test_a_single_number_may_have_either_sign_and_a_positive_one_has_not():
    assert {np.sign(number(rng)) for rng in rngs()} == {-1, 1}
    assert all(isinstance(number(rng), float) for rng in rngs())
    assert all(positive(rng) > 0 for rng in rngs())


def test_neighboring_layers_have_different_sizes():
    for rng in rngs():
        sizes = sizes_of(rng, 3, most=4)
        assert len(sizes) == 4
        assert set(sizes) <= {1, 2, 3, 4}
        assert all(size != after for size, after in itertools.pairwise(sizes))


def test_parameters_have_the_shapes_of_their_network():
    W, b = parameters(np.random.default_rng(0), [2, 4, 3])
    assert {l: W[l].shape for l in W} == {1: (2, 4), 2: (4, 3)}
    assert {l: b[l].shape for l in b} == {1: (4,), 2: (3,)}


def test_targets_are_one_hot():
    Y = one_hot(np.random.default_rng(0), 5, 3)
    assert Y.shape == (5, 3)
    assert set(np.unique(Y)) == {0, 1}
    assert np.all(np.sum(Y, axis=1) == 1)


def test_the_same_generator_draws_the_same_and_another_one_does_not():
    draws = [[seed(rng), *numbers(rng, 3).tolist()] for rng in map(np.random.default_rng, (1, 1, 2))]
    assert draws[0] == draws[1]
    assert not set(draws[0]) & set(draws[2])


def test_arrays_and_dicts_of_them_are_narrowed():
    assert narrow(np.ones(2)).dtype == np.float32
    assert narrow({1: np.ones(2)})[1].dtype == np.float32


def test_what_is_wrong_is_told_with_its_input():
    told = r"^Too large\.\n.*\nThe smallest input found: n = 5, W = \{1: \[\[0\.5\]\]\}$"
    with (
        pytest.raises(KnownMistake, match=told) as caught,
        given(n=np.int64(5), W={1: np.array([[0.5]])}),
    ):
        assert_matches(False, True, name="whether n is small", mistakes={"too large": False})
    assert caught.value.mistake == "Too large."
    assert caught.value.given == "n = 5, W = {1: [[0.5]]}"


def test_an_error_of_the_students_is_told_with_its_input():
    with pytest.raises(StudentError, match=r"^relu raised TypeError: no \(for z = 0\.0\)$"), given(z=0.0):
        raise StudentError("activations.relu", "TypeError", "no", None)


@pytest.mark.parametrize("kind", [NotWritten, TimedOut, Died])
def test_what_another_input_would_not_change_is_told_without(kind):
    with pytest.raises(kind, match=r"^so it is$"), given(n=1):
        raise kind("activations.relu", kind.__name__, "so it is")


def test_a_mistake_of_a_check_stays_what_it_is():
    with pytest.raises(KeyError, match=r"^'no'$"), given(n=1):
        {}["no"]
