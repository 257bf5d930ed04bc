"""The picture of the start values: where the weights of each hidden neuron are, and what the neurons say."""

import math

import numpy as np

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import figures, largest
from mlt_nn.support.colors import BLUE, FAINT, INK, SERIES

REACH = 2.5
"""The plane of the weights goes from -REACH to REACH; what is outside is drawn on its edge."""
# Of each neuron: the radius of its ring, where its number stands beside it, its color and its dashes.
# Rings of four sizes and numbers at four corners: four neurons in one place are still seen to be four.
_NEURONS = (
    (13, 14, -17, SERIES[0], ""),
    (10, 14, 16, SERIES[1], "6 2"),
    (7, -14, 16, SERIES[2], "2 2"),
    (4, -14, -17, INK, "7 2 1 2"),
)
_TABLE_LEFT, _TABLE_TOP, _CELL_WIDTH, _CELL_HEIGHT = 442, 70, 62, 36


def start_values_picture(history, A_1, title, caption):
    """The four hidden neurons at one step of the training.

    Arguments:
        history: W[1] at each step so far, shape (steps + 1, 2, 4): two weights come into each neuron.
        A_1: the activations of the hidden layer now, shape (points, 4).
        title: the start values and the activation, in a few words.
        caption: what to see.
    """
    drawing = Drawing(720, 392)
    drawing.heading(20, 19, f"Weights W[1]: {title}")
    plane = Axes(drawing, 60, 46, 288, 288, (-REACH, REACH), (-REACH, REACH))
    ticks = {tick: str(tick) for tick in range(-2, 3)}
    plane.scales(ticks, ticks, "weight from input 1", "weight from input 2", framed=True)
    for j, look in enumerate(_NEURONS):
        _neuron(plane, history[:, :, j], j + 1, *look)
    drawing.heading(_TABLE_LEFT, 19, "Activations A[1]")
    _table(drawing, A_1)
    now = ", ".join(f"neuron {j + 1} at ({figures(w1)}, {figures(w2)})" for j, (w1, w2) in enumerate(history[-1].T))
    rows = "; ".join(", ".join(f"{value:.2f}" for value in row) for row in A_1)
    alt = f"{title}, step {len(history) - 1}. Weights into the hidden neurons: {now}. A[1], one row a point: {rows}."
    return drawing.picture(caption, alt)


def _neuron(plane, weights, number, radius, dx, dy, color, dash):
    """The way of one neuron's weights, shape (steps + 1, 2): a dot at the start, a ring now."""
    way = [plane.place(*np.clip(pair, -REACH, REACH)) for pair in weights if np.isfinite(pair).all()]
    if not way:
        return
    drawing, (x, y) = plane.drawing, way[-1]
    drawing.polyline(way, color, 2, dash)
    drawing.circle(*way[0], 3, color, "none")
    drawing.circle(x, y, radius, "none", color, 2.5)
    drawing.text(x + dx, y + dy, str(number), color=color, weight="bold", halo=True)


def _table(drawing, A_1):
    drawing.text(_TABLE_LEFT - 26, _TABLE_TOP - 14, "point", 12)
    most = max(1.0, largest(A_1))
    for j in range(4):
        drawing.text(_TABLE_LEFT + (j + 0.5) * _CELL_WIDTH, _TABLE_TOP - 14, f"neuron {j + 1}", 12)
    for i, row in enumerate(A_1):
        top, middle = _TABLE_TOP + i * _CELL_HEIGHT, _TABLE_TOP + (i + 0.5) * _CELL_HEIGHT - 1.5
        drawing.text(_TABLE_LEFT - 26, middle, str(i + 1), 12)
        for j, value in enumerate(row):
            left, width = _TABLE_LEFT + j * _CELL_WIDTH, _CELL_WIDTH - 3
            shade = 0.55 * min(abs(float(value)) / most, 1) if math.isfinite(value) else 0.0
            drawing.box(left, top, width, _CELL_HEIGHT - 3, BLUE, FAINT, 1, fill_opacity=shade)
            drawing.text(left + width / 2, middle, f"{value:.2f}" if abs(value) < 1000 else figures(value), 12)
