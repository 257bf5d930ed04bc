"""The tree of results: read back as it was written, and told in the same words to everyone."""

import json

import pytest

from mlt_nn.grading.results import STATES, WRONG, ExerciseResult, Failure, Kind, Place
from mlt_nn.support.catalogue import find
from mlt_nn.teaching.grader.graded import Graded

RELU = find("activations.relu")


def test_a_grade_is_read_back_as_it_was():
    caller = Place("activations", 3, "return neuron(z)", "relu")
    first = Failure("At 0", True, "No.", 7, "return z", "neuron", "You forgot it.", Kind.RAISED, "ValueError", caller)
    wrong = ExerciseResult(
        "activations.relu", 1, 0.25, "failed", 1, 4, first, "student", "z", ("neuron.neuron",), (2, 3)
    )
    right = ExerciseResult.of(find("activations.tanh"), [None, None], 2)
    files = ({"name": "activations.py", "sha256": "ab", "lines": 3, "problem": ""},)
    graded = Graded("Zoë", (wrong, right), files, "", True, "sandbox", "", {"python": "3.11.9"}, 7)
    for plain in (graded.to_json(), json.loads(json.dumps(graded.to_json()))):
        again = Graded.from_json(plain)
        assert again == graded
        assert type(again.exercises[0].first_failure.kind) is Kind
        assert (plain["points"], plain["max_points"]) == (graded.points, graded.max_points) == (1.25, 2)


def test_a_grade_of_before_hidden_checks_were_counted_apart_is_read():
    plain = Graded("Ada", (ExerciseResult.of(RELU, [None], 2),), (), "", True, "sandbox", "", {}, 7).to_json()
    del plain["exercises"][0]["public"]
    assert Graded.from_json(plain).exercises[0].counted() == "1 of 2 checks passed."


@pytest.mark.parametrize(
    "damage",
    [
        lambda plain: plain.pop("seed"),
        lambda plain: plain["exercises"][0].pop("name"),
        lambda plain: plain["exercises"][0]["first_failure"].update(kind="none of these"),
        lambda plain: plain["exercises"][0]["first_failure"].update(more=1),
    ],
)
def test_a_damaged_grade_is_none(damage):
    wrong = ExerciseResult.of(RELU, [Failure("At 0", False, "No.")], 4)
    plain = Graded("Ada", (wrong,), (), "", True, "sandbox", "", {}, 7).to_json()
    damage(plain)
    with pytest.raises((KeyError, TypeError, ValueError)):
        Graded.from_json(plain)


def test_every_kind_of_failure_has_a_state_that_can_be_shown():
    assert {kind.state for kind in Kind} == set(STATES) - {"passed"}
    assert {kind.state for kind in Kind if STATES[kind.state].look == "wrong"} == set(WRONG)


def test_a_broken_check_is_told_before_what_is_wrong():
    failures = [Failure("At 0", False, "No."), Failure("Ours", False, "KeyError: 1", kind=Kind.BROKEN)]
    result = ExerciseResult.of(RELU, [None, *failures, None], 4)
    assert (result.state, result.first_failure.check, result.points) == ("broken", "Ours", 0.5)
    assert ExerciseResult.of(RELU, failures[:1], 3).state == "failed"


def test_a_hidden_check_is_told_as_one():
    failure = Failure("At 0", True, "The answer\nis not right.", 7, "return z", "activations")
    assert failure.lines() == [
        "First to mend: At 0 (a check that runs only when work is graded).",
        "The answer",
        "is not right.",
        "Your file: mlt_nn/activations.py, line 7: return z",
    ]


def test_what_was_not_handed_in_is_not_said_to_be_unwritten():
    absent = Failure("", False, "losses.py was not handed in.", module="losses", kind=Kind.NO_FILE)
    assert ExerciseResult.of(find("losses.one_hot"), [absent], 3).lines() == [
        "losses.one_hot: losses.py was not handed in."
    ]


@pytest.mark.parametrize("kind", [Kind.MISSING, Kind.UNREADABLE, Kind.NO_FILE])
def test_what_hits_all_checks_alike_is_told_without_one(kind):
    failure = Failure("At 0", False, "Why.", module="activations", kind=kind)
    assert failure.lines("student") == ["Why.", "Your file: student/activations.py"]
