"""What the stock controls of ipywidgets lack in the page, and cannot be given from the kernel.

Keys: in a notebook the arrow keys move from cell to cell and letters are commands, also while a list or a radio button
has the focus. JupyterLab leaves alone what carries the attribute `data-lm-suppress-shortcuts`.

Names: the handle of a slider has none, and a button with a sign is called by its sign. Both get the tooltip as their
name.

Ends: a field that is not bounded sends whatever is typed, which a control can then answer; but nobody told the arrow
keys, and a screen reader, where its numbers end. Its tooltip does.

Groups: the radio buttons of ipywidgets do not know of each other, so that Tab stops at each of them. They get one name.

Status: a screen reader tells what changes inside an element that it knows as a status line, not what comes with a new
one, and ipywidgets puts new elements into its own. So the element of ipywidgets becomes the status line.

A picture of nothing, once loaded, has the browser see to all of it when a control of ours gets the focus.
"""

import html

import ipywidgets

from mlt_nn.plots.picture import TEXT
from mlt_nn.support.colors import BLUE
from mlt_nn.widgets.sentence import CLASS as SENTENCE

CLASS = "mlt-nn-controls"
STATUS = "mlt-nn-status"

# Once for the whole page, however many widgets are on it.
_SCRIPT = f"""
    window.mltNnControls ??= window.addEventListener('focusin', ({{target}}) => {{
        const box = target.closest('.{CLASS}');
        if (!box) return;
        box.querySelector('.{STATUS}').setAttribute('role', 'status');
        target.setAttribute('data-lm-suppress-shortcuts', '');
        for (const group of box.querySelectorAll('.widget-radio-box')) {{
            group.dataset.group ??= `mlt-nn-${{Math.random()}}`;
            for (const radio of group.querySelectorAll('input')) radio.name = group.dataset.group;
        }}
        const ends = target.matches('[type=number]') && target.labels[0]?.title.match(/^from (\\S+) to (\\S+)$/);
        if (ends) [, target.min, target.max] = ends;
        const slider = target.matches('.noUi-handle') && target.closest('.widget-slider').querySelector('label');
        const name = slider ? slider.title : target.matches('button') && target.title;
        if (name) target.setAttribute('aria-label', name);
    }}, true) ?? true;
"""
_NOTHING = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>"
# The handle of a slider stands out from its bar and from the page in both themes.
# The name of a group of radio buttons ends where those of the fields above and below it end. Nothing jumps: no scroll
# bar comes and goes, a caption has room for two lines even when it needs one, and the margin that ipywidgets computes
# anew for radio buttons at each click stays what it is.
_STYLE = f"""
    .{CLASS} .widget-radio > .widget-label {{ text-align: right; margin-right: 8px }}
    .{CLASS} .widget-box, .{CLASS} .widget-radio {{ overflow: visible }}
    .{CLASS} .widget-radio-box {{ margin-bottom: 4px !important }}
    .{CLASS} figcaption {{ min-height: 3.2em }}
    .{CLASS} .noUi-handle {{ background: {BLUE}; border-color: #FFFFFF }}
    .{SENTENCE} {{ display: block; max-width: 50em; margin: 4px 2px; {TEXT} }}
    .{SENTENCE} .widget-html, .{SENTENCE} .widget-html-content, .{SENTENCE} button {{
        display: inline; margin: 0; height: auto; width: auto; font: inherit; line-height: inherit }}
    .{SENTENCE} button, .{SENTENCE} button:hover {{
        padding: 0; border: 0; background: none; box-shadow: none; text-decoration: underline;
        color: var(--jp-content-link-color, #1976d2) }}
"""


def mend(box, status):
    """Mend a box of controls and all that is in it.

    Arguments:
        box: a `VBox`.
        status: the HTML widget in it that says in words what a control has done.
    """
    box.add_class(CLASS)
    status.add_class(STATUS)
    markup = f'<style>{_STYLE}</style><img alt="" src="{html.escape(_NOTHING)}" onload="{html.escape(_SCRIPT)}">'
    box.children = [*box.children, ipywidgets.HTML(markup, layout={"display": "none"})]
