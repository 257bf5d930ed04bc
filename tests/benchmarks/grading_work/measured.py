"""Runs one command and tells what it cost, with all that it started. It is a file of its own, run without packages.

    python -I measured.py report.json seconds bytes_of_memory command ...

Processes that a command leaves behind become children of this one, so that none is missed: neither when their time is
counted nor when they are ended.
"""

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time

_BECOME_THEIR_PARENT = 36  # PR_SET_CHILD_SUBREAPER
# Seconds in which what is ending anyway may end.
_GRACE = 1.0


def main(report, seconds, memory, *command):
    """Run the command; it is ended after `seconds`, and each process gets `memory` bytes (0: as many as it wants)."""
    ctypes.CDLL(None).prctl(_BECOME_THEIR_PARENT, 1, 0, 0, 0)
    if int(memory):
        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    start = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        code = process.wait(float(seconds))
    except subprocess.TimeoutExpired:
        code = None
        process.kill()
        process.wait()
    taken = time.monotonic() - start
    while (left := _living()) and time.monotonic() - start < taken + _GRACE:
        time.sleep(0.01)
    for ended in iter(_living, []):
        for number in ended:
            os.kill(number, signal.SIGKILL)
        time.sleep(0.01)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = {"seconds": taken, "code": code, "cpu": used.ru_utime + used.ru_stime, "left": len(left)}
    with open(report, "w", encoding="utf-8") as file:
        json.dump(told, file)


def below(process=None):
    """The numbers of the living processes that a process, by default this one, started, and those, and so on."""
    parents: dict[int, list[int]] = {}
    found = [process or os.getpid()]
    for number in map(int, filter(str.isdigit, os.listdir("/proc"))):
        if (state := _state(number)) is not None and state[0] != "Z":
            parents.setdefault(int(state[1]), []).append(number)
    for number in found:
        found += parents.get(number, [])
    return found[1:]


def cpu(numbers):
    """The seconds of the processors that these processes have used, with those of theirs that they waited for."""
    states = filter(None, map(_state, numbers))
    # The fields utime, stime, cutime and cstime: user and system, its own and of those it waited for.
    return sum(sum(map(int, state[11:15])) for state in states) / os.sysconf("SC_CLK_TCK")


def _living():
    """Those of `below`; what has ended is waited for."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return []
    return below()


def _state(number):
    """The fields of /proc/<number>/stat after the name: state, parent, ...; None when it is gone."""
    try:
        with open(f"/proc/{number}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return None


if __name__ == "__main__":
    main(*sys.argv[1:])
