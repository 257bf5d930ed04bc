"""The notebooks in `course/`, built from their text in `course/source/` and run with the solutions.

The text is MyST Markdown: `{code-cell}` blocks become code cells, `+++` divides text into cells, a `{question}` block
becomes the call that shows it (see `mlt_nn.support.questions`), and a `{suspects}` block the line that brings them in
(see `mlt_nn.support.suspects`). A link to an exercise file leads to the line of the exercise; the code of a cell that
only draws is folded. The way is one direction only: edit the text.
"""

import ast
import hashlib
import os
import re

import jupytext
import nbformat
from nbclient import NotebookClient

from mlt_nn import plots
from mlt_nn.grading.process import ONE_THREAD
from mlt_nn.support import suspects
from mlt_nn.support.catalogue import EXERCISES
from mlt_nn.support.folders import COURSE, PROJECT, SOLUTIONS
from mlt_nn.support.overlay import VARIABLE
from mlt_nn.support.writing import write_bytes, write_text
from mlt_nn.teaching.building.stubs import keep, stub_text

SOURCE = COURSE / "source"
BUILT = PROJECT / ".mlt_nn" / "build"

_QUESTION = re.compile(r"^```\{question\} *(\S+) *$.*?^```$", re.MULTILINE | re.DOTALL)
# A heading, or the end of a link to an exercise file.
_PLACE = re.compile(r"^## (.+)$|(?<=\]\(\.\./mlt_nn/)(\w+)\.py(?=\))", re.MULTILINE)
_SUSPECTS = "```{{code-cell}} ipython3\n{} = suspects(\n    {}\n)\n```"
_PICTURES = {"plots", *plots.__all__}
_WRITTEN = {exercise.function for exercise in EXERCISES}
_KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


def names():
    """The names of all notebooks that have a text, in their order."""
    return sorted(file.stem for file in SOURCE.glob("[0-9]*.md"))


def from_text(name):
    """The notebook of that name without outputs, as its text says."""
    number = name.partition("_")[0]
    text = (SOURCE / f"{name}.md").read_text(encoding="utf-8")
    text = _QUESTION.sub(lambda block: f'```{{code-cell}} ipython3\nquestion("{number}.{block[1]}")\n```', text)
    text = suspects.BLOCK.sub(lambda block: _SUSPECTS.format(*_named(block[1], number)), text)
    notebook = jupytext.reads(_with_lines(text, name), fmt="md:myst")
    notebook.metadata = nbformat.from_dict({"kernelspec": _KERNEL, "language_info": {"name": "python"}})
    for position, cell in enumerate(notebook.cells):
        # Without fixed ids every build would give every cell a new one.
        cell.id = hashlib.sha256(f"{name} {position}".encode()).hexdigest()[:12]
        if cell.cell_type == "code" and _only_draws(cell.source):
            cell.metadata.jupyter = {"source_hidden": True}
    return notebook


def _with_lines(text, name):
    """The text of a notebook, in which a link to an exercise file leads to what the section around it asks for."""
    section = ""

    def led(found):
        nonlocal section
        section = found[1] or section
        asked = (each for each in EXERCISES if (each.notebook, each.section, each.module) == (name, section, found[2]))
        exercise = next(asked, None)
        return f"{found[0]}#line={_line(exercise)}" if exercise else found[0]

    return _PLACE.sub(led, text)


def _line(exercise):
    """Where its function begins, from 0, for a reader who has written those before it in about as many lines as we."""
    names = [each.name for each in EXERCISES]
    source = (SOLUTIONS / f"{exercise.module}.py").read_text(encoding="utf-8")
    text = stub_text(source, exercise.module, names[: names.index(exercise.name)])
    return next(n for n, line in enumerate(text.splitlines()) if line.startswith(f"def {exercise.function}("))


def _only_draws(source):
    """Whether a cell is one call of several lines to `mlt_nn.plots`, into which no function of the reader's goes."""
    try:
        (line,) = ast.parse(source).body
    except (SyntaxError, ValueError):
        return False
    names = {node.id for node in ast.walk(line) if isinstance(node, ast.Name)}
    return len(source.splitlines()) > 3 and bool(names & _PICTURES) and not names & _WRITTEN


def _named(names, number):
    """The left and the right side of the line that brings suspects into a notebook."""
    quoted = ", ".join(f'"{name}"' for name in (number, *names.split()))
    return ", ".join(names.split()) + "," * (len(names.split()) == 1), f"{quoted}, given=globals()"


def run(notebook, environment=None):
    """Run all cells in a new kernel, in `course/`, with the solutions; the outputs are put into the notebook.

    Raises:
        nbclient.exceptions.CellExecutionError: when a cell fails; it names the cell.
    """
    # In one thread, as `test` runs it again: with more, sums are added up in another order on each computer.
    settings = {**os.environ, **ONE_THREAD, VARIABLE: str(SOLUTIONS), **(environment or {})}
    # Without coalescing, how a cell's text falls into outputs depends on how fast the machine is.
    client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(COURSE)}}, coalesce_streams=True)
    client.create_kernel_manager().transport_encryption = "auto"  # in plain text each kernel would warn of it
    client.execute(env=settings)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _is_progress(output)]
            for output in cell.outputs:
                # The live widget is gone with its kernel; what stays is its still picture and its text.
                output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    notebook.metadata.pop("widgets", None)
    notebook.metadata.language_info = {"name": "python"}
    return notebook


def _is_progress(output):
    """Whether it is what a progress bar leaves behind: it tells of the seconds of one machine, not of the lesson."""
    return output.output_type == "stream" and output.name == "stderr" and "\r" in output.text


def build(wanted=None):
    """Build the notebooks of those names (all, by default) and write them to `course/`; yields each when it is done.

    Each is run in full before its file is replaced. One that is not what was last built, somebody has worked in: it is
    kept in `.mlt_nn/replaced/`.
    """
    for name in wanted or names():
        notebook = run(from_text(name), {"MLT_NN_STATE": str(BUILT)})
        # No key order of dicts, no time and no machine enters the file: two builds give the same bytes.
        text = nbformat.writes(notebook, version=4) + "\n"
        file, last = COURSE / f"{name}.ipynb", BUILT / f"{name}.sha256"
        before, built = (each.read_bytes() if each.is_file() else b"" for each in (file, last))
        if before and before != text.encode() and _sum(before) != built:
            keep(file)
        write_text(file, text)
        BUILT.mkdir(parents=True, exist_ok=True)
        write_bytes(last, _sum(text.encode()))
        yield name


def _sum(data):
    return hashlib.sha256(data).hexdigest().encode()
