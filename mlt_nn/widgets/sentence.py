"""A sentence with links in it: words that set the controls of its widget."""

import html
from typing import Any, NamedTuple

import ipywidgets

CLASS = "mlt-nn-sentence"


class Link(NamedTuple):
    """Words of a sentence that one clicks, or reaches with Tab and presses Enter on."""

    words: str
    name: str
    """What the link does, for a screen reader; the words are in it."""
    values: dict[Any, Any]
    """{control: value}, what it sets."""


def sentence(parts, set_values):
    """The sentence as a widget. Its links are buttons, which the keyboard reaches; only their look is a link's.

    Arguments:
        parts: the pieces of the sentence in order, each a text or a `Link`.
        set_values: called with the `values` of a link that was clicked.
    """
    box = ipywidgets.HBox([_part(part, set_values) for part in parts])
    box.add_class(CLASS)
    return box


def _part(part, set_values):
    if isinstance(part, str):
        return ipywidgets.HTML(html.escape(part))
    button = ipywidgets.Button(description=part.words, tooltip=part.name)
    button.on_click(lambda _: set_values(part.values))
    return button
