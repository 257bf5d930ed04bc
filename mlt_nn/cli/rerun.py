"""A notebook run again with the reader's functions: which cells come out otherwise than in the reference run."""

import contextlib
import json
import subprocess
from typing import NamedTuple

from mlt_nn.cli.outputs import difference, short
from mlt_nn.support.folders import COURSE, PROJECT, get_back
from mlt_nn.support.tolerance import settled_outputs

CELL_SECONDS = 120


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
            first_line = short(next((line for line in cell.source.splitlines() if line.strip()), ""))
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
        return f"raised {error.ename}: {short(error.evalue)}"
    if not compare or "nbval-ignore-output" in cell.metadata.get("tags", []):
        return None
    tolerance = cell.metadata.get("tolerance")
    got = cell.outputs if tolerance is None else settled_outputs(cell.outputs, stored, tolerance)
    return difference(got, stored)
