"""What a test has to know of the processes that it started, on Linux."""

import contextlib
import os
from pathlib import Path


def children(process=None):
    """The numbers of the processes that one, by default this one, started."""
    found = []
    for task in Path(f"/proc/{process or os.getpid()}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # it has just ended
            found += map(int, task.read_text(encoding="ascii").split())
    return found


def descendants(process=None, others=()):
    """The numbers of all processes that one, by default this one, started, and they, and so on; without the others."""
    started = [child for child in children(process) if child not in others]
    return [number for child in started for number in (child, *descendants(child))]
