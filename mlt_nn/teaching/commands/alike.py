"""`mlt-nn alike`: which submissions of a class have more in common than others: a page to look at, never a verdict.

Nothing is run. The page shows pairs, the most alike first, with what both have side by side. What many
write alike counts for little; the stubs and the solutions do not count.

examples:
  python3 -m mlt_nn alike submissions                         a class
  python3 -m mlt_nn alike submissions --before last-year      also with the submissions of another class
"""

import sys
from pathlib import Path

from mlt_nn.cli import CommandError, UsageError
from mlt_nn.teaching.pages.text import one_line


def configure(parser):
    """Describe the command's arguments."""
    parser.add_argument(
        "paths", nargs="+", metavar="path", type=Path, help="folders or zips of submissions, as for grade"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("alike.html"), metavar="file", help="where the page goes (default: alike.html)"
    )
    parser.add_argument(
        "--before",
        nargs="+",
        default=[],
        metavar="path",
        type=Path,
        help="other submissions, as of the year before; they are not compared with each other",
    )


def execute(options):
    """Compare and write the page; returns 0, whatever is alike."""
    from tqdm import tqdm

    from mlt_nn.teaching.alike.compared import compare
    from mlt_nn.teaching.pages import alike_page

    found, before = _collected(options.paths), _collected(options.before)
    if len(found) + len(before) < 2 or not found:
        raise CommandError("There are no two submissions to compare.")
    paths = [each.path for each in (*found, *before)]
    try:
        with tqdm(total=len(paths), desc="reading", unit="", file=sys.stderr, dynamic_ncols=True) as progress:
            compared = compare(paths[: len(found)], paths[len(found) :], progress.update)
    except OSError as error:
        raise CommandError(str(error)) from error
    for each in (*found, *before):
        if each.path in compared.unusable:
            print(one_line(f"Not compared: {each.student}: {compared.unusable[each.path]}"))
    try:
        alike_page.write(options.out, found, before, compared)
    except OSError as error:
        raise CommandError(
            f"{options.out} cannot be written: {error.strerror}. Name another file with --out."
        ) from error
    number = len(compared.pairs)
    stand = "pair of them has" if number == 1 else "pairs of them have"
    print(f"{compared.size} submissions were compared; {number} {stand} more in common than others.")
    print(f"Look at {options.out}: it says what it cannot know, and what to do.")
    return 0


def _collected(paths):
    """The submissions that count at these paths."""
    from mlt_nn.teaching.classroom.collect import collect

    try:
        collected = collect(paths)
    except FileNotFoundError as error:
        raise UsageError(str(error)) from error
    for hint in collected.hints:
        print(one_line(f"Note: {hint}"))
    for path, why in collected.ignored:
        print(one_line(f"Not compared: {path}: {why}"))
    return collected.counting
