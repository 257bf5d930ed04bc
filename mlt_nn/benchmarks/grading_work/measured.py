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
    while (left := _below()) and time.monotonic() - start < taken + _GRACE:
        time.sleep(0.01)
    for ended in iter(_below, []):
        for number in ended:
            os.kill(number, signal.SIGKILL)
        time.sleep(0.01)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = {"seconds": taken, "code": code, "cpu": used.ru_utime + used.ru_stime, "left": len(left)}
    with open(report, "w", encoding="utf-8") as file:
        json.dump(told, file)


def _below():
    """The numbers of the living processes below this one; those that have ended are waited for."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return []
    parents, below = {}, [os.getpid()]
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                state, parent = file.read().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents.setdefault(int(parent), []).append(int(name))
    for number in below:
        below += parents.get(number, [])
    return below[1:]


if __name__ == "__main__":
    main(*sys.argv[1:])
