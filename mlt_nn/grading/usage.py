"""What a process has used of the computer, as the system tells it; on Linux, for others tell it to nobody or slowly."""

import os
import sys
import time
from pathlib import Path

_PROCESSES = Path("/proc")
_KNOWN = sys.platform == "linux"

# A thread that runs or waits for a processor, or that waits for a disk: a page of memory that is not there, say.
_AT_WORK = frozenset("RD")

# Where a process's line says what, from the state on. The times are its own and those of children that it waited for.
_STATE, _PARENT, _SESSION, _TIMES = 0, 1, 3, slice(11, 15)


def cpu(process):
    """CPU seconds of a process with all its threads so far; 0 where the system does not tell, or it has ended.

    Arguments:
        process: its number.
    """
    if not _KNOWN:
        return 0.0
    try:
        return time.clock_gettime(~process << 3 | 2)  # the clock of another process (clock_getcpuclockid)
    except OSError:
        return 0.0


def cpu_of_all(process):
    """CPU seconds of a process and of all that it started; such as have ended count where somebody waited for them.

    Arguments:
        process: the number of one that began a session, by which those are found whose parent has ended.
    """
    every = {}
    for entry in _PROCESSES.glob("[0-9]*/stat") if _KNOWN else ():
        if fields := _fields(entry):
            every[int(entry.parent.name)] = int(fields[_PARENT]), int(fields[_SESSION]), sum(map(int, fields[_TIMES]))
    family, more = set(), {process}
    # A child may have a smaller number than its parent, once the numbers have begun anew.
    while more:
        family |= more
        more = {each for each, (parent, session, _) in every.items() if parent in family or session == process} - family
    return sum(every[each][2] for each in family if each in every) / os.sysconf("SC_CLK_TCK") if every else 0.0


def is_idle(process):
    """Whether all threads of a process wait for something that is neither a processor nor a disk; True if unknown."""
    threads = (_PROCESSES / str(process) / "task").glob("*/stat") if _KNOWN else ()
    return not any(fields[_STATE] in _AT_WORK for thread in threads if (fields := _fields(thread)))


def _fields(entry):
    """The fields after the name, which may hold anything; () when the process has ended."""
    try:
        return entry.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ()
