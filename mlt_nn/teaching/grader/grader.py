"""Grading: submissions one after another, by public and hidden checks."""

import contextlib
import platform
import secrets
import sys
from collections.abc import Callable, Collection
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from mlt_nn.grading.collection import Check
from mlt_nn.grading.hints import NOT_FOUND
from mlt_nn.grading.results import ExerciseResult, Failure, Kind
from mlt_nn.grading.run import Checks, line_of
from mlt_nn.grading.student import SYNTAX_ERRORS
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.environment import dotted, installed_version
from mlt_nn.support.folders import PROJECT, SOLUTIONS
from mlt_nn.teaching.building.stubs import stub_text
from mlt_nn.teaching.grader.graded import Graded
from mlt_nn.teaching.grader.graded_student import SECONDS, GradedStudent
from mlt_nn.teaching.grader.isolation import Isolation
from mlt_nn.teaching.grader.reference import Reference
from mlt_nn.teaching.grader.submission import Submission, read

PUBLIC = PROJECT / "tests" / "public"
HIDDEN = PROJECT / "tests" / "hidden"

# A second try, with more time, shows whether the first was the computer's fault.
_TRIES = 2
# For a whole submission, all tries included: as many as all its exercises may compute in one.
SUBMISSION_SECONDS = SECONDS * len(EXERCISES)

_MAX_MESSAGE = 2_000
_NOT_OF_THE_KIND = "The answer is not of the right kind."
_IS_THERE = "When work is graded there are the nine files, NumPy and Python's own library, and nothing else."
# What a check raises over an answer that it was not written for. Memory or a disk that is full is not of these.
_OVER_AN_ANSWER = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class NotIsolated(Exception):  # noqa: N818
    """Students' code would run with our own rights, and could read the hidden checks."""


class Grader:
    """Grades submissions one after another: the checks are collected once, and the reference is asked once.

    Arguments:
        isolation: as `isolation()` found it out; its sandboxes are closed with the grader.
        allow_process: grade without a sandbox too.
        seconds: that all calls of one exercise may compute.
        checks: a folder of checks to grade by in place of the course's; then only exercises that it checks are graded.
        seed: what the checks draw their inputs from, the same for all submissions; None draws one.

    Raises:
        NotIsolated: without a sandbox, unless that is allowed.
        RuntimeError: when a check file cannot be read, or checks, solutions and catalogue do not agree.

    Use it in a `with` statement, at whose end nothing is left running.
    """

    def __init__(self, isolation: Isolation, allow_process=False, seconds=SECONDS, checks=None, seed=None):
        if isolation.level != "sandbox" and not allow_process:
            raise NotIsolated(f"students' code cannot be shut in on this computer: {isolation.reason}")
        self._isolation, self._seconds = isolation, seconds
        self.seed = new_seed() if seed is None else seed
        with contextlib.ExitStack() as stack:
            stack.callback(isolation.close)
            folders = check_folders() if checks is None else [checks]
            self._checks = collected(folders, self.seed, all_of_them=checks is None)
            known = {name for each in self._checks.values() for name in each.exercises}
            self._exercises = [exercise for exercise in EXERCISES if exercise.name in known]
            self._given = isolation.prepare(stubs())
            self._solutions, self._learned = read(SOLUTIONS), set[str]()
            folder = stack.enter_context(self._solutions.unpacked())
            self._teacher = stack.enter_context(Reference(folder, seconds, isolation.start))
            self._open = stack.pop_all()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def grade(self, submission: Submission, exercises: Collection[str] | None = None) -> Graded:
        """Grade the exercises of these names, by default all, of one submission."""
        wanted = [each for each in self._exercises if exercises is None or each.name in exercises]
        if new := [each for each in wanted if each.name not in self._learned]:
            self._learn(new)
        asked = self._asked(submission, wanted)
        unreadable = _unreadable(checks[0].failure for checks in asked.values() if checks)
        files = tuple(
            {
                "name": f"{each.module}.py",
                "sha256": each.sha256,
                "lines": len(each.lines),
                "problem": each.problem or unreadable.get(each.module, ""),
            }
            for each in submission.modules
        )
        course = installed_version("mlt-nn") or "not installed"
        versions = {"mlt-nn": course, "python": platform.python_version(), "numpy": np.__version__}
        return Graded(
            submission.name,
            tuple(self._result(each, asked[each.name]) for each in wanted),
            files,
            submission.problem,
            HIDDEN in self._checks,
            self._isolation.level,
            self._isolation.reason,
            versions,
            self.seed,
        )

    def _learn(self, exercises):
        """Grade our own solutions, so that the reference keeps what a right function asks it."""
        with self._teacher.keeping():
            self._asked(self._solutions, exercises)
        self._learned |= {exercise.name for exercise in exercises}

    def _result(self, exercise, asked):
        """Its points are the share of the hidden checks that draw their inputs; of all, where there are none."""
        number = {folder: checks.number(exercise.name) for folder, checks in self._checks.items()}
        if _is_right(decisive := [each for each in asked if each.hidden]):
            asked = decisive  # the others have nothing to tell, asked or not
        result = ExerciseResult.of(exercise, [each.failure for each in asked], sum(number.values()))
        earning = self._checks[HIDDEN].earning(exercise.name) if HIDDEN in self._checks else 0
        if not earning:
            return result
        right = [each for each in asked if each.failure is None]
        passed = sum(each.earns for each in right)
        public = sum(not each.hidden for each in right), 0 if result.is_right else number.get(PUBLIC, 0)
        points = exercise.points * passed / earning
        return replace(result, points=points, passed=passed, checks=earning, public=public)

    def _asked(self, submission, exercises):
        """{exercise: a list of _Asked}."""
        asked = {exercise.name: _unread(exercise, submission) for exercise in exercises}
        todo = [exercise for exercise in exercises if not asked[exercise.name]]
        todo.sort(key=lambda exercise: MODULES.index(exercise.module))  # a file that hangs is tried once
        left = SUBMISSION_SECONDS * self._seconds / SECONDS
        with submission.unpacked() as folder:
            for attempt in range(1, _TRIES + 1):
                seconds = attempt * self._seconds
                with GradedStudent(folder, self._teacher, self._given, self._isolation.start, seconds) as student:
                    for exercise in todo:
                        if student.spent < left:
                            found = self._try(exercise, student, submission, attempt)
                            asked[exercise.name] = _with_what_stays(asked[exercise.name], found)
                        elif not asked[exercise.name]:
                            asked[exercise.name] = [_Asked(_out_of_time(exercise))]
                left -= student.spent
                todo = [each for each in todo if each.name in student.disturbed or _is_in_doubt(asked[each.name])]
        return asked

    def _try(self, exercise, student, submission, attempt):
        """The hidden checks, and where something is wrong the public ones too: they earn nothing, and tell what it is.

        A second try begins with the public ones, which tell of a function that does not end in which line it was.
        """
        asked: list[_Asked] = []
        # The hidden checks have a worker of their own: what they ask must not be found in what the student's functions
        # answer or print in a public one.
        for where in sorted(self._checks, key=lambda folder: folder == HIDDEN, reverse=attempt == 1):
            hidden = where == HIDDEN
            student.grade(exercise.name, recorded=hidden)
            found: list[_Asked] = []
            # A second try asks those of the first again: to end is no way around them.
            for draw in range(attempt, 0, -1) if hidden else [attempt]:
                ran = self._judged(exercise.name, student, self._checks[where], draw)
                found = _with_what_stays(found, [_asked(exercise, each, hidden, submission) for each in ran])
                if _ended(found):
                    break
            asked += found
            student.close()
            if _ended(asked) or _is_right(asked):
                break  # it has had its time, or its points
        return sorted(asked, key=attrgetter("hidden"))

    def _judged(self, name, student, checks, attempt):
        """What ran. A check that the reference passes is not broken: what the student's function returned is no fit."""
        ran = checks.results(name, student, attempt)
        if not any(map(_broke_over_an_answer, ran)):
            return ran
        of_reference = checks.results(name, self._teacher, attempt)
        return [
            each._replace(failure=replace(each.failure, message=_NOT_OF_THE_KIND, kind=Kind.ANSWER))
            if right.failure is None and _broke_over_an_answer(each)
            else each
            for each, right in zip(ran, of_reference, strict=False)  # a hang ends the first list sooner
        ]

    def close(self):
        """End all workers."""
        self._open.close()


class _Asked(NamedTuple):
    """A check that was asked."""

    failure: Failure | None
    """What may be told of it; None when it passed."""
    earns: bool = False
    """Whether points hang on it."""
    hidden: bool = False
    check: Check | None = None
    """None in place of all checks of an exercise."""


def _asked(exercise, ran, hidden, submission):
    failure = ran.failure and _told(exercise, ran, hidden, submission)
    return _Asked(failure, hidden and ran.check.draws, hidden, ran.check)


def _is_right(asked):
    """Whether points hang on these checks, and all passed."""
    return any(each.earns for each in asked) and not any(each.failure for each in asked)


def _unreadable(failures):
    """{module: why its file could not be graded}."""
    return {each.module: each.message for each in failures if each and each.is_of_the_file}


def _ended(asked):
    return any(each.failure and each.failure.kind.is_an_end for each in asked)


def _is_in_doubt(asked):
    """Whether another try may end otherwise: a process of ours, too, may have been killed by the computer."""
    return _ended(asked) or any(each.failure and each.failure.kind is Kind.BROKEN for each in asked)


def _with_what_stays(before, found):
    """What was found after something else, and what was not asked again, for it ended sooner.

    But what was wrong before stays so, or to end would be a way to other inputs; unless memory was short, be it ours.
    """
    wrong = [each for each in before if each.failure and each.failure.exception != "MemoryError"]
    stays = {each.check: each for each in wrong if not _is_in_doubt([each])}
    again = {each.check for each in found}
    return [stays.get(each.check, each) for each in found] + [each for each in before if each.check not in again]


def _out_of_time(exercise):
    message = f"{exercise.function} was not called: the exercises before it had used up the time of the submission."
    return Failure("The time of the whole submission", False, message, module=exercise.module, kind=Kind.TIMED_OUT)


def new_seed():
    """A seed that nobody knows in advance."""
    return secrets.randbits(32)


def grade(
    paths,
    isolation: Isolation,
    tell: Callable[[Graded], None] = lambda graded: None,
    allow_process=False,
    seconds=SECONDS,
    seed=None,
    exercises=None,
):
    """Grade submissions, each in a worker of its own.

    Arguments:
        paths: folders and zips of exercise modules.
        tell: called with each Graded as soon as it is there.
        isolation, allow_process, seconds, seed: as in Grader, which raises what is raised here.
        exercises: as in Grader.grade.

    Returns:
        A list of Graded.

    Raises:
        FileNotFoundError: when there is nothing at a path, before anything is graded.
    """
    submissions = [read(path) for path in paths]
    graded = []
    with Grader(isolation, allow_process, seconds, seed=seed) as grader:
        for submission in submissions:
            graded.append(grader.grade(submission, exercises))
            tell(graded[-1])
    return graded


def collected(folders, seed=0, all_of_them=True):
    """{folder: its Checks}.

    Raises:
        RuntimeError: when a file cannot be read, or an exercise of the course has no check and all must have one.
    """
    checks = {folder: Checks(sorted(folder.glob("test_*.py")), seed) for folder in folders}
    known = {name for each in checks.values() for name in each.exercises}
    missing = [exercise.name for exercise in EXERCISES if exercise.name not in known]
    if missing and all_of_them:
        raise RuntimeError(f"there is no check for {', '.join(missing)}")
    return checks


def stubs():
    """The texts of the stubs, by module.

    Raises:
        RuntimeError: when the solutions cannot be read, or do not have the exercises of the catalogue.
    """
    solutions = read(SOLUTIONS)
    missing = [f"{module}.py is missing" for module in MODULES if solutions.module(module) is None]
    problems = [solutions.problem, *(each.problem for each in solutions.modules), *missing]
    for problem in filter(None, problems):
        raise RuntimeError(f"the solutions in {SOLUTIONS} cannot be used: {problem}")
    try:
        return {each.module: stub_text(each.data.decode("utf-8"), each.module) for each in solutions.modules}
    except ValueError as error:
        raise RuntimeError(f"the solutions and the catalogue do not agree: {error}") from error


def check_folders():
    """The folders of checks that there are: of public ones, and of hidden ones where a teacher has them."""
    return [folder for folder in (PUBLIC, HIDDEN) if any(folder.glob("test_*.py"))]


def _unread(exercise, submission):
    """Of an exercise whose file cannot be graded what takes the place of its checks, in a list."""
    submitted = submission.module(exercise.module)
    if submitted is None:
        message = f"{exercise.module}.py was not handed in."
        return [_Asked(Failure("", False, message, module=exercise.module, kind=Kind.NO_FILE))]
    if submitted.problem:
        return [_Asked(Failure("", False, submitted.problem, module=exercise.module, kind=Kind.UNREADABLE))]
    return []


def _told(exercise, ran, hidden, submission):
    """The Failure that may be told: nothing in it was chosen by the student's code, which knows what it was asked.

    Its line is read from what was handed in; of a hidden check it is that of the function's definition.
    """
    failure = replace(ran.failure, hidden=hidden, line=None, source="", module=exercise.module, caller=None)
    module = exercise.module if hidden else ran.failure.module
    submitted = submission.module(module)
    lines = submitted.lines if submitted else ()
    line = line_of(exercise, lines) if hidden else ran.failure.line
    if line and 1 <= line <= len(lines):
        failure = replace(failure, line=line, source=lines[line - 1].strip()[:_MAX_MESSAGE], module=module)
    if failure.kind is Kind.UNREADABLE:
        return replace(failure, message=_discreet(exercise, failure) + _newer(failure, submission.python))
    if hidden:
        # The smallest input of a property that failed: nothing in it is the student's.
        given = getattr(ran.raised, "given", "")
        words = f"\nThe smallest input found: {given}" if given else ""
        return replace(failure, message=_discreet(exercise, failure) + words)
    if failure.kind is Kind.ANSWER:
        return replace(failure, message=getattr(ran.raised, "discreet", failure.message)[:_MAX_MESSAGE])
    return replace(failure, message=_discreet(exercise, failure))


def _newer(failure, python):
    """What to add when a file that cannot be read was checked with that newer Python."""
    if failure.exception not in SYNTAX_ERRORS or python <= sys.version_info[:2]:
        return ""
    here = dotted(sys.version_info[:2])
    return (
        f" It was checked with Python {dotted(python)} and graded with {here}, which may lack what is new in that one."
    )


def _broke_over_an_answer(ran):
    return ran.state == "broken" and isinstance(ran.raised, _OVER_AN_ANSWER)


def _discreet(exercise, failure):
    """What may be told of a failure in place of words that the student's code could have chosen."""
    match failure.kind:
        case Kind.NOT_WRITTEN:
            return f"{exercise.function} is not written yet."
        case Kind.TIMED_OUT if failure.is_of_the_file:
            return f"mlt_nn/{exercise.module}.py did not finish loading in time: is there a loop outside the functions?"
        case Kind.DIED if failure.is_of_the_file:
            return f"mlt_nn/{exercise.module}.py ends Python when it is loaded."
        case Kind.TIMED_OUT:
            return f"{exercise.function} did not come back in time."
        case Kind.DIED:
            return f"the process that ran {exercise.function} ended in the middle of it."
        case Kind.BROKEN:
            return "A check of ours is broken, which is no mistake of yours."
        case Kind.NOT_SERVED:
            return f"the computer was too busy to tell whether {exercise.function} comes back in time."
        case Kind.UNREADABLE:
            file = f"mlt_nn/{failure.module}.py"
            which = f"line {failure.line}" if failure.line and not failure.hidden else "it"
            if failure.exception in SYNTAX_ERRORS:
                return f"{file} cannot be read: {which} is no Python."
            there = f" {_IS_THERE}" if failure.exception in NOT_FOUND else ""
            return f"{file} cannot be imported: {which} raises {failure.exception or 'an exception'}.{there}"
        case Kind.MISSING:
            return f"mlt_nn/{exercise.module}.py has no function {exercise.function} (has it another name?)."
        case Kind.NOT_SENT:
            return f"{exercise.function} returned something that no exercise asks for."
        case Kind.ANSWER:
            return failure.mistake or "The answer is not right."
    return f"{exercise.function} raised {failure.exception or 'an exception'}."
