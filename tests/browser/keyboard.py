"""The widget in a cell's output, used by keyboard alone: reach each control by Tab, move it, see what changes."""

import functools
from typing import NamedTuple

# Tried in this order: a control at one end of its range moves only the other way.
_KEYS = {
    "spinbutton": ("ArrowUp", "ArrowDown"),
    "slider": ("ArrowLeft", "ArrowRight"),
    "combobox": ("ArrowDown", "ArrowUp"),
    "radio": ("ArrowRight", "ArrowLeft"),
    "checkbox": ("Space",),
    "button": ("Enter",),
    "application": ("Space",),
}
_SAID = "output => [output.querySelector('figure img')?.alt ?? '', output.querySelector('[role=status]')?.innerText]"
_CHANGED = f"""async (output, [before, milliseconds]) => {{
    const end = Date.now() + milliseconds;
    for (;;) {{
        const said = ({_SAID})(output);
        if (said[1] !== before) return said;
        if (Date.now() > end) return null;
        await new Promise(requestAnimationFrame);
    }}
}}"""
_RESTED = f"""async (output, milliseconds) => {{
    for (let before, end; ;) {{
        const said = ({_SAID})(output).join();
        if (said !== before) end = Date.now() + milliseconds;
        else if (Date.now() > end) return;
        before = said;
        await new Promise(resolve => setTimeout(resolve, 50));
    }}
}}"""
# One radio button of a group is reached by Tab, the others by the arrow keys.
_REACHABLE = """output => [...output.querySelectorAll('button, input, select, textarea, [tabindex="0"]')]
    .filter(control => control.checkVisibility({visibilityProperty: true}) && !control.disabled
        && control.tabIndex >= 0 && (control.type !== 'radio' || control.checked))"""
_VALUE = """() => {
    const control = document.activeElement;
    return control.type === 'checkbox' ? control.checked : control.value ?? control.getAttribute('aria-valuenow');
}"""
# Not by a key: the one that stops a film which is just over would play it once more.
_STOPPED = """() => {
    const film = document.activeElement.closest('.widget-play');
    film?.querySelector('button:has(.fa-pause)')?.click();
    return Boolean(film);
}"""
# Role and kind of the control that has the focus; null when it is outside.
_FOCUSED = """output => {
    const control = document.activeElement;
    if (!output.contains(control)) return null;
    const roles = {number: 'spinbutton', 'select-one': 'combobox', submit: 'button'};
    const first = output.querySelector('.mlt-nn-controls > *');
    const isPreset = first.contains(control) && !first.querySelector('input');
    return [control.getAttribute('role') ?? roles[control.type] ?? control.type, isPreset];
}"""


class Control(NamedTuple):
    """A control of a widget."""

    role: str
    is_preset: bool
    """Whether it is one of the buttons on top of the widget, which set several controls at once."""


class Keyboard:
    """A person without a mouse in front of the widget in a cell.

    Arguments:
        notebook: from `open_notebook`.
        cell: from `notebook.show_cell`.
    """

    def __init__(self, notebook, cell):
        self.page = notebook.page
        self.output = cell.locator(".jp-OutputArea-output").first
        self.output.locator("figure img").first.wait_for()
        self.output.locator("[role=status]").first.wait_for()

    def said(self):
        """The picture in words, and the status line; None for a status line that no screen reader knows of."""
        return tuple(self.output.evaluate(_SAID))

    def height(self):
        """The height of the output in CSS pixels."""
        return self.output.evaluate("output => output.getBoundingClientRect().height")

    def count(self):
        """How many controls there are to be reached by Tab."""
        return self.output.evaluate(f"output => ({_REACHABLE})(output).length")

    def controls(self):
        """Go through all controls by Tab, from the first one on; yields a `Control` for each while it has the focus."""
        self.output.evaluate(f"output => ({_REACHABLE})(output)[0].focus()")
        while focused := self.output.evaluate(_FOCUSED):
            yield Control(*focused)
            self.page.keyboard.press("Tab")

    def each_focused(self, function):
        """What a function of JavaScript makes of each control while it has the focus, as it comes by keyboard."""
        # A script passes on the ring of the focus, once a key has brought it.
        next(self.controls())
        self.page.keyboard.press("Tab")
        return self.output.evaluate(
            f"""output => ({_REACHABLE})(output).map(control => {{
                control.focus();
                return ({function})(control);
            }})"""
        )

    @functools.cached_property
    def _protocol(self):
        return self.page.context.new_cdp_session(self.page)

    def announced(self):
        """Role and name of the focused control, as Chromium, and no other browser, tells them to assistive software."""
        element = self._protocol.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]
        tree = self._protocol.send(
            "Accessibility.getPartialAXTree", {"objectId": element["objectId"], "fetchRelatives": False}
        )
        node = tree["nodes"][0]
        return node["role"]["value"], node["name"]["value"].strip()

    def move(self, role):
        """Press the keys that move the focused control, which has this role; returns whether its value is another one.

        A button has no value: pressed, it counts as moved.
        """
        for key in _KEYS[role]:
            before = self.page.evaluate(_VALUE)
            self.page.keyboard.press(key)
            if role in ("button", "application") or self.page.evaluate(_VALUE) != before:
                return True
        return False

    def stop_film(self):
        """Where the focused control plays a film: stop it, if it is not over, and wait until its last picture has come.

        What the next control does would be mistaken for the film, which goes on in the kernel.
        """
        if self.output.evaluate(_STOPPED):
            self.wait_for_rest(3)

    def wait_for_rest(self, seconds=1):
        """Wait until the picture and the status have said the same for so long."""
        self.output.evaluate(_RESTED, 1000 * seconds)

    def wait_for_change(self, before, seconds=20):
        """Wait until the status, which comes after the picture, says something else than in `before`; returns what both
        say then.

        Raises:
            TimeoutError: when they do not.
        """
        said = self.output.evaluate(_CHANGED, [before[1], 1000 * seconds])
        if said is None:
            raise TimeoutError(f"after {seconds} seconds the widget still says {before[1]!r}")
        return tuple(said)
