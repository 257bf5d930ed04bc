"""Graded classes without grading: records of students who did this and that."""

from datetime import UTC, datetime

from mlt_nn.grading.results import ExerciseResult, Failure, Kind
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.teaching.classroom.record import Record
from mlt_nn.teaching.grader.graded import Graded
from mlt_nn.teaching.pages.student_page import file_names

WHEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
HOSTILE = "</p><script>alert(1)</script>\x00\x1b[31m\u202e \ud800 ]]> &amp; 'quoted' \"twice\""


def failed(exercise, message="z is 1; it should be 2.", state="failed", share=0.0, mistake="", check="By hand", **more):
    """A graded exercise that is not right; `more` goes to its Failure."""
    known = {"hidden": False, "module": exercise.module, "kind": Kind.ANSWER if state == "failed" else Kind(state)}
    first = Failure(check, message=message, mistake=mistake, **known | more)
    points = exercise.points * share
    return ExerciseResult(exercise.name, exercise.points, points, state, round(4 * share), 4, first, public=(0, 3))


def passed(exercise):
    """A graded exercise that is right."""
    return ExerciseResult(exercise.name, exercise.points, exercise.points, "passed", 4, 4, public=(0, 0))


def grade(wrong=None, problem="", files=None):
    """The Graded of somebody with everything right but these: {name: the arguments of `failed`}."""
    wrong = wrong or {}
    exercises = tuple(failed(each, **wrong[each.name]) if each.name in wrong else passed(each) for each in EXERCISES)
    if files is None:
        files = tuple({"name": f"{each}.py", "sha256": "ab" * 32, "lines": 40, "problem": ""} for each in MODULES)
    versions = {"mlt-nn": "0.1.0", "python": "3.11.9", "numpy": "2.1.0"}
    return Graded("ada", exercises, files, problem, True, "sandbox", "", versions, 1)


def record(student="Ada", graded=None, **more):
    """A Record of a student."""
    known = {"attempt": 1, "late": False, "when": WHEN, "when_by": "Moodle", "status": "graded", "problem": ""}
    return Record(student, grade=graded, page=file_names([student])[student], **known | more)


def refused(problem, student="Stu"):
    """The record of somebody who handed in what cannot be graded."""
    return record(student, grade(problem=problem), status="student error", problem=problem)


def ungraded(student="Inga"):
    """A record without a grade, since our machine failed."""
    return record(student, status="infrastructure error", problem="a reason")
