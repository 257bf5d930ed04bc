"""The controls of the widgets: each can be dragged or clicked, typed into, and read by a screen reader."""

import contextlib
import math

import ipywidgets
import traitlets


class _Number(ipywidgets.HBox):
    """A number with a text field, which has a name, and something to drag or click beside it, which has none.

    `value` is the truth that a widget observes; the parts follow it and set it. A number outside [low, high] becomes
    the nearer end; when it was typed, `note` says so.
    """

    note = traitlets.Unicode()

    def __init__(self, name, value, low, high, parts):
        self.name = name
        self.low = low
        self.high = high
        self._parts = parts
        self._source = None
        super().__init__(children=parts, layout={"flex_flow": "row wrap"})
        self.value = value
        self._show(None)
        self.observe(self._show, "value")
        for part in parts:
            part.observe(self._read, "value")

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


def _field(kind, name, value, low, high, step):
    # Not one of the bounded fields of ipywidgets: they cut a number in the browser, without a word to anybody.
    return kind(
        value=value,
        step=step,
        description=name,
        tooltip=f"from {low:g} to {high:g}",  # where the arrow keys end: see mending.py
        style={"description_width": "7.5em"},
        layout={"width": "15em"},
    )


class Slider(_Number):
    """A number that is dragged or typed.

    Arguments:
        name: what it is called, a word or two.
        value, low, high, step: where it starts, its ends, and the step of the slider and of the arrow keys.
        continuous_update: whether the picture follows while the slider is dragged. False for a view slower than 150 ms:
            then it follows when the slider is let go.
    """

    value = traitlets.Float()

    def __init__(self, name, value, low, high, step, continuous_update=True):
        text = _field(ipywidgets.FloatText, name, value, low, high, step)
        self._step = step
        self._slider = ipywidgets.FloatSlider(
            value=value,
            min=low,
            max=high,
            step=step,
            readout=False,
            continuous_update=continuous_update,
            tooltip=name,
        )
        super().__init__(name, value, low, high, [text, self._slider])

    def _clean(self, part, value):
        if part is not self._slider:
            return value
        # The browser shows a number between two steps at the nearer one, and reports that as if it were dragged there.
        if abs(value - self.value) < 0.51 * self._step:
            return self.value
        return float(f"{value:.10g}")  # it counts low + step + step + ..., with rounding errors


class IntSlider(_Number):
    """The same for whole numbers: `value` is an int."""

    value = traitlets.Int()

    def __init__(self, name, value, low, high, step=1, continuous_update=True):
        text = _field(ipywidgets.IntText, name, value, low, high, step)
        slider = ipywidgets.IntSlider(
            value=value,
            min=low,
            max=high,
            step=step,
            readout=False,
            continuous_update=continuous_update,
            tooltip=name,
        )
        super().__init__(name, value, low, high, [text, slider])


class LogSlider(_Number):
    """A positive number on a slider over powers of ten. `low` and `high` are the values at its ends.

    `step` is in powers of ten: 0.5 makes the steps 1, 3, 10, 30. A dragged number is rounded to one digit (two digits
    when the step is finer than 1/4); any other number can be typed.
    """

    value = traitlets.Float()

    def __init__(self, name, value, low, high, step=0.5, continuous_update=True):
        self._step = step
        self._digits = 1 if step >= 0.25 else 2
        text = _field(ipywidgets.FloatText, name, value, low, high, None)
        self._slider = ipywidgets.FloatLogSlider(
            value=value,
            min=math.log10(low),
            max=math.log10(high),
            step=step,
            readout=False,
            continuous_update=continuous_update,
            # A screen reader hears the exponent, which is what the browser knows.
            tooltip=f"{name}, as a power of ten",
        )
        super().__init__(name, value, low, high, [text, self._slider])

    def _clean(self, part, value):
        if part is not self._slider:
            return value
        if abs(math.log10(value / self.value)) < 0.51 * self._step:  # as in `Slider`
            return self.value
        return float(f"{value:.{self._digits}g}")


class Counter(_Number):
    """A small whole number with a button for one less and one for one more."""

    value = traitlets.Int()

    def __init__(self, name, value, low, high):
        self.text = _field(ipywidgets.IntText, name, value, low, high, 1)
        super().__init__(name, value, low, high, [self.text])
        self.children = [
            self.text,
            self._button("\N{MINUS SIGN}", -1, f"{name}: one less"),
            self._button("+", 1, f"{name}: one more"),
        ]

    def _button(self, sign, difference, tooltip):
        button = ipywidgets.Button(description=sign, tooltip=tooltip, layout={"width": "2.5em"})
        button.on_click(lambda _: setattr(self, "value", self.value + difference))
        return button


class Choice(ipywidgets.RadioButtons):
    """One of a few named options, side by side.

    Radio buttons, since a screen reader is told which of them is chosen; the toggle buttons of ipywidgets do not tell.
    """

    def __init__(self, name, options, value=None):
        super().__init__(
            options=options,
            value=options[0] if value is None else value,
            description=name,
            orientation="horizontal",
            style={"description_width": "7.5em"},
            # The name in front of the options, not above them.
            layout={"width": "auto", "display": "flex", "align_items": "center"},
        )
