"""Fingerprints of a module by winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003): what of it is compared."""

import hashlib
from functools import lru_cache
from typing import NamedTuple

import numpy as np

LENGTH = 7
"""A fingerprint is that of so many tokens in a row."""
WINDOW = 3
"""Of so many fingerprints in a row at least one is kept, so every run of LENGTH + WINDOW - 1 equal tokens is found."""


class Fingerprints(NamedTuple):
    """The fingerprints that are kept of a module."""

    hashes: np.ndarray
    """64 bits each, shape (n,)."""
    places: np.ndarray
    """The number of the first token of each, shape (n,)."""


def every(tokens):
    """The hash of each LENGTH tokens in a row, shape (len(tokens) - LENGTH + 1,), or (0,)."""
    if len(tokens) < LENGTH:
        return np.zeros(0, np.uint64)
    hashes = np.array([_hash(token.kind) for token in tokens], np.uint64)
    mixed = np.zeros(len(tokens) - LENGTH + 1, np.uint64)
    for i in range(LENGTH):  # a polynomial modulo 2^64
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + hashes[i : i + len(mixed)]
    return mixed ^ (mixed >> np.uint64(29))


def winnowed(tokens):
    """The Fingerprints of a module: of each WINDOW hashes in a row the least, the last one of equals."""
    hashes = every(tokens)
    if len(hashes) < WINDOW:
        places = np.arange(len(hashes))
    else:
        windows = np.lib.stride_tricks.sliding_window_view(hashes, WINDOW)[:, ::-1]
        places = np.unique(np.arange(len(windows)) + WINDOW - 1 - windows.argmin(axis=1))
    return Fingerprints(hashes[places], places)


@lru_cache(maxsize=100_000)
def _hash(kind):
    # hash() differs from run to run
    return int.from_bytes(hashlib.blake2b(kind.encode("utf-8", "replace"), digest_size=8).digest(), "little")
