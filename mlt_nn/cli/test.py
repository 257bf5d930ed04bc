"""`mlt-nn test`: the course's own tests, and its notebooks against their stored outputs."""

import os
import sys

from mlt_nn.cli.testing import NBVAL, PARALLEL
from mlt_nn.environment import run_here
from mlt_nn.folders import PROJECT, SOLUTIONS
from mlt_nn.overlay import VARIABLE


def configure(parser):
    """Describe the command's arguments."""
    parser.usage = "mlt-nn test [anything that pytest understands]"
    parser.epilog = "\n".join(
        [
            "The functions come from solutions/, not from your files.",
            "",
            "examples:",
            "  mlt-nn test                             everything, on all processors",
            "  mlt-nn test tests/course -k overlay -x  some of it, up to the first failure",
            "  mlt-nn test course/02_activations.ipynb one notebook",
        ]
    )


def execute(options):
    """Run pytest in the project's folder; returns its exit code."""
    command = [sys.executable, "-m", "pytest", *PARALLEL, *NBVAL, *options.arguments]
    return run_here(command, PROJECT, {**os.environ, VARIABLE: str(SOLUTIONS)})
