"""A temporary folder for this process, which is gone at the end, even if the process is killed: then the next one that
is started removes it.
"""

import atexit
import contextlib
import functools
import os
import shutil
import tempfile
from pathlib import Path

from mlt_nn.support.locking import lock

_PREFIX = "mlt-nn-"
# A file beside the folder, locked as long as the process lives, which no other sign tells as surely.
_LOCK = ".lock"


@functools.cache
def folder():
    """The folder; others may go through it, if they know where."""
    _sweep()
    # It is made when its lock is held, so that nobody takes it for an abandoned one.
    number, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_LOCK)
    held = os.fdopen(number, "wb")
    try:
        lock(held)
    except OSError as error:
        held.close()
        os.unlink(name)
        where = f"files in {tempfile.gettempdir()} cannot be locked: {error.strerror}"
        raise OSError(f"{where}. Let the variable TMPDIR name a folder on another disk.") from error
    own = Path(name.removesuffix(_LOCK))
    own.mkdir()
    own.chmod(0o711)
    atexit.register(_remove, own, held)
    return own


def _remove(own, held):
    shutil.rmtree(own, ignore_errors=True)
    held.close()
    if not own.exists():  # else the next one tries again
        _beside(own).unlink(missing_ok=True)


def _sweep():
    for abandoned in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/"):
        with contextlib.suppress(OSError):
            with _beside(abandoned).open("r+b") as file:
                lock(file)
                shutil.rmtree(abandoned, ignore_errors=True)
            if not abandoned.exists():
                _beside(abandoned).unlink()


def _beside(own):
    return own.with_name(own.name + _LOCK)
