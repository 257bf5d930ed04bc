"""A program that runs as long as a `with` block: waited for until it answers, ended for sure."""

import contextlib
import os
import subprocess
import time
from pathlib import Path

_SECONDS_TO_START = 60


@contextlib.contextmanager
def running(name, command, ask, log, cwd, environment):
    """Start a program and wait until it answers; gives its answer, and ends it after the block.

    Arguments:
        name: what to call it in an error.
        command: the program and its arguments.
        ask: ask() gives the answer; while there is none it raises OSError or ValueError.
        log: path of a file for what the program prints.
        cwd: the folder that it runs in.
        environment: what it finds in its environment besides what is there already.

    Raises:
        RuntimeError: when it gives no answer; with its own messages.
    """
    with open(log, "w", encoding="utf-8") as file:
        process = subprocess.Popen(command, env={**os.environ, **environment}, cwd=cwd, stdout=file, stderr=file)
    try:
        yield _first_answer(name, ask, process, log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _first_answer(name, ask, process, log):
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, ValueError):
            return ask()
        time.sleep(0.1)
    raise RuntimeError(f"{name} did not start:\n{Path(log).read_text(encoding='utf-8', errors='replace')}")
