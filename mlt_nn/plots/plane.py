"""Charts over a plane: decision regions with the points of each class, and the loss over two weights."""

import numpy as np
from matplotlib.colors import ListedColormap, to_rgb
from matplotlib.lines import Line2D

from mlt_nn.plots.look import drawable, figures, finish, gaps, house_style, legend, numbers, sheet, short, style
from mlt_nn.support.colors import BLUE, GRAY, INK, SERIES, VERMILION

# The side of the grid on which a classifier is asked, in points.
GRID = 160


@house_style()
def regions(scores, X, labels, title, caption, alt=None):
    """Which class has the largest score at every point of the plane, with the points it should be right for.

    Arguments:
        scores: the classifier: a function that takes points of shape (n, 2) and returns a number for each class, shape
            (n, k): scores or probabilities. Only with scores is a straight border drawn quite straight.
        X: the points, shape (n, 2).
        labels: the class of each point, shape (n,), integers from 0.
        title, caption, alt: as in every chart.

    Example: everything right of 1/2 is called class 1.
        >>> X, labels = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 1.0]]), np.array([0, 1, 0])
        >>> regions(lambda X: X @ [[0, 1], [0, 0]] - [0, 0.5], X, labels, "A rule", "One is wrong.").alt.split(". ")[:2]
        ['A rule', '2 of 3 points are on the side of their class']
    """
    X, labels = _checked(X, labels)
    figure, axes = sheet(560, 420)
    seen = drawable(X)[0]
    seen = seen[np.isfinite(seen).all(axis=1)]
    low, high = (seen.min(axis=0), seen.max(axis=0)) if len(seen) else (np.zeros(2), np.ones(2))
    size = np.maximum(np.abs(low), np.abs(high))
    margin = np.where(high - low > 1e-9 * size, 0.12 * (high - low), np.maximum(size, 1))
    x, y = (np.linspace(low[i] - margin[i], high[i] + margin[i], GRID) for i in (0, 1))
    grid = np.stack(np.meshgrid(x, y), axis=-1)
    ahead = _ahead(scores, grid.reshape(-1, 2)).reshape(GRID, GRID, -1)
    known = np.isfinite(ahead).all(axis=2)
    at_points = _ahead(scores, X) if len(X) else np.zeros((0, 2))
    right = int(np.sum((np.argmax(at_points, axis=1) == labels) & np.isfinite(at_points).all(axis=1)))
    for k in np.unique(np.argmax(ahead[known], axis=1)):
        lead = ahead[:, :, k]
        look = style(k, "color", "hatch")
        pale, strong = ([1 - share * (1 - channel) for channel in to_rgb(look["color"])] for share in (0.22, 0.45))
        most = np.nanmax(lead)
        area = axes.contourf(x, y, lead, levels=[0, most + 1], cmap=ListedColormap([pale]), hatches=[look["hatch"]])
        area.set_edgecolor(strong)
        area.set_linewidth(0)
        # A contour of the lead, not of yes and no, which would have the steps of the grid.
        if np.nanmin(lead) < 0 < most:
            axes.contour(x, y, lead, levels=[0], colors=[INK], linewidths=1.2)
    words = _scatter(axes, X, labels)
    axes.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]), xlabel="feature 1", ylabel="feature 2")
    missing = int(np.sum(np.isnan(drawable(X)[0]).any(axis=1)))
    note = gaps({f"{known.size} places": int(np.sum(~known)), f"{len(X)} points": missing})
    result = f"{right} of {len(X)} points are on the side of their class"
    return finish(figure, title, caption, alt, [result, *words], note)


@house_style()
def surface(loss, w1, w2, title, caption, alt=None, *, paths=None):
    """The loss over two weights as a map with lines of equal loss, and the paths of gradient descent on it.

    Arguments:
        loss: a function of two numbers, loss(w1, w2) -> the loss, a number.
        w1, w2: where it is computed: two ascending rows of numbers, some 40 each.
        title, caption, alt: as in every chart.
        paths: {name: positions after 0, 1, 2, ... steps, shape (steps + 1, 2)}. A path may leave the map.

    Example: a bowl.
        >>> steps = [(1.0, 1.0), (0.5, 0.5), (0.25, 0.25)]
        >>> w = np.linspace(-1, 1, 21)
        >>> surface(lambda w1, w2: w1**2 + w2**2, w, w, "A bowl", "Downhill.", paths={"halving": steps}).alt
        'A bowl. Loss from 0 at (0, 0) to 2. halving: 2 steps from (1, 1), loss 2, to (0.25, 0.25), loss 0.125.'
    """
    w1, w2 = numbers("w1", w1), numbers("w2", w2)
    with np.errstate(all="ignore"):
        heights = np.array([[float(loss(u, v)) for u in w1] for v in w2])
    shown, missing = drawable(heights)
    figure, axes = sheet(600, 440)
    finite = shown[np.isfinite(shown)]
    words = "no finite loss anywhere on the map"
    if finite.size and finite.min() < finite.max():
        # As many grid points between any two levels: lines are neither crowded on slopes nor absent from the valley.
        levels = np.unique(np.quantile(finite, np.linspace(0, 1, 13)))
        axes.contourf(w1, w2, shown, levels=levels, cmap=_GROUND)
        lines = axes.contour(w1, w2, shown, levels=levels[1:-1], colors=GRAY, linewidths=0.7)
        axes.clabel(lines, lines.levels[::2], fmt=short, fontsize=8, colors=INK)
    if finite.size:
        row, column = np.unravel_index(np.nanargmin(shown), shown.shape)
        words = f"Loss from {figures(finite.min())} at {_at(w1[column], w2[row])} to {figures(finite.max())}"
    axes.set(xlim=(w1[0], w1[-1]), ylim=(w2[0], w2[-1]), xlabel="w1", ylabel="w2")
    axes.grid(False)
    steps = [f"{name}: {walk(axes, k, name, path, loss)}" for k, (name, path) in enumerate((paths or {}).items())]
    if steps:
        end = Line2D([], [], color=INK, linestyle="", marker="*", markersize=12, label="end")
        legend(axes, [*axes.get_legend_handles_labels()[0], end])
    return finish(figure, title, caption, alt, [words, *steps], gaps({f"{heights.size} values of the loss": missing}))


# Behind words on top of a picture: they stay legible.
GROUND = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}
# Low ground is white, high ground is gray: colors are left for the paths.
_GROUND = ListedColormap(np.linspace([1.0, 1.0, 1.0], [0.68, 0.7, 0.72], 64))


def walk(axes, k, name, path, loss):
    """Draw the k-th path on axes whose limits are final, and return it in words."""
    path = numbers(f"the path {name!r}", path, ndim=2)
    if path.shape[1:] != (2,) or not len(path):
        raise ValueError(
            f"the path {name!r} has shape {path.shape}; it should be (steps + 1, 2): a position after each step"
        )
    shown, _ = drawable(path)
    inside = np.isfinite(shown).all(axis=1)
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    with np.errstate(invalid="ignore"):
        on_map = (shown[:, 0] >= left) & (shown[:, 0] <= right) & (shown[:, 1] >= low) & (shown[:, 1] <= high)
    # Far beyond the edge the direction counts, not the distance, which would overflow the drawing.
    far = 1000 * np.array([right - left, high - low])
    shown = np.clip(shown, np.array([left, low]) - far, np.array([right, high]) + far)
    color = (VERMILION, BLUE, *SERIES[2:])[k % len(SERIES)]
    look = {"color": color} | style(k, "linestyle", "marker")
    axes.plot(*shown.T, markersize=3.5, linewidth=1.6, label=name, zorder=4, **look)
    axes.plot(*shown[0], "o", markersize=9, markerfacecolor="white", markeredgewidth=2, color=color, zorder=5)
    axes.plot(*shown[-1], "*", markersize=15, markeredgecolor="white", color=color, zorder=6)
    seen = inside & on_map
    if seen[0]:
        axes.annotate("start", shown[0], (7, 9), textcoords="offset points", zorder=7, bbox=GROUND)
    with np.errstate(all="ignore"):
        first, last = (float(loss(*position)) for position in (path[0], path[-1]))
    text = (
        f"{len(path) - 1} steps from {_at(*path[0])}, loss {figures(first)}, to {_at(*path[-1])}, loss {figures(last)}"
    )
    if not seen.all():
        text += f"; outside the map after step {int(np.argmin(seen))}"
    return text


def _at(x, y):
    return f"({figures(x)}, {figures(y)})"


def _checked(X, labels):
    X = numbers("X", X, ndim=2)
    labels = np.asarray(labels)
    if X.shape[1] != 2 or labels.shape != (len(X),):
        raise ValueError(f"X has shape {X.shape} and labels {labels.shape}; they should be (n, 2) and (n,)")
    if labels.dtype.kind not in "biu" or (labels.size and labels.min() < 0):
        raise ValueError(f"labels should be integers from 0, and they are {labels.dtype}: {labels[:5]}")
    return X, labels.astype(int)


def _ahead(scores, X):
    """How far each class is ahead of the best other one, at each point; NaN where a score is no number."""
    found = np.asarray(scores(X), dtype=np.float64)
    if found.ndim != 2 or len(found) != len(X) or found.shape[1] < 2:
        raise ValueError(
            f"the classifier returned shape {found.shape} for {len(X)} points; it should return one score for each"
            f" class, shape ({len(X)}, k) with k at least 2, and not the predicted classes"
        )
    shown = drawable(found)[0]
    others = (np.delete(shown, k, axis=1).max(axis=1) for k in range(shown.shape[1]))
    return shown - np.stack([*others], axis=1)


def _scatter(axes, X, labels):
    """Draw the points of each class, and return a sentence about each."""
    handles, words = [], []
    for k in np.unique(labels):
        own = X[labels == k]
        name = f"class {k}"
        look = style(k, "color", "marker") | {"linestyle": "", "markeredgecolor": "white"}
        axes.plot(*drawable(own)[0].T, markersize=7, markeredgewidth=0.9, zorder=3, **look)
        handles.append(Line2D([], [], markersize=8, label=name, **look))
        finite = own[np.isfinite(drawable(own)[0]).all(axis=1)]
        around = f" around {_at(*finite.mean(axis=0))}" if len(finite) else ", none of them finite"
        words.append(f"{name}: {len(own)} {'point' if len(own) == 1 else 'points'}{around}")
    legend(axes, handles)
    return words or ["no points"]
