"""What a plain cell is told in a real kernel: an edit is seen, and what went wrong is one line with the way out."""

import importlib
import json
import os
import re
import sys

import pytest
from jupyter_client import KernelManager

from mlt_nn.cli.desk import Kernels
from mlt_nn.support import notebook
from mlt_nn.support.folders import COURSE, PROJECT

from .processes import children
from .versions import solution, write, write_stage

FIRST = "import numpy as np\nfrom mlt_nn import check\nfrom mlt_nn.activations import relu, sigmoid"
CALL = "print(sigmoid(0.0))"


def code(source):
    return {"cell_type": "code", "source": source}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mlt_nn").mkdir()
    return write(tmp_path / "mlt_nn", solution)


@pytest.fixture
def kernel(folder, tmp_path):
    """Runs a cell in the kernel of `mlt-nn lab`, below the notebook's others; gives what it showed, by kind."""
    cells = [{"cell_type": "markdown", "source": "text"}, code(FIRST), code("data = np.arange(3)")]
    notebook = tmp_path / "mine.ipynb"
    variables = {**os.environ, "MLT_NN_EXERCISES": str(folder), "JPY_SESSION_NAME": str(notebook)}
    variables |= {"PYTHONPATH": str(PROJECT), "IPYTHONDIR": str(tmp_path / "ipython")}
    manager = KernelManager(kernel_spec_manager=Kernels())
    manager.start_kernel(cwd=str(COURSE), env=variables)
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)

    def run(cell, above=3):
        notebook.write_text(json.dumps({"cells": [*cells[:above], code(cell), *cells[above:]]}), encoding="utf-8")
        shown = {"stdout": "", "stderr": "", "error": ""}

        def add(message):
            content = message["content"]
            if message["msg_type"] == "stream":
                shown[content["name"]] += content["text"]
            elif message["msg_type"] == "error":
                shown["error"] += "\n".join(content["traceback"])

        reply = client.execute_interactive(cell, timeout=60, output_hook=add)
        assert (reply["content"]["status"] == "error") == bool(shown["error"])
        return {kind: re.sub(r"\x1b\[[\d;]*m", "", text) for kind, text in shown.items()}

    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


KEPT = """
import os, platform
def megabytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf('SC_PAGE_SIZE') // 10**6
before = megabytes()
_ = len(np.ones(30_000_000, np.int8))
print(platform.libc_ver()[0], megabytes() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc can be asked for that")
def test_memory_that_is_freed_stays_for_the_next_step_of_training(kernel):
    kernel(FIRST)
    library, megabytes = kernel(KEPT)["stdout"].split()
    if library != "glibc":
        pytest.skip("only glibc can be asked for that")
    assert int(megabytes) > 25


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the processes of another one")
def test_a_check_takes_the_worker_that_is_ready_which_reads_the_file_as_it_is_now(kernel, folder):
    ask = "print(check('activations.relu').passed)"
    kernel(FIRST)
    number = int(kernel("import os; print(os.getpid())")["stdout"])
    assert children(number) == []
    assert kernel(ask)["stdout"] == "True\n"
    (ready,) = children(number)
    change(folder / "activations.py", "np.maximum(z, 0)", "np.minimum(z, 0)")
    assert kernel(ask)["stdout"] == "False\n"
    (next_one,) = children(number)
    assert next_one != ready


def change(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def line_of(file, part):
    return next(n for n, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1) if part in line)


def told(**shown):
    return {"stdout": "", "stderr": "", "error": ""} | shown


def test_an_edit_is_seen_and_a_traceback_shows_its_line(kernel, folder):
    file = folder / "activations.py"
    kernel(FIRST)
    assert kernel(CALL) == told(stdout="0.5\n")
    change(file, "def relu(z):", "# One line more.\n\n\ndef relu(z):\n    raise ValueError('odd')\n")
    error = kernel("relu(1.0)")["error"]
    assert re.search(rf"-+> {line_of(file, 'odd')} +raise ValueError\('odd'\)", error), error
    change(file, "    raise ValueError('odd')\n", "")
    assert kernel("print(relu(2.0))") == told(stdout="2.0\n")


def test_a_broken_file_is_told_in_each_cell_until_it_is_mended(kernel, folder):
    file = folder / "activations.py"
    kernel(FIRST)
    change(file, "def relu(z):", "def relu(z:")
    broken = line_of(file, "def relu(z:")
    words = "mlt_nn/activations.py, line {}: {}. Until you mend it and save, the cells run what you had saved before.\n"
    never = words.format(broken, "'(' was never closed")
    assert kernel(CALL) == told(stdout="0.5\n", stderr=never)
    assert kernel("1 + 1;") == told(stderr=never)
    change(file, "def relu(z:", "def relu(z):\n    ")
    change(file, "\n\n\ndef sigmoid", "\n\nsooner = later\n\n\ndef sigmoid")
    words = words.format(line_of(file, "sooner"), "NameError: name 'later' is not defined")
    assert kernel(CALL) == told(stdout="0.5\n", stderr=words)
    change(file, "sooner = later\n", "")
    assert kernel(CALL) == told(stdout="0.5\n")


def test_a_file_that_was_broken_from_the_start(kernel, folder):
    change(folder / "activations.py", "def relu(z):", "def relu(z:")
    line = line_of(folder / "activations.py", "def relu(z:")
    words = (
        f"mlt_nn/activations.py, line {line}: '(' was never closed. Nothing of that file has run yet: mend it, save, "
        "and run this cell again."
    )
    assert kernel(FIRST) == told(error=words)
    change(folder / "activations.py", "def relu(z:", "def relu(z):")
    assert kernel(FIRST) == told()


def test_a_function_that_was_renamed(kernel, folder):
    kernel(FIRST)
    change(folder / "activations.py", "def relu(z):", "def rectify(z):")
    change(folder / "activations.py", "(relu, relu_prime)", "(rectify, relu_prime)")
    words = (
        "mlt_nn/activations.py no longer defines relu; the cells run the one that you had saved before. Begin it at "
        "the left margin again,  def relu(  and save.\n"
    )
    assert kernel("print(relu(2.0))") == told(stdout="2.0\n", stderr=words)
    words = "mlt_nn/activations.py does not define relu. Write it there at the left margin,  def relu(  , save, and run"
    assert kernel(FIRST) == told(error=f"{words} this cell again.", stderr=kernel(CALL)["stderr"])
    change(folder / "activations.py", "rectify", "relu")
    assert kernel(FIRST) == told()


def test_a_function_that_is_not_written(kernel, folder):
    write_stage(folder, [])
    kernel(FIRST)
    line = line_of(folder / "activations.py", "raise NotImplementedError")
    words = (
        "sigmoid is yours to write: open mlt_nn/activations.py; notebook 02_activations explains it under 'Write the "
        f"sigmoid'. If you have written it: save the file, and delete the raise in line {line}."
    )
    assert kernel(CALL) == told(error=words)
    assert "NotImplementedError: mine" in kernel("raise NotImplementedError('mine')")["error"]


def test_a_file_that_is_gone(monkeypatch, tmp_path):
    importlib.import_module("mlt_nn.neuron")
    assert list(notebook.reread()) == []
    monkeypatch.setattr(notebook, "exercise_file", lambda module: tmp_path / "mlt_nn" / f"{module}.py")
    monkeypatch.setattr(notebook, "MODULES", ["neuron"])
    (words,) = notebook.reread()
    assert words.startswith(
        "mlt_nn/neuron.py is gone; the cells run what was in it. Get it back:  git checkout mlt_nn/neuron.py"
    )


@pytest.mark.parametrize("name", ["np", "sigmoid", "data"])
def test_a_cell_before_the_one_that_it_needs(kernel, name):
    words = (
        f"{name} is not known yet: the cell above that makes it has not run since the kernel started. In the menu Run "
        "choose  Run All Above Selected Cell , then run this cell again."
    )
    assert kernel(f"print({name})") == told(error=words)
    kernel("__vsc_ipynb_file__ = 'as VS Code sets it'")
    menu = "In the menu Run choose  Run All Above Selected Cell"
    in_vs_code = words.replace(menu, "At the top of this one click  Execute Above Cells")
    assert kernel(f"print({name})") == told(error=in_vs_code)


def test_what_no_cell_makes_is_told_by_python(kernel):
    assert "NameError: name 'dta' is not defined" in kernel("dta")["error"]
    # No cell above the one that makes it: the way out would lead nowhere.
    assert "NameError: name 'sigmoid' is not defined" in kernel("sigmoid\n" + FIRST, above=0)["error"]
    assert "SyntaxError" in kernel("1 +")["error"]
    assert "ModuleNotFoundError" in kernel("import nowhere")["error"]
