"""A worker as a process of its own: started, spoken to, ended together with all that it started."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile

from mlt_nn.grading import usage
from mlt_nn.grading.channel import Channel
from mlt_nn.grading.limits import GENEROUS
from mlt_nn.grading.patience import Patience
from mlt_nn.grading.streams import Polled, Threaded
from mlt_nn.support.folders import PACKAGE, PROGRAM
from mlt_nn.support.overlay import VARIABLE

# What Python and NumPy draw without being told otherwise is the same in every run.
SEED = 0

# The arrays of a check are small: threads would only cost the start of each, on every core.
ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
# The same function gives the same answer every time, even if it runs through a set of texts.
ENVIRONMENT = ONE_THREAD | {"PYTHONHASHSEED": str(SEED)}

# Room for the stack of a deep recursion, as Python cuts it, in every thread.
_LAST_WORDS = 50_000


def launch(folder, errors, user=None, worker="mlt_nn.grading.worker"):
    """Start a worker at the level `process`: the user's own rights, a process (group) of its own.

    Arguments:
        folder: the folder of exercise modules, or None for the one that MLT_NN_EXERCISES names, or `mlt_nn/`.
        errors: a file that takes what Python says when it cannot start.
        user: the number of another user (and group) whose rights it has in place of ours; only root may ask for that.
        worker: the module whose `main` it runs.

    Returns:
        a Launched.
    """
    environment = os.environ | ENVIRONMENT
    if folder is not None:
        environment[VARIABLE] = str(folder)
    other_user = {} if user is None else {"user": user, "group": user, "extra_groups": []}
    return Launched(
        [sys.executable, "-P", "-c", PROGRAM, str(PACKAGE / "__init__.py"), worker, json.dumps(GENEROUS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=environment,
        **other_user,
        start_new_session=os.name != "nt",
        creationflags=_windows("CREATE_NEW_PROCESS_GROUP") | _windows("CREATE_NO_WINDOW"),
    )


def _windows(flag):
    return getattr(subprocess, flag, 0)


class Launched(subprocess.Popen):
    """A worker's process, with pipes at `stdin` and `stdout`."""

    def own_cpu(self):
        """CPU seconds so far, of itself alone, which are told at once."""
        return usage.cpu(self.pid)

    def cpu(self):
        """CPU seconds so far, of it and all that it started."""
        return usage.cpu_of_all(self.pid)

    def is_idle(self):
        """Whether it waits for something that is neither a processor nor a disk."""
        return usage.is_idle(self.pid)

    def end(self):
        """Kill it and its group, and wait for it."""
        # The process must not be waited for before its group is killed: until then nobody else can get its number.
        if os.name == "nt":
            with contextlib.suppress(OSError):  # where it is out of reach, what the worker started goes on
                subprocess.run(["taskkill", "/F", "/T", "/PID", str(self.pid)], capture_output=True, check=False)
            self.kill()
        else:
            # Unless all of it has ended already (macOS says "not permitted" of a group of zombies).
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        self.wait()


class Process:
    """A running worker: the process and the channel to it."""

    def __init__(self, start=launch, folder=None, resolve=None):
        self.ready = False
        """Whether it has said so."""
        self.loaded: set[str] = set()
        """What it has loaded: modules of the student's, say."""
        self.last_words = ""
        """What Python said on standard error: why it did not start, or which lines were under way; known at the end."""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            self._process = start(folder, self._errors)
        except BaseException:
            self._errors.close()
            raise
        pipes = self._process.stdout, self._process.stdin
        self.channel = Channel(Threaded(*pipes, writing=True) if os.name == "nt" else Polled(*pipes), resolve)

    def patience(self, seconds):
        """A Patience with the worker, which may compute for so many seconds from now on."""
        return Patience(self._process, seconds)

    def end(self):
        """End the worker and all that it started, and wait for it."""
        self._process.end()
        self.channel.close()
        with self._errors as errors:
            errors.seek(max(0, errors.seek(0, os.SEEK_END) - _LAST_WORDS))
            self.last_words = errors.read().decode(errors="replace").strip()
