"""Which copies `mlt-nn alike` shows, and which pairs of people who never met, in classes that are made up."""

import functools
import random
import statistics
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.alike_work.disguises import DISGUISES, copy
from benchmarks.alike_work.students import student
from benchmarks.results import Benchmark
from mlt_nn.support.catalogue import MODULES
from mlt_nn.teaching.alike.compared import compare

HONEST = "nobody copied"


class Classes(NamedTuple):
    """Classes to be made up."""

    size: int
    """How many are honest."""
    each: int
    """How many copies there are in each disguise."""
    seeds: tuple[int, ...]


# None of these were looked at while the numbers in mlt_nn/teaching/alike were chosen.
LARGE = Classes(300, 10, (101, 102, 103))
SMALL = Classes(30, 1, tuple(range(201, 211)))


class Outcome(NamedTuple):
    """What came of the pairs of one kind."""

    pairs: int
    shown: tuple[float, ...]
    """The likeness of each pair that is shown."""


def measure(large=LARGE, small=SMALL):
    """Yields rows for `BENCHMARK.head`."""
    for label, classes, modules in (
        (f"{large.size}, whole course", large, MODULES),
        (f"{large.size}, first two notebooks", large, MODULES[:2]),
        (f"{small.size}, whole course", small, MODULES),
    ):
        outcomes = [measured(classes.size, classes.each, seed, modules) for seed in classes.seeds]
        for kind in outcomes[0]:
            if kind == "three of nine files, renamed" and modules != MODULES:
                continue  # other files
            shown = [likeness for each in outcomes for likeness in each[kind].shown]
            pairs = sum(each[kind].pairs for each in outcomes)
            middle, most = (statistics.median(shown), max(shown)) if shown else ("", "")
            yield f"{label}: {kind}", pairs, len(shown), f"{100 * len(shown) / pairs:.3g}%", middle, most


def measured(size, each, seed, modules=MODULES):
    """A class of so many honest students and so many copies in each disguise: {kind: Outcome}."""
    handed_in, copies = made(size, each, seed)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, str(number)) for number in range(len(handed_in))]
        for path, texts in zip(paths, handed_in, strict=True):
            path.mkdir()
            for module in modules:
                (path / f"{module}.py").write_text(texts[module], encoding="utf-8")
        pairs = compare(paths).pairs
    likeness = {(pair.first, pair.second): pair.likeness for pair in pairs}
    found = {}
    for disguise in DISGUISES:
        own = [pair for pair, kind in copies.items() if kind == disguise]
        found[disguise] = Outcome(len(own), tuple(likeness[pair] for pair in own if pair in likeness))
    honest = tuple(value for (_, second), value in likeness.items() if second < size)
    return found | {HONEST: Outcome(size * (size - 1) // 2, honest)}


@functools.cache
def made(size, each, seed):
    """The texts of honest students, then of copies; and {(who it is from, copy): its disguise}."""
    handed_in = [student(number, seed) for number in range(size)]
    draw = random.Random(seed)
    copies = {}
    for disguise in DISGUISES:
        for source in draw.sample(range(size), each):
            copies[source, len(handed_in)] = disguise
            handed_in.append(copy(handed_in[source], disguise, f"{seed} {source}"))
    return handed_in, copies


BENCHMARK = Benchmark(
    "Alike",
    ("class, and what was done to the copy", "pairs", "shown", "share", "likeness, median of the shown", "most"),
    measure,
    f"Pairs that `alike` shows, in {len(LARGE.seeds)} classes of {LARGE.size} with {LARGE.each} copies in each "
    f"disguise, and {len(SMALL.seeds)} of {SMALL.size} with {SMALL.each}. All of it is made up: the students are a "
    "program that takes each exercise from the solution, from three to seven rewrites that one person wrote by hand, "
    "from the alternatives, the known mistakes or the mutants of this project, and changes names, order of operands, "
    "calls, steps, comments and layout by habits of its own. So these strangers are less alike in some ways than real "
    "ones, who sat in one lecture, and more in others, since all draw from one store; and real copyists do other "
    "things. Read the shares as those of such classes, not of yours. Goal: all that are renamed, in another order or "
    "reformatted are found in the whole course, and at most 1 in 100 honest pairs is shown.",
)
