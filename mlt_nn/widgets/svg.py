"""The few SVG shapes that the pictures of the widgets are drawn with."""

import html

from mlt_nn.plots.look import INK


def drawing(width, height, *parts):
    """The SVG file with these parts, in this order."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="Helvetica, Arial, sans-serif">{"".join(parts)}</svg>'
    )


def element(tag, content="", **attributes):
    """One SVG element. An underscore in an attribute's name stands for a hyphen; numbers are rounded to 1/100 pixel.

    >>> element("line", x1=0, y1=0, x2=1 / 3, y2=5, stroke_width=2)
    '<line x1="0" y1="0" x2="0.33" y2="5" stroke-width="2"/>'
    """
    written = "".join(
        f' {name.replace("_", "-")}="{round(value, 2) if isinstance(value, float) else html.escape(str(value))}"'
        for name, value in attributes.items()
    )
    return f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written}/>"


def text(x, y, words, size=13, anchor="start", fill=INK, **attributes):
    """Words that start, are centered (anchor "middle") or end at (x, y)."""
    return element(
        "text", html.escape(words, quote=False), x=x, y=y, font_size=size, text_anchor=anchor, fill=fill, **attributes
    )


def line(x1, y1, x2, y2, color=INK, width=1.5, **attributes):
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=color, stroke_width=width, **attributes)


def polyline(points, color=INK, width=2.5, **attributes):
    """A line through the points (x, y)."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return element("polyline", points=path, fill="none", stroke=color, stroke_width=width, **attributes)
