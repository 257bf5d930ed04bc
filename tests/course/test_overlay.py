"""Which file an exercise comes from: the folder in MLT_NN_EXERCISES first, the stubs otherwise, and nothing else."""

import os
import subprocess
import sys

import pytest

from mlt_nn.cli import main
from mlt_nn.support.catalogue import MODULES
from mlt_nn.support.folders import PACKAGE, PROJECT, SOLUTIONS
from mlt_nn.support.overlay import VARIABLE, exercise_file


def run(code, folder, cwd=PROJECT):
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    if folder is not None:
        environment[VARIABLE] = str(folder)
    return subprocess.run([sys.executable, "-c", code], env=environment, cwd=cwd, capture_output=True, text=True)


def files_of_all_exercises(folder, cwd=PROJECT):
    code = (
        "import importlib\nfrom mlt_nn.support.catalogue import EXERCISES\nfor e in EXERCISES:\n"
        "    module = importlib.import_module('mlt_nn.' + e.module)\n"
        "    print(getattr(module, e.function).__code__.co_filename)"
    )
    done = run(code, folder, cwd)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines())


def test_without_an_overlay_every_function_is_the_stub():
    assert files_of_all_exercises(None) == {str(PACKAGE / f"{module}.py") for module in MODULES}


def test_with_solutions_every_function_is_the_solution():
    assert files_of_all_exercises(SOLUTIONS) == {str(SOLUTIONS / f"{module}.py") for module in MODULES}


def test_a_relative_folder_is_taken_from_the_project_wherever_one_stands(tmp_path):
    assert files_of_all_exercises("solutions", tmp_path) == files_of_all_exercises(SOLUTIONS)


def test_a_folder_with_one_module_overlays_that_one(tmp_path):
    (tmp_path / "neuron.py").write_text((SOLUTIONS / "neuron.py").read_text(encoding="utf-8"), encoding="utf-8")
    files = files_of_all_exercises(tmp_path)
    assert str(tmp_path / "neuron.py") in files
    assert str(PACKAGE / "losses.py") in files
    assert str(PACKAGE / "neuron.py") not in files


def test_nothing_but_exercise_modules_is_overlaid(tmp_path):
    for name in ("support", "grading", "datasets", "teaching"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('overlaid')", encoding="utf-8")
    code = "import mlt_nn.support.catalogue, mlt_nn.grading, mlt_nn.datasets\nprint(mlt_nn.support.__file__)"
    done = run(code, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(PACKAGE / "support" / "__init__.py")


def test_a_missing_folder_is_named(tmp_path):
    done = run("import mlt_nn.neuron", tmp_path / "nowhere")
    assert done.returncode != 0
    assert "nowhere" in done.stderr
    assert "is not a folder" in done.stderr


@pytest.mark.parametrize("command", ["check", "doctor", "lab", "progress"])
def test_a_missing_folder_is_named_by_each_command_in_a_line(monkeypatch, tmp_path, capsys, command):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "nowhere"))
    assert main([command]) == 1
    assert capsys.readouterr().err.startswith(f"{VARIABLE} is {str(tmp_path / 'nowhere')!r}, and ")


def test_an_edit_in_the_same_second_is_seen(tmp_path):
    file = tmp_path / "neuron.py"
    code = (
        "import importlib, pathlib\nimport mlt_nn.neuron as n\nprint(n.x)\n"
        f"pathlib.Path({str(file)!r}).write_text('x = 2')\nprint(importlib.reload(n).x)"
    )
    file.write_text("x = 1", encoding="utf-8")
    assert run(code, tmp_path).stdout.split() == ["1", "2"]


def test_an_unknown_module_is_refused():
    with pytest.raises(ValueError, match="not an exercise module"):
        exercise_file("catalogue")
