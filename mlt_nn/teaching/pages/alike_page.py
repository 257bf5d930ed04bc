"""alike.html: the pairs of a class that have more in common than others, to be read and talked about."""

from mlt_nn.teaching.alike.compared import side_by_side
from mlt_nn.teaching.alike.fingerprints import WORDS
from mlt_nn.teaching.pages import page

MAX_SHOWN = 100


def write(path, found, before, compared):
    """Write the page.

    Arguments:
        path: the file.
        found, before: the `Found` submissions of the class, and of earlier ones.
        compared: what `teaching.alike.compared.compare` made of their paths.
    """
    everyone = [*found, *before]
    pairs = (
        (
            pair,
            [(everyone[i].student, i >= len(found)) for i in (pair.first, pair.second)],
            *side_by_side(everyone[pair.first].path, everyone[pair.second].path, compared.likeness),
        )
        for pair in compared.pairs[:MAX_SHOWN]
    )
    page.write(
        path,
        "alike.html",
        size=compared.size,
        before=len(before),
        found=len(compared.pairs),
        pairs=pairs,
        shown=min(MAX_SHOWN, len(compared.pairs)),
        words_part=WORDS,
    )
