"""Charts of lines: functions of one variable, and training as it goes."""

import numpy as np

from mlt_nn.plots.look import COLORS, DASHES, INK, MARKERS, drawable, figures, finish, gaps, house_style, numbers, sheet

# With so few points on a line, each one is marked.
FEW = 25


@house_style()
def curves(x, ys, title, x_label, y_label, caption, alt=None, *, log_x=False, log_y=False, marks=()):
    """One or several functions of x.

    Arguments:
        x: where they were computed, shape (n,), ascending.
        ys: {name: values of shape (n,)}. A NaN or an infinity is a gap, and the picture says so.
        title, x_label, y_label: as they are drawn.
        caption: what to see.
        alt: the picture in words; None: written from the values.
        log_x, log_y: True for a log axis.
        marks: points to name, each (x, y, text).

    Returns:
        A `Picture`.

    Example:
        >>> z = np.linspace(-5, 5, 101)
        >>> curves(z, {"z squared": z**2}, "A parabola", "z", "value", "Lowest at 0.").alt
        'A parabola. z squared: 25 at z = -5, 25 at z = 5; lowest 0, highest 25.'
    """
    return _panels(x, {"": ys}, title, x_label, y_label, caption, alt, log_x, log_y, marks)


@house_style()
def curve_grid(x, panels, title, x_label, y_label, caption, alt=None, *, log_x=False, log_y=False):
    """The same kind of curves several times, side by side on one common scale, to be compared.

    Arguments:
        panels: {title of the panel: {name: values of shape (n,)}}; a name looks alike in all of them.
        The others are those of `curves`.
    """
    if not panels:
        raise ValueError("panels is empty; give {title of the panel: {name: values}}")
    return _panels(x, panels, title, x_label, y_label, caption, alt, log_x, log_y, ())


@house_style()
def training(losses, accuracies, title, caption, alt=None, *, log_loss=False):
    """How a training run went: the loss on the left, the accuracy on the right, epoch by epoch.

    Arguments:
        losses, accuracies: {name: one value for each epoch}, as in {"train": [...], "test": [...]}; a name looks
            alike in both. Before the first epoch is over they may hold empty lists.
        log_loss: True for a log axis.

    Example:
        >>> picture = training({"train": [9.0, 4.0]}, {"train": [0.5, 0.75]}, "Two epochs", "Better each time.")
        >>> picture.alt
        'Two epochs. Loss: train: 9 at epoch = 1, 4 at epoch = 2. Accuracy: train: 0.5 at epoch = 1, 0.75 at epoch = 2.'
    """
    figure, (left, right) = sheet(760, 320, columns=2)
    names = list(dict.fromkeys([*losses, *accuracies]))
    words: list[str] = []
    missing: dict[str, int] = {}
    for axes, ys, what, log in ((left, losses, "loss", log_loss), (right, accuracies, "accuracy", False)):
        lines = {name: numbers(f"the {what} of {name}", values) for name, values in ys.items()}
        epochs = {name: np.arange(1, len(values) + 1) for name, values in lines.items()}
        axes.set_title(what.capitalize())
        axes.set_xlabel("epoch")
        axes.set_ylabel(f"{what} (sum over the points)" if what == "loss" else "accuracy (share that is right)")
        axes.set_yscale("log" if log else "linear")
        if what == "accuracy":
            # The whole scale, so that the height of a curve means the same in every picture.
            axes.update_datalim([(1, 0), (1, 1)])
        gone, ends = _draw(axes, epochs, lines, names, log)
        _name_the_ends(axes, ends)
        missing |= {f"{gap} ({what})": count for gap, count in gone.items()}
        axes.xaxis.get_major_locator().set_params(integer=True)
        words.append(f"{what.capitalize()}: " + _describe(epochs, lines, "epoch"))
    return finish(figure, title, caption, alt, words, gaps(missing, log_loss))


@house_style()
def line_fit(x, y, fits, title, x_label, y_label, caption, alt=None):
    """Regression: the points, and what one or several models make of them.

    Arguments:
        x, y: the points, each of shape (n,) or (n, 1).
        fits: {name: a function that takes x of shape (200, 1) and returns its predictions, (200, 1) or (200,)}.
        The others are those of `curves`.
    """
    x, y = (numbers(name, np.ravel(values)) for name, values in (("x", x), ("y", y)))
    if x.shape != y.shape:
        raise ValueError(f"x has {x.size} entries and y has {y.size}: each point needs both")
    x_shown, y_shown = drawable(x)[0], drawable(y)[0]
    finite = x_shown[np.isfinite(x_shown)]
    line = np.linspace(finite.min(), finite.max(), 200) if finite.size else np.linspace(0, 1, 200)
    lines = {name: numbers(f"the fit {name!r}", np.ravel(fit(line[:, np.newaxis]))) for name, fit in fits.items()}
    for name, values in lines.items():
        if values.shape != line.shape:
            raise ValueError(f"the fit {name!r} returned {values.size} predictions for {line.size} values of x")
    figure, axes = sheet(640, 360)
    axes.plot(x_shown, y_shown, "o", color=INK, markerfacecolor="white", markersize=5, zorder=1)
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    gone, ends = _draw(axes, dict.fromkeys(lines, line), lines, list(lines), log=False)
    _name_the_ends(axes, ends)
    missing = {f"{x.size} points": int(np.sum(np.isnan(x_shown + y_shown)))} | gone
    words = f"{x.size} points; " + _describe(dict.fromkeys(lines, line), lines, x_label)
    return finish(figure, title, caption, alt, [words], gaps(missing))


def _panels(x, panels, title, x_label, y_label, caption, alt, log_x, log_y, marks):
    x = numbers("x", x)
    many = len(panels) > 1
    figure, axes = sheet(min(320 * len(panels), 960) if many else 640, 330 if many else 360, len(panels), sharey=True)
    names = list(dict.fromkeys(name for ys in panels.values() for name in ys))
    words: list[str] = []
    missing: dict[str, int] = {}
    ends = []
    for axis, (panel, ys) in zip(axes if many else [axes], panels.items(), strict=True):
        lines = {name: numbers(name, values) for name, values in ys.items()}
        for name, values in lines.items():
            if values.shape != x.shape:
                raise ValueError(f"{name} has {values.size} values, but x has {x.size}: one value for each x")
        axis.set_xscale("log" if log_x else "linear")
        axis.set_yscale("log" if log_y else "linear")
        axis.set_xlabel(x_label)
        if axis.get_subplotspec().is_first_col():
            axis.set_ylabel(y_label)
        axis.set_title(panel)
        gone, ends_here = _draw(axis, dict.fromkeys(lines, x), lines, names, log_y)
        ends.append((axis, ends_here))
        missing |= {f"{gap} ({panel})" if panel else gap: count for gap, count in gone.items()}
        for at, value, text in marks:
            axis.plot([at], [value], "o", color=INK, markersize=7, zorder=6)
            box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}
            axis.annotate(text, (at, value), (8, 9), textcoords="offset points", zorder=6, bbox=box)
        described = _describe(dict.fromkeys(lines, x), lines, x_label)
        words.append(f"{panel}: {described}" if panel else described)
    # Only now: every panel widens the scale that all of them share.
    for axis, ends_here in ends:
        _name_the_ends(axis, ends_here)
    words += [f"Marked: {text} at {x_label} = {figures(at)}, {figures(value)}" for at, value, text in marks]
    return finish(figure, title, caption, alt, words, gaps(missing, log_y))


def _draw(axes, xs, lines, names, log):
    """Draw the lines; return how much is missing, and for each line where it ends and its look."""
    missing = {}
    ends = {}
    for name, values in lines.items():
        shown, missing[f"{values.size} values of {name}"] = drawable(values, log)
        k = names.index(name)
        look = {"color": COLORS[k % len(COLORS)], "linestyle": DASHES[k % len(DASHES)]}
        marker = MARKERS[k % len(MARKERS)] if shown.size <= FEW else None
        axes.plot(xs[name], shown, marker=marker, markersize=4.5, **look)
        finite = shown[np.isfinite(shown)]
        ends[name] = (finite[-1] if finite.size and np.isfinite(shown[-1]) else None, look)
    if not any(values.size for values in lines.values()):
        axes.text(0.5, 0.5, "nothing to draw yet", transform=axes.transAxes, ha="center")
    axes.margins(x=0.02)
    return missing, ends


def _name_the_ends(axes, ends):
    """Continue each line in its own dashes to its name at the right edge."""
    axes.autoscale_view()
    to_axes = axes.transData + axes.transAxes.inverted()
    # A line that does not reach the right edge has its name at the top.
    tops = {name: 1.0 if end is None else to_axes.transform((1, end))[1] for name, (end, _) in ends.items()}
    heights = {name: float(np.clip(top, 0, 1)) for name, top in tops.items()}
    order = sorted(heights, key=heights.__getitem__)
    places = _spread([heights[name] for name in order], gap=0.085)
    for name, place in zip(order, places, strict=True):
        end, look = ends[name]
        start = place if end is None else heights[name]
        axes.plot(
            [1.0, 1.035, 1.085], [start, place, place], transform=axes.transAxes, clip_on=False, linewidth=1.6, **look
        )
        axes.text(1.1, place, name, transform=axes.transAxes, va="center", color=look["color"])


def _spread(heights, gap):
    """Ascending heights, moved apart as little as needed so that neighbors are at least `gap` apart.

    >>> _spread([0.5, 0.5, 2.0], gap=0.5)
    [0.25, 0.75, 2.0]
    """
    groups = []
    for height in heights:
        groups.append([height, 1])
        # Two groups that overlap become one, around the mean of what its members wanted.
        while len(groups) > 1 and groups[-1][0] - groups[-2][0] < gap * (groups[-1][1] + groups[-2][1]) / 2:
            (right, n), (left, m) = groups.pop(), groups.pop()
            groups.append([(right * n + left * m) / (n + m), n + m])
    return [middle + gap * (i - (count - 1) / 2) for middle, count in groups for i in range(count)]


def _describe(xs, lines, x_label):
    if not lines:
        return "no curves"
    parts = []
    for name, values in lines.items():
        if not values.size:
            parts.append(f"{name}: no values yet")
            continue
        finite = values[np.isfinite(values)]
        x = xs[name]
        # What is tiny beside the other values of the line is a rounding error, and would read as noise.
        scale = np.max(np.abs(finite)) if finite.size else 0.0
        say = [figures(0 if abs(v) < 1e-12 * scale else v) for v in (values[0], values[-1])]
        text = f"{name}: {say[0]} at {x_label} = {figures(x[0])}, {say[1]} at {x_label} = {figures(x[-1])}"
        # The ends tell all about a line that is straight or so; otherwise its extremes belong to it.
        if finite.size > 2 and (finite.min() < min(values[0], values[-1]) or finite.max() > max(values[0], values[-1])):
            lowest, highest = (figures(0 if abs(v) < 1e-12 * scale else v) for v in (finite.min(), finite.max()))
            text += f"; lowest {lowest}, highest {highest}"
        parts.append(text)
    return ". ".join(parts)
