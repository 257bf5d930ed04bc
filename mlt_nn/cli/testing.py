"""The options with which pytest runs the course's notebooks and tests: here and nowhere else."""

from mlt_nn.support.folders import COURSE

# Without a limit for a cell nbval waits 2,000 seconds.
NBVAL = (
    "--nbval",
    *("-p", "mlt_nn.support.tolerance"),
    "--nbval-current-env",
    "--nbval-cell-timeout=120",
    f"--nbval-sanitize-with={COURSE / 'nbval.cfg'}",
)
# By file, for the cells of a notebook share one kernel.
PARALLEL = ("-n", "auto", "--dist", "loadfile")
