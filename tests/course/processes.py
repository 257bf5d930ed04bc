"""What a test has to know of the processes that it started, on Linux."""

import contextlib
import os
from pathlib import Path


def descendants(process=None):
    """The numbers of all processes that one, by default this one, started, and they, and so on."""
    found = []
    for task in Path(f"/proc/{process or os.getpid()}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # it has just ended
            for child in map(int, task.read_text(encoding="ascii").split()):
                found += [child, *descendants(child)]
    return found
