"""A sentence with links in it: words that set the controls of its widget."""

import html
from functools import partial
from typing import Any, NamedTuple

import ipywidgets

from mlt_nn.widgets.controls import button
from mlt_nn.widgets.mending import SENTENCE


class Link(NamedTuple):
    """Words of a sentence that one clicks, or reaches with Tab and presses Enter on."""

    words: str
    name: str
    """What the link does, for a screen reader; the words are in it."""
    values: dict[Any, Any]
    """{control: value}, what it sets."""


def with_links(parts, set_values):
    """The sentence as a widget. Its links are buttons, which the keyboard reaches; only their look is a link's.

    Arguments:
        parts: the pieces of the sentence in order, each a text or a `Link`.
        set_values: called with the `values` of a link that was clicked.
    """
    pieces = [
        ipywidgets.HTML(html.escape(part))
        if isinstance(part, str)
        else button(part.words, partial(set_values, part.values), part.name, width=None)
        for part in parts
    ]
    return ipywidgets.HBox(pieces).add_class(SENTENCE)
