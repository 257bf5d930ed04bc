"""Files are written whole or not at all."""

import contextlib
import os
import tempfile
from pathlib import Path


@contextlib.contextmanager
def replacing(file):
    """A binary stream whose content takes the place of the file at the end of the `with` statement, in one step.

    Until then it has a temporary name beside the file; after an exception the file is as it was.
    """
    file = Path(file)
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        os.chmod(temporary, 0o644)  # mkstemp lets nobody else read
        os.replace(temporary, file)
    except BaseException:
        os.unlink(temporary)
        raise


def write_bytes(file, data):
    """Put data in the place of the file."""
    with replacing(file) as stream:
        stream.write(data)


def write_text(file, text):
    """The same for text: UTF-8, with Unix line ends on every system."""
    write_bytes(file, text.encode("utf-8"))
