"""What a student's file can import: Python's own library, NumPy and the exercises, wherever the worker runs.

The sandbox has nothing else. On a student's own computer, and where there is no sandbox, everything else is as absent.
"""

import sys

from mlt_nn.support.catalogue import MODULES

_EXERCISES = frozenset(f"mlt_nn.{module}" for module in MODULES)


def narrow():
    """Let nothing else be found from now on in this process; what is loaded already stays."""
    sys.meta_path[:] = [_Narrow(tuple(sys.meta_path))]


class _Narrow:
    """Finds what these finders do, and is there."""

    def __init__(self, finders):
        self._finders = finders

    def find_spec(self, fullname, path=None, target=None):
        if not _is_there(fullname):
            return None
        found = (finder.find_spec(fullname, path, target) for finder in self._finders)
        return next((spec for spec in found if spec is not None), None)

    def invalidate_caches(self):
        for finder in self._finders:
            getattr(finder, "invalidate_caches", lambda: None)()


def _is_there(name):
    top = name.partition(".")[0]
    # Python's own note on how it was built has a name of each system.
    return top == "numpy" or top in sys.stdlib_module_names or top.startswith("_sysconfigdata") or name in _EXERCISES
