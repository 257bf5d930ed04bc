"""Reading IDX, the format of the MNIST files: a short header, then the bytes of one array.

    byte 0, 1       0
    byte 2          the type of the entries; 8 is the unsigned byte, the only type that MNIST uses
    byte 3          the number of dimensions d
    4 d bytes       the length of each dimension, as big-endian 32-bit integers
    the rest        the entries, the last dimension running fastest

Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".
"""

import gzip
import hashlib
import math
import zlib
from pathlib import Path

import numpy as np

UNSIGNED_BYTE = 8
GZIP_MAGIC = b"\x1f\x8b"


def unzipped(data, name):
    """The bytes of a file, decompressed when they are gzip; `name` is how an error calls the file.

    Told by the first two bytes and not by the name: some browsers and servers decompress on the way and keep the ".gz".
    """
    if not data.startswith(GZIP_MAGIC):
        return data
    try:
        return gzip.decompress(data)
    except (EOFError, OSError, zlib.error) as damage:
        raise ValueError(f"{name} is damaged or cut short: it cannot be decompressed ({damage})") from None


def check_sha256(data, checksum, name):
    """Raises ValueError when the SHA-256 of `data` is not `checksum`; `name` is how the error calls the file."""
    found = hashlib.sha256(data).hexdigest()
    if found != checksum:
        raise ValueError(
            f"{name} holds other bytes than it should: their SHA-256 is {found[:12]}..., expected {checksum[:12]}...; "
            "it is damaged, or another file has been given this name"
        )


def read_idx(path, checksum=None):
    """The array in an IDX file.

    Arguments:
        path: the file, compressed with gzip or not.
        checksum: the SHA-256 that the uncompressed bytes must have, in hexadecimal; None: not checked.

    Returns:
        An array of uint8, of the shape that the header announces. It is read-only.

    Raises:
        ValueError: when the file is not IDX, is cut short or too long, or has another checksum; the message names it.

    Example: one image of 2 rows and 3 columns.
        >>> import tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> file = Path(folder.name) / "one-image"
        >>> header = bytes([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3])
        >>> size = file.write_bytes(header + bytes([10, 20, 30, 40, 50, 60]))
        >>> print(read_idx(file).tolist())
        [[[10, 20, 30], [40, 50, 60]]]
        >>> folder.cleanup()
    """
    data = unzipped(Path(path).read_bytes(), path)
    if len(data) < 4 or data[:2] != b"\x00\x00":
        raise ValueError(f"{path} is not an IDX file: it starts with {list(data[:4])}, expected [0, 0, 8, 1..3]")
    kind, dimensions = data[2], data[3]
    if kind != UNSIGNED_BYTE:
        raise ValueError(f"{path} is an IDX file of entries of type {kind}, expected {UNSIGNED_BYTE} (unsigned bytes)")
    header = 4 + 4 * dimensions
    if dimensions == 0 or len(data) < header:
        raise ValueError(f"{path} is cut short: {dimensions} dimensions are announced, but their lengths are not there")
    shape = tuple(int(length) for length in np.frombuffer(data, dtype=">u4", count=dimensions, offset=4))
    if len(data) - header != math.prod(shape):
        raise ValueError(
            f"{path} is cut short or has something added: its header announces "
            f"{' x '.join(map(str, shape))} = {math.prod(shape)} entries, it holds {len(data) - header}"
        )
    if checksum is not None:
        check_sha256(data, checksum, path)
    return np.frombuffer(data, dtype=np.uint8, offset=header).reshape(shape)
