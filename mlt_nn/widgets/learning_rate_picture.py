"""The picture of the learning-rate widget: contours of the loss, the path of gradient descent, and its losses."""

import numpy as np

from mlt_nn.plots.look import figures, house_style, kept, sheet
from mlt_nn.plots.picture import Picture
from mlt_nn.support.colors import BLUE, GRAY, INK, VERMILION, tint

REACH = 2.0  # the picture shows w1 and w2 from -REACH to REACH
LEVELS = [0, 0.1, 0.3, 1, 3, 10, 30, 100]
LOWEST, HIGHEST = 1e-8, 1e4  # the ends of the loss axis
STEPS = 40  # the end of the step axis
WIDTH = 740  # of the picture, in CSS pixels
FAR = 10 * REACH  # a path that is this far away has left the picture for good


class LossSurface:
    """The contours of a loss over (w1, w2), drawn once; a path over them is drawn as often as one likes.

    Arguments:
        loss: a function of two numbers, loss(w1, w2) -> a number.
    """

    @house_style()
    def __init__(self, loss):
        figure, (surface, descent) = sheet(WIDTH, 390, columns=2, width_ratios=[1.25, 1])
        weights = np.linspace(-REACH, REACH, 61)
        losses = np.array([[loss(w1, w2) for w1 in weights] for w2 in weights])
        shades = [tint(BLUE, 0.07 * k) for k in range(len(LEVELS) - 1)]
        surface.contourf(weights, weights, losses, levels=LEVELS, colors=shades)
        lines = surface.contour(weights, weights, losses, levels=LEVELS[1:], colors=GRAY, linewidths=0.6)
        surface.clabel(lines, fontsize=7, fmt="%g")
        surface.set(title="The loss over both weights", xlabel="$w_1$", ylabel="$w_2$", aspect="equal")
        surface.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH))
        descent.set(title="The loss after each step", xlabel="step", ylabel="loss (log scale)", yscale="log")
        descent.set(xlim=(-1, STEPS + 1), ylim=(LOWEST, HIGHEST))
        descent.grid(alpha=0.3)

        look = {"color": VERMILION, "linewidth": 1.2, "animated": True}
        (self.path,) = surface.plot([], [], "-o", markersize=3, **look)
        (self.start,) = surface.plot([], [], "s", color=BLUE, markersize=7, animated=True)
        (self.end,) = surface.plot([], [], "*", markeredgecolor=INK, markersize=13, **look)
        (self.curve,) = descent.plot([], [], "-o", markersize=3, **look)
        surface.legend([self.start, self.end], ["start", "end"], loc="lower left", frameon=True, framealpha=1)
        self.png = kept(figure)

    def picture(self, path, caption):
        """The surface with a path on it.

        Arguments:
            path: one row (w1, w2, loss) for the start and for each step, shape (steps + 1, 3). Numbers may be infinite
                or NaN.
            caption: what to see.
        """
        path = np.asarray(path, dtype=np.float64)
        shown = path[: _leaves(path), :2]
        outside = not np.all(np.abs(path[-1, :2]) <= REACH)  # also when it is NaN
        self.path.set_data(*shown.T)
        self.start.set_data(*shown[:1].T)
        self.end.set_data(*shown[len(shown) if outside else -1 :].T)
        # No curve for a loss that is NaN; one that is out of range is drawn on the edge.
        self.curve.set_data(range(len(path)), np.clip(path[:, 2], LOWEST / 10, HIGHEST * 10))
        end = "outside the picture" if outside else f"({figures(path[-1, 0])}, {figures(path[-1, 1])})"
        alt = (
            f"Contours of the loss over w1 and w2, both from {-REACH:g} to {REACH:g}. The path of gradient descent "
            f"goes in {steps_in_words(len(path) - 1)} from ({figures(path[0, 0])}, {figures(path[0, 1])}) to {end}. "
            f"Beside it the loss: {figures(path[0, 2])} at the start, {figures(path[-1, 2])} at the end."
        )
        return Picture(self.png(self.path, self.start, self.end, self.curve), caption, alt, WIDTH)


def steps_in_words(count):
    """A number of steps.

    >>> steps_in_words(1)
    '1 step'
    """
    return "1 step" if count == 1 else f"{count} steps"


def _leaves(path):
    """How many rows of the path to draw: up to the first that is far outside, which shows where the path went."""
    far = ~(np.abs(path[:, :2]).max(axis=1) <= FAR)  # also true for NaN
    if not far.any():
        return len(path)
    first = int(np.argmax(far))
    # A coordinate beyond 1e15 cannot be drawn; the direction of the last line suffers, nothing else.
    return first + 1 if np.abs(path[first, :2]).max() < 1e15 else first
