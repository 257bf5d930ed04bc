"""Zips whose bytes depend on nothing but the files in them and a date: no user, no order of a disk."""

import io
import zipfile


def zipped(files, programs=(), date=(1980, 1, 1)):
    """The bytes of a zip.

    Arguments:
        files: {"mlt_nn/neuron.py": its bytes, ...}, which lie in the zip in this order.
        programs: the names of those that may be executed.
        date: year, month and day of all files.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (*date, 0, 0, 0))
            entry.create_system = 3  # Unix also on Windows, or the rights are lost
            entry.external_attr = (0o755 if name in programs else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return stream.getvalue()
