"""No mistake costs twice: when an exercise is graded, the exercises that it builds on are the reference's.

How it works, in this one place:

- The worker gets the text of every exercise module without the solutions: the stubs. They hold the given lines, such as
  the table ACTIVATIONS, and no secret.
- For an exercise, as in "network.forward_pass", the module network is the student's; every other exercise module is
  its stub, in which each function is replaced by a stand-in: a function that asks the grader, who asks a worker with
  the reference. So the reference is never in the process that is being graded.
- In the student's module the earlier exercises are replaced by stand-ins too: a function gets the code of a trampoline,
  so that it does not matter by which name, default argument or partial it is called; another callable is replaced
  where it is kept. The exercise itself, the later ones and helpers of the student's own are the student's.
- The grader answers for exercises that come earlier, in the catalogue and in the same or an earlier module, and for no
  others: from `forward_pass` one could read the sigmoid that was to be written.
- `check` does none of this: there a student works with their own functions.
"""

import importlib
import sys
from importlib.machinery import ModuleSpec
from types import FunctionType

import numpy as np

from mlt_nn.support.catalogue import EXERCISES, MODULES, earlier, find
from mlt_nn.teaching.grader import replacing

# How many decorators a function may be under.
_DECORATORS = 5


class StandIns:
    """The arrangement of the exercise modules inside a worker.

    Arguments:
        given: the texts of the stubs, by module.
        stand_in: gives the function that asks the grader to the name of an exercise.
    """

    def __init__(self, given, stand_in):
        self._given = given
        self._stand_ins = {exercise.name: stand_in(exercise.name) for exercise in EXERCISES}
        self._module = None
        self._own: dict = {}
        self._diverted: list = []
        self._ahead: dict = {}

    def load_ahead(self):
        """Load the stubs for all copies of this process, in which they are not seen before something is arranged."""
        sys.meta_path.insert(0, self)
        self._ahead = {module: importlib.import_module(f"mlt_nn.{module}") for module in MODULES}
        self.forget()

    def forget(self):
        """Let the exercise modules be found as if nothing had been arranged."""
        sys.meta_path.remove(self)
        self._forget()

    def arrange(self, name, seed):
        """Put everything in place for one exercise, and load the student's module if another was there."""
        module = find(name).module
        if module != self._module:
            if self not in sys.meta_path:
                sys.meta_path.insert(0, self)
            self._forget()
            self._module = module
            try:
                loaded = importlib.import_module(f"mlt_nn.{module}")
            except BaseException:
                self._module = None
                raise
            self._own = {function: getattr(loaded, function, None) for function in _functions(module)}
        replaced = [each.partition(".")[2] for each in earlier(name) if find(each).module == module]
        self._restore()
        self._put(sys.modules[f"mlt_nn.{module}"], self._own, replaced)
        self._divert(sys.modules[f"mlt_nn.{module}"].__file__, replaced)
        np.random.seed(seed)  # noqa: NPY002  - for a student who draws from NumPy's global generator

    def find_spec(self, fullname, path=None, target=None):
        """Find the stubs, as Python's import system asks for them."""
        package, _, module = fullname.rpartition(".")
        is_given = package == "mlt_nn" and module in self._given and module != self._module
        return ModuleSpec(fullname, self) if is_given else None  # type: ignore[arg-type]

    def create_module(self, spec):
        """The module that was loaded ahead, unless it may build on the student's, or None."""
        name = spec.name.rpartition(".")[2]
        before = MODULES[: MODULES.index(self._module)] if self._module else ()
        return self._ahead.get(name) if name in before else None

    def exec_module(self, module):
        """Run the stub, then put the stand-ins in its place."""
        name = module.__name__.rpartition(".")[2]
        if module is self._ahead.get(name):
            return
        exec(compile(self._given[name], f"<{name}.py of the course>", "exec"), vars(module))
        functions = _functions(name)
        self._put(module, {function: getattr(module, function) for function in functions}, functions)

    def _forget(self):
        package = sys.modules["mlt_nn"]
        for module in MODULES:
            sys.modules.pop(f"mlt_nn.{module}", None)
            vars(package).pop(module, None)

    def _restore(self):
        """Let the functions that led to stand-ins be themselves again."""
        for function, code, defaults, kwdefaults in self._diverted:
            function.__code__, function.__defaults__, function.__kwdefaults__ = code, defaults, kwdefaults
        self._diverted.clear()

    def _divert(self, file, replaced):
        """Let the functions themselves lead to the stand-ins."""
        # One function may be two exercises: what is asked for must stay the student's.
        kept = {id(_written(own, file)) for name, own in self._own.items() if name not in replaced}
        for name in replaced:
            function = _written(self._own[name], file)
            if function is None or id(function) in kept:
                continue
            kept.add(id(function))
            self._diverted.append((function, function.__code__, function.__defaults__, function.__kwdefaults__))
            code = _leads_to(self._stand_ins[f"{self._module}.{name}"], function)
            function.__code__, function.__defaults__, function.__kwdefaults__ = code, None, None

    def _put(self, module, own, replaced):
        """Let the names in `replaced` mean the stand-ins and the others their own functions, in tables as well."""
        short = module.__name__.rpartition(".")[2]
        wanted = {}
        for function, its_own in own.items():
            stand_in = self._stand_ins[f"{short}.{function}"]
            wanted[id(its_own)] = wanted[id(stand_in)] = new = stand_in if function in replaced else its_own
            if new is not None:
                setattr(module, function, new)
            else:  # the student's file lacks it
                vars(module).pop(function, None)
        for its_own in own.values():
            if not callable(its_own):  # not a function at all: there is but one 0, and one None, in all of Python
                wanted.pop(id(its_own), None)
        for name, value in list(vars(module).items()):
            if not name.startswith("__") and name not in own:
                setattr(module, name, replacing.replaced(value, wanted, module.__name__))
        for value in own.values():
            replacing.replace_inside(value, wanted, module.__name__)


def _functions(module):
    return [exercise.function for exercise in EXERCISES if exercise.module == module]


def _written(function, file):
    """The function of the student's file that this is, under its decorators, or None: a library's is left alone."""
    for _ in range(_DECORATORS):
        if type(function) is FunctionType and function.__code__.co_filename == file:
            return function
        function = getattr(function, "__wrapped__", None)
    return None


def _trampoline(*args, **kwargs):
    target = "the stand-in"
    return target(*args, **kwargs)  # type: ignore[operator]


def _leads_to(stand_in, function):
    """The code that calls the stand-in, in a function that may be a closure: a code must have as many free names."""
    code = _trampoline.__code__
    constants = tuple(stand_in if each == "the stand-in" else each for each in code.co_consts)
    return code.replace(co_consts=constants, co_freevars=function.__code__.co_freevars)
