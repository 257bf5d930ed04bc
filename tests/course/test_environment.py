"""The set-up of the environment, its outside steps (venv and pip) played by a stand-in: nothing is installed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlt_nn.__main__ import main
from mlt_nn.support import environment
from mlt_nn.support.environment import Environment, SetupError, at_least, fits, lacking, wrong_python
from mlt_nn.support.folders import PROJECT


class Computer:
    """Stands in for venv and pip: it makes the same files, and it remembers what it was asked."""

    def __init__(self, project):
        self.project = project
        self.asked = []
        self.pip_says = (0, "Successfully installed numpy")
        self.version = "3 12"

    def run(self, command, folder, on_line=None):
        assert folder == self.project
        if command[1:3] == ["-m", "venv"]:
            self.asked.append("venv")
            folder = Path(command[3])
            python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
            python.parent.mkdir(parents=True)
            python.write_text("")
            return 0, ""
        if command[1:3] == ["-m", "pip"]:
            self.asked.append(f"pip {command[-1]}")
            for line in self.pip_says[1].splitlines():
                on_line(line)
            return self.pip_says
        return 0, self.version


@pytest.fixture
def computer(tmp_path):
    project = tmp_path / "a course with spaces"
    (project / "mlt_nn" / "support").mkdir(parents=True)
    (project / environment.CONSTRAINTS).write_text("numpy==2.4.6\n")
    (project / "pyproject.toml").write_text('[project]\ndependencies = ["numpy>=2.1"]\n')
    return Computer(project)


def made(computer, extras=(), said=None):
    return Environment(computer.project, extras, run=computer.run, say=[].append if said is None else said.append)


def prepare(computer, extras=(), said=None):
    made(computer, extras, said).prepare()


def test_the_first_run_makes_it_and_the_second_starts_at_once(computer):
    assert not made(computer).is_ready()
    prepare(computer)
    assert computer.asked == ["venv", "pip ."]
    assert made(computer).is_ready()


def test_packages_for_the_tests_are_added_and_kept(computer):
    prepare(computer)
    assert not made(computer, ("test",)).is_ready()
    prepare(computer, ("test",))
    assert computer.asked == ["venv", "pip .", "pip .[test]"]
    assert made(computer).is_ready()
    assert made(computer, ("test",)).is_ready()
    (computer.project / "pyproject.toml").write_text("[project]\n")
    prepare(computer)
    assert computer.asked[-1] == "pip .[test]"


@pytest.mark.parametrize("name", ["pyproject.toml", environment.CONSTRAINTS])
def test_other_packages_are_installed_when_the_lists_change(computer, name):
    prepare(computer)
    (computer.project / name).write_text('[project]\ndependencies = ["numpy>=2.2"]\n')
    assert not made(computer).is_ready()
    prepare(computer)
    assert computer.asked == ["venv", "pip .", "pip ."]


def test_one_that_was_interrupted_is_made_again(computer):
    def interrupted(command, folder, on_line=None):
        if "pip" in command:
            raise KeyboardInterrupt
        return computer.run(command, folder, on_line)

    with pytest.raises(KeyboardInterrupt):
        Environment(computer.project, run=interrupted, say=[].append).prepare()
    (computer.project / ".venv" / "left over").write_text("half a package")
    assert not made(computer).is_ready()
    prepare(computer)
    assert computer.asked == ["venv", "venv", "pip ."]
    assert not (computer.project / ".venv" / "left over").exists()
    assert made(computer).is_ready()


def test_one_that_could_not_be_cleared_stays_marked_as_unfinished(computer, monkeypatch):
    prepare(computer)
    (computer.project / "pyproject.toml").write_text("[project]\n")
    computer.version = "3 10"

    def busy(folder):
        raise OSError(f"{folder}: Directory not empty")

    monkeypatch.setattr(environment.shutil, "rmtree", busy)
    with pytest.raises(SetupError, match="Directory not empty"):
        prepare(computer)
    monkeypatch.undo()
    computer.version = "3 12"
    prepare(computer)
    assert computer.asked == ["venv", "pip .", "venv", "pip ."]


def test_one_whose_stamp_is_damaged_is_made_again(computer):
    prepare(computer)
    next((computer.project / ".venv").glob("*.json")).write_text("{")
    assert not made(computer).is_ready()
    prepare(computer)
    assert computer.asked == ["venv", "pip .", "venv", "pip ."]


def test_it_is_made_again_when_the_course_was_moved(computer):
    prepare(computer)
    moved = computer.project.with_name("elsewhere")
    computer.project.rename(moved)
    computer.project = moved
    assert not made(computer).is_ready()
    prepare(computer)
    assert computer.asked == ["venv", "pip .", "venv", "pip ."]


@pytest.mark.parametrize("version", ["3 10", "3 14"])
def test_it_is_made_again_when_its_python_was_replaced_by_an_unfit_one(computer, version):
    prepare(computer)
    computer.version = version
    assert not made(computer).is_ready()
    prepare(computer)
    assert computer.asked == ["venv", "pip .", "venv", "pip ."]


def test_one_that_somebody_made_by_hand_is_filled_and_never_deleted(computer):
    venv = computer.project / ".venv"
    computer.run([sys.executable, "-m", "venv", str(venv)], computer.project)
    (venv / "precious").write_text("mine")
    prepare(computer)
    assert computer.asked == ["venv", "pip ."]
    assert (venv / "precious").read_text() == "mine"


def test_one_by_hand_without_a_fitting_python_is_left_alone(computer):
    venv = computer.project / ".venv"
    venv.mkdir()
    (venv / "precious").write_text("mine")
    with pytest.raises(SetupError, match="Delete it"):
        prepare(computer)
    assert (venv / "precious").read_text() == "mine"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_one_that_is_a_link_is_never_emptied(computer):
    prepare(computer)
    other = Computer(computer.project.with_name("another course"))
    other.project.mkdir()
    (other.project / ".venv").symlink_to(computer.project / ".venv")
    (other.project / "pyproject.toml").write_text((computer.project / "pyproject.toml").read_text())
    with pytest.raises(SetupError, match=r"(?s)is a link to .*a course with spaces.*Delete the link"):
        prepare(other)
    assert (computer.project / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")).is_file()
    assert other.asked == []


def test_a_file_in_the_way_is_told(computer):
    (computer.project / ".venv").write_text("")
    with pytest.raises(SetupError, match="Delete it"):
        prepare(computer)


@pytest.mark.parametrize(
    ("pip_says", "expected"),
    [
        ("NewConnectionError(...): Failed to establish a new connection\nNo matching distribution", "internet"),
        ("ERROR: Could not find a version that satisfies numpy (from versions: none)", "internet"),
        ("/x/python: No module named pip", "has no pip"),
        ("error: metadata-generation-failed", "metadata-generation-failed"),
    ],
)
def test_what_pip_could_not_do_is_said_plainly(computer, pip_says, expected):
    computer.pip_says = (1, pip_says)
    with pytest.raises(SetupError, match=expected):
        prepare(computer)
    assert not made(computer).is_ready()
    computer.pip_says = (0, "")
    prepare(computer)
    assert made(computer).is_ready()


def test_a_python_without_venv_names_the_package_of_debian(computer, monkeypatch):
    find = environment.importlib.util.find_spec
    monkeypatch.setattr(
        environment.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else find(name)
    )
    with pytest.raises(SetupError, match="apt install python3-venv"):
        prepare(computer)
    assert not (computer.project / ".venv").exists()


def test_a_folder_that_cannot_be_written_is_named(computer):
    blocked = Environment(computer.project / "gone", run=computer.run, say=[].append)
    with pytest.raises(SetupError, match="cannot be written"):
        blocked.prepare()


def test_progress_is_told_in_a_few_lines(computer):
    computer.pip_says = (0, "\n".join(["Collecting a"] * 45 + ["Installing collected packages: a"]))
    said = []
    prepare(computer, said=said)
    assert [line for line in said if "packages" in line][1:] == [
        "  20 packages found",
        "  40 packages found",
        "  45 packages fetched; unpacking them",
    ]


def test_commands_run_and_their_output_is_handed_on(tmp_path):
    lines = []
    code, output = environment.run([sys.executable, "-c", "print('a'); print('b'); exit(3)"], tmp_path, lines.append)
    assert (code, output.split(), [line.strip() for line in lines]) == (3, ["a", "b"], ["a", "b"])


@pytest.mark.parametrize(
    ("version", "fit"),
    [((2, 7, 18), False), ((3, 10, 13), False), ((3, 11, 0), True), ((3, 13, 9), True), ((3, 14, 0), False)],
)
def test_pythons_that_fit(version, fit):
    assert fits(version) is fit


def test_a_wrong_python_is_told_which_one_is_needed():
    message = wrong_python((3, 9, 18), "/usr/bin/python3", ["check", "02"], find=lambda name: None)
    assert "needs Python 3.11, 3.12 or 3.13; this is Python 3.9.18 (/usr/bin/python3)" in message
    assert "py -3.13 -m mlt_nn check 02" in message


def test_a_fitting_python_beside_the_wrong_one_is_named():
    message = wrong_python((3, 14, 1), "python3", ["lab"], find={"python3.12": "/usr/bin/python3.12"}.get)
    assert message.endswith("    python3.12 -m mlt_nn lab")


def test_a_wrong_python_ends_the_command(monkeypatch, capsys, computer):
    monkeypatch.setattr("mlt_nn.__main__.Environment", lambda extras: made(computer, extras))
    assert main(["lab"], version=(3, 9, 18, "final", 0)) == 1
    assert "this is Python 3.9.18" in capsys.readouterr().err
    assert computer.asked == []


def test_a_wrong_python_hands_over_to_an_environment_that_is_ready(monkeypatch, computer):
    prepare(computer)
    monkeypatch.setattr("mlt_nn.__main__.Environment", lambda extras: made(computer, extras))
    monkeypatch.setattr("mlt_nn.__main__.hand_over", lambda command: command)
    command = main(["progress"], version=(3, 9, 18, "final", 0))
    assert command == [made(computer).python, "-m", "mlt_nn.cli", "progress"]


def test_a_python_without_the_packages_hands_over_to_the_environment(monkeypatch, computer):
    monkeypatch.setattr("mlt_nn.__main__.Environment", lambda extras: made(computer, extras))
    monkeypatch.setattr("mlt_nn.__main__.lacking", lambda extras: ["numpy is not installed"])
    monkeypatch.setattr("mlt_nn.__main__.hand_over", lambda command: command)
    assert main(["test", "-x"])[1:] == ["-m", "mlt_nn.cli", "test", "-x"]
    assert computer.asked == ["venv", "pip .[test]"]


def test_a_failed_set_up_ends_the_command(monkeypatch, capsys, computer):
    computer.pip_says = (1, "Max retries exceeded")
    monkeypatch.setattr("mlt_nn.__main__.Environment", lambda extras: made(computer, extras))
    monkeypatch.setattr("mlt_nn.__main__.lacking", lambda extras: ["numpy is not installed"])
    assert main(["lab"]) == 1
    assert "connected to the internet?" in capsys.readouterr().err


def test_help_needs_no_environment(monkeypatch, capsys):
    monkeypatch.setattr("mlt_nn.__main__.lacking", lambda extras: ["numpy is not installed"])
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    assert "open JupyterLab" in capsys.readouterr().out


def test_an_environment_that_has_everything_lacks_nothing(monkeypatch):
    monkeypatch.setattr(environment, "installed_folder", lambda: str(PROJECT))
    monkeypatch.setattr(environment, "installed_version", lambda name: "9999.0")
    assert lacking(PROJECT, ("test",)) == []


@pytest.mark.parametrize(("version", "said"), [(None, "is not installed"), ("0.0.1", "is 0.0.1")])
def test_a_package_that_is_missing_or_old_is_named(monkeypatch, version, said):
    monkeypatch.setattr(environment, "installed_folder", lambda: str(PROJECT))
    monkeypatch.setattr(environment, "installed_version", lambda name: version if name == "pytest-xdist" else "9999.0")
    assert lacking(PROJECT) == []
    lowest = dict(environment.requirements(extras=("test",)))["pytest-xdist"]
    assert lacking(PROJECT, ("test",)) == [f"pytest-xdist {said}; {lowest} or newer is needed."]


def test_another_copy_of_the_course_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "installed_version", lambda name: "9999.0")
    for folder in (str(tmp_path), str(tmp_path / "gone")):
        monkeypatch.setattr(environment, "installed_folder", lambda named=folder: named)
        assert lacking(PROJECT) == [f"This environment uses the course in {folder}, not the one in {PROJECT}."]
    monkeypatch.setattr(environment, "installed_folder", lambda: None)
    assert lacking(PROJECT) == ["The course is not installed in this environment to be edited."]


@pytest.mark.parametrize(
    ("record", "editable"),
    [
        ({"url": "file:///a%20b/course", "dir_info": {"editable": True}}, True),
        ({"url": "file:///a%20b/course", "dir_info": {}}, False),
        (None, False),
    ],
)
def test_the_folder_of_an_editable_installation_is_read(monkeypatch, record, editable):
    class Distribution:
        def read_text(self, name):
            assert name == "direct_url.json"
            return record and json.dumps(record)

    monkeypatch.setattr("importlib.metadata.distribution", lambda name: Distribution())
    monkeypatch.delenv("PYTHONPATH", raising=False)
    folder = environment.installed_folder()
    assert (folder is not None) is editable
    if editable:
        assert Path(folder).parts[-2:] == ("a b", "course")


def test_the_folder_that_pythonpath_names_comes_first(monkeypatch, tmp_path):
    """As Python looks there first. So the students of a hub have one Python, and a course of their own."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(PROJECT)]))
    assert environment.installed_folder() == str(PROJECT)
    (tmp_path / "mlt_nn").mkdir()
    (tmp_path / "mlt_nn" / "__init__.py").touch()
    assert environment.installed_folder() == str(tmp_path)


@pytest.mark.parametrize(
    ("version", "lowest", "enough"),
    [("2.10", "2.9", True), ("2.9", "2.9", True), ("2.8.9", "2.9", False), ("4.0.0rc1", "3.9.2", True)],
)
def test_versions_are_compared_by_their_numbers(version, lowest, enough):
    assert at_least(version, lowest) is enough


def test_every_package_of_the_course_is_pinned():
    pinned = {line.partition("==")[0] for line in (PROJECT / environment.CONSTRAINTS).read_text().splitlines()}
    assert {name for name, _ in environment.requirements(extras=("test",))} <= pinned


def test_the_versions_pinned_are_not_older_than_the_lowest():
    lines = (PROJECT / environment.CONSTRAINTS).read_text().splitlines()
    pinned = dict(line.split("==") for line in lines if "==" in line)
    for name, lowest in environment.requirements(extras=("test",)):
        assert at_least(pinned[name], lowest), name


def test_setting_up_imports_nothing_but_the_standard_library():
    program = (
        "import sys; import mlt_nn.__main__; known = {'mlt_nn', '__main__', *sys.stdlib_module_names}; "
        "print([name for name in sys.modules if name.split('.')[0] not in known])"
    )
    # -S leaves the packages of this environment out of reach.
    command = [sys.executable, "-S", "-c", program]
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("system", ["this one", "nt"])
def test_another_program_goes_on_in_its_place(system):
    program = (
        "import os, sys; from types import SimpleNamespace; from mlt_nn.support import environment\n"
        f"if {system!r} == 'nt': environment.os = SimpleNamespace(name='nt', environ=os.environ)\n"
        "print('first')\n"
        "second = [sys.executable, '-c', 'import os; print(os.environ[chr(88)]); raise SystemExit(3)']\n"
        "sys.exit(environment.hand_over(second, {**os.environ, 'X': 'second'}))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()) == (3, ["first", "second"])
