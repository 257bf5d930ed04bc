"""Why this digit and not that one: the hidden neurons' votes between two classes, and the ink that would turn them."""

import functools
from typing import Any

import numpy as np

from mlt_nn.plots.look import figures
from mlt_nn.widgets.controls import Film, IntSlider, List, button
from mlt_nn.widgets.drawing_board import DrawingBoard
from mlt_nn.widgets.handwriting import EXAMPLES, centered_image, parse_strokes
from mlt_nn.widgets.interactive import Interactive
from mlt_nn.widgets.one_at_a_time import one_at_a_time
from mlt_nn.widgets.reading_picture import percent
from mlt_nn.widgets.why_this_digit_picture import RATE, Case, Moment, why_this_digit_picture

STEPS = 30
ONE, ALL = "one pixel", "all pixels"
LABEL, SECOND = "its label", "2nd choice"


def why_this_digit(forward_pass, layer_backward, relu_prime, W, b, X=None, labels=None):
    """What speaks for the class that an image is read as and what for another one, and the ink that turns the verdict.

    Arguments:
        forward_pass, layer_backward, relu_prime: the reader's functions. The gradient of the scores' difference with
            respect to the pixels is theirs: `layer_backward` down to layer 1.
        W, b: a trained network with one hidden layer of ReLUs, dicts with keys 1 and 2.
        X: images as rows, shape (n, m) with a square number m, 0 (paper) to 1 (ink). None: a board to draw on.
        labels: the classes that they really show, shape (n,).

    Raises:
        ValueError: when there is no image, or not one label for each; when the network has not one hidden layer, or
            does not take the 784 pixels of a drawing.
    """
    if len(W) != 2:
        raise ValueError(f"W has {len(W)} layers; votes are counted in a network of 2, one of them hidden")
    if X is None and len(W[1]) != 784:
        raise ValueError(f"W[1] has {len(W[1])} rows, but a drawing has 784 pixels: give a network trained on MNIST")
    if X is not None and (len(X) == 0 or len(X) != len(labels)):
        raise ValueError(f"there are {len(X)} images and {len(labels)} labels: give one or more, and a label for each")
    look = functools.partial(seen, forward_pass, layer_backward, relu_prime, W, b)
    image: Any = DrawingBoard(EXAMPLES["4 or 9"]) if X is None else IntSlider("image", 1, 1, len(X))
    rival = List("why not", [SECOND if X is None else LABEL, *range(len(b[2]))])
    way, steps = List("each step", [ONE, ALL]), Film("steps", 0, 0, STEPS)

    @functools.lru_cache(maxsize=20)
    def case(image, rival, way):
        pixels = X[image - 1] if labels is not None else centered_image(parse_strokes(image)).ravel()
        label = None if labels is None else int(labels[image - 1])
        return turned(look, W, b, pixels.astype(W[1].dtype), label, rival, way)

    def view():
        with np.errstate(all="ignore"):  # numbers too large for a float are shown as such
            now = case(image.value, rival.value, way.value)._replace(step=steps.value)
            return why_this_digit_picture(now), verdict(now)

    def turn():
        if widget.current is not None:  # otherwise a function failed: there is no way to go
            steps.value = case(image.value, rival.value, way.value).turn

    # Another image, from its start.
    image.observe(lambda _: steps.set_trait("value", 0), "value")
    examples = {"clear": "", **EXAMPLES} if X is None else {}
    presets = {name: {image: strokes} for name, strokes in examples.items()} | {"as it was": {steps: 0}}
    name = "why this digit and not that one: votes of the hidden neurons, and ink that turns them"
    widget = Interactive(name, [image, rival, way, steps], view, presets, beside=True)
    widget.children[0].children += (button("until the verdict turns", turn),)
    one_at_a_time(widget)
    return widget


def seen(forward_pass, layer_backward, relu_prime, W, b, pixels, said, rival):
    """What the network makes of an image, and how the difference of two scores changes with its ink: a `Moment`."""
    Z, A = forward_pass(pixels[np.newaxis], W, b, "relu")
    S_g = np.zeros_like(Z[2])
    S_g[0, said], S_g[0, rival] = 1, -1
    *_, A_g = layer_backward(S_g, A[1], W[2])
    *_, X_g = layer_backward(A_g * relu_prime(Z[1]), A[0], W[1])
    return Moment(pixels, A[1][0], Z[2][0], A[2][0], X_g[0])


def turned(look, W, b, pixels, label, rival, way):
    """The image and its way from what it is read as towards the other class, as a `Case`."""
    order = np.argsort(-look(pixels, 0, 1).probabilities, kind="stable")
    rival = {LABEL: label, SECOND: int(order[1])}.get(rival, rival)
    said = int(order[order != rival][0])
    path = [look(pixels, said, rival)]
    for _ in range(STEPS):
        path.append(look(inked(path[-1], way), said, rival))
    out, bias = W[2][:, said] - W[2][:, rival], b[2][said] - b[2][rival]
    return Case(said, rival, label, W[1], out, bias, way == ONE, path, 0)


def inked(moment, way):
    """The pixels after one step: the one that helps the other class most as dark or as light as it gets, or all."""
    if way == ALL:
        return np.clip(moment.pixels - RATE * moment.slope, 0, 1)
    x = moment.pixels.copy()
    j, end, gain = moment.next
    if gain > 0:
        x[j] = end
    return x


def verdict(case):
    """What is read, how the votes stand, and what the ink has changed, in words."""
    now, said, rival = case.now, case.said, case.rival
    first = int(np.argmax(now.probabilities))
    others = ", ".join(f"{j} gets {percent(now.probabilities[j])}" for j in (said, rival) if j != first)
    read = f"ead as {first} ({percent(now.probabilities[first])}); {others}."
    change = np.abs(now.pixels - case.path[0].pixels)
    changed = f"{np.count_nonzero(change)} of {change.size} pixels changed, by {figures(change.max())} at most: r"
    votes = np.array([*(now.hidden * case.out), case.bias])
    total, score = votes.sum(), now.scores[said] - now.scores[rival]
    pro, con = votes[votes > 0].sum(), -votes[votes < 0].sum()
    ahead = f"{said} is ahead by {figures(score)}" if score > 0 else f"{rival} is ahead by {figures(-score)}"
    told = f"For {said} speak {figures(pro)}, for {rival} {figures(con)}: {ahead}."
    if not np.isclose(total, score, rtol=1e-3, atol=1e-3):
        told = f"The votes add up to {figures(total)}, but the scores of your forward_pass differ by {figures(score)}."
    return f"{changed if case.step else 'R'}{read} {told} Next: {case.coming}."
