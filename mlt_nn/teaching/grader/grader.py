"""Grading: submissions one after another, by public and hidden checks."""

import contextlib
import platform
from collections.abc import Callable
from dataclasses import replace
from importlib import metadata

import numpy as np

from mlt_nn.grading.process import SEED
from mlt_nn.grading.results import ExerciseResult, Failure, Graded, Kind
from mlt_nn.grading.run import Checks
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import PROJECT, SOLUTIONS
from mlt_nn.teaching.building.stubs import stub_text
from mlt_nn.teaching.grader.graded_student import SECONDS, GradedStudent
from mlt_nn.teaching.grader.isolation import Isolation
from mlt_nn.teaching.grader.reference import Reference
from mlt_nn.teaching.grader.submission import Submission, read

PUBLIC = PROJECT / "tests" / "public"
HIDDEN = PROJECT / "tests" / "hidden"

_MAX_MESSAGE = 2_000
_NOT_OF_THE_KIND = "The answer is not of the right kind."
# What a check raises over an answer that it was not written for. Memory or a disk that is full is not of these.
_OVER_AN_ANSWER = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class NotIsolated(Exception):  # noqa: N818
    """Students' code would run with our own rights, and could read the hidden checks."""


class Grader:
    """Grades submissions one after another: the checks are collected once, and the reference is asked once.

    Arguments:
        isolation: as `isolation()` found it out; its sandboxes are closed with the grader.
        allow_process: grade without a sandbox too.
        seconds: that all calls of one exercise may take, on our clock.
        checks: a folder of checks to grade by in place of the course's; then only exercises that it checks are graded.

    Raises:
        NotIsolated: without a sandbox, unless that is allowed.
        RuntimeError: when a check file cannot be read, or an exercise of the course has no check.

    Use it in a `with` statement, at whose end nothing is left running.
    """

    def __init__(self, isolation: Isolation, allow_process=False, seconds=SECONDS, checks=None):
        if isolation.level != "sandbox" and not allow_process:
            raise NotIsolated(f"students' code cannot be shut in on this computer: {isolation.reason}")
        self._isolation, self._seconds = isolation, seconds
        with contextlib.ExitStack() as stack:
            stack.callback(isolation.close)
            folders = check_folders() if checks is None else [checks]
            self._checks = {folder: Checks(sorted(folder.glob("test_*.py"))) for folder in folders}
            known = {name for each in self._checks.values() for name in each.exercises}
            missing = [exercise.name for exercise in EXERCISES if exercise.name not in known]
            if missing and checks is None:
                raise RuntimeError(f"there is no check for {', '.join(missing)}")
            self._exercises = [exercise for exercise in EXERCISES if exercise.name in known]
            solutions = read(SOLUTIONS)
            self._given = {each.module: stub_text(each.data.decode("utf-8"), each.module) for each in solutions.modules}
            self._given = isolation.prepare(self._given)
            folder = stack.enter_context(solutions.unpacked())
            self._teacher = stack.enter_context(Reference(folder, seconds, isolation.start))
            self._open = stack.pop_all()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def grade(self, submission: Submission) -> Graded:
        """Grade one submission."""
        outcomes = self._outcomes(submission)
        files = tuple(
            {"name": f"{each.module}.py", "sha256": each.sha256, "lines": len(each.lines), "problem": each.problem}
            for each in submission.modules
        )
        return Graded(
            submission.name,
            tuple(ExerciseResult.of(each, outcomes[each.name], self._number(each)) for each in self._exercises),
            files,
            submission.problem,
            HIDDEN in self._checks,
            self._isolation.level,
            self._isolation.reason,
            _versions(),
            SEED,
        )

    def _number(self, exercise):
        return sum(checks.number(exercise.name) for checks in self._checks.values())

    def _outcomes(self, submission):
        """{exercise: what may be told of its checks: None when it passed, or a Failure}."""
        outcomes = {exercise.name: _unread(exercise, submission) for exercise in self._exercises}
        todo = [exercise for exercise in self._exercises if not outcomes[exercise.name]]
        todo.sort(key=lambda exercise: MODULES.index(exercise.module))  # each module is loaded once
        with submission.unpacked() as folder:
            # The hidden checks run in a worker of their own, after all others: what they ask must not be found in
            # what the student's functions answer or print in a public one.
            for where, checks in self._checks.items():
                with GradedStudent(folder, self._teacher, self._given, self._isolation.start, self._seconds) as student:
                    for exercise in todo:
                        known = outcomes[exercise.name]
                        if any(each and each.kind in (Kind.TIMED_OUT, Kind.DIED) for each in known):
                            continue  # it has had its time
                        student.grade(exercise.name)
                        for ran in self._judged(exercise.name, student, checks):
                            known.append(ran.failure and _told(exercise, ran, where == HIDDEN, submission))
        return outcomes

    def _judged(self, name, student, checks):
        """What ran. A check that the reference passes is not broken: what the student's function returned is no fit."""
        ran = checks.results(name, student)
        if not any(map(_broke_over_an_answer, ran)):
            return ran
        of_reference = checks.results(name, self._teacher)
        return [
            each._replace(failure=replace(each.failure, message=_NOT_OF_THE_KIND, kind=Kind.ANSWER))
            if right.failure is None and _broke_over_an_answer(each)
            else each
            for each, right in zip(ran, of_reference, strict=False)  # a hang ends the first list sooner
        ]

    def close(self):
        """End all workers."""
        self._open.close()


def grade(
    paths,
    isolation: Isolation,
    tell: Callable[[Graded], None] = lambda graded: None,
    allow_process=False,
    seconds=SECONDS,
):
    """Grade submissions, each in a worker of its own.

    Arguments:
        paths: folders and zips of exercise modules.
        tell: called with each Graded as soon as it is there.
        isolation, allow_process, seconds: as in Grader, which raises what is raised here.

    Returns:
        A list of Graded.

    Raises:
        FileNotFoundError: when there is nothing at a path, before anything is graded.
    """
    submissions = [read(path) for path in paths]
    graded = []
    with Grader(isolation, allow_process, seconds) as grader:
        for submission in submissions:
            graded.append(grader.grade(submission))
            tell(graded[-1])
    return graded


def check_folders():
    """The folders of checks that there are: of public ones, and of hidden ones where a teacher has them."""
    return [folder for folder in (PUBLIC, HIDDEN) if any(folder.glob("test_*.py"))]


def _versions():
    try:
        course = metadata.version("mlt-nn")
    except metadata.PackageNotFoundError:
        course = "not installed"
    return {"mlt-nn": course, "python": platform.python_version(), "numpy": np.__version__}


def _unread(exercise, submission):
    """The Failure of an exercise whose file cannot be graded, in a list."""
    submitted = submission.module(exercise.module)
    if submitted is None:
        message = f"{exercise.module}.py was not handed in."
        return [Failure("", False, message, module=exercise.module, kind=Kind.NO_FILE)]
    if submitted.problem:
        return [Failure("", False, submitted.problem, module=exercise.module, kind=Kind.UNREADABLE)]
    return []


def _told(exercise, ran, hidden, submission):
    """The Failure that may be told. Its line is read from what was handed in: the worker's word is not taken for it."""
    failure = replace(ran.failure, hidden=hidden, line=None, source="", module=exercise.module, caller=None)
    line, submitted = ran.failure.line, submission.module(ran.failure.module)
    if line and submitted and 1 <= line <= len(submitted.lines):
        source = submitted.lines[line - 1].strip()[:_MAX_MESSAGE]
        failure = replace(failure, line=line, source=source, module=ran.failure.module)
    if hidden:
        return replace(failure, message=_with_input(_discreet(exercise, failure), ran.raised))
    return replace(failure, message=failure.message[:_MAX_MESSAGE])


def _broke_over_an_answer(ran):
    return ran.state == "broken" and isinstance(ran.raised, _OVER_AN_ANSWER)


def _discreet(exercise, failure):
    """What may be told of a hidden check: nothing that the student's code could have filled with what it was asked."""
    match failure.kind:
        case Kind.NOT_WRITTEN:
            return f"{exercise.function} is not written yet."
        case Kind.TIMED_OUT:
            return f"{exercise.function} did not come back in time."
        case Kind.DIED:
            return f"the process that ran {exercise.function} ended in the middle of it."
        case Kind.BROKEN:
            return "A check of ours is broken, which is no mistake of yours."
        case Kind.MISSING | Kind.NOT_SENT:
            return f"{exercise.function} is missing, or returned something that no exercise asks for."
        case Kind.ANSWER:
            return failure.mistake or "The answer is not right."
    return f"{exercise.function} raised {failure.exception or 'an exception'}."


def _with_input(message, raised):
    """The message with the smallest input of a property that failed, in which nothing is the student's."""
    given = getattr(raised, "given", "")
    return f"{message}\nThe smallest input found: {given}" if given else message
