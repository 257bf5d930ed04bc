"""Every example in a docstring is run: those of the exercises against the solutions."""

import doctest
import importlib.util
import pkgutil

import pytest

import mlt_nn
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import SOLUTIONS


def solution(name):
    spec = importlib.util.spec_from_file_location(f"solution_{name}", SOLUTIONS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_the_exercises(name):
    module = solution(name)
    for exercise in (exercise for exercise in EXERCISES if exercise.module == name):
        assert ">>>" in getattr(module, exercise.function).__doc__, f"{exercise.name} has no example"
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed


PACKAGE_MODULES = sorted(
    found.name
    for found in pkgutil.walk_packages(mlt_nn.__path__, "mlt_nn.")
    if found.name.removeprefix("mlt_nn.") not in MODULES and not found.name.endswith("__main__")
)


HAVE_EXAMPLES = {f"mlt_nn.{name}" for name in ("datasets.idx", "datasets.digits", "datasets.toy", "datasets.trained")}


@pytest.mark.parametrize("name", PACKAGE_MODULES)
def test_examples_of_the_package(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted or name not in HAVE_EXAMPLES
    assert not result.failed
