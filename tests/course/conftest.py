"""What several tests need: the exercises written out."""

import gc
import importlib
import os
import sys

import pytest
from hypothesis import settings

import mlt_nn
from mlt_nn.support.catalogue import MODULES
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.support.overlay import VARIABLE

# The same examples in every run, and no time for each: a computer may be busy.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")


def pytest_collection_finish():
    """What was imported and collected stays to the end: to look through it for garbage took a tenth of all time."""
    gc.set_threshold(50_000)


@pytest.fixture
def solved(monkeypatch):
    """Imports an exercise module from the solutions: solved("network").forward_pass. The stubs are back afterwards."""
    monkeypatch.setenv(VARIABLE, str(SOLUTIONS))
    before = {module: sys.modules.pop(f"mlt_nn.{module}", None) for module in MODULES}
    yield lambda module: importlib.import_module(f"mlt_nn.{module}")
    for module, stub in before.items():
        sys.modules.pop(f"mlt_nn.{module}", None)
        vars(mlt_nn).pop(module, None)
        if stub is not None:
            sys.modules[f"mlt_nn.{module}"] = stub
            setattr(mlt_nn, module, stub)


@pytest.fixture(scope="session")
def isolated():
    """The best isolation of this computer."""
    from mlt_nn.teaching.grader.isolation import isolation

    return isolation()


@pytest.fixture(scope="session")
def sandbox(isolated):
    """The isolation of the level `sandbox`. It must be reached where CI is set; elsewhere such tests are skipped."""
    if isolated.level != "sandbox":
        way_out = f"{isolated.reason}. The sandbox needs Linux with bubblewrap (on Debian: apt install bubblewrap)."
        if os.environ.get("CI"):
            pytest.fail(way_out)
        pytest.skip(way_out)
    return isolated
