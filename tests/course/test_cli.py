"""The command line as a whole: help, wrong usage, exit codes, and what it costs to ask for help."""

import errno
import io
import subprocess
import sys
from pathlib import Path

import pytest

from mlt_nn import cli
from mlt_nn.cli import COMMANDS, CommandError, UsageError, main
from mlt_nn.support.folders import COURSE, PROJECT, SOLUTIONS
from mlt_nn.support.writing import replacing


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, capfd):
    try:
        code = main([command, "--help"])  # of `bench`, which another program explains
    except SystemExit as end:
        code = end.code
    assert code == 0
    shown = capfd.readouterr().out
    assert COMMANDS[command] in " ".join(shown.split())
    told = cli.loaded(command).__doc__.partition("\n\n")[2]
    assert told.strip() in shown


def test_the_help_lists_every_command(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    shown = capsys.readouterr().out
    for command in COMMANDS:
        assert f"\n    {command} " in shown


def test_help_loads_no_package():
    program = (
        "import sys; from mlt_nn.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print({'numpy', 'pytest', 'jupyter_client', 'mlt_nn.cli.check'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"


def test_every_command_explains_itself_without_packages():
    program = (
        "from mlt_nn.__main__ import main\n"
        f"for command in {sorted(set(COMMANDS) - {'bench'})}:\n"
        "    try: main([command, '--help'])\n"
        "    except SystemExit as end: assert end.code == 0, command\n"
    )
    # Without `site` no folder of packages is known.
    done = subprocess.run([sys.executable, "-S", "-c", program], cwd=PROJECT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_without_a_command_the_help_is_shown_and_nothing_is_fine(capsys):
    assert main([]) == 2
    assert COMMANDS["lab"] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["chek"], "invalid choice: 'chek'"),
        (["progress", "now"], "unrecognized arguments: now"),
        (["check", "softmx"], "no exercise, module or notebook 'softmx'"),
        (["check", "activations.softmx"], "did you mean 'activations.softmax'"),
        (["check", "33"], "no notebook '33'; the notebooks are: 01_neuron"),
        (["lab", "33"], "no notebook '33'"),
        (["build", "02_nothing"], "no text 02_nothing"),
        (["grade", "a", "--out", __file__], f"{__file__} is a file: name a folder with --out"),
        (["grade", "--out", "a", "--export", __file__], f"{__file__} is a file: name a folder with --export"),
        (["grade", "a", "--seed", str(2**63)], f"a seed is below 2^63, as a grading names it, not {2**63}"),
    ],
)
def test_what_is_not_understood_is_said_with_what_is_expected(arguments, expected, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert expected in capsys.readouterr().err


def test_a_problem_is_one_sentence_and_not_a_traceback(monkeypatch, capsys):
    def fail(options):
        raise CommandError("the disk is full: make room")

    monkeypatch.setattr("mlt_nn.cli.data.execute", fail)
    assert main(["data"]) == 1
    assert capsys.readouterr().err == "the disk is full: make room\n"


FULL = OSError(errno.ENOSPC, "No space left on device", "a.csv")
NO_TEMPORARY = FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")


@pytest.mark.parametrize("handed_on_as", [None, CommandError, UsageError])
@pytest.mark.parametrize(
    ("error", "told"),
    [(FULL, "No space left on device: a.csv"), (NO_TEMPORARY, "No usable temporary directory found in ['/tmp']")],
)
def test_a_full_disk_is_told_with_the_way_out(monkeypatch, capsys, handed_on_as, error, told):
    def fail(options):
        if handed_on_as:
            raise handed_on_as(str(error)) from error
        raise error

    monkeypatch.setattr("mlt_nn.cli.data.execute", fail)
    assert main(["data"]) == 1
    expected = f"This computer's disk is full, or cannot be written: {told}.\nMake room, then try again.\n"
    assert capsys.readouterr().err == expected


def test_a_file_that_finds_no_room_is_named(tmp_path):
    with pytest.raises(OSError, match="No space") as raised, replacing(tmp_path / "a.csv"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert raised.value.filename == str(tmp_path / "a.csv")
    assert not list(tmp_path.iterdir())


def test_an_interrupted_command_ends_quietly(monkeypatch, capsys):
    def interrupt(options):
        raise KeyboardInterrupt

    monkeypatch.setattr("mlt_nn.cli.data.execute", interrupt)
    assert main(["data"]) == 1
    assert capsys.readouterr().err == "Interrupted.\n"


def test_a_console_that_lacks_a_character_gets_a_question_mark(monkeypatch):
    console = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", console)
    monkeypatch.setattr("mlt_nn.cli.data.execute", lambda options: print("\N{GREEK SMALL LETTER SIGMA}(z)"))
    main(["data"])
    console.flush()
    assert console.buffer.getvalue().strip() == b"?(z)"


def test_every_text_of_the_command_line_is_plain():
    files = sorted(Path(cli.__file__).parent.glob("*.py"))
    assert files
    for file in files:
        assert file.read_text(encoding="utf-8").isascii(), file.name


def test_the_module_is_the_command():
    command = [sys.executable, "-m", "mlt_nn.cli", "chek"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "python3 -m mlt_nn: error: argument command" in done.stderr


def test_the_tests_run_in_parallel_with_notebooks_solutions_and_no_download(monkeypatch, tmp_path):
    ran = {}

    def run_here(command, folder, environment):
        ran.update(
            command=command, folder=folder, exercises=environment["MLT_NN_EXERCISES"], data=environment["MLT_NN_DATA"]
        )
        return 5

    monkeypatch.setattr("mlt_nn.cli.test.run_here", run_here)
    monkeypatch.setattr("mlt_nn.datasets.mnist.DOWNLOADS", tmp_path)
    monkeypatch.delenv("MLT_NN_DATA", raising=False)
    assert main(["test", "-k", "overlay", "--collect-only"]) == 5
    assert ran["folder"] == PROJECT
    assert ran["exercises"] == str(SOLUTIONS)
    assert ran["data"] == "bundled"
    assert ran["command"][:3] == [sys.executable, "-m", "pytest"]
    assert ran["command"][-3:] == ["-k", "overlay", "--collect-only"]
    assert "not thorough" not in ran["command"]
    for option in (
        "--nbval",
        "--nbval-current-env",
        "loadfile",
        f"--nbval-sanitize-with={COURSE / 'nbval.cfg'}",
    ):
        assert option in ran["command"]


def test_without_arguments_what_takes_minutes_is_left_out(monkeypatch):
    commands = []
    monkeypatch.setattr("mlt_nn.cli.test.run_here", lambda command, *_: commands.append(command) or 0)
    assert main(["test"]) == 0
    assert commands[0][-2:] == ["-m", "not thorough"]


def test_pytest_and_nbval_understand_the_options():
    command = [sys.executable, "-m", "mlt_nn.cli", "test", "--collect-only", "-n0", "tests/course/test_catalogue.py"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
