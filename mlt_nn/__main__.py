"""`python3 -m mlt_nn <command>`: the command line of the course on any computer that has Python.

What is missing is set up first: an environment in the folder `.venv` with the course's packages. After that this is
`mlt-nn`.
"""

import sys

from mlt_nn.support.environment import Environment, SetupError, fits, hand_over, lacking, wrong_python
from mlt_nn.support.folders import PROJECT

# What a command needs beyond the packages of a student.
_EXTRAS = {"test": ("test",), "build": ("test",), "bench": ("test",), "grade": ("grade",)}


def main(arguments, version=sys.version_info):
    """Run the command in an environment that has what it needs; returns the exit code."""
    extras = _EXTRAS.get(arguments[0], ()) if arguments else ()
    environment = Environment(extras=extras)
    # A copy of the package without its project, such as an installed wheel, has nothing to set up.
    is_project = (PROJECT / "pyproject.toml").is_file()
    if fits(version):
        asks_for_help = not arguments or arguments[0] in ("-h", "--help") or arguments[1:2] in (["-h"], ["--help"])
        if asks_for_help or not is_project or not lacking(extras=extras):
            from mlt_nn.cli import main as command_line

            return command_line(arguments)
    try:
        if not (is_project and environment.is_ready()):
            if not fits(version):
                raise SetupError(wrong_python(version, sys.executable, arguments))
            environment.prepare()
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted. The same command starts afresh.", file=sys.stderr)
        return 1
    return hand_over([environment.python, "-m", "mlt_nn.cli", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
