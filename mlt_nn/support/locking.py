"""A lock on an open file, which is gone with the process that holds it, however that ends."""

import errno
import os


def lock(file):
    """Lock an open file.

    Raises:
        BlockingIOError: when another process has locked it.
        OSError: when it cannot be locked, as where the file system has no locks.
    """
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # Windows, and some file systems of a network, call it that.
        if error.errno in (errno.EACCES, errno.EDEADLK):
            raise BlockingIOError(errno.EAGAIN, error.strerror) from error
        raise
