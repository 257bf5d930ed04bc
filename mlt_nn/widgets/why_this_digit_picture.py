"""The picture of a vote between two classes: the image, its gradient, and the hidden neurons' votes as a waterfall."""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import drawable, embedded, figures, largest, short
from mlt_nn.plots.matrix_charts import DOTTED, SIGNED
from mlt_nn.support.colors import BLUE, GRAY, INK, PALE, VERMILION, WHITE
from mlt_nn.widgets.reading_picture import percent

RATE = 0.02
"""How much of its gradient each pixel loses in a step that changes all of them."""
SHOWN = 6  # neurons with a row of their own
LEFT, TOP, SIDE, BELOW = 14, 32, 168, 244  # of the image; the top of the gradient
SMALL, ROW, LINE = 56, 57, 21  # a neuron's image, its row, and the rows below them
NEURON, BAR, END, VALUE = 194, 370, 634, 702


class Moment(NamedTuple):
    """An image, and what the network makes of it."""

    pixels: np.ndarray
    hidden: np.ndarray
    """The activations of the hidden layer."""
    scores: np.ndarray
    probabilities: np.ndarray
    slope: np.ndarray
    """For each pixel, the derivative of the score of the one class minus that of the other."""

    @property
    def next(self):
        """The pixel by which the other class would gain most, how much ink it would get, and that gain."""
        end = self.slope < 0
        gain = np.abs(self.slope * (end - self.pixels))
        j = int(np.argmax(gain))
        return j, float(end[j]), float(gain[j])


class Case(NamedTuple):
    """An image on its way from the class it was read as to another one."""

    said: int
    rival: int
    label: int | None
    weights: np.ndarray
    """Of each hidden neuron, from the pixels, shape (m, S_1)."""
    out: np.ndarray
    """Of each hidden neuron, the weight to the one class minus that to the other."""
    bias: float
    """The same for the biases."""
    one_pixel: bool
    """Whether a step changes one pixel, or all of them."""
    path: list
    """The `Moment` at the start and after each step."""
    step: int

    @property
    def now(self):
        return self.path[self.step]

    @property
    def coming(self):
        """What the next step does, in words."""
        if not self.one_pixel:
            return f"all pixels, less {RATE} times the gradient"
        j, end, gain = self.now.next
        row, column = divmod(j, math.isqrt(self.now.pixels.size))
        return f"row {row}, column {column} to {'ink' if end else 'paper'}" if gain > 0 else "no pixel helps"

    @property
    def turn(self):
        """The first step after which the other class is read, or the last one."""
        read = [int(np.argmax(moment.probabilities)) for moment in self.path]
        return read.index(self.rival) if self.rival in read else len(read) - 1

    @property
    def shown(self):
        """The neurons whose votes counted most at the start, so that one can follow a row while the ink changes."""
        return np.argsort(-np.abs(self.path[0].hidden * self.out), kind="stable")[:SHOWN]

    def votes(self, step):
        """What adds up to the difference of the scores, as {words: number}."""
        votes, shown = self.path[step].hidden * self.out, self.shown
        rows = {f"neuron {j}": float(votes[j]) for j in shown}
        if len(votes) > len(shown):
            rows[f"the other {len(votes) - len(shown)}"] = float(np.delete(votes, shown).sum())
        return rows | {"biases": float(self.bias)}


def why_this_digit_picture(case):
    """Draw the votes at that step."""
    drawing = Drawing(712, 456)
    label = "" if case.label is None else f" (label {case.label})"
    drawing.heading(LEFT, 16, f"The image{label}")
    ink = 1 - np.clip(np.nan_to_num(case.now.pixels), 0, 1)
    _image(drawing, LEFT, TOP, SIDE, np.repeat(_square(ink)[..., np.newaxis], 3, axis=2))
    drawing.heading(LEFT, BELOW - 18, "Its gradient")
    slope = _wide(case.now.slope)
    _image(drawing, LEFT, BELOW, SIDE, _signed(slope, largest(slope)))
    _dots(drawing, BELOW, slope < DOTTED * largest(slope))
    for k, (words, color) in enumerate(((str(case.said), BLUE), (f"{case.rival} (dots)", VERMILION))):
        drawing.text(LEFT, BELOW + SIDE + 16 + 18 * k, f"ink helps {words}", 14, "start", color, "bold")
    if case.one_pixel:
        for j in np.flatnonzero(case.now.pixels != case.path[0].pixels):
            _ring(drawing, TOP, case, j, VERMILION)
        j, _, gain = case.now.next
        if gain > 0:
            _ring(drawing, BELOW, case, j, INK)
    _neurons(drawing, case)
    _waterfall(drawing, case)
    caption = (
        f"Blue speaks for {case.said}, orange for {case.rival}. A bar: activation · (weight to {case.said} "
        f"\N{MINUS SIGN} weight to {case.rival}). A small image: ink · weights · the same; with the share of the "
        "neuron's bias it adds up to the bar."
    )
    return drawing.picture(caption, _words(case))


def _wide(values):
    return np.asarray(values, dtype=np.float64)


def _square(values):
    side = math.isqrt(values.size)
    return values.reshape(side, side)


def _signed(values, full):
    """An image of numbers: blue above 0, vermilion below, the full color from `full` on."""
    return SIGNED((1 + np.clip(_square(drawable(_wide(values))[0]) / full, -1, 1)) / 2, bytes=True)


def _image(drawing, left, top, side, colors):
    drawing.add("image", href=embedded(colors), x=left, y=top, width=side, height=side, image_rendering="pixelated")
    drawing.box(left, top, side, side, "none", GRAY, 1)


def _dots(drawing, top, where):
    n = math.isqrt(where.size)
    places = ((LEFT + (j % n + 0.5) * SIDE / n, top + (j // n + 0.5) * SIDE / n) for j in np.flatnonzero(where))
    d = "".join(f"M{x:.1f},{y:.1f}h0" for x, y in places)
    drawing.add("path", d=d, stroke="black", stroke_width=2, stroke_linecap="round")


def _ring(drawing, top, case, j, color):
    n = math.isqrt(case.now.pixels.size)
    size = SIDE / n
    place = LEFT + j % n * size - 1, top + j // n * size - 1, size + 2, size + 2
    drawing.box(*place, "none", WHITE, 4)
    drawing.box(*place, "none", color, 2)


def _neurons(drawing, case):
    drawing.heading(NEURON, 16, "What each hidden neuron votes")
    start = [_wide(case.weights[:, j] * case.out[j] * case.path[0].pixels) for j in case.shown]
    strong = np.abs(drawable(np.concatenate(start))[0])
    # One scale for all; a single strong pixel must not bleach the others.
    full = float(np.quantile(strong[strong > 0], 0.95)) if np.any(strong > 0) else 1.0
    for row, j in enumerate(case.shown):
        top, left = TOP + ROW * row, NEURON + SMALL + 8
        _image(drawing, NEURON, top, SMALL, _signed(case.weights[:, j] * case.out[j] * case.now.pixels, full))
        drawing.heading(left, top + 18, f"neuron {j}", 14)
        a = case.now.hidden[j]
        drawing.text(left, top + 38, f"{short(a)} · {short(case.out[j])}" if a else "silent", 14, "start")


def _waterfall(drawing, case):
    rows, n, now = case.votes(case.step), len(case.shown), case.now
    sums = np.cumsum([0.0, *rows.values()])
    heights = [TOP + ROW * row + SMALL / 2 for row in range(n)]
    heights += [TOP + ROW * n + LINE * (row + 0.5) for row in range(len(rows) - n + 1)]
    axes = Axes(drawing, BAR, TOP, END - BAR, heights[-1] + 14 - TOP, _reach(case), (0, 1))
    zero, _ = axes.place(0, 0)
    drawing.line(zero, TOP - 4, zero, axes.bottom, INK)
    for y, (name, value), (start, end) in zip(heights, rows.items(), pairwise(sums), strict=False):
        if y in heights[n:]:
            drawing.heading(NEURON, y, name, 14)
        _bar(drawing, axes, start, end, y, BLUE if value > 0 else VERMILION)
        drawing.text(VALUE, y, _with_sign(value), 14, "end", weight="bold")
    for (y, lower), at in zip(pairwise(heights), sums[1:], strict=True):
        if axes.shows(at, 0):
            x, _ = axes.place(at, 0)
            drawing.line(x, y, x, lower, PALE, 1, "2 2")
    score = now.scores[case.said] - now.scores[case.rival]
    drawing.heading(NEURON, heights[-1], f"score of {case.said} \N{MINUS SIGN} score of {case.rival}", 14)
    _bar(drawing, axes, 0.0, float(score), heights[-1], INK)
    drawing.text(VALUE, heights[-1], _with_sign(score), 14, "end", weight="bold")
    said, rival = (f"{kind}: {percent(now.probabilities[kind])}" for kind in (case.said, case.rival))
    drawing.text(VALUE, 16, f"softmax {said}, {rival}", 14, "end")
    y = axes.bottom + 7
    drawing.text(zero - 8, y, f"\N{LEFTWARDS ARROW} for {case.rival}", 14, "end", VERMILION, "bold")
    drawing.text(zero + 8, y, f"for {case.said} \N{RIGHTWARDS ARROW}", 14, "start", BLUE, "bold")


def _reach(case):
    """The ends of the scale: the same from the start to the step at which the verdict turns."""
    sums = [np.cumsum([0.0, *case.votes(step).values()]) for step in {0, case.turn, case.step}]
    shown = np.nan_to_num(drawable(np.concatenate(sums))[0])
    room = 0.03 * np.ptp(shown) or 1.0
    return float(shown.min() - room), float(shown.max() + room)


def _bar(drawing, axes, start, end, y, color):
    """A bar with a tip at its end."""
    if not (axes.shows(start, 0) and axes.shows(end, 0)):
        return  # not a number, or out of all proportion
    (left, _), (right, _) = axes.place(start, 0), axes.place(end, 0)
    tip = right - max(min(6.0, right - left), -6.0)
    drawing.polygon([(left, y - 7), (tip, y - 7), (right, y), (tip, y + 7), (left, y + 7)], color)


def _with_sign(value):
    return f"+{short(value)}" if value > 0 else short(value)


def _words(case):
    start, now = case.path[0].pixels, case.now
    votes = ", ".join(f"{words} {figures(value)}" for words, value in case.votes(case.step).items())
    label = "" if case.label is None else f" of an image labelled {case.label}"
    return (
        f"{case.said} or {case.rival}, the vote{label}, {np.count_nonzero(now.pixels != start)} of {start.size} pixels "
        f"changed. For {case.said} where positive, for {case.rival} where negative: {votes}. The score of {case.said} "
        f"minus that of {case.rival}: {figures(now.scores[case.said] - now.scores[case.rival])}. "
        f"Next: {case.coming}."
    )
