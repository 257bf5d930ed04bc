"""What all widgets of the course have in common: controls on top, a picture below them, and a line that says it in words."""

import contextlib
import html

import ipywidgets


class Interactive(ipywidgets.VBox):
    """Controls and a picture that follows them.

    Arguments:
        name: what the widget is, in a few words; stored with the notebook for readers without widgets.
        controls: the widgets that the reader moves; each has a `value`.
        view: a function without arguments that reads the controls and returns a `Picture` and a status: one sentence that
            says in words what is seen.
        presets: name of a button -> {control: value}, for the cases worth seeing.

    The view runs the reader's functions. One that is not written yet, or that fails, is named in the place of the picture.
    """

    def __init__(self, name, controls, view, presets=None):
        self.name = name
        self.view = view
        self.picture = ipywidgets.HTML()
        self.status = ipywidgets.HTML()
        self._held = False
        buttons = [self._preset(label, values) for label, values in (presets or {}).items()]
        super().__init__([ipywidgets.HBox(buttons), *controls, self.picture, self.status])
        for control in controls:
            control.observe(self.refresh, "value")
        self.refresh()

    def _preset(self, label, values):
        button = ipywidgets.Button(description=label, layout={"width": "auto"})
        button.on_click(lambda _: self.set(values))
        return button

    def set(self, values):
        """Give several controls their values, {control: value}, and draw once."""
        with self.hold():
            for control, value in values.items():
                control.value = value

    @contextlib.contextmanager
    def hold(self):
        """Draw once at the end, however many controls change meanwhile."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
            self.refresh()

    def refresh(self, _change=None):
        """Draw the picture again from the values of the controls."""
        if self._held:
            return
        try:
            self.current, status = self.view()
            self.picture.value = self.current.markup
        except NotImplementedError as unwritten:
            self.current, status = None, f"Nothing to see yet: {unwritten}"
            self.picture.value = ""
        except Exception as error:
            # A reader's function may fail in any way: the slider must survive it and say so.
            self.current, status = None, f"Your function failed here with {type(error).__name__}: {error}"
            self.picture.value = ""
        self.words = status
        self.status.value = f'<div role="status" aria-live="polite">{html.escape(status)}</div>'

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = super()._repr_mimebundle_() or {}
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        # Without a live kernel (a fresh clone, GitHub, an export) the default view is shown as a still picture.
        data = {**data, "text/plain": f"[interactive] {self.name}: {self.words}"}
        if self.current is not None:
            data["text/html"] = self.current.markup
        return data, metadata
