"""How the time of training grows with the number of points, of hidden neurons and of hidden layers."""

import statistics

import numpy as np

from benchmarks.peers import LIMIT, OURS, PYTORCH, SCIKIT_LEARN, new_work
from benchmarks.results import Benchmark
from benchmarks.timing import ratio
from benchmarks.training import race
from mlt_nn.datasets import load_mnist

ROUNDS = 3
_BATCH_SIZE = 128
_POINTS, _NEURONS, _LAYERS = 10_000, 50, 1
# (points, hidden neurons, hidden layers): one of them grows, the others stay.
SIZES = (
    *((points, _NEURONS, _LAYERS) for points in (1_000, 5_000, 20_000, 60_000)),
    *((_POINTS, neurons, _LAYERS) for neurons in (50, 100, 200, 400, 800)),
    *((_POINTS, _NEURONS, layers) for layers in (2, 4, 8)),
)


def measure(digits=None, sizes=SIZES, rounds=ROUNDS):
    """Train networks of these sizes; yields rows for `BENCHMARK.head`."""
    digits = digits or load_mnist()
    for points, neurons, layers in sizes:
        X, labels = digits.X_train[:points].astype(np.float32), digits.labels_train[:points]
        work = new_work(X, labels, (X.shape[1], *[neurons] * layers, 10), "relu", _BATCH_SIZE)
        best, _ = race(work, rounds)
        seconds = {name: statistics.median(times) for name, times in best.items()}
        yield (
            f"{len(X):,} points, {layers} x {neurons} hidden neurons",
            *(seconds.get(name, "not installed") for name in (OURS, SCIKIT_LEARN, PYTORCH)),
            1e6 * seconds[OURS] / len(X),
            *(str(ratio(best, OURS, name)) if name in best else "" for name in (LIMIT, SCIKIT_LEARN, PYTORCH)),
        )


BENCHMARK = Benchmark(
    "Growth",
    (
        "what is trained",
        "mlt-nn, s",
        "scikit-learn, s",
        "PyTorch, s",
        "mlt-nn, µs a point",
        "mlt-nn / limit",
        "mlt-nn / scikit-learn",
        "mlt-nn / PyTorch",
    ),
    measure,
    f"Seconds for one epoch with ReLU, float32 and mini-batches of {_BATCH_SIZE}, the median of {ROUNDS} rounds; all "
    "else is as in Training. The limit is that of the first layer alone.",
)
