"""SVG elements, and names as they are written on the board."""

import html
import re

# An index or exponent is in braces or a single sign; a letter with another behind it belongs to a name in code.
_SCRIPT = re.compile(r"([_^])(\{[^}]*\}|[^{A-Za-z]|[A-Za-z](?![A-Za-z]))")
# How far below the line an index stands, and how far above it an exponent, as a part of the size of the letters.
_SHIFT = {"_": 0.28, "^": -0.38}


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
    words = re.sub(r"-(?=[\d.])", "\N{MINUS SIGN}", words)
    words = words.replace("y_hat", "ŷ").replace("Y_hat", "Ŷ")
    parts, end, lowered = [], 0, 0.0
    for match in _SCRIPT.finditer(words):
        parts.append(_span(words[end : match.start()], size, lowered, 0.0))
        lowered = lowered if match.start() == end else 0.0
        shift = _SHIFT[match[1]] * size
        parts.append(_span(match[2].strip("{}"), 0.75 * size, lowered, shift))
        end, lowered = match.end(), shift
    return "".join([*parts, _span(words[end:], size, lowered, 0.0)])


def plain(name):
    """A name as a reader without sight should hear it.

    >>> plain("W_{12}^{(g)}")
    'W_12^(g)'
    """
    return name.replace("{", "").replace("}", "")


def _span(words, size, lowered, shift):
    if not words:
        return ""
    content = html.escape(words, quote=False)
    # dy counts from where the piece before stood.
    return content if lowered == shift == 0 else element("tspan", content, dy=shift - lowered, font_size=size)


def _written(value):
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else html.escape(str(value))
