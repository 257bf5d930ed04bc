"""The course as it lies here, as far as a grade depends on it."""

import functools
import hashlib
import platform

import numpy as np

from mlt_nn.support.folders import PACKAGE, SOLUTIONS
from mlt_nn.teaching.grader.grader import check_folders


@functools.cache
def digest():
    """Checks, solutions, stubs, grading and versions, as one number in hexadecimal digits."""
    whole = hashlib.sha256(f"{platform.python_version()} {np.__version__}".encode())
    folders = [SOLUTIONS, PACKAGE / "grading", PACKAGE / "teaching" / "grader", *check_folders()]
    files = [file for folder in folders for file in folder.glob("*.py")]
    others = [PACKAGE / "support" / "catalogue.py", PACKAGE / "teaching" / "building" / "stubs.py"]
    for file in sorted([*others, *files]):
        whole.update(f"{file.name} {file.stat().st_size}\n".encode() + file.read_bytes())
    return whole.hexdigest()
