"""What is compared of a hand-in: its fingerprints by winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003).

Each run of a few tokens has a hash; of neighboring hashes one is kept, always the same one for the same code. What the
stubs and the solutions hold is left out, for that says nothing about who wrote it.
"""

import functools
import hashlib

import numpy as np

from mlt_nn.support.catalogue import MODULES
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.teaching.alike import tokens
from mlt_nn.teaching.building.stubs import stub_text

LENGTH = 8
"""A fingerprint is that of so many tokens in a row, all in one function."""
WINDOW = 3
"""Of so many in a row at least one is kept, so each equal run of LENGTH + WINDOW - 1 tokens is found."""
WORDS = "words"
"""The part that is no module: names, comments, texts and numbers of all modules."""
PARTS = (*MODULES, WORDS)


def of(modules):
    """The hashes that count of a hand-in, {part: sorted, each once}; modules are {name: tokens.Module}."""
    found = {name: winnowed(module.tokens)[0] for name, module in modules.items()}
    words = frozenset().union(*(module.words for module in modules.values()))
    found[WORDS] = np.array([hashed(word) for word in words], np.uint64)
    return {part: np.setdiff1d(hashes, _given()[part]) for part, hashes in found.items()}


def winnowed(read):
    """The fingerprints of the tokens of a module: of each WINDOW hashes in a row the least, of equals the last.

    Returns:
        hashes of 64 bits, and the number of the first token of each; both of shape (n,).
    """
    hashes, places = _every(read)
    if len(hashes) >= WINDOW:
        windows = np.lib.stride_tricks.sliding_window_view(hashes, WINDOW)[:, ::-1]
        kept = np.unique(np.arange(len(windows)) + WINDOW - 1 - windows.argmin(axis=1))
        hashes, places = hashes[kept], places[kept]
    return hashes, places


@functools.lru_cache(maxsize=100_000)
def hashed(word):
    """The hash of a token or a word, in every run the same, as that of Python is not."""
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def _every(read):
    """The hash of each LENGTH tokens in a row that lie in one function, with the places of the first."""
    size = max(len(read) - LENGTH + 1, 0)
    single = np.array([hashed(token.kind) for token in read], np.uint64)
    functions = np.array([hashed(token.function) for token in read], np.uint64)
    together = np.zeros(size, np.uint64)
    for i in range(LENGTH if size else 0):  # a polynomial modulo 2^64
        together = together * np.uint64(0x9E3779B97F4A7C15) + single[i : i + size]
    places = np.flatnonzero(functions[:size] == functions[len(read) - size :])
    return together[places], places


@functools.cache
def _given():
    """The hashes of what the stubs and the solutions hold, by part."""
    found, words = {}, set()
    for name in MODULES:
        source = (SOLUTIONS / f"{name}.py").read_text(encoding="utf-8")
        own = [tokens.read(text) for text in (source, stub_text(source, name))]
        found[name] = np.unique(np.concatenate([_every(module.tokens)[0] for module in own]))
        words |= own[0].words | own[1].words
    return found | {WORDS: np.array([hashed(word) for word in words], np.uint64)}
