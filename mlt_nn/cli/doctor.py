"""`mlt-nn doctor`: what is installed, where everything comes from, and what to do about what is wrong.

In a notebook,  from mlt_nn import doctor; doctor()  also says whether a file was changed after it was loaded.
"""

import html
import os
import platform
import symtable
import sys
import tempfile
from importlib import metadata
from typing import NamedTuple

from mlt_nn.support import environment
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.colors import BLUE, VERMILION
from mlt_nn.support.folders import COURSE, PACKAGE, PROJECT, get_back
from mlt_nn.support.overlay import VARIABLE, exercise_file
from mlt_nn.support.writing import no_room

_AFRESH = "Delete the folder .venv, then run  python3 -m mlt_nn lab : it is made again."


class Finding(NamedTuple):
    """One line of the diagnosis."""

    ok: bool
    text: str
    """What was found."""
    way_out: str = ""
    """What to do about it, if it is a problem."""


class Diagnosis:
    """All findings: as text in a terminal, as a table in a notebook."""

    def __init__(self, findings):
        self.findings = tuple(findings)

    @property
    def ok(self):
        """Whether no finding is a problem."""
        return all(finding.ok for finding in self.findings)

    def text(self):
        """The diagnosis as plain text."""
        lines = []
        for finding in self.findings:
            lines.append(f"{_word(finding):<9}{finding.text}")
            if finding.way_out:
                lines.append(f"{'':<9}-> {finding.way_out}")
        problems = sum(not finding.ok for finding in self.findings)
        lines.append("All is well." if self.ok else f"To be mended: {problems}.")
        return "\n".join(lines)

    __repr__ = text

    def _repr_mimebundle_(self, include=None, exclude=None):
        rows = []
        for finding in self.findings:
            color = BLUE if finding.ok else VERMILION
            way_out = f"<br><em>{html.escape(finding.way_out)}</em>" if finding.way_out else ""
            rows.append(
                f'<tr><td style="color:{color};font-weight:bold;text-align:left">{_word(finding)}</td>'
                f'<td style="text-align:left">{html.escape(finding.text)}{way_out}</td></tr>'
            )
        return {"text/plain": self.text(), "text/html": f"<table>{''.join(rows)}</table>"}


def _word(finding):
    return "ok" if finding.ok else "problem"


def execute(options):
    """Print the diagnosis; returns 1 when there is a problem."""
    diagnosis = doctor()
    print(diagnosis.text())
    return 0 if diagnosis.ok else 1


def doctor():
    """Look at Python, the packages, the kernel, the data and the exercises, and say what is wrong and what to do.

    Returns:
        `Diagnosis`, which a notebook shows as a table.
    """
    findings = [_python(), *_environment(), *_hidden(), *_room()]
    for look in (_kernel, _data, _checks):
        try:
            findings.append(look())
        except ImportError as error:
            # Where a package is missing, that was named already.
            if not environment.lacking():
                findings.append(Finding(False, f"A package is damaged: {error}.", _AFRESH))
    try:
        findings += [*_sources(), *(look(module) for module in MODULES for look in (_file, _loaded))]
    except ImportError as error:  # there is no such folder as MLT_NN_EXERCISES names
        sentence, _, way_out = str(error).partition(". ")
        findings.append(Finding(False, f"{sentence}.", way_out))
    return Diagnosis(finding for finding in findings if finding)


def _python():
    if environment.fits(sys.version_info):
        newest = environment.NEWEST
        newer = f", newer than {environment.dotted(newest)}, the newest tested" if sys.version_info[:2] > newest else ""
        return Finding(True, f"Python {platform.python_version()} ({sys.executable}){newer}")
    words = environment.wrong_python(sys.version_info, sys.executable, ["lab"], environment.fitting_commands())
    sentence, *way_out = words.splitlines()
    return Finding(False, sentence, " ".join(line.strip() for line in way_out))


def _environment():
    for sentence in environment.lacking():
        yield Finding(False, sentence, environment.WAY_OUT)
    versions = {name: environment.installed_version(name) for name, _ in environment.requirements()}
    there = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
    yield Finding(True, f"packages for the course in {PROJECT}: {there or 'none'}")


def _hidden():
    """Files of the reader's that a notebook would take for a package: a notebook looks beside itself first."""
    for file in sorted(COURSE.glob("*.py")):
        if file.stem in metadata.packages_distributions():
            yield Finding(False, f"{file} hides the package {file.stem}.", "Rename it, then restart the kernel.")


def _room():
    """Which folders that are written to have no room."""
    for folder in (None, PROJECT):  # the first stands for that of temporary files
        try:
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(bytes(2**20))
        except OSError as error:
            error.filename = error.filename or folder or tempfile.tempdir
            if words := no_room(error):
                yield Finding(False, *words.split("\n"))


def _kernel():
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return Finding(False, "JupyterLab has no kernel named python3 to run a notebook with.", environment.WAY_OUT)
    python = spec.argv[0]
    # A bare name stands for the Python that JupyterLab itself runs in. Links are not followed: those of two
    # environments may lead to the same file.
    if os.path.isabs(python) and os.path.normcase(python) != os.path.normcase(sys.executable):
        found = f"The kernel python3 is another Python: {python}, by the file {spec.resource_dir}/kernel.json."
        return Finding(False, found, "Remove it:  jupyter kernelspec remove python3  (the environment brings its own).")
    return Finding(True, "kernel: python3 is this Python")


def _data():
    from mlt_nn.datasets import mnist_state
    from mlt_nn.datasets.mnist import BUNDLED, VARIABLE, not_whole

    if os.environ.get(VARIABLE) == BUNDLED:
        found = f"data: the 1,797 bundled digits, for {VARIABLE} is {BUNDLED!r}"
        return Finding(True, found, "Unset it to use MNIST.")
    try:
        state = mnist_state()
    except (FileNotFoundError, ValueError) as error:
        return Finding(False, f"data: {error}")
    if state.source != "MNIST":
        found = "data: the 1,797 bundled digits, for MNIST is not downloaded yet"
        return Finding(True, found, "To get MNIST:  python3 -m mlt_nn data")
    if lacks := not_whole(state):
        found = f"data: MNIST, in {state.folder}, of which {', '.join(lacks)} cannot be used: damaged, or another file"
        return Finding(False, found, "To have it mended, or told how:  python3 -m mlt_nn data")
    return Finding(True, f"data: MNIST, in {state.folder}")


def _checks():
    from mlt_nn.grading.check import PUBLIC_CHECKS

    if any(PUBLIC_CHECKS.glob("test_*.py")):
        return Finding(True, f"checks: {PUBLIC_CHECKS}")
    return Finding(False, f"There are no checks in {PUBLIC_CHECKS}.", "Get the course again, with its folder tests/.")


def _sources():
    """Which folder the exercise modules come from."""
    folders = {module: exercise_file(module).parent for module in MODULES}
    for folder in dict.fromkeys(folders.values()):
        because = "" if folder == PACKAGE else f" ({VARIABLE} is {os.environ[VARIABLE]!r})"
        modules = ", ".join(module for module in MODULES if folders[module] == folder)
        yield Finding(True, f"exercises from {folder}{because}: {modules}")


def _file(module):
    """What is wrong with the file of an exercise module as it is now, or None."""
    file = exercise_file(module)
    try:
        text = file.read_text(encoding="utf-8-sig")  # Windows' Notepad puts a mark before it
        compile(text, file, "exec")
        names = symtable.symtable(text, str(file), "exec").get_symbols()
    except FileNotFoundError:
        return Finding(False, f"{file} is gone.", get_back(PACKAGE / f"{module}.py"))
    except SyntaxError as error:
        return Finding(False, f"{file}, line {error.lineno}: {error.msg}.", "Look at that line and the one above it.")
    except ValueError as error:
        return Finding(False, f"{file} cannot be read as text: {error}.", "Save it as UTF-8.")
    defined = {name.get_name() for name in names if name.is_assigned() or name.is_imported()}
    missing = [e.function for e in EXERCISES if e.module == module and e.function not in defined]
    way_out = "A function must begin at the left margin and keep its name: look at the line  def ..."
    return Finding(False, f"{file} does not define {', '.join(missing)}.", way_out) if missing else None


def _loaded(module):
    """That the module in memory is older than its file, or None."""
    loaded, file = sys.modules.get(f"mlt_nn.{module}"), exercise_file(module)
    source = getattr(loaded and loaded.__loader__, "source", None)
    if loaded is None or (loaded.__file__ == str(file) and (not file.is_file() or source == file.read_bytes())):
        return None
    found = f"mlt_nn.{module} was loaded from {loaded.__file__}, before {file} became what it is now."
    return Finding(False, found, "Restart the kernel: in the menu Kernel, Restart Kernel.")
