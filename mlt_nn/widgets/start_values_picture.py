"""The picture of the start values: where the weights of each hidden neuron are, and what the neurons say."""

import math

import numpy as np

from mlt_nn.plots.look import BLUE, FAINT, INK, VERMILION, figures
from mlt_nn.plots.picture import Picture
from mlt_nn.plots.svg import drawing, element, line, polyline, text

WIDTH, HEIGHT = 720, 392
REACH = 2.5
"""The plane of the weights goes from -REACH to REACH; what is outside is drawn on its edge."""
_SIDE, _LEFT, _TOP = 288, 60, 46
_CELL_WIDTH, _CELL_HEIGHT, _TABLE_LEFT = 62, 36, 442
# Rings of four sizes and numbers at four corners: four neurons in one place are still seen to be four.
_RADII = (13, 10, 7, 4)
_CORNERS = ((14, -12), (14, 21), (-14, 21), (-14, -12))
_COLORS = (BLUE, VERMILION, "#009E73", INK)
_HALO = {"stroke": "#FFFFFF", "stroke_width": 3, "paint_order": "stroke"}
_DASHES = ("none", "6 2", "2 2", "7 2 1 2")


def start_values_picture(history, A_1, title, caption):
    """The four hidden neurons at one step of the training.

    Arguments:
        history: W[1] at each step so far, shape (steps + 1, 2, 4): two weights come into each neuron.
        A_1: the activations of the hidden layer now, shape (points, 4).
        title: the start values and the activation, in a few words.
        caption: what to see.
    """
    parts = [
        text(20, 24, f"Weights W[1]: {title}", 15, font_weight="bold"),
        text(_TABLE_LEFT, 24, "Activations A[1]", 15, font_weight="bold"),
        *_axes(),
        *(part for j in range(4) for part in _neuron(history[:, :, j], j)),
        *_table(A_1),
    ]
    now = ", ".join(f"neuron {j + 1} at ({figures(w1)}, {figures(w2)})" for j, (w1, w2) in enumerate(history[-1].T))
    rows = "; ".join(", ".join(f"{value:.2f}" for value in row) for row in A_1)
    alt = f"{title}, step {len(history) - 1}. Weights into the hidden neurons: {now}. A[1], one row a point: {rows}."
    return Picture(drawing(WIDTH, HEIGHT, *parts), caption, alt, WIDTH)


def _axes():
    bottom, middle = _TOP + _SIDE, _TOP + _SIDE / 2
    parts = [element("rect", x=_LEFT, y=_TOP, width=_SIDE, height=_SIDE, fill="none", stroke="#777777")]
    for tick in (-2, -1, 0, 1, 2):
        x, y = _place(tick, tick)
        color = "#999999" if tick == 0 else FAINT
        parts += [line(x, _TOP, x, bottom, color, 1), line(_LEFT, y, _LEFT + _SIDE, y, color, 1)]
        parts += [text(x, bottom + 17, str(tick), 12, "middle"), text(_LEFT - 8, y + 4, str(tick), 12, "end")]
    parts.append(text(_LEFT + _SIDE / 2, bottom + 38, "weight from input 1", 13, "middle"))
    parts.append(text(22, middle, "weight from input 2", 13, "middle", transform=f"rotate(-90 22 {middle})"))
    return parts


def _neuron(weights, j):
    """The way of one neuron's weights, shape (steps + 1, 2): a dot at the start, a ring now."""
    places = [_place(w1, w2) for w1, w2 in weights if math.isfinite(w1) and math.isfinite(w2)]
    if not places:
        return []
    (start_x, start_y), (x, y) = places[0], places[-1]
    (dx, dy), color = _CORNERS[j], _COLORS[j]
    return [
        polyline(places, color, 2, stroke_dasharray=_DASHES[j]),
        element("circle", cx=start_x, cy=start_y, r=3, fill=color),
        element("circle", cx=x, cy=y, r=_RADII[j], fill="none", stroke=color, stroke_width=2.5),
        text(x + dx, y + dy, str(j + 1), 13, "middle", color, font_weight="bold", **_HALO),
    ]


def _table(A_1):
    parts = [text(_TABLE_LEFT - 26, _TOP + 14, "point", 12, "middle")]
    parts += [text(_TABLE_LEFT + (j + 0.5) * _CELL_WIDTH, _TOP + 14, f"neuron {j + 1}", 12, "middle") for j in range(4)]
    finite = np.abs(A_1[np.isfinite(A_1)])
    largest = max(1.0, float(finite.max())) if finite.size else 1.0
    for i, row in enumerate(A_1):
        top = _TOP + 24 + i * _CELL_HEIGHT
        parts.append(text(_TABLE_LEFT - 26, top + 23, str(i + 1), 12, "middle"))
        for j, value in enumerate(row):
            left = _TABLE_LEFT + j * _CELL_WIDTH
            shade = 0.55 * abs(float(value)) / largest if math.isfinite(value) else 0.0
            cell = {"width": _CELL_WIDTH - 3, "height": _CELL_HEIGHT - 3}
            parts.append(element("rect", x=left, y=top, fill=BLUE, fill_opacity=f"{shade:.3f}", stroke=FAINT, **cell))
            shown = f"{value:.2f}" if abs(value) < 1000 else figures(value)
            parts.append(text(left + (_CELL_WIDTH - 3) / 2, top + 22, shown, 12, "middle", INK))
    return parts


def _place(w1, w2):
    x, y = (min(max(float(weight), -REACH), REACH) / REACH for weight in (w1, w2))
    return _LEFT + (1 + x) / 2 * _SIDE, _TOP + (1 - y) / 2 * _SIDE
