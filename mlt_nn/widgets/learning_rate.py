"""The learning rate: the same descent with short steps, with good ones, and with steps that overshoot."""

import copy
import functools
import math
from itertools import pairwise

import numpy as np

from mlt_nn.plots.axes import Axes
from mlt_nn.plots.drawing import Drawing
from mlt_nn.plots.look import counted, figures, ratio
from mlt_nn.support.colors import BLUE, INK, VERMILION, WHITE
from mlt_nn.widgets.controls import IntSlider, LogSlider, Slider, button
from mlt_nn.widgets.interactive import Interactive, Link
from mlt_nn.widgets.map_of_lines_picture import clip, ground

# The squares of 1.2 and 1.6 add up to 4, so the loss is 2 (w1 w2 - 1)^2: easy to check by hand.
POINTS = [(1.2, 1.2), (1.6, 1.6)]
START = (-0.5, 1.0)
RATES = {"slow": 0.001, "good": 0.03, "oscillating": 0.3, "diverging": 1.0}
BOTTOM = 1e-9  # a smaller loss, over all of the path, is that of a start in a valley
# At the start the gradient is (-6, 3), so that these steps can be worked out by hand.
FIRST_STEP = (0.01, 0.1, 1.0)
# Without a line break in it.
LOSS = "2 (w1 w2 - 1)^2".replace(" ", "\N{NO-BREAK SPACE}")
CAPTION = (
    "The network x, w1, w2 without biases, with g(z) = z, on the points (1.2, 1.2) and (1.6, 1.6): the loss is "
    f"{LOSS}, and 0 along the two valleys, where w1 w2 = 1. Each dot is one step of gradient descent, from the square "
    "to the star. Drag the square."
)
REACH = 2.0  # the picture shows w1 and w2 from -REACH to REACH
LEVELS = (0.1, 1, 3, 10, 30)
LOWEST, HIGHEST = -8, 4  # the ends of the loss axis, in powers of ten
STEPS = 40  # the end of the step axis
FAR = 10 * REACH  # a path that is this far away has left the picture for good
_LEFT, _TOP, _SIDE, _RIGHT = 52, 36, 304, 426


def learning_rate(forward, loss, backward):
    """The learning rate on a log slider: the path of gradient descent over the loss surface, and a verdict in words.

    Arguments: the reader's functions of `mlt_nn.scalar_network`.
    """

    @functools.cache
    def empty():
        return surface(functools.partial(total_loss, forward, loss))

    rate = LogSlider("learning rate", RATES["good"], 0.001, 10)
    # After the last step comes the first one again.
    one_step = button("One step", lambda: setattr(steps, "value", steps.value % STEPS + 1))
    steps: IntSlider = IntSlider("steps", STEPS, 0, STEPS, beside=[one_step])
    w1, w2 = (Slider(f"start {name}", at, -REACH, REACH, 0.1) for name, at in zip(("w1", "w2"), START, strict=True))
    start = dict(zip((w1, w2), START, strict=True))

    def view():
        path = descend(forward, loss, backward, rate.value, steps.value, (w1.value, w2.value))
        return path_picture(empty(), path), f"Learning rate {rate.value:g}. {verdict(path[:, 2])}"

    presets = {f"{name} ({alpha:g})": {rate: alpha, steps: STEPS, **start} for name, alpha in RATES.items()}
    presets["back to the start"] = {steps: 0}
    links = [Link(f"{alpha:g}", f"one step with {alpha:g}", {rate: alpha, steps: 1, **start}) for alpha in FIRST_STEP]
    sentence = [
        "Where does the first step lead? At the start, (-0.5, 1), the gradient is (-6, 3). Work it out, then see it "
        "with the learning rate ",
        *(links[0], ", ", links[1], " or ", links[2], "."),
    ]

    def moved(x0, y0, x, y):
        place = grasped(x0, x, y)
        return {} if place is None else dict(zip((w1, w2), np.round(place, 2), strict=True))

    name = "learning rate: the path of gradient descent over the loss surface"
    compared = "good (0.03)", "diverging (1)"
    return Interactive(
        name, [rate, steps, w1, w2], view, presets, sentence, beside=True, compared=compared, moved=moved
    )


def total_loss(forward, loss, w1, w2):
    """The loss of all points at (w1, w2)."""
    return sum(loss(y, forward(x, w1, 0.0, w2, 0.0, lambda z: z)[-1]) for x, y in POINTS)


def descend(forward, loss, backward, rate, steps, start=START):
    """The path of gradient descent: one row (w1, w2, loss) for the start and for each step, shape (steps + 1, 3).

    It ends early with an infinite loss where the numbers get too large for a float.
    """
    w1, w2 = map(np.float64, start)
    path = []
    with np.errstate(over="ignore", invalid="ignore"):  # a path that diverges is one of the things to see
        for _ in range(steps + 1):
            try:
                here = total_loss(forward, loss, w1, w2)
            except OverflowError:  # Python's own floats raise where NumPy's become infinite
                here = np.inf
            if not np.isfinite(here):
                path.append((w1, w2, np.inf))
                break
            path.append((w1, w2, here))
            gradients = [
                backward(x, y, w2, *forward(x, w1, 0.0, w2, 0.0, lambda z: z), lambda z: 1.0) for x, y in POINTS
            ]
            w1 = w1 - rate * sum(w1_g for w1_g, _, _, _ in gradients)
            w2 = w2 - rate * sum(w2_g for _, _, w2_g, _ in gradients)
    return np.array(path)


def verdict(losses):
    """What the losses say about the learning rate, in words with numbers: slow, good, oscillating or diverging."""
    first, last, steps = losses[0], losses[-1], len(losses) - 1
    if steps == 0:
        return f"The loss at the start is {figures(first)}. Press One step."
    if max(losses) < BOTTOM:
        return f"At the bottom: the loss is {figures(last)}, and there it stays."
    if last > first:
        return f"Diverging: {_growth(losses)}."
    fell = f"from {figures(first)} to {figures(last)}"
    if steps < 10:
        return f"After {counted(steps, 'step')} the loss went {fell}; too early to judge."
    # Near 0 the losses are rounding errors, and go up and down whatever the learning rate is.
    rises = int(np.sum((np.diff(losses) > 0) & (losses[1:] > 1e-12 * first)))
    if rises > steps / 4:
        return f"Oscillating: the loss went up in {rises} of {steps} steps, jumping across the valley; in all, {fell}."
    if last < first / 100:
        return f"Good: in {steps} steps the loss fell {fell}."
    if last > first / 4:
        return f"Slow: after {steps} steps {last / first:.0%} of the loss is still there; it fell {fell}."
    return f"On its way: in {steps} steps the loss fell {fell}."


def _growth(losses):
    first, last, steps = losses[0], losses[-1], len(losses) - 1
    overflow = "" if np.isfinite(last) else f", and after {counted(steps, 'step')} it is too large for a float"
    # Where it overflows, the last number says nothing, but the first that is too high does.
    step = int(np.argmax(losses > first)) if overflow else steps
    grown = losses[step]
    if not np.isfinite(grown):
        return f"from {figures(first)} the loss grew too large for a float in {counted(step, 'step')}"
    times = ratio(grown / first)
    way = f"from {figures(first)} to {figures(grown)}"
    return f"in {counted(step, 'step')} the loss grew {times} times, {way}{overflow}"


def surface(loss):
    """The land of a loss, loss(w1, w2) -> a number: the axes of the map and of the losses, without a path yet."""
    weights = np.linspace(-REACH, REACH, 61)
    plane = _plane(Drawing(612, 386))
    plane.drawing.heading(_LEFT, 17, "The loss over both weights")
    ground(plane, weights, np.array([[loss(w1, w2) for w1 in weights] for w2 in weights]), LEVELS)
    ticks = {tick: str(tick) for tick in range(-2, 3)}
    plane.scales(ticks, ticks, "w_1", "w_2", grid="none", framed=True)
    descent = Axes(plane.drawing, _RIGHT, _TOP, 172, _SIDE, (0, STEPS), (LOWEST, HIGHEST))
    plane.drawing.heading(_RIGHT - 40, 17, "The loss after each step")
    powers = {power: "1" if power == 0 else f"1e{power:+d}" for power in range(LOWEST, HIGHEST + 1, 2)}
    descent.scales({step: str(step) for step in range(0, STEPS + 1, 10)}, powers, "step", "")
    return plane, descent


def path_picture(empty, path):
    """A path over a `surface`, as often as one likes: it is drawn on a copy.

    Arguments:
        path: one row (w1, w2, loss) for the start and for each step, shape (steps + 1, 3). Numbers may be infinite
            or NaN.
    """
    path = np.asarray(path, dtype=np.float64)
    plane, descent = copy.deepcopy(empty)
    outside = not np.all(np.abs(path[-1, :2]) <= REACH)  # also when it is NaN
    _walk(plane, _visible(path[:, :2]), not outside)
    # No curve for a loss that is NaN; one that is out of range is drawn on the edge.
    with np.errstate(divide="ignore"):
        heights = np.clip(np.log10(path[:, 2]), LOWEST, HIGHEST)
    places = [descent.place(*point) for point in enumerate(heights) if math.isfinite(point[1])]
    descent.drawing.polyline(places, VERMILION, 1.5)
    for place in places:
        descent.drawing.circle(*place, 2.5, VERMILION, "none")
    end = "outside the picture" if outside else f"({figures(path[-1, 0])}, {figures(path[-1, 1])})"
    alt = (
        f"The loss over w1 and w2, both from {-REACH:g} to {REACH:g}, as a map. The path of gradient descent "
        f"goes in {counted(len(path) - 1, 'step')} from ({figures(path[0, 0])}, {figures(path[0, 1])}) to {end}. "
        f"Beside it the loss: {figures(path[0, 2])} at the start, {figures(path[-1, 2])} at the end."
    )
    return plane.drawing.picture(CAPTION, alt)


def _plane(drawing):
    return Axes(drawing, _LEFT, _TOP, _SIDE, _SIDE, (-REACH, REACH), (-REACH, REACH))


def grasped(x0, x, y):
    """The start (w1, w2) after something was dragged from x0 to (x, y), in pixels; None when it was not on the map."""
    return _plane(None).numbers(x, y) if x0 < _LEFT + _SIDE + 10 else None


def _visible(path):
    """The places to draw: up to the first that is far outside, which is drawn nearer, where the path goes."""
    far = ~(np.abs(path).max(axis=1) <= FAR)  # also true for NaN
    if not far.any():
        return path
    first = int(np.argmax(far))
    way = path[first] - path[first - 1]
    if not np.isfinite(way).all():
        return path[:first]
    return np.vstack([path[:first], path[first - 1] + way / np.abs(way).max() * FAR])


def _walk(plane, path, ends_here):
    """The path, a dot for each step, with a square at its start, and a star at an end that is in the picture."""
    drawing, inside = plane.drawing, clip(plane, "map")
    places = [plane.place(*place) for place in path]
    for (x1, y1), (x2, y2) in pairwise(places):
        drawing.line(x1, y1, x2, y2, VERMILION, 1.5, **inside)
    for x, y in places[1:]:
        drawing.add("circle", cx=x, cy=y, r=3, fill=VERMILION, **inside)
    x, y = places[0]
    drawing.box(x - 7, y - 7, 14, 14, BLUE, WHITE, 2)
    if ends_here:
        x, y = places[-1]
        corners = [(math.pi * k / 5, 4.5 if k % 2 else 10.5) for k in range(10)]
        star = [(x + radius * math.sin(turn), y - radius * math.cos(turn)) for turn, radius in corners]
        drawing.polygon(star, VERMILION, stroke=INK)
