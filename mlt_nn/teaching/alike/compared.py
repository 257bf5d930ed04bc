"""The submissions of a class, read and compared."""

from typing import NamedTuple

from mlt_nn.teaching.alike import fingerprints, tokens
from mlt_nn.teaching.alike.likeness import Likeness
from mlt_nn.teaching.alike.shared import functions, words
from mlt_nn.teaching.grader import submission


class Compared(NamedTuple):
    """What was found."""

    likeness: Likeness
    pairs: list
    """The Pairs that stand out; their numbers are places in the list of paths."""
    unusable: dict
    """{path: why it, or a part of it, could not be compared}."""
    size: int
    """How many had anything to compare."""


def compare(paths, before=(), tell=lambda: None):
    """Compare submissions with each other, and with those from before, which are not compared with each other.

    Arguments:
        paths, before: what `teaching.grader.submission.read` reads.
        tell: called after each that was read.
    """
    hashes, unusable, size = [], {}, 0
    for path in (*paths, *before):
        read, problem = _read(path)
        hashes.append(fingerprints.of({name: module for name, (_, module) in read.items()}))
        size += bool(read)
        if problem:
            unusable[path] = problem
        tell()
    likeness = Likeness(hashes)
    return Compared(likeness, likeness.pairs(len(paths)), unusable, size)


def side_by_side(first, second, likeness):
    """What the submissions at two paths have in common: (the shared `Function`s, the rare words with their owners)."""
    (one, _), (other, _) = _read(first), _read(second)
    return functions(one, other, likeness), words(one, other, likeness)


def _read(path):
    """{module: (text, tokens.Module)} of a submission, and why something is missing, or ""."""
    handed_in = submission.read(path)
    texts = {each.module: each.data.decode("utf-8") for each in handed_in.modules if not each.problem}
    problems = [each.problem for each in handed_in.modules if each.problem] if not texts else []
    read = {module: (text, tokens.read(text)) for module, text in texts.items()}
    return read, handed_in.problem or " ".join(problems)
