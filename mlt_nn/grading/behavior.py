"""What a function does besides returning: raise, change its arguments, warn."""

import numpy as np

from mlt_nn.grading.compare import describe, sentence, show_both
from mlt_nn.grading.results import Kind
from mlt_nn.grading.student import StudentError, builtin_exception


class _Wrong(AssertionError):  # noqa: N818
    """Says two things: one for the student's own eyes, and `discreet`, without any text of the student's code."""

    def __init__(self, message, discreet, mistake=""):
        super().__init__("\n".join(filter(None, (mistake, message))))
        self.discreet = "\n".join(filter(None, (mistake, discreet)))
        self.mistake = mistake


def assert_raises(error_type, function, *args, names=(), **kwargs):
    """Demand that the student's function raises an exception.

    Arguments:
        error_type: the exception class, a builtin one such as ValueError.
        function: the student's, as in student.losses.squared_error; args and kwargs are its arguments.
        names: what the message of the exception must name, as in ("(3,)", "(3, 1)").
    """
    wanted = error_type.__name__
    function_name = function.name.partition(".")[2]
    try:
        result = function(*args, **kwargs)
    except StudentError as error:
        if error.kind not in (Kind.RAISED, Kind.NOT_SENT):
            raise
        raised = builtin_exception(error.type)
        if raised is None or not issubclass(raised, error_type):
            told = f"{function_name} raised {error.exception or 'an exception'}. Here it should raise {wanted}."
            raise _Wrong(f"{str(error).removesuffix('.')}. Here it should raise {wanted}.", told) from None
        missing = [name for name in names if name not in error.message]
        if missing:
            listed = " and ".join(missing)
            told = f"the message of {error.exception} should name {listed}"
            raise _Wrong(f"{told}. It says: {error.message!r}", f"{told}.") from None
    else:
        raise AssertionError(f"{function_name} returned {describe(result)}; {_given(args)}it should raise {wanted}.")


def assert_unchanged(function, *args, **kwargs):
    """Call the student's function, demand that its arguments are left as they were, and return its result.

    Random generators are exempt: they move on when they are used.
    """
    seen = function.observe(*args, **kwargs)
    names = [*seen.names, *(f"argument {i + 1}" for i in range(len(seen.names), len(args)))]
    before = [
        *zip(names[: len(args)], args, seen.args, strict=True),
        *((key, kwargs[key], seen.kwargs.get(key)) for key in kwargs),
    ]
    for name, sent, after in before:
        change = _change(sent, after, name)
        if change is not None:
            told = f"{function.name.partition('.')[2]} changes"
            raise _Wrong(f"{told} its argument {name}: {change}. Work on a new array.", f"{told} one of its arguments.")
    return seen.result


def assert_silent(function, *args, mistakes=None, **kwargs):
    """Call the student's function, demand that neither Python nor NumPy warns, and return its result.

    Arguments:
        mistakes: {"what was done wrong": what the warning says then, or a part of it}: that sentence comes first.
    """
    seen = function.observe(*args, **kwargs)
    if seen.warnings:
        first = seen.warnings[0]
        where = f" in line {first.place.line}: {first.place.source}" if first.place else ""
        known = (sentence(mistake) for mistake, said in (mistakes or {}).items() if said in first.message)
        told = f"{function.name.partition('.')[2]} warns."
        raise _Wrong(f"{first.type}: {first.message}{where}", told, next(known, ""))
    return seen.result


def _given(args):
    """The shapes of arguments that are all arrays."""
    shapes = [str(arg.shape) for arg in args if isinstance(arg, np.ndarray)]
    return f"given the shapes {' and '.join(shapes)} " if len(shapes) == len(args) > 1 else ""


def _change(before, after, name):
    """The first change as a phrase, or None."""
    if isinstance(before, dict):
        if not isinstance(after, dict) or list(before) != list(after):
            return f"its keys were {list(before)} and are {list(after) if isinstance(after, dict) else after} now"
        return _first_change((before[key], after[key], f"{name}[{key!r}]") for key in before)
    if isinstance(before, (list, tuple)):
        if type(before) is not type(after) or len(before) != len(after):
            return f"{name} was {describe(before)} and is {describe(after)} now"
        return _first_change((*pair, f"{name}[{i}]") for i, pair in enumerate(zip(before, after, strict=True)))
    if isinstance(before, np.ndarray):
        return _array_change(before, after, name)
    if isinstance(before, (int, float)) and before == before and (isinstance(after, np.ndarray) or before != after):
        return f"{name} was {describe(before)} and is {describe(after)} now"
    return None  # a text or a function cannot be changed, and a generator may be


def _first_change(entries):
    return next((change for entry in entries if (change := _change(*entry)) is not None), None)


def _array_change(before, after, name):
    if not isinstance(after, np.ndarray) or before.shape != after.shape or before.dtype != after.dtype:
        return f"{name} was {describe(before)} of {before.dtype} and is another now"
    changed = ~((before == after) | ((before != before) & (after != after)))  # NaN stays NaN
    if not changed.any():
        return None
    index = tuple(np.argwhere(changed)[0].tolist())
    was, is_ = show_both(before[index], after[index])
    return f"{name}{list(index) if index else ''} was {was} and is {is_} after the call"
