"""Charts of bars: named numbers, numbers by layer, and how values are spread."""

import numpy as np
from matplotlib.colors import to_rgb

from mlt_nn.plots.look import drawable, figures, finish, gaps, house_style, legend, numbers, sheet, short, style
from mlt_nn.plots.svg import mathtext
from mlt_nn.support.colors import GRAY


@house_style()
def bars(values, title, x_label, caption, alt=None, *, highlight=()):
    """Named numbers as bars that lie, one below the other, each with its value written at its end.

    Arguments:
        values: {name: number}.
        title, x_label, caption, alt: as in every chart; x_label says what is measured, with its unit.
        highlight: the names whose bars stand out, in vermilion and hatched.

    Example:
        >>> bars({"3": 0.75, "8": 0.25}, "What the network says", "probability", "It says 3.").alt
        'What the network says. probability: 3: 0.75, 8: 0.25.'
    """
    lengths = numbers("values", list(values.values()))
    shown, missing = drawable(lengths)
    figure, axes = sheet(600, 90 + 30 * max(len(values), 1))
    for place, (name, length, drawn) in enumerate(zip(values, lengths, shown, strict=True)):
        axes.barh(place, drawn, height=0.68, **_area(int(name in highlight)))
        if np.isfinite(drawn):
            offset, side = ((-4, 0), "right") if drawn < 0 else ((4, 0), "left")
            axes.annotate(short(length), (drawn, place), offset, textcoords="offset points", va="center", ha=side)
        else:
            axes.text(0.01, place, short(length), va="center", transform=axes.get_yaxis_transform())
    axes.set_yticks(range(len(values)), [mathtext(str(name)) for name in values])
    axes.set(ylim=(len(values) - 0.4, -0.6), xlabel=x_label)
    axes.margins(x=0.12)
    axes.grid(False, axis="y")
    axes.tick_params(axis="y", length=0)
    if np.any(shown < 0):
        axes.axvline(0, color=GRAY, linewidth=0.8)
    words = ", ".join(f"{name}: {figures(length)}" for name, length in zip(values, lengths, strict=True))
    note = gaps({f"{len(values)} values": missing})
    return finish(figure, title, caption, alt, [f"{x_label}: {words or 'no values'}"], note)


@house_style()
def grouped_bars(groups, series, title, x_label, y_label, caption, alt=None):
    """Several series of numbers side by side, as in the norm of the gradient in each layer for three activations.

    Arguments:
        groups: what stands below each group of bars, as in [1, 2, 3] for the layers.
        series: {name: one number for each group}.
        The others are those of `bars`.

    Example:
        >>> norms = {"sigmoid": [0.01, 0.1], "ReLU": [1.0, 2.0]}
        >>> grouped_bars([1, 2], norms, "Gradients", "layer", "norm", "It fades.").alt
        'Gradients. norm by layer: sigmoid: 0.01 at 1, 0.1 at 2. ReLU: 1 at 1, 2 at 2.'
    """
    groups = list(groups)
    rows = {name: numbers(name, values) for name, values in series.items()}
    for name, values in rows.items():
        if len(values) != len(groups):
            raise ValueError(f"{name} has {len(values)} values for {len(groups)} groups: one for each")
    figure, axes = sheet(640, 360)
    width = 0.8 / max(len(rows), 1)
    missing, words = {}, []
    for k, (name, values) in enumerate(rows.items()):
        shown, missing[f"{len(values)} values of {name}"] = drawable(values)
        places = np.arange(len(groups)) + (k - (len(rows) - 1) / 2) * width
        drawn = axes.bar(places, shown, width * 0.92, label=name, **_area(k))
        axes.bar_label(drawn, [short(value) for value in values], padding=2, fontsize=8.5)
        said = (f"{figures(value)} at {group}" for group, value in zip(groups, values, strict=True))
        words.append(f"{name}: {', '.join(said)}")
    axes.set_xticks(range(len(groups)), [mathtext(str(group)) for group in groups])
    axes.grid(False, axis="x")
    axes.set(xlabel=x_label, ylabel=y_label)
    axes.axhline(0, color=GRAY, linewidth=0.8)
    legend(axes)
    words = [f"{y_label} by {x_label}: " + ". ".join(words or ["no values"])]
    return finish(figure, title, caption, alt, words, gaps(missing))


@house_style()
def histogram(values, title, x_label, caption, alt=None, *, bins=40):
    """How numbers are spread: how many of them fall into each of `bins` equal intervals.

    Arguments:
        values: {name: an array of any shape}, as in {"without": W[1], "with L2": V[1]}; all share the same intervals.
        bins: how many intervals.
        The others are those of `bars`.

    Example:
        >>> histogram({"W": np.array([[-1.0, 0.0], [0.0, 1.0]])}, "Four weights", "weight", "Around 0.").alt
        'Four weights. W: 4 values from -1 to 1, mean 0, standard deviation 0.707.'
    """
    figure, axes = sheet(640, 340)
    shown, missing, words = {}, {}, []
    for name, array in values.items():
        entries = numbers(name, np.ravel(array))
        drawn, missing[f"{entries.size} values of {name}"] = drawable(entries)
        shown[name] = drawn = drawn[np.isfinite(drawn)]
        said = (
            f"from {figures(drawn.min())} to {figures(drawn.max())}, mean {figures(drawn.mean())},"
            f" standard deviation {figures(drawn.std())}"
            if drawn.size
            else "none of them finite"
        )
        words.append(f"{name}: {entries.size} values {said}")
    together = np.concatenate([*shown.values(), np.array([])])
    low, high = (together.min(), together.max()) if together.size else (0.0, 1.0)
    # Values that are all alike, or as good as, still need an interval that is wider than a rounding error.
    pad = 0.5 if high - low < 1e-9 * max(abs(low), abs(high), 1e-9) else 0.0
    edges = np.linspace(low - pad, high + pad, bins + 1)
    for k, (name, drawn) in enumerate(shown.items()):
        counts, _ = np.histogram(drawn, edges)
        axes.stairs(counts, edges, fill=True, label=name, linewidth=1.5, **_area(k, alpha=0.45))
        axes.stairs(counts, edges, linewidth=1.5, **style(k, "color"))
    axes.set(xlabel=x_label, ylabel=f"how many (intervals of {figures(edges[1] - edges[0])})")
    legend(axes)
    return finish(figure, title, caption, alt, words or ["no values"], gaps(missing))


def _area(k, alpha=0.85):
    color = style(k, "color")["color"]
    look = {"facecolor": (*to_rgb(color), alpha), "edgecolor": color if alpha < 0.5 else "white"}
    return look | style(k, "hatch")
