"""Charts of lines: functions of one variable, measured or learned."""

import numpy as np

from mlt_nn.plots.look import drawable, figures, finish, gaps, house_style, numbers, sheet, style
from mlt_nn.plots.plane import GROUND, walk
from mlt_nn.support.colors import INK, legible

# With so few points on a line, each one is marked.
FEW = 25


@house_style()
def curves(x, ys, title, x_label, y_label, caption, alt=None, *, log_x=False, log_y=False, marks=()):
    """One or several functions of x.

    Arguments:
        x: where they were computed, shape (n,), ascending.
        ys: {name: values of shape (n,)}. A NaN or an infinity is a gap, and the picture says so.
        title, x_label, y_label, caption, alt: as in every chart.
        log_x, log_y: True for a log axis.
        marks: points to name, each (x, y, text).

    Example:
        >>> z = np.linspace(-5, 5, 101)
        >>> curves(z, {"z squared": z**2}, "A parabola", "z", "value", "Lowest at 0.").alt
        'A parabola. z squared: 25 at z = -5, 25 at z = 5; lowest 0, highest 25.'
    """
    return _panels(x, {"": ys}, title, x_label, y_label, caption, alt, log_x, log_y, marks, {})


@house_style()
def curve_grid(x, panels, title, x_label, y_label, caption, alt=None, *, log_x=False, log_y=False, paths=None):
    """The same kind of curves several times, side by side, to be compared.

    Arguments:
        panels: {title of the panel: {name: values of shape (n,)}}; a name looks alike in all of them.
        y_label: what all panels measure, on one common scale; or, where their units differ, a label for each panel,
            which then has a scale of its own.
        paths: {title of the panel: positions after 0, 1, 2, ... steps, shape (steps + 1, 2)}: a walk on its curves,
            drawn as far as their scale reaches.
        The others are those of `curves`.
    """
    if not panels:
        raise ValueError("panels is empty; give {title of the panel: {name: values}}")
    return _panels(x, panels, title, x_label, y_label, caption, alt, log_x, log_y, (), paths or {})


@house_style()
def line_fit(x, y, fits, title, x_label, y_label, caption, alt=None, *, errors=False):
    """Regression: the points, and what one or several models make of them.

    Arguments:
        x, y: the points, each of shape (n,) or (n, 1).
        fits: {name: a function that takes x of shape (200, 1) and returns its predictions, (200, 1) or (200,)}.
        errors: True for a panel for each fit, with a line from each point to the curve.
        The others are those of `curves`.
    """
    x, y = (numbers(name, np.ravel(values)) for name, values in (("x", x), ("y", y)))
    if x.shape != y.shape:
        raise ValueError(f"x has {x.size} entries and y has {y.size}: each point needs both")
    x_shown, y_shown = drawable(x)[0], drawable(y)[0]
    finite = x_shown[np.isfinite(x_shown)]
    line = np.linspace(finite.min(), finite.max(), 200) if finite.size else np.linspace(0, 1, 200)
    lines = {name: (line, numbers(f"the fit {name!r}", np.ravel(fit(line[:, None])))) for name, fit in fits.items()}
    for name, (_, values) in lines.items():
        if values.shape != line.shape:
            raise ValueError(f"the fit {name!r} returned {values.size} predictions for {line.size} values of x")
    panels = [[name] for name in lines] if errors else [list(lines)]
    figure, axes = sheet(max(640, 400 * len(panels)), 360, len(panels), sharey=True)
    missing, words = {f"{x.size} points": int(np.sum(np.isnan(x_shown + y_shown)))}, []
    for axis, names in zip(np.ravel(axes), panels, strict=True):
        axis.plot(x_shown, y_shown, "o", color=INK, markerfacecolor="white", markersize=5, zorder=3)
        told, gone, ends = _draw(axis, {name: lines[name] for name in names}, list(lines), x_label)
        for name in names if errors else ():
            on_curve = drawable(numbers(f"the fit {name!r}", np.ravel(fits[name](x[:, None]))))[0]
            axis.vlines(x_shown, y_shown, on_curve, ends[name][1]["color"], linewidth=1.2)
        if axis.get_subplotspec().is_first_col():
            axis.set_ylabel(y_label)
        axis.autoscale_view()
        _name_the_ends(axis, ends)
        missing |= gone
        words.append(told)
    return finish(figure, title, caption, alt, [f"{x.size} points; {'. '.join(words)}"], gaps(missing))


def _panels(x, panels, title, x_label, y_label, caption, alt, log_x, log_y, marks, paths):
    x = numbers("x", x)
    labels = [y_label] * len(panels) if isinstance(y_label, str) else list(y_label)
    if len(labels) != len(panels):
        raise ValueError(f"there are {len(labels)} labels of y for {len(panels)} panels: one for each, or one for all")
    width, height = (min(320 * len(panels), 800), 330) if len(panels) > 1 else (640, 360)
    figure, axes = sheet(width, height, len(panels), sharey=isinstance(y_label, str))
    names = list(dict.fromkeys(name for ys in panels.values() for name in ys))
    words: list[str] = []
    missing: dict[str, int] = {}
    ends = []
    for axis, label, (panel, ys) in zip(np.ravel(axes), labels, panels.items(), strict=True):
        lines = {name: (x, numbers(name, values)) for name, values in ys.items()}
        for name, (_, values) in lines.items():
            if values.shape != x.shape:
                raise ValueError(f"{name} has {values.size} values, but x has {x.size}: one value for each x")
        axis.set(title=panel, xscale="log" if log_x else "linear", yscale="log" if log_y else "linear")
        if axis.get_subplotspec().is_first_col() or label is not y_label:
            axis.set_ylabel(label)
        # Panels of different units have no line in common, and each begins with the first look.
        told, gone, found = _draw(axis, lines, names if isinstance(y_label, str) else list(ys), x_label, log_y)
        for at, value, text in marks:
            axis.plot([at], [value], "o", color=INK, markersize=7, zorder=6)
            # On the side of the lines that they leave free: below where they rise.
            rising = any(y.size and y[-1] > value for _, y in lines.values())
            axis.annotate(
                text, (at, value), (9, -16 if rising else 9), textcoords="offset points", zorder=6, bbox=GROUND
            )
        words.append(f"{panel}: {told}" if panel else told)
        missing |= {f"{gap} ({panel})" if panel else gap: count for gap, count in gone.items()}
        ends.append((axis, found))
    # Only now: every panel widens the scale that all of them share.
    for axis, found in ends:
        axis.autoscale_view()
        # What the only line of one of several panels is, its title and its scale say.
        if len(panels) == 1 or len(found) > 1:
            _name_the_ends(axis, found)
    for axis, panel in zip(np.ravel(axes), panels, strict=True):
        if panel in paths:
            axis.autoscale(False)
            words.append(f"{panel}: {walk(axis, 0, panel, paths[panel], lambda x, y: y)}")
    words += [f"Marked: {text} at {x_label} = {figures(at)}, {figures(value)}" for at, value, text in marks]
    return finish(figure, title, caption, alt, words, gaps(missing, log_y))


def _draw(axes, lines, names, x_label, log=False):
    """Draw the lines, {name: (x, y)}.

    Returns:
        What they tell, in words; how much is missing; and where they end, to be named when the scale is final.
    """
    missing, ends = {}, {}
    for name, (x, y) in lines.items():
        shown, missing[f"{y.size} values of {name}"] = drawable(y, log)
        look = style(names.index(name), "color", "linestyle")
        marker = style(names.index(name), "marker") if shown.size <= FEW else {}
        axes.plot(x, shown, markersize=4.5, **look, **marker)
        ends[name] = (shown[-1] if shown.size and np.isfinite(shown[-1]) else None, look)
    if not any(y.size for _, y in lines.values()):
        axes.text(0.5, 0.5, "nothing to draw yet", transform=axes.transAxes, ha="center")
    axes.margins(x=0.02)
    axes.set_xlabel(x_label)
    return _describe(lines, x_label), missing, ends


def _name_the_ends(axes, ends):
    """Continue each line in its own dashes to its name at the right edge; the scale of the axes is final."""
    to_axes = axes.transData + axes.transAxes.inverted()
    # A line that does not reach the right edge has its name at the top.
    tops = {name: 1.0 if end is None else to_axes.transform((1, end))[1] for name, (end, _) in ends.items()}
    heights = {name: float(np.clip(top, 0, 1)) for name, top in tops.items()}
    order = sorted(heights, key=heights.__getitem__)
    places = spread([heights[name] for name in order], gap=0.085)
    for name, place in zip(order, places, strict=True):
        end, look = ends[name]
        heights_to_name = [place if end is None else heights[name], place, place]
        to_edge = {"transform": axes.transAxes, "clip_on": False, "linewidth": 1.6}
        axes.plot([1.0, 1.035, 1.085], heights_to_name, **to_edge, **look)
        axes.text(1.1, place, name, transform=axes.transAxes, va="center", color=legible(look["color"]))


def spread(heights, gap):
    """Ascending heights, moved apart as little as needed so that neighbors are at least `gap` apart.

    >>> spread([0.5, 0.5, 2.0], gap=0.5)
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


def _describe(lines, x_label):
    parts = []
    for name, (x, y) in lines.items():
        if not y.size:
            parts.append(f"{name}: no values yet")
            continue
        finite = y[np.isfinite(y)]
        # What is tiny beside the other values of the line is a rounding error, and would read as noise.
        noise = 1e-12 * np.abs(finite).max(initial=0.0)
        first, last, lowest, highest = (
            figures(0 if abs(value) < noise else value)
            for value in (y[0], y[-1], finite.min(initial=np.inf), finite.max(initial=-np.inf))
        )
        text = f"{name}: {first} at {x_label} = {figures(x[0])}, {last} at {x_label} = {figures(x[-1])}"
        # The ends tell all about a line that is straight or so; otherwise its extremes belong to it.
        if finite.size > 2 and (finite.min() < min(y[0], y[-1]) or finite.max() > max(y[0], y[-1])):
            text += f"; lowest {lowest}, highest {highest}"
        parts.append(text)
    return ". ".join(parts) or "no curves"
