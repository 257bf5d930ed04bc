"""How a network reads one image, layer by layer: pixels, hidden activations, probabilities."""

import math

import numpy as np

from mlt_nn.plots.drawing import Drawing, fitting
from mlt_nn.plots.look import figures
from mlt_nn.support.colors import BLUE, GRAY, INK, VERMILION, WHITE, tint

IMAGE = 224  # the side of the image; a multiple of 28, so that every pixel is as large as its neighbors
LEFT, TOP = 16, 22  # of the image
HIDDEN_LEFT, HIDDEN_WIDTH = 268, 232
CLASS_LEFT, BAR_LEFT, BAR_WIDTH, BAR_END = 530, 556, 96, 770


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
    drawing = Drawing(780, 266, title)
    _image(drawing, np.asarray(pixels))
    layers = [_in_words(l, a) for l, a in enumerate(hidden, start=1)]
    space = (IMAGE + 20) / max(len(hidden), 1)
    for k, (words, a) in enumerate(zip(layers, hidden, strict=True)):
        top = TOP + k * space
        # Up to the classes.
        size = min(13 if len(hidden) <= 6 else 10, fitting(words, 13, 298))
        drawing.text(HIDDEN_LEFT, top - 12, words, size, "start")
        _strip(drawing, np.asarray(a, dtype=np.float64), top, space - 20)
    if not hidden:
        drawing.text(HIDDEN_LEFT, TOP - 12, "no hidden layer", anchor="start")
    _class_bars(drawing, classes, truth)
    caption = (
        "Left the image as the network gets it, then each hidden neuron as a bar, right what the output layer says."
    )
    heard = ", ".join(f"{name}: {percent(p)}" for name, p in classes)
    alt = f"{title}. Hidden {'; '.join(layers) or 'no hidden layer'}. Probabilities: {heard}."
    return drawing.picture(caption, alt)


def percent(p):
    """A probability as text."""
    return f"{100 * p:.1f} %" if math.isfinite(p) else "not a number"


def most_probable(classes):
    """The class with the largest probability, None when no probability is a number."""
    finite = [(p, name) for name, p in classes if math.isfinite(p)]
    return max(finite, key=lambda pair: pair[0])[1] if finite else None


def _image(drawing, pixels):
    side = math.isqrt(pixels.size)
    if side * side != pixels.size:
        raise ValueError(f"an image of {pixels.size} pixels is not a square; MNIST has 784 = 28 x 28")
    # A pixel that is not a number stays paper.
    ink = np.clip(np.nan_to_num(pixels, nan=0, posinf=1, neginf=0), 0, 1).reshape(side, side)
    size = IMAGE / side
    drawing.text(LEFT, TOP - 12, f"input: {side} x {side} pixels", anchor="start")
    for row, column in np.argwhere(ink):
        place = {"x": LEFT + column * size, "y": TOP + row * size, "width": size, "height": size}
        drawing.add("rect", **place, fill=tint("#000000", float(ink[row, column])), shape_rendering="crispEdges")
    drawing.box(LEFT, TOP, IMAGE, IMAGE, "none", GRAY, 1)


def _strip(drawing, a, top, height):
    """The activations of one layer as bars: up for positive, down and hollow for negative ones."""
    tallest = np.abs(a[np.isfinite(a)]).max(initial=0.0)
    share = a / tallest if tallest else np.zeros_like(a)  # in [-1, 1], however large or small the activations are
    finite = share[np.isfinite(share)]
    above, below = finite.max(initial=0.0), -finite.min(initial=0.0)
    scale = height / (above + below) if tallest else 0.0
    base = float(top + (above * scale if tallest else height))
    step = HIDDEN_WIDTH / len(a)
    for j in np.flatnonzero(np.isfinite(share) & (share != 0)):
        up, length = share[j] > 0, float(abs(share[j]) * scale)
        fill, edge = (BLUE, "none") if up else (WHITE, VERMILION)
        x, width = float(HIDDEN_LEFT + j * step), max(step - 1, 0.5)
        drawing.box(x, base - length if up else base, width, length, fill, edge, 1)
    drawing.line(HIDDEN_LEFT, base, HIDDEN_LEFT + HIDDEN_WIDTH, base, INK, 1)


def _in_words(l, a):
    a = np.asarray(a, dtype=np.float64)
    finite = a[np.isfinite(a)]
    words = f"layer {l}: {len(a)} activations"
    if len(finite):
        words += f", {figures(finite.min())} to {figures(finite.max())}"
    if len(finite) < len(a):
        words += f", {len(a) - len(finite)} not a number"
    return words


def _class_bars(drawing, classes, truth):
    best = most_probable(classes)
    drawing.text(CLASS_LEFT, TOP - 12, "output: probabilities", anchor="start")
    step = min(IMAGE / len(classes), 40)
    for row, (name, p) in enumerate(classes):
        middle = TOP + (row + 0.5) * step
        weight, fill = ("bold", BLUE) if name == best else ("normal", WHITE)
        drawing.text(CLASS_LEFT, middle, str(name), 15, "start", weight=weight)
        if math.isfinite(p):
            length, height = BAR_WIDTH * min(max(p, 0), 1), step * 0.64
            drawing.box(BAR_LEFT, middle - height / 2, length, height, fill, BLUE, 1)
        words = percent(p) + (" (true)" if name == truth else "")
        drawing.text(BAR_END, middle, words, anchor="end", weight=weight)
