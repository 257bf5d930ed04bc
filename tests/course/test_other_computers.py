"""The commands on computers that are not tidy: odd names, foreign settings, the reader's own files.

The course is copied, and used from its folder as on a hub: by PYTHONPATH, with the packages of this environment.
"""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from mlt_nn.cli import lab
from mlt_nn.datasets.mnist import BUNDLED
from mlt_nn.support.catalogue import EXERCISES
from mlt_nn.support.folders import PROJECT, own_folders

pytestmark = pytest.mark.thorough


@pytest.fixture
def course(tmp_path):
    """A copy of the course with one small notebook, in a folder with a name that shells and patterns trip over."""
    folder = tmp_path / "my [course] $HOME ł"
    for name in ("mlt_nn", "data", "tests/public"):
        shutil.copytree(
            PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "teaching", "mnist")
        )
    shutil.copy(PROJECT / "pyproject.toml", folder)
    (folder / "course").mkdir()
    shutil.copy(PROJECT / "course" / "nbval.cfg", folder / "course")
    cell = nbformat.v4.new_code_cell("import matplotlib.pyplot as plt; print('drawn')")
    cell.outputs = [nbformat.v4.new_output("stream", text="drawn\n")]
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "course" / "01_neuron.ipynb")
    shutil.copy(PROJECT / "solutions" / "neuron.py", folder / "mlt_nn")
    return folder


@pytest.fixture
def run(course):
    """Runs a command of the course from its folder, as a person would; gives what it printed."""

    def run(*arguments, code=0, python=("-m", "mlt_nn"), **variables):
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "MLT_NN"))}
        done = subprocess.run(
            [sys.executable, *python, *arguments],
            cwd=course,
            env={**clean, "PYTHONPATH": str(course), "MLT_NN_DATA": BUNDLED, **variables},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    return run


RIGHT = "2 of 2 exercises are right."


def test_brackets_and_dollars_in_the_name_of_the_folder(run, course):
    assert RIGHT in run("check", "neuron")
    assert str(course / "mlt_nn") in run("doctor")
    assert f"In all: 2 of {sum(each.points for each in EXERCISES)} points." in run("progress")
    run("submit")
    assert (course / "mlt-nn-submission.zip").is_file()


def test_own_files_that_are_called_like_modules(run, course):
    for name in ("random", "numpy", "tempfile", "matplotlib"):
        (course / f"{name}.py").write_text("raise SystemExit('this is mine')\n")
    # Without PYTHONPATH, which would put the folder first whatever the course does.
    program = (
        "import os, runpy, sys\n"
        "sys.path.remove(os.environ.pop('PYTHONPATH'))\n"
        "sys.path.insert(0, os.getcwd())\n"
        "from mlt_nn.support import environment\n"
        "environment.installed_folder = os.getcwd\n"
        "runpy.run_module('mlt_nn', run_name='__main__')"
    )
    assert RIGHT in run("check", "neuron", python=("-P", "-c", program))


def test_a_console_that_lacks_characters(run):
    assert "my [course] $HOME ?" in run("doctor", PYTHONIOENCODING="cp1252")
    assert RIGHT in run("check", "neuron", PYTHONIOENCODING="cp1252")


@pytest.fixture
def strange_home(tmp_path):
    """A home with settings for Jupyter, IPython and matplotlib, each of which would end what reads it."""
    home = tmp_path / "home"
    for file in (
        ".jupyter/jupyter_server_config.py",
        ".jupyter/jupyter_lab_config.py",
        ".ipython/profile_default/startup/first.py",
        ".ipython/profile_default/ipython_kernel_config.py",
    ):
        (home / file).parent.mkdir(parents=True, exist_ok=True)
        (home / file).write_text("raise SystemExit('these are my settings')\n")
    (home / ".config" / "matplotlib").mkdir(parents=True)
    (home / ".config" / "matplotlib" / "matplotlibrc").write_text("backend: nonsense\n")
    return home


def test_a_notebook_runs_whatever_the_home_holds(run, strange_home):
    shown = run("check", "01", HOME=str(strange_home))
    assert shown.endswith("Every cell came out as in the course's own run.\n")


@pytest.mark.skipif(os.name == "nt", reason="there the home is no single variable")
def test_a_home_that_cannot_be_written(run):
    assert "All is well." in run("doctor", HOME=os.devnull)
    shown = run("check", "01", HOME=os.devnull)
    assert shown.endswith("Every cell came out as in the course's own run.\n")


def test_what_a_reader_sets_by_a_variable_counts(run, tmp_path):
    (tmp_path / "ipython" / "profile_default").mkdir(parents=True)
    (tmp_path / "ipython" / "profile_default" / "ipython_kernel_config.py").write_text("raise SystemExit('mine')\n")
    assert "Running notebook" in run("check", "01")
    assert "Running notebook" in run("check", "01", code=1, IPYTHONDIR=str(tmp_path / "ipython"))


def test_nothing_is_kept_in_a_course_that_cannot_be_written(monkeypatch):
    assert set(own_folders()) >= {"JUPYTER_CONFIG_DIR", "IPYTHONDIR", "MPLCONFIGDIR"}
    monkeypatch.setattr(os, "access", lambda path, mode: path != PROJECT / ".mlt_nn")
    assert own_folders() == {}


def test_jupyterlab_does_not_look_for_its_modules_among_the_readers_files():
    assert lab.command("01_neuron")[:4] == [sys.executable, "-P", "-m", "jupyterlab"]
