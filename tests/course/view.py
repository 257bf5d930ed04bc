"""A class served by `mlt-nn class`, in a process of its own."""

import contextlib
import re
import sys

from browser.process import running

from mlt_nn.support.folders import PROJECT


@contextlib.contextmanager
def served(folder):
    """Serve a folder of grades while the `with` block runs; gives the address, with the token."""
    log = folder / "log"
    command = [sys.executable, "-m", "mlt_nn.cli", "class", str(folder), "--no-browser"]

    def ask():
        (address,) = re.findall(r"http://\S+", log.read_text(encoding="utf-8"))
        return address

    with running(
        "mlt-nn class", command, ask, log, PROJECT, {"PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1"}
    ) as it:
        yield it
