"""The set-up of the environment, its outside steps (venv, pip, uv) played by a stand-in: nothing is installed."""

import errno
import itertools
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from mlt_nn import __main__ as program
from mlt_nn.__main__ import main
from mlt_nn.support import environment
from mlt_nn.support.environment import Environment, SetupError, at_least, fits, lacking, wrong_python
from mlt_nn.support.folders import PACKAGE, PROJECT
from mlt_nn.support.locking import lock


class Computer:
    """Stands in for venv, pip and uv: it makes the same files, and it remembers what it was asked."""

    def __init__(self, project):
        self.project = project
        self.asked = []
        self.pip_says = (0, "Successfully installed numpy")
        self.pip_config = ""
        self.version = [3, 12]
        self.lacking = []
        self.packages = ["numpy"]
        self.prints = ""
        self.has_uv = False
        self.uv_fails = ()
        self.commands = []

    def run(self, command, folder, on_line=None, variables=None):
        assert folder == self.project
        self.commands.append((command, variables))
        if command[1:4] == ["-m", "pip", "config"]:
            return 0, self.pip_config
        if "--target" in command:
            uv = Path(command[command.index("--target") + 1]) / "bin" / ("uv.exe" if os.name == "nt" else "uv")
            if self.has_uv:
                uv.parent.mkdir(parents=True)
                uv.write_text("")
            return (0, "") if self.has_uv else (1, "no uv")
        if Path(command[0]).stem == "uv":
            if command[-1] == "pip" or "pip" in command[3:]:
                return 0, ""  # pip itself, for people who look for it
            what = " ".join(command[1:3]) if command[1] == "pip" else command[1]
            self.asked.append(f"uv {what} {command[command.index('--python') + 1]}" if what == "venv" else f"uv {what}")
            if what in self.uv_fails:
                return 1, "error: uv cannot"
            if what == "venv":
                self.make(self.project / ".venv")
            return 0, ""
        if command[1:3] == ["-m", "venv"]:
            self.asked.append("venv")
            self.make(Path(command[3]))
            return 0, ""
        if command[1:3] == ["-m", "pip"]:
            self.asked.append(f"pip {command[-1]}")
            for line in self.pip_says[1].splitlines():
                on_line(line)
            self.lacking = []
            return self.pip_says
        look = {"version": self.version, "lacking": self.lacking, "packages": self.packages}
        return 0, f"{self.prints}\n{json.dumps(look)}\n"

    def make(self, folder):
        python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text("")
        self.version = [3, 12]


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
    def interrupted(command, folder, on_line=None, variables=None):
        if "-e" in command:
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
    computer.version = [3, 10]

    def busy(folder, ignore_errors=False):
        if not ignore_errors:
            raise OSError(f"{folder}: Directory not empty")

    monkeypatch.setattr(environment.shutil, "rmtree", busy)
    with pytest.raises(SetupError, match="Directory not empty"):
        prepare(computer)
    monkeypatch.undo()
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


def test_it_is_made_again_when_its_python_was_replaced_by_an_unfit_one(computer):
    prepare(computer)
    computer.version = [3, 10]
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


@pytest.mark.parametrize("is_without_pip", [False, True])
def test_a_python_without_venv_names_the_package_of_debian(computer, monkeypatch, is_without_pip):
    find = environment.importlib.util.find_spec
    gone = ("ensurepip", "pip") if is_without_pip else ("ensurepip",)
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None if name in gone else find(name))
    with pytest.raises(SetupError, match="apt install python3-venv"):
        prepare(computer)
    assert not (computer.project / ".venv" / "bin").exists()
    assert computer.asked == []


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
    [((2, 7, 18), False), ((3, 10, 13), False), ((3, 11, 0), True), ((3, 15, 2), True), ((3, 16, 0), True)],
)
def test_pythons_that_fit(version, fit):
    assert fits(version) is fit


def test_a_wrong_python_is_told_which_one_is_needed():
    message = wrong_python((3, 9, 18), "/usr/bin/python3", ["check", "02"])
    assert "needs Python 3.11 or newer; this is Python 3.9.18 (/usr/bin/python3)" in message
    assert "py -3.15 -m mlt_nn check 02" in message


def test_a_fitting_python_beside_the_wrong_one_is_named():
    message = wrong_python((3, 9, 1), "python3", ["lab"], ["python3.12", "python3.11"])
    assert message.endswith("    python3.12 -m mlt_nn lab")


def test_a_command_that_starts_no_python_is_not_recommended(monkeypatch, tmp_path):
    """As pyenv has one for each version that is installed, whichever was chosen."""
    for name, code in (("python3.14", 127), ("python3.12", 0)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert environment.fitting_commands() == ([] if os.name == "nt" else ["python3.12"])


@pytest.fixture
def started(monkeypatch, computer):
    """`python3 -m mlt_nn` on that computer, which has no other Python; gives the commands that were handed over to."""
    handed = []
    monkeypatch.setattr(program, "Environment", lambda extras: made(computer, extras))
    monkeypatch.setattr(program, "lacking", lambda extras: ["numpy is not installed"])
    monkeypatch.setattr(program, "fitting_commands", list)
    monkeypatch.setattr(program, "hand_over", lambda command, variables=None: handed.append(command) or 0)
    return handed


OLD = (3, 9, 18, "final", 0)


def test_a_wrong_python_ends_the_command(started, capsys, computer):
    assert main(["lab"], version=OLD) == 1
    assert "this is Python 3.9.18" in capsys.readouterr().err
    assert (computer.asked, started) == ([], [])
    assert not (computer.project / ".venv").exists()


def test_a_fitting_python_goes_on_in_the_place_of_the_wrong_one(started, capsys, computer, monkeypatch):
    monkeypatch.setattr(program, "fitting_commands", lambda: [Path(sys.executable).name])
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    assert main(["check", "02"], version=OLD) == 0
    assert started == [[sys.executable, "-m", "mlt_nn", "check", "02"]]
    assert f"Python 3.9 is too old for the course: {sys.executable} goes on." in capsys.readouterr().out


@pytest.mark.parametrize("answer", ["", "n", "what?"])
def test_no_python_is_fetched_without_a_yes(started, capsys, computer, monkeypatch, answer):
    computer.has_uv = True
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("builtins.input", lambda question: answer)
    assert main(["lab"], version=OLD) == 1
    assert capsys.readouterr().err.startswith("Nothing was changed.\nInstall Python 3.15")
    assert (computer.asked, started) == ([], [])
    assert not (computer.project / ".venv").exists()


def test_a_fitting_python_is_fetched_after_a_yes(started, capsys, computer, monkeypatch):
    computer.has_uv = True
    asked = []
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or "y")
    assert main(["lab"], version=OLD) == 0
    assert len(asked) == 1
    assert "Python 3.15 for the course alone, into its folder .venv" in asked[0]
    assert computer.asked == ["uv venv 3.15", "uv pip install"]
    assert started == [[made(computer).python, "-P", "-m", "mlt_nn.cli", "lab"]]


def test_no_answer_is_a_no(started, capsys, computer, monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True, readline=str))
    assert main(["lab"], version=OLD) == 1
    assert capsys.readouterr().err.startswith("Nothing was changed.\nInstall Python 3.15")
    assert not (computer.project / ".venv").exists()


# Answers the question with yes, where nothing can be fetched.
OLD_PROGRAM = """
import functools, sys
from mlt_nn import __main__ as program
from mlt_nn.support import environment
class Terminal:
    isatty = staticmethod(lambda: True)
    readline = staticmethod(lambda: "y\\n")
sys.stdin = Terminal
nothing = functools.partial(environment.Environment, run=lambda *_: (1, ""))
program.Environment, program.fitting_commands = nothing, list
sys.exit(program.main(["lab"]))
"""


@pytest.mark.parametrize("version", ["3.6", "3.7", "3.8"])
def test_an_old_python_asks_and_goes_on(version, tmp_path):
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    python = next((str(file) for file in pyenv.glob(f"{version}.*/bin/python")), shutil.which(f"python{version}"))
    if python is None:
        pytest.skip(f"there is no Python {version} on this computer")
    shutil.copytree(PACKAGE / "support", tmp_path / "mlt_nn" / "support", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("__init__.py", "__main__.py"):
        shutil.copy(PACKAGE / name, tmp_path / "mlt_nn")
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    command = [python, "-E", "-c", OLD_PROGRAM]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert f"this is Python {version}." in result.stdout
    assert "Fetch Python 3.15 for the course alone" in result.stdout
    assert result.stderr.startswith("Python 3.15 could not be fetched")
    assert (tmp_path / ".venv" / "mlt-nn-setup.json").is_file()


def test_a_python_that_cannot_be_fetched_is_told_with_the_way_out(started, capsys, computer, monkeypatch):
    computer.has_uv, computer.uv_fails = True, ("venv",)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("builtins.input", lambda question: "y")
    assert main(["lab"], version=OLD) == 1
    shown = capsys.readouterr().err
    assert "Python 3.15 could not be fetched" in shown
    assert "uv cannot" in shown
    assert "Install Python 3.15 (python.org has installers)" in shown
    assert computer.asked == ["uv venv 3.15"]


def test_uv_makes_the_environment_and_is_gone_afterwards(computer):
    computer.has_uv = True
    prepare(computer)
    assert computer.asked == [f"uv venv {sys.executable}", "uv pip install"]
    assert made(computer).is_ready()
    assert not (computer.project / ".venv" / "mlt-nn-uv").exists()


def test_pip_takes_over_where_uv_fails(computer):
    computer.has_uv, computer.uv_fails = True, ("venv", "pip install")
    prepare(computer)
    assert computer.asked == [f"uv venv {sys.executable}", "venv", "uv pip install", "pip ."]
    assert made(computer).is_ready()


def test_uv_takes_the_way_that_pip_knows_and_neither_takes_anything_else(computer, monkeypatch):
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("PIP_TARGET", "elsewhere")
    computer.has_uv = True
    computer.pip_config = (
        "said when Python starts\n"
        "global.index-url='https://mirror.example/simple'\n"
        "global.cert='/etc/school.pem'\n"
        "global.target='elsewhere'\n"
        "install.user='true'\n"
        "install.no-deps='true'\n"
        ":env:.extra-index-url='https://one.example https://two.example'\n"
        ":env:.trusted-host='mirror.example'\n"
        ":env:.proxy='http://proxy.example:3128'\n"
        "install.find-links='wheels'\n"
        "global.find-links='other wheels'\n"
    )
    prepare(computer)
    uv, variables = next(
        entry for entry in computer.commands if entry[0][1:3] == ["pip", "install"] and "-e" in entry[0]
    )
    told = list(itertools.pairwise(uv))
    for pair in [
        ("--default-index", "https://mirror.example/simple"),
        ("--index", "https://one.example"),
        ("--index", "https://two.example"),
        ("--find-links", "wheels"),
        ("--allow-insecure-host", "mirror.example"),
        ("-c", environment.CONSTRAINTS),
    ]:
        assert pair in told, pair
    assert ("--find-links", "other") not in told
    assert variables["SSL_CERT_FILE"] == "/etc/school.pem"
    assert variables["HTTPS_PROXY"] == variables["HTTP_PROXY"] == "http://proxy.example:3128"
    assert not {name for name in variables if name == "PYTHONPATH" or name.startswith("PIP_")}
    brings, variables = next(entry for entry in computer.commands if "--target" in entry[0])
    assert "--no-deps" not in brings
    assert {name: value for name, value in variables.items() if name.startswith(("PIP_", "PYTHONPATH"))} == {
        "PIP_RETRIES": "2",
        "PIP_INDEX_URL": "https://mirror.example/simple",
        "PIP_EXTRA_INDEX_URL": "https://one.example https://two.example",
        "PIP_CERT": "/etc/school.pem",
        "PIP_TRUSTED_HOST": "mirror.example",
        "PIP_PROXY": "http://proxy.example:3128",
        "PIP_FIND_LINKS": "wheels",
        "PIP_CONFIG_FILE": os.devnull,
    }


def test_a_package_that_was_changed_later_is_repaired(computer):
    prepare(computer)
    computer.lacking = ["numpy is 2.0.2; 2.1 or newer is needed."]
    assert not made(computer).is_ready()
    said = []
    prepare(computer, said=said)
    assert said[0] == "numpy is 2.0.2; 2.1 or newer is needed."
    assert computer.asked == ["venv", "pip .", "pip ."]


def test_a_package_that_is_gone_is_repaired_even_if_the_course_does_not_name_it(computer):
    computer.packages = ["numpy", "tornado"]
    prepare(computer)
    computer.packages = ["numpy"]
    assert not made(computer).is_ready()
    said = []
    prepare(computer, said=said)
    assert said[0] == "tornado is gone."
    assert made(computer).is_ready()


def test_what_is_not_there_after_all_is_told_and_not_marked_as_ready(computer, monkeypatch):
    class Sticky(Computer):
        lacking = property(lambda self: ["numpy is not installed; 2.1 or newer is needed."], lambda self, value: None)

    computer = Sticky(computer.project)
    with pytest.raises(SetupError, match="and yet:\nnumpy is not installed"):
        prepare(computer)
    assert not made(computer).is_ready()


def test_own_files_that_are_called_like_modules_do_no_harm(tmp_path):
    for name in ("random", "numpy", "typing", "json"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('this is mine')\n")
    shutil.copytree(PROJECT / "mlt_nn", tmp_path / "mlt_nn", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    Computer(tmp_path).make(tmp_path / ".venv")
    here = Environment(tmp_path, run=lambda command, folder: environment.run([sys.executable, *command[1:]], folder))
    assert here.runs()


def test_anything_printed_when_python_starts_does_no_harm(computer):
    computer.prints = "a message of the day\n{}"
    prepare(computer)
    assert made(computer).is_ready()


def test_a_second_start_waits_for_the_first_and_uses_what_it_made(computer):
    said, seconds = [], []

    class Second(Computer):
        def run(self, command, folder, on_line=None, variables=None):
            if command[1:3] == ["-m", "venv"] and not seconds:
                seconds.append(threading.Thread(target=prepare, args=(computer,), kwargs={"said": said}))
                seconds[0].start()
                while not said:
                    time.sleep(0.01)
            return super().run(command, folder, on_line, variables)

    first = Second(computer.project)
    prepare(first)
    seconds[0].join(timeout=60)
    assert said == ["The course is being set up by another window already: waiting for it."]
    assert (first.asked, computer.asked) == (["venv", "pip ."], [])


@pytest.mark.skipif(os.name == "nt", reason="locks are others there")
def test_where_the_file_system_has_no_locks_nobody_waits(computer, monkeypatch):
    monkeypatch.setattr("fcntl.flock", refusing(errno.ENOLCK))
    said = []
    prepare(computer, said=said)
    assert made(computer).is_ready()
    assert not any("waiting" in each for each in said)


@pytest.mark.skipif(os.name == "nt", reason="locks are others there")
@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EACCES, errno.EDEADLK])
def test_whatever_a_lock_that_is_held_is_called(tmp_path, monkeypatch, number):
    monkeypatch.setattr("fcntl.flock", refusing(number))
    with (tmp_path / "lock").open("a") as file, pytest.raises(BlockingIOError):
        lock(file)


def refusing(number):
    def flock(file, how):
        raise OSError(number, os.strerror(number))

    return flock


def test_a_newer_python_than_the_newest_is_tried_with_a_sentence(computer, monkeypatch):
    monkeypatch.setattr(environment, "NEWEST", (3, 10))
    said = []
    prepare(computer, said=said)
    assert "This Python is newer than 3.10, the newest that the course was tested with." in said
    assert made(computer).is_ready()


def test_a_wrong_python_hands_over_to_an_environment_that_is_ready(started, computer):
    prepare(computer)
    assert main(["progress"], version=OLD) == 0
    assert started == [[made(computer).python, "-P", "-m", "mlt_nn.cli", "progress"]]


def test_a_python_without_the_packages_hands_over_to_the_environment(started, computer):
    assert main(["test", "-x"]) == 0
    assert started[0][1:] == ["-P", "-m", "mlt_nn.cli", "test", "-x"]
    assert computer.asked == ["venv", "pip .[test]"]


def test_the_doctor_installs_nothing(started, computer, capsys, monkeypatch):
    monkeypatch.setattr("mlt_nn.cli.main", lambda arguments: print("looked at by this Python:", *arguments) or 1)
    assert main(["doctor"]) == 1
    assert capsys.readouterr().out == "looked at by this Python: doctor\n"
    assert computer.asked == []
    assert main(["doctor"], version=OLD) == 1
    assert "needs Python 3.11 or newer; this is Python 3.9.18" in capsys.readouterr().err


def test_the_doctor_looks_at_an_environment_that_lacks_packages(started, computer):
    prepare(computer)
    computer.lacking = ["numpy is not installed"]
    assert main(["doctor"]) == 0
    assert started == [[made(computer).python, "-P", "-m", "mlt_nn.cli", "doctor"]]
    assert computer.asked == ["venv", "pip ."]


def test_a_certificate_that_is_not_trusted_gets_words_of_its_own(started, capsys, computer):
    said = "SSLError(SSLCertVerificationError(1, '[SSL] certificate verify failed: self-signed'))"
    computer.pip_says = (1, f"Could not fetch URL: Max retries exceeded (Caused by {said}")
    assert main(["lab"]) == 1
    words = capsys.readouterr().err
    assert "does not trust who answers" in words
    assert f"{made(computer).python} -m pip config set global.cert FILE" in words
    assert "connected" not in words


def test_a_failed_set_up_ends_the_command(started, capsys, computer):
    computer.pip_says = (1, "Max retries exceeded")
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
