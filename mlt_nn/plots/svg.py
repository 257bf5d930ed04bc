"""The few SVG elements that all hand-written pictures are drawn with, the diagrams and those of the widgets."""

import html
import re
import textwrap

import numpy as np

from mlt_nn.plots.look import BLUE, INK, VERMILION
from mlt_nn.plots.picture import Picture

GRAY, PALE = "#767676", "#C9C9C9"
_SCRIPT = re.compile(r"([_^])(\{[^}]*\}|.)")
# How far below the line an index stands, and how far above it an exponent, as a part of the size of the letters.
_SHIFT = {"_": 0.28, "^": -0.38}


def drawing(width, height, *parts):
    """The SVG file with these parts on white, in this order. It has no role and no title: it is shown inside an image
    element, which carries the alternative text.
    """
    ground = element("rect", x=0, y=0, width=width, height=height, fill="#FFFFFF")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="DejaVu Sans, Verdana, Arial, sans-serif">{"".join([ground, *parts])}</svg>'
    )


def element(tag, content="", **attributes):
    """One SVG element. An underscore in an attribute's name stands for a hyphen; numbers are rounded to 1/100 pixel.

    >>> element("line", x1=0, y1=0, x2=1 / 3, y2=5.0, stroke_width=2)
    '<line x1="0" y1="0" x2="0.33" y2="5" stroke-width="2"/>'
    """
    written = "".join(
        f' {name.replace("_", "-")}="{_n(value) if isinstance(value, float) else html.escape(str(value))}"'
        for name, value in attributes.items()
    )
    return f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written}/>"


def text(x, y, words, size=13, anchor="start", fill=INK, **attributes):
    """Words that start, are centered (anchor "middle") or end at (x, y)."""
    return _text(x, y, html.escape(words, quote=False), size, anchor, fill, **attributes)


def formula(x, y, words, size=13, anchor="start", fill=INK, **attributes):
    """The same for names as they are written on the board: `z_1`, `W_{12}`, `A^{(g)}`, `y_hat`."""
    return _text(x, y, _scripts(words, size), size, anchor, fill, **attributes)


def line(x1, y1, x2, y2, color=INK, width=1.5, **attributes):
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=color, stroke_width=width, **attributes)


def polyline(points, color=INK, width=2.5, **attributes):
    """A line through the points (x, y)."""
    return element("polyline", points=_path(points), fill="none", stroke=color, stroke_width=width, **attributes)


def polygon(points, fill, **attributes):
    """An area with the corners (x, y)."""
    return element("polygon", points=_path(points), fill=fill, **attributes)


class Drawing:
    """A diagram under a title that grows part by part, measured in CSS pixels from the lower edge of the title."""

    def __init__(self, width, height, title):
        # A letter of the title is about 10 pixels wide.
        lines = textwrap.wrap(title, int((width - 20) / 10))
        self.top = 14 + 20 * len(lines)
        self.width, self.height = round(width), round(height) + self.top
        self._parts = [formula(10, 22 + 20 * i, words, 16, font_weight="bold") for i, words in enumerate(lines)]

    def line(self, x1, y1, x2, y2, color=INK, width=1.5, dash="", opacity=1.0):
        style = _dashes(dash) | ({"opacity": opacity} if opacity < 1 else {})
        self._parts.append(line(x1, y1 + self.top, x2, y2 + self.top, color, width, **style))

    def arrow(self, x1, y1, x2, y2, color=INK, width=1.5, dash=""):
        """A line with a head at its end."""
        length = float(np.hypot(x2 - x1, y2 - y1)) or 1.0
        u, v = (x2 - x1) / length, (y2 - y1) / length
        head, half = 9, 4.5
        x, y = x2 - head * u, y2 - head * v
        self.line(x1, y1, x, y, color, width, dash)
        corners = [(x2, y2), (x - half * v, y + half * u), (x + half * v, y - half * u)]
        self._parts.append(polygon([(px, py + self.top) for px, py in corners], color))

    def circle(self, x, y, radius, fill="#FFFFFF", edge=INK, width=1.5, dash=""):
        look = {"fill": fill, "stroke": edge, "stroke_width": width, **_dashes(dash)}
        self._parts.append(element("circle", cx=x, cy=y + self.top, r=radius, **look))

    def box(self, x, y, width, height, fill="#FFFFFF", edge=INK, line=1.5, corner=4, dash=""):
        """A rectangle whose upper left corner is (x, y)."""
        look = {"fill": fill, "stroke": edge, "stroke_width": line, **_dashes(dash)}
        self._parts.append(element("rect", x=x, y=y + self.top, width=width, height=height, rx=corner, **look))

    def text(self, x, y, words, size=14, anchor="middle", color=INK, weight="normal", halo=False):
        """A line of text around the height y; with a halo, a white ground, it stays legible on top of lines."""
        y += self.top
        if halo:
            # A letter is about 0.6 of its size wide.
            wide, high = 0.6 * size * len(plain(words)) + 4, 1.2 * size
            left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
            place = {"x": left, "y": y - high / 2, "width": wide, "height": high}
            self._parts.append(element("rect", **place, rx=2, fill="#FFFFFF", opacity=0.88))
        style = {"font_weight": weight} if weight != "normal" else {}
        # The middle of a small letter is about 0.35 of its size above the line that it stands on.
        self._parts.append(formula(x, y + 0.35 * size, words, size, anchor, color, **style))

    def picture(self, caption, alt):
        """The finished drawing."""
        return Picture(drawing(self.width, self.height, *self._parts), caption, alt, self.width)


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


def _text(x, y, content, size, anchor, fill, **attributes):
    return element("text", content, x=x, y=y, font_size=size, text_anchor=anchor, fill=fill, **attributes)


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
    content = html.escape(words, quote=False)
    # dy counts from where the piece before stood.
    return content if lowered == shift == 0 else element("tspan", content, dy=shift - lowered, font_size=size)


def _dashes(dash):
    return {"stroke_dasharray": dash} if dash else {}


def _path(points):
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _n(value):
    return f"{value:.2f}".rstrip("0").rstrip(".")
