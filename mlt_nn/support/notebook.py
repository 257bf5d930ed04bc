"""In a notebook: the student's files are read again before each cell, and what is wrong with them is told in one line.

Python's own words would be a traceback through the course, without the way out.
"""

import json
import os
import re
import symtable
import sys
import traceback
from importlib import reload
from pathlib import Path

from mlt_nn.support.allocator import keep_freed_memory
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import PACKAGE, get_back
from mlt_nn.support.overlay import exercise_file

_NAMES = {f"mlt_nn.{module}" for module in MODULES}
_cell = ""
"""The text of the cell that runs."""
_functions: dict = {}
"""What superreload remembers: all that notebooks may still hold of a function's earlier versions."""


class _ToldError(Exception):
    """Words in the place of a traceback, by IPython's protocol for that."""

    def _render_traceback_(self):
        return [str(self)]


def load_ipython_extension(shell):
    """Do so in this notebook from now on; a second time changes nothing."""
    shell.events.register("pre_run_cell", _before_a_cell)
    shell.set_custom_exc((ImportError, NameError, NotImplementedError, SyntaxError), _explain)
    keep_freed_memory()


def _before_a_cell(info):
    global _cell
    _cell = info.raw_cell
    for line in reread():
        print(line, file=sys.stderr, flush=True)


def reread():
    """Read the exercise files that changed since they were loaded; yields a line for each that could not be."""
    # An import of IPython's at each start would cost those who have no notebook.
    from IPython import get_ipython
    from IPython.extensions.autoreload import superreload

    for module in MODULES:
        loaded, file = sys.modules.get(f"mlt_nn.{module}"), exercise_file(module)
        if loaded is None:
            continue
        if not file.is_file():
            yield f"{_shown(file)} is gone; the cells run what was in it. {get_back(PACKAGE / file.name)}"
            continue
        try:
            if getattr(loaded.__loader__, "source", None) != file.read_bytes():
                # Not by its syntax tree, as %autoreload does: the lines of a traceback would be wrong.
                superreload(loaded, reload, _functions)
        except Exception as error:
            yield f"{_fault(error) or error}. Until you mend it and save, the cells run what you had saved before."
            continue
        for name in [each.function for each in EXERCISES if each.module == module]:
            if not hasattr(loaded, name) and name in get_ipython().user_ns:
                yield (
                    f"{_shown(file)} no longer defines {name}; the cells run the one that you had saved before. "
                    f"Begin it at the left margin again,  def {name}(  and save."
                )


def _explain(shell, kind, error, trace, tb_offset=None):
    words = _not_written(error, trace) or _of_the_file(error) or _of_the_notebook(shell, error, trace)
    if words:
        # IPython never asks a SyntaxError for its words.
        kind, error = ImportError if isinstance(error, SyntaxError) else kind, _ToldError(words)
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def _not_written(error, trace):
    """That an exercise is not written yet, in the words of its stub; None when it was something else."""
    *_, (frame, line) = traceback.walk_tb(trace)
    if not (isinstance(error, NotImplementedError) and frame.f_globals.get("__name__") in _NAMES):
        return None
    return f"{error} If you have written it: save the file, and delete the raise in line {line}."


def _of_the_file(error):
    """What is wrong with an exercise file that could not be imported; None when it was something else."""
    missing = re.match(r"cannot import name '(\w+)' from 'mlt_nn\.(\w+)'", str(error))
    if missing and missing[2] in MODULES:
        file = _shown(exercise_file(missing[2]))
        return (
            f"{file} does not define {missing[1]}. Write it there at the left margin,  def {missing[1]}(  , save, and "
            "run this cell again."
        )
    fault = _fault(error)
    return fault and f"{fault}. Nothing of that file has run yet: mend it, save, and run this cell again."


def _of_the_notebook(shell, error, trace):
    """That a cell above has not run, which makes the name that is not known; None when it was something else."""
    *_, (frame, _) = traceback.walk_tb(trace)
    if type(error) is not NameError or frame.f_globals is not shell.user_ns:
        return None
    if not any(_makes(shell.transform_cell(cell), error.name) for cell in _cells_above(shell)):
        return None
    above = "In the menu Run choose  Run All Above Selected Cell"
    if "__vsc_ipynb_file__" in shell.user_ns:
        above = "At the top of this one click  Execute Above Cells"
    return (
        f"{error.name} is not known yet: the cell above that makes it has not run since the kernel started. {above} , "
        "then run this cell again."
    )


def _cells_above(shell):
    """The code above the cell that runs, as the notebook was saved; all of it where the cell is not found."""
    file = os.environ.get("JPY_SESSION_NAME") or shell.user_ns.get("__vsc_ipynb_file__")
    try:
        cells = json.loads(Path(file or "").read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError):
        return []
    return code[: code.index(_cell)] if _cell in code else code


def _makes(code, name):
    try:
        symbol = symtable.symtable(code, "cell", "exec").lookup(name)
    except (KeyError, SyntaxError):
        return False
    return symbol.is_assigned() or symbol.is_imported()


def _fault(error):
    """What Python says is wrong with an exercise file as a whole, and in which line; None if it is none of its."""
    if isinstance(error, SyntaxError):
        places, words = [(error.filename, error.lineno)], error.msg.rstrip("?")
    else:
        frames = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)]
        places = [(code.co_filename, line) for code, line in frames if code.co_name == "<module>"]
        words = f"{type(error).__name__}: {error}"
    for file in map(exercise_file, MODULES):
        if places[-1:] and places[-1][0] == str(file):
            return f"{_shown(file)}, line {places[-1][1]}: {words}"
    return None


def _shown(file):
    return f"{file.parent.name}/{file.name}"
