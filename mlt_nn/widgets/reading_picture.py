"""How a network reads one image, layer by layer: pixels, hidden activations, probabilities."""

import math

import numpy as np

from mlt_nn.plots.look import BLUE, INK, VERMILION, figures
from mlt_nn.plots.picture import Picture
from mlt_nn.plots.svg import drawing, element, line, text

WIDTH, HEIGHT = 780, 300
IMAGE = 224  # the side of the image; a multiple of 28, so that every pixel is as large as its neighbors
LEFT, TOP = 16, 56  # of the image
HIDDEN_LEFT, HIDDEN_WIDTH = 268, 232
WORDS = 256  # above the hidden activations: up to the classes, of which a letter takes 0.6 of its size
CLASS_LEFT, BAR_LEFT, BAR_WIDTH, BAR_END = 530, 556, 96, 770
HOLLOW = "#fff"


def reading(title, pixels, hidden, classes, truth=None):
    """Draw how a network reads one image.

    Arguments:
        title: what the picture shows, one line.
        pixels: the image, shape (m,) with a square number m, 0 (paper) to 1 (ink).
        hidden: the activations of the hidden layers for this image, a list of arrays of shape (S_l,).
        classes: [(class, probability)], one bar each, from top to bottom; the most probable one is emphasised.
        truth: the class that the image really shows, marked where it is among the bars.

    Returns:
        The `Picture`. A value that is not finite has no pixel and no bar, and is called "not a number".

    Raises:
        ValueError: when the pixels do not make a square.
    """
    heading = text(LEFT, 24, title, size=15, font_weight="bold")
    svg = drawing(WIDTH, HEIGHT, heading, *_image(pixels), *_hidden_layers(hidden), *_class_bars(classes, truth))
    caption = (
        "Left the image as the network gets it, then each hidden neuron as a bar, right what the output layer says."
    )
    layers = "; ".join(_in_words(l, a) for l, a in enumerate(hidden, start=1)) or "no hidden layer"
    heard = ", ".join(f"{name}: {percent(p)}" for name, p in classes)
    return Picture(svg, caption, f"{title}. Hidden {layers}. Probabilities: {heard}.", WIDTH)


def percent(p):
    """A probability as text."""
    return f"{100 * p:.1f} %" if math.isfinite(p) else "not a number"


def most_probable(classes):
    """The class with the largest probability, None when no probability is a number."""
    finite = [(p, name) for name, p in classes if math.isfinite(p)]
    return max(finite, key=lambda pair: pair[0])[1] if finite else None


def _image(pixels):
    pixels = np.asarray(pixels)
    side = math.isqrt(pixels.size)
    if side * side != pixels.size:
        raise ValueError(f"an image of {pixels.size} pixels is not a square; MNIST has 784 = 28 x 28")
    # A pixel that is not a number stays paper.
    ink = np.clip(np.nan_to_num(pixels, nan=0, posinf=1, neginf=0), 0, 1).reshape(side, side)
    size = IMAGE / side
    yield text(LEFT, TOP - 8, f"input: {side} x {side} pixels")
    dots = []
    for row, column in np.argwhere(ink):
        gray = f"{round(255 * (1 - float(ink[row, column]))):02x}"
        x, y = LEFT + column * size, TOP + row * size
        dots.append(f'<rect x="{x:.2f}" y="{y:.2f}" width="{size:.2f}" height="{size:.2f}" fill="#{gray * 3}"/>')
    yield element("g", "".join(dots), shape_rendering="crispEdges")
    yield element("rect", x=LEFT, y=TOP, width=IMAGE, height=IMAGE, fill="none", stroke="#767676")


def _hidden_layers(hidden):
    if not hidden:
        yield text(HIDDEN_LEFT, TOP - 8, "no hidden layer")
        return
    space = (IMAGE + 20) / len(hidden)
    for l, a in enumerate(hidden, start=1):
        top = TOP + (l - 1) * space
        words = _in_words(l, a)
        yield text(HIDDEN_LEFT, top - 8, words, size=min(13 if len(hidden) <= 6 else 10, WORDS / (0.6 * len(words))))
        yield from _strip(a, top, space - 20)


def _strip(a, top, height):
    """The activations of one layer as bars: up for positive, down and hollow for negative ones."""
    a = np.asarray(a, dtype=np.float64)
    tallest = np.abs(a[np.isfinite(a)]).max(initial=0.0)
    share = a / tallest if tallest else np.zeros_like(a)  # in [-1, 1], however large or small the activations are
    finite = share[np.isfinite(share)]
    above, below = finite.max(initial=0.0), -finite.min(initial=0.0)
    scale = height / (above + below) if tallest else 0.0
    base = top + (above * scale if tallest else height)
    step = HIDDEN_WIDTH / len(a)
    for j in np.flatnonzero(np.isfinite(share) & (share != 0)):
        length = abs(share[j]) * scale
        x, width = HIDDEN_LEFT + j * step, max(step - 1, 0.5)
        if share[j] > 0:
            yield _bar(x, base - length, width, length, fill=BLUE)
        else:
            yield _bar(x, base, width, length, fill=HOLLOW, stroke=VERMILION)
    yield line(HIDDEN_LEFT, base, HIDDEN_LEFT + HIDDEN_WIDTH, base, INK, 1)


def _bar(x, y, width, height, **attributes):
    return element("rect", x=float(x), y=float(y), width=float(width), height=float(height), **attributes)


def _in_words(l, a):
    a = np.asarray(a, dtype=np.float64)
    finite = a[np.isfinite(a)]
    words = f"layer {l}: {len(a)} activations"
    if len(finite):
        words += f", {figures(finite.min())} to {figures(finite.max())}"
    if len(finite) < len(a):
        words += f", {len(a) - len(finite)} not a number"
    return words


def _class_bars(classes, truth):
    best = most_probable(classes)
    yield text(CLASS_LEFT, TOP - 8, "output: probabilities")
    step = min(IMAGE / len(classes), 40)
    for row, (name, p) in enumerate(classes):
        middle = TOP + (row + 0.5) * step
        weight = "bold" if name == best else "normal"
        yield text(CLASS_LEFT, middle + 5, str(name), size=15, font_weight=weight)
        if math.isfinite(p):
            length, height = BAR_WIDTH * min(max(p, 0), 1), step * 0.64
            fill = BLUE if name == best else HOLLOW
            yield _bar(BAR_LEFT, middle - height / 2, length, height, fill=fill, stroke=BLUE)
        words = percent(p) + (" (true)" if name == truth else "")
        yield text(BAR_END, middle + 5, words, anchor="end", font_weight=weight)
