"""Functions with a planted bug each, whose lines stay hidden until the bug is named from the outside.

They stand in the text of a notebook, in `course/source/`, as one block; its first line names them:

    ```{suspects} suspect_1 suspect_2
    def suspect_1(x):
        y = 2 * x
        return y

    def suspect_2(x):
        y = x  # guilty: the factor 2 is forgotten
        return y
    ```

A line ends in `# guilty: why`; what is to be named is the variable that it assigns. A suspect without such a line is
innocent, for not every suspect is guilty.
"""

import ast
import base64
import re
from typing import NamedTuple

from mlt_nn.support.folders import COURSE

SOURCE = COURSE / "source"
BLOCK = re.compile(r"^```\{suspects\} *(.*?) *$\n(.*?)^``` *$", re.MULTILINE | re.DOTALL)
INNOCENT = "nothing"
_SEAL = "sealed "

_GUILTY = re.compile(r"^\s*([A-Za-z_]\w*)\b.*# guilty: (.+)$", re.MULTILINE)


class Verdict(NamedTuple):
    """What an accusation comes to."""

    proven: bool
    text: str

    def __repr__(self):
        return self.text


def suspects(notebook, *names, given, source=SOURCE):
    """The suspects of a notebook, as functions.

    Arguments:
        notebook: its number, as in "05".
        names: those of the functions, as in "suspect_1".
        given: what their lines use, by name: `globals()` in a notebook.

    Raises:
        ValueError: when the notebook has no such suspect.
    """
    lines = {name: text for block in blocks(notebook, source) for name, text in functions(block).items()}
    unknown = [name for name in names if name not in lines]
    if unknown:
        raise ValueError(f"notebook {notebook} has no {unknown[0]!r}; its suspects are: {', '.join(lines) or 'none'}")
    found = []
    for name in names:
        scope = dict(given)
        # Under a name that is no file, so that neither a traceback nor `??` shows the lines.
        exec(compile(lines[name], f"<{name}>", "exec"), scope)
        scope[name].__doc__ = None
        scope[name]._lines = lines[name]
        found.append(scope[name])
    return tuple(found)


def convict(suspect, variable):
    """Accuse a suspect of computing one of its variables wrongly, as in convict(suspect_2, "a1_g").

    Arguments:
        variable: its name, or "nothing" for a suspect that is innocent.

    Returns:
        A `Verdict`; a notebook shows it. When it is proven the lines of the suspect are shown.
    """
    guilty = _GUILTY.search(suspect._lines)
    wanted, why = guilty.groups() if guilty else (INNOCENT, "every line of it is right")
    if variable == wanted:
        return Verdict(True, f"Proven: {why}.\n\n{suspect._lines.strip()}")
    if variable == INNOCENT:
        return Verdict(
            False, f"Not so: {suspect.__name__} has a wrong line. Which of its results is not as it should be?"
        )
    return Verdict(
        False,
        f"Not proven: the line of {variable} is not where {suspect.__name__} goes wrong.\n"
        "Which results are wrong, which are right, and what do the wrong ones have in common that the right ones lack? "
        "More than one variable may fit.",
    )


def blocks(notebook, source=SOURCE):
    """The blocks of suspects in the text of a notebook, as they stand there."""
    files = sorted(source.glob(f"{notebook}_*.md")) if notebook.isdigit() else []
    return [block[0] for file in files for block in BLOCK.finditer(file.read_text(encoding="utf-8"))]


def sealed(block):
    """A block that does the same, and whose lines nobody reads in passing."""
    ((named, body),) = BLOCK.findall(block)
    return f"```{{suspects}} {named}\n{_SEAL}{base64.b64encode(body.encode()).decode()}\n```"


def functions(block):
    """{name: its lines} of a block.

    Raises:
        ValueError: when it does not define the functions that its first line names.
    """
    ((named, body),) = BLOCK.findall(block)
    if body.startswith(_SEAL):
        body = base64.b64decode(body.removeprefix(_SEAL)).decode()
    lines = body.splitlines(keepends=True)
    found = {
        node.name: "".join(lines[node.lineno - 1 : node.end_lineno])
        for node in ast.parse(body).body
        if isinstance(node, ast.FunctionDef)
    }
    if list(found) != named.split():
        raise ValueError(f"a block of suspects names {named!r} and defines {', '.join(found) or 'nothing'}")
    return found
