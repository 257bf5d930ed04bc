"""The picture of the learning-rate widget: contours of the loss, the path of gradient descent, and its losses."""

import io

import numpy as np
from matplotlib.image import imsave

from mlt_nn.plots.look import figures, house_style, sheet
from mlt_nn.plots.picture import Picture
from mlt_nn.support.colors import BLUE, INK, VERMILION

REACH = 2.0  # the picture shows w1 and w2 from -REACH to REACH
LEVELS = [0, 0.1, 0.3, 1, 3, 10, 30, 100]
SHADES = ["#FFFFFF", "#EEF3F7", "#DCE7F0", "#C8D9E7", "#B2CADD", "#9ABAD2", "#80A9C7"]  # one between two levels
LOWEST, HIGHEST = 1e-8, 1e4  # the ends of the loss axis
STEPS = 40  # the end of the step axis
WIDTH = 740  # of the picture, in CSS pixels
FAR = 10 * REACH  # a path that is this far away has left the picture for good


class LossSurface:
    """The contours of a loss over (w1, w2), drawn once; a path over them is drawn as often as one likes.

    Arguments:
        loss: a function of two numbers, loss(w1, w2) -> a number.

    A new contour plot takes a third of a second. So the picture without a path is kept, and `picture` copies it back
    before it draws the path: a few milliseconds.
    """

    @house_style()
    def __init__(self, loss):
        self.figure, (surface, descent) = sheet(WIDTH, 390, columns=2, width_ratios=[1.25, 1])
        self.canvas = self.figure.canvas

        weights = np.linspace(-REACH, REACH, 61)
        losses = np.array([[loss(w1, w2) for w1 in weights] for w2 in weights])
        surface.contourf(weights, weights, losses, levels=LEVELS, colors=SHADES)
        lines = surface.contour(weights, weights, losses, levels=LEVELS[1:], colors="#777777", linewidths=0.6)
        surface.clabel(lines, fontsize=7, fmt="%g")
        surface.set(title="The loss over both weights", xlabel="$w_1$", ylabel="$w_2$", aspect="equal")
        surface.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH))

        descent.set(title="The loss after each step", xlabel="step", ylabel="loss (log scale)", yscale="log")
        descent.set(xlim=(-1, STEPS + 1), ylim=(LOWEST, HIGHEST))
        descent.grid(alpha=0.3)

        # Animated: left out of the picture that is kept.
        self.path = surface.plot([], [], "-o", color=VERMILION, linewidth=1.2, markersize=3, animated=True)[0]
        self.start = surface.plot([], [], "s", color=BLUE, markersize=7, animated=True)[0]
        self.end = surface.plot([], [], "*", color=VERMILION, markeredgecolor=INK, markersize=13, animated=True)[0]
        self.curve = descent.plot([], [], "-o", color=VERMILION, linewidth=1.2, markersize=3, animated=True)[0]
        surface.legend([self.start, self.end], ["start", "end"], loc="lower left", frameon=True, framealpha=1)
        self.canvas.draw()
        self.without_path = self.canvas.copy_from_bbox(self.figure.bbox)

    def picture(self, path, caption):
        """The surface with a path on it.

        Arguments:
            path: one row (w1, w2, loss) for the start and for each step, shape (steps + 1, 3). Numbers may be infinite
                or NaN.
            caption: what to see.
        """
        path = np.asarray(path, dtype=np.float64)
        shown = path[: _leaves(path)]
        outside = not np.all(np.abs(path[-1, :2]) <= REACH)  # also when it is NaN
        self.path.set_data(shown[:, 0], shown[:, 1])
        self.start.set_data(shown[:1, 0], shown[:1, 1])
        self.end.set_data([], []) if outside else self.end.set_data(shown[-1:, 0], shown[-1:, 1])
        # No curve for a loss that is NaN; one that is out of range is drawn on the edge.
        self.curve.set_data(range(len(path)), np.clip(path[:, 2], LOWEST / 10, HIGHEST * 10))

        self.canvas.restore_region(self.without_path)
        for artist in (self.path, self.start, self.end, self.curve):
            artist.axes.draw_artist(artist)
        file = io.BytesIO()
        options: dict = {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 1}}  # level 1 is fast
        imsave(file, self.canvas.buffer_rgba(), format="png", **options)

        end = "outside the picture" if outside else f"({figures(path[-1, 0])}, {figures(path[-1, 1])})"
        alt = (
            f"Contours of the loss over w1 and w2, both from {-REACH:g} to {REACH:g}. The path of gradient descent "
            f"goes in {steps_in_words(len(path) - 1)} from ({figures(path[0, 0])}, {figures(path[0, 1])}) to {end}. "
            f"Beside it the loss: {figures(path[0, 2])} at the start, {figures(path[-1, 2])} at the end."
        )
        return Picture(file.getvalue(), caption, alt, WIDTH)


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
