"""`mlt-nn test`: the course's own tests, and its notebooks against their stored outputs.

The functions come from solutions/, not from your files, if there is such a folder. Without MNIST on this
computer the notebooks are run on the bundled digits; nothing is downloaded.

examples, on all processors:
  python3 -m mlt_nn test                             all that takes no more than a few seconds
  python3 -m mlt_nn test -m thorough                 the rest, which takes minutes
  python3 -m mlt_nn test -k activations -x           of both what bears this name, up to the first failure
  python3 -m mlt_nn test course/02_activations.ipynb one notebook
"""

import os
import sys
import tempfile
from pathlib import Path

from mlt_nn.cli.rerun import CELL_SECONDS
from mlt_nn.support.environment import run_here
from mlt_nn.support.folders import COURSE, PROJECT, SOLUTIONS
from mlt_nn.support.overlay import VARIABLE as EXERCISES

_NBVAL = (
    "--nbval",
    "--nbval-current-env",
    f"--nbval-cell-timeout={CELL_SECONDS}",
    f"--nbval-sanitize-with={COURSE / 'nbval.cfg'}",
)
# By file, for the cells of a notebook share one kernel.
_PARALLEL = ("-n", "auto", "--dist", "loadfile", "--durations=20")
# Without arguments. Who says what to run gets that.
_EVERYDAY = ("-m", "not thorough")


def configure(parser):
    """Describe the command's arguments."""
    parser.usage = "python3 -m mlt_nn test [anything that pytest understands]"


def execute(options):
    """Run pytest in the project's folder; returns its exit code."""
    from mlt_nn.datasets.mnist import VARIABLE as DATA
    from mlt_nn.grading.process import ONE_THREAD

    command = [sys.executable, "-m", "pytest", *_PARALLEL, *_NBVAL, *(options.arguments or _EVERYDAY)]
    # The reader's answers to the questions stay out of it, and a test waits for no network.
    with tempfile.TemporaryDirectory() as folder:
        # Each processor has a test of its own already: more threads in each would wait for one another.
        environment = {**os.environ, **ONE_THREAD, "MLT_NN_STATE": str(Path(folder, "state")), DATA: data()}
        if sys.dont_write_bytecode:
            # Or each of hundreds of processes compiles all packages for itself.
            environment |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(Path(folder, "bytecode"))}
        if SOLUTIONS.is_dir():  # students' folders have none
            environment[EXERCISES] = str(SOLUTIONS)
        return run_here(command, PROJECT, environment)


def data():
    """The value of MLT_NN_DATA for the tests: as it is set, or the bundled digits where MNIST is not there."""
    from mlt_nn.datasets.mnist import BUNDLED, DOWNLOADS, VARIABLE, mnist_state

    return os.environ.get(VARIABLE) or (str(DOWNLOADS) if mnist_state().source == "MNIST" else BUNDLED)
