"""Seconds to run each notebook from top to bottom, and all of them against their stored outputs."""

import subprocess
import sys
import time

import nbformat

from benchmarks.results import Benchmark
from mlt_nn.support.catalogue import NOTEBOOKS
from mlt_nn.support.folders import COURSE, PROJECT


def measure(notebooks=NOTEBOOKS):
    """Run each notebook, then all at once as the tests do; yields rows for `BENCHMARK.head`.

    Raises:
        RuntimeError: when a notebook fails.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    for name in notebooks:
        notebook = nbformat.read(COURSE / f"{name}.ipynb", as_version=4)
        client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(COURSE)}})
        start = time.perf_counter()
        try:
            client.execute(stderr=subprocess.DEVNULL)  # where the kernel warns of what concerns nobody here
        except CellExecutionError as error:
            raise RuntimeError(f"{name} failed:\n{error}") from error
        yield name, time.perf_counter() - start, "below 20"
    start = time.perf_counter()
    files = [str(COURSE / f"{name}.ipynb") for name in notebooks]
    done = subprocess.run(
        [sys.executable, "-m", "mlt_nn.cli", "test", "-q", *files],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the notebooks do not come out as they are stored:\n{done.stdout[-3000:]}")
    yield "all, against their outputs, by mlt-nn test", time.perf_counter() - start, "below 70"


BENCHMARK = Benchmark(
    "Notebooks",
    ("notebook", "seconds", "goal"),
    measure,
    "Each is run once in a new kernel with the solutions and all data; the last line runs them on all cores.",
)
