"""Checks run by pytest's own protocol, in this process: collected once, for one student or for many."""

import os
import re
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from mlt_nn.grading.collection import MARKER, exercise_of, human_name, weight_of
from mlt_nn.grading.hints import hint
from mlt_nn.grading.report import CheckResult, ExerciseReport, shown_path
from mlt_nn.grading.student import Died, NotWritten, Place, StudentError, TimedOut
from mlt_nn.support.catalogue import find

# pytest without whatever else could speak up or look around: no settings, conftest, plugins or cache of the project's
# folder, no output, nothing captured (a notebook's output stays the notebook's).
_QUIET = [
    "--assert=plain",
    "--capture=no",
    "--disable-plugin-autoload",
    "--import-mode=importlib",
    "--noconftest",
    "--strict-markers",
    *("-c", str(Path(__file__).with_name("pytest.ini"))),
    *(f"-pno:{plugin}" for plugin in ("cacheprovider", "doctest", "faulthandler", "junitxml", "logging", "setuponly")),
    *(f"-pno:{plugin}" for plugin in ("setupplan", "skipping", "terminal", "threadexception", "unittest")),
    *(f"-pno:{plugin}" for plugin in ("unraisableexception", "warnings")),
]


def run(files, work):
    """Collect check files and hand the collected checks to `work`.

    Arguments:
        files: the check files.
        work: a function that takes the Checks; it may run them for one student after another.

    Returns:
        What `work` returned.

    Raises:
        RuntimeError: when a check file cannot be read; it is ours, and no student is to blame.
    """
    checks = Checks(work)
    root = os.path.commonpath([Path(file).parent for file in files])
    with _undisturbed(files):
        code = pytest.main([*_QUIET, f"--rootdir={root}", *map(str, files)], plugins=[checks])
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if checks.failure is not None:
        raise checks.failure
    if not checks.ran:
        raise RuntimeError(
            "the checks could not be collected; that is our mistake, not yours:\n" + "\n".join(checks.problems)
        )
    return checks.outcome


class Ran(NamedTuple):
    """A check that was run."""

    result: CheckResult
    weight: int
    """How much it counts among the checks of its exercise."""
    raised: BaseException | None
    """What it raised when it did not pass."""


class Checks:
    """The collected checks: a pytest plugin that gives them the fixture `student`.

    A check is ordinary pytest: it passes when it returns. Which exercise it belongs to is said by `@exercise`.
    """

    def __init__(self, work):
        self._work = work
        self._items: dict = {}
        self._student = None
        self._raised = None
        self.problems: list[str] = []
        self.failure: Exception | None = None
        self.outcome = None
        self.ran = False

    @property
    def exercises(self):
        """The names of the exercises that have checks."""
        return tuple(self._items)

    def weights(self, name):
        """The weights of an exercise's checks."""
        return [weight_of(item) for item in self._items[name]]

    def report(self, name, student):
        """Run the checks of one exercise, as in "activations.softmax", for one Student.

        Returns an ExerciseReport. After a function that hung or died, the exercise's other checks are not run.
        """
        results = tuple(ran.result for ran in self.results(name, student))
        return ExerciseReport(name, results, shown_path(student.file(find(name).module)))

    def results(self, name, student, folder=None):
        """The same as a list of Ran, in the order in which the checks stand in their files.

        Arguments:
            folder: run only the checks of files in this folder.
        """
        exercise = find(name)
        file = student.file(exercise.module)
        folder = folder and Path(folder).resolve()
        results: list[Ran] = []
        for item in self._items.get(name, ()):
            if folder is not None and item.path.parent != folder:
                continue
            if results and results[-1].result.state in ("timed out", "died", "not run"):
                results.append(Ran(CheckResult(human_name(item), "not run"), weight_of(item), None))
                continue
            raised, printed = self._run(item, student)
            result = judge(exercise, human_name(item), raised, printed, file)
            results.append(Ran(result, weight_of(item), raised))
        return results

    def _run(self, item, student):
        self._student, self._raised = student, None
        student.fetch_printed()
        item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
        return self._raised, student.fetch_printed()

    @pytest.fixture
    def student(self):
        return self._student

    def pytest_configure(self, config):
        config.addinivalue_line("markers", MARKER)

    def pytest_collectreport(self, report):
        if report.failed:
            self.problems.append(str(report.longrepr))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item, call):
        if call.excinfo is None:
            return None
        self._raised = self._raised or call.excinfo.value
        # pytest's own report has the traceback written out, which takes longer than the check and which nobody reads.
        return pytest.TestReport(item.nodeid, item.location, {}, "failed", None, call.when)

    def pytest_runtestloop(self, session):
        if self.problems:
            return True
        for item in session.items:
            self._items.setdefault(exercise_of(item), []).append(item)
        if None in self._items:
            self.problems += [f"{item.nodeid} does not say which exercise it checks" for item in self._items[None]]
            return True
        self.ran = True
        try:
            self.outcome = self._work(self)
        except Exception as error:  # pytest would print it and end with a code; it belongs to our caller
            self.failure = error
        return True


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


@contextmanager
def _undisturbed(files):
    """Neither pytest's variables nor check modules of an earlier run reach this one, and none of its own remain.

    Nor does a pytest around this one, as in the project's own tests: it would rewrite asserts and so what they say.
    """
    files = {str(Path(file).resolve()) for file in files}
    variables = {name: os.environ.pop(name) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS") if name in os.environ}
    earlier = dict(sys.modules)
    finders = list(sys.meta_path)
    sys.meta_path[:] = [finder for finder in finders if type(finder).__name__ != "AssertionRewritingHook"]
    try:
        with warnings.catch_warnings():
            # A check computes wrong answers too, to name mistakes; NumPy's comments on them are not for the student.
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.meta_path[:] = finders
        os.environ.update(variables)
        for name in set(sys.modules) - set(earlier):
            if getattr(sys.modules[name], "__file__", None) in files:
                del sys.modules[name]
