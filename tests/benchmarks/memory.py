"""How much memory training needs, in multiples of the data.

`python -m benchmarks.memory <peer> <batch size or 0>` is the part that trains, in a process of its own: the
highest level of a process never falls again.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np

from benchmarks import TESTS
from benchmarks.peers import OURS, PEERS, PYTORCH, SCIKIT_LEARN, available, new_work
from benchmarks.results import Benchmark
from mlt_nn.grading.process import ONE_THREAD
from mlt_nn.support.allocator import keep_freed_memory

BATCH_SIZES = (None, 128)
_POINTS = 60_000
_FEATURES = 784


def measure(batch_sizes=BATCH_SIZES, points=_POINTS):
    """Let each peer train in a process of its own; yields rows for `BENCHMARK.head`.

    Raises:
        RuntimeError: when a process fails.
    """
    if sys.platform != "linux":
        yield "the memory of a process is asked of Linux, and this is another system", ""
        return
    names = (OURS, SCIKIT_LEARN, PYTORCH)
    peers = available(names)
    for name in names:
        for batch_size in batch_sizes:
            what = f"{name}, batch of {batch_size or 'all points'}"
            yield what, _peak(name, batch_size, points) if name in peers else "not installed"


def _peak(name, batch_size, points):
    command = [sys.executable, "-m", "benchmarks.memory", name, str(batch_size or 0), str(points)]
    one_thread = os.environ | ONE_THREAD
    done = subprocess.run(command, cwd=TESTS, env=one_thread, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the memory of {name} could not be measured:\n{done.stderr}")
    return float(done.stdout)


def _highest():
    """The most memory that this process has had, in bytes."""
    # Not getrusage: what that tells begins with the size of the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return 1024 * int(re.findall(r"^VmHWM:\s*(\d+) kB$", status, re.MULTILINE)[0])


def _main(name, batch_size, points):
    keep_freed_memory()
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, points)

    def trained(X, labels):
        PEERS[name](new_work(X, labels, (_FEATURES, 50, 10), "relu", batch_size))()

    # What the libraries load at their first use is no memory of the training.
    trained(rng.random((100, _FEATURES), dtype=np.float32), np.arange(100) % 10)
    X = rng.random((points, _FEATURES), dtype=np.float32)
    before = _highest()
    trained(X, labels)
    print((X.nbytes + _highest() - before) / X.nbytes)


BENCHMARK = Benchmark(
    "Memory",
    ("training of 784-50-10", "peak / data"),
    measure,
    f"The most memory while training one epoch on {_POINTS:,} points in float32 (the data themselves included), "
    "divided by the size of the data. Told by Linux (VmHWM), each in a fresh process with one thread, as on two cores "
    "under mlt-nn lab: with two, NumPy's OpenBLAS packs what it multiplies into 0.35 of the data more, ours and "
    "scikit-learn's alike.",
)

if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]) or None, int(sys.argv[3]))
