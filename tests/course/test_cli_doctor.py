"""`mlt-nn doctor`: each thing that can be wrong is found, named, and comes with a way out."""

import importlib
import os
import shutil
import sys
from types import SimpleNamespace

import pytest

import mlt_nn
from mlt_nn.cli import doctor as room
from mlt_nn.cli import main
from mlt_nn.cli.doctor import Diagnosis, Finding
from mlt_nn.datasets.mnist import CHECKSUMS
from mlt_nn.support import environment
from mlt_nn.support.folders import PROJECT, SOLUTIONS
from mlt_nn.support.overlay import VARIABLE


@pytest.fixture
def student(tmp_path, monkeypatch, solved):
    """A student's folder of exercise modules, in use; none of them loaded before, and none left loaded afterwards."""
    folder = tmp_path / "student"
    shutil.copytree(SOLUTIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setenv(VARIABLE, str(folder))
    monkeypatch.delenv("MLT_NN_DATA", raising=False)
    monkeypatch.setattr(environment, "installed_folder", lambda: str(PROJECT))
    return folder


def problems():
    found = mlt_nn.doctor().findings
    assert all(finding.way_out or finding.text.startswith("data: ") for finding in found if not finding.ok)
    return [finding.text for finding in found if not finding.ok]


def test_this_computer_is_well(student, capsys):
    assert main(["doctor"]) == 0
    shown = capsys.readouterr().out
    assert shown.endswith("All is well.\n")
    for text in (sys.executable, "numpy ", str(PROJECT), "kernel: python3", "data: ", f"{VARIABLE} is"):
        assert text in shown


def test_a_problem_is_counted_and_ends_with_1(student, capsys):
    (student / "losses.py").write_text("def one_hot(labels, k:\n    pass\n")
    assert main(["doctor"]) == 1
    shown = capsys.readouterr().out
    assert f"problem  {student / 'losses.py'}, line 1: '(' was never closed." in shown
    assert shown.endswith("To be mended: 1.\n")


def test_a_function_that_is_gone_is_named(student):
    source = (student / "losses.py").read_text(encoding="utf-8")
    (student / "losses.py").write_text(source.replace("def one_hot(", "def onehot("), encoding="utf-8")
    assert problems() == [f"{student / 'losses.py'} does not define one_hot."]


def test_other_ways_to_define_a_function_are_no_problem(student):
    source = (student / "activations.py").read_text(encoding="utf-8")
    for own in ("tanh = np.tanh", "tanh = lambda z: np.tanh(z)", "from numpy import tanh", "tanh = partial(np.tanh)"):
        text = source.replace("def tanh(", "def _tanh(").replace("import numpy as np", "import numpy as np\nPARTIAL")
        text = text.replace("PARTIAL", "from functools import partial") + f"\n{own}\n"
        (student / "activations.py").write_text(text, encoding="utf-8-sig")
        assert problems() == []
    (student / "activations.py").write_text(text.replace(own, ""), encoding="utf-8-sig")
    assert problems() == [f"{student / 'activations.py'} does not define tanh."]


def test_a_return_at_the_left_margin_is_named_with_its_line(student):
    (student / "losses.py").write_text("def one_hot(labels, k):\n    pass\nreturn 1\n")
    assert problems() == [f"{student / 'losses.py'}, line 3: 'return' outside function."]


def test_a_file_that_is_no_text_is_named(student):
    (student / "losses.py").write_bytes("# \N{LATIN SMALL LETTER E WITH ACUTE}".encode("latin-1"))
    assert f"{student / 'losses.py'} cannot be read as text" in problems()[0]


def test_a_module_that_was_loaded_before_it_was_changed_is_named(student):
    importlib.import_module("mlt_nn.losses")
    assert problems() == []
    with (student / "losses.py").open("a", encoding="utf-8") as file:
        file.write("# a second thought\n")
    assert "mlt_nn.losses was loaded" in problems()[0]
    importlib.reload(sys.modules["mlt_nn.losses"])
    assert problems() == []


def test_a_module_that_was_loaded_from_elsewhere_is_named(student, monkeypatch):
    importlib.import_module("mlt_nn.losses")
    monkeypatch.setenv(VARIABLE, str(SOLUTIONS))
    assert str(student / "losses.py") in problems()[0]


def test_what_the_environment_lacks_is_named_and_the_files_are_looked_at_all_the_same(student, monkeypatch):
    (student / "losses.py").write_text("")
    monkeypatch.setattr(environment, "installed_version", lambda name: None if name == "jupyterlab" else "99.0")
    monkeypatch.setitem(sys.modules, "jupyter_client.kernelspec", None)
    assert [text.split(";")[0] for text in problems()] == [
        "jupyterlab is not installed",
        f"{student / 'losses.py'} does not define one_hot, squared_error, cross_entropy.",
    ]


def test_a_package_that_is_damaged_is_named(student, monkeypatch):
    monkeypatch.setattr(environment, "installed_version", lambda name: "99.0")
    monkeypatch.setitem(sys.modules, "jupyter_client.kernelspec", None)
    found = [finding for finding in mlt_nn.doctor().findings if not finding.ok]
    assert [finding.text.split(":")[0] for finding in found] == ["A package is damaged"]
    assert "jupyter_client.kernelspec" in found[0].text
    assert found[0].way_out.startswith("Delete the folder .venv")


def test_a_full_disk_is_told(student, monkeypatch):
    monkeypatch.setattr("tempfile._candidate_tempdir_list", list)
    monkeypatch.setattr("tempfile.tempdir", None)
    (found,) = problems()
    assert found.startswith("This computer's disk is full, or cannot be written: No usable temporary directory")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a disk that is always full is one of Linux's")
def test_a_full_disk_of_the_course_is_told(student, monkeypatch):
    def file(dir):
        return open("/dev/full" if dir else os.devnull, "wb")

    monkeypatch.setattr("tempfile.TemporaryFile", file)
    assert problems() == [f"This computer's disk is full, or cannot be written: No space left on device: {PROJECT}."]


def test_a_file_that_hides_a_package_is_named(student, monkeypatch, tmp_path):
    for name in ("numpy.py", "mine.py"):
        (tmp_path / name).touch()
    monkeypatch.setattr(room, "COURSE", tmp_path)
    assert problems() == [f"{tmp_path / 'numpy.py'} hides the package numpy."]


def test_a_python_newer_than_all_tested_ones_is_no_problem_but_told(student, monkeypatch, capsys):
    monkeypatch.setattr(environment, "NEWEST", (3, 10))
    assert main(["doctor"]) == 0
    assert "newer than 3.10, the newest tested" in capsys.readouterr().out


def test_an_unfit_python_is_named(student, monkeypatch):
    monkeypatch.setattr(room.sys, "version_info", (3, 10, 1))
    monkeypatch.setattr(environment, "fitting_commands", list)
    assert "this is Python 3.10.1" in problems()[0]


def test_a_kernel_of_another_python_is_named(student, monkeypatch, tmp_path):
    other = tmp_path / "python"
    spec = SimpleNamespace(argv=[str(other), "-m", "ipykernel_launcher"], resource_dir="there")
    monkeypatch.setattr("jupyter_client.kernelspec.KernelSpecManager.get_kernel_spec", lambda self, name: spec)
    assert str(other) in problems()[0]
    spec.argv[0] = sys.executable
    assert problems() == []


def test_no_kernel_at_all_is_told(student, monkeypatch):
    from jupyter_client.kernelspec import NoSuchKernel

    def missing(self, name):
        raise NoSuchKernel(name)

    monkeypatch.setattr("jupyter_client.kernelspec.KernelSpecManager.get_kernel_spec", missing)
    assert "no kernel named python3" in problems()[0]


def test_a_data_folder_that_is_not_there_is_told(student, monkeypatch, tmp_path):
    monkeypatch.setenv("MLT_NN_DATA", str(tmp_path / "gone"))
    assert str(tmp_path / "gone") in problems()[0]


def test_damaged_data_are_told(student, monkeypatch, tmp_path):
    for name in CHECKSUMS:
        (tmp_path / name).write_bytes(b"")
    monkeypatch.setenv("MLT_NN_DATA", str(tmp_path))
    (found,) = problems()
    assert found.startswith(f"data: MNIST, in {tmp_path}, of which train-images-idx3-ubyte, ")


def test_that_bundled_digits_were_asked_for_is_told(student, monkeypatch, capsys):
    monkeypatch.setenv("MLT_NN_DATA", "bundled")
    assert main(["doctor"]) == 0
    assert "bundled digits, for MLT_NN_DATA is 'bundled'\n         -> Unset it to use MNIST." in capsys.readouterr().out


def test_a_folder_of_exercises_that_is_not_there_is_told(student, monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "gone"))
    assert problems() == [f"{VARIABLE} is {str(tmp_path / 'gone')!r}, and {tmp_path / 'gone'} is not a folder."]


def test_missing_checks_are_told(student, monkeypatch, tmp_path):
    monkeypatch.setattr("mlt_nn.grading.check.PUBLIC_CHECKS", tmp_path)
    assert problems() == [f"There are no checks in {tmp_path}."]


def test_a_notebook_shows_a_table_and_escapes_it():
    found = Diagnosis([Finding(True, "numpy <2>"), Finding(False, "no kernel", "make one")])
    shown = found._repr_mimebundle_()
    assert shown["text/plain"].splitlines() == [
        "ok       numpy <2>",
        "problem  no kernel",
        "         -> make one",
        "To be mended: 1.",
    ]
    assert "numpy &lt;2&gt;" in shown["text/html"]
    assert "<em>make one</em>" in shown["text/html"]
