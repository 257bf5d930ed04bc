"""The picture of an activation function: its curve with a tangent, and its slope below."""

import math

import numpy as np

from mlt_nn.plots.look import BLUE, FAINT, INK, VERMILION, figures
from mlt_nn.plots.picture import Picture
from mlt_nn.plots.svg import drawing, element, line, polyline, text

WIDTH, HEIGHT = 640, 430
REACH = 8.0
"""z runs from -REACH to REACH."""
LEFT, RIGHT = 58, 624
_CURVE = (36, 232)
_SLOPE = (286, 384)


def activation_picture(name, curve, slopes, z, a, slope):
    """Draw g with its tangent at z, and g' below it.

    Arguments:
        name: the name of g.
        curve, slopes: g and g' at equally spaced places from -REACH to REACH, arrays of one shape (n,).
        z, a, slope: the place that is looked at, g(z) and g'(z).

    Returns:
        The `Picture`. What is NaN or infinite is a gap.
    """
    upper = _Axes(curve, *_CURVE)
    lower = _Axes(slopes, *_SLOPE)
    parts = [
        text(LEFT, 22, f"g = {name}", 15, font_weight="bold"),
        *upper.frame("activation g(z)"),
        *upper.curve(curve, BLUE),
        *upper.tangent(z, a, slope),
        *upper.mark(z, a),
        text(LEFT, 275, "its slope g\u2032", 15, font_weight="bold"),
        *lower.frame("slope g\u2032(z)"),
        *lower.curve(slopes, VERMILION, stroke_dasharray="7 3"),
        *lower.mark(z, slope),
        text((LEFT + RIGHT) / 2, HEIGHT - 8, "pre-activation z", 13, "middle"),
    ]
    if math.isfinite(slope):
        parts.append(lower.value(z, slope, f"slope {figures(slope)}"))
    caption = (
        "Above: the activation in blue, and in black its tangent at z. Below: how steep that tangent is, dashed in "
        "orange. Where the curve is flat, the slope is near 0."
    )
    alt = f"{name} and its slope. At z = {figures(z)}: activation {figures(a)}, slope {figures(slope)}."
    return Picture(drawing(WIDTH, HEIGHT, *parts), caption, alt, WIDTH)


class _Axes:
    """Axes over z for these values, between two heights of the page."""

    def __init__(self, values, top, bottom):
        finite = values[np.isfinite(values) & (np.abs(values) < 1e100)]
        # 0 and 1 are always in sight: the marks by which the activations are compared.
        self.low, self.high = float(min(finite.min(initial=0), 0)), float(max(finite.max(initial=1), 1))
        self.top, self.bottom = top, bottom
        self.margin = 0.08 * (self.high - self.low)

    def place(self, z, value):
        low, high = self.low - self.margin, self.high + self.margin
        return (
            LEFT + (z + REACH) / (2 * REACH) * (RIGHT - LEFT),
            self.bottom - (value - low) / (high - low) * (self.bottom - self.top),
        )

    def shows(self, value):
        return self.low - self.margin <= value <= self.high + self.margin

    def frame(self, label):
        for z in range(-8, 9, 2):
            x, _ = self.place(z, 0)
            yield line(x, self.top, x, self.bottom, FAINT, 2 if z == 0 else 1)
            yield text(x, self.bottom + 16, str(z), 12, "middle")
        for value in sorted({self.low, 0.0, self.high}):
            _, y = self.place(0, value)
            yield line(LEFT, y, RIGHT, y, FAINT, 2 if value == 0 else 1)
            yield text(LEFT - 7, y + 4, figures(value), 12, "end")
        middle = (self.top + self.bottom) / 2
        yield text(0, 0, label, 13, "middle", transform=f"translate(16,{middle}) rotate(-90)")

    def curve(self, values, color, **attributes):
        """The curve, in pieces between its gaps."""
        piece = []
        for z, value in zip(np.linspace(-REACH, REACH, len(values)), values, strict=True):
            if self.shows(value):
                piece.append(self.place(z, value))
            elif piece:
                yield polyline(piece, color, **attributes)
                piece = []
        if piece:
            yield polyline(piece, color, **attributes)

    def tangent(self, z, a, slope):
        if not self.shows(a):
            return
        (x1, y1), (x2, y2) = self.place(z, a), self.place(z + 1, a + slope)
        # Of one length on the page, however steep, and cut where the axes end.
        length = math.hypot(x2 - x1, y2 - y1)
        if math.isfinite(length):
            dx, dy = (x2 - x1) / length, (y2 - y1) / length
            back, on = (min(85, room / dx) for room in (x1 - LEFT, RIGHT - x1))
            yield line(x1 - back * dx, y1 - back * dy, x1 + on * dx, y1 + on * dy, INK, 2)

    def mark(self, z, value):
        if self.shows(value):
            x, y = self.place(z, value)
            yield line(x, self.top, x, self.bottom, INK, 1, stroke_dasharray="2 3")
            yield element("circle", cx=x, cy=y, r=6, fill=INK, stroke="#fff", stroke_width=1.5)

    def value(self, z, value, words):
        x, y = self.place(z, min(max(value, self.low), self.high))
        side, anchor = (-12, "end") if z > 0 else (12, "start")
        below = y < self.top + 20
        # A white edge around the letters keeps them readable on the curve.
        halo = {"stroke": "#fff", "stroke_width": 4, "paint_order": "stroke"}
        return text(x + side, y + 20 if below else y - 8, words, 13, anchor, **halo)
