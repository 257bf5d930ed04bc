"""The fixtures `student` and `rng` for a maintainer who runs the check files with plain pytest."""

import pytest

from mlt_nn.grading.collection import generator
from mlt_nn.grading.process import SEED
from mlt_nn.grading.student import Student


@pytest.fixture(scope="session")
def student():
    """The functions of the folder in MLT_NN_EXERCISES, or those in `mlt_nn/`."""
    with Student() as functions:
        yield functions


@pytest.fixture
def rng(request):
    """The generator from which the check draws its inputs, as `check` seeds it."""
    return generator(request.function, SEED)
