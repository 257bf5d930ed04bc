"""Parts of what a student handed in, with the lines that a message names; it is read, and never run."""

import re
from typing import NamedTuple

from mlt_nn.support.catalogue import find

# Of one file, of one function, and of one line so much is shown.
_LINES = 2000
_OF_A_FUNCTION = 80
_COLUMNS = 240
_AROUND = 4


class Line(NamedTuple):
    """A line of a file."""

    number: int
    text: str
    is_marked: bool


class Part(NamedTuple):
    """Some lines of a file that follow each other."""

    module: str
    lines: list[Line]
    left_out: int
    """How many lines of the file, or of the function, are not shown."""


def whole(module, data):
    """A file as a Part, cut after so many lines that a page can hold it."""
    lines = data.splitlines()
    return _part(module, lines, 0, len(lines), _LINES)


def of_failure(exercise, failure, files):
    """The Parts of a student's files that a failure is about, in the order in which the code ran.

    Arguments:
        exercise: its name.
        failure: a Failure.
        files: {module: its bytes}, of the files that are known.
    """
    known = find(exercise)
    if failure.caller:
        places = [(failure.caller.module, failure.caller.line), (failure.module, failure.line)]
    else:
        places = [(failure.module or known.module, failure.line)]
    parts = []
    for module, line in places:
        lines = files[module].splitlines() if module in files else []
        start, end = _function(lines, known.function) if module == known.module else (0, 0)
        if line and not start < line <= end:
            start, end = max(line - 1 - _AROUND, 0), min(line + _AROUND, len(lines))
        if end > start:
            parts.append(_part(module, lines, start, end, _OF_A_FUNCTION, line))
    return parts


def _function(lines, name):
    """Where the last function of this name begins and ends; (0, 0) when there is none."""
    starts = [n for n, line in enumerate(lines) if re.match(rb"(async\s+)?def\s+%s\b" % name.encode(), line)]
    if not starts:
        return 0, 0
    start = starts[-1]
    # A parenthesis of its arguments may be closed at the edge.
    ends = (n for n, line in enumerate(lines[start + 1 :], start + 1) if line[:1].strip() and line[:1] not in b")#")
    end = next(ends, len(lines))
    while not lines[end - 1].strip():
        end -= 1
    return start, end


def _part(module, lines, start, end, most, marked=None):
    # The marked line is shown, however far down it is.
    first = start if not marked or marked - start <= most else marked - 1 - _AROUND
    shown = [
        Line(number, _text(line), number == marked)
        for number, line in enumerate(lines[first : min(end, first + most)], first + 1)
    ]
    return Part(module, shown, end - start - len(shown))


def _text(line):
    text = line[: 4 * _COLUMNS].decode("utf-8", "replace")
    return text if len(text) <= _COLUMNS else f"{text[:_COLUMNS]} ..."
