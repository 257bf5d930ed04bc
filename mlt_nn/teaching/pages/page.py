"""The pages that are given back: one file each, without scripts, that asks nobody for anything."""

from pathlib import Path

import jinja2

from mlt_nn.grading.results import STATES, State
from mlt_nn.support.assignments import shown, told
from mlt_nn.support.catalogue import NOTEBOOKS, find
from mlt_nn.support.writing import write_text
from mlt_nn.teaching.classroom.tally import NOT_HANDED_IN, NOT_RUN
from mlt_nn.teaching.pages.text import counted, extras, local_time, one_line, visible


def write(path, template, **values):
    """Write the page that a file of `templates/` makes of these values."""
    write_text(path, rendered(template, **values))


def rendered(template, **values):
    """The page that a file of `templates/` makes of these values.

    Whatever a value holds becomes text, with each character that is not seen written out.
    """
    return _environment.get_template(template).render(values)


def number(notebook):
    """The number of a notebook.

    >>> number("02_activations")
    2
    """
    return NOTEBOOKS.index(notebook) + 1


def share(part, whole):
    """A part in percent.

    >>> share(1, 3), share(1, 30000)
    ('33%', 'below 1%')
    """
    percent = 100 * part / whole
    return f"{percent:.0f}%" if percent >= 1 or not part else "below 1%"


def _seen(value):
    return value if hasattr(value, "__html__") else visible(str(value))


_environment = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    finalize=_seen,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals["states"] = STATES | {
    NOT_RUN: State("not run", "\N{BALLOT X}", "wrong"),
    NOT_HANDED_IN: State("not handed in", "\N{EN DASH}", "open"),
}
_FILTERS = (counted, extras, find, local_time, number, one_line, share, shown, told, visible)
_environment.filters |= {each.__name__: each for each in _FILTERS}
_environment.filters |= {"commas": "{:,}".format, "percent": "{:.6g}%".format}
