"""Seconds from the four files of MNIST to arrays ready to train with."""

import gzip
import importlib.util
import os
import statistics

import numpy as np

from benchmarks.results import Benchmark
from benchmarks.timing import interleaved, ratio
from mlt_nn.datasets import load_mnist
from mlt_nn.datasets.mnist import mnist_state

ROUNDS = 7
_OURS = "load_mnist"


class LoadersDifferError(RuntimeError):
    """Two loaders do not give the same arrays."""


def measure(rounds=ROUNDS):
    """Load MNIST by each loader that is installed; yields rows for `BENCHMARK.head`.

    Raises:
        FileNotFoundError: when MNIST is not on this computer.
        LoadersDifferError: when the arrays differ.
    """
    state = mnist_state()
    if state.source != "MNIST":
        raise FileNotFoundError(f"MNIST is not whole in {state.folder}. Get it with  python3 -m mlt_nn data")
    files = list(state.files.values())
    loaders = {_OURS: load_mnist, "gzip.open and frombuffer": lambda: _by_hand(files, _frombuffer)}
    if importlib.util.find_spec("idx2numpy"):
        loaders["idx2numpy"] = lambda: _by_hand(files, _idx2numpy)
    expected = load_mnist()[:4]
    for name, loader in loaders.items():
        for mine, other in zip(expected, loader()[:4], strict=True):
            if mine.dtype != other.dtype or not np.array_equal(mine, other):
                raise LoadersDifferError(f"{name} does not load the same arrays as {_OURS}")
    for temperature, prepare in (("cold", lambda: _forget(files)), ("warm", lambda: None)):
        if temperature == "cold" and not hasattr(os, "posix_fadvise"):
            continue

        def contestant(loader, prepare=prepare):
            def prepared():
                prepare()
                return loader

            return prepared

        seconds = interleaved({name: contestant(loader) for name, loader in loaders.items()}, rounds)
        for name in loaders:
            median = statistics.median(seconds[name])
            yield f"{name}, {temperature} files", median, "" if name == _OURS else str(ratio(seconds, _OURS, name))
    if "idx2numpy" not in loaders:
        yield "idx2numpy", "not installed", ""


def _forget(files):
    """Let the system drop what it has in memory of these files."""
    for file in files:
        with open(file, "rb") as stream:
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _by_hand(files, read):
    """The arrays of `load_mnist`, from a function that reads one file into an array of bytes."""
    train_images, train_labels, test_images, test_labels = map(read, files)
    return (
        train_images.reshape(-1, 784).astype(np.float32) / 255,
        train_labels.astype(np.int64),
        test_images.reshape(-1, 784).astype(np.float32) / 255,
        test_labels.astype(np.int64),
    )


def _open(file):
    return gzip.open(file) if file.suffix == ".gz" else open(file, "rb")


def _frombuffer(file):
    with _open(file) as stream:
        data = stream.read()
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3])


def _idx2numpy(file):
    import idx2numpy

    with _open(file) as stream:
        return idx2numpy.convert_from_file(stream)


BENCHMARK = Benchmark(
    "Loading",
    ("loader of MNIST", "seconds", "load_mnist / it"),
    measure,
    f"From the four files to float32 points in [0, 1] and int64 labels, the median of {ROUNDS} rounds in turns. "
    "Cold: the system was told before to drop the files from its memory. load_mnist also compares a checksum of every "
    "byte. gzip.open and frombuffer: the shortest loader by hand, without any check.",
)
