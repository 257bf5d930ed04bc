"""What a beginner is told about a wrong answer, word by word; and that a right answer passes."""

import numpy as np
import pytest

from mlt_nn.grading import assert_close, assert_matches
from mlt_nn.grading.compare import KnownMistake

A = np.array([[0.25, 0.5, 0.25], [0.125, 0.125, 0.75]])
RESULT = "the result"

WIDENED = (
    "the result is float64 though the input is float32: something widened it. At the end, .astype(z.dtype) gives it "
    "that dtype."
)


def message(got, wanted, **options):
    with pytest.raises(AssertionError) as caught:
        assert_matches(got, wanted, **options)
    return str(caught.value)


RIGHT = {
    "the same array": (A, A),
    "a rounding apart": (A * (1 + 1e-15), A),
    "a rounding apart in float32": (A.astype(np.float32) * np.float32(1 + 1e-7), A.astype(np.float32)),
    "a rounding off zero": (np.array([1e-17]), np.array([0.0])),
    "other byte order": (A.astype(">f8"), A),
    "column order": (np.asfortranarray(A), A),
    "other integers": (np.array([1, 2], np.int8), np.array([1, 2])),
    "unsigned integers": (np.array([1, 2], np.uint64), np.array([1, 2])),
    "infinities": (np.array([np.inf, -np.inf]), np.array([np.inf, -np.inf])),
    "a wanted nan": (np.array([np.nan]), np.array([np.nan])),
    "an empty array": (np.zeros((0, 3)), np.zeros((0, 3))),
    "truth values": (np.array([True]), np.array([True])),
    "int for float": (3, 3.0),
    "float for int": (26.0, 26),
    "a NumPy scalar": (np.float64(0.5), 0.5),
    "a float32 scalar": (np.float32(0.1), 0.1),
    "a 0-d array": (np.array(0.5), 0.5),
    "a wanted 0-d array": (0.5, np.array(0.5)),
    "a NumPy bool": (np.True_, True),
    "None": (None, None),
    "a text": ("relu", "relu"),
    "a dict in another order": ({2: A, 1: 0.5}, {1: 0.5, 2: A}),
    "a list for a tuple": ([A, 1], (A, 1)),
    "nested": (({1: A}, {"loss": [1.0, 2.0]}), ({1: A}, {"loss": [1.0, 2.0]})),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_passes(name):
    assert_matches(*RIGHT[name])


@pytest.mark.parametrize(
    ("got", "wanted", "said"),
    [
        # type
        (None, A, "the result is None (is a return missing?); it should be an array of shape (2, 3)."),
        (None, 1.5, "the result is None (is a return missing?); it should be a number."),
        (None, {1: A}, "the result is None (is a return missing?); it should be a dict with the keys 1."),
        (None, (A, A), "the result is None (is a return missing?); it should be a tuple of 2."),
        ([[1.0]], A, "the result is a list of 1: np.array makes one of a list; it should be an array of shape (2, 3)."),
        (0.5, A, "the result is the number 0.5; it should be an array of shape (2, 3)."),
        ({1: A}, A, "the result is a dict; it should be an array of shape (2, 3)."),
        (A, 0.5, "the result is an array of shape (2, 3); it should be a number."),
        (np.array([0.5]), 0.5, "the result is an array of shape (1,): take its only entry; it should be a number."),
        (np.array([[0.5]]), 0.5, "the result is an array of shape (1, 1): take its only entry; it should be a number."),
        ([0.5], 0.5, "the result is a list of 1; it should be a number."),
        (True, 1, "the result is the truth value True; it should be a number."),
        (np.array(True), 1, "the result is the truth value True; it should be a number."),
        ("1", 1, "the result is the text '1'; it should be a number."),
        (1j, 1.0, "the result is the complex number 1j; it should be 1."),
        (np.float16(0.5), 0.5, "the result is the float16 number 0.5: something rounded it to three digits."),
        (10**30, 7, "the result is 1e+30; it should be 7."),
        (-(10**400), 7.5, "the result is -inf; it should be 7.5."),
        (10**400, A, "the result is the number inf; it should be an array of shape (2, 3)."),
        (1, True, "the result is the number 1; it should be the truth value True."),
        (A, None, "the result is an array of shape (2, 3); it should be None."),
        (A, "relu", "the result is an array of shape (2, 3); it should be the text 'relu'."),
        (A, (A, A), "the result is an array of shape (2, 3); it should be a tuple of 2."),
        (A, {1: A}, "the result is an array of shape (2, 3); it should be a dict with the keys 1."),
        ((A,), (A, A), "the result is a tuple of 1; it should have 2 entries."),
        ([], [A], "the result is a list of 0; it should have 1 entry."),
        ({0: A, 1: A}, {1: A}, "the result has the keys 0, 1; it should have the key 1."),
        ({}, {1: A, 2: A}, "the result has no keys; it should have the keys 1, 2."),
        # shape
        (A.T, A, "the result has shape (3, 2); it should have (2, 3)."),
        (np.ones(3), np.ones((3, 1)), "the result has shape (3,); it should have (3, 1)."),
        # dtype
        (
            A,
            A.astype(np.float32),
            WIDENED,
        ),
        (A.astype(np.float32), A, "the result is float32 though the input is float64: something rounded it."),
        (np.array([1]), np.array([1.0]), "the result holds int64; it should hold float64."),
        (np.array([1.0]), np.array([1]), "the result holds float64; it should hold integers."),
        (np.array([1]), np.array([True]), "the result holds int64; it should hold truth values."),
        (np.array([1j]), np.array([1.0]), "the result holds complex128; it should hold float64."),
        # NaN
        (
            np.array([[1.0, np.nan]]),
            np.array([[2.0, 0.5]]),
            "the result[0, 1] is nan (not a number), as 0/0, inf - inf or 0 * inf give it; it should be 0.5.",
        ),
        (
            float("nan"),
            0.5,
            "the result is nan (not a number), as 0/0, inf - inf or 0 * inf give it; it should be 0.5.",
        ),
        # values
        (2.0, 0.5, "the result is 2; it should be 0.5."),
        (27, 26, "the result is 27; it should be 26."),
        (0.1 + 1e-7, 0.1, "the result is 0.1000001; it should be 0.1."),
        (np.array([1.0, np.inf]), np.array([1.0, 7.0]), "the result[1] is inf; it should be 7."),
        (np.array([1, 3]), np.array([1, 2]), "the result[1] is 3; it should be 2."),
        (np.array([True]), np.array([False]), "the result[0] is 1; it should be 0."),
        (A, A + np.array([0, 0.5, 0]), "the result[0, 1] is 0.5; it should be 1. (2 of 6 entries are wrong.)"),
        ({1: A}, {0: A}, "the result has the key 1; it should have the key 0."),
        (
            {1: A},
            {1: A, 2: A},
            "the result has the key 1 (does the return stand inside the loop?); it should have the keys 1, 2.",
        ),
        ({2: A}, {1: A, 2: A}, "the result has the key 2; it should have the keys 1, 2."),
        ({1: A, 2: 2 * A}, {1: A, 2: A}, "the result[2][0, 0] is 0.5; it should be 0.25. (6 of 6 entries are wrong.)"),
        ((1.0, 2.0), (1.0, 3.0), "the result[1] is 2; it should be 3."),
        ({"loss": [1.0]}, {"loss": [2.0]}, "the result['loss'][0] is 1; it should be 2."),
    ],
)
def test_a_wrong_answer_is_told(got, wanted, said):
    # The default integer is int32 on some systems.
    assert message(got, wanted).replace("int32", "int64") == said


def test_an_answer_has_the_name_that_the_course_gives_it():
    assert message(A, A + 1, name="A").startswith("A[0, 0] is 0.25; it should be 1.25.")
    assert message({1: A}, {1: A.T}, name="W_g") == "W_g[1] has shape (2, 3); it should have (3, 2)."
    assert message(({1: A}, {1: 0.5}), ({1: A}, {1: 2.0}), name=("W", "b")) == "b[1] is 0.5; it should be 2."
    assert (
        message(A, (A, A), name=("W", "b"))
        == "the result is an array of shape (2, 3); it should be a tuple of 2: W, b."
    )
    assert message((A,), (A, A), name=("W", "b")) == "the result is a tuple of 1; it should have 2 entries: W, b."


def test_a_shape_is_explained_by_what_has_it_too():
    got, wanted = {1: np.ones((50, 784))}, {1: np.ones((784, 50))}
    said = "W_g[1] has shape (50, 784); its weight W[1] has (784, 50)."
    assert message(got, wanted, name="W_g", shapes={"W_g[1]": "its weight W[1]"}) == said
    assert message(got[1], wanted[1], name="W_g[1]", shapes="its weight W[1]") == said
    assert message(A.T, A, name="Z_g", shapes={"W_g[1]": "W[1]"}) == "Z_g has shape (3, 2); it should have (2, 3)."


MISTAKES = {"you divided by n; the course's loss is a sum": 2.0, "The 1/2 is missing.": 16.0}


def test_a_known_mistake_is_named_first():
    said = "the loss is 2; it should be 8."
    assert message(2.0, 8.0, name="the loss", mistakes=MISTAKES) == (
        f"You divided by n; the course's loss is a sum.\n{said}"
    )
    assert message(16.0, 8.0, mistakes=MISTAKES).startswith("The 1/2 is missing.\n")
    assert message(3.0, 8.0, mistakes=MISTAKES) == "the result is 3; it should be 8."
    assert_matches(8.0, 8.0, mistakes=MISTAKES)


@pytest.mark.parametrize(
    ("got", "wrong"),
    [
        (A.T, A.T),
        (A * np.nan, A * np.nan),
        (np.array([True, False]), np.array([True, False])),
        (None, None),
        ((2 * A, 3), (2 * A, 3)),
        ({1: 2 * A.astype(np.float32)}, {1: 2 * A}),
    ],
)
def test_a_mistake_is_known_by_whatever_comes_out(got, wrong):
    assert message(got, A, mistakes={"that is it": wrong}).startswith("That is it.\n")


def test_the_right_values_in_another_dtype_are_no_other_mistake():
    said = message(A, A.astype(np.float32), mistakes={"that is it": 2 * A})
    assert said == WIDENED


def test_a_wrong_value_is_told_before_a_wrong_dtype():
    narrow = A.astype(np.float32)
    said = "[0, 0] is 0.5; it should be 0.25. (6 of 6 entries are wrong.)"
    assert message(2 * A, narrow, name="A") == f"A{said}"
    assert message((A, 2 * A), (narrow, A), name=("A", "B")) == f"B{said}"


def test_a_dtype_may_be_the_mistake():
    mistakes = {"those are truth values": A > 0.3, "those are integers": (A > 0.3) * 1, "all of them": A > 0}
    wanted = np.where(A > 0.3, 1.0, 0.0)
    said = "the result holds {}; it should hold float64."
    assert message(A > 0.3, wanted, mistakes=mistakes) == f"Those are truth values.\n{said.format('bool')}"
    assert message((A > 0.3) * 1, wanted, mistakes=mistakes) == f"Those are integers.\n{said.format('int64')}"
    assert message((A > 0.3) * 1j, wanted, mistakes=mistakes) == said.format("complex128")
    assert message(A > 0, wanted, mistakes=mistakes).startswith("All of them.\n")


def test_a_mistake_that_gives_the_right_answer_is_a_mistake_of_the_check():
    with pytest.raises(ValueError, match="whose answer is the right one: 'that is it'"):
        assert_matches(2 * A, A, mistakes={"that is it": A + 1e-15})


def test_tolerances_can_be_given():
    assert_matches(1.001, 1.0, rtol=1e-2)
    assert_matches(np.array([1e-3]), np.array([0.0]), atol=1e-2)
    assert message(1.001, 1.0, rtol=1e-4) == "the result is 1.001; it should be 1."
    assert message(A * (1 + 1e-12), A, rtol=0, atol=0).endswith("(6 of 6 entries are wrong.)")


@pytest.mark.parametrize(("dtype", "off"), [(np.float64, 1e-7), (np.float32, 1e-3), (np.float16, 5e-2)])
def test_a_wrong_digit_is_wrong_in_every_precision(dtype, off):
    ones = np.ones(2, dtype)
    assert "should be 1" in message(ones * dtype(1 + off), ones)


THIRDS = np.array([1 / 3, -2 / 3])


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_four_digits_are_four_digits_in_every_dtype_of_the_answer(dtype):
    rounded = np.round(THIRDS, 4).astype(dtype)
    assert message(rounded[0], THIRDS[0]).startswith("the result is ")
    with pytest.raises(AssertionError, match="it should be"):
        assert_close(rounded, THIRDS)


def test_a_float32_number_may_be_off_by_its_own_rounding_and_no_more():
    assert_matches(np.float32(1 / 3), 1 / 3)
    assert message(np.float32(1 / 3 + 1e-5), 1 / 3) == "the result is 0.333343; it should be 0.333333."


@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        (THIRDS.astype(np.float32), THIRDS),
        (THIRDS, THIRDS.astype(np.float32)),
        (np.array([True, False]), np.array([1.0, 0.0])),
        (np.array([1, 0], np.int8), np.array([1.0, 0.0])),
        (np.array([2.0, 3.0]), np.array([2, 3])),
        ({1: THIRDS.astype(np.float32)}, {1: THIRDS}),
        ([np.float32(1 / 3), 2], (1 / 3, 2.0)),
        (np.array([np.inf]), np.array([np.inf])),
    ],
)
def test_values_may_come_in_any_dtype(got, wanted):
    assert_close(got, wanted)


@pytest.mark.parametrize(
    ("got", "wanted", "said"),
    [
        (THIRDS[:1], THIRDS, "A has shape (1,); it should have (2,)."),
        (
            THIRDS.tolist(),
            THIRDS,
            "A is a list of 2: np.array makes one of a list; it should be an array of shape (2,).",
        ),
        (THIRDS + 1e-5, THIRDS, "A[0] is 0.333343; it should be 0.333333. (2 of 2 entries are wrong.)"),
        (THIRDS * np.nan, THIRDS, "A[0] is nan (not a number), as 0/0, inf - inf or 0 * inf give it; it should be "),
        (THIRDS * 1j, THIRDS, "A holds complex128; it should hold float64."),
        (True, 1.0, "A is the truth value True; it should be a number."),
    ],
)
def test_values_must_be_right_to_six_digits_and_in_shape(got, wanted, said):
    with pytest.raises(AssertionError) as caught:
        assert_close(got, wanted, name="A")
    assert str(caught.value).startswith(said)


def test_a_known_mistake_in_values_is_named_and_one_that_does_not_show_is_not():
    mistakes = {"you did nothing": THIRDS, "you doubled it": 2 * THIRDS}
    with pytest.raises(KnownMistake, match=r"^You doubled it\.\nA\[0\] is 0\.666667; it should be 0\.333333\."):
        assert_close(2 * THIRDS.astype(np.float32), THIRDS, name="A", mistakes=mistakes)


def test_tolerances_of_values_can_be_given():
    assert_close(1e-200, 2e-200)
    with pytest.raises(AssertionError):
        assert_close(1e-200, 2e-200, atol=0)
    assert_close(1.001, 1.0, rtol=1e-2)
