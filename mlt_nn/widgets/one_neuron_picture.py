"""The picture of one neuron with two inputs: its edges on the left, what it decides in the plane on the right."""

import math
from typing import NamedTuple

import numpy as np

from mlt_nn.plots.look import BLUE, INK, VERMILION, figures
from mlt_nn.plots.picture import Picture
from mlt_nn.plots.svg import drawing, element, line, polygon, text

WIDTH, HEIGHT = 720, 370
LOW, HIGH = -1.0, 2.0
"""The range of both inputs in the plane."""
CELLS = 24
_HALVINGS = 7  # of the side of a cell: closer than a tenth of a pixel
SIDE = 288
_LEFT, _TOP = 400, 40


class Problem(NamedTuple):
    """Points in the plane, and the class of each: 0 or 1."""

    name: str
    points: np.ndarray
    classes: np.ndarray


def one_neuron_picture(problem, w, b, threshold, activation):
    """Draw a neuron with weights w, shape (2,), and bias b.

    Arguments:
        problem: the points that it should tell apart.
        threshold: the neuron says 1 where its activation is at least this.
        activation: its activations at the rows (a1, a2) of an array, as a function.

    Returns:
        The `Picture`.
    """
    at_points = activation(problem.points)
    right = is_right(problem, at_points, threshold)
    parts = [
        text(20, 24, "The neuron", 15, font_weight="bold"),
        text(_LEFT, 24, f"What it decides: {problem.name}", 15, font_weight="bold"),
        *_edges(w, b),
        *_field(activation, threshold),
        *_axes(),
        *_line(w, b),
        *_points(problem, at_points, right),
    ]
    caption = (
        "Left: a blue solid edge has a positive weight, an orange dashed one a negative; thick means far from 0. "
        "Right: blue where the neuron says 1, orange where it says 0; the black line is z = 0, and its arrow points to "
        "larger z. Circles should get a 1, squares a 0; a cross marks a point that it gets wrong."
    )
    alt = (
        f"A neuron with w1 = {figures(w[0])}, w2 = {figures(w[1])}, b = {figures(b)}, and the problem {problem.name}: "
        f"{np.sum(right)} of {len(right)} points are right. " + line_in_words(w, b)
    )
    return Picture(drawing(WIDTH, HEIGHT, *parts), caption, alt, WIDTH)


def is_right(problem, at_points, threshold):
    """Whether the neuron gives each point its class, shape (n,); a NaN is never right."""
    return np.isfinite(at_points) & ((at_points >= threshold) == (problem.classes == 1))


def line_in_words(w, b):
    """Where the neuron is undecided, as a sentence."""
    if not np.any(w):
        return "Both weights are 0, so there is no line: the answer is the same everywhere."
    equation = f"{figures(w[0])} a1 {_signed(w[1])} a2 {_signed(b)} = 0"
    return f"The line is {equation}." if _ends(w, b) else f"The line {equation} runs outside the picture."


def _signed(value):
    return f"{'-' if value < 0 else '+'} {figures(abs(value))}"


def _look(weight):
    """The color, dashes and thickness that show the sign and the size of a weight."""
    thick = 1 + 7 * math.tanh(abs(weight) / 3) if math.isfinite(weight) else 1
    return {"color": BLUE if weight >= 0 else VERMILION, "width": thick} | (
        {} if weight >= 0 else {"stroke_dasharray": "9 5"}
    )


def _edges(w, b):
    center, middle = (276, 184), 184
    starts = (("a\u2081", "w\u2081", 84, w[0]), ("a\u2082", "w\u2082", middle, w[1]), ("1", "b", 284, b))
    for name, weight, y, value in starts:
        yield line(60, y, *center, **_look(value))
        yield element("circle", cx=46, cy=y, r=20, fill="#fff", stroke=INK, stroke_width=1.5)
        yield text(46, y + 5, name, 15, "middle")
        # The label stands on its edge, about halfway to the neuron.
        x, height = 60 + 0.45 * (center[0] - 60), y + 0.45 * (center[1] - y)
        yield element("rect", x=x - 42, y=height - 12, width=84, height=23, rx=5, fill="#fff", stroke="#bbb")
        yield text(x, height + 5, f"{weight} = {figures(value)}", 14, "middle")
    yield line(*center, 352, middle)
    yield element("path", d="M352,179 l10,5 l-10,5 z", fill=INK)
    yield element("circle", cx=center[0], cy=center[1], r=40, fill="#fff", stroke=INK, stroke_width=1.5)
    yield text(center[0], center[1] - 4, "z", 14, "middle")
    yield text(center[0], center[1] + 16, "a = g(z)", 14, "middle")
    yield text(338, 172, "a", 15, "middle", font_style="italic")
    yield text(20, 346, "z = w\u2081 a\u2081 + w\u2082 a\u2082 + b", 15)


def _place(a1, a2):
    """The pixel of a point of the plane."""
    return _LEFT + (a1 - LOW) / (HIGH - LOW) * SIDE, _TOP + (HIGH - a2) / (HIGH - LOW) * SIDE


def _field(activation, threshold):
    """The plane in colored cells, deeper where the activation is further from the threshold.

    A cell that the border between 0 and 1 crosses is cut along it. Where on the cell's sides it does so is found by
    halving, with the neuron itself: nothing is taken for granted about the border.
    """
    ticks = np.linspace(LOW, HIGH, CELLS + 1)
    corners = np.stack(np.meshgrid(ticks, ticks), axis=2)
    distance = (activation(corners.reshape(-1, 2)) - threshold).reshape(CELLS + 1, CELLS + 1)
    with np.errstate(invalid="ignore"):
        ones = distance >= 0
    finite = np.abs(distance[np.isfinite(distance)])
    # A step has a distance of 1/2 everywhere, and so the full color.
    full = max(float(finite.max(initial=0.0)), 0.5)
    around = ((0, 0), (0, 1), (1, 1), (1, 0))
    cut, pieces = [], []
    for row in range(CELLS):
        shades = []
        for column in range(CELLS):
            places = [(row + up, column + right) for up, right in around]
            values = np.array([distance[place] for place in places])
            says_one = [bool(ones[place]) for place in places]
            if all(says_one) or not any(says_one) or not np.isfinite(values).all():
                shades.append(_shade(values.mean() / full))
            else:
                shades.append(_shade(values[np.logical_not(says_one)].mean() / full))
                cut.append(([corners[place] for place in places], says_one, _shade(values[says_one].mean() / full)))
        pieces += _row_of_cells(row, shades)
    return [*pieces, *_cut_cells(activation, threshold, cut)]


def _row_of_cells(row, shades):
    size, start = SIDE / CELLS, 0
    for column in range(1, CELLS + 1):
        # Neighbors of one shade are one rectangle: fewer of them draw faster.
        if column == CELLS or shades[column] != shades[start]:
            place = {"x": _LEFT + start * size, "y": _TOP + (CELLS - 1 - row) * size}
            sides = {"width": (column - start) * size, "height": size}
            yield element("rect", **place, **sides, fill=shades[start], shape_rendering="crispEdges")
            start = column


def _cut_cells(activation, threshold, cells):
    """The part of each cell in which the neuron says 1, as a polygon.

    Arguments:
        cells: a list of (its four corners in order, whether the neuron says 1 there, the color of that part).
    """
    sides = [
        (corners[k - 1], corners[k]) if says_one[k - 1] else (corners[k], corners[k - 1])
        for corners, says_one, _ in cells
        for k in range(4)
        if says_one[k - 1] != says_one[k]
    ]
    if not sides:
        return
    one, zero = (np.array(ends) for ends in zip(*sides, strict=True))
    for _ in range(_HALVINGS):
        middle = (one + zero) / 2
        says_one = (activation(middle) >= threshold)[:, np.newaxis]
        one, zero = np.where(says_one, middle, one), np.where(says_one, zero, middle)
    crossings = iter((one + zero) / 2)
    for corners, says_one, shade in cells:
        outline = []
        for k in range(4):
            if says_one[k - 1] != says_one[k]:
                outline.append(next(crossings))
            if says_one[k]:
                outline.append(corners[k])
        yield polygon([_place(a1, a2) for a1, a2 in outline], shade, shape_rendering="crispEdges")


def _shade(share):
    if not math.isfinite(share):
        return "#BBBBBB"
    end = (0x8F, 0xC4, 0xE6) if share >= 0 else (0xF6, 0xBE, 0x92)
    depth = round(0.15 + 0.85 * min(abs(share), 1), 1)
    return "#" + "".join(f"{round(255 + (part - 255) * depth):02X}" for part in end)


def _axes():
    for value in (-1, 0, 1, 2):
        x, y = _place(value, value)
        yield text(x, _TOP + SIDE + 17, str(value), 12, "middle")
        yield text(_LEFT - 8, y + 4, str(value), 12, "end")
        if value in (0, 1):
            yield line(x, _TOP, x, _TOP + SIDE, "#ffffff", 1)
            yield line(_LEFT, y, _LEFT + SIDE, y, "#ffffff", 1)
    yield element("rect", x=_LEFT, y=_TOP, width=SIDE, height=SIDE, fill="none", stroke="#777")
    yield text(_LEFT + SIDE / 2, _TOP + SIDE + 33, "input a\u2081", 13, "middle")
    yield text(0, 0, "input a\u2082", 13, "middle", transform=f"translate({_LEFT - 24},{_TOP + SIDE / 2}) rotate(-90)")


def _ends(w, b):
    """The two points in which the line z = 0 enters and leaves the plane, or None when it stays outside."""
    w1, w2 = (float(value) for value in w)
    crossings = []
    if w2:
        crossings += [(a1, (-b - w1 * a1) / w2) for a1 in (LOW, HIGH)]
    if w1:
        crossings += [((-b - w2 * a2) / w1, a2) for a2 in (LOW, HIGH)]
    inside = [point for point in crossings if all(LOW <= coordinate <= HIGH for coordinate in point)]
    # A line through a corner crosses two sides in one point.
    ends = min(inside, default=None), max(inside, default=None)
    return ends if ends[0] != ends[1] else None


def _line(w, b):
    ends = _ends(w, b)
    if ends is None:
        return
    (x1, y1), (x2, y2) = (_place(*end) for end in ends)
    yield line(x1, y1, x2, y2, INK, 3)
    length = math.hypot(*w)
    # On the page, a2 grows upward.
    right, up = w[0] / length, w[1] / length
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    tip_x, tip_y = x + 26 * right, y - 26 * up
    yield line(x, y, tip_x, tip_y, INK, 2)
    turn = math.degrees(math.atan2(-up, right))
    yield element(
        "path", d="M0,-5 L10,0 L0,5 z", fill=INK, transform=f"translate({tip_x:.1f},{tip_y:.1f}) rotate({turn:.1f})"
    )


def _points(problem, at_points, right):
    few, edge = len(right) <= 4, {"stroke": "#fff", "stroke_width": 2}
    half, arm, thick = (8, 14, 3) if few else (5.5, 7, 2)  # smaller where they would lie on each other
    for (a1, a2), wanted, activation, fine in zip(problem.points, problem.classes, at_points, right, strict=True):
        x, y = _place(a1, a2)
        if wanted == 1:
            yield element("circle", cx=x, cy=y, r=half + 1, fill=BLUE, **edge)
        else:
            yield element("rect", x=x - half, y=y - half, width=2 * half, height=2 * half, fill=VERMILION, **edge)
        if not fine:
            cross = f"M{x - arm:.1f},{y - arm:.1f} l{2 * arm},{2 * arm} m0,-{2 * arm} l-{2 * arm},{2 * arm}"
            yield element("path", d=cross, stroke=INK, stroke_width=thick)
        if few:
            halo = {"stroke": "#fff", "stroke_width": 3, "paint_order": "stroke"}
            yield text(x, y + 26, f"a = {figures(activation)}", 12, "middle", **halo)
