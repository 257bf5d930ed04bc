"""The drawing that all hand-drawn pictures are made on, the diagrams and those of the widgets."""

import math
import textwrap

from mlt_nn.plots.picture import Picture
from mlt_nn.plots.svg import element, formula, plain
from mlt_nn.support.colors import BLUE, GRAY, INK, VERMILION, WHITE, legible


class Drawing:
    """A picture that grows part by part, measured in CSS pixels from the lower edge of its title (which may be "")."""

    def __init__(self, width, height, title=""):
        # A letter of the title is about 10 pixels wide.
        lines = textwrap.wrap(title, int((width - 20) / 10))
        self.top = 14 + 20 * len(lines) if lines else 0
        self.width, self.height = round(width), round(height) + self.top
        self._parts = []
        self.add("rect", x=0, y=-self.top, width=self.width, height=self.height, fill=WHITE)
        for i, words in enumerate(lines):
            self.heading(10, 16.4 + 20 * i - self.top, words, 16)

    def add(self, tag, content="", **attributes):
        """Any SVG element, on top of what is there."""
        self._parts.append(element(tag, content, **attributes))

    def line(self, x1, y1, x2, y2, color=INK, width=1.5, dash="", **more):
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, **_stroke(color, width, dash), **more)

    def polyline(self, points, color=INK, width=2.5, dash=""):
        """A line through the points (x, y)."""
        self.add("polyline", points=_path(points), fill="none", **_stroke(color, width, dash))

    def polygon(self, points, fill, **more):
        """An area with the corners (x, y)."""
        self.add("polygon", points=_path(points), fill=fill, **more)

    def arrow(self, x1, y1, x2, y2, color=INK, width=1.5):
        """A line with a head at its end."""
        length = math.hypot(x2 - x1, y2 - y1) or 1.0
        u, v = (x2 - x1) / length, (y2 - y1) / length
        head, half = 9, 4.5
        x, y = x2 - head * u, y2 - head * v
        self.line(x1, y1, x, y, color, width)
        self.polygon([(x2, y2), (x - half * v, y + half * u), (x + half * v, y - half * u)], color)

    def circle(self, x, y, radius, fill=WHITE, edge=INK, width=1.5, dash=""):
        self.add("circle", cx=x, cy=y, r=radius, fill=fill, **_stroke(edge, width, dash))

    def dots(self, x, y, radius=2, apart=7):
        """Three dots below each other, for what is left out."""
        for step in (-apart, 0, apart):
            self.circle(x, y + step, radius, fill=INK, width=0)

    def box(self, x, y, width, height, fill=WHITE, edge=INK, line=1.5, **more):
        """A rectangle whose upper left corner is (x, y)."""
        self.add("rect", x=x, y=y, width=width, height=height, fill=fill, **_stroke(edge, line), **more)

    def mark(self, x, y, is_circle, radius, half, fill=None, edge=WHITE, width=1):
        """A point of one of two classes: a blue circle, or a vermilion square of that half side."""
        if is_circle:
            self.circle(x, y, radius, fill or BLUE, edge, width)
        else:
            self.box(x - half, y - half, 2 * half, 2 * half, fill or VERMILION, edge, width)

    def text(self, x, y, words, size=13, anchor="middle", color=INK, weight="normal", halo=False, turn=0):
        """A line of text around the height y; with a halo, a white ground, it stays legible on top of lines.

        Names are written as on the board, see `formula`. `turn` is an angle in degrees, clockwise. A color too pale for
        letters is darkened; white ones stand on a dark ground.
        """
        if halo:
            # A letter is about 0.6 of its size wide.
            wide, high = 0.6 * size * len(plain(words)) + 4, 1.2 * size
            left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
            self.box(left, y - high / 2, wide, high, edge="none", rx=2, opacity=0.88)
        look = {"font_weight": weight} if weight != "normal" else {}
        look |= {"transform": f"rotate({turn} {x:g} {y:g})"} if turn else {}
        # The middle of a small letter is about 0.35 of its size above the line that it stands on.
        place = {"x": x, "y": y + 0.35 * size}
        fill = color if color == WHITE else legible(color)
        self.add("text", formula(words, size), **place, font_size=size, text_anchor=anchor, fill=fill, **look)

    def heading(self, x, y, words, size=15):
        """The title of a part, from (x, y) to the right."""
        self.text(x, y, words, size, "start", weight="bold")

    def striped(self, color):
        """A filling of that color with white stripes; one color in each drawing."""
        stripe = element("path", d="M0,0 h7 v7 h-7 z", fill=color) + element("path", d="M0,0 h2 v7 h-2 z", fill=WHITE)
        size = {"width": 7, "height": 7, "patternUnits": "userSpaceOnUse", "patternTransform": "rotate(45)"}
        self.add("pattern", stripe, id="stripes", **size)
        return "url(#stripes)"

    def picture(self, caption, alt):
        """The finished picture. Its SVG has no role and no title: an image element shows it, with `alt` as its text."""
        size = f'viewBox="0 {-self.top} {self.width} {self.height}" width="{self.width}" height="{self.height}"'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="DejaVu Sans, Verdana, Arial, sans-serif">'
        return Picture(f"{svg}{''.join(self._parts)}</svg>", caption, alt, self.width, self.height)


def signed(weight, largest):
    """How an edge of that weight looks: color and dashes tell its sign, thickness its size beside the largest one.

    >>> signed(-2.0, 2.0)
    {'color': '#D55E00', 'width': 5.0, 'dash': '7 4'}
    """
    if not math.isfinite(weight) or weight == 0:
        return {"color": GRAY, "width": 1.0, "dash": "1 4"}
    width = float(1 + 4 * min(abs(weight) / largest, 1.0))
    return {"color": BLUE if weight > 0 else VERMILION, "width": width, "dash": "" if weight > 0 else "7 4"}


def fitting(words, size, room):
    """The size of letters, smaller than `size` where the words would be wider than the room in pixels."""
    # A bold letter is about 0.7 of its size wide, the others less.
    return min(size, room / (0.7 * max(len(words), 1)))


def _stroke(color, width, dash=""):
    return {"stroke": color, "stroke_width": width} | ({"stroke_dasharray": dash} if dash else {})


def _path(points):
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
