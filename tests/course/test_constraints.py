"""The list of tested versions, as it is written down, and how it is renewed."""

import contextlib
from importlib import metadata

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from mlt_nn.support.environment import CONSTRAINTS, at_least, requirements
from mlt_nn.support.folders import PROJECT
from mlt_nn.teaching.building import constraints

LINES = (PROJECT / CONSTRAINTS).read_text(encoding="utf-8").splitlines()
PINS = [Requirement(line) for line in LINES if not line.startswith("#")]
# What differs between the systems, as markers name it.
SYSTEMS = {
    "Windows": {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
    "Apple": {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
    "Intel": {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "x86_64"},
    "Linux": {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    "ARM": {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": "aarch64"},
}


def pinned(python, system):
    """The versions for a Python and a system, by name; none has two."""
    here = {**default_environment(), **SYSTEMS[system], "python_version": python, "python_full_version": f"{python}.5"}
    pins = [pin for pin in PINS if pin.marker is None or pin.marker.evaluate(here)]
    versions = {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in pins}
    assert len(versions) == len(pins)
    return versions


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", constraints.PYTHONS)
def test_every_package_is_pinned_once_and_not_older_than_the_lowest(python, system):
    versions = pinned(python, system)
    for name, lowest in requirements(extras=("hub", "test")):
        assert at_least(versions[name], lowest), name


def test_packages_of_one_system_or_one_python_are_pinned_there():
    assert {"pywinpty", "colorama"} <= set(pinned("3.13", "Windows"))
    assert "appnope" in pinned("3.13", "Apple")
    assert "ptyprocess" in pinned("3.13", "Linux")
    assert pinned("3.11", "Linux")["numpy"] != pinned("3.15", "Linux")["numpy"]
    # The newer ones have no wheel for it.
    assert pinned("3.15", "Intel")["argon2-cffi-bindings"] == "25.1.0"


def test_the_newest_versions_are_written_down_when_all_have_wheels_everywhere():
    asked = []

    def ask(arguments, pins=""):
        asked.append((*arguments, pins))
        return "alpha==2.0\nbeta==3.0 ; sys_platform == 'win32'\n"

    text = constraints.text(ask)
    assert [line for line in text.splitlines() if line.startswith("#")][1].endswith("build --constraints")
    assert text.endswith("\nalpha==2.0\nbeta==3.0 ; sys_platform == 'win32'\n")
    assert asked[0][0] == "--universal"
    assert {(each[1], each[3]) for each in asked[1:]} == {
        (python, system) for python in constraints.PYTHONS for system in constraints.SYSTEMS
    }
    assert all(each[-1].startswith("alpha==2.0") for each in asked[1:])


def test_a_package_without_a_wheel_is_told_with_the_python_and_the_system():
    def ask(arguments, pins=""):
        if arguments[1:] == ["3.15", "--python-platform", "x86_64-apple-darwin"]:
            raise RuntimeError("alpha has no usable wheels")
        return "alpha==2.0\n"

    with pytest.raises(RuntimeError, match=r"Python 3\.15 on x86_64-apple-darwin: alpha has no usable wheels"):
        constraints.text(ask)


def test_the_versions_that_are_pinned_can_be_installed_where_python_is_not_renewed():
    """Debian 12 has Python 3.11.2, and a package may ask for 3.11.5. Those that are installed here are looked at."""
    here = {**default_environment(), "python_version": "3.11", "python_full_version": "3.11.2"}
    for pin in PINS:
        if pin.marker is None or pin.marker.evaluate(here):
            with contextlib.suppress(metadata.PackageNotFoundError):
                installed = metadata.distribution(pin.name)
                if installed.version in pin.specifier:
                    assert "3.11.2" in SpecifierSet(installed.metadata.get("Requires-Python", "")), pin.name
