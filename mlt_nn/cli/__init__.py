"""The command line, `mlt-nn`. One file for each command, which is loaded only when that command runs."""

import argparse
import importlib
import os
import sys

from mlt_nn.support.assignments import CourseFileError, UnknownAssignmentError
from mlt_nn.support.folders import PACKAGE, own_folders
from mlt_nn.support.overlay import exercise_folder
from mlt_nn.support.writing import no_room

_SUMMARIES = {
    "lab": "open JupyterLab at the first notebook that you have not finished",
    "check": "check the functions that you wrote",
    "progress": "show what you have written so far and what is left",
    "doctor": "find out what is wrong with the installation",
    "submit": "put your exercise files into one zip, to hand them in",
    "data": "say where the data are, and download MNIST if it is not there",
    "release": "make the course's folder for students, without solutions (for teachers)",
    "grade": "grade submissions, shut in so that they can do no harm (for teachers)",
    "class": "show the class in your browser: who did what, the mistakes, the code (for teachers)",
    "mark": "set a student's mark by hand, or say something to a student (for teachers)",
    "alike": "show which submissions are alike, and in what, to look at (for teachers)",
    "bench": "measure how fast things are on this computer (for maintainers)",
    "test": "test the course itself, whatever you have written so far",
    "build": "generate the stubs and the notebooks from their sources (for maintainers)",
}
# The second room is not handed out, and nothing imports it: its commands are found by their files, if it is there.
_ROOMS = (PACKAGE / "cli", PACKAGE / "teaching" / "commands")
_FILES = {room / f"{name}.py": name for name in _SUMMARIES for room in _ROOMS}
COMMANDS = {name: _SUMMARIES[name] for file, name in _FILES.items() if file.is_file()}

_AFTER = """\
In a notebook the same is at hand as  from mlt_nn import check, progress, doctor.
On Windows write  py  in place of  python3.

Exit codes: 0 all is well, 1 something is to be mended, 2 the command was not understood.
"""


def loaded(name):
    """The module of a command."""
    file = next(file for file, command in _FILES.items() if command == name and file.is_file())
    return importlib.import_module(".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts))


class UsageError(Exception):
    """What was typed cannot be carried out; the message says what is expected. Exit code 2."""


class CommandError(Exception):
    """Something on this computer is in the way; the message says what, and the way out. Exit code 1."""


def main(arguments=None):
    """Carry out one command of the command line; returns the exit code.

    Who reads what it prints may stop before the end, as `progress | head` does; then it ends, and says nothing of that.

    A command's module has `execute(options)`, which returns the exit code, and `configure(parser)` if it takes
    arguments. What its docstring says below the first line is the command's help.

    Raises:
        SystemExit: with code 2 when the arguments are not understood, with 0 after help was printed.
    """
    try:
        try:
            return _main(sys.argv[1:] if arguments is None else list(arguments))
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _main(arguments):
    for stream in (sys.stdout, sys.stderr):
        # A Windows console may lack a character of a message; a question mark is better than an error.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")

    parser = argparse.ArgumentParser(
        prog="python3 -m mlt_nn",
        description="Build a neural network with your own hands: the commands of the course.",
        epilog=_AFTER,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(metavar="command", dest="command", required=True)
    for name, summary in COMMANDS.items():
        described = f"python3 -m mlt_nn {name}: {summary}."
        command = commands.add_parser(name, help=summary, description=described, formatter_class=parser.formatter_class)
        if arguments[:1] == [name]:
            module = loaded(name)
            command.epilog = (module.__doc__ or "").partition("\n\n")[2]
            if hasattr(module, "configure"):
                module.configure(command)
    if not arguments:
        parser.print_help()
        return 2
    # All that stands behind `test` is pytest's, which argparse cannot express when it begins with a dash.
    is_test = arguments[0] == "test" and arguments[1:2] not in (["-h"], ["--help"])
    passes_on = is_test or arguments[0] == "bench"
    options = parser.parse_args(arguments[:1] if passes_on else arguments)
    if passes_on:
        options.arguments = arguments[1:]
    for name, folder in own_folders().items():
        os.environ.setdefault(name, folder)
    try:
        exercise_folder()
    except ImportError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        return module.execute(options)
    except (UsageError, UnknownAssignmentError, CommandError, CourseFileError, OSError) as error:
        cause = error.__cause__ or error
        if isinstance(cause, BrokenPipeError):
            raise cause from None
        # A command that has no words of its own for it only hands it on.
        told = no_room(cause) if str(error) == str(cause) else ""
        if isinstance(error, OSError) and not told:
            raise
        if isinstance(error, (UsageError, UnknownAssignmentError)) and not told:
            commands.choices[options.command].error(str(error))
        print(told or error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 1
