"""Reading IDX: what is right is read exactly, what is wrong is named."""

import gzip
import hashlib
import re
import struct

import numpy as np
import pytest

from mlt_nn.datasets.idx import read_idx

ARRAY = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
GOOD = bytes([0, 0, 8, 3]) + struct.pack(">3I", 2, 3, 4) + ARRAY.tobytes()


def zipped(data):
    # Without a time inside: the processes that share the tests out must all collect the same ones.
    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("raw", GOOD),
        ("zipped.gz", zipped(GOOD)),
        # a browser may have decompressed the file and kept its name, or the other way round
        ("raw.gz", GOOD),
        ("zipped", zipped(GOOD)),
    ],
)
def test_compressed_or_not_whatever_the_name(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    found = read_idx(tmp_path / name, hashlib.sha256(GOOD).hexdigest())
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, ARRAY)


def test_one_dimension(tmp_path):
    (tmp_path / "labels").write_bytes(bytes([0, 0, 8, 1, 0, 0, 1, 4]) + bytes(range(256)) + bytes(4))
    assert read_idx(tmp_path / "labels").tolist() == [*range(256), 0, 0, 0, 0]


def test_no_images_at_all(tmp_path):
    (tmp_path / "none").write_bytes(bytes([0, 0, 8, 3]) + struct.pack(">3I", 0, 28, 28))
    assert read_idx(tmp_path / "none").shape == (0, 28, 28)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "not an IDX file"),
        (GOOD[:3], "not an IDX file"),
        (b"<html>a login page</html>", "not an IDX file"),
        (bytes([0, 0, 13]) + GOOD[3:], "entries of type 13, expected 8"),
        (bytes([0, 0, 8, 0]), "0 dimensions"),
        (GOOD[:10], "3 dimensions are announced"),
        (GOOD[:-1], "2 x 3 x 4 = 24 entries, it holds 23"),
        (GOOD + b"\x00", "2 x 3 x 4 = 24 entries, it holds 25"),
        (GOOD[:4] + struct.pack(">3I", 2**32 - 1, 2**32 - 1, 2**32 - 1) + GOOD[16:], "it holds 24"),
        (zipped(GOOD)[:-9], "cannot be decompressed"),
        (zipped(GOOD)[:12] + b"\xff" * 20, "cannot be decompressed"),
        (zipped(GOOD[:-1]), "it holds 23"),
    ],
)
def test_damage_is_named(tmp_path, data, complaint):
    path = tmp_path / "t10k-images-idx3-ubyte"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=re.escape(complaint)) as error:
        read_idx(path)
    assert str(path) in str(error.value)


def test_one_changed_pixel_is_found(tmp_path):
    path = tmp_path / "images"
    path.write_bytes(GOOD[:-1] + b"\x00")
    with pytest.raises(ValueError, match=r"images holds other bytes than it should"):
        read_idx(path, hashlib.sha256(GOOD).hexdigest())
