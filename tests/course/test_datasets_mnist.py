"""Where MNIST is looked for, and the real files when this machine has them."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mlt_nn.datasets import load_mnist, mnist_state
from mlt_nn.datasets.mnist import CHECKSUMS, DOWNLOADS, VARIABLE
from mlt_nn.support.folders import PROJECT

NAMED = os.environ.get(VARIABLE)


def test_searched_in_the_project_when_nothing_is_named(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert mnist_state().folder == DOWNLOADS == PROJECT / "data" / "mnist"


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_named_folder_from_a_notebook(monkeypatch, tmp_path, suffix):
    for name in CHECKSUMS:
        (tmp_path / f"{name}{suffix}").write_bytes(b"")
    # Notebooks run in course/, but a relative path starts at the project.
    monkeypatch.setattr("mlt_nn.support.folders.PROJECT", tmp_path.parent)
    monkeypatch.chdir(PROJECT / "tests")
    monkeypatch.setenv(VARIABLE, tmp_path.name)
    state = mnist_state()
    assert state.source == "MNIST"
    for name, path in state.files.items():
        assert path.samefile(tmp_path / f"{name}{suffix}")


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_files_named_with_a_dot_are_found(monkeypatch, tmp_path, suffix):
    for name in CHECKSUMS:
        (tmp_path / f"{name.replace('-idx', '.idx')}{suffix}").write_bytes(b"")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert mnist_state().source == "MNIST"
    assert mnist_state().files["t10k-labels-idx1-ubyte"] == tmp_path / f"t10k-labels.idx1-ubyte{suffix}"
    with pytest.raises(ValueError, match=r"train-images\.idx3-ubyte"):  # what it holds decides
        load_mnist()


def test_decompressed_file_comes_first(monkeypatch, tmp_path):
    for name in CHECKSUMS:
        (tmp_path / name).write_bytes(b"")
        (tmp_path / f"{name}.gz").write_bytes(b"")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert mnist_state().files == {name: tmp_path / name for name in CHECKSUMS}


@pytest.mark.parametrize("look", [mnist_state, load_mnist])
def test_named_folder_that_is_not_there(monkeypatch, tmp_path, look):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match=f"{VARIABLE} is .*nowhere.*there is no folder.*unset it"):
        look()


@pytest.mark.parametrize("look", [mnist_state, load_mnist])
def test_named_folder_that_lacks_files(monkeypatch, tmp_path, look):
    for name in list(CHECKSUMS)[:2]:
        (tmp_path / f"{name}.gz").write_bytes(b"")
    (tmp_path / "t10k-images-idx3-ubyte").mkdir()
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"lacks t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte .*unset it"):
        look()


def test_named_folder_with_other_files_of_these_names(monkeypatch, tmp_path, capsys):
    for name in CHECKSUMS:
        (tmp_path / name).write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 2, 3, 4]))
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with pytest.raises(ValueError, match="train-images-idx3-ubyte holds other bytes than it should"):
        load_mnist()
    assert capsys.readouterr().out == ""


def test_real_mnist(monkeypatch):
    folder = PROJECT / NAMED if NAMED else PROJECT.parent / "shared" / "data" / "mnist"
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"the test run of the project needs the real MNIST: set {VARIABLE} to its folder")
        pytest.skip(f"no MNIST here: set {VARIABLE} to its folder to run this test")
    monkeypatch.setenv(VARIABLE, str(folder))
    digits = load_mnist()
    assert digits.source == "MNIST"
    assert digits.X_train.shape == (60_000, 784)
    assert digits.X_test.shape == (10_000, 784)
    assert digits.X_train.dtype == digits.X_test.dtype == np.float32
    for X in digits.X_train, digits.X_test:
        assert (X.min(), X.max()) == (0, 1)
        assert X.flags.writeable
    # The first digits of both parts, as printed in many a book.
    assert digits.labels_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert digits.labels_test[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    # A one is narrow: the images belong to their labels.
    ink = digits.X_test.sum(axis=1)
    assert min(range(10), key=lambda digit: ink[digits.labels_test == digit].mean()) == 1


def test_bundled_digits_on_request(monkeypatch, capsys):
    monkeypatch.setenv("MLT_NN_DATA", "bundled")
    assert mnist_state().source == "bundled digits"
    assert load_mnist().source == "bundled digits"
    assert capsys.readouterr().out == ""


def test_importing_the_data_room_is_cheap():
    # requests and tqdm are needed for a download only.
    program = "import sys, mlt_nn.datasets; print(sorted({'requests', 'tqdm', 'matplotlib'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path.home())
    assert done.stdout.strip() == "[]"
