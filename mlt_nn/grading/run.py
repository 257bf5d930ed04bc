"""The checks, collected once from their files, and run for one student or for many."""

import re
import warnings
from typing import NamedTuple

from mlt_nn.grading.collection import Check, collect
from mlt_nn.grading.hints import hint
from mlt_nn.grading.process import SEED
from mlt_nn.grading.report import CheckResult, ExerciseReport, shown_path
from mlt_nn.grading.student import Died, NotWritten, Place, StudentError, TimedOut
from mlt_nn.support.catalogue import exercise as find


class Ran(NamedTuple):
    """A check that was run."""

    result: CheckResult
    raised: BaseException | None
    """What it raised when it did not pass."""


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
        """Run the checks of one exercise, as in "activations.softmax", for one Student; returns an ExerciseReport."""
        results = tuple(ran.result for ran in self.results(name, student))
        return ExerciseReport(name, results, shown_path(student.file(find(name).module)))

    def results(self, name, student):
        """The same as a list of Ran, in the order in which the checks stand in their files.

        After a function that hung or died, the exercise's other checks are not run.
        """
        exercise = find(name)
        file = student.file(exercise.module)
        results: list[Ran] = []
        for check in self._checks.get(name, ()):
            if results and results[-1].result.state in ("timed out", "died", "not run"):
                results.append(Ran(CheckResult(check.name, "not run"), None))
                continue
            student.fetch_printed()
            raised = self._raised_by(check, student)
            results.append(Ran(judge(exercise, check.name, raised, student.fetch_printed(), file), raised))
        return results

    def _raised_by(self, check, student):
        with warnings.catch_warnings():
            # A check computes wrong answers too, to name mistakes; NumPy's comments on them are not for the student.
            warnings.simplefilter("ignore")
            try:
                check.ask(student, self._seed)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # SystemExit too
                return error
        return None


def judge(exercise, name, raised, printed, file):
    """The result of one check, from what it raised (None: it passed). `file` is the student's."""
    if raised is None:
        return CheckResult(name, "passed", printed=printed)
    place = getattr(raised, "place", None) or definition(exercise, file)
    match raised:
        case NotWritten():
            missing = f"{place.module}.{place.function}" if place else exercise.name
            if missing == exercise.name:
                return CheckResult(name, "not written", str(raised), place, printed)
            message = f"{exercise.name} needs {missing}, which is not written yet. {raised}"
            return CheckResult(name, "failed", message, place, printed)
        case TimedOut():
            return CheckResult(name, "timed out", str(raised), place, printed)
        case Died():
            return CheckResult(name, "died", str(raised), place, printed)
        case StudentError():
            message = "\n".join(filter(None, (str(raised), hint(raised.type, raised.message))))
            return CheckResult(name, "failed", message, place, printed, raised.unreadable or raised.type == "Missing")
        case AssertionError():
            return CheckResult(name, "failed", str(raised), place, printed)
    return CheckResult(name, "broken", f"{type(raised).__name__}: {raised}", printed=printed)


def definition(exercise, file):
    """The Place where the student's file defines the function of an exercise, or None."""
    for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if re.match(rf"def {exercise.function}\b", line):
            return Place(exercise.module, number, line, exercise.function)
    return None
