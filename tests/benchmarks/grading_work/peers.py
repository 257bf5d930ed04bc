"""Otter-Grader and nbgrader on the same work, each in an environment of its own in .mlt_nn/bench/."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import numpy as np

from benchmarks.grading_work.exercises import CHECK_IMPORTS, CHECKS, IMPORTS
from mlt_nn.support.folders import PROJECT

PLACE = PROJECT / ".mlt_nn" / "bench"
# nbgrader gives a cell 30 s by default; with fewer, what loops is measured sooner.
CELL_SECONDS = 10
_ASSIGNMENT = "work"
_NUMPY = f"numpy=={np.__version__}"
_COMMON = [_NUMPY, "ipykernel"]


class Peer:
    """A grader with its environment."""

    package: str
    version: str
    title: str

    @property
    def folder(self):
        # Made anew for another Python or NumPy of ours, so that both sides have the same.
        return PLACE / f"{self.package}-{self.version}-numpy-{np.__version__}-{sys.implementation.cache_tag}"

    @property
    def installed(self):
        return self._done.exists()

    def install(self):
        """Make its environment, unless it is there; returns why that cannot be done, or ""."""
        if not self.installed:
            shutil.rmtree(self.folder, ignore_errors=True)
            try:
                subprocess.run([sys.executable, "-m", "venv", self.folder], check=True, capture_output=True, text=True)
                wanted = [f"{self.package}=={self.version}", *_COMMON]
                command = [self._program("python"), "-m", "pip", "install", "-q", *wanted]
                subprocess.run(command, check=True, capture_output=True, text=True)
            except subprocess.CalledProcessError as error:
                return (error.stderr.strip().splitlines() or [str(error)])[-1]
            self._done.touch()
        return ""

    def environment(self, work):
        """The environment variables: nothing of ours, and its files in the folder of its work."""
        home = work / "home"
        home.mkdir(parents=True, exist_ok=True)
        return {"PATH": f"{self.folder / 'bin'}{os.pathsep}{os.defpath}", "HOME": str(home), "LANG": "C.UTF-8"}

    @property
    def megabytes(self):
        """What its packages take on the disk, without NumPy and pip."""
        (packages,) = self.folder.glob("lib/python*/site-packages")
        used = 0
        for entry in packages.iterdir():
            if not entry.name.startswith(("numpy", "pip", "setuptools")):
                files = [entry] if entry.is_file() else [file for file in entry.rglob("*") if file.is_file()]
                used += sum(file.stat().st_size for file in files)
        return used / 1e6

    @property
    def _done(self):
        return self.folder / "installed"

    def _program(self, name):
        return str(self.folder / "bin" / name)


class Otter(Peer):
    """`otter run`, once for each submission; a test file for each exercise, a test case for each check."""

    package, version, title = "otter-grader", "7.0.0", "Otter-Grader 7.0.0"

    def prepare(self, work):
        """Make the autograder's zip in the folder `work`."""
        work.mkdir(parents=True)
        with zipfile.ZipFile(work / "autograder.zip", "w") as archive:
            archive.writestr("otter_config.json", json.dumps({"lang": "python", "show_hidden": True}))
            for name, checks in CHECKS.items():
                function = name.partition(".")[2]
                lines = ["OK_FORMAT = False", "from otter.test_files import test_case", CHECK_IMPORTS, ""]
                lines += [f'name = "{function}"', f"points = {len(checks)}", ""]
                for number, check in enumerate(checks, 1):
                    lines += ["@test_case(hidden=True)", f"def test_{number}({function}):"]
                    lines += [f"    {line}" for line in check.splitlines()]
                archive.writestr(f"tests/{function}.py", "\n".join(lines) + "\n")

    def hand_in(self, work, student, submission):
        """Write a submission."""
        cells = [_cell("imports", IMPORTS)]
        cells += [_cell(name.replace(".", "-"), source) for name, source in submission.items()]
        _write_notebook(work / f"{student}.ipynb", cells)

    def commands(self, work, students):
        """What grades these students, as command lines that are run one after the other in `work`."""
        for student in students:
            (work / student).mkdir(exist_ok=True)
        run = [self._program("otter"), "run", "--no-logo", "-a", "autograder.zip"]
        return [[*run, "-o", student, f"{student}.ipynb"] for student in students]

    def points(self, work, student):
        """The points of a student, or None without a result."""
        try:
            tests = json.loads((work / student / "results.json").read_text(encoding="utf-8"))["tests"]
            return sum(test.get("score", 0.0) for test in tests)
        except (OSError, ValueError, KeyError):
            return None


class Nbgrader(Peer):
    """`nbgrader autograde`, once for all submissions; a test cell, hidden from students, for each check."""

    package, version, title = "nbgrader", "0.9.6", "nbgrader 0.9.6"

    def prepare(self, work):
        """Make the course with the assignment in the folder `work`."""
        self.write_source(work)
        command = [self._program("nbgrader"), "generate_assignment", _ASSIGNMENT]
        made = subprocess.run(command, cwd=work, env=self.environment(work), capture_output=True, text=True)
        if made.returncode:
            raise RuntimeError(f"nbgrader could not make the assignment:\n{made.stderr[-2000:]}")

    def write_source(self, work):
        """Write the course as a teacher does: its settings, and the notebook with the hidden checks."""
        cells = [_cell("imports", IMPORTS)]
        for name, checks in CHECKS.items():
            identity = name.replace(".", "-")
            cells.append(_cell(identity, f"# write {name} here", solution=True))
            for number, check in enumerate(checks, 1):
                source = f"### BEGIN HIDDEN TESTS\n{CHECK_IMPORTS}\n{check}\n### END HIDDEN TESTS"
                cells.append(_cell(f"{identity}-{number}", source, grade=True, locked=True, points=1))
        _write_notebook(work / "source" / _ASSIGNMENT / f"{_ASSIGNMENT}.ipynb", cells)
        settings = f'c = get_config()\nc.CourseDirectory.course_id = "bench"\nc.Execute.timeout = {CELL_SECONDS}\n'
        (work / "nbgrader_config.py").write_text(settings, encoding="utf-8")

    def hand_in(self, work, student, submission):
        """Write a submission: the released notebook with the functions in their cells."""
        released = work / "release" / _ASSIGNMENT / f"{_ASSIGNMENT}.ipynb"
        cells = json.loads(released.read_text(encoding="utf-8"))["cells"]
        written = {name.replace(".", "-"): source for name, source in submission.items()}
        for cell in cells:
            cell["source"] = written.get(cell["metadata"]["nbgrader"]["grade_id"], cell["source"])
        _write_notebook(work / "submitted" / student / _ASSIGNMENT / f"{_ASSIGNMENT}.ipynb", cells)

    def commands(self, work, students):
        """What grades these students, as command lines that are run one after the other in `work`."""
        one = [f"--student={students[0]}"] if len(students) == 1 else []
        return [[self._program("nbgrader"), "autograde", _ASSIGNMENT, "--force", *one]]

    def points(self, work, student):
        """The points of a student, or None without a result."""
        with closing(sqlite3.connect(work / "gradebook.db")) as database:
            (points,) = database.execute(_POINTS, (student,)).fetchone()
        return points


_POINTS = """
SELECT sum(grade.auto_score) FROM grade
JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
WHERE submitted_assignment.student_id = ?
"""


def _cell(identity, source, grade=False, solution=False, locked=False, **points):
    told = {"grade_id": identity, "grade": grade, "solution": solution, "locked": locked, "task": False}
    return {
        "cell_type": "code",
        "id": identity.replace("_", "-"),
        "source": source,
        "metadata": {"nbgrader": told | {"schema_version": 3} | points},
        "execution_count": None,
        "outputs": [],
    }


def _write_notebook(file: Path, cells):
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(notebook), encoding="utf-8")


PEERS = (Otter(), Nbgrader())
