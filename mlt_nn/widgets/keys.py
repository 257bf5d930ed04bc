"""The keys that a control needs reach it, and not the shortcuts of JupyterLab.

In a notebook the arrow keys move from cell to cell and letters are commands, also while a list or a radio button has
the focus. JupyterLab leaves alone what carries the attribute `data-lm-suppress-shortcuts`; ipywidgets cannot set it, so
a picture of nothing, once loaded, has the browser set it on each control of ours that gets the focus.
"""

import html

import ipywidgets

CLASS = "mlt-keys"

# Once for the whole page, however many widgets are on it.
_SCRIPT = f"""
    window.mltKeys ??= window.addEventListener('focusin', event => {{
        if (event.target.closest('.{CLASS}')) event.target.setAttribute('data-lm-suppress-shortcuts', '');
    }}) ?? true;
"""
_NOTHING = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>"


def let_keys_through(box):
    """Make a box of controls keep the keys that are pressed in it."""
    box.add_class(CLASS)
    markup = f'<img alt="" src="{html.escape(_NOTHING)}" onload="{html.escape(_SCRIPT)}">'
    box.children = [*box.children, ipywidgets.HTML(markup, layout={"display": "none"})]
