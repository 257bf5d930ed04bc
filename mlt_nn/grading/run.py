"""The checks, collected once from their files, and run for one student or for many."""

import re
import warnings
from dataclasses import replace
from typing import NamedTuple

from mlt_nn.grading.collection import Check, collect
from mlt_nn.grading.hints import hint
from mlt_nn.grading.process import SEED
from mlt_nn.grading.report import shown_path
from mlt_nn.grading.results import ExerciseResult, Failure, Kind, Place
from mlt_nn.grading.student import NotWritten, StudentError
from mlt_nn.support.catalogue import find


class Ran(NamedTuple):
    """A check that was run."""

    check: Check
    failure: Failure | None
    """None when it passed."""
    printed: str
    """What the student's functions printed meanwhile."""
    raised: BaseException | None
    """What it raised when it did not pass."""

    @property
    def state(self):
        return self.failure.kind.state if self.failure else "passed"


class Checks:
    """The checks of some files.

    Arguments:
        files: the check files.
        seed: what the checks draw their inputs from.

    Raises:
        RuntimeError: when a file cannot be read; it is ours, and no student is to blame.
    """

    def __init__(self, files, seed=SEED):
        self._seed = seed
        self._checks: dict[str, list[Check]] = {}
        for file in files:
            for check in collect(file):
                self._checks.setdefault(check.exercise, []).append(check)

    @property
    def exercises(self):
        """The names of the exercises that have checks."""
        return tuple(self._checks)

    def number(self, name):
        """How many checks an exercise has."""
        return len(self._checks.get(name, ()))

    def report(self, name, student):
        """Run the checks of one exercise, as in "activations.softmax", for one Student; returns an ExerciseResult."""
        exercise, ran = find(name), self.results(name, student)
        result = ExerciseResult.of(exercise, [each.failure for each in ran], self.number(name))
        printed = "".join(each.printed for each in ran if each.failure is result.first_failure)
        folder = shown_path(student.file(exercise.module)).rpartition("/")[0]
        return replace(result, printed=printed, folder=folder)

    def earning(self, name):
        """How many checks of an exercise draw their inputs, which nobody can have in advance."""
        return sum(check.draws for check in self._checks.get(name, ()))

    def results(self, name, student, *attempt):
        """The same as a list of Ran, in the order in which the checks stand in their files.

        After a function that hung or died, the exercise's other checks are not run.

        Arguments:
            attempt: its number, if there are several: in each of them other inputs are drawn.
        """
        exercise = find(name)
        file = student.file(exercise.module)
        results: list[Ran] = []
        for check in self._checks.get(name, ()):
            student.fetch_printed()
            raised = self._raised_by(check, student, attempt)
            failure = None if raised is None else judge(exercise, check.name, raised, file)
            results.append(Ran(check, failure, student.fetch_printed(), raised))
            if failure and failure.kind.is_an_end:
                break
        return results

    def _raised_by(self, check, student, attempt):
        with warnings.catch_warnings():
            # A check computes wrong answers too, to name mistakes; NumPy's comments on them are not for the student.
            warnings.simplefilter("ignore")
            try:
                check.ask(student, self._seed, *attempt)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # SystemExit too
                return error
        return None


def judge(exercise, check, raised, file):
    """The Failure of a check, from what it raised. `file` is the student's."""
    if not isinstance(raised, (StudentError, AssertionError)):
        words = f"{type(raised).__name__}: {raised}"
        return Failure(check, False, words, module=exercise.module, kind=Kind.BROKEN)
    place = getattr(raised, "place", None) or definition(exercise, file)
    if getattr(raised, "loading", False):
        check = ""
    kind, words, exception = Kind.ANSWER, str(raised), ""
    if isinstance(raised, StudentError):
        kind, exception = raised.kind, raised.exception
        words = "\n".join(filter(None, (words, hint(raised))))
    if isinstance(raised, NotWritten) and place and (missing := f"{place.module}.{place.function}") != exercise.name:
        kind, words = Kind.NEEDS, f"{exercise.name} needs {missing}, which is not written yet. {raised}"
    mistake = getattr(raised, "mistake", "")
    if place is None:
        return Failure(check, False, words, None, "", exercise.module, mistake, kind, exception)
    return Failure(check, False, words, place.line, place.source, place.module, mistake, kind, exception, place.caller)


def definition(exercise, file):
    """The Place where the student's file defines the function of an exercise, or None."""
    # As Python counts lines: those of a str end at form feeds, too, of which a small file may hold half a million.
    text = file.read_bytes().splitlines()
    lines = [line.decode("utf-8", "replace") if line.startswith(b"def ") else "" for line in text]
    number = line_of(exercise, lines)
    return number and Place(exercise.module, number, lines[number - 1], exercise.function)


def line_of(exercise, lines):
    """The number of the line that defines the function of an exercise, or None; of several the last counts."""
    begins = re.compile(rf"def {exercise.function}\b")
    return max((number for number, line in enumerate(lines, 1) if begins.match(line)), default=None)
