"""Functions replaced wherever a module holds them: under a name, in tables, defaults, closures and objects of its own.

What can be changed is changed in place, since others may hold it too; anything else is made anew, if need be.
"""

from contextlib import suppress
from functools import partial
from types import FunctionType

# How deep tables in tables, and defaults and closures of functions in them, are searched.
_DEPTH = 5


def replaced(value, wanted, module, depth=_DEPTH):
    """What is to stand in the place of a value: itself, another, or a copy of it with others in it.

    Arguments:
        wanted: {id of a function: what takes its place}.
        module: the name of the module that holds the value; what other modules define is left alone.
    """
    if id(value) in wanted:
        return wanted[id(value)]
    return replace_inside(value, wanted, module, depth)


def replace_inside(value, wanted, module, depth=_DEPTH):
    """The same of what the value holds, whatever takes the place of the value itself."""
    if depth == 0:
        return value

    def new(entry):
        return replaced(entry, wanted, module, depth - 1)

    kind = type(value)
    if kind is dict:
        value.update({key: new(entry) for key, entry in value.items()})
    elif kind is list:
        value[:] = [new(entry) for entry in value]
    elif kind is tuple:
        entries = tuple(map(new, value))
        return entries if any(a is not b for a, b in zip(entries, value, strict=True)) else value
    elif kind is partial:
        _partial(value, new)
    elif kind is FunctionType:
        if value.__module__ == module:
            _function(value, new)
    elif getattr(value if isinstance(value, type) else kind, "__module__", None) == module:
        _object(value, new)
    return value


def _partial(value, new):
    before = value.func, value.args, value.keywords
    func, args, keywords = new(value.func), new(value.args), new(dict(value.keywords))
    if func is not before[0] or args is not before[1] or any(keywords[key] is not before[2][key] for key in keywords):
        value.__setstate__((func, args, keywords, vars(value)))


def _function(value, new):
    if value.__defaults__:
        value.__defaults__ = new(value.__defaults__)
    if value.__kwdefaults__:
        new(value.__kwdefaults__)
    for cell in value.__closure__ or ():
        with suppress(ValueError):  # an empty cell
            cell.cell_contents = new(cell.cell_contents)


def _object(value, new):
    """An object of a class of the module, or that class."""
    for name, entry in list(getattr(value, "__dict__", {}).items()):
        if not name.startswith("__") or name == "__call__":
            other = new(entry)
            if other is not entry:
                with suppress(AttributeError):  # frozen
                    setattr(value, name, other)
