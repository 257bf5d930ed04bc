"""Where the course lies on this computer."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
PROJECT = PACKAGE.parent
COURSE = PROJECT / "course"
SOLUTIONS = PROJECT / "solutions"

# For `python -c`: loads the very package whose __init__.py it is given, wherever it lies and whatever else is called
# mlt_nn or numpy.py in the folders around, and hands a value, as JSON, to the `main` of a module.
PROGRAM = """
import importlib, json, sys
from importlib import util
spec = util.spec_from_file_location("mlt_nn", sys.argv[1])
sys.modules["mlt_nn"] = util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["mlt_nn"])
importlib.import_module(sys.argv[2]).main(json.loads(sys.argv[3]))
"""


def get_back(file):
    """What to do when a file of the course is gone."""
    name = file.relative_to(PROJECT).as_posix() if file.is_relative_to(PROJECT) else file
    if (PROJECT / ".git").exists():
        return f"Get it back:  git checkout {name}"
    return f"Take {name} from the course's zip again."


def from_project(path):
    """A path that a person gave, taken from the project's folder when it is relative.

    A notebook runs in `course/`, a terminal anywhere: the same `solutions` or `../data` must mean the same in both.
    """
    return (PROJECT / path).resolve()


def own_folders():
    """The variables by which Jupyter, IPython and matplotlib keep what they write in the course's folder.

    A reader's settings for other work, in a home that may be locked as well, then have no say in the course. Empty
    where the course's folder cannot be written, or there is none.
    """
    own = PROJECT / ".mlt_nn"
    if not (PROJECT / "pyproject.toml").is_file():
        return {}
    try:
        own.mkdir(exist_ok=True)  # IPython makes no folder whose parent is not there
    except OSError:
        return {}
    places = {
        "JUPYTER_CONFIG_DIR": "jupyter",
        "JUPYTER_DATA_DIR": "jupyter/data",
        "JUPYTER_RUNTIME_DIR": "jupyter/runtime",
        "IPYTHONDIR": "ipython",
        "MPLCONFIGDIR": "matplotlib",
    }
    return {variable: str(own / place) for variable, place in places.items() if os.access(own, os.W_OK)}
