"""Files are written whole or not at all. Must run in any Python 3.6, like `environment`."""

import contextlib
import errno
import os
import secrets
import time
from pathlib import Path

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EROFS)


@contextlib.contextmanager
def replacing(file):
    """A binary stream whose content takes the place of the file at the end of the `with` statement, in one step.

    Until then it has a temporary name beside the file; after an exception the file is as it was.
    """
    file = Path(file)
    # Not by tempfile, whose files only their owner may read: a class may share one folder.
    temporary = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as stream:
            yield stream
        _replace(temporary, file)
    except OSError as error:
        if error.errno and error.filename in (None, str(temporary)):  # that of a full disk names no file
            error.filename = str(file)
        raise
    finally:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()


def _replace(temporary, file):
    # On Windows a reader, or what looks for viruses, may hold a file for a moment.
    for pause in (0.05, 0.2, 0.5) if os.name == "nt" else ():
        with contextlib.suppress(PermissionError):
            return os.replace(temporary, file)
        time.sleep(pause)
    return os.replace(temporary, file)


def write_bytes(file, data):
    """Put data in the place of the file."""
    with replacing(file) as stream:
        stream.write(data)


def write_text(file, text):
    """The same for text: UTF-8, with Unix line ends on every system."""
    write_bytes(file, text.encode("utf-8"))


def no_room(error):
    """What to tell of an OSError because a disk is full, and the way out, in two lines; "" of any other error."""
    # Python tries a folder for temporary files by writing into it, and says of none that it can be used.
    if not isinstance(error, OSError) or (error.errno not in _FULL and "No usable temporary" not in str(error)):
        return ""
    words = ": ".join(str(each) for each in (error.strerror, error.filename) if each)
    return f"This computer's disk is full, or cannot be written: {words}.\nMake room, then try again."
