"""What the two pictures of a class show, as numbers and words; `templates/pictures.html` draws them."""

import math
from typing import NamedTuple

from mlt_nn.grading.results import OPEN
from mlt_nn.support.catalogue import EXERCISES, NOTEBOOKS
from mlt_nn.teaching.classroom.tally import NOT_HANDED_IN, NOT_RUN


class Part(NamedTuple):
    """A part of a bar, and a column of its table."""

    heading: str
    legend: str
    many: str
    """What is said of more than one student."""
    fill: str
    states: tuple[str, ...]


_OPEN = "open: a check of ours is broken, or the computer was too busy"
# From left to right.
_PARTS = (
    Part("right", "right", "right", "var(--bar-blue)", ("passed",)),
    Part("not yet", "not yet", "not yet", "url(#not-yet)", ("failed",)),
    Part(
        "does not end",
        "does not end, or ends Python",
        "do not end, or end Python",
        "url(#stuck)",
        ("timed out", "died"),
    ),
    Part("not run", "could not be run", "could not be run", "url(#not-run)", (NOT_RUN,)),
    Part("not written", "not written yet", "not written yet", "url(#not-written)", ("not written",)),
    Part("not handed in", "not handed in", "not handed in", "var(--ground)", (NOT_HANDED_IN,)),
    Part("open", _OPEN, _OPEN, "url(#broken)", OPEN),
)


def bars(tally):
    """For each exercise how many students are in which part, as bars and as a table.

    Exercises that nobody was asked for are none of them, and neither are parts that are empty everywhere.
    """
    asked = [each for each in EXERCISES if tally.states[each.name]]
    numbers = {
        each.name: [sum(tally.states[each.name][state] for state in part.states) for part in _PARTS] for each in asked
    }
    used = [place for place in range(len(_PARTS)) if any(own[place] for own in numbers.values())]
    parts = {name: [(own[place], _PARTS[place]) for place in used if own[place]] for name, own in numbers.items()}
    said = {
        name: ", ".join(f"{n:,} {part.legend if n == 1 else part.many}" for n, part in own)
        for name, own in parts.items()
    }
    return {
        "exercises": len(asked),
        "legend": [_PARTS[place] for place in used],
        "notebooks": {
            notebook: [(each, numbers[each.name][0], parts[each.name]) for each in own]
            for notebook in NOTEBOOKS
            if (own := [each for each in asked if each.notebook == notebook])
        },
        "rows": {name: [own[place] for place in used] for name, own in numbers.items()},
        "ticks": _ticks(tally.graded),
        "told": "; ".join(f"{name}: {words}" for name, words in said.items()),
    }


def histogram(tally):
    """How many students have how many points, by intervals of `width` points, and the ticks of both axes."""
    best = tally.best
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


def _ticks(largest):
    """About four round numbers from 0 to the largest, which is where the axis ends."""
    raw = max(largest / 4, 1)
    power = 10 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw)
    return list(range(0, math.floor(largest) + 1, step))
