"""A board to draw on, with the mouse, a finger or the keyboard: the browser draws, in `drawing_board.js`."""

from pathlib import Path

import anywidget
import traitlets

from mlt_nn.plots.picture import TEXT, THEME
from mlt_nn.support.colors import VERMILION

SIDE = 280  # of the board, in its own units
PEN = 20  # the width of a line
_CLASS = "mlt-nn-drawing"


class DrawingBoard(anywidget.AnyWidget):
    """The board. Its `value` is what is drawn, as text: "x,y x,y ...;x,y ..." in units of the board; setting it draws.

    A drawing that was set is an example: it makes way when the reader begins to draw.
    """

    _esm = Path(__file__).with_suffix(".js")
    _css = f"""
        .{_CLASS} {{ margin: 2px; {TEXT} }}
        .{_CLASS} svg {{
            background: #fff; box-shadow: inset 0 0 0 1px #767676; cursor: crosshair; touch-action: none; margin: 3px;
            {THEME}; fill: none; stroke: #000; stroke-width: {PEN}; stroke-linecap: round; stroke-linejoin: round }}
        .{_CLASS} circle {{ fill: {VERMILION}; stroke-width: 2 }}
    """
    value = traitlets.Unicode()
    side = traitlets.Int(SIDE).tag(sync=True)
    # How often it was set, and what has been on the board since.
    drawing = traitlets.Tuple(traitlets.Int(), traitlets.Unicode(), default_value=(0, "")).tag(sync=True)

    def __init__(self, value=""):
        super().__init__(value=value)
        self.add_class(_CLASS)

    @traitlets.observe("value")
    def _show(self, change):
        count, drawn = self.drawing
        if change.new != drawn:  # otherwise the browser has drawn it already
            self.drawing = (count + 1, change.new)

    @traitlets.observe("drawing")
    def _read(self, change):
        if change.new[0] < change.old[0]:  # a line that was on its way when the board was set
            self.drawing = change.old
        else:
            self.value = change.new[1]
