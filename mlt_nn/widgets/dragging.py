"""A picture one can take hold of: what is dragged on it sets the controls, which the keyboard reaches."""

from pathlib import Path

import anywidget
import traitlets

_CLASS = "mlt-nn-dragging"


class _Dragging(anywidget.AnyWidget):
    """Nothing to be seen: it listens to the picture of the box that it stands in."""

    _esm = Path(__file__).with_suffix(".js")
    _css = f".{_CLASS} figure img {{ cursor: crosshair; touch-action: none; user-select: none }}"
    drag = traitlets.Tuple().tag(sync=True)


def drag(widget, moved):
    """Let the picture of an `Interactive` be dragged.

    Arguments:
        widget: the `Interactive`.
        moved: a function that is called as moved(x0, y0, x, y) while something is dragged on the picture: from where,
            and where to, in pixels of the drawing from its upper left corner. It returns {control: value}.
    """
    listening = _Dragging(layout={"display": "none"})
    listening.observe(lambda change: widget.set(moved(*change.new)), "drag")
    widget.add_class(_CLASS)
    widget.children = [*widget.children, listening]


def held(take):
    """For `drag`: what was taken hold of stays in the hand until the next time.

    Arguments:
        take: a function that is called as take(x0, y0) when a drag begins, and returns moved(x, y), or None where there
            is nothing to be taken.
    """
    start = moved = None

    def follow(x0, y0, x, y):
        nonlocal start, moved
        if (x0, y0) != start or (x, y) == start:
            start, moved = (x0, y0), take(x0, y0)
        return moved(x, y) if moved else {}

    return follow
