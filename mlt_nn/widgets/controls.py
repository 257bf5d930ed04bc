"""The controls of the widgets: a slider that a keyboard and a screen reader can use, and preset buttons."""

import ipywidgets
import traitlets


class Slider(ipywidgets.HBox):
    """A number that is dragged or typed. Its `value` is what a widget observes.

    The slider of ipywidgets has no accessible name, and on a log scale it announces the exponent; so a text field with the
    name stands beside it, linked to it.
    """

    value = traitlets.Float()

    def __init__(self, name, value, low, high, step):
        self.text = ipywidgets.BoundedFloatText(
            value=value, min=low, max=high, step=step, description=name, layout={"width": "200px"}
        )
        self.slider = self._slider(value, low, high, step)
        super().__init__([self.text, self.slider])
        traitlets.link((self.text, "value"), (self.slider, "value"))
        traitlets.link((self.text, "value"), (self, "value"))

    def _slider(self, value, low, high, step):
        return ipywidgets.FloatSlider(value=value, min=low, max=high, step=step, readout=False)


class LogSlider(Slider):
    """A slider over powers of ten: `low` and `high` are the values at its ends, `step` is in powers of ten."""

    def _slider(self, value, low, high, step):
        from math import log10

        return ipywidgets.FloatLogSlider(value=value, min=log10(low), max=log10(high), step=step, readout=False)


class Choice(ipywidgets.ToggleButtons):
    """One of a few named options, as a row of buttons that the arrow keys move through."""

    def __init__(self, name, options, value=None):
        super().__init__(options=options, value=options[0] if value is None else value, description=name)
        self.style.button_width = "auto"
