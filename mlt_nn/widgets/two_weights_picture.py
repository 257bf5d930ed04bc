"""The picture of the two-weight network: what is computed in each step, and one path back from L at a time."""

from itertools import pairwise

from mlt_nn.plots.drawing import Drawing, fitting
from mlt_nn.plots.look import figures, short
from mlt_nn.plots.svg import plain
from mlt_nn.support.colors import BLUE, GRAY, INK, NOW, PALE, VERMILION, WHITE, tint

STEPS = ("forward", "error", "backward", "update")
PARAMETERS = ("w1", "b1", "w2", "b2")
ALPHA = "\N{GREEK SMALL LETTER ALPHA}"
# The quantities that a change of a parameter meets on its way to L.
PATHS = {name: (name, *(("z1", "a1") if name in ("w1", "b1") else ()), "z2", "a2", "L") for name in PARAMETERS}
_DRAG = "Drag a number with blue arrows from side to side."
CAPTIONS = {
    "forward": f"From left to right, each box is computed from those with an arrow into it. {_DRAG}",
    "error": f"The last box says how wrong the network is; y_hat - y is where the way back begins. {_DRAG}",
    "backward": (
        "Follow the orange arrows from L back: times the number on each. Below a value, the product so far: the "
        f"derivative of L. {_DRAG}"
    ),
    "update": "Each parameter goes against its gradient; the old value is crossed out. Next step goes on from there.",
}
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


def draw(state, step, path="w1"):
    """The picture at one of the STEPS: what is not yet known there is left out.

    Arguments:
        state: what `compute` returns.
        step: one of the STEPS; with "backward", the way from L back to the parameter `path` is marked.
    """
    known = STEPS.index(step)
    values = {name: value for name, value in state["values"].items() if known > 0 or name not in ("y", "L")}
    gradients = state["gradients"] if known > 1 else {}
    new = {**state["new"], "L": state["new_loss"]} if step == "update" else {}
    way, written = PATHS[path] if step == "backward" else (), "_".join(path)
    gone, lines = set(pairwise(way)), working(state, step)
    drawing, title = Drawing(WIDTH, HEIGHT), f"{known + 1}. {step.capitalize()}"
    drawing.heading(12, 14, f"{title}, on the path to {written}" if way else title)
    for edge in sorted(_EDGES, key=lambda edge: edge in gone):  # what is gone back on top
        _edge(drawing, *edge, edge in gone, bool(way), state["local"].get(edge))
    for name in _PLACES:
        _box(drawing, name, values.get(name), gradients.get(name), new.get(name), name in way)
    longest = max(len(words.replace("y_hat", "y").replace("_", "")) for words in lines)
    size = min(13, (WIDTH - 24) / (0.58 * longest))
    for k, words in enumerate(lines):
        is_here = way and words.startswith(f"dL/d{written} ")
        color = VERMILION if is_here else GRAY if way else INK
        drawing.text(12, _BOTTOM_ROW + TALL + 62 + 22 * k, words, size, "start", color)
    said = [f"{name} = {figures(value)}" for name, value in values.items()]
    said += [f"dL/d{name} = {figures(value)}" for name, value in gradients.items()]
    said += [f"new {name} = {figures(value)}" for name, value in new.items()]
    back = f" Path: {', '.join(reversed(way))}." if way else ""
    alt = f"{title}.{back} {', '.join(said)}. Working: {'; '.join(plain(words) for words in lines)}."
    return drawing.picture(CAPTIONS[step], alt)


def working(state, step):
    """The computation of one step, line by line, with its numbers."""
    v = {name: figures(value) for name, value in state["values"].items()}
    d = {name: figures(value) for name, value in state["gradients"].items()}
    error, slope2, _, slope1 = (figures(number) for _, number in list(state["local"].values())[:4])
    if step == "forward":
        return [
            f"z_1 = w_1 x + b_1 = {times(v['w1'], v['x'])} + {_in(v['b1'])} = {v['z1']}",
            f"a_1 = g(z_1) = g({v['z1']}) = {v['a1']}",
            f"z_2 = w_2 a_1 + b_2 = {times(v['w2'], v['a1'])} + {_in(v['b2'])} = {v['z2']}",
            f"y_hat = a_2 = g(z_2) = g({v['z2']}) = {v['a2']}",
        ]
    if step == "error":
        return [
            f"y_hat - y = {v['a2']} - {_in(v['y'])} = {error}",
            f"L = 1/2 (y_hat - y)^2 = 1/2 ({error})^2 = {v['L']}",
        ]
    if step == "backward":
        to_z1 = times(error, slope2, v["w2"], slope1)
        return [
            f"dL/dw_2 = (y_hat - y) g'(z_2) a_1 = {times(error, slope2, v['a1'])} = {d['w2']}",
            f"dL/db_2 = (y_hat - y) g'(z_2) = {times(error, slope2)} = {d['b2']}",
            f"dL/dw_1 = (y_hat - y) g'(z_2) w_2 g'(z_1) x = {to_z1} · {_in(v['x'])} = {d['w1']}",
            f"dL/db_1 = (y_hat - y) g'(z_2) w_2 g'(z_1) = {to_z1} = {d['b1']}",
        ]
    rate, new = figures(state["rate"]), {name: figures(value) for name, value in state["new"].items()}
    return [
        f"{written} - {ALPHA} dL/d{written} = {_in(v[name])} - {times(rate, d[name])} = {new[name]}"
        for name, written in ((name, "_".join(name)) for name in PARAMETERS)
    ]


def times(*numbers):
    return " · ".join(_in(number) for number in numbers)


def _in(number):
    """A number inside a formula: a negative one in brackets."""
    return f"({number})" if number.startswith("-") else number


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
