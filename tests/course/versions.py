"""Many versions of the exercises of one module in one worker; a file says which one is in force.

A worker takes a tenth of a second to start, a check of one version some milliseconds.
"""

import ast

from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.teaching.building.stubs import stub_text

CHOICE = """

import functools
import pathlib


def choose(right, name, versions):
    @functools.wraps(right)
    def answer(*args, **kwargs):
        now, number = pathlib.Path({now!r}).read_text().split()
        return (versions[int(number)] if now == name else right)(*args, **kwargs)

    return answer

"""


def solution(module):
    return (SOLUTIONS / f"{module}.py").read_text(encoding="utf-8")


def write(folder, text_of):
    """A folder of exercise modules, each with the text that text_of(module) gives."""
    for module in MODULES:
        (folder / f"{module}.py").write_text(text_of(module), encoding="utf-8")
    return folder


def write_stage(folder, notebooks):
    """A folder of the modules of somebody who has written the exercises of these notebooks, and no other."""
    written = {exercise.name for exercise in EXERCISES if exercise.notebook in notebooks}
    return write(folder, lambda module: stub_text(solution(module), module, written))


def write_versions(folder, module, versions):
    """A folder of the solutions, in which one module holds other versions of its exercises too.

    Arguments:
        versions: {exercise: the texts of modules that hold a version of it}.

    Returns:
        A function: in_force("activations.softmax", 3) puts the fourth version of that exercise in force. Everything
        else stays right.
    """
    now = folder / "now.txt"
    text = solution(module) + CHOICE.format(now=str(now))
    for exercise in EXERCISES:
        if exercise.module == module:
            function, names = exercise.function, []
            for number, source in enumerate(versions[exercise.name]):
                names.append(f"{function}_{number}")
                text += definition(source, function, names[-1]) + "\n\n"
            text += f"{function} = choose({function}, {exercise.name!r}, [{', '.join(names)}])\n\n"
    write(folder, lambda other: text if other == module else solution(other))
    return lambda name, number: now.write_text(f"{name} {number}", encoding="utf-8")


def definition(source, function, new_name):
    """The lines that define a function, under another name."""
    (node,) = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == function)
    lines = "\n".join(source.splitlines()[node.lineno - 1 : node.end_lineno])
    return lines.replace(f"def {function}(", f"def {new_name}(", 1)
