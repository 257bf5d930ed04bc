"""Seconds for an epoch of MNIST, beside what nobody gets round, scikit-learn and PyTorch."""

import itertools
import statistics

import numpy as np

from benchmarks.peers import (
    DATA_LOADER,
    LIMIT,
    OURS,
    PYTORCH,
    SCIKIT_LEARN,
    available,
    demand_same_work,
    new_work,
    on_threads,
    thread_numbers,
)
from benchmarks.results import Benchmark
from benchmarks.timing import interleaved, ratio
from mlt_nn.datasets import load_mnist
from mlt_nn.teaching.classroom.pools import cores

ROUNDS = 5
BATCH_SIZES = (None, 1024, 128, 32)
_HIDDEN_NEURONS = 50
# An epoch of full-batch descent is short and without overhead: several make a time that can be trusted.
_FULL_BATCH_EPOCHS = 3
_RACERS = (LIMIT, OURS, SCIKIT_LEARN, PYTORCH)
_AGAINST = (LIMIT, SCIKIT_LEARN, PYTORCH, DATA_LOADER)


def measure(digits=None, batch_sizes=BATCH_SIZES, rounds=ROUNDS):
    """Train with each batch size, dtype and activation; yields rows for `BENCHMARK.head`.

    Raises:
        DifferentWorkError: when a peer computes something else than we do.
    """
    digits = digits or load_mnist()
    for dtype, hidden, batch_size in itertools.product((np.float32, np.float64), ("relu", "sigmoid"), batch_sizes):
        X = digits.X_train.astype(dtype)
        sizes = (X.shape[1], _HIDDEN_NEURONS, 10)
        epochs = _FULL_BATCH_EPOCHS if batch_size is None else 1
        work = new_work(X, digits.labels_train, sizes, hidden, batch_size, epochs)
        # A DataLoader is there to make mini-batches.
        best, numbers = race(work, rounds, _RACERS if batch_size is None else (*_RACERS, DATA_LOADER))
        seconds = {name: statistics.median(times) / epochs for name, times in best.items()}
        what = f"{batch_size or 'all points'}, {np.dtype(dtype).name}, {hidden}"
        yield (
            what,
            *(seconds.get(name, "not installed") for name in _RACERS),
            seconds.get(DATA_LOADER, "" if batch_size is None else "not installed"),
            *(str(ratio(best, OURS, name)) if name in best else "" for name in _AGAINST),
            " ".join(str(numbers.get(name, "-")) for name in (*_RACERS, DATA_LOADER)),
        )


def race(work, rounds, names=_RACERS):
    """Let those that are installed do the same work in turns, each with one thread and with one for each core.

    Returns:
        Name -> the seconds of each round, with the number of threads that was the faster one.
        Name -> that number of threads.
    """
    peers = available(names)
    demand_same_work(work, peers)
    seconds = interleaved(on_threads(peers, thread_numbers(cores()), work), rounds)
    best, numbers = {}, {}
    for name in peers:
        number = min((number for each, number in seconds if each == name), key=lambda n: sum(seconds[name, n]))
        best[name], numbers[name] = seconds[name, number], number or "default"
    return best, numbers


BENCHMARK = Benchmark(
    "Training",
    (
        "batch, dtype, hidden layer",
        *(f"{name}, s" for name in (*_RACERS, DATA_LOADER)),
        *(f"{OURS} / {name}" for name in _AGAINST),
        "threads",
    ),
    measure,
    f"Seconds for one epoch of the network 784-50-10 on all training digits, the median of {ROUNDS} rounds in which "
    "all take turns in one process; ratios are taken round by round: the median (the least to the most). Every one "
    "starts from the same weights, minimizes the same cross-entropy by plain gradient descent on the same points, "
    "shuffled unless it takes all points at once, and is refused unless its weights after the first mini-batches are "
    "ours. Each runs with one thread and with one for each core, and the faster counts (threads: in the order of the "
    "columns). mlt-nn is `train` of solutions/ as it stands. limit: the matrix products X W[1] and X^T Z_g[1], and "
    "the gathering of the shuffled rows of each mini-batch. scikit-learn: MLPClassifier, solver 'sgd', momentum 0, "
    "alpha 0, assume_finite. PyTorch: tensors in memory, no DataLoader, autograd, and the step written out, which is "
    "faster than torch.optim.SGD. PyTorch with a DataLoader: as its tutorials use it, with torch.nn.Sequential and "
    "torch.optim.SGD. On Linux the process keeps freed memory, as each notebook does, to the good of all. Goal: "
    "mlt-nn / limit at most 1.15 (ReLU) and 1.3 (sigmoid) with all points and 1.5 with mini-batches, and no other "
    "ratio above 1; with mini-batches of 128 at most 0.5 of scikit-learn and 0.4 of PyTorch.",
)
