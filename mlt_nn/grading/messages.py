"""What the fields of a message may be: nobody looks at one of them before all have been checked."""

# Calls have a few arguments, and functions as many parameters.
_MOST = 1_000


COVERS = "delete this error, for your lines below it are never reached"
"""What a worker tells of a NotImplementedError that was left above other lines."""


def _exactly(*types):
    return lambda value: type(value) in types


def _every(is_right, *types):
    """Values in a list or tuple, of exactly these types."""
    return lambda value: type(value) in types and len(value) <= _MOST and all(map(is_right, value))


def _dict(fields, *optional):
    """A dict with these fields and no others, of which some may be missing."""
    return lambda value: (
        type(value) is dict
        and set(fields) - set(optional) <= set(value) <= set(fields)
        and all(fields[name](entry) for name, entry in value.items())
    )


def _named(is_right):
    return lambda value: type(value) is dict and all(type(key) is str and is_right(value[key]) for key in value)


def _or_none(is_right):
    return lambda value: value is None or is_right(value)


def _anything(value):
    return True


_TEXT, _FLAG = _exactly(str), _exactly(bool)
_LINE = {
    "module": _TEXT,
    "line": lambda value: type(value) is int and 0 <= value < 10**7,
    "source": _TEXT,
    "function": _TEXT,
}
_PLACE = _or_none(_dict(_LINE | {"caller": _or_none(_dict(_LINE))}, "caller"))
_TOLD = _dict(
    {"kind": _TEXT, "type": _TEXT, "message": _TEXT, "returned": _TEXT, "place": _PLACE}, "kind", "returned", "place"
)

_FIELDS = {
    # a question of the grader
    "load": _TEXT,
    "given": _named(_TEXT),
    "arrange": _TEXT,
    "seed": _exactly(int),
    "observe": _FLAG,
    "patience": _exactly(float),
    # a call, in both directions: a number or a name, and what goes in
    "call": _TEXT,
    "function": _exactly(int, str),
    "args": _every(_anything, tuple, list),
    "kwargs": _named(_anything),
    # an answer
    "answer": _TEXT,
    "generators": _anything,  # compared with those that were sent
    "result": _anything,
    "error": _TOLD,
    "warnings": _every(_TOLD, list),
    "printed": _TEXT,
    "names": _every(_TEXT, list),
    "ready": _FLAG,
}


def complaint(message):
    """What is wrong with a message, in words; "" when nothing is."""
    if type(message) is not dict:
        return "it sent what is no message"
    if not _TEXT(message.get("call", "")):
        return "it sent a call without a name"
    if all(name in _FIELDS and _FIELDS[name](value) for name, value in message.items()):
        return ""
    return f"it sent {'a call' if 'call' in message else 'an answer'} that makes no sense"
