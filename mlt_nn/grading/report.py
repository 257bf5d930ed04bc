"""The exercises that a student checked: text for a terminal, panels for a notebook."""

import html
import json
import sys
from dataclasses import asdict, dataclass

from mlt_nn.grading.results import STATES, ExerciseResult
from mlt_nn.support.catalogue import find
from mlt_nn.support.folders import COURSE, PACKAGE, PROJECT


@dataclass(frozen=True)
class Report:
    """The exercises that were checked; a notebook shows it as a panel, a terminal as text."""

    exercises: tuple[ExerciseResult, ...]

    @property
    def passed(self):
        return all(exercise.is_right for exercise in self.exercises)

    def text(self):
        """The report as plain text, without times or absolute paths: it is stored in notebooks and compared."""
        lines = [line for exercise in self.exercises for line in exercise.lines()]
        return "\n".join(lines + self._total())

    def _total(self):
        if len(self.exercises) == 1:
            return []
        return [
            f"{sum(exercise.is_right for exercise in self.exercises)} of {len(self.exercises)} exercises are right."
        ]

    def to_json(self):
        """The report as a dict of plain values."""
        return {"passed": self.passed, "exercises": [asdict(exercise) for exercise in self.exercises]}

    def __repr__(self):
        return self.text()

    def _repr_mimebundle_(self, include=None, exclude=None):
        total = [f"<p>{html.escape(text)}</p>" for text in self._total()]
        return {"text/plain": self.text(), "text/html": "\n".join([*map(_panel, self.exercises), *total])}


def shown_path(file):
    """A student's file or folder without the folders of this computer: mlt_nn/activations.py."""
    if file.is_relative_to(PROJECT):
        return file.relative_to(PROJECT).as_posix()
    return f"{file.parent.name}/{file.name}"


def _panel(exercise):
    """One exercise as HTML: state in a word, a sign and a color, on the page's own background, light or dark."""
    state = STATES[exercise.state]
    sign = state.sign.encode("ascii", "xmlcharrefreplace").decode()
    first, *more = exercise.lines()
    start = f"{exercise.name}: {state.word}."
    head = f'<b><span style="color:{state.color}">{sign}</span> {html.escape(start)}</b> '
    head += html.escape(first.removeprefix(f"{start} "))
    body = f'<pre style="margin:0.3em 0;white-space:pre-wrap">{html.escape(chr(10).join(more))}</pre>' if more else ""
    style = f"border-left:4px solid {state.color};padding:0.2em 0.8em;margin:0.4em 0"
    return f'<div style="{style}">{head}{body} {_link(exercise)}</div>'


def _link(exercise):
    """The way from a notebook to the student's file; none when nothing is to be mended or the file is elsewhere."""
    if exercise.is_right or exercise.folder != PACKAGE.name:
        return ""
    module, first = find(exercise.name).module, exercise.first_failure
    place = first.caller or first
    return link_to(module, place.line if place.module == module else None)


def link_to(module, line=None):
    """A link in an output that opens a student's file, at a line if one is given."""
    own = f"{PACKAGE.name}/{module}.py"
    if "google.colab" in sys.modules:  # where no address leads to a file
        view = html.escape(f"google.colab.files.view({json.dumps(str(PROJECT / own))}); return false")
        return f'<a href="#" onclick="{view}">Open {own}</a>'
    up = "../" * len(COURSE.relative_to(PROJECT).parts)
    # JupyterLab counts lines from 0. VS Code, which tells a notebook its name by this variable, has a form of its own.
    in_vs_code = hasattr(sys.modules["__main__"], "__vsc_ipynb_file__")
    at = "" if line is None else f"#L{line}" if in_vs_code else f"#line={line - 1}"
    return f'<a href="{up}{own}{at}">Open {own}</a>'
