"""The list of tested versions, as it is written down."""

import contextlib
from importlib import metadata
from types import SimpleNamespace

import pytest
from packaging.specifiers import SpecifierSet

from mlt_nn.support.environment import CONSTRAINTS
from mlt_nn.support.folders import PROJECT
from mlt_nn.teaching.building import constraints


@pytest.fixture
def installed(monkeypatch):
    packages = {
        "course": ("1", ["Alpha_One>=1", 'omega; python_version < "3"', 'beta; extra == "test"']),
        "alpha-one": ("2.0", ["gamma", 'delta; extra == "more"']),
        "beta": ("3.0", ["alpha_one"]),
        "gamma": ("4.0", ["course"]),
        "unrelated": ("5.0", None),
    }

    def distribution(name):
        if name not in packages:
            raise metadata.PackageNotFoundError(name)
        version, requires = packages[name]
        return SimpleNamespace(version=version, requires=requires)

    monkeypatch.setattr(constraints.metadata, "distribution", distribution)


def test_everything_that_is_needed_is_pinned_and_nothing_else(installed):
    lines = constraints.text("course[test]").splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["alpha-one==2.0", "beta==3.0", "gamma==4.0"]
    assert "build --constraints" in lines[1]


def test_without_the_extra_its_packages_are_left_out(installed):
    assert "beta" not in constraints.text("course")


def test_the_versions_that_are_pinned_can_be_installed_where_python_is_not_renewed():
    """Debian 12 has Python 3.11.2, and a package may ask for 3.11.5. Those that are installed here are looked at."""
    lines = (PROJECT / CONSTRAINTS).read_text(encoding="utf-8").splitlines()
    for name, version in (line.split("==") for line in lines if not line.startswith("#")):
        with contextlib.suppress(metadata.PackageNotFoundError):
            installed = metadata.distribution(name)
            if installed.version == version:
                assert "3.11.2" in SpecifierSet(installed.metadata.get("Requires-Python", "")), name
