"""Digits as they look, and weights that look at them."""

import numpy as np

from mlt_nn.plots.look import counted, drawable, figures, finish, gaps, house_style, numbers, sheet
from mlt_nn.plots.matrix_charts import DOTTED, SIGNED
from mlt_nn.support.colors import MISSING

# The width that a row has, how wide the cell of an image may be, and what a bar of colors takes of the row.
ROW, LARGEST, BAR = 704, 116, 84
DOT = 50  # of an entry below 0, shared by the entries of a row


@house_style()
def digits(images, captions, title, caption, alt=None, *, columns=8):
    """Images of digits, dark ink on white, each with a line below it.

    Arguments:
        images: shape (n, pixels) or (n, side, side), entries from 0 (paper) to 1 (ink);
            pixels is a square, as 784 = 28 x 28.
        captions: n texts, as in "true 4, said 9".
        title, caption, alt: as in every chart; alt None: written from the captions.
        columns: how many stand in a row.

    Example:
        >>> digits(np.zeros((2, 784)), ["true 4, said 9", "true 1, said 1"], "Two digits", "One is wrong.").alt
        'Two digits. 2 images of 28 x 28 pixels: true 4, said 9; true 1, said 1.'
    """
    images = _squares("images", images)
    captions = [str(text) for text in captions]
    if len(captions) != len(images):
        raise ValueError(f"there are {len(captions)} captions for {len(images)} images: one for each")
    figure, size = _gallery(images, captions, columns, cmap="Greys", low=0.0, high=1.0)
    words = f"{counted(len(images), 'image')} of {size}: {'; '.join(captions)}" if captions else "no images"
    return finish(figure, title, caption, alt, [words], gaps({f"{images.size} pixels": drawable(images)[1]}))


@house_style()
def weights_as_images(W1, title, caption, alt=None, *, columns=10, names=None, label="weight"):
    """The incoming weights of each neuron of the first layer, laid out as the image that they are multiplied with.

    Blue pixels speak for the neuron, vermilion ones with a dot against it.

    Arguments:
        W1: the weights of the first layer, shape (pixels, S_1): a column is one image.
        names: a line for each neuron; None: "neuron 0", "neuron 1", ...
        label: what an entry is, beside the color bar and in the alternative text: "gradient" for that of the weights.
        The others are those of `digits`.

    Example:
        >>> W1 = np.array([[1.0, 0.0], [0.0, -2.0], [0.5, 0.0], [0.0, 0.0]])
        >>> weights_as_images(W1, "Two neurons", "Four pixels each.").alt
        'Two neurons. The weights of 2 neurons as images of 2 x 2 pixels, entries from -2 to 1.'
    """
    W1 = numbers("W1", W1, ndim=2)
    images = _squares("the columns of W1", W1.T)
    captions = [f"neuron {j}" for j in range(len(images))] if names is None else [str(name) for name in names]
    if len(captions) != len(images):
        raise ValueError(f"there are {len(captions)} names for {len(images)} neurons: one for each")
    shown, missing = drawable(W1)
    finite = shown[np.isfinite(shown)]
    # A single extreme weight must not bleach the others: 99 of 100 weights stay below the full color.
    most = float(np.quantile(np.abs(finite), 0.99) if finite.size else 0.0) or 1.0
    figure, size = _gallery(images, captions, columns, cmap=SIGNED, low=-most, high=most, bar=BAR)
    if len(images):
        bar = figure.colorbar(figure.axes[0].images[0], ax=figure.axes, fraction=0.04, aspect=30, label=label)
        bar.outline.set_visible(False)
        for axes, image in zip(figure.axes, images, strict=False):
            rows, columns = np.nonzero(image < DOTTED * most)
            axes.plot(columns, rows, ".", color="black", markersize=DOT / image.shape[-1])
        dotted = np.linspace(-1, DOTTED, 8)[1:-1] * most
        bar.ax.plot(np.full(6, 0.5), dotted, ".", color="black", markersize=DOT / 28)
    spread = f", entries from {figures(finite.min())} to {figures(finite.max())}" if finite.size else ""
    words = f"The {label}s of {counted(len(images), 'neuron')} as images of {size}{spread}"
    return finish(figure, title, caption, alt, [words], gaps({f"{W1.size} weights": missing}))


def _squares(name, images):
    images = np.asarray(images, dtype=np.float64)
    if images.ndim == 2:
        side = round(images.shape[1] ** 0.5)
        if side * side == images.shape[1]:
            return images.reshape(len(images), side, side)
    if images.ndim != 3 or images.shape[1] != images.shape[2]:
        raise ValueError(f"{name} have shape {images.shape}; they should be (n, 784), (n, 28, 28) or another square")
    return images


def _gallery(images, captions, columns, cmap, low, high, bar=0):
    """The images in rows, as a figure; and their size in words."""
    columns = max(min(columns, len(images)), 1)
    cell = min(LARGEST, (ROW - bar) / columns)
    rows = max(-(-len(images) // columns), 1)
    lines = max((text.count("\n") + 1 for text in captions), default=1)
    figure, _ = sheet(max(columns * cell + bar + 24, 320), rows * (cell + 14 * lines) + 50)
    figure.clear()
    figure.get_layout_engine().set(w_pad=0.03, wspace=0.02)
    places = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, image, text in zip(places, images, captions, strict=False):
        axes.imshow(drawable(image)[0], cmap=cmap, vmin=low, vmax=high, interpolation="nearest")
        axes.grid(False)
        axes.set(xticks=[], yticks=[])
        for spine in axes.spines.values():
            spine.set(visible=True, color=MISSING, linewidth=0.8)
        axes.set_xlabel(text, fontsize=8.5, labelpad=3)
    for axes in places[len(images) :]:
        axes.axis("off")
    if not len(images):
        places[0].text(0.5, 0.5, "no images", ha="center", transform=places[0].transAxes)
    return figure, f"{images.shape[-1]} x {images.shape[-1]} pixels"
