"""Properties: what is tried, what is told, and when it ends."""

import numpy as np
import pytest
from hypothesis import strategies as st

from mlt_nn.grading.compare import KnownMistake, assert_matches
from mlt_nn.grading.student import Died, NotWritten, StudentError, TimedOut
from mlt_nn.teaching.grader.properties import ATTEMPTS_TO_SHRINK, for_all, matrices, numbers, sizes, vectors


def test_what_holds_passes_with_the_same_values_for_everyone():
    seen = []

    def holds(n, Z):
        seen.append((n, Z.shape, Z.tolist()))

    for _ in range(2):
        for_all(holds, n=sizes, Z=matrices())
    first, second = seen[: len(seen) // 2], seen[len(seen) // 2 :]
    assert first == second
    assert len({shape for _, shape, _ in first}) > 1


def test_the_values_are_floats_of_the_shapes_asked_for():
    def holds(Z, v):
        assert Z.shape[0] == 2
        assert Z.dtype == np.float64
        assert np.all(np.round(8 * Z) == 8 * Z)
        assert v.shape == (3,)

    for_all(holds, Z=matrices(rows=2, columns=sizes), v=vectors(3))


def test_the_smallest_input_is_told():
    def holds(n):
        assert_matches(n < 5, True, name="whether n is small", mistakes={"too large": False})

    with pytest.raises(KnownMistake, match=r"^Too large\.\n.*\nThe smallest input found: n = 5$") as caught:
        for_all(holds, n=st.integers(0, 1000).map(lambda n: n + 3))
    assert caught.value.mistake == "Too large."


def test_an_error_of_the_students_is_told_with_its_input():
    def holds(z):
        raise StudentError("activations.relu", "TypeError", "no", None)

    with pytest.raises(StudentError, match=r"^relu raised TypeError: no \(for z = 0\.0\)$"):
        for_all(holds, z=numbers)


@pytest.mark.parametrize("kind", [NotWritten, TimedOut, Died])
def test_what_another_input_would_not_change_ends_it_at_once(kind):
    tried = []

    def holds(n):
        tried.append(n)
        raise kind("activations.relu", kind.__name__, "so it is")

    with pytest.raises(kind, match=r"^so it is$"):
        for_all(holds, n=sizes)
    assert len(tried) == 1


def test_a_hang_while_looking_for_smaller_values_ends_the_search():
    tried = []

    def holds(n):
        tried.append(n)
        if len(tried) > 1:
            raise TimedOut("activations.relu", "TimedOut", "it hangs")
        raise AssertionError("wrong")

    with pytest.raises(AssertionError, match=r"^wrong\n"):
        for_all(holds, n=sizes)
    assert len(tried) == 2


def test_the_search_is_bounded():
    tried = []

    def holds(Z):
        tried.append(Z)
        raise AssertionError(f"wrong {len(tried)}")  # another message each time: Hypothesis calls that flaky

    with pytest.raises(AssertionError, match="The smallest input found"):
        for_all(holds, Z=matrices())
    assert len(tried) <= 1 + ATTEMPTS_TO_SHRINK


def test_what_fails_only_once_has_failed():
    tried = []

    def holds(n):
        tried.append(n)
        assert len(tried) > 1

    with pytest.raises(AssertionError, match="The smallest input found: n = "):
        for_all(holds, n=sizes)
