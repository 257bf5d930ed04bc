"""Matrices as pictures: their entries as colored cells with the numbers written in them."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import FixedLocator, MaxNLocator

from mlt_nn.plots.look import drawable, figures, finish, gaps, house_style, largest, numbers, sheet, short
from mlt_nn.plots.svg import mathtext
from mlt_nn.support.colors import BLUE, MISSING, VERMILION, WHITE, tint

# Blue is positive, vermilion is negative, as on the edges of the networks; what is near 0 is near white.
# A gray, which occurs nowhere else, is for what is no number. The ends let a black dot be seen, in the dark theme too.
ENDS = tint(VERMILION, 0.85), WHITE, tint(BLUE, 0.85)
SIGNED = LinearSegmentedColormap.from_list("signed", ENDS).with_extremes(bad=MISSING)
# Of an image's entries those below this share of the full color have a dot: color is not all.
DOTTED = -1 / 2
# The strength of the largest entry: black digits are still read on it, in the dark theme too.
FULL = 0.7
# A cell this small has no room for a number; a minus sign still fits.
ROOM_FOR_NUMBER, ROOM_FOR_SIGN = 34, 12


@house_style()
def matrix(M, title, caption, alt=None, *, row_label="row", column_label="column", row_names=None, column_names=None):
    """One matrix as cells with their numbers: blue is positive, vermilion with a minus is negative.

    Arguments:
        M: the matrix, shape (rows, columns).
        row_label, column_label: what a row is and what a column is.
        row_names, column_names: their names; None: counted from 0, as in the code.
        title, caption, alt: as in every chart.

    Example:
        >>> matrix(np.array([[1.0, -2.0, 0.0]]), "One row", "It sums to -1.").alt
        'One row. Shape (1, 3), entries from -2 to 1. row 0: 1, -2, 0.'
    """
    M = numbers("the matrix", M, ndim=2)
    rows, columns = M.shape
    side = min(52.0, 620 / max(columns, 1), 460 / max(rows, 1))
    # A matrix of very many columns or rows is drawn with cells that are not square, or it would be a thread.
    height = max(side * rows, 60) + 130
    figure, axes = sheet(max(round(side * columns) + 180, 420), round(height))
    missing = _cells(axes, M, largest(M), side)
    axes.set(xlabel=column_label, ylabel=row_label)
    _ticks(axes, M.shape, row_names, column_names)
    finite = M[np.isfinite(M)]
    spread = f", entries from {figures(finite.min())} to {figures(finite.max())}" if finite.size else ""
    words = [f"Shape {M.shape}{spread}", _entries(M, row_label, row_names)]
    return finish(figure, title, caption, alt, words, gaps({f"{M.size} entries": missing}))


@house_style()
def matrices(parts, title, caption, alt=None):
    """An equation between matrices, each drawn as its cells, on one scale of colors.

    Arguments:
        parts: from left to right, matrices as (name, M) and what stands between them as text, as in
            [("Y_hat", Y_hat), "-", ("Y", Y), "=", ("Z_g", Z_g)].
        title, caption, alt: as in every chart.

    Example:
        >>> Y_hat, Y = np.array([[0.25, 0.75]]), np.array([[0.0, 1.0]])
        >>> matrices([("Y_hat", Y_hat), "-", ("Y", Y), "=", ("Z_g", Y_hat - Y)], "Error", "Rows sum to 0.").alt
        'Error. Y_hat (1, 2): row 0: 0.25, 0.75. -. Y (1, 2): row 0: 0, 1. =. Z_g (1, 2): row 0: 0.25, -0.25.'
    """
    parts = [part if isinstance(part, str) else (part[0], numbers(part[0], part[1], ndim=2)) for part in parts]
    blocks = [part[1] for part in parts if not isinstance(part, str)]
    if not blocks:
        raise ValueError("there is no matrix among the parts; give each as (name, M)")
    columns, rows = sum(max(M.shape[1], 1) for M in blocks), max(max(M.shape[0], 1) for M in blocks)
    side = min(50.0, 760 / columns, 420 / rows)
    widths = [26.0 if isinstance(part, str) else side * max(part[1].shape[1], 1) for part in parts]
    width = max(round(sum(widths) + 46 * len(blocks) + 30), 300)
    figure, axes = sheet(width, round(side * rows + 120), len(parts), gridspec_kw={"width_ratios": widths})
    missing, words = {}, []
    for axis, part in zip(np.ravel(axes), parts, strict=True):
        if isinstance(part, str):
            axis.axis("off")
            axis.text(0.5, 0.5, part, transform=axis.transAxes, ha="center", va="center", fontsize=15)
            words.append(part)
            continue
        name, M = part
        missing[f"{M.size} entries of {name}"] = _cells(axis, M, largest(*blocks), side)
        axis.set_title(name, loc="center")
        _ticks(axis, M.shape)
        axis.set_xlabel(f"{M.shape[0]} \N{MULTIPLICATION SIGN} {M.shape[1]}")
        words.append(f"{name} {M.shape}: {_entries(M)}")
    return finish(figure, title, caption, alt, words, gaps(missing))


@house_style()
def confusion(labels, predicted, k, title, caption, alt=None):
    """How often each class was taken for each: rows are the true classes, columns the predicted ones.

    Right ones lie on the diagonal, in blue; mistakes beside it, in vermilion, and the more the stronger.

    Arguments:
        labels, predicted: the true and the predicted classes, each of shape (n,), integers in 0..k-1.
        k: the number of classes.
        title, caption, alt: as in every chart.

    Example:
        >>> confusion([0, 1, 1, 2], [0, 1, 2, 2], 3, "Four points", "One mistake.").alt
        'Four points. 3 of 4 are right. Most frequent mistakes: 1 taken for 2: 1.'
    """
    labels, predicted = np.asarray(labels), np.asarray(predicted)
    if labels.shape != predicted.shape or labels.ndim != 1:
        raise ValueError(f"labels has shape {labels.shape} and predicted {predicted.shape}; both should be (n,)")
    for name, classes in (("labels", labels), ("predicted", predicted)):
        outside = classes[(classes < 0) | (classes >= k) | (classes != np.floor(classes))]
        if outside.size:
            raise ValueError(f"{name} holds {outside[0]}, which is not one of the classes 0..{k - 1}")
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (labels.astype(int), predicted.astype(int)), 1)
    mistakes = counts - np.diag(np.diag(counts))
    # Right ones and mistakes each on their own scale: 1,000 right ones must not bleach 10 mistakes.
    right = np.diag(np.diag(counts))
    shades = right / largest(right) - mistakes / largest(mistakes)
    side = min(50.0, 480 / k)
    figure, axes = sheet(max(round(side * k) + 150, 360), max(round(side * k), 90) + 110)
    axes.imshow(FULL * shades, cmap=SIGNED, vmin=-1, vmax=1)
    for i, j in np.argwhere(counts) if side > 20 else ():
        weight = "bold" if i == j else "normal"
        axes.text(j, i, str(counts[i, j]), ha="center", va="center", fontsize=9, color="black", fontweight=weight)
    axes.grid(False)
    axes.set(xlabel="predicted class", ylabel="true class")
    _ticks(axes, counts.shape)
    worst = sorted(zip(*np.nonzero(mistakes), strict=True), key=lambda at: -mistakes[at])[:3]
    named = ", ".join(f"{i} taken for {j}: {mistakes[i, j]}" for i, j in worst)
    words = [f"{np.trace(counts)} of {labels.size} are right", named and f"Most frequent mistakes: {named}"]
    return finish(figure, title, caption, alt, words)


def _cells(axes, M, most, side):
    """Draw the cells of M and return how many of them hold no number that can be drawn."""
    shown, missing = drawable(M)
    if not M.size:
        axes.text(0.5, 0.5, "no entries", transform=axes.transAxes, ha="center", va="center")
        return missing
    axes.imshow(FULL * shown / most, cmap=SIGNED, vmin=-1, vmax=1, aspect="auto" if M.size > 2500 else "equal")
    axes.grid(False)
    axes.set_frame_on(True)
    axes.spines[:].set_visible(True)
    if side < ROOM_FOR_SIGN:
        return missing
    texts = {
        at: short(value) if side >= ROOM_FOR_NUMBER else "\N{MINUS SIGN}" * int(value < 0)
        for at, value in np.ndenumerate(M)
    }
    longest = max(map(len, texts.values()), default=1)
    # A digit is about 0.85 CSS pixels wide for each point of its size.
    size = min(9.5, side / (0.9 * max(longest, 1)))
    for (i, j), text in texts.items():
        axes.text(j, i, text, ha="center", va="center", fontsize=size, color="black")
    return missing


def _ticks(axes, shape, row_names=None, column_names=None):
    axes.tick_params(length=0)
    for axis, count, names in zip((axes.yaxis, axes.xaxis), shape, (row_names, column_names), strict=True):
        if names is None:
            axis.set_major_locator(MaxNLocator(12, integer=True) if count > 12 else FixedLocator(range(count)))
        elif len(names) != count:
            raise ValueError(f"there are {len(names)} names for {count} rows or columns: {list(names)}")
        else:
            axis.set_ticks(range(count), [mathtext(str(name)) for name in names])


def _entries(M, row_label="row", row_names=None):
    # A larger matrix read out entry by entry helps nobody.
    if M.size > 40:
        return f"{np.count_nonzero(M > 0)} entries are positive, {np.count_nonzero(M < 0)} negative"
    names = range(len(M)) if row_names is None else row_names
    return "; ".join(f"{row_label} {name}: {', '.join(map(figures, row))}" for name, row in zip(names, M, strict=True))
