"""The picture of the two-weight network: what is computed in each step, and one path back from L at a time."""

from itertools import pairwise

from mlt_nn.plots.drawing import Drawing, fitting
from mlt_nn.plots.look import short
from mlt_nn.support.colors import BLUE, GRAY, INK, NOW, PALE, VERMILION, WHITE, tint

ROW = ("x", "z1", "a1", "z2", "a2", "L")
WIDTH, HEIGHT = 620, 374
WIDE, TALL = 72, 66
_TOP_ROW, _BOTTOM_ROW = 32, 142
_APART = (WIDTH - 24 - WIDE) / (len(ROW) - 1)
_CENTERS = {name: 12 + WIDE / 2 + k * _APART for k, name in enumerate(ROW)}
# Above the row: the box below, and how far beside it.
_ABOVE = {"w1": ("z1", -38), "b1": ("z1", 38), "w2": ("z2", -38), "b2": ("z2", 38), "y": ("L", 0)}
_PLACES = {name: (x, _BOTTOM_ROW) for name, x in _CENTERS.items()}
_PLACES |= {name: (_CENTERS[below] + beside, _TOP_ROW) for name, (below, beside) in _ABOVE.items()}
GIVEN = ("x", "y", "w1", "b1", "w2", "b2")
"""The boxes whose numbers are dragged."""
_EDGES = (*pairwise(ROW), *((name, below) for name, (below, _) in _ABOVE.items()))


def box_at(x, y):
    """The name of the box of GIVEN at a place of the picture, or None."""
    for name in GIVEN:
        middle, top = _PLACES[name]
        if abs(x - middle) < WIDE / 2 and 0 < y - top < TALL:
            return name
    return None


def two_weights_picture(title, caption, alt, values, *, gradients, new, local, path, working):
    """Draw the network.

    Arguments:
        title, caption, alt: what it is, what to see, and both in words.
        values: {name: number}, what is known so far.
        gradients: the same of the derivatives of L.
        new: {name: number}: what replaces a value.
        local: {(from, to): (words, number)}: the local derivative of each edge, as a formula and as a number.
        path: the names from a parameter to L that are gone back, each edge with its local derivative; or ().
        working: (line, whether it is of this path), below.
    """
    drawing = Drawing(WIDTH, HEIGHT)
    drawing.heading(12, 14, title)
    on_path = set(pairwise(path))
    for edge in sorted(_EDGES, key=lambda edge: edge in on_path):  # what is gone back on top
        _edge(drawing, *edge, edge in on_path, bool(path), local.get(edge))
    for name in _PLACES:
        _box(drawing, name, values.get(name), gradients.get(name), new.get(name), name in path)
    longest = max(len(words.replace("y_hat", "y").replace("_", "")) for words, _ in working)
    size = min(13, (WIDTH - 24) / (0.58 * longest))
    for k, (words, is_here) in enumerate(working):
        color = VERMILION if is_here else GRAY if path else INK
        drawing.text(12, _BOTTOM_ROW + TALL + 62 + 22 * k, words, size, "start", color)
    return drawing.picture(caption, alt)


def _edge(drawing, start, end, is_gone, is_way_back, local):
    """An arrow between two boxes: forward, or back along the path; the others have no head then."""
    (x1, y1), (x2, y2) = _PLACES[start], _PLACES[end]
    if y1 == y2:
        ends = (x1 + WIDE / 2, y1 + TALL / 2), (x2 - WIDE / 2, y1 + TALL / 2)
    else:
        ends = (x1, y1 + TALL), (x2 + 0.5 * (x1 - x2), y2)
    if is_gone:
        drawing.arrow(*ends[1], *ends[0], VERMILION, 2.5)
        words, number = local
        number = f"\N{MULTIPLICATION SIGN} {short(number)}"
        if y1 == y2:
            across, height, anchor = (x1 + x2) / 2, y1 + TALL + 13.0, "middle"
        else:
            side, anchor = (1, "start") if x1 > x2 else (-1, "end")
            across, height = (ends[0][0] + ends[1][0]) / 2 + 12 * side, ends[0][1] + 14
        drawing.text(across, height, number, fitting(number, 13, 92), anchor, VERMILION, "bold")
        drawing.text(across, height + 16, words, 13, anchor)
    elif is_way_back:
        drawing.line(*ends[0], *ends[1], PALE)
    else:
        drawing.arrow(*ends[0], *ends[1])


def _box(drawing, name, value, gradient, new, is_on_path):
    x, y = _PLACES[name]
    edge = {"edge": VERMILION, "line": 2.5} if is_on_path else {}
    fill = NOW if new is not None else tint(VERMILION, 0.08) if is_on_path else WHITE
    drawing.box(x - WIDE / 2, y, WIDE, TALL, fill, rx=4, **edge)
    drawing.text(x, y + 13, "a_2 = y_hat" if name == "a2" else "_".join(name), 15, weight="bold")
    if value is None:
        return
    words = short(value)
    drawing.text(x, y + 34, words, fitting(words, 14, WIDE - 14), color=INK if new is None else GRAY)
    if name in GIVEN and new is None:
        for side in (-1, 1):
            tip = x + 33 * side
            drawing.polygon([(tip, y + 34), (tip - 5 * side, y + 30), (tip - 5 * side, y + 38)], BLUE)
    if new is not None:
        half = 4 * len(words)
        drawing.line(x - half, y + 34, x + half, y + 34, GRAY)
        drawing.text(x, y + 54, short(new), fitting(short(new), 14, WIDE - 6), weight="bold")
    elif gradient is not None:
        words = short(gradient)
        color, weight = (VERMILION, "bold") if is_on_path else (GRAY, "normal")
        drawing.text(x, y + 54, words, fitting(words, 14, WIDE - 6), color=color, weight=weight)
