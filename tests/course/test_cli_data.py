"""`mlt-nn data`: says what is there and downloads the rest; and `mlt-nn build`."""

import hashlib

import pytest

from mlt_nn import datasets
from mlt_nn.cli import main
from mlt_nn.datasets import DownloadError, mnist
from mlt_nn.teaching.building import notebooks, stubs

# An IDX file of 1,226 bytes.
IMAGES = bytes([0, 0, 8, 1, 0, 0, 4, 202]) + bytes(1226)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """The folder for downloads, with a small MNIST that is whole, and of which nothing may be downloaded."""
    monkeypatch.delenv(mnist.VARIABLE, raising=False)
    monkeypatch.setattr(mnist, "DOWNLOADS", tmp_path)
    monkeypatch.setattr(mnist, "CHECKSUMS", {"images": hashlib.sha256(IMAGES).hexdigest()})
    monkeypatch.setattr(datasets, "download_mnist", lambda: pytest.fail("nothing was to be downloaded"))
    (tmp_path / "images").write_bytes(IMAGES)
    return tmp_path


def test_what_is_there_is_listed_and_not_downloaded_again(place, capsys):
    assert main(["data"]) == 0
    assert "images: images, 1,234 bytes" in capsys.readouterr().out


@pytest.mark.parametrize("before", [None, IMAGES[:1000], b"", IMAGES[:-1] + b"1"])
def test_what_is_missing_or_damaged_is_downloaded(place, monkeypatch, capsys, before):
    if before is None:
        (place / "images").unlink()
    else:
        (place / "images").write_bytes(before)

    def download():
        (place / "images").write_bytes(IMAGES)
        return mnist.find(place)

    monkeypatch.setattr(datasets, "download_mnist", download)
    assert main(["data"]) == 0
    shown = capsys.readouterr().out
    assert "images missing or damaged. Downloading" in shown
    assert "MNIST is in" in shown


def test_a_damaged_file_in_a_folder_of_somebodys_is_told(place, tmp_path_factory, monkeypatch, capsys):
    own = tmp_path_factory.mktemp("own")
    (own / "images").write_bytes(IMAGES[:1000])
    monkeypatch.setenv(mnist.VARIABLE, str(own))
    assert main(["data"]) == 1
    told = f"MNIST is not whole in {own}: images missing or damaged. Put good copies there, or unset {mnist.VARIABLE}"
    assert capsys.readouterr().err.startswith(told)


def test_that_bundled_digits_were_asked_for_is_told(place, monkeypatch, capsys):
    monkeypatch.setenv(mnist.VARIABLE, mnist.BUNDLED)
    assert main(["data"]) == 0
    shown = capsys.readouterr().out
    assert "bundled digits, for MLT_NN_DATA is 'bundled'; unset it to use MNIST.\nMNIST is in" in shown


def test_a_failed_download_says_why_and_what_now(place, monkeypatch, capsys):
    def fail():
        raise DownloadError("no server answered")

    (place / "images").unlink()
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
