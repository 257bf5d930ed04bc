"""A temporary folder for this process, which is gone at the end, even if the process is killed: then the next one that
is started removes it.
"""

import atexit
import contextlib
import functools
import shutil
import tempfile
from pathlib import Path

from mlt_nn.grading.locking import lock

_PREFIX = "mlt-nn-"
# Locked as long as the process lives, which no other sign tells as surely.
_LOCK = "lock"


@functools.cache
def folder():
    """The folder; others may go through it, if they know where."""
    _sweep()
    # It gets its name when it is locked, so that nobody takes it for an abandoned one.
    unnamed = Path(tempfile.mkdtemp(prefix="new-" + _PREFIX))
    unnamed.chmod(0o711)
    held = (unnamed / _LOCK).open("wb")
    lock(held)
    named = unnamed.rename(unnamed.with_name(unnamed.name.removeprefix("new-")))
    atexit.register(_remove, named, held)
    return named


def _remove(named, held):
    held.close()
    shutil.rmtree(named, ignore_errors=True)


def _sweep():
    for abandoned in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError), (abandoned / _LOCK).open("r+b") as file:
            lock(file)
            shutil.rmtree(abandoned, ignore_errors=True)
