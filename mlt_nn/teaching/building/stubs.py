"""The stubs in `mlt_nn/`, generated from the solutions: all but the lines that the student writes."""

import ast
import hashlib

from mlt_nn.support.catalogue import EXERCISES, MODULES, find
from mlt_nn.support.folders import PACKAGE, PROJECT, SOLUTIONS
from mlt_nn.support.writing import write_bytes, write_text

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
REPLACED = PROJECT / ".mlt_nn" / "replaced"


def stub_text(source, module, written=()):
    """The text of a stub module.

    Arguments:
        source: the text of the solution module.
        module: its name, as in "activations".
        written: names of exercises, as in "activations.sigmoid", whose solution stays: what a student has who has come
            that far.

    Raises:
        ValueError: when markers and exercises do not agree: each exercise has one marked part, nothing else has.
    """
    marked = _functions_with_a_marked_part(source, module)
    wanted = [exercise.function for exercise in EXERCISES if exercise.module == module]
    if sorted(marked) != sorted(wanted):
        raise ValueError(
            f"{module}.py marks a solution in {sorted(marked)}, but the catalogue's exercises are {sorted(wanted)}"
        )
    lines, leave_out, exercises = [], False, iter(f"{module}.{function}" for function in marked)
    for line in source.splitlines(keepends=True):
        if line.strip() == BEGIN:
            exercise = next(exercises)
            leave_out = exercise not in written
            if leave_out:
                indent = line[: line.index(BEGIN)]
                lines += [f"{indent}{text}\n" for text in _raise(find(exercise))]
        elif line.strip() == END:
            leave_out = False
        elif not leave_out:
            lines.append(line)
    return "".join(lines)


def _raise(exercise):
    return (
        "# Your lines go here, in the place of this error.",
        "raise NotImplementedError(",
        f'    "{exercise.function} is yours to write: open mlt_nn/{exercise.module}.py; "',
        f"    \"notebook {exercise.notebook} explains it under '{exercise.section}'.\"",
        ")",
    )


def _functions_with_a_marked_part(source, module):
    """The names of the functions that hold a BEGIN and an END, in their order."""
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    marks = [
        (number, line.strip()) for number, line in enumerate(source.splitlines(), 1) if line.strip() in (BEGIN, END)
    ]
    if [mark for _, mark in marks] != [BEGIN, END] * (len(marks) // 2):
        raise ValueError(f"in {module}.py the markers {BEGIN} and {END} do not alternate")
    names = []
    for (begin, _), (end, _) in zip(marks[::2], marks[1::2], strict=True):
        around = [f.name for f in functions if f.lineno < begin and end <= (f.end_lineno or 0) + 1]
        if not around:
            raise ValueError(f"in {module}.py the markers at lines {begin} to {end} are not inside a function")
        names.append(around[-1])
    return names


def keep(file):
    """Put a copy of a file that is overwritten into `.mlt_nn/replaced/`."""
    data = file.read_bytes()
    REPLACED.mkdir(parents=True, exist_ok=True)
    write_bytes(REPLACED / f"{file.stem}-{hashlib.sha256(data).hexdigest()[:8]}{file.suffix}", data)


def write_stubs():
    """Write `mlt_nn/<module>.py` for every exercise module; returns the names of those that changed.

    What stood there is kept in `.mlt_nn/replaced/`: somebody may have written an exercise in it.
    """
    changed = []
    for module in MODULES:
        text = stub_text((SOLUTIONS / f"{module}.py").read_text(encoding="utf-8"), module)
        file = PACKAGE / f"{module}.py"
        if file.exists():
            if file.read_bytes() == text.encode():
                continue
            keep(file)
        write_text(file, text)
        changed.append(module)
    return changed
