"""A notebook run again with the reader's functions: at which cells something else comes out than in the reference run.

`python -m mlt_nn.cli.rerun notebook.ipynb result.json` is the part that runs pytest, in a process of its own: it must
not meet a pytest or a kernel that is the caller.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from mlt_nn.cli.testing import NBVAL
from mlt_nn.support.folders import COURSE, PROJECT, get_back

_WORDS = {"stdout": "the printed text", "text/plain": "the result", "stderr": "a warning"}


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

    It is asked of git. A student's folder without git has it in course/source/ once more.

    Raises:
        FileNotFoundError: when there is no such notebook.
    """
    file = COURSE / f"{name}.ipynb"
    for version in ("origin/HEAD", "HEAD"):
        with contextlib.suppress(OSError):
            shown = subprocess.run(
                ["git", "show", f"{version}:{COURSE.name}/{file.name}"], cwd=PROJECT, capture_output=True, check=False
            )
            if shown.returncode == 0:
                return shown.stdout.decode("utf-8")
    for kept in (COURSE / "source" / file.name, file):
        if kept.exists():
            return kept.read_text(encoding="utf-8")
    raise FileNotFoundError(f"The notebook {COURSE.name}/{file.name} is missing. {get_back(file)}")


def has_outputs(text):
    """Whether a notebook file holds the outputs of a run. A course can be given out without them."""
    return any(cell.get("outputs") for cell in json.loads(text)["cells"])


def differences(text):
    """Run a notebook and compare it with the outputs stored in it; without any, see whether its cells run.

    Arguments:
        text: the notebook file's text.

    Returns:
        A list of `Difference`, in the order of the cells.

    Raises:
        RuntimeError: when it could not be run at all.
    """
    with tempfile.TemporaryDirectory() as folder:
        notebook, result = Path(folder, "notebook.ipynb"), Path(folder, "result.json")
        notebook.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "mlt_nn.cli.rerun", str(notebook), str(result)]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        if not result.exists():
            raise RuntimeError(f"the notebook could not be run:\n{done.stdout}{done.stderr}")
        return [Difference(*entry) for entry in json.loads(result.read_text(encoding="utf-8"))]


class _Recorder:
    """A plugin of pytest that keeps what went wrong in which cell."""

    def __init__(self):
        self.differences = []

    def pytest_exception_interact(self, node, call, report):
        if hasattr(node, "cell"):
            lines = [line for line in node.cell.source.splitlines() if line.strip()]
            first = _short(lines[0] if lines else "")
            self.differences.append(Difference(node.cell_num + 1, first, _what(node, call.excinfo.value)))


def _what(cell, error):
    """What is different in a cell of nbval that failed, in words."""
    outputs = cell.test_outputs or []
    for output in outputs:
        if output.output_type == "error" and not cell.options["check_exception"]:
            if output.ename == "KeyboardInterrupt":
                return f"took longer than {cell.config.option.nbval_cell_timeout:g} seconds"
            return f"raised {output.ename}: {_short(output.evalue)}"
    got, wanted = _by_kind(cell, outputs), _by_kind(cell, cell.cell.outputs)
    kinds = [*_WORDS, *sorted({*got, *wanted} - set(_WORDS))]
    for kind in kinds:
        word = _WORDS.get(kind, "what it shows")
        if kind not in wanted and kind in got:
            return f"{word} is new: {_short(got[kind])}"
        if kind not in got and kind in wanted:
            return f"{word} is missing: {_short(wanted[kind])}"
        if got.get(kind) != wanted.get(kind):
            if kind not in _WORDS:
                return f"{word} is different"
            return f"{word} is {_first_difference(got[kind], wanted[kind])}"
    return _short(str(error))


def _by_kind(cell, outputs):
    """Kind of output -> all its text, as nbval compares it."""
    from nbval.plugin import coalesce_streams

    texts: dict[str, str] = {}
    for output in coalesce_streams(outputs):
        data = {output.name: output.text} if output.output_type == "stream" else output.get("data", {})
        for kind, text in data.items():
            if kind not in cell.parent.skip_compare:
                texts[kind] = texts.get(kind, "") + str(cell.sanitize(text))
    return texts


def _first_difference(got, wanted):
    got_lines, wanted_lines = got.splitlines(), wanted.splitlines()
    for number, pair in enumerate(zip(got_lines, wanted_lines, strict=False), 1):
        if pair[0] != pair[1]:
            where = f" in line {number}" if len(wanted_lines) > 1 else ""
            return f"{_short(pair[0])}{where}; in the reference run it is {_short(pair[1])}"
    return f"{len(got_lines)} lines long; in the reference run it is {len(wanted_lines)}"


def _short(text, most=100):
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 3]}..."


def _main(notebook, result):
    import pytest

    folder = Path(notebook).parent
    # An empty configuration: the project's own turns every warning of a library into an error.
    configuration = folder / "pytest.ini"
    configuration.write_text("[pytest]\n", encoding="utf-8")
    recorder = _Recorder()
    options = [
        notebook,
        "-c",
        str(configuration),
        f"--rootdir={folder}",
        "-p",
        "no:cacheprovider",
        "--color=no",
        *NBVAL,
    ]
    if not has_outputs(Path(notebook).read_text(encoding="utf-8")):
        options[options.index("--nbval")] = "--nbval-lax"
    code = pytest.main(options, plugins=[recorder])
    if code in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        temporary = f"{result}.new"
        Path(temporary).write_text(json.dumps(recorder.differences), encoding="utf-8")
        os.replace(temporary, result)


if __name__ == "__main__":
    _main(*sys.argv[1:])
