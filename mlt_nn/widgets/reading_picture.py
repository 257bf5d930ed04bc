"""How a network reads one image, layer by layer: pixels, hidden activations, probabilities."""

import math

import numpy as np

from mlt_nn.plots.picture import Picture

WIDTH, HEIGHT = 780, 300
BLUE, VERMILION = "#0072B2", "#D55E00"
IMAGE = 224  # the side of the image; a multiple of 28, so that every pixel is as large as its neighbors
LEFT, TOP = 16, 52  # of the image
HIDDEN_LEFT, HIDDEN_WIDTH = 268, 232
CLASS_LEFT, BAR_LEFT, BAR_WIDTH, BAR_END = 530, 556, 140, 770


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
    best = most_probable(classes)
    parts = [_text(LEFT, 22, title, size=15, weight="bold"), *_image(pixels), *_hidden_layers(hidden)]
    parts += _class_bars(classes, best, truth)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="13">{"".join(parts)}</svg>'
    )
    caption = (
        "Left the image as the network gets it, then each hidden neuron as a bar, right what the output layer says."
    )
    heard = ", ".join(f"{name}: {percent(p)}" for name, p in classes)
    layers = "; ".join(_layer_in_words(l, a) for l, a in enumerate(hidden, start=1)) or "no hidden layer"
    return Picture(svg, caption, f"{title}. {layers}. Probabilities: {heard}.", WIDTH)


def percent(p):
    """A probability as text."""
    return f"{100 * p:.1f} %" if math.isfinite(p) else "not a number"


def most_probable(classes):
    """The class with the largest probability, None when no probability is a number."""
    finite = [(p, name) for name, p in classes if math.isfinite(p)]
    return max(finite, key=lambda pair: pair[0])[1] if finite else None


def _text(x, y, text, size=13, anchor="start", weight="normal", fill="#000"):
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" fill="{fill}">'
        f"{_escape(text)}</text>"
    )


def _escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _image(pixels):
    pixels = np.asarray(pixels)
    side = math.isqrt(pixels.size)
    if side * side != pixels.size:
        raise ValueError(f"an image of {pixels.size} pixels is not a square; MNIST has 784 = 28 x 28")
    # 255 is the darkest; a pixel that is not a number stays paper.
    ink = np.rint(255 * np.clip(np.nan_to_num(pixels, nan=0, posinf=1, neginf=0), 0, 1)).astype(int).reshape(side, side)
    size = IMAGE / side
    yield _text(LEFT, TOP - 8, f"input: {side} x {side} pixels")
    yield f'<g shape-rendering="crispEdges"><rect x="{LEFT}" y="{TOP}" width="{IMAGE}" height="{IMAGE}" fill="#fff"/>'
    for row, column in np.argwhere(ink):
        gray = 255 - ink[row, column]
        yield (
            f'<rect x="{LEFT + column * size:.2f}" y="{TOP + row * size:.2f}" width="{size:.2f}" height="{size:.2f}" '
            f'fill="#{gray:02x}{gray:02x}{gray:02x}"/>'
        )
    yield f'</g><rect x="{LEFT}" y="{TOP}" width="{IMAGE}" height="{IMAGE}" fill="none" stroke="#767676"/>'


def _hidden_layers(hidden):
    if not hidden:
        yield _text(HIDDEN_LEFT, TOP - 8, "no hidden layer")
        return
    space = (IMAGE + 20) / len(hidden)
    for l, a in enumerate(hidden, start=1):
        top = TOP + (l - 1) * space
        words = _layer_in_words(l, a)
        yield _text(HIDDEN_LEFT, round(top - 8), words, size=13 if len(hidden) <= 6 and len(words) < 40 else 10)
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
    for j, value in enumerate(share):
        if not math.isfinite(value) or value == 0:
            continue
        length = abs(value) * scale
        y = base - length if value > 0 else base
        style = f'fill="{BLUE}"' if value > 0 else f'fill="#fff" stroke="{VERMILION}"'
        yield (
            f'<rect x="{HIDDEN_LEFT + j * step:.2f}" y="{y:.2f}" width="{max(step - 1, 0.5):.2f}" '
            f'height="{length:.2f}" {style}/>'
        )
    yield f'<line x1="{HIDDEN_LEFT}" x2="{HIDDEN_LEFT + HIDDEN_WIDTH}" y1="{base:.2f}" y2="{base:.2f}" stroke="#000"/>'


def _layer_in_words(l, a):
    a = np.asarray(a, dtype=np.float64)
    finite = a[np.isfinite(a)]
    words = f"layer {l}: {len(a)} activations"
    if len(finite):
        words += f", {finite.min():.3g} to {finite.max():.3g}"
    if len(finite) < len(a):
        words += f", {len(a) - len(finite)} not a number"
    return words


def _class_bars(classes, best, truth):
    yield _text(CLASS_LEFT, TOP - 8, "output: probabilities")
    step = min(IMAGE / len(classes), 40)
    for row, (name, p) in enumerate(classes):
        middle = TOP + (row + 0.5) * step
        chosen = name == best
        yield _text(CLASS_LEFT, middle + 5, str(name), size=15, weight="bold" if chosen else "normal")
        if math.isfinite(p):
            length = BAR_WIDTH * min(max(p, 0), 1)
            yield (
                f'<rect x="{BAR_LEFT}" y="{middle - step * 0.32:.1f}" width="{length:.1f}" height="{step * 0.64:.1f}" '
                f'fill="{BLUE if chosen else "#fff"}" stroke="{BLUE}"/>'
            )
        words = percent(p) + (" (true)" if name == truth else "")
        yield _text(BAR_END, middle + 5, words, anchor="end", weight="bold" if chosen else "normal")
