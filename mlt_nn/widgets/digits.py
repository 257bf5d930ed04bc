"""Browse images and see how the reader's network reads each of them."""

import functools

import ipywidgets
import numpy as np

from mlt_nn.widgets.controls import IntSlider, button, row
from mlt_nn.widgets.interactive import Interactive
from mlt_nn.widgets.reading_picture import most_probable, percent, reading


def digits_picture(pixels, truth, hidden, probabilities):
    """One image with its hidden activations and the probability of each class: a `Picture` and a status sentence."""
    classes = [(j, float(p)) for j, p in enumerate(probabilities)]
    said = most_probable(classes)
    if np.isnan(probabilities).any():
        verdict = f"The image shows the digit {truth}; the network's output is not a number"
        return reading(f"The digit {truth}", pixels, hidden, classes, truth), verdict
    joined, judged = ("and", "right") if said == truth else ("but", "a mistake")
    says = f"the network says {said} ({percent(classes[said][1])})"
    verdict = f"The image shows the digit {truth} {joined} {says}: {judged}"
    return reading(f"The digit {truth}, read as {said}", pixels, hidden, classes, truth), verdict


def digits(X, labels, forward_pass, W, b, hidden="sigmoid"):
    """A widget that browses images and shows how the network reads them, its mistakes alone if wished.

    Arguments:
        X: the images as rows, shape (n, m) with a square number m, 0 (paper) to 1 (ink).
        labels: the classes that they really show, shape (n,), integers.
        forward_pass: the reader's `forward_pass`.
        W, b: a trained network, dicts with keys 1..L.
        hidden: the activation of its hidden layers, as in `forward_pass`.

    Raises:
        ValueError: when there is no image, or not one label for each image.
    """
    if len(X) == 0 or len(X) != len(labels):
        raise ValueError(
            f"there are {len(X)} images and {len(labels)} labels: give at least one image, and a label for each"
        )
    n, L = len(X), len(W)

    # Once for all images, and at the first look: a forward pass that is not written yet is reported there.
    @functools.cache
    def activations():
        return forward_pass(X, W, b, hidden)[1]

    @functools.cache
    def mistakes():
        Y_hat = activations()[L]
        return np.flatnonzero((np.argmax(Y_hat, axis=1) != labels) | np.isnan(Y_hat).any(axis=1))

    def view():
        A, wrong = activations(), mistakes()
        i = number.value - 1
        where = f"image {i + 1} of {n}"
        if only_mistakes.value and not len(wrong):
            where = f"no mistakes among these {n} images; {where}"
        elif only_mistakes.value:
            # The next mistake from here on; after the last one, the first one.
            place = np.searchsorted(wrong, i) % len(wrong)
            i = int(wrong[place])
            number.value = i + 1
            where = f"image {i + 1}, mistake {place + 1} of {len(wrong)}"
        picture, verdict = digits_picture(X[i], int(labels[i]), [A[l][i] for l in range(1, L)], A[L][i])
        return picture, f"{verdict} ({where})."

    def step(by):
        if widget.current is None:  # the forward pass failed: there is nothing to step through
            return
        steps = mistakes() if only_mistakes.value and len(mistakes()) else np.arange(n)
        place = np.searchsorted(steps, number.value - 1) + by
        number.value = int(steps[place % len(steps)]) + 1

    number = IntSlider("image", 1, 1, n)
    only_mistakes = ipywidgets.Checkbox(value=False, description="only mistakes", indent=False)
    buttons = button("previous", lambda: step(-1)), button("next", lambda: step(1))
    controls = [number, row(*buttons, only_mistakes, align_items="center")]
    widget = Interactive("how the network reads each image", controls, view)
    return widget
