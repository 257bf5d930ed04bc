"""Where an exercise module comes from: the folder named in MLT_NN_EXERCISES first, then `mlt_nn/` itself.

`solutions/` is the perfect submission and a student's folder is any other one; both are laid over the stubs
by the same environment variable. Only exercise modules are looked up there: a submission cannot replace the
datasets, the checks or the command line.
"""

import importlib.machinery
import importlib.util
import os
import sys

from mlt_nn.support.catalogue import MODULES
from mlt_nn.support.folders import PACKAGE, from_project

VARIABLE = "MLT_NN_EXERCISES"


def exercise_folder():
    """The folder named in MLT_NN_EXERCISES, or None. A relative one is taken from the project's folder.

    Raises ImportError when it is not a folder.
    """
    named = os.environ.get(VARIABLE)
    if not named:
        return None
    folder = from_project(named)
    if not folder.is_dir():
        raise ImportError(
            f"{VARIABLE} is {named!r}, and {folder} is not a folder. Set it to a folder of exercise modules "
            f"(such as solutions), or unset it to use the files in {PACKAGE.name}/."
        )
    return folder


def exercise_file(module):
    """The file that `mlt_nn.<module>` is read from, for one of the exercise modules."""
    if module not in MODULES:
        raise ValueError(f"{module!r} is not an exercise module; these are: {', '.join(MODULES)}")
    folder = exercise_folder()
    overlaid = folder / f"{module}.py" if folder else None
    return overlaid if overlaid and overlaid.is_file() else PACKAGE / f"{module}.py"


class _FromSource(importlib.machinery.SourceFileLoader):
    """Compiles the source at each import.

    Python's bytecode cache tells versions apart by whole seconds and size, so an edit made in the second of the last
    import could be missed. A student who corrects one character and checks again must never see the old function.
    """

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        self.source = self.get_data(path)  # kept for `doctor`, which tells whether the file has changed since
        return self.source_to_code(self.source, path)


# Not of importlib.abc, whose import takes a tenth of the time in which a worker starts.
class _ExerciseFinder:
    def find_spec(self, fullname, path=None, target=None):
        package, _, module = fullname.rpartition(".")
        if package != "mlt_nn" or module not in MODULES:
            return None
        file = str(exercise_file(module))
        return importlib.util.spec_from_file_location(fullname, file, loader=_FromSource(fullname, file))


def install():
    """Let exercise modules be found by the rule above. Called once, when `mlt_nn` is imported."""
    if not any(isinstance(finder, _ExerciseFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _ExerciseFinder())
