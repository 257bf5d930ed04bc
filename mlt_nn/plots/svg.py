"""SVG elements, and names as they are written on the board: in SVG, in a chart of matplotlib, and in HTML."""

import html
import re

# An index or exponent is in braces, a digit or a letter; a letter with another behind it belongs to a name in code.
_SCRIPT = re.compile(r"([_^])(\{[^{}$\\]+\}|\d|[A-Za-z](?![A-Za-z]))")
# Between letters, or between digits as in 2-3-2, a hyphen is one; everywhere else it is a minus.
_MINUS = re.compile(r"(?<!\w)-|(?<=[^\W\d])-(?=[\d.])")
# How far below the line an index stands, and how far above it an exponent, as a part of the size of the letters.
_SHIFT = {"": 0.0, "_": 0.28, "^": -0.38}


def element(tag, content="", **attributes):
    """One SVG element. An underscore in an attribute's name stands for a hyphen; numbers are rounded to 1/100 pixel.

    >>> element("line", x1=0, y1=0, x2=1 / 3, y2=5.0, stroke_width=2)
    '<line x1="0" y1="0" x2="0.33" y2="5" stroke-width="2"/>'
    """
    written = "".join(f' {name.replace("_", "-")}="{_written(value)}"' for name, value in attributes.items())
    return f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written}/>"


def formula(words, size):
    """The content of a text element for words with names as on the board: `z_1`, `W_{12}`, `A^{(g)}`, `y_hat`.

    >>> formula("y_hat < z_1", 10)
    'ŷ &lt; z<tspan dy="2.8" font-size="7.5">1</tspan>'
    """
    parts, lowered = [], 0.0
    for piece, place in _pieces(words):
        shift, content = _SHIFT[place] * size, html.escape(piece, quote=False)
        if lowered or shift:
            # dy counts from where the piece before stood.
            look = {"dy": shift - lowered, "font_size": 0.75 * size if place else size}
            content = element("tspan", content, **look)
        parts.append(content)
        lowered = shift
    return "".join(parts)


def mathtext(words):
    """The same for a text of matplotlib.

    >>> mathtext("Y_hat = W_1")
    'Ŷ = W$_{\\\\mathrm{1}}$'
    """
    return "".join(f"${place}{{\\mathrm{{{piece}}}}}$" if place else piece for piece, place in _pieces(words))


def hypertext(words):
    """The same in HTML.

    >>> hypertext("a_1 < 1")
    'a<sub>1</sub> &lt; 1'
    """
    tags = {"": ("", ""), "_": ("<sub>", "</sub>"), "^": ("<sup>", "</sup>")}
    return "".join(html.escape(piece).join(tags[place]) for piece, place in _pieces(words))


def plain(name):
    """A name as a reader without sight should hear it.

    >>> plain("W_{12}^{(g)}")
    'W_12^(g)'
    """
    return name.replace("{", "").replace("}", "")


def _pieces(words):
    """The words in pieces, each with its place: "" on the line, "_" below it, "^" above it."""
    words = _MINUS.sub("\N{MINUS SIGN}", words).replace("y_hat", "ŷ").replace("Y_hat", "Ŷ")
    end = 0
    for match in _SCRIPT.finditer(words):
        if match.start() > end:
            yield words[end : match.start()], ""
        yield match[2].strip("{}"), match[1]
        end = match.end()
    if end < len(words):
        yield words[end:], ""


def _written(value):
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else html.escape(str(value))
