"""Numbers that may differ a little from one computer to the next, in the stored output of a cell that says so.

A cell with `:tolerance: 0.02` in its text may print 0.963 where 0.971 is stored: each number may be off by the
tolerance, or by that part of it where it is larger than 1. This is also a plugin of pytest, which pyproject.toml names:
it lets nbval compare so.
"""

import functools
import re
import sys

# nbformat, which nbval and the rerun import after this, compiles a grammar of web addresses: a second in every process,
# for a check that no notebook is put to. It does without where there is none.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

_NUMBER = re.compile(r"(?<![\w.])[-\N{MINUS SIGN}]?(?:\d[\d,]*\.?\d*|\.\d+)(?:e[-+]?\d+)?(?![\w])", re.IGNORECASE)


def settled(got, stored, tolerance):
    """The text that came out, with the stored numbers in the place of those that are close enough to them.

    >>> settled("loss 0.963 after 10 epochs", "loss 0.971 after 10 epochs", 0.02)
    'loss 0.971 after 10 epochs'
    >>> settled("loss 0.9", "loss 0.971", 0.02)
    'loss 0.9'
    """
    numbers = iter(found := _NUMBER.findall(stored))
    if len(_NUMBER.findall(got)) != len(found):
        return got

    def settle(match):
        number = next(numbers)
        wanted = _value(number)
        return number if abs(_value(match[0]) - wanted) <= tolerance * max(1.0, abs(wanted)) else match[0]

    return _NUMBER.sub(settle, got)


def _value(text):
    return float(text.replace("\N{MINUS SIGN}", "-").replace(",", ""))


def pytest_collection_modifyitems(items):
    """Let the cells of notebooks that have a tolerance be compared with it."""
    for item in items:
        tolerance = getattr(item, "cell", {}).get("metadata", {}).get("tolerance")
        if tolerance is not None:
            item.compare_outputs = functools.partial(_compare, item.compare_outputs, tolerance)


def _compare(compare, tolerance, got, stored, *more):
    return compare(settled_outputs(got, stored, tolerance), stored, *more)


def settled_outputs(got, stored, tolerance):
    """The outputs of a cell, each settled by the stored one in its place."""
    texts = [_settled_output(*pair, tolerance) for pair in zip(got, stored, strict=False)]
    return [*texts, *got[len(texts) :]]


def _settled_output(got, stored, tolerance):
    """An output of a notebook (a stream, or data by kind) with its numbers settled; of another kind it stays."""
    if got.get("output_type") != stored.get("output_type"):
        return got
    if "text" in got:
        return type(got)(got, text=settled(got["text"], stored["text"], tolerance))
    data = {
        kind: settled(text, stored["data"][kind], tolerance)
        if isinstance(text, str) and kind.startswith("text/") and kind in stored.get("data", {})
        else text
        for kind, text in got.get("data", {}).items()
    }
    return type(got)(got, data=data) if data else got
