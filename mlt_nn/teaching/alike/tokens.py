"""A module as the words it is made of, whatever was handed in: nothing is parsed, compiled or run.

Python's own `tokenize` stops at the first mistake and cuts f-strings otherwise in each version; `ast.parse` can be
crashed by deep nesting. This reads any text, in time that grows with its length.
"""

import builtins
import keyword
import re
from typing import NamedTuple

from mlt_nn.support.catalogue import EXERCISES

MAX_TOKENS = 5_000
"""Of a module so many count; the longest solution has some 700."""

# Possessive, so that no text makes it look twice.
_TOKEN = re.compile(
    r"""
    (?P<string> [rbuft]{0,2}+ (?:
        \"{3} (?: [^"\\]++ | \\. | "(?!"") )*+ (?:\"{3})?+ | '{3} (?: [^'\\]++ | \\. | '(?!'') )*+ (?:'{3})?+
        | " (?: [^"\\\n]++ | \\. )*+ "?+ | ' (?: [^'\\\n]++ | \\. )*+ '?+ ) )
    | (?P<comment> \# [^\n]*+ )
    | (?P<number> \.?+ \d (?: [eE][+-] | [\w.] )*+ )
    | (?P<name> [^\W\d] \w*+ )
    | (?P<sign> (?: \*\* | // | << | >> | [-+*/%@&|^<>=!:] ) =?+ | -> | [^\s()\\] )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_KEPT = {*keyword.kwlist, *dir(builtins), *(exercise.function for exercise in EXERCISES)}


class Token(NamedTuple):
    """A word of a module that counts when structures are compared."""

    kind: str
    """Its normal form: itself, or what all names, or all texts, have in common."""
    start: int
    end: int
    function: str
    """The function that it stands in, the outermost one, or ""."""


class Module(NamedTuple):
    """What a module is made of."""

    tokens: tuple[Token, ...]
    """The structure: without layout, comments, docstrings, parentheses and the student's own names."""
    words: frozenset[str]
    """What the structure leaves out: the student's own names, comments, texts and numbers, each once."""


def read(text):
    """The Module of a text.

    Names become one, but for Python's own, attributes and the exercises. Texts, comments, parentheses and a last comma
    are dropped, so that no formatter makes a difference.
    """
    tokens: list[Token] = []
    words: set[str] = set()
    function, last = "", ""
    for found in _TOKEN.finditer(text):
        group, word = found.lastgroup, found[0]
        if len(tokens) == MAX_TOKENS or len(words) == MAX_TOKENS:
            break
        if group in ("string", "comment"):
            words.add(_plain(word))
            continue
        if group == "name" and text[found.start() - 1 : found.start()] in ("", "\n"):
            function = ""
        if last == "def" and not function:
            function = word
        kind = word
        if group == "number":
            words.add(word)
        elif group == "name" and word not in _KEPT and last != ".":
            words.add(word)
            kind = "name"
        last = kind
        if word in ("]", "}") and tokens and tokens[-1].kind == ",":
            tokens.pop()
        tokens.append(Token(kind, found.start(), found.end(), function))
    return Module(tuple(tokens), frozenset(words - {""}))


def _plain(text):
    """The letters and digits of a comment or a text."""
    return " ".join(re.findall(r"\w+", text.lower()))
