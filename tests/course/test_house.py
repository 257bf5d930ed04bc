"""The doors between the rooms, and what must never be committed."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mlt_nn.support.catalogue import MODULES
from mlt_nn.support.folders import PACKAGE, PROJECT, SOLUTIONS

EXERCISE_MODULES = {f"mlt_nn.{module}" for module in MODULES}


def imports(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: write the whole name of the module"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("position", range(len(MODULES)), ids=MODULES)
def test_an_exercise_imports_numpy_and_earlier_exercises_only(position):
    earlier = {f"mlt_nn.{module}" for module in MODULES[:position]}
    for name in imports(SOLUTIONS / f"{MODULES[position]}.py"):
        assert name == "numpy" or ".".join(name.split(".")[:2]) in earlier, name


ROOMS = ("support", "datasets", "plots", "widgets", "grading", "cli", "teaching")
# Each room, and the rooms that it may enter beside its own.
DOORS = {
    "support": set(),
    "datasets": {"support"},
    "plots": {"support"},
    "widgets": {"support", "datasets", "plots"},
    "grading": {"support"},
    "cli": {"support", "datasets", "grading"},
    "teaching": {"support", "datasets", "plots", "grading", "cli"},
}


def test_the_package_has_the_nine_exercises_and_rooms():
    tops = {file.parts[1] for file in tracked() if file.parts[0] == "mlt_nn"}
    assert tops == {"__init__.py", "__main__.py", *(f"{module}.py" for module in MODULES), *ROOMS}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_entered_by_its_doors(room):
    files = sorted((PACKAGE / room).rglob("*.py"))
    assert files
    entered = {name.split(".")[1] for file in files for name in imports(file) if name.startswith("mlt_nn.")}
    assert entered - {room} == DOORS[room]


def test_the_package_and_its_command_enter_what_every_computer_has():
    names = {name for file in ("__init__", "__main__") for name in imports(PACKAGE / f"{file}.py")}
    assert {".".join(name.split(".")[:2]) for name in names if name.startswith("mlt_nn.")} == {
        "mlt_nn.support", "mlt_nn.cli",
    }  # fmt: skip


def test_nothing_imports_from_tests_or_solutions():
    for file in [*PACKAGE.rglob("*.py"), *SOLUTIONS.glob("*.py")]:
        assert not [
            name for name in imports(file) if name.split(".")[0] in ("tests", "solutions", "benchmarks", "browser")
        ], file


def tracked():
    done = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True)
    return [Path(name) for name in done.stdout.split("\0") if name]


def test_the_top_level_is_the_agreed_one():
    visible = {file.parts[0] for file in tracked() if not file.parts[0].startswith(".")}
    assert visible == {"pyproject.toml", "README.md", "LICENSE", "course", "mlt_nn", "solutions", "tests", "data"}


def test_no_registry_and_no_path_of_a_machine_is_committed():
    # Written in two parts, or this file would find itself.
    forbidden = re.compile("/(wo|ro)(rk|ot)/[a-z]|py" + r"pi\.org|python" + "hosted|npm" + r"js\.org|deb" + r"ian\.org")
    for file in tracked():
        try:
            text = (PROJECT / file).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        assert not forbidden.search(text), f"{file}: {forbidden.search(text)}"


def test_importing_the_package_loads_nothing_heavy():
    heavy = {"numpy", "matplotlib", "pytest", "ipywidgets", "requests"}
    code = f"import sys, mlt_nn; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "command",
    [["ruff", "check"], ["ruff", "format", "--check"], pytest.param(["mypy"], marks=pytest.mark.thorough)],
    ids=" ".join,
)
def test_the_code_is_clean(command):
    done = subprocess.run([sys.executable, "-m", *command], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
