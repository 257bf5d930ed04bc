"""How alike the hand-ins of a class are, each with each other one.

What two share counts the more, the fewer have it: log of the inverse of its share of the class (Spärck Jones, 1972). Of
each part the likeness is the cosine of the two, between 0 and 1; a part in which little is rare counts little.
"""

from typing import NamedTuple

import numpy as np

from mlt_nn.teaching.alike.fingerprints import PARTS

LEAST = 0.5
"""Below this no pair is shown."""
# What two have in common by chance in short code, in the unit of the weights; the cosine is drawn down by so much.
_CHANCE = 10.0
# From the likeness of this share of the pairs it is told how far the ordinary ones spread. Where one pair for every two
# students is more than the rest, in a class of a few, the share is smaller, or those who copied would hide each other.
_SPREAD, _LEAST_SPREAD, _TIMES = 0.9, 0.6, 3.0
_SAMPLE = 500


class Pair(NamedTuple):
    """Two hand-ins that are alike."""

    first: int
    second: int
    likeness: float
    """The sum over the parts: 3 is as much as three files that are the same."""
    parts: dict[str, float]
    """The likeness of each part, the largest first, those above 0."""


class Likeness:
    """An inverted index: for each hash the hand-ins that have it, so that no two are ever laid side by side."""

    def __init__(self, hand_ins):
        """From the hashes of each hand-in, as `fingerprints.of` gives them."""
        self.size = len(hand_ins)
        found = [
            (_key(own, part), np.full(len(own), number), np.full(len(own), PARTS.index(part)))
            for number, hashes in enumerate(hand_ins)
            for part, own in hashes.items()
        ]
        key, owner, part = map(np.concatenate, zip(*found, strict=True))
        self._keys, number, self._owners_of = np.unique(key, return_inverse=True, return_counts=True)
        order = np.argsort(number, kind="stable")
        self._owners, self._ends = owner[order], np.cumsum(self._owners_of)
        self._weights = np.log((self.size + 1) / self._owners_of)
        self._part = np.zeros(len(self._keys), int)
        self._part[number] = part
        self._own = np.split(number, np.cumsum(np.bincount(owner, minlength=self.size))[:-1])
        self._whole = np.zeros((self.size, len(PARTS)))
        np.add.at(self._whole, (owner, part), self._weights[number])

    def owners(self, part, hashes):
        """How many hand-ins have each of these hashes, shape (n,); 0 for one that counts for none."""
        keys = _key(hashes, part)
        places = np.searchsorted(self._keys, keys).clip(max=max(len(self._keys) - 1, 0))
        return np.where(self._keys[places] == keys, self._owners_of[places], 0) if len(self._keys) else 0 * keys

    def row(self, first):
        """The likeness of one hand-in to every other one, part by part, shape (size, len(PARTS))."""
        own = self._own[first][self._owners_of[self._own[first]] > 1]
        times = self._owners_of[own]
        # The numbers begin .. end - 1 of each, one after another.
        places = np.arange(times.sum()) + np.repeat(self._ends[own] - np.cumsum(times), times)
        cells = self._owners[places] * len(PARTS) + np.repeat(self._part[own], times)
        weights = np.repeat(self._weights[own], times)
        shared = np.bincount(cells, weights, minlength=self.size * len(PARTS)).reshape(self._whole.shape)
        return shared / (np.sqrt(self._whole * self._whole[first]) + _CHANCE)

    def pairs(self, among):
        """The pairs that stand out, the most alike first.

        Arguments:
            among: of each pair at least one is among the first `among` hand-ins.

        What stands out is measured by the class: the median likeness of its pairs, and how far nine in ten stay.
        """
        ordinary = [self._totals(first, among) for first in np.unique(np.linspace(0, among - 1, _SAMPLE, dtype=int))]
        likely = np.concatenate(ordinary)
        if not len(likely):
            return []
        spread = np.clip(1 - (among // 2 + 1) / len(likely), _LEAST_SPREAD, _SPREAD)
        median, most = np.quantile(likely, [0.5, spread])
        least = max(LEAST, median + _TIMES * (most - median))
        found = []
        for first in range(among):
            totals = self._totals(first, among)
            if (totals >= least).any():
                parts = self.row(first)
                for second in np.flatnonzero(totals >= least) + first + 1:
                    found.append(_pair(first, int(second), parts[second]))
        return sorted(found, key=lambda pair: (-pair.likeness, pair.first, pair.second))

    def _totals(self, first, among):
        return self.row(first)[first + 1 :].sum(axis=1)


def _key(hashes, part):
    return hashes ^ np.uint64(PARTS.index(part))


def _pair(first, second, parts):
    by_part = {PARTS[i]: float(parts[i]) for i in np.argsort(-parts, kind="stable") if parts[i] > 0}
    return Pair(first, second, float(parts.sum()), by_part)
