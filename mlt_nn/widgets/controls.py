"""The controls of the widgets: each can be dragged or clicked, typed into, and read by a screen reader."""

import contextlib
import math

import ipywidgets
import traitlets

from mlt_nn.plots.look import figures

NAMED = {"description_width": "7.5em"}
"""The style of a control with a name in front of it: those of all controls end at one line."""
SLIDER = {"width": "150px"}


def row(*controls, **layout):
    """Controls side by side, in further lines where the page is narrow."""
    return ipywidgets.HBox(controls, layout={"flex_flow": "row wrap", **layout})


def button(words, press, tooltip="", width="auto"):
    """A button that calls `press` without arguments; a screen reader is told the tooltip, by default the words."""
    made = ipywidgets.Button(description=words, tooltip=tooltip or words, layout={"width": width})
    made.on_click(lambda _: press())
    return made


class _Number(ipywidgets.HBox):
    """A number with a text field, which has a name, and something to drag or click beside it, which has none.

    `value` is the truth that a widget observes; the parts follow it and set it. A number outside [low, high] becomes
    the nearer end; when it was typed, `note` says so.
    """

    note = traitlets.Unicode()

    def __init__(self, field, name, value, low, high, step, beside):
        self.name = name
        self.low = low
        self.high = high
        # Not one of the bounded fields of ipywidgets: they cut a number in the browser, without a word to anybody.
        # The tooltip says where the arrow keys end: see mending.py.
        look = {"tooltip": f"from {low:g} to {high:g}", "style": NAMED, "layout": {"width": "15em"}}
        self.text = field(value=value, step=step, description=name, **look)
        self._parts = [self.text, *(part for part in beside if part.has_trait("value"))]
        self._source = None
        super().__init__(children=[self.text, *beside], layout={"flex_flow": "row wrap"})
        self.value = value
        self._show(None)
        self.observe(self._show, "value")
        for part in self._parts:
            part.observe(self._read, "value")

    def narrow(self, name, field, beside):
        """Give the name, the field with it, and the part beside that width, where the default does not fit."""
        self.text.style.description_width, self.text.layout.width = name, field
        self.children[1].layout.width = beside

    @traitlets.validate("value")
    def _in_range(self, proposal):
        return self._nearest(proposal.value)

    def _nearest(self, value):
        return min(max(value, self.low), self.high)

    def _read(self, change):
        if self._source is not None:
            return
        value = self._clean(change.owner, change.new)
        nearest = self._nearest(value)
        if value == nearest:
            with self._from(change.owner):
                self.value = value
            return
        self.value = nearest
        self._show(None)  # also when the value was there already: the field still has what was typed
        self.note = f"{self.name} goes from {self.low:g} to {self.high:g} here, so {value:g} became {nearest:g}."

    def _show(self, _change):
        # The part that is being dragged keeps its own value: setting it would fight the hand that drags it.
        source = self._source
        with self._from(source or self):
            for part in self._parts:
                if part is not source:
                    part.value = self.value

    @contextlib.contextmanager
    def _from(self, source):
        before, self._source = self._source, source
        try:
            yield
        finally:
            self._source = before

    def _clean(self, part, value):
        return value


class Slider(_Number):
    """A number that is dragged or typed.

    Arguments:
        name: what it is called, a word or two.
        value, low, high, step: where it starts, its ends, and the step of the slider and of the arrow keys.
        beside: controls of the same value beside the slider.
    """

    value = traitlets.Float()
    _kinds = ipywidgets.FloatText, ipywidgets.FloatSlider
    _format = ".6"  # no zeros at the end

    def __init__(self, name, value, low, high, step=1, beside=()):
        field, kind = self._kinds
        self._step = step
        # Not seen, but what a screen reader hears: see mending.py.
        said = {"readout": False, "readout_format": self._format, "tooltip": name, "layout": SLIDER}
        slider = kind(value=value, min=low, max=high, step=step, **said)
        super().__init__(field, name, value, low, high, step, [slider, *beside])

    def _clean(self, part, value):
        if part is self.text:
            return value
        # The browser shows a number between two steps at the nearer one, and reports that as if it were dragged there.
        if abs(value - self.value) < 0.51 * self._step:
            return self.value
        return type(value)(f"{value:.10g}")  # it counts low + step + step + ..., with rounding errors


class IntSlider(Slider):
    """The same for whole numbers: `value` is an int."""

    value = traitlets.Int()
    _kinds = ipywidgets.IntText, ipywidgets.IntSlider
    _format = "d"


class Film(IntSlider):
    """The same for the moments of a film, with a button that plays it from here on, or once more when it is over."""

    def __init__(self, name, value, low, high):
        # The whole film takes eight seconds.
        self._play = ipywidgets.Play(
            min=low, max=high, interval=8000 // (high - low), show_repeat=False, layout={"width": "40px"}
        )
        self._playing = "playing" if self._play.has_trait("playing") else "_playing"  # ipywidgets 7, as in Colab
        super().__init__(name, value, low, high, beside=[self._play])
        self._play.observe(self._show, self._playing)

    def _show(self, change):
        super()._show(change)
        if self.value == self.high and not getattr(self._play, self._playing):
            # At its end the button of ipywidgets would do nothing.
            with self._from(self):
                self._play.value = self.low


class LogSlider(_Number):
    """A positive number on a slider over powers of ten, in the steps 1, 3, 10, 30; `low` and `high` are its ends.

    A dragged number is rounded to one digit; any other number can be typed.
    """

    value = traitlets.Float()
    _STEP = 0.5

    def __init__(self, name, value, low, high):
        ends = {"min": math.log10(low), "max": math.log10(high)}
        said = {"readout": False, "readout_format": ".1r", "tooltip": name, "layout": SLIDER}
        slider = ipywidgets.FloatLogSlider(value=value, step=self._STEP, **ends, **said)
        super().__init__(ipywidgets.FloatText, name, value, low, high, None, [slider])

    def _clean(self, part, value):
        if part is self.text:
            return value
        if abs(math.log10(value / self.value)) < 0.51 * self._STEP:  # as in `Slider`
            return self.value
        return float(f"{value:.1g}")


class Counter(_Number):
    """A small whole number with a button for one less and one for one more."""

    value = traitlets.Int()

    def __init__(self, name, value, low, high):
        steps = (("\N{MINUS SIGN}", -1, f"{name}: one less"), ("+", 1, f"{name}: one more"))
        buttons = [
            button(sign, lambda by=by: setattr(self, "value", self.value + by), tooltip, "2.5em")
            for sign, by, tooltip in steps
        ]
        super().__init__(ipywidgets.IntText, name, value, low, high, 1, buttons)


class Choice(ipywidgets.RadioButtons):
    """One of a few named options, side by side.

    Radio buttons, since a screen reader is told which of them is chosen; the toggle buttons of ipywidgets do not tell.
    """

    def __init__(self, name, options):
        # The name in front of the options, not above them.
        layout = {"width": "auto", "display": "flex", "align_items": "center"}
        look = {"orientation": "horizontal", "style": NAMED, "layout": layout}
        super().__init__(description=name, options=options, value=options[0], **look)


class List(ipywidgets.Dropdown):
    """One of a few named options, where there is no room to show them all."""

    def __init__(self, name, options, value=None):
        look = {"style": NAMED, "layout": {"width": "18em"}}
        super().__init__(description=name, options=options, value=options[0] if value is None else value, **look)


class Strength(ipywidgets.HBox):
    """lambda, in steps of 1-3-10 from 0 on: chosen from a list, which has a name, or dragged."""

    value = traitlets.Float()
    STEPS = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)

    def __init__(self, value):
        options = [(figures(strength), strength) for strength in self.STEPS]
        start = {"options": options, "value": value}
        chosen = ipywidgets.Dropdown(description="lambda", style=NAMED, layout={"width": "15em"}, **start)
        dragged = ipywidgets.SelectionSlider(readout=False, tooltip="lambda", layout=SLIDER, **start)
        super().__init__([chosen, dragged], layout={"flex_flow": "row wrap"})
        traitlets.link((chosen, "value"), (dragged, "value"))
        traitlets.link((chosen, "value"), (self, "value"))
