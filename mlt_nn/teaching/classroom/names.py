"""Names of students as they are shown, and how they are put in order."""

import itertools
import re
import unicodedata
from collections import Counter

from mlt_nn.teaching.pages.text import one_line

# Letters, marks and signs that leave nothing to be seen, besides those of the category Cf.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def unique(keys):
    """A name of its own for each student: where some are shown alike, each gets the platform's number, or ours."""
    names = {key: unicodedata.normalize("NFC", key[0]) for key in keys}
    names = {key: name if _as_shown(name) else "no name" for key, name in names.items()}
    alike = Counter(map(_as_shown, names.values()))
    to_number = {key for key, name in names.items() if alike[_as_shown(name)] > 1 and not key[1]}
    for key, name in names.items():
        if alike[_as_shown(name)] > 1 and key[1]:
            names[key] = f"{name} ({key[1]})"
    alike = Counter(map(_as_shown, names.values()))
    to_number |= {key for key, name in names.items() if alike[_as_shown(name)] > 1}
    used = {_as_shown(name) for key, name in names.items() if key not in to_number}
    for key in filter(to_number.__contains__, keys):
        name = names[key]
        names[key] = next(
            unique for number in itertools.count(1) if _as_shown(unique := f"{name} [{number}]") not in used
        )
        used.add(_as_shown(names[key]))
    return names


def _as_shown(name):
    """The same for names that a person cannot tell apart: by signs of no width, say, or by kinds of spaces."""
    seen = (sign for sign in unicodedata.normalize("NFKC", name) if unicodedata.category(sign) != "Cf")
    return one_line(_BLANK.sub("", "".join(seen)))


def natural(name):
    """Sorts work2.zip before work10.zip, and work.zip before both."""
    stem = re.sub(r"\.\w+$", "", unicodedata.normalize("NFKC", name).casefold())
    return [_rank(part) for part in re.split(r"(\d+)", stem)], name


def _rank(part):
    """Digits by their value, after all else; int would refuse more than 4,300 of them."""
    digits = part.lstrip("0")
    return (len(digits), digits) if part.isdecimal() else (-1, part)
