"""What a function of two inputs says in a plane, as colors: smooth where it is smooth, cut where it jumps."""

import functools

import numpy as np

from mlt_nn.plots.look import embedded, largest
from mlt_nn.support.colors import BLUE, MISSING, VERMILION, tint

CELLS = 24
_PIXELS = 6  # of the image, for each side of a cell
_HALVINGS = 7  # of the side of a cell: closer than a tenth of a pixel
_JUMP = 0.1  # of the largest distance, within so short a way
_STEPS = 32  # of a color, so close that nobody sees them, and the image stays small
_FULL = 0.44
# From what corners say to what pixels between them say, along one side.
_BETWEEN = np.array(
    [np.interp((np.arange(CELLS * _PIXELS) + 0.5) / _PIXELS, np.arange(CELLS + 1), one) for one in np.eye(CELLS + 1)]
)


def _depth(share):
    # A little away from the threshold the side is seen already.
    return np.minimum(np.abs(share), 1) ** 0.5


def _shade(share):
    return tint(BLUE if share >= 0 else VERMILION, _FULL * float(_depth(share)))


# From the deepest orange to the deepest blue, and what is no number.
_SHADES = np.array(
    [[*bytes.fromhex(_shade(step * abs(step))[1:])] for step in np.linspace(-1, 1, 2 * _STEPS + 1)]
    + [[*bytes.fromhex(MISSING[1:])]],
    dtype=np.uint8,
)


def field(plane, activation, threshold):
    """Color a plane, a square: blue where the activation reaches the threshold, orange where not, deeper further away.

    Where it jumps from one to the other, the cell is cut along the border. Where on the cell's sides that is, is found
    by halving, with the function itself: nothing is taken for granted about the border.
    """
    ticks = np.linspace(plane.x[0], plane.x[1], CELLS + 1)
    corners = np.stack(np.meshgrid(ticks, ticks), axis=2)
    distance = (activation(corners.reshape(-1, 2)) - threshold).reshape(CELLS + 1, CELLS + 1)
    # A step has a distance of 1/2 everywhere, and so the full color.
    most = max(largest(distance), 0.5)
    share = distance / most
    side = plane.right - plane.left
    place = {"x": plane.left, "y": plane.top, "width": side, "height": side}
    plane.drawing.add("image", href=embedded(_pixels(share)), **place)
    crossing = functools.cache(functools.partial(_crossing, activation, threshold, _JUMP * most))
    # The four corners of each cell, in the order in which one goes around it.
    around = np.stack([share[:-1, :-1], share[:-1, 1:], share[1:, 1:], share[1:, :-1]])
    says_one = around >= 0
    cut = says_one.any(axis=0) & ~says_one.all(axis=0) & np.isfinite(around).all(axis=0)
    for row, column in np.argwhere(cut):
        values, ones = around[:, row, column], says_one[:, row, column]
        cell = ((row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column))
        outline, jumps = _cut([tuple(corners[at]) for at in cell], ones, crossing)
        if not jumps:
            continue
        for part, inside in (([tuple(corners[at]) for at in cell], ~ones), (outline, ones)):
            places = [plane.place(*corner) for corner in part]
            plane.drawing.polygon(places, _shade(values[inside].mean()), shape_rendering="crispEdges")


def _pixels(share):
    """The colors between the corners, the uppermost row first, shape (rows, columns, 3)."""
    missing = ~np.isfinite(share)
    between, gaps = (_BETWEEN.T @ part @ _BETWEEN for part in (np.where(missing, 0, share), missing))
    steps = np.rint(_STEPS * (1 + np.sign(between) * _depth(between))).astype(int)
    # Color is not all: where the answer is 1, there are stripes.
    across = np.subtract.outer(np.arange(len(steps)), np.arange(len(steps)))
    steps = np.where((steps > _STEPS) & (across % 12 < 2), np.maximum(steps - 5, _STEPS), steps)
    return _SHADES[np.where(gaps > 0, -1, steps)][::-1]


def _cut(corners, says_one, crossing):
    """The corners of the part of a cell in which the function says 1, and whether it jumps there."""
    outline, jumps = [], False
    for k in range(4):
        if says_one[k - 1] != says_one[k]:
            ends = (corners[k - 1], corners[k]) if says_one[k - 1] else (corners[k], corners[k - 1])
            place, jump = crossing(*ends)
            outline.append(place)
            jumps |= jump
        if says_one[k]:
            outline.append(corners[k])
    return outline, jumps


def _crossing(activation, threshold, jump, one, zero):
    """Where the border is between a point where the function says 1 and one where not; and whether it jumps there."""
    one, zero = np.array(one), np.array(zero)
    for _ in range(_HALVINGS):
        middle = (one + zero) / 2
        if activation(middle[np.newaxis])[0] >= threshold:
            one = middle
        else:
            zero = middle
    above, below = activation(np.array([one, zero]))
    return (one + zero) / 2, above - below > jump
