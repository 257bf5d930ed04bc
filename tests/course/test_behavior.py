"""assert_raises, assert_unchanged and assert_silent: what they accept and what they tell a beginner."""

import math
import textwrap

import numpy as np
import pytest

from mlt_nn.grading import assert_raises, assert_silent, assert_unchanged
from mlt_nn.grading.student import NotWritten, Student, StudentError


@pytest.fixture
def function_of(tmp_path):
    """losses.one_hot(labels, k) with this body."""
    students = []

    def make(body):
        text = "import numpy as np\n\ndef one_hot(labels, k=2):\n" + textwrap.indent(body, "    ")
        (tmp_path / "losses.py").write_text(text, encoding="utf-8")
        students.append(Student(tmp_path, deadline=60))
        return students[-1].losses.one_hot

    yield make
    for student in students:
        student.close()


def told(assertion, *args, **kwargs):
    with pytest.raises(AssertionError) as caught:
        assertion(*args, **kwargs)
    return str(caught.value)


def test_the_wanted_exception_with_its_names_passes(function_of):
    function = function_of("raise ValueError('y has shape (3,) and y_hat has (3, 1)')")
    assert_raises(ValueError, function, 0, k=3, names=("(3,)", "(3, 1)"))
    assert_raises(Exception, function, 0)


def test_a_message_that_names_too_little_is_told(function_of):
    function = function_of("raise ValueError('y has shape (3,)')")
    said = told(assert_raises, ValueError, function, 0, names=("(3,)", "(3, 1)"))
    assert said == "the message of ValueError should name (3, 1). It says: 'y has shape (3,)'"


def test_no_exception_is_told(function_of):
    assert told(assert_raises, ValueError, function_of("return np.ones((2, 3))"), 0) == (
        "one_hot returned an array of shape (2, 3); it should raise ValueError."
    )


def test_no_exception_for_arrays_is_told_with_their_shapes(function_of):
    function = function_of("return 3.0")
    assert told(assert_raises, ValueError, function, np.ones((3, 2)), np.ones(3)) == (
        "one_hot returned the number 3; given the shapes (3, 2) and (3,) it should raise ValueError."
    )


def test_an_answer_without_a_place_is_told_in_one_sentence(function_of):
    assert told(assert_raises, ValueError, function_of("return (i for i in 'ab')"), 0) == (
        "one_hot returned a value of type generator; it should return numbers, arrays, or a tuple or dict of these. "
        "Here it should raise ValueError."
    )


@pytest.mark.parametrize(
    "body", ["raise TypeError('no')", "class ValueErrors(Exception): pass\nraise ValueErrors('no')"]
)
def test_another_exception_is_told(function_of, body):
    said = told(assert_raises, ValueError, function_of(body), 0)
    assert said.startswith("one_hot raised ")
    assert said.endswith("Error: no. Here it should raise ValueError.") or "ValueErrors: no. Here" in said


def test_a_stub_does_not_raise_what_is_wanted(function_of):
    # NotImplementedError is a RuntimeError.
    with pytest.raises(NotWritten):
        assert_raises(RuntimeError, function_of("raise NotImplementedError('one_hot is yours to write')"), 0)


def test_unchanged_arguments_pass_and_the_result_comes_back(function_of):
    function = function_of("return labels, k")
    W = {1: np.array([1.0, np.nan]), 2: [np.array([True])], 3: [2, np.nan]}
    labels, k = assert_unchanged(function, W, k=(1, "x", None))
    assert labels[2] == [np.array([True])]
    assert k == (1, "x", None)


CHANGES = {
    "an entry": ("labels[1, 0] = 9", "labels[1, 0] was 3 and is 9 after the call"),
    "to nan": ("labels[0, 1] = np.nan", "labels[0, 1] was 2 and is nan after the call"),
    "the whole": ("labels *= 2", "labels[0, 0] was 1 and is 2 after the call"),
    "the shape": ("labels.shape = (4,)", "labels was an array of shape (2, 2) of float64 and is another now"),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.filterwarnings("ignore")
def test_a_changed_array_is_told(function_of, name):
    body, said = CHANGES[name]
    got = told(assert_unchanged, function_of(body), np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert got == f"one_hot changes its argument labels: {said}. Work on a new array."


DICT_CHANGES = {
    "an entry": ("k[1] -= 1", "k[1][0] was 5 and is 4 after the call"),
    "a key": ("k[2] = 0", "its keys were [1] and are [1, 2] now"),
    "another array": ("k[1] = np.zeros(3)", "k[1] was an array of shape (1,) of float64 and is another now"),
}


@pytest.mark.parametrize("name", DICT_CHANGES)
def test_a_changed_dict_is_told_by_position_and_by_name(function_of, name):
    body, said = DICT_CHANGES[name]
    function, k = function_of(body), {1: np.array([5.0])}
    for args, kwargs in (((0, k), {}), ((0,), {"k": k})):
        assert f"its argument k: {said}." in told(assert_unchanged, function, *args, **kwargs)


def test_a_changed_list_is_told(function_of):
    assert "labels: labels was a list of 2 and is a list of 3 now" in told(
        assert_unchanged, function_of("labels.append(1)"), [1, 2]
    )
    assert "labels: labels[1] was the number 2 and is the number 0 now" in told(
        assert_unchanged, function_of("labels[1] = 0"), [1, 2, math.nan]
    )
    assert "labels: labels[0] was the number 1 and is an array of shape (2,) now" in told(
        assert_unchanged, function_of("labels[0] = np.ones(2)"), [1, 2]
    )
    assert "labels: labels[1][0] was 2 and is 3" in told(
        assert_unchanged, function_of("labels[1][0] = 3"), [1, np.array([2.0])]
    )


def test_a_random_generator_may_move_on(function_of):
    assert (
        assert_unchanged(function_of("return k.random()"), 0, np.random.default_rng(0))
        == np.random.default_rng(0).random()
    )


def test_silence_passes_and_the_result_comes_back(function_of):
    assert assert_silent(function_of("return labels + 1"), 1) == 2


def test_a_warning_is_told_with_its_line(function_of):
    said = told(assert_silent, function_of("return 1 / (1 + np.exp(-labels))"), np.array([-1000.0]))
    assert said == "RuntimeWarning: overflow encountered in exp in line 4: return 1 / (1 + np.exp(-labels))"


def test_a_warning_may_be_a_known_mistake(function_of):
    function = function_of("return 1 / (1 + np.exp(-labels))")
    mistakes = {"there is a 0": "divide by zero", "that is too large": "overflow"}
    with pytest.raises(AssertionError) as caught:
        assert_silent(function, np.array([-1000.0]), mistakes=mistakes)
    assert caught.value.mistake == "That is too large."
    assert str(caught.value).startswith("That is too large.\nRuntimeWarning: overflow encountered in exp in line 4")
    assert caught.value.discreet == "That is too large.\none_hot warns."
    mistakes.popitem()
    with pytest.raises(AssertionError) as caught:
        assert_silent(function, np.array([-1000.0]), mistakes=mistakes)
    assert caught.value.mistake == ""
    assert caught.value.discreet == "one_hot warns."


def test_an_exception_is_not_hidden_by_the_two(function_of):
    function = function_of("raise ValueError('no')")
    for assertion in (assert_silent, assert_unchanged):
        with pytest.raises(StudentError, match="one_hot raised ValueError: no"):
            assertion(function, 0)
