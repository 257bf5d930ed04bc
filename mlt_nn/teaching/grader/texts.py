"""A student's texts, which no report of graded work shows: a check never sees them, whatever it makes of an answer."""

# Those that an exercise asks for.
_OF_THE_COURSE = frozenset({"loss"})
_OTHER = "..."
# Layers are counted, and there are few.
_MOST = 1_000


def without(value):
    """An answer with every text, and every number of a key that is no layer's, replaced by the same one.

    >>> without({"loss": [0.5], "secret": ("secret", 2)})
    {'loss': [0.5], '...': ('...', 2)}
    """
    match value:
        case str():
            return value if value in _OF_THE_COURSE else _OTHER
        case list():
            return [without(entry) for entry in value]
        case tuple() if type(value) is tuple:
            return tuple(without(entry) for entry in value)
        case dict():
            return {_key(key): without(entry) for key, entry in value.items()}
    return value


def _key(key):
    return key if isinstance(key, int) and abs(key) <= _MOST else without(str(key))
