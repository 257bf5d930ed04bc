"""`mlt-nn data`: says what is there and downloads the rest; and `mlt-nn build`."""

import pytest

from mlt_nn import datasets
from mlt_nn.cli import main
from mlt_nn.datasets import DownloadError, MnistState
from mlt_nn.teaching.building import notebooks, stubs


@pytest.fixture
def states(tmp_path, monkeypatch):
    """MNIST before and after the download."""
    (tmp_path / "images.gz").write_bytes(bytes(1234))
    here = MnistState("MNIST", tmp_path, {"images": tmp_path / "images.gz"})
    gone = MnistState("bundled digits", tmp_path, {"images": None})
    monkeypatch.setattr(datasets, "mnist_state", lambda: here)
    monkeypatch.setattr(datasets, "download_mnist", lambda: pytest.fail("nothing was to be downloaded"))
    return here, gone


def test_what_is_there_is_listed_and_not_downloaded_again(states, capsys):
    assert main(["data"]) == 0
    assert "images: images.gz, 1,234 bytes" in capsys.readouterr().out


def test_what_is_missing_is_downloaded(states, monkeypatch, capsys):
    here, gone = states
    monkeypatch.setattr(datasets, "mnist_state", lambda: gone)
    monkeypatch.setattr(datasets, "download_mnist", lambda: here)
    assert main(["data"]) == 0
    shown = capsys.readouterr().out
    assert "images missing. Downloading" in shown
    assert "MNIST is in" in shown


def test_a_failed_download_says_why_and_what_now(states, monkeypatch, capsys):
    def fail():
        raise DownloadError("no server answered")

    monkeypatch.setattr(datasets, "mnist_state", lambda: states[1])
    monkeypatch.setattr(datasets, "download_mnist", fail)
    assert main(["data"]) == 1
    shown = capsys.readouterr().err
    assert "no server answered" in shown
    assert "the 1,797 digits" in shown


def test_a_wrong_folder_is_one_sentence(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("MLT_NN_DATA", str(tmp_path / "gone"))
    assert main(["data"]) == 1
    assert f"there is no folder {tmp_path / 'gone'}" in capsys.readouterr().err


def test_build_writes_stubs_and_the_notebooks_that_were_named(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(stubs, "write_stubs", lambda: ["losses"])
    monkeypatch.setattr(notebooks, "names", lambda: ["01_neuron", "04_losses"])
    monkeypatch.setattr(notebooks, "build", lambda names: asked.append(names) or iter(names or ["all"]))
    assert main(["build", "04_losses"]) == 0
    assert main(["build"]) == 0
    assert asked == [["04_losses"], None]
    assert "mlt_nn/losses.py: written\ncourse/04_losses.ipynb: run and written" in capsys.readouterr().out
