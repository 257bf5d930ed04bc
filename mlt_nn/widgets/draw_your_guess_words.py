"""How a drawn curve and a measured one differ, in words with numbers."""

import numpy as np

from mlt_nn.plots.look import figures, ratio

CLOSE = 0.05
"""What is closer than this share of the scale counts as drawn right."""


def compared(x, x_label, drawn, measured, span, log_y=False):
    """The largest difference, how fast and which way both go, where they turn, and how far apart they end.

    Arguments:
        x: the places, a list.
        x_label: what they are.
        drawn, measured: a number for each place, shape (n,).
        span: the length of the vertical axis; with a log axis, in powers of ten.
        log_y: whether it is one.

    Example:
        >>> compared([1, 2, 4], "epoch", np.array([8.0, 8.0, 1.0]), np.array([8.0, 2.0, 1.0]), 10.0)
        'It falls, as you drew it. Farthest apart at epoch 2: you drew 8, 2 was measured, 6 too high. Half of the way \
down is done by epoch 2, yours by epoch 4.'
    """
    finite = np.isfinite(measured) & (measured > 0 if log_y else True)
    gone = [figures(place) for place, there in zip(x, finite, strict=True) if not there]
    said = [f"No number that can be drawn was measured at {x_label} {', '.join(gone)}."] if gone else []
    if len(gone) > len(x) - 2:
        return " ".join(said)
    x = [f"{x_label} {figures(place)}" for place, there in zip(x, finite, strict=True) if there]
    drawn, measured = drawn[finite], measured[finite]
    yours, its = (np.log10(values) if log_y else values for values in (drawn, measured))
    close = CLOSE * span
    apart = np.abs(yours - its)
    farthest = int(np.argmax(apart))

    def off(k):
        way = "high" if drawn[k] > measured[k] else "low"
        if not log_y:
            return f"{figures(abs(drawn[k] - measured[k]))} too {way}"
        times = 10 ** apart[k]
        orders = f", {figures(apart[k])} orders of magnitude" if times >= 10 else ""
        return f"{ratio(times)} times too {way}{orders}"

    if apart[farthest] <= close:
        return " ".join([*said, f"Well seen: nowhere farther off than at {x[farthest]}, {off(farthest)}."])
    shape = _turns(x, drawn, measured, yours, its, close) or _ways(x, yours, its, close)
    largest = (
        f"Farthest apart at {x[farthest]}: you drew {figures(drawn[farthest])}, {figures(measured[farthest])} was "
        f"measured, {off(farthest)}."
    )
    said += [*shape[:1], largest, *shape[1:]]
    for k, words in ((0, "It starts"), (len(x) - 1, "It ends")):
        if apart[k] > close and k != farthest:
            said.append(f"{words} with {figures(measured[k])}; yours is {off(k)}.")
    return " ".join(said)


def _turn(heights, close):
    """The place of a top or a bottom between the ends, and which of them it is; None without one."""
    for extreme, sign, name in ((np.argmax, 1, "highest"), (np.argmin, -1, "lowest")):
        k = int(extreme(heights))
        if sign * heights[k] - max(sign * heights[0], sign * heights[-1]) > close:
            return k, name
    return None


def _turns(x, drawn, measured, yours, its, close):
    its_turn, your_turn = _turn(its, close), _turn(yours, close)
    if its_turn:
        k, name = its_turn
        where = f"It is {name} at {x[k]}, {figures(measured[k])}"
        if not your_turn:
            return [f"It turns, and yours does not: {where[0].lower()}{where[1:]}."]
        return [f"{where}; yours is {your_turn[1]} at {x[your_turn[0]]}, {figures(drawn[your_turn[0]])}."]
    if your_turn:
        return [f"Yours is {your_turn[1]} at {x[your_turn[0]]} and turns there; what was measured does not turn."]
    return []


def _ways(x, yours, its, close):
    ways = [int(np.sign(change)) * (abs(change) > close) for change in (its[-1] - its[0], yours[-1] - yours[0])]
    names = {1: "rises", -1: "falls", 0: "stays nearly where it is"}
    if ways[0] != ways[1]:
        return [f"It {names[ways[0]]}; yours {names[ways[1]]}."]
    if not ways[0]:
        return []
    halves = [int(np.argmax((heights - heights[0]) / (heights[-1] - heights[0]) > 0.5)) for heights in (its, yours)]
    said = [f"It {names[ways[0]]}, as you drew it."]
    if halves[0] != halves[1]:
        direction = "up" if ways[0] > 0 else "down"
        said.append(f"Half of the way {direction} is done by {x[halves[0]]}, yours by {x[halves[1]]}.")
    return said
