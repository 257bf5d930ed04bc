"""What all widgets of the course have in common: controls, a picture below them, and a line that says it in words."""

import html
import traceback
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import ipywidgets

from mlt_nn.plots.picture import TEXT
from mlt_nn.support.folders import PACKAGE
from mlt_nn.widgets.controls import button, row
from mlt_nn.widgets.dragging import drag
from mlt_nn.widgets.mending import BESIDE, PRESETS, SENTENCE, mend
from mlt_nn.widgets.one_at_a_time import one_at_a_time

_OURS = PACKAGE / "widgets", PACKAGE / "plots"


class Link(NamedTuple):
    """Words of a sentence that set controls: one clicks them, or reaches them with Tab and presses Enter."""

    words: str
    name: str
    """What the link does, for a screen reader; the words are in it."""
    values: dict[Any, Any]
    """{control: value}, what it sets."""


class Interactive(ipywidgets.VBox):
    """Controls and a picture that follows them.

    Arguments:
        name: what the widget is, in a few words; stored with the notebook for readers without widgets.
        controls: the widgets that the reader moves: those that have a `value`, buttons, and boxes of them.
        view: a function without arguments that reads the controls and returns a `Picture` and a status: one sentence
            that says in words what is seen. It may set a control, too; that does not draw again.
        presets: name of a button -> {control: value}, for the cases worth seeing.
        sentence: the parts of a sentence below these buttons, each a text or a `Link` that sets controls, too.
        beside: whether the controls are so many that they stand beside the picture where the page is wide enough.
        compared: names of presets that are to be seen side by side where nothing moves.
        moved: what is set by dragging something on the picture, a function as `drag` takes it.

    The view runs the reader's functions. One that is not written yet, or that fails, is named where the picture was.
    """

    def __init__(self, name, controls, view, presets=None, sentence=(), beside=False, compared=(), moved=None):
        self.name = name
        self.view = view
        self.picture = ipywidgets.HTML()
        self.status = ipywidgets.HTML()
        self._held = False
        self._controls, self._compared = controls, [presets[label] for label in compared]
        buttons = [button(label, partial(self.set, values)) for label, values in (presets or {}).items()]
        above = [row(*buttons).add_class(PRESETS)] if buttons else []
        below = [ipywidgets.HBox([self._words(part) for part in sentence]).add_class(SENTENCE)] if sentence else []
        box = [ipywidgets.VBox([*below, *controls])] if beside else [*below, *controls]
        super().__init__([*above, *box, self.picture, self.status])
        if beside:
            self.add_class(BESIDE)
        mend(self, self.status, name)
        if moved:
            drag(self, moved)
        for control in _with_value(controls):
            control.observe(self.refresh, "value")
            if control.has_trait("note"):
                control.observe(self._tell, "note")
        one_at_a_time(self)
        self.refresh()

    def _words(self, part):
        if isinstance(part, str):
            return ipywidgets.HTML(html.escape(part))
        # A button, which the keyboard reaches; only its look is a link's.
        return button(part.words, partial(self.set, part.values), part.name, width=None)

    def set(self, values):
        """Give several controls their values, {control: value}, and draw once."""
        self._held = True
        try:
            for control, value in values.items():
                control.value = value
        finally:
            self._held = False
            self.refresh()

    def refresh(self, _change=None):
        """Draw the picture again from the values of the controls."""
        if self._held:
            return
        self._held = True
        try:
            self.current, self.words = self.view()
        except NotImplementedError as unwritten:
            self.current, self.words = None, f"Nothing to see yet: {unwritten}"
        except (Exception, SystemExit, KeyboardInterrupt) as error:
            # A reader's function may fail in any way, or not end: the slider must survive it and say so.
            self.current, self.words = None, _explain(error)
        finally:
            self._held = False
        if self.current is not None:
            # The height of the last picture stays when a failure takes its place, so that nothing below jumps.
            self.picture.layout.min_height = f"{self.current.height}px"
            self.picture.value = self.current.markup
            self._say(self.words)
        else:
            box = "padding:1em;border:1px dashed;max-width:50em"
            self.picture.value = f'<div role="alert" style="{TEXT};{box}">{html.escape(self.words)}</div>'
            self.status.value = ""

    def _say(self, words):
        # Room for two lines, so that nothing below jumps either when the words get longer.
        room = f"max-width:max({self.current.width}px,40em);min-height:3.2em"
        self.status.value = f'<div style="{TEXT};{room}">{html.escape(words)}</div>'

    def _tell(self, change):
        """Show the note of a control in the place of the status, until the next picture."""
        if change.new and self.current is not None:
            self._say(change.new)
        change.owner.note = ""  # the same note once more is told once more

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = super()._repr_mimebundle_()
        # Without a live kernel (a fresh clone, GitHub, an export) still pictures are shown.
        data["text/plain"] = f"[interactive] {self.name}: {self.words}"
        if self.current is not None:
            pair = "display:flex;flex-wrap:wrap;column-gap:1em"
            shown = f'<div style="{pair}">{"".join(self._cases())}</div>' if self._compared else self.current.markup
            words = "" if self._compared else html.escape(self.words)
            still = f"{words} <em>This is a still: run the cell to move it.</em>"
            data["text/html"] = f'{shown}<p style="{TEXT}">{still}</p>'
        return data

    def _cases(self):
        """A still of each preset that is compared, with its words."""
        now = {control: control.value for control in _with_value(self._controls)}
        for values in self._compared:
            self.set(values)
            said = f'<p style="{TEXT}">{html.escape(self.words)}</p>'
            # Below each other where letters would get too small.
            yield f'<div style="flex:1 1 550px">{self.current.markup if self.current else ""}{said}</div>'
        self.set(now)


def _with_value(controls):
    for control in controls:
        if control.has_trait("value"):
            yield control
        else:
            yield from _with_value(getattr(control, "children", ()))


def _explain(error):
    """Which of the reader's functions failed, on which line, and how."""
    failed = f"{type(error).__name__}: {error}"
    steps = traceback.extract_tb(error.__traceback__)
    theirs = [step for step in steps if not _is_ours(step.filename)]
    if not theirs:
        return f"What your functions returned cannot be drawn. {failed}"
    where = f" at `{theirs[-1].line}`" if theirs[-1].line else ""
    if isinstance(error, KeyboardInterrupt):
        return f"Your function {theirs[-1].name} was interrupted{where}. Does a loop there never end?"
    return f"Your function {theirs[-1].name} failed{where}. {failed}"


def _is_ours(filename):
    folders = Path(filename).resolve().parents
    return any(folder in folders for folder in _OURS) or "site-packages" in filename
