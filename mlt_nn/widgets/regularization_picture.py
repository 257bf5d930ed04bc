"""The picture of the regularization widget: the boundary, the weights, and the loss in training and validation."""

import numpy as np
from matplotlib.colors import ListedColormap

from mlt_nn.plots.look import drawable, figures, gaps, house_style, kept, sentences, sheet
from mlt_nn.plots.picture import Picture
from mlt_nn.support.colors import BLUE, GRAY, INK, VERMILION, tint

WIDTH, HEIGHT = 780, 330
# Where the points lie, and the grid on which the network is asked.
X_RANGE, Y_RANGE, GRID = (-2.0, 3.0), (-1.75, 2.25), 60
WEIGHTS = np.linspace(-6.25, 6.25, 26)  # edges of the bars; a weight beyond them counts in the last one
LOSSES = (1e-4, 10.0)


def grid():
    """The points of the plane at which the boundary is looked for, shape (GRID * GRID, 2)."""
    x, y = np.meshgrid(np.linspace(*X_RANGE, GRID), np.linspace(*Y_RANGE, GRID))
    return np.column_stack([x.ravel(), y.ravel()])


class Panels:
    """Three empty charts, drawn once; what a training led to is drawn into them as often as one likes.

    Arguments:
        X, labels: the training set, shapes (n, 2) and (n,), two classes.
        weights: how many weights the network has.
        steps: how many steps the training has.
    """

    @house_style()
    def __init__(self, X, labels, weights, steps):
        figure, (plane, bars, losses) = sheet(WIDTH, HEIGHT, 3, width_ratios=[1.25, 1, 1.1])
        self.plane = plane
        figure.suptitle(" ", fontsize=12)  # keeps the place of the title
        self.title = figure.text(0.012, 0.98, "", fontsize=12, fontweight="bold", va="top", animated=True)

        pale = ListedColormap([tint(BLUE, 0.14), tint(VERMILION, 0.16)])
        look = {"origin": "lower", "aspect": "auto", "interpolation": "nearest", "animated": True}
        extent = (*X_RANGE, *Y_RANGE)
        self.regions = plane.imshow(np.zeros((GRID, GRID)), extent=extent, cmap=pale, vmin=0, vmax=1, **look)
        self.points = [
            plane.plot(*X[labels == k].T, marker, color=color, markeredgecolor="white", animated=True)[0]
            for k, marker, color in ((0, "o", BLUE), (1, "s", VERMILION))
        ]
        plane.set(xlim=X_RANGE, ylim=Y_RANGE, xlabel="feature 1", ylabel="feature 2", title="boundary")
        plane.grid(False)

        middles, width = (WEIGHTS[:-1] + WEIGHTS[1:]) / 2, WEIGHTS[1] - WEIGHTS[0]
        self.bars = bars.bar(middles, np.zeros(len(middles)), width, color=BLUE, animated=True)
        bars.set(xlim=(WEIGHTS[0], WEIGHTS[-1]), ylim=(0, weights))
        bars.set(xlabel="weight", ylabel="how many", title=f"all {weights} weights")

        self.curves = [
            losses.plot([], [], style, color=color, linewidth=width, label=label, animated=True)[0]
            for style, color, width, label in (
                ("-", BLUE, 2, "training set"),
                ("--", VERMILION, 2, "validation set"),
                (":", GRAY, 1.3, "validation, no penalty"),
            )
        ]
        losses.set(xlim=(0, steps), ylim=LOSSES, yscale="log")
        losses.set(xlabel="step", ylabel="loss per point", title="loss")
        losses.legend(loc="lower left", fontsize=8)
        self.png = kept(figure)

    @house_style()
    def picture(self, title, run, without):
        """What training with a penalty led to, with the result without one for comparison.

        Arguments:
            title: which penalty and how strong, one line.
            run, without: two trainings, each with
                probability: of class 1 at the points of `grid()`, shape (GRID * GRID,),
                weights: all weights, shape (p,),
                steps: at which the losses were taken, shape (s,),
                train_loss, val_loss: loss per point at these steps, shape (s,).
        """
        self.title.set_text(title)
        probability, boundary_before = (drawable(r.probability)[0].reshape(GRID, GRID) for r in (run, without))
        self.regions.set_data(np.ma.masked_invalid(np.where(np.isnan(probability), np.nan, probability > 0.5)))
        weights, missing = drawable(run.weights)
        finite = weights[np.isfinite(weights)]
        counts, _ = np.histogram(np.clip(finite, WEIGHTS[0], WEIGHTS[-1]), WEIGHTS)
        for bar, count in zip(self.bars, counts, strict=True):
            bar.set_height(count)
        for curve, losses in zip(self.curves, (run.train_loss, run.val_loss, without.val_loss), strict=True):
            # No curve for a loss that is NaN; one that is out of range is drawn on the edge.
            curve.set_data(run.steps, np.clip(losses, *LOSSES))

        boundaries = [*self._boundary(boundary_before, "dashed", 1.0), *self._boundary(probability, "solid", 1.8)]
        png = self.png(self.title, self.regions, *boundaries, *self.points, *self.bars, *self.curves)
        for boundary in boundaries:
            boundary.remove()
        caption = (
            "Left: what the network calls class 0 (blue, circles) and class 1 (orange, squares); dashed, its "
            "boundary without a penalty. Middle: all weights. Right: both losses during training."
        )
        alt = sentences(
            title,
            f"Largest weight {figures(np.abs(finite).max())}" if len(finite) else "",
            f"Loss per point at the end of training: {figures(run.train_loss[-1])} on the training set, "
            f"{figures(run.val_loss[-1])} on the validation set; "
            f"without a penalty {figures(without.train_loss[-1])} and {figures(without.val_loss[-1])}",
            gaps({f"{len(weights)} weights": missing}),
        )
        return Picture(png, caption, alt, WIDTH)

    def _boundary(self, values, style, width):
        # Without a boundary in sight there is nothing to draw, and matplotlib would warn.
        if np.nanmin(values, initial=1.0) <= 0.5 < np.nanmax(values, initial=0.0):
            x, y = np.linspace(*X_RANGE, GRID), np.linspace(*Y_RANGE, GRID)
            yield self.plane.contour(x, y, values, levels=[0.5], colors=[INK], linestyles=[style], linewidths=[width])
