"""`python3 -m mlt_nn <command>`: the command line of the course on any computer that has Python.

What is missing is set up first: an environment in the folder `.venv` with the course's packages. After that this is
`mlt-nn`.
"""

import sys

# A student's own random.py or numpy.py in the course's folder must not be taken for the real one.
if __name__ == "__main__":
    sys.path.append(sys.path.pop(0))

import os
import shutil

from mlt_nn.support.environment import (
    NEWEST,
    Environment,
    SetupError,
    dotted,
    fits,
    fitting_commands,
    hand_over,
    lacking,
    wrong_python,
)
from mlt_nn.support.folders import PROJECT
from mlt_nn.support.installers import own_variables

# What a command needs beyond the packages of a student.
_EXTRAS = {
    **dict.fromkeys(("test", "build", "bench"), ("test",)),
    **dict.fromkeys(("grade", "mark", "class", "alike"), ("grade",)),
}


def main(arguments, version=sys.version_info):
    """Run the command in an environment that has what it needs; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console may lack a character of a message; a question mark is better than an error.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    extras = _EXTRAS.get(arguments[0], ()) if arguments else ()
    environment = Environment(extras=extras)
    # A copy of the package without its project, such as an installed wheel, has nothing to set up.
    is_project = (PROJECT / "pyproject.toml").is_file()
    # What is wrong is found out before anything is mended.
    looks = arguments[:1] == ["doctor"]
    if fits(version):
        asks_for_help = not arguments or arguments[0] in ("-h", "--help") or arguments[1:2] in (["-h"], ["--help"])
        asks_for_help = asks_for_help and arguments[:1] != ["bench"]  # which explains itself with what it measures
        if asks_for_help or not is_project or not lacking(extras=extras) or (looks and not environment.runs()):
            from mlt_nn.cli import main as command_line

            return command_line(arguments)
    try:
        if not (is_project and (environment.runs() if looks else environment.is_ready())):
            if not fits(version) and fitting_commands():
                other = shutil.which(fitting_commands()[0])
                print(f"Python {dotted(version[:2])} is too old for the course: {other} goes on.")
                return hand_over([other, "-m", "mlt_nn", *arguments])
            if looks or not is_project:
                raise SetupError(wrong_python(version, sys.executable, arguments))
            environment.prepare(None if fits(version) else lambda: _other_python(version, arguments))
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted. The same command starts afresh.", file=sys.stderr)
        return 1
    # -P: what lies in the folder around has no say there either.
    return hand_over([environment.python, "-P", "-m", "mlt_nn.cli", *arguments], own_variables(os.environ))


def _other_python(version, arguments):
    """The version of Python to fetch in place of an unfit one, if the person wants that; raises SetupError if not."""
    words = wrong_python(version, sys.executable, arguments)
    if not sys.stdin.isatty():
        raise SetupError(words)
    print(words.partition("\n")[0])
    try:
        answer = input(f"Fetch Python {dotted(NEWEST)} for the course alone, into its folder .venv? 35 MB.  [y/N] ")
    except EOFError:  # Ctrl-D
        print()
        answer = ""
    if answer.strip().lower() not in ("y", "yes"):
        raise SetupError("Nothing was changed.\n" + words.partition("\n")[2])
    return dotted(NEWEST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
