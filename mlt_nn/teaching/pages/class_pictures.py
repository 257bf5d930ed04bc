"""What the two pictures of a class show, as numbers and words; `templates/pictures.html` draws them."""

import math

from mlt_nn.grading.results import OPEN, STATES
from mlt_nn.support.catalogue import NOTEBOOKS

# The parts of a bar, from left to right: its filling, and the states that it counts.
_PARTS = (
    ("var(--bar-blue)", "passed"),
    ("url(#not-yet)", "failed"),
    ("url(#stuck)", "timed out", "died"),
    ("url(#not-written)", "not written"),
    ("url(#broken)", *OPEN),
)


def bars(tally):
    """For each exercise how many have it right, and the parts of its bar: (number of students, word, filling)."""
    parts = {name: _parts(states) for name, states in tally.states.items()}
    told = {name: ", ".join(f"{n:,} {word}" for n, word, _ in own) or "nobody" for name, own in parts.items()}
    used = {word for own in parts.values() for _, word, _ in own}
    return {
        "legend": [(_word(states), fill) for fill, *states in _PARTS if _word(states) in used],
        "notebooks": {
            notebook: [(each, tally.states[each.name]["passed"], parts[each.name]) for each in own]
            for notebook in NOTEBOOKS
            if (own := [each for each in tally.assignment.exercises if each.notebook == notebook])
        },
        "ticks": _ticks(tally.graded),
        "told": "; ".join(f"{name}: {words}" for name, words in told.items()),
    }


def histogram(tally):
    """How many students have how many points, by intervals of `width` points, and the ticks of both axes."""
    best = tally.assignment.points
    width = math.ceil(best / 20)
    counts = [0] * math.ceil(best / width)
    for tenths, n in tally.points.items():
        counts[min(int(tenths / 10 / width), len(counts) - 1)] += n
    return {
        "best": best,
        "width": width,
        "counts": counts,
        "most": max(counts),
        "students": _ticks(max(counts)),
        "points": _ticks(best),
        "told": ", ".join(f"{width * k} to {min(width * (k + 1), best):g}: {n:,}" for k, n in enumerate(counts) if n),
    }


def _parts(counted):
    parts = [(sum(counted[state] for state in states), _word(states), fill) for fill, *states in _PARTS]
    return [part for part in parts if part[0]]


def _word(states):
    why = ": a check of ours is broken, or the computer was too busy" if "broken" in states else ""
    return ", or ".join(dict.fromkeys(STATES[state].word for state in states)) + why


def _ticks(largest):
    """About four round numbers from 0 to the largest, which is where the axis ends."""
    raw = max(largest / 4, 1)
    power = 10 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw)
    return list(range(0, math.floor(largest) + 1, step))
