"""The first start, really carried out: uv and pip install from a folder of wheels, Python comes from a local mirror."""

import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from mlt_nn.support.environment import NEWEST, dotted
from mlt_nn.support.folders import PACKAGE
from mlt_nn.support.installers import CONSTRAINTS

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(sys.platform != "linux", reason="the mirror holds a Python for Linux"),
]

# Builds the small course of these tests without any package.
BACKEND = """\
import os, tomllib, zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "mlt_nn-0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr("mlt_nn.pth", os.getcwd())
        needs = tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"]
        lines = ["Metadata-Version: 2.1", "Name: mlt-nn", "Version: 0", *("Requires-Dist: " + each for each in needs)]
        wheel.writestr("mlt_nn-0.dist-info/METADATA", "\\n".join(lines))
        wheel.writestr("mlt_nn-0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        names = wheel.namelist() + ["mlt_nn-0.dist-info/RECORD"]
        wheel.writestr("mlt_nn-0.dist-info/RECORD", "".join(name + ",,\\n" for name in names))
    return name
"""
PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "mlt-nn"
version = "0"
dependencies = ["pip>=20"]
"""


def add_wheel(folder, name):
    """Pack a package of this environment into a wheel again."""
    package = metadata.distribution(name)
    scripts = f"{name}-{package.version}.data/scripts"
    with zipfile.ZipFile(folder / f"{name}-{package.version}-py3-none-any.whl", "w") as wheel:
        for file in package.files or ():
            place = f"{scripts}/{file.name}" if file.parts[0] == ".." else str(file)
            if "__pycache__" not in place and file.name not in ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json"):
                wheel.write(file.locate(), place)
        record = f"{name}-{package.version}.dist-info/RECORD"
        wheel.writestr(record, "".join(f"{entry},,\n" for entry in [*wheel.namelist(), record]))


@pytest.fixture
def wheels(tmp_path):
    folder = tmp_path / "wheels"
    folder.mkdir()
    add_wheel(folder, "pip")
    return folder


@pytest.fixture
def course(tmp_path):
    """What starts the course, and a command line that says where it runs."""
    folder = tmp_path / "my [course] $HOME"
    shutil.copytree(PACKAGE / "support", folder / "mlt_nn" / "support", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("__init__.py", "__main__.py"):
        shutil.copy(PACKAGE / name, folder / "mlt_nn")
    (folder / CONSTRAINTS).write_text("pip>=20\n")
    (folder / "mlt_nn" / "cli").mkdir()
    (folder / "mlt_nn" / "cli" / "__init__.py").touch()
    (folder / "mlt_nn" / "cli" / "__main__.py").write_text("import sys; print('started in', sys.prefix)")
    (folder / "backend.py").write_text(BACKEND)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    return folder


@pytest.fixture
def variables(tmp_path, wheels):
    """Environment variables with settings that would spoil the set-up, and the way to the wheels."""
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "sitecustomize.py").write_text("print('a message of the day')\n")
    (foreign / "pip.py").write_text("raise SystemExit('this is no pip')\n")
    settings = {
        "PYTHONPATH": str(foreign),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_USER": "1",
        "PIP_TARGET": str(tmp_path / "target"),
        "PIP_NO_DEPS": "1",
        "PIP_CONFIG_FILE": os.devnull,
        "HOME": os.devnull,
    }
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_", "MLT_NN_"))
    } | settings


def start(course, variables, *python, stdin=subprocess.DEVNULL):
    command = [sys.executable, *(python or ("-m", "mlt_nn", "progress"))]
    out, err = subprocess.PIPE, subprocess.STDOUT
    return subprocess.Popen(command, cwd=course, env=variables, stdin=stdin, stdout=out, stderr=err, text=True)


def shown(process):
    output = process.communicate(timeout=300)[0]
    assert process.returncode == 0, output
    return output


@pytest.mark.parametrize("has_uv", [True, False])
def test_the_course_starts_with_uv_and_without(course, variables, wheels, tmp_path, has_uv):
    if has_uv:
        add_wheel(wheels, "uv")
    output = shown(start(course, variables))
    assert output.endswith(f"started in {course / '.venv'}\n")
    assert ("uv = " in (course / ".venv" / "pyvenv.cfg").read_text()) is has_uv
    assert not (course / ".venv" / "mlt-nn-uv").exists()
    assert not (tmp_path / "target").exists()
    again = shown(start(course, variables))
    assert again == f"a message of the day\nstarted in {course / '.venv'}\n"


def test_two_starts_at_once_set_up_once(course, variables):
    both = [start(course, variables) for _ in range(2)]
    outputs = [shown(process) for process in both]
    assert all(output.endswith(f"started in {course / '.venv'}\n") for output in outputs)
    assert sorted("waiting for it" in output for output in outputs) == [False, True]
    assert sorted("The environment is ready." in output for output in outputs) == [False, True]


def test_what_was_deleted_by_hand_is_repaired(course, variables, wheels):
    add_wheel(wheels, "codespell")
    (course / "pyproject.toml").write_text(PYPROJECT.replace("pip>=20", 'pip>=20", "codespell>=2'))
    shown(start(course, variables))
    for folder in (course / ".venv").rglob("codespell-*.dist-info"):
        shutil.rmtree(folder)
    output = shown(start(course, variables))
    assert "codespell is not installed; 2 or newer is needed." in output
    assert output.endswith(f"started in {course / '.venv'}\n")
    assert list((course / ".venv").rglob("codespell-*.dist-info"))


def test_an_unfit_python_fetches_a_fitting_one_after_a_yes(course, variables, wheels, tmp_path):
    """The mirror's Python is this one, under the name of the newest."""
    import pty

    add_wheel(wheels, "uv")
    newest = dotted(NEWEST)
    place = tmp_path / "python"
    library = place / "lib" / f"python{newest}"
    library.mkdir(parents=True)
    (place / "bin").mkdir()
    base = Path(sys.base_prefix) / "bin" / "python{}.{}".format(*sys.version_info)
    for name in ("python", "python3", f"python{newest}"):
        (place / "bin" / name).write_text(f'#!/bin/sh\nexec {base} "$@"\n')
        (place / "bin" / name).chmod(0o755)
    details = Path(sysconfig.get_path("stdlib")).glob("_sysconfigdata_*.py")
    shutil.copy(next(details), library / f"_sysconfigdata__linux_{platform.machine()}-linux-gnu.py")
    with tarfile.open(tmp_path / "python.tar.gz", "w:gz") as archive:
        archive.add(place, "python")
    entry = {"name": "cpython", "os": "linux", "libc": "gnu", "major": NEWEST[0], "minor": NEWEST[1], "patch": 9}
    entry |= {"arch": {"family": platform.machine(), "variant": None}, "prerelease": "", "sha256": None}
    entry |= {"variant": None, "build": "20260101", "url": (tmp_path / "python.tar.gz").as_uri()}
    key = f"cpython-{newest}.9-linux-{platform.machine()}-gnu"
    (tmp_path / "mirror.json").write_text(json.dumps({key: entry}))
    variables |= {"UV_PYTHON_DOWNLOADS_JSON_URL": (tmp_path / "mirror.json").as_uri(), "PATH": str(tmp_path)}
    program = "import sys; from mlt_nn.__main__ import main; sys.exit(main(['progress'], version=(3, 9, 18)))"

    ours, terminal = pty.openpty()
    try:
        os.write(ours, b"y\n")
        output = shown(start(course, variables, "-c", program, stdin=terminal))
    finally:
        os.close(ours)
        os.close(terminal)
    assert "this is Python 3.9.18" in output
    assert f"Fetch Python {newest} for the course alone" in output
    assert output.endswith(f"started in {course / '.venv'}\n")
    assert any((course / ".venv" / "python").glob(f"cpython-{newest}*"))
