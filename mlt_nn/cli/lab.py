"""`mlt-nn lab`: JupyterLab, open where the reader stopped.

End it with Ctrl-C in this window, or in JupyterLab with File, Shut Down.

examples:
  python3 -m mlt_nn lab               go on where you stopped
  python3 -m mlt_nn lab 03            open notebook 03
  python3 -m mlt_nn lab --no-browser  only print the address to open
"""

import itertools
import os
import socket
import sys
import sysconfig
import webbrowser
from pathlib import Path

from mlt_nn.cli import UsageError
from mlt_nn.support.assignments import CourseFileError, assignments
from mlt_nn.support.catalogue import EXERCISES, NOTEBOOKS, notebook_named
from mlt_nn.support.environment import WAY_OUT, hand_over, lacking
from mlt_nn.support.folders import COURSE, PROJECT

CONFIGURATION = Path(__file__).resolve().parent / "jupyter_config"
# Where Ubuntu, say, has its snaps, of which Firefox is one.
SNAPS = Path("/snap")


def configure(parser):
    """Describe the command's arguments."""
    parser.add_argument("notebook", nargs="?", help="a notebook's number; without it: the first one not finished")
    parser.add_argument("--no-browser", action="store_true", help="print the address in place of opening a browser")


def execute(options):
    """Start JupyterLab in this program's place, or open a page of the one that is running."""
    try:
        notebook = notebook_named(options.notebook) if options.notebook else first_unfinished()
    except ValueError as error:
        raise UsageError(str(error)) from error
    missing = lacking()
    if missing:
        print("\n".join([*missing, WAY_OUT]))
    elif server := running():
        address = f"{server['url']}lab/tree/{COURSE.name}/{notebook}.ipynb"
        print(f"JupyterLab is running already. Its address:\n    {address}?token={server['token']}")
        if not options.no_browser:
            webbrowser.open(address)  # without the token: the browser knows it, and lists of processes need not
        return 0
    print(f"Opening course/{notebook}.ipynb in JupyterLab. End it with Ctrl-C here.")
    return hand_over(command(notebook, options.no_browser), environment(os.environ))


def first_unfinished():
    """The first notebook that asks for an exercise which does not pass its checks; the last one when all pass."""
    from mlt_nn.grading.check import check_exercises

    try:
        needed = {each.name for own in assignments() for each in own.exercises if each.name not in own.optional}
        asked = [each for each in EXERCISES if each.name in needed]
        by_notebook = itertools.groupby(asked, key=lambda each: each.notebook)
        unfinished = (notebook for notebook, own in by_notebook if not check_exercises(tuple(own)).passed)
        return next(unfinished, asked[-1].notebook)
    except (CourseFileError, FileNotFoundError, RuntimeError) as error:
        print(f"How far you are cannot be told: {error}")
        return NOTEBOOKS[0]


def running():
    """What Jupyter noted of a server that shows this folder already, or None."""
    from jupyter_server.serverapp import list_running_servers

    ours = (server for server in list_running_servers() if Path(server["root_dir"]) == PROJECT)
    return next(filter(_answers, ours), None)


def _answers(server):
    # After a crash the note stays, and the number of the server's process may be that of another program by now.
    try:
        socket.create_connection((server["hostname"], server["port"]), timeout=1).close()
    except OSError:
        return False
    return True


def command(notebook, no_browser=False):
    """The command that opens JupyterLab at that notebook."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [
        # -P: a numpy.py of the reader's own in this folder is not NumPy.
        *(sys.executable, "-P", "-m", "jupyterlab"),
        # The root is the project's folder, not course/, so that a notebook can link to ../mlt_nn/activations.py.
        f"--ServerApp.root_dir={PROJECT}",
        f"--LabApp.default_url=/lab/tree/{COURSE.name}/{notebook}.ipynb",
        # Jupyter's messages would hide ours. Without a browser one of them is needed: the address.
        "--no-browser" if no_browser else "--log-level=WARN",
        # In a container one is often root, and Jupyter refuses that. The server listens to this computer alone.
        *(["--allow-root"] if is_root else []),
        # Such a browser may not read the file by which Jupyter hands the address over. Elsewhere that file keeps the
        # password in the address from those who list the programs of this computer.
        *(["--ServerApp.use_redirect_file=False"] if SNAPS.is_dir() else []),
    ]


def environment(variables):
    """The environment variables for JupyterLab, made from those of this program."""

    def first(path, name):
        return os.pathsep.join([str(path), *filter(None, [variables.get(name)])])

    return {
        # The browser and JupyterLab work too. A matrix product waits for the last of its threads: where one of them
        # has to share its core, mini-batches take three to six times as long.
        "OPENBLAS_NUM_THREADS": str(max((os.cpu_count() or 1) // 2, 1)),
        # A console that lacks a character gets a question mark.
        "PYTHONIOENCODING": ":replace",
        **variables,
        "PATH": first(sysconfig.get_path("scripts"), "PATH"),  # so that its terminal knows mlt-nn
        "JUPYTER_CONFIG_PATH": first(CONFIGURATION, "JUPYTER_CONFIG_PATH"),  # no question about news at the start
        "JUPYTER_PREFER_ENV_PATH": "1",  # a kernel that the reader installed elsewhere must not take its place
    }
