"""The versions that the course was tested with, as constraints of pip: found by uv for all Pythons and systems."""

import itertools
import subprocess
import sys

from mlt_nn.support.environment import NEWEST, OLDEST, dotted
from mlt_nn.support.folders import PROJECT

_HEADER = """\
# The versions that the course was tested with, for each Python and system. `python3 -m mlt_nn lab` installs these.
# To renew them:  python3 -m mlt_nn build --constraints
"""
PYTHONS = [dotted((OLDEST[0], minor)) for minor in range(OLDEST[1], NEWEST[1] + 1)]
SYSTEMS = (
    "x86_64-pc-windows-msvc",
    "aarch64-apple-darwin",
    "x86_64-apple-darwin",
    "x86_64-manylinux_2_28",
    "aarch64-manylinux_2_28",
)


def ask_uv(arguments, constraints=""):
    """What `uv pip compile` writes for the course and all that teachers and tests need, from wheels alone.

    Raises:
        RuntimeError: with uv's words, when there is no such set of packages.
    """
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-build", "--no-annotate", "--no-header"]
    command += ["--extra", "hub", "--extra", "test", "--constraints", "-", "pyproject.toml", *arguments]
    done = subprocess.run(command, cwd=PROJECT, input=constraints, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def text(ask=ask_uv):
    """The newest versions, each of which has a wheel on every system for every Python that the course knows.

    Raises:
        RuntimeError: when there are none; the message says for which Python and system.
    """
    pins = ask(["--universal", "--python-version", PYTHONS[0]])
    for python, system in itertools.product(PYTHONS, SYSTEMS):
        try:
            ask(["--python-version", python, "--python-platform", system], pins)
        except RuntimeError as error:
            raise RuntimeError(f"Python {python} on {system}: {error}") from error
    return _HEADER + pins
