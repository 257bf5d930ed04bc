"""MNIST: 70,000 handwritten digits of 28 x 28 pixels, from files on this machine or from the network."""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mlt_nn.datasets.digits import Digits, load_digits
from mlt_nn.datasets.download import DownloadError, download
from mlt_nn.datasets.idx import read_idx
from mlt_nn.support.folders import PROJECT, from_project

VARIABLE = "MLT_NN_DATA"
BUNDLED = "bundled"  # as the value of MLT_NN_DATA: the bundled digits, whatever else is there
DOWNLOADS = PROJECT / "data" / "mnist"

# SHA-256 of the uncompressed bytes: mirrors may compress as they like.
CHECKSUMS = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)

# Seconds that the mirrors have for a first answer: few when a notebook waits, more when the reader asked for it.
IN_A_NOTEBOOK, ON_REQUEST = 2, 10


class MnistState(NamedTuple):
    """Where the four files of MNIST are; what they hold has not been looked at."""

    source: str
    """What `load_mnist` would give without a network: "MNIST" when all four files are there, else "bundled digits"."""
    folder: Path
    """The folder that was searched: the one named in MLT_NN_DATA, or data/mnist in the project."""
    files: dict[str, Path | None]
    """Name of each file -> where it is, or None."""


def load_mnist():
    """MNIST, ready to train with: 60,000 digits to learn from and 10,000 to test on.

    The four files are looked for in the folder named in the environment variable MLT_NN_DATA; if that is not set, in
    data/mnist in the project. Each may be compressed (name.gz) or not. What is missing in data/mnist is downloaded
    into it. If that fails (no network, a folder that cannot be written), the digits bundled with the course are
    returned instead and one printed sentence says so; without a network that takes two seconds at most. They are also
    returned, without a word, when MLT_NN_DATA is "bundled".

    Returns:
        `Digits`: X_train (60000, 784) and X_test (10000, 784), float32 in [0, 1], 0 is paper and 1 is ink; labels_train
        (60000,) and labels_test (10000,), int64 in 0..9; source, "MNIST" or "bundled digits".

    Raises:
        FileNotFoundError: when the folder named in MLT_NN_DATA or a file in it is missing.
        ValueError: when a file is cut short, damaged, or not what its name says.

    Source: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document recognition",
    Proceedings of the IEEE 86 (11), 1998.
    """
    if os.environ.get(VARIABLE) == BUNDLED:
        return load_digits()
    state = mnist_state()
    missing = {name: CHECKSUMS[name] for name, path in state.files.items() if path is None}
    try:
        download(state.folder, missing, MIRRORS, IN_A_NOTEBOOK)
    except DownloadError as reason:
        print(
            f"MNIST could not be downloaded ({reason}), so these are the 1,797 digits bundled with the course; "
            f"to get MNIST, run this again when you are online, or put its four files into {state.folder}."
        )
        return load_digits()
    files = find(state.folder).files
    try:
        arrays = [read_idx(files[name], checksum) for name, checksum in CHECKSUMS.items()]
    except ValueError as damage:
        raise ValueError(
            f"{damage}. Delete this file and put a good copy in its place; in {DOWNLOADS} deleting is enough, "
            "the next load downloads it again."
        ) from None
    train_images, train_labels, test_images, test_labels = arrays
    return Digits(
        X_train=_as_points(train_images),
        labels_train=train_labels.astype(np.int64),
        X_test=_as_points(test_images),
        labels_test=test_labels.astype(np.int64),
        source="MNIST",
    )


def mnist_state():
    """Which data `load_mnist` would use and where each file is, without reading them and without the network.

    Returns:
        `MnistState`.

    Raises:
        FileNotFoundError: when the folder named in MLT_NN_DATA or a file in it is missing.
    """
    named = os.environ.get(VARIABLE)
    if named == BUNDLED:
        return MnistState("bundled digits", DOWNLOADS, dict.fromkeys(CHECKSUMS))
    if not named:
        return find(DOWNLOADS)
    state = find(from_project(named))
    way_out = f"Correct {VARIABLE}, or unset it to have MNIST downloaded into {DOWNLOADS}."
    if not state.folder.is_dir():
        raise FileNotFoundError(f"{VARIABLE} is {named!r}, but there is no folder {state.folder}. {way_out}")
    missing = [name for name, path in state.files.items() if path is None]
    if missing:
        raise FileNotFoundError(
            f"{VARIABLE} is {named!r}, but {state.folder} lacks {', '.join(missing)} (with or without .gz). {way_out}"
        )
    return state


def download_mnist():
    """Make data/mnist in the project complete: download with a progress bar what is missing or damaged there.

    Does nothing when all four files are there and whole. MLT_NN_DATA plays no part: that folder is its owner's.

    Returns:
        `MnistState` of data/mnist.

    Raises:
        DownloadError: when that fails; the message says why.
    """
    wanted = {name: CHECKSUMS[name] for name in not_whole(find(DOWNLOADS))}
    download(DOWNLOADS, wanted, MIRRORS, ON_REQUEST)
    return find(DOWNLOADS)


def not_whole(state):
    """The names of the files of an `MnistState` that are missing or damaged; all are read, in half a second."""
    return [name for name, checksum in CHECKSUMS.items() if not _is_whole(state.files[name], checksum)]


def find(folder):
    """Where each of the four files is in the folder, as `MnistState`."""
    # Some programs unpack train-images-idx3-ubyte.gz to train-images.idx3-ubyte.
    forms = {name: (name, f"{name}.gz", name.replace("-idx", ".idx")) for name in CHECKSUMS}
    places = {name: [folder / each for each in (*forms[name], f"{forms[name][2]}.gz")] for name in CHECKSUMS}
    files = {name: next((path for path in paths if path.is_file()), None) for name, paths in places.items()}
    return MnistState("bundled digits" if None in files.values() else "MNIST", folder, files)


def _is_whole(path, checksum):
    try:
        return path is not None and read_idx(path, checksum) is not None
    except ValueError:
        return False


def _as_points(images):
    """(n, 28, 28) bytes in 0..255 -> (n, 784) float32 in [0, 1]."""
    return np.divide(images.reshape(len(images), -1), 255, dtype=np.float32)
