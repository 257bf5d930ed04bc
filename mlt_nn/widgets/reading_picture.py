"""How a network reads one image, layer by layer: pixels, hidden activations, probabilities."""

import math

import numpy as np

from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import figures, short
from mlt_nn.support.colors import BLUE, GRAY, INK, MISSING, PALE, VERMILION, WHITE, tint

IMAGE = 196  # the side of the image; a multiple of 28, so that every pixel is as large as its neighbors
LEFT, TOP = 12, 24  # of the image
HIDDEN_LEFT, HIDDEN_WIDTH = 230, 182
CLASS_LEFT, BAR_LEFT, BAR_WIDTH, BAR_END = 446, 470, 76, 604
CAPTION = (
    "Left the image as the network gets it. Then each hidden neuron, the bluer the larger its activation (orange with "
    "a dash: negative). Right what each output neuron says"
)


def reading(title, pixels, hidden, classes, truth=None):
    """Draw how a network reads one image.

    Arguments:
        title: what the picture shows, one line.
        pixels: the image, shape (m,) with a square number m, 0 (paper) to 1 (ink).
        hidden: the activations of the hidden layers for this image, a list of arrays of shape (S_l,).
        classes: [(class, probability)], one bar each, from top to bottom; the most probable one is emphasised.
        truth: the class that the image really shows, ringed where it is among the bars.

    Returns:
        The `Picture`. A value that is not finite has no pixel and no bar and a gray neuron, and is called "not a
        number".

    Raises:
        ValueError: when the pixels do not make a square.
    """
    drawing = Drawing(612, 232, title)
    _image(drawing, np.asarray(pixels))
    space = (IMAGE + 20) / max(len(hidden), 1)
    for k, a in enumerate(hidden):
        top, a = TOP + k * space, np.asarray(a, dtype=np.float64)
        words = f"layer {k + 1}: full color {short(_most(a))}"
        drawing.text(HIDDEN_LEFT, top - 12, words, 12 if len(hidden) <= 6 else 10, "start")
        _neurons(drawing, a, top, space - 20)
    if not hidden:
        drawing.text(HIDDEN_LEFT, TOP - 12, "no hidden layer", 12, "start")
    _class_bars(drawing, classes, truth)
    layers = "; ".join(_in_words(l, a) for l, a in enumerate(hidden, start=1))
    heard = ", ".join(f"{name}: {percent(p)}" for name, p in classes)
    alt = f"{title}. Hidden {layers or 'no hidden layer'}. Probabilities: {heard}."
    return drawing.picture(f"{CAPTION}{'.' if truth is None else '; a ring marks the true class.'}", alt)


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
    drawing.text(LEFT, TOP - 12, f"input: {side} x {side} pixels", 12, "start")
    for row, column in np.argwhere(ink):
        place = {"x": LEFT + column * size, "y": TOP + row * size, "width": size, "height": size}
        drawing.add("rect", **place, fill=tint("#000000", float(ink[row, column])), shape_rendering="crispEdges")
    drawing.box(LEFT, TOP, IMAGE, IMAGE, "none", GRAY, 1)


def _neurons(drawing, a, top, height):
    """The neurons of one layer in rows, each lit by its activation."""
    columns = math.ceil(math.sqrt(len(a) * HIDDEN_WIDTH / height))
    pitch = min(HIDDEN_WIDTH / columns, height / math.ceil(len(a) / columns))
    size, most = 0.86 * pitch, _most(a)
    for j, value in enumerate(a):
        x, y = HIDDEN_LEFT + j % columns * pitch, top + j // columns * pitch
        share = float(abs(value) / most) if math.isfinite(value) else math.nan
        fill = tint(BLUE if value > 0 else VERMILION, share) if math.isfinite(share) else MISSING
        drawing.box(x, y, size, size, fill, PALE, min(0.1 * pitch, 1), rx=size / 2)
        if value < 0 and share > 0:
            drawing.line(x + 0.25 * size, y + size / 2, x + 0.75 * size, y + size / 2, INK, 0.12 * size)


def _most(a):
    # Not `largest`, which leaves aside what no axis can show: here only the share counts.
    return float(np.abs(a[np.isfinite(a)]).max(initial=0.0)) or 1.0


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
    drawing.text(CLASS_LEFT - 8, TOP - 12, "output: probabilities", 12, "start")
    step = min(IMAGE / len(classes), 40)
    for row, (name, p) in enumerate(classes):
        middle = TOP + (row + 0.5) * step
        weight, fill = ("bold", BLUE) if name == best else ("normal", WHITE)
        if name == truth:
            drawing.circle(CLASS_LEFT, middle, 9, "none", INK, 2)
        drawing.text(CLASS_LEFT, middle, str(name), 14, weight=weight)
        if math.isfinite(p):
            length, height = BAR_WIDTH * min(max(p, 0), 1), step * 0.64
            drawing.box(BAR_LEFT, middle - height / 2, length, height, fill, BLUE, 1)
        drawing.text(BAR_END, middle, percent(p), 12, "end", weight=weight)
