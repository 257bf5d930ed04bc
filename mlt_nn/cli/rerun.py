"""A notebook run again with the reader's functions: which cells come out otherwise than in the reference run."""

import contextlib
import functools
import json
import re
import subprocess
from typing import NamedTuple

from mlt_nn.support.folders import COURSE, PROJECT, get_back
from mlt_nn.support.tolerance import settled_outputs

CELL_SECONDS = 120
_WORDS = {"stdout": "the printed text", "text/plain": "the result", "stderr": "a warning"}
# The models of widgets have random names, and the pixels of a picture change with the library that draws it.
_NOT_COMPARED = {"application/vnd.jupyter.widget-view+json", "image/png", "image/jpeg"}


class Difference(NamedTuple):
    """A cell that came out differently."""

    cell: int
    """Its number as JupyterLab shows it when all cells are run in order: 1, 2, 3, ..."""
    first_line: str
    text: str
    """What is different, in words."""

    def __str__(self):
        return f"cell {self.cell} ({self.first_line}): {self.text}"


def reference(name):
    """The text of a notebook as it was published: what the reader saved later holds the reader's own outputs.

    A student's folder has it in course/source/ once more; else git is asked.

    Raises:
        FileNotFoundError: when there is no such notebook.
    """
    file = COURSE / f"{name}.ipynb"
    kept = COURSE / "source" / file.name
    if kept.exists():
        return kept.read_text(encoding="utf-8")
    for version in ("origin/HEAD", "HEAD"):
        with contextlib.suppress(OSError):
            shown = subprocess.run(
                ["git", "show", f"{version}:{COURSE.name}/{file.name}"], cwd=PROJECT, capture_output=True, check=False
            )
            if shown.returncode == 0:
                return shown.stdout.decode("utf-8")
    if file.exists():
        return file.read_text(encoding="utf-8")
    raise FileNotFoundError(f"The notebook {COURSE.name}/{file.name} is missing. {get_back(file)}")


def has_outputs(text):
    """Whether a notebook file holds the outputs of a run. A course can be given out without them."""
    return any(cell.get("outputs") for cell in json.loads(text)["cells"])


def differences(text, seconds=CELL_SECONDS):
    """Run a notebook and compare it with the outputs stored in it; without any, see whether its cells run.

    Arguments:
        text: the notebook file's text.
        seconds: what a cell may take; after one that takes longer no other is run.

    Returns:
        A list of `Difference`, in the order of the cells.

    Raises:
        RuntimeError: when it could not be run at all.
    """
    import nbformat
    from jupyter_client.kernelspec import KernelSpecManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    try:
        notebook = nbformat.reads(text, as_version=4)
    except Exception as error:  # of many kinds
        raise RuntimeError(f"the notebook could not be run: {error}") from error
    client = NotebookClient(notebook, timeout=seconds, allow_errors=True, coalesce_streams=True)
    client.shutdown_kernel = "immediate"  # one that is still busy would be waited for
    # The kernel of this Python, whatever kernels are installed elsewhere.
    client.create_kernel_manager().kernel_spec_manager = KernelSpecManager(kernel_dirs=[])
    compare = has_outputs(text)
    found: list[Difference] = []
    code = [(position, cell) for position, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    with client.setup_kernel(cwd=str(COURSE), stderr=subprocess.DEVNULL):
        for number, (position, cell) in enumerate(code, 1):
            first_line = _short(next((line for line in cell.source.splitlines() if line.strip()), ""))
            stored = cell.outputs
            try:
                client.execute_cell(cell, position)
            except CellTimeoutError:
                return [*found, Difference(number, first_line, f"took longer than {seconds} seconds")]
            except DeadKernelError:
                return [*found, Difference(number, first_line, "ended the Python that runs the notebook")]
            what = _what(cell, stored, compare)
            if what:
                found.append(Difference(number, first_line, what))
    return found


def _what(cell, stored, compare):
    """What is different in a cell that was run, in words, or None."""
    error = next((output for output in cell.outputs if output.output_type == "error"), None)
    if error:
        return f"raised {error.ename}: {_short(error.evalue)}"
    if not compare or "nbval-ignore-output" in cell.metadata.get("tags", []):
        return None
    tolerance = cell.metadata.get("tolerance")
    outputs = cell.outputs if tolerance is None else settled_outputs(cell.outputs, stored, tolerance)
    got, wanted = _by_kind(outputs), _by_kind(stored)
    for kind in [*_WORDS, *sorted({*got, *wanted} - {*_WORDS})]:
        word = _WORDS.get(kind, "what it shows")
        if kind not in wanted and kind in got:
            return f"{word} is new: {_short(' '.join(got[kind]))}"
        if kind not in got and kind in wanted:
            return f"{word} is missing: {_short(' '.join(wanted[kind]))}"
        if got.get(kind) != wanted.get(kind):
            return f"{word} is {_first_difference(got[kind], wanted[kind]) if kind in _WORDS else 'different'}"
    return None


def _short(text, most=100):
    """The text on one line, cut when it is long."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 3]}..."


def _by_kind(outputs):
    """Kind of output -> the texts of that kind, without what is not compared."""
    texts: dict[str, list[str]] = {}
    for output in outputs:
        data = {output.name: output.text} if output.output_type == "stream" else output.get("data", {})
        for kind in data.keys() - _NOT_COMPARED:
            text = str(data[kind])
            for pattern, replacement in _replacements():
                text = re.sub(pattern, replacement, text)
            texts.setdefault(kind, []).append(text)
    # What is printed in two pieces or in one is the same.
    return {kind: ["".join(parts)] if kind in ("stdout", "stderr") else parts for kind, parts in texts.items()}


@functools.cache
def _replacements():
    """The pairs (pattern, replacement) that nbval too is given."""
    text = (COURSE / "nbval.cfg").read_text(encoding="utf-8")
    return re.findall(r"^regex: (.*)\nreplace: (.*)$", text, re.MULTILINE)


def _first_difference(got, wanted):
    got_lines, wanted_lines = ("\n".join(texts).splitlines() for texts in (got, wanted))
    for number, (line, other) in enumerate(zip(got_lines, wanted_lines, strict=False), 1):
        if line != other:
            where = f" in line {number}" if len(wanted_lines) > 1 else ""
            return f"{_short(line)}{where}; in the reference run it is {_short(other)}"
    return f"{len(got_lines)} lines long; in the reference run it is {len(wanted_lines)}"
