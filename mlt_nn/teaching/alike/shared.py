"""What two hand-ins have in common, to be laid side by side: functions with the same parts marked, and rare words."""

import itertools
from collections import Counter
from typing import NamedTuple

import numpy as np

from mlt_nn.teaching.alike import fingerprints
from mlt_nn.teaching.alike.fingerprints import LENGTH, WORDS

# What more than this share of the class has is not marked, and no word that more than that share has is listed.
_FEW, _FEW_WORDS = 0.25, 0.1
_MAX_WORDS = 12
# Of a docstring, of a long comment and of a very long name the ends are enough.
_MAX_LINES, _MAX_LENGTH = 4, 300


class Function(NamedTuple):
    """A function of both, or what lies outside of the functions of a module."""

    module: str
    names: tuple[str, str]
    """What it is called in the first and in the second, "" outside of functions."""
    pieces: tuple[list, list]
    """Its text in both, as (text, whether both have it)."""
    owners: int
    """How many of all that were compared have its rarest part."""


def functions(first, second, likeness):
    """The functions that have rare parts in common, the rarest first.

    Arguments:
        first, second: {module: (text, tokens.Module)}.
        likeness: the Likeness of all, which knows what is rare.
    """
    found = [
        each
        for module in first.keys() & second.keys()
        for each in _in_module(module, (first[module], second[module]), likeness)
    ]
    return sorted(found, key=lambda each: (each.owners, each.module, each.names))


def _in_module(module, sides, likeness):
    kept = [fingerprints.winnowed(read.tokens) for _, read in sides]
    common = np.intersect1d(*(hashes for hashes, _ in kept))
    owners = likeness.owners(module, common)
    is_rare = (owners > 0) & (owners <= max(2, _FEW * likeness.size))
    rare = dict(zip(common[is_rare].tolist(), owners[is_rare].tolist(), strict=True))
    places = [_places(each, rare) for each in kept]
    marked = [{i + k for own in each.values() for i in own for k in range(LENGTH)} for each in places]
    # By the functions of both: how many fingerprints they share, and in how many hand-ins the rarest is.
    shared: Counter[tuple[str, str]] = Counter()
    rarest: dict[tuple[str, str], int] = {}
    for key, owners_of in rare.items():
        names = [{read.tokens[i].function for i in own[key]} for (_, read), own in zip(sides, places, strict=True)]
        for both in itertools.product(*names):
            shared[both] += 1
            rarest[both] = min(owners_of, rarest.get(both, owners_of))
    done = set()
    for both, _ in shared.most_common():
        if both[0] not in done:  # each function beside the one with which it shares most
            done.add(both[0])
            first, second = (_pieces(sides[i], both[i], marked[i]) for i in (0, 1))
            yield Function(module, both, (first, second), rarest[both])


def words(first, second, likeness):
    """The rare names, comments, texts and numbers of both, with how many have them: [(word, owners)], rarest first."""
    common = sorted(
        frozenset().union(*(read.words for _, read in first.values()))
        & frozenset().union(*(read.words for _, read in second.values()))
    )
    owners = likeness.owners(WORDS, np.array([fingerprints.hashed(word) for word in common], np.uint64))
    few = max(2, _FEW_WORDS * likeness.size)
    rare = [(_short(word), int(n)) for word, n in zip(common, owners, strict=True) if 0 < n <= few]
    return sorted(rare, key=lambda each: (each[1], -len(each[0]), each[0]))[:_MAX_WORDS]


def _places(kept, owners_of):
    """{hash: the places where it is}, of those that are asked for."""
    found: dict[int, list[int]] = {key: [] for key in owners_of}
    for key, place in zip(*(each.tolist() for each in kept), strict=True):
        if key in found:
            found[key].append(place)
    return found


def _pieces(side, function, marked):
    """The text of a function, cut where what both have begins or ends."""
    text, read = side
    own = [i for i, token in enumerate(read.tokens) if token.function == function]
    position = text.rfind("\n", 0, read.tokens[own[0]].start) + 1
    parts = []
    for i in own:
        token = read.tokens[i]
        between = text[position : token.start]
        parts.append((_short(between), {i - 1, i} <= marked and not between.strip(" ()")))
        parts.append((_short(text[token.start : token.end]), i in marked))
        position = token.end
    parts.append((_short(text[position:].partition("\n")[0]), False))
    runs = itertools.groupby(parts, key=lambda part: part[1])
    return [("".join(words for words, _ in run), is_marked) for is_marked, run in runs]


def _short(text):
    lines = text.split("\n")
    if len(lines) > _MAX_LINES:
        text = "\n".join([*lines[:2], "    ...", *lines[-2:]])
    return text if len(text) <= _MAX_LENGTH else f"{text[: _MAX_LENGTH // 2]} ... {text[-_MAX_LENGTH // 2 :]}"
