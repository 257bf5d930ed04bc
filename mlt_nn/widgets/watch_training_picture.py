"""The picture of a network with two inputs in training: its hidden neurons, its border, its loss."""

import math
from typing import NamedTuple

import numpy as np
from matplotlib.colors import to_rgb

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing, signed
from mlt_nn.plots.look import contours, drawable, embedded, figures, largest, short
from mlt_nn.plots.svg import element
from mlt_nn.support.colors import BLUE, GRAY, INK, MISSING, PALE, VERMILION, WHITE
from mlt_nn.widgets.one_neuron_picture import Problem

REACH = 2.5
"""Both inputs go from -REACH to REACH in the plane."""
CELLS = 40
_TICKS = np.linspace(-REACH, REACH, CELLS + 1)
_GRID = np.stack(np.meshgrid(_TICKS, _TICKS), axis=-1).reshape(-1, 2)
_HIGH = 280  # of the plane, and of all hidden neurons together
_TOP = 36
_LETTERS = 15
# Where the activation is what it is at z = 0, its field is white; so far from there it has the full color. Where an
# activation has no ends, that is the largest activation of all neurons in sight.
_MIDDLE, _FULL = {"sigmoid": 0.5}, {"sigmoid": 0.5, "tanh": 1.0}
CAPTION = (
    "Small: what a hidden neuron says, blue (+) above its value at z = 0, orange (\N{MINUS SIGN}) below. "
    "Edges: blue positive, orange dashed negative, thick large; the last: weight to class 1 (circles) minus that to 0."
)


NEARLY_ZERO = 0.05
"""A weight closer to 0 is drawn as one that is 0."""


class Unseen(NamedTuple):
    """What a network says of points that it does not learn from, at the start and after each epoch."""

    right: list
    """How many are on the right side."""
    losses: np.ndarray
    """The loss per point."""


class Watched(NamedTuple):
    """A training at one epoch."""

    problem: Problem
    activation: str
    parameters: list
    """(W, b) at the start and after each epoch."""
    activations: list
    """The activations at the points of the problem with each of these."""
    losses: np.ndarray
    """The loss with each of these."""
    epoch: int
    unseen: Unseen | None = None
    """With it, all losses are those per point."""

    @property
    def W(self):
        return self.parameters[self.epoch][0]

    @property
    def b(self):
        return self.parameters[self.epoch][1]

    @property
    def A(self):
        return self.activations[self.epoch]

    @property
    def wrong(self):
        return wrong(self.problem, self.A[2])


def wrong(problem, Y_hat):
    """Whether each point is on the wrong side, shape (n,); one whose output is NaN is."""
    right = (Y_hat[:, 1] > Y_hat[:, 0]) == (problem.classes == 1)
    return ~(right & np.isfinite(Y_hat).all(axis=1))


def watch_training_picture(watched, forward_pass):
    """Draw the training at that epoch; forward_pass is the reader's function."""
    with np.errstate(all="ignore"):
        Z, A = forward_pass(_GRID, watched.W, watched.b, watched.activation)
        hidden = [_field(column - _MIDDLE.get(watched.activation, 0.0)) for column in A[1].T]
        certainty, score = (_field(output[:, 1] - output[:, 0]) for output in (A[2], Z[2]))
    *own_lines, border = [contours(_TICKS, _TICKS, z).lines(0.0) for z in (*Z[1].T, score)]
    drawing = Drawing(760, 388)
    _network(drawing, watched, hidden, own_lines)
    _plane(drawing, watched, certainty, border, own_lines)
    _loss(drawing, watched)
    _key(drawing)
    return drawing.picture(CAPTION, _words(watched))


def _field(column):
    """Numbers at the points of the grid, as a matrix of the plane; NaN where there is none."""
    return drawable(column)[0].reshape(CELLS + 1, CELLS + 1)


def _network(drawing, watched, hidden, own_lines):
    drawing.heading(10, 16, "What each hidden neuron says")
    n = len(hidden)
    pitch = min(_HIGH / n, 92)
    side, left, middle = pitch - 5, 98, _TOP + _HIGH / 2
    into, out = watched.W[1], watched.W[2][:, 1] - watched.W[2][:, 0]
    inputs = [(26, middle - 60), (26, middle + 60)]
    heights = [middle + pitch * (j - (n - 1) / 2) for j in range(n)]
    most = largest(into), largest(out)
    for j, height in enumerate(heights):
        for i, spot in enumerate(inputs):
            drawing.line(*spot, left, height, **_edge(into[i, j], most[0]))
        drawing.line(left + side, height, 264, middle, **_edge(out[j], most[1]))
    for name, (x, y) in zip(("x_1", "x_2"), inputs, strict=True):
        drawing.circle(x, y, 16)
        drawing.text(x, y, name, _LETTERS)
    full = _FULL.get(watched.activation) or largest(*hidden)
    for j, (height, field) in enumerate(zip(heights, hidden, strict=True)):
        axes = Axes(drawing, left, height - side / 2, side, side, (-REACH, REACH), (-REACH, REACH))
        _shade(axes, field / full)
        _lines(axes, own_lines[j], INK, 1, "3 3")
        _signs(axes, field / full)
        drawing.box(axes.left, axes.top, side, side, "none", INK, 1)
        drawing.text(left + side + 10, height - 9, str(j + 1), _LETTERS, weight="bold", halo=True)
    drawing.arrow(264, middle, 284, middle)


def _edge(weight, most):
    return signed(0.0 if abs(weight) < NEARLY_ZERO else float(weight), most)


def _signs(axes, field):
    """A sign in the corner where the neuron says most, and in that where it says least: color is not all."""
    corners = {(row, column): field[row, column] for row in (8, -9) for column in (8, -9)}
    for best, sign in ((max, "+"), (min, "\N{MINUS SIGN}")):
        row, column = best(corners, key=lambda place: np.nan_to_num(corners[place]))
        if corners[row, column] * (1 if sign == "+" else -1) > 0.05:
            x, y = axes.place(_TICKS[column], _TICKS[row])
            axes.drawing.text(x, y, sign, _LETTERS, weight="bold")


def _plane(drawing, watched, certainty, border, own_lines):
    axes = Axes(drawing, 310, _TOP, _HIGH, _HIGH, (-REACH, REACH), (-REACH, REACH), _LETTERS)
    drawing.heading(axes.left, 16, f"What the network says: epoch {watched.epoch}")
    _shade(axes, certainty)
    ticks = {tick: str(tick) for tick in (-2, -1, 0, 1, 2)}
    axes.scales(ticks, ticks, "x_1", "", grid="none", framed=True)
    drawing.text(axes.left - 9, _TOP + 4, "x_2", _LETTERS, "end")
    for lines in own_lines:
        _lines(axes, lines, GRAY, 1.2, "4 3")
    _lines(axes, border, INK, 3)
    taken: list = []
    for j, lines in enumerate(own_lines):
        _number(axes, lines, str(j + 1), taken)
    # Those on the wrong side last, so that nothing covers their rims.
    for i in np.argsort(watched.wrong, kind="stable"):
        x, y = axes.place(*watched.problem.points[i])
        _point(drawing, x, y, watched.problem.classes[i], watched.wrong[i])


def _point(drawing, x, y, kind, is_wrong):
    edge, width = (INK, 2.5) if is_wrong else (WHITE, 1)
    drawing.mark(x, y, kind == 1, 4.5, 4, edge=edge, width=width)


def _shade(axes, field):
    """The plane in colors: blue above 0, vermilion below, white at 0, the full color from 1 on."""
    share = 0.55 * np.clip(np.nan_to_num(field), -1, 1)[..., np.newaxis]
    colors = 1 + np.abs(share) * (np.where(share > 0, to_rgb(BLUE), to_rgb(VERMILION)) - 1)
    colors[np.isnan(field)] = to_rgb(MISSING)
    source = embedded(np.clip(colors[::-1], 0, 1))
    width, height = axes.right - axes.left, axes.bottom - axes.top
    # The grid's outer points lie on the frame, so that half of their pixels is outside.
    across, down = width / CELLS, height / CELLS
    place = {"x": -across / 2, "y": -down / 2, "width": width + across, "height": height + down}
    image = element("image", href=source, preserveAspectRatio="none", **place)
    axes.drawing.add("svg", image, x=axes.left, y=axes.top, width=width, height=height)


def _lines(axes, lines, color, width, dash=""):
    for line in lines:
        axes.drawing.polyline([axes.place(*point) for point in line], color, width, dash)


def _number(axes, lines, number, taken):
    """A number at an end of the line, or as near to it as the numbers leave room."""
    if lines:
        line = lines[0] if _rank(lines[0][0]) >= _rank(lines[0][-1]) else lines[0][::-1]
        inside = [
            (min(max(x, axes.left + 9), axes.right - 9), min(max(y, axes.top + 9), axes.bottom - 9))
            for x, y in (axes.place(*point) for point in line)
        ]
        free = (place for place in inside if all(math.dist(place, other) > 18 for other in taken))
        taken.append(next(free, inside[0]))
        axes.drawing.text(*taken[-1], number, _LETTERS, weight="bold", halo=True)


def _rank(end):
    return end[0] + 0.9 * end[1]


def _loss(drawing, watched):
    unseen, now, left = watched.unseen, watched.epoch, 616
    drawing.heading(left, 16, "Loss per point" if unseen else "Loss")
    losses = drawable(watched.losses, log=True)[0]
    others = drawable(unseen.losses, log=True)[0] if unseen else np.zeros(0)
    drawn = np.concatenate([losses, others])
    low = math.floor(_log(np.nanmin(drawn, initial=1.0)))
    high = max(math.ceil(_log(np.nanmax(drawn, initial=1.0))), low + 1)
    axes = Axes(drawing, 662, _TOP, 80, 130, (0, len(losses) - 1), (low, high), _LETTERS)
    decades = {power: short(10.0**power) for power in range(low, high + 1, 1 + (high - low) // 5)}
    axes.scales({0: "0", axes.x[1]: str(axes.x[1])}, decades, "epoch", "", framed=True)
    curve = [(epoch, _log(loss)) for epoch, loss in enumerate(losses)]
    axes.line(curve, PALE, 2)
    axes.line(((epoch, _log(loss)) for epoch, loss in enumerate(others)), VERMILION, 2, "5 3")
    axes.line(curve[: now + 1], BLUE, 2.5)
    if axes.shows(*curve[now]):
        drawing.circle(*axes.place(*curve[now]), 5, INK, WHITE, 1)
    drawing.heading(left, 230, f"{np.sum(~watched.wrong)} of {len(watched.wrong)} right")
    said = [(left, f"loss {short(watched.losses[now])}")]
    if unseen:
        drawing.line(left, 280, left + 22, 280, VERMILION, 2, "5 3")
        said += [
            (left + 30, "others:"),
            (left, f"{unseen.right[now]} right"),
            (left, f"loss {short(unseen.losses[now])}"),
        ]
    for k, (x, words) in enumerate(said):
        drawing.text(x, 254 + 25 * k, words, _LETTERS, "start")


def _key(drawing):
    left, y = 10, 374
    _point(drawing, left + 5, y, 1, True)
    _point(drawing, left + 18, y, 0, True)
    drawing.line(left + 230, y, left + 252, y, INK, 3)
    drawing.line(left + 460, y, left + 482, y, GRAY, 1.2, "4 3")
    for k, words in enumerate(("on the wrong side", "the network's border", "a neuron's z = 0")):
        drawing.text(left + 30 + 230 * k, y, words, _LETTERS, "start")


def _log(value):
    return math.log10(value) if value > 0 else math.nan


def _words(watched):
    W, b, wrong = watched.W, watched.b, watched.wrong
    out = W[2][:, 1] - W[2][:, 0]
    neurons = "; ".join(
        f"neuron {j + 1}: {figures(W[1][0, j])}, {figures(W[1][1, j])} and {figures(b[1][j])}, out {figures(out[j])}"
        for j in range(len(out))
    )
    unseen = watched.unseen and (
        f"Of points not learned from {watched.unseen.right[watched.epoch]} are right, loss per point "
        f"{figures(watched.unseen.losses[watched.epoch])}. "
    )
    return (
        f"{watched.problem.name}, {len(out)} hidden neurons with {watched.activation}, epoch {watched.epoch} of "
        f"{len(watched.losses) - 1}: {np.sum(wrong)} of {len(wrong)} points on the wrong side, loss "
        f"{figures(watched.losses[watched.epoch])}. {unseen or ''}"
        f"Weights and bias of each hidden neuron, and its weight to class 1 minus that to class 0: {neurons}."
    )
