"""`check("activations.softmax")`: the public checks, on the student's own files, told at once."""

import contextlib
import re
import sys
from dataclasses import replace

from mlt_nn.grading.report import Report, shown_path
from mlt_nn.grading.run import Checks
from mlt_nn.grading.student import Student
from mlt_nn.support.catalogue import MODULES, earlier, find, named
from mlt_nn.support.folders import PACKAGE, PROJECT, get_back

PUBLIC_CHECKS = PROJECT / "tests" / "public"

_spare: Student | None = None
"""In a notebook: whose worker is ready for the next check, and has read no file of the student's yet."""


def check(name):
    """Check what you wrote, and say what to mend first.

    Arguments:
        name: an exercise ("activations.softmax"), a module ("activations") or a notebook ("02_activations", "02", "2").

    Returns:
        A Report; a notebook shows it.

    Raises:
        ValueError: when nothing has that name; the message lists the closest ones.
    """
    global _spare
    exercises = named(name)
    student, _spare = _spare, None
    report = check_exercises(exercises, student=student)
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython():
        # Python and NumPy take most of a check's time to start: they do so while the reader reads.
        _spare = Student()
        with contextlib.suppress(OSError):  # no room for one more process now: the next check tries again
            _spare.start()
    return report


def check_exercises(exercises, checks=PUBLIC_CHECKS, folder=None, student=None):
    """Run the checks of exercises for one student, in one worker.

    Arguments:
        exercises: entries of the catalogue.
        checks: the folder with the check files, test_<module>.py.
        folder: the folder of exercise modules; None means the student's own.
        student: the Student to ask, whom this closes, in place of a new one.

    Raises:
        FileNotFoundError: when a check file is missing, or the student's.
        RuntimeError: when one cannot be read, or has no check for one of the exercises.
    """
    files = [checks / f"test_{module}.py" for module in dict.fromkeys(exercise.module for exercise in exercises)]
    for file in files:
        if not file.is_file():
            raise FileNotFoundError(f"the checks tests/public/{file.name} are missing. {get_back(file)}")
    with student or Student(folder) as student:
        for module in dict.fromkeys(exercise.module for exercise in exercises):
            file = student.file(module)
            if not file.is_file():
                raise FileNotFoundError(f"your file {shown_path(file)} is gone. {get_back(PACKAGE / f'{module}.py')}")
        student.start()  # while the checks are collected
        collected = Checks(files)
        absent = [exercise.name for exercise in exercises if exercise.name not in collected.exercises]
        if absent:
            raise RuntimeError(f"there is no check for {', '.join(absent)} in {', '.join(file.name for file in files)}")
        results = [collected.report(exercise.name, student) for exercise in exercises]
        return Report(tuple(_with_wrong_before(results, student, checks)))


def _with_wrong_before(results, student, checks):
    """The results; those of wrong exercises name what is wrong before them, on which they may build."""
    wrong = {each.name: each.is_wrong for each in results}
    before = {name: _within_reach(name, student) for name, is_wrong in wrong.items() if is_wrong}
    more = [name for names in before.values() for name in names if name not in wrong]
    files = {module: checks / f"test_{module}.py" for module in dict.fromkeys(find(name).module for name in more)}
    collected = Checks(file for module, file in files.items() if file.is_file() and student.file(module).is_file())
    known = set(collected.exercises)
    wrong |= {name: collected.report(name, student).is_wrong for name in dict.fromkeys(more) if name in known}
    for each in results:
        yield replace(each, wrong_before=tuple(name for name in before.get(each.name, ()) if wrong.get(name)))


def _within_reach(name, student):
    """The exercises before it in its own file, and in those that this imports, by way of others too."""
    reached, files = set(), [find(name).module]
    while files:
        module = files.pop()
        if module not in reached and student.file(module).is_file():
            reached.add(module)
            text = student.file(module).read_text(encoding="utf-8", errors="replace")
            imports = " ".join(re.findall(r"^\s*(?:from|import)\b.*\bmlt_nn\b.*", text, re.MULTILINE))
            files += [word for word in re.findall(r"\w+", imports) if word in MODULES]
    return [each for each in earlier(name) if find(each).module in reached]
