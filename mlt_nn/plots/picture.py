"""A finished picture: what every drawing of the course returns and what a notebook shows."""

import base64
import html
from dataclasses import dataclass

from mlt_nn.plots.svg import hypertext
from mlt_nn.support.colors import WHITE

# As the text of a notebook, also inside a widget, which has a smaller font and wider lines of its own.
TEXT = "font-size:var(--jp-content-font-size1,inherit);line-height:var(--jp-content-line-height,1.5)"
# White becomes the black of the dark theme, and blue stays blue: captions call no part of a picture black or white.
# JupyterLab has no variable that says which theme it is, but this one is 0 in the light and 32 in the dark ones. On
# GitHub it is not there, and the paper stays white.
_DARK = "var(--jp-shadow-base-lightness,0)"
THEME = f"filter:invert(min(0.93,{_DARK})) hue-rotate(calc(180deg*min(1,{_DARK})))"


@dataclass(frozen=True)
class Picture:
    """A drawing with a caption that says what to see and an alternative text that says what is there.

    Arguments:
        drawing: SVG markup (str) or a PNG file (bytes).
        caption: one or two sentences below the picture: what to look at.
        alt: the picture in words, with its numbers, for a reader who cannot see it.
        width, height: on the page, in CSS pixels.

    A notebook stores it as HTML with an image inside: JupyterLab has no place for the alternative text of a bare PNG,
    and it strips inline SVG from a notebook that is not trusted yet, such as one just cloned.
    """

    drawing: str | bytes
    caption: str
    alt: str
    width: int
    height: int

    def __post_init__(self):
        if not self.caption or not self.alt:
            raise ValueError("a picture needs a caption (what to see) and an alt text (what is there, in words)")

    @property
    def markup(self):
        """The picture as HTML."""
        kind, data = ("svg+xml", self.drawing.encode()) if isinstance(self.drawing, str) else ("png", self.drawing)
        source = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
        # With both sides known, the page keeps the place free while the image loads, and nothing jumps.
        # White behind every picture, so that its lines are seen on every page.
        return (
            f'<figure style="margin:0.5em 0;{TEXT}">'
            f'<img alt="{html.escape(self.alt)}" src="{source}" width="{self.width}" height="{self.height}"'
            f' style="background:{WHITE};{THEME};max-width:100%;height:auto">'
            f'<figcaption style="max-width:max({self.width}px,40em)">{hypertext(self.caption)}</figcaption></figure>'
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": f"[picture] {self.alt}", "text/html": self.markup}
