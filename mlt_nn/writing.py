"""Files are written whole or not at all."""

import os
import tempfile
from pathlib import Path


def write_bytes(file, data):
    """Put data in the file: under a temporary name beside it first, then in its place in one step."""
    file = Path(file)
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, 0o644)  # mkstemp lets nobody else read
        os.replace(temporary, file)
    except BaseException:
        os.unlink(temporary)
        raise


def write_text(file, text):
    """The same for text: UTF-8, with Unix line ends on every system."""
    write_bytes(file, text.encode("utf-8"))
