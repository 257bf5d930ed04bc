"""The outputs of a cell beside those of the reference run: what is different, in words."""

import functools
import re

from mlt_nn.support.folders import COURSE

_WORDS = {"stdout": "the printed text", "text/plain": "the result", "stderr": "a warning"}
# The models of widgets have random names, and the pixels of a picture change with the library that draws it.
_NOT_COMPARED = {"application/vnd.jupyter.widget-view+json", "image/png", "image/jpeg"}


def difference(got, wanted):
    """What is different between two lists of outputs, kind by kind; None when nothing is."""
    got, wanted = _by_kind(got), _by_kind(wanted)
    for kind in [*_WORDS, *sorted({*got, *wanted} - {*_WORDS})]:
        word = _WORDS.get(kind, "what it shows")
        if kind not in wanted and kind in got:
            return f"{word} is new: {short(' '.join(got[kind]))}"
        if kind not in got and kind in wanted:
            return f"{word} is missing: {short(' '.join(wanted[kind]))}"
        if got.get(kind) != wanted.get(kind):
            return f"{word} is {_first_difference(got[kind], wanted[kind]) if kind in _WORDS else 'different'}"
    return None


def short(text, most=100):
    """The text on one line, cut when it is long."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 3]}..."


def _by_kind(outputs):
    """Kind of output -> the texts of that kind, without what is not compared."""
    texts: dict[str, list[str]] = {}
    for output in outputs:
        data = {output.name: output.text} if output.output_type == "stream" else output.get("data", {})
        for kind in data.keys() - _NOT_COMPARED:
            text = str(data[kind])
            for pattern, replacement in _replacements():
                text = re.sub(pattern, replacement, text)
            texts.setdefault(kind, []).append(text)
    # What is printed in two pieces or in one is the same.
    return {kind: ["".join(parts)] if kind in ("stdout", "stderr") else parts for kind, parts in texts.items()}


@functools.cache
def _replacements():
    """The pairs (pattern, replacement) that nbval too is given."""
    text = (COURSE / "nbval.cfg").read_text(encoding="utf-8")
    return re.findall(r"^regex: (.*)\nreplace: (.*)$", text, re.MULTILINE)


def _first_difference(got, wanted):
    got_lines, wanted_lines = ("\n".join(texts).splitlines() for texts in (got, wanted))
    for number, (line, other) in enumerate(zip(got_lines, wanted_lines, strict=False), 1):
        if line != other:
            where = f" in line {number}" if len(wanted_lines) > 1 else ""
            return f"{short(line)}{where}; in the reference run it is {short(other)}"
    return f"{len(got_lines)} lines long; in the reference run it is {len(wanted_lines)}"
