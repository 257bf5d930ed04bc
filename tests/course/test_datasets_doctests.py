"""The examples in the data room's docstrings are true."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("module", ["idx", "digits", "toy", "trained"])
def test_examples(module):
    result = doctest.testmod(import_module(f"mlt_nn.datasets.{module}"))
    assert result.attempted > 0
    assert result.failed == 0
