"""The fixture `student` for a maintainer who runs the check files with plain pytest."""

import pytest

from mlt_nn.grading.student import Student


@pytest.fixture(scope="session")
def student():
    """The functions of the folder in MLT_NN_EXERCISES, or those in `mlt_nn/`."""
    with Student() as functions:
        yield functions
