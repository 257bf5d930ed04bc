"""Numbers in stored outputs may be off by the tolerance of their cell, and by no more; all else must be the same."""

import subprocess
import sys

import nbformat
import pytest

from mlt_nn.support.tolerance import settled


@pytest.mark.parametrize(
    ("got", "stored", "same"),
    [
        ("0.963 and 1,020", "0.971 and 1,010", True),
        ("0.963 and 1,050", "0.971 and 1,010", False),
        ("-0.01", "0.005", True),
        ("\N{MINUS SIGN}0.5", "0.5", False),
        ("loss 0.5", "lost 0.5", False),
        ("0.5 0.5", "0.5", False),
        ("layer2 1e-3", "layer3 1e-3", False),
        ("A2", "A2", True),
    ],
)
def test_close_numbers_are_settled_and_nothing_else(got, stored, same):
    assert (settled(got, stored, 0.02) == stored) == same


def test_nbval_compares_with_the_tolerance_of_each_cell(tmp_path):
    cells = []
    for number in ("0.51", "0.6"):
        output = nbformat.v4.new_output("stream", text="0.5 of all\n")
        cells.append(nbformat.v4.new_code_cell(f"print({number}, 'of all')", execution_count=1, outputs=[output]))
        cells[-1].metadata["tolerance"] = 0.02
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "few.ipynb")
    command = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env", "few.ipynb"]
    plugin = ["-p", "mlt_nn.support.tolerance"]
    done = subprocess.run([sys.executable, *command, *plugin], cwd=tmp_path, capture_output=True, text=True)
    assert "FAILED few.ipynb::Cell 1" in done.stdout
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr


def test_it_is_a_plugin_of_every_test_run(pytestconfig):
    assert pytestconfig.pluginmanager.hasplugin("mlt_nn.support.tolerance")


def test_no_grammar_of_web_addresses_is_compiled_to_run_a_notebook():
    code = "import sys, mlt_nn.cli.rerun, nbclient, nbformat; print('lark' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
