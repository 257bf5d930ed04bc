"""An equation between matrices as blocks, with their shapes below them and the sizes that must agree tied together."""

import math
from typing import Any

from mlt_nn.plots.look import BLUE, VERMILION, sentences
from mlt_nn.plots.svg import Drawing, plain

# The sides of a block, in pixels, for sizes that are letters.
LETTERS = {"n": 106, "m": 90, "k": 62}
# The side of size 1, and the height of a vector.
FLAT = 34
TIMES = "\N{MULTIPLICATION SIGN}"
FILLS = ("#DCECF6", "#FBE6D9", "#E2F2EC", "#F5E6EF")


def matrix_shapes(parts, title, caption, alt=None):
    """Matrices as blocks. Two that stand side by side are multiplied: the picture says whether their inner sizes agree.

    Arguments:
        parts: from left to right, matrices as (name, shape) and text for what stands between them. A shape has one or
            two entries: integers, or letters such as "n".
        title, caption, alt: as in every picture; alt None: written from the shapes.

    Returns:
        A `Picture`.

    Example:
        >>> parts = [("Z_1", ("n", 50)), "=", ("A_0", ("n", 784)), ("W_1", (784, 50)), "+", ("b_1", (50,))]
        >>> matrix_shapes(parts, "One layer", "784 meets 784.").alt
        'One layer. Z_1 (n, 50) = A_0 (n, 784) times W_1 (784, 50) + b_1 (50). A_0 W_1: 784 and 784 agree.'
    """
    blocks: list[Any] = [None if isinstance(part, str) else (part[0], tuple(part[1])) for part in parts]
    if not any(blocks):
        raise ValueError("there is no matrix among the parts; give each as (name, shape)")
    for block in filter(None, blocks):
        if len(block[1]) not in (1, 2):
            raise ValueError(f"{block[0]} has shape {block[1]}; a block has one or two sizes")
    widths = [30 if block is None else max(_side(block[1][-1]), 9 * len(_shape(block[1])) + 6) for block in blocks]
    high = max(_side(block[1][0]) if len(block[1]) == 2 else FLAT for block in filter(None, blocks))
    gap = 16
    inner = sum(widths) + gap * (len(parts) - 1)
    drawing = Drawing(max(inner + 40, 360), high + 112, title)
    x = (drawing.width - inner) / 2
    words, checks, before = [], [], None
    for k, (part, block, width) in enumerate(zip(parts, blocks, widths, strict=True)):
        if block is None:
            drawing.text(x + width / 2, 16 + high / 2, part, 22)
            words.append(part)
            before = None
        else:
            name, shape = block
            center = x + width / 2
            wide, tall = _side(shape[-1]), _side(shape[0]) if len(shape) == 2 else FLAT
            drawing.box(center - wide / 2, 16 + (high - tall) / 2, wide, tall, FILLS[k % len(FILLS)])
            drawing.text(center, 16 + high / 2, name, min(20, 0.55 * tall, 1.8 * wide / len(plain(name))))
            drawing.text(center, high + 40, _shape(shape), 15)
            if before is not None:
                words.append("times")
                checks.append(_tie(drawing, before, (name, shape, center), high + 52))
            words.append(f"{plain(name)} ({', '.join(map(str, shape))})")
            before = (name, shape, center)
        x += width + gap
    return drawing.picture(caption, alt or sentences(title, " ".join(words), *checks))


def _tie(drawing, left, right, y):
    """Tie the inner sizes of two factors together, and return the sentence that says whether they agree."""
    (name, shape, center), (other, second, middle) = left, right
    a, b = shape[-1], second[0]
    agree = a == b
    color, dash = (BLUE, "") if agree else (VERMILION, "5 3")
    # From the right end of the left shape to the left end of the right one, where the inner sizes are written.
    x1, x2 = center + 4.2 * len(_shape(shape)) - 12, middle - 4.2 * len(_shape(second)) + 12
    for start, end in (((x1, y), (x1, y + 12)), ((x1, y + 12), (x2, y + 12)), ((x2, y + 12), (x2, y))):
        drawing.line(*start, *end, color, 2, dash)
    drawing.text((x1 + x2) / 2, y + 27, f"{a} = {b}" if agree else f"{a} ≠ {b}", 13, color=color, weight="bold")
    if not agree:
        drawing.text((x1 + x2) / 2, y + 43, "no product", 12, color=color)
    return f"{plain(name)} {plain(other)}: {a} and {b} " + ("agree" if agree else "differ, there is no product")


def _shape(shape):
    return f" {TIMES} ".join(map(str, shape))


def _side(size):
    if isinstance(size, str):
        return LETTERS.get(size, 76)
    # In proportion to the number of digits: 784 beside 10 in true proportion would leave no room for a name.
    return FLAT + 46 * math.log10(max(size, 1))
