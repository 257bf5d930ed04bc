"""A lock on an open file, which is gone with the process that holds it, however that ends."""

import os


def lock(file):
    """Lock an open file; raises OSError when another process has locked it."""
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
