"""The few SVG elements that the diagrams are drawn with.

Names are written as on the board: `z_1`, `W_{12}`, `A^{(g)}`, `y_hat`.
"""

import re
import textwrap
from xml.sax.saxutils import escape

import numpy as np

from mlt_nn.plots.look import BLUE, INK, VERMILION
from mlt_nn.plots.picture import Picture

GRAY, PALE = "#767676", "#C9C9C9"
_SCRIPT = re.compile(r"([_^])(\{[^}]*\}|.)")
# How far below the line an index stands, and how far above it an exponent, as a part of the size of the letters.
_SHIFT = {"_": 0.28, "^": -0.38}


class Drawing:
    """An SVG that grows element by element, measured in CSS pixels from its upper left corner."""

    def __init__(self, width, height, title):
        # A letter of the title is about 10 pixels wide.
        lines = textwrap.wrap(title, int((width - 20) / 10))
        self.top = 14 + 20 * len(lines)
        self.width, self.height = round(width), round(height) + self.top
        self._elements = [self._text(10, 22 + 20 * i, line, 16, "start", INK, "bold") for i, line in enumerate(lines)]

    def line(self, x1, y1, x2, y2, color=INK, width=1.5, dash="", opacity=1.0):
        y1, y2 = y1 + self.top, y2 + self.top
        style = f' stroke-dasharray="{dash}"' if dash else ""
        style += f' opacity="{_n(opacity)}"' if opacity < 1 else ""
        self._elements.append(
            f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="{color}"'
            f' stroke-width="{_n(width)}"{style}/>'
        )

    def arrow(self, x1, y1, x2, y2, color=INK, width=1.5, dash=""):
        """A line with a head at its end."""
        length = float(np.hypot(x2 - x1, y2 - y1)) or 1.0
        u, v = (x2 - x1) / length, (y2 - y1) / length
        head, half = 9, 4.5
        x, y = x2 - head * u, y2 - head * v
        self.line(x1, y1, x, y, color, width, dash)
        corners = [(x2, y2), (x - half * v, y + half * u), (x + half * v, y - half * u)]
        at = " ".join(f"{_n(px)},{_n(py + self.top)}" for px, py in corners)
        self._elements.append(f'<polygon points="{at}" fill="{color}"/>')

    def circle(self, x, y, radius, fill="#FFFFFF", edge=INK, width=1.5, dash=""):
        style = f' stroke-dasharray="{dash}"' if dash else ""
        self._elements.append(
            f'<circle cx="{_n(x)}" cy="{_n(y + self.top)}" r="{_n(radius)}" fill="{fill}" stroke="{edge}"'
            f' stroke-width="{_n(width)}"{style}/>'
        )

    def box(self, x, y, width, height, fill="#FFFFFF", edge=INK, line=1.5, corner=4, dash=""):
        """A rectangle whose upper left corner is (x, y)."""
        style = f' stroke-dasharray="{dash}"' if dash else ""
        self._elements.append(
            f'<rect x="{_n(x)}" y="{_n(y + self.top)}" width="{_n(width)}" height="{_n(height)}" rx="{corner}"'
            f' fill="{fill}" stroke="{edge}" stroke-width="{_n(line)}"{style}/>'
        )

    def text(self, x, y, words, size=14, anchor="middle", color=INK, weight="normal", halo=False):
        """A line of text around the height y; with a halo, a white ground, it stays legible on top of lines."""
        y += self.top
        if halo:
            # A letter is about 0.6 of its size wide.
            wide = 0.6 * size * len(plain(words)) + 4
            left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
            self._elements.append(
                f'<rect x="{_n(left)}" y="{_n(y - 0.6 * size)}" width="{_n(wide)}" height="{_n(1.2 * size)}" rx="2"'
                ' fill="#FFFFFF" opacity="0.88"/>'
            )
        # The middle of a small letter is about 0.35 of its size above the line that it stands on.
        self._elements.append(self._text(x, y + 0.35 * size, words, size, anchor, color, weight))

    def picture(self, caption, alt):
        """The finished drawing."""
        # No role and no title here: the picture is shown inside an image element, which carries the alternative text.
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}"'
        head += f' width="{self.width}" height="{self.height}" font-family="DejaVu Sans, Verdana, Arial, sans-serif">'
        ground = f'<rect width="{self.width}" height="{self.height}" fill="#FFFFFF"/>'
        return Picture("\n".join([head, ground, *self._elements, "</svg>"]), caption, alt, self.width)

    def _text(self, x, y, words, size, anchor, color, weight):
        style = f' font-weight="{weight}"' if weight != "normal" else ""
        return (
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" text-anchor="{anchor}" fill="{color}"{style}>'
            f"{_scripts(words, size)}</text>"
        )


def plain(name):
    """A name as a reader without sight should hear it.

    >>> plain("W_{12}^{(g)}")
    'W_12^(g)'
    """
    return name.replace("{", "").replace("}", "")


def signed(weight, largest):
    """How an edge of that weight looks: color and dashes tell its sign, thickness its size beside the largest one.

    >>> signed(-2.0, 2.0)
    {'color': '#D55E00', 'width': 5.0, 'dash': '7 4'}
    """
    if not np.isfinite(weight) or weight == 0:
        return {"color": GRAY, "width": 1.0, "dash": "1 4"}
    width = float(1 + 4 * min(abs(weight) / largest, 1.0))
    return {"color": BLUE if weight > 0 else VERMILION, "width": width, "dash": "" if weight > 0 else "7 4"}


def _scripts(words, size):
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


def _span(words, size, lowered, shift):
    if not words:
        return ""
    if lowered == shift == 0:
        return escape(words)
    # dy counts from where the piece before stood.
    return f'<tspan dy="{_n(shift - lowered)}" font-size="{_n(size)}">{escape(words)}</tspan>'


def _n(value):
    return f"{value:.2f}".rstrip("0").rstrip(".")
