"""An equation between matrices as blocks, with their shapes below them and the sizes that must agree tied together."""

import math

from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import sentences
from mlt_nn.plots.svg import plain
from mlt_nn.support.colors import BLUE, SERIES, VERMILION, tint

# The sides of a block, in pixels, for sizes that are letters.
LETTERS = {"n": 106, "m": 90, "k": 62}
# The side of size 1, and the height of a vector.
FLAT = 34
GAP, TOP = 16, 16


def matrix_shapes(parts, title, caption, alt=None):
    """Matrices as blocks. Two that stand side by side are multiplied: the picture says whether their inner sizes agree.

    Arguments:
        parts: from left to right, matrices as (name, shape) and text for what stands between them. A shape has one or
            two entries: integers, or letters such as "n".
        title, caption, alt: as in every chart; alt None: written from the shapes.

    Example:
        >>> parts = [("Z_1", ("n", 50)), "=", ("A_0", ("n", 784)), ("W_1", (784, 50)), "+", ("b_1", (50,))]
        >>> matrix_shapes(parts, "One layer", "784 meets 784.").alt
        'One layer. Z_1 (n, 50) = A_0 (n, 784) times W_1 (784, 50) + b_1 (50). A_0 W_1: 784 and 784 agree.'
    """
    blocks = [(name, tuple(shape)) for name, shape in (part for part in parts if not isinstance(part, str))]
    if not blocks:
        raise ValueError("there is no matrix among the parts; give each as (name, shape)")
    for name, shape in blocks:
        if len(shape) not in (1, 2):
            raise ValueError(f"{name} has shape {shape}; a block has one or two sizes")
    high = max(_sides(shape)[1] for _, shape in blocks)
    widths = [
        30 if isinstance(part, str) else max(_sides(part[1])[0], 9 * len(_written(part[1])) + 6) for part in parts
    ]
    inner = sum(widths) + GAP * (len(parts) - 1)
    drawing = Drawing(max(inner + 40, 360), high + 112, title)
    x, middle = (drawing.width - inner) / 2, TOP + high / 2
    words, checks, before = [], [], None
    for k, (part, width) in enumerate(zip(parts, widths, strict=True)):
        center = x + width / 2
        x += width + GAP
        if isinstance(part, str):
            drawing.text(center, middle, part, 22)
            words.append(part)
            before = None
            continue
        name, shape = part[0], tuple(part[1])
        wide, tall = _sides(shape)
        drawing.box(center - wide / 2, middle - tall / 2, wide, tall, tint(SERIES[k % 4], 0.14), rx=4)
        drawing.text(center, middle, name, min(20, 0.55 * tall, 1.8 * wide / len(plain(name))))
        drawing.text(center, high + 40, _written(shape), 15)
        if before is not None:
            words.append("times")
            checks.append(_tie(drawing, before, (name, shape, center), high + 52))
        words.append(f"{plain(name)} ({', '.join(map(str, shape))})")
        before = (name, shape, center)
    return drawing.picture(caption, alt or sentences(title, " ".join(words), *checks))


def _tie(drawing, left, right, y):
    """Tie the inner sizes of two factors together, and return the sentence that says whether they agree."""
    (name, shape, center), (other, second, middle) = left, right
    a, b = shape[-1], second[0]
    agree = a == b
    color = BLUE if agree else VERMILION
    # From the right end of the left shape to the left end of the right one, where the inner sizes are written.
    x1, x2 = center + 4.2 * len(_written(shape)) - 12, middle - 4.2 * len(_written(second)) + 12
    drawing.polyline([(x1, y), (x1, y + 12), (x2, y + 12), (x2, y)], color, 2, "" if agree else "5 3")
    drawing.text((x1 + x2) / 2, y + 27, f"{a} = {b}" if agree else f"{a} ≠ {b}", color=color, weight="bold")
    if not agree:
        drawing.text((x1 + x2) / 2, y + 43, "no product", 12, color=color)
    return f"{plain(name)} {plain(other)}: {a} and {b} " + ("agree" if agree else "differ, there is no product")


def _written(shape):
    return " \N{MULTIPLICATION SIGN} ".join(map(str, shape))


def _sides(shape):
    """How wide and how tall a block is."""
    return _side(shape[-1]), _side(shape[0]) if len(shape) == 2 else FLAT


def _side(size):
    if isinstance(size, str):
        return LETTERS.get(size, 76)
    # In proportion to the number of digits: 784 beside 10 in true proportion would leave no room for a name.
    return FLAT + 46 * math.log10(max(size, 1))
