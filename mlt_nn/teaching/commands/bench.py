"""`mlt-nn bench`: how long things take on this computer. What it measures lies with the tests."""

import os
import sys

from mlt_nn.support.environment import run_here
from mlt_nn.support.folders import PROJECT


def execute(options):
    """Measure; returns the exit code. tests/benchmarks understands the arguments, `--help` too."""
    return run_here([sys.executable, "-m", "benchmarks", *options.arguments], PROJECT / "tests", os.environ)
