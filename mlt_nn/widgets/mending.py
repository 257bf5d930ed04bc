"""What the stock controls of ipywidgets lack in the page, and cannot be given from the kernel: `mending.js` gives it.

Keys: in a notebook the arrow keys move from cell to cell and letters are commands, also while a list or a radio button
has the focus. JupyterLab leaves alone what carries the attribute `data-lm-suppress-shortcuts`; VS Code and the
classic Notebook never hear of a key that goes no further than the widget.

Names: the handle of a slider has none, and a button with a sign is called by its sign. Both get the tooltip as their
name. The button that plays a film has neither. (Its second button, back to the start, is not needed beside a slider.)

Ends: a field that is not bounded sends whatever is typed, which a control can then answer; but nobody told the arrow
keys, and a screen reader, where its numbers end. Its tooltip does. Beside a scale of powers of ten the arrow keys take
its steps.

Values: the browser knows the position on a slider, which is an exponent or a place in a list for some. A screen reader
hears what ipywidgets would show beside the slider; on a scale of powers of ten it rounds a number that was typed, which
is then taken from the field.

Groups: the radio buttons of ipywidgets do not know of each other, so that Tab stops at each of them, and a screen
reader is not told what they choose. They become a group; so do the presets, and the widget as a whole.

Rest: without a kernel, after a restart or when a saved notebook is opened, a control could still be moved, and nothing
would answer: a choice would stand above the words to another one. So it cannot be moved, and the reader is told.

Status: a screen reader tells what changes inside an element that it knows as a status line, not what comes with a new
one, and ipywidgets puts new elements into its own. So the element of ipywidgets becomes the status line.
"""

from pathlib import Path

import anywidget
import traitlets

from mlt_nn.plots.picture import TEXT
from mlt_nn.support.colors import BLUE, GRAY

CLASS = "mlt-nn-controls"
STATUS = "mlt-nn-status"
SENTENCE = "mlt-nn-sentence"
BESIDE = "mlt-nn-beside"
PRESETS = "mlt-nn-presets"


class _Mending(anywidget.AnyWidget):
    """Nothing to be seen: it sees to the box that it stands in."""

    name = traitlets.Unicode().tag(sync=True)
    _esm = Path(__file__).with_suffix(".js")
    # A slider and its handle stand out from the page in both themes.
    # The name of a group of radio buttons ends where those of the fields above and below it end. ipywidgets gives a
    # choice the height of one line; the second line of a long one would cover the next choice of a question. Nothing
    # jumps: no scroll bar comes and goes, a caption has room for two lines even when it needs one, and the margin that
    # ipywidgets computes anew for radio buttons at each click stays what it is.
    # Controls beside the picture, where there is room: the buttons on top, the status below the controls, with
    # room for its longest sentence in so narrow a column. The name above a slider is cut nowhere.
    # The focus is seen also in the fields, whose ring ipywidgets takes away with more than one class.
    # Whoever lets the system choose all colors gets no ground of another color: what had one gets an edge.
    _css = f"""
        :has(> .{BESIDE}) {{ container-type: inline-size }}
        .{BESIDE} > .widget-vbox {{ flex-flow: row wrap }}
        @container (min-width: 1100px) {{
            .{BESIDE} {{ display: grid; grid: auto auto 1fr / 290px 1fr; column-gap: 8px }}
            .{BESIDE} > :first-child {{ grid-column: 1 / -1 }}
            .{BESIDE} > .widget-vbox {{ flex-flow: column }}
            .{BESIDE} > :nth-child(3) {{ grid-area: 2 / 2 / span 2 }}
            .{BESIDE} > .{STATUS} {{ min-height: 7.5em }}
        }}
        .{CLASS} .jupyter-widgets-disconnected::before {{ content: none }}
        .{CLASS}.jupyter-widgets-disconnected::before {{
            content: "At rest: run this cell, or all cells, to wake it."; font: inherit; color: inherit }}
        .{CLASS} [inert] {{ opacity: 0.6 }}
        .{CLASS} .widget-radio > .widget-label {{ text-align: right; margin-right: 8px }}
        .{CLASS} .widget-box, .{CLASS} .widget-radio {{ overflow: visible }}
        .{CLASS} .widget-vslider .widget-label {{ flex: none; line-height: 1.4 }}
        .{CLASS} .widget-radio-box {{ margin-bottom: 4px !important }}
        .{CLASS} figcaption {{ min-height: 3.2em }}
        .{CLASS} input[step=any] {{ appearance: textfield }}
        .{CLASS} .widget-play button:nth-child(n+2) {{ display: none }}
        .{CLASS} .noUi-connects {{ background: {GRAY} }}
        .{CLASS} .noUi-handle {{ background: {BLUE}; border-color: #FFFFFF }}
        .{CLASS}.{CLASS} :focus-visible {{ outline: 2px solid var(--jp-ui-font-color0, currentColor) !important }}
        @media (forced-colors: active) {{
            .{CLASS} button {{ border: 1px solid }}
            .{CLASS} .noUi-target {{ forced-color-adjust: none }}
            .{CLASS} .noUi-connects {{ background: CanvasText }}
            .{CLASS} .noUi-handle {{ background: Highlight; border-color: CanvasText }}
        }}
        .{SENTENCE} {{ display: block; max-width: 50em; margin: 4px 2px; {TEXT} }}
        .{SENTENCE} .widget-html, .{SENTENCE} .widget-html-content, .{SENTENCE} button {{
            display: inline; margin: 0; height: auto; width: auto; font: inherit; line-height: inherit }}
        .{SENTENCE} button, .{SENTENCE} button:hover {{
            padding: 0; border: 0; background: none; box-shadow: none; text-decoration: underline;
            color: var(--jp-content-link-color, #1976d2) }}
        .mlt-question .widget-radio-box label {{
            height: auto; display: flex; flex-direction: row-reverse; justify-content: flex-end }}
    """


def mend(box, status, name):
    """Mend a box of controls and all that is in it.

    Arguments:
        box: a `VBox`.
        status: the HTML widget in it that says in words what a control has done.
        name: what the box is, in a few words.
    """
    box.add_class(CLASS)
    status.add_class(STATUS)
    box.children = [*box.children, _Mending(name=name, layout={"display": "none"})]
