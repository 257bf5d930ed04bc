"""The workflow that tries README's commands on GitHub, on systems that we do not have here."""

import re

import pytest
import yaml

from mlt_nn.cli import COMMANDS
from mlt_nn.support.environment import NEWEST, OLDEST
from mlt_nn.support.folders import PROJECT

FILES = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
README = PROJECT / ".github" / "workflows" / "readme.yml"


def student():
    return yaml.safe_load(README.read_text(encoding="utf-8"))["jobs"]["student"]


def test_it_runs_on_each_system_with_each_python():
    matrix = student()["strategy"]["matrix"]
    assert matrix["python"] == [f"{OLDEST[0]}.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1)]
    assert {system.partition("-")[0] for system in matrix["system"]} == {"ubuntu", "macos", "windows"}


def test_its_commands_are_ours():
    commands = re.findall(r"python -m mlt_nn (\w+)", "\n".join(step.get("run", "") for step in student()["steps"]))
    assert commands == ["release", "progress", "doctor", "test"]
    assert set(commands) <= set(COMMANDS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_others_wrote_is_pinned(file):
    used = re.findall(r"uses: (.*)", file.read_text(encoding="utf-8"))
    assert used
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action
