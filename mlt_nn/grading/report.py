"""What a check run found out, as one value; text, HTML and JSON are views of it."""

import html
import textwrap
from dataclasses import asdict, dataclass

from mlt_nn.grading.student import Place
from mlt_nn.support.catalogue import find
from mlt_nn.support.folders import COURSE, PACKAGE, PROJECT

# A word, a sign and a color that is read on white and on black.
_SIGNS = {
    "passed": ("right", "&#10003;", "#0072B2"),
    "not written": ("not written yet", "&#9675;", "#767676"),
    "broken": ("unknown", "?", "#767676"),
}
_NOT_YET = ("not yet", "&#10007;", "#D55E00")

# The states of an exercise that was written and does not do what it should.
WRONG = ("failed", "timed out", "died")


@dataclass(frozen=True)
class CheckResult:
    """One check of an exercise."""

    name: str
    """What it checks, in words."""
    state: str
    """"passed", "failed", "not written", "timed out", "died", "not run" after one of these, or "broken" by us."""
    message: str = ""
    place: Place | None = None
    """The line of the student's that failed, where there is one."""
    printed: str = ""
    """What the student's functions printed meanwhile."""
    unreadable: bool = False
    """Whether the student's file is no Python or lacks the function: then the name of the check is no news."""


@dataclass(frozen=True)
class ExerciseReport:
    """All checks of one exercise, in the order in which they ran."""

    name: str
    checks: tuple[CheckResult, ...]
    file: str
    """The student's file as it is shown, such as mlt_nn/activations.py."""
    wrong_before: tuple[str, ...] = ()
    """When this one failed: the exercises before it that are wrong too."""

    @property
    def points(self):
        return find(self.name).points

    @property
    def passed_checks(self):
        return sum(check.state == "passed" for check in self.checks)

    @property
    def first_failure(self):
        """The first check that did not pass, or None."""
        return next((check for check in self.checks if check.state != "passed"), None)

    @property
    def state(self):
        """ "passed", "failed", "not written", "timed out", "died" or "broken"."""
        if any(check.state == "broken" for check in self.checks):
            return "broken"
        return self.first_failure.state if self.first_failure else "passed"

    @property
    def passed(self):
        return self.state == "passed"

    def lines(self):
        """The report as lines of text; the first one says it all."""
        first = self.first_failure
        if first is None:
            printed = "".join(check.printed for check in self.checks)
            return [f"{self.name}: right. {_all_passed(len(self.checks))}", *_also_printed(printed)]
        if self.state == "broken":
            broken = next(check for check in self.checks if check.state == "broken")
            return [
                f"{self.name}: unknown. A check of ours is broken, which is no mistake of yours.",
                *_indented(f"{broken.name}: {broken.message}"),
            ]
        if self.state == "not written":
            return [f"{self.name}: not written yet. {first.message} If you have written it: did you save the file?"]
        lines = [
            f"{self.name}: not yet. {self.passed_checks} of {len(self.checks)} checks passed.",
            *([] if first.unreadable else [f"  First to mend: {first.name}."]),
            *_indented(first.message),
        ]
        if first.place is None:
            lines += [f"  Your file: {self.file}"]
        elif first.place.caller is None:
            lines += [f"  Your file: {self._line(first.place)}"]
        else:
            lines += [f"  Your file: {self._line(first.place.caller)}", f"  From there: {self._line(first.place)}"]
        if first.printed:
            lines += ["  It printed:", *_indented(first.printed, "    ")]
        if self.wrong_before:
            are, them = ("is", "it") if len(self.wrong_before) == 1 else ("are", "one of them")
            lines += [
                f"  Before it, {' and '.join(self.wrong_before)} {are} not right either. If {find(self.name).function} "
                f"uses {them}, that may be all: mend {self.wrong_before[0]} first."
            ]
        return lines

    def _line(self, place):
        file = self.file if place.module == find(self.name).module else _sibling(self.file, place.module)
        return f"{file}, line {place.line}: {place.source}"


@dataclass(frozen=True)
class Report:
    """The exercises that were checked; a notebook shows it as a panel, a terminal as text."""

    exercises: tuple[ExerciseReport, ...]

    @property
    def passed(self):
        return all(exercise.passed for exercise in self.exercises)

    def text(self):
        """The report as plain text, without times or absolute paths: it is stored in notebooks and compared."""
        lines = [line for exercise in self.exercises for line in exercise.lines()]
        return "\n".join(lines + self._total())

    def _total(self):
        if len(self.exercises) == 1:
            return []
        return [f"{sum(exercise.passed for exercise in self.exercises)} of {len(self.exercises)} exercises are right."]

    def to_json(self):
        """The report as a dict of plain values."""
        return {
            "passed": self.passed,
            "exercises": [
                {
                    "name": exercise.name,
                    "points": exercise.points,
                    "state": exercise.state,
                    "passed_checks": exercise.passed_checks,
                    "file": exercise.file,
                    "checks": [asdict(check) | {"place": _plain(check.place)} for check in exercise.checks],
                }
                for exercise in self.exercises
            ],
        }

    def __repr__(self):
        return self.text()

    def _repr_mimebundle_(self, include=None, exclude=None):
        panels = [_panel(exercise) for exercise in self.exercises]
        return {"text/plain": self.text(), "text/html": "\n".join([*panels, *map(_paragraph, self._total())])}


def shown_path(file):
    """A student's file without the folders of this computer: mlt_nn/activations.py."""
    if file.is_relative_to(PROJECT):
        return file.relative_to(PROJECT).as_posix()
    return f"{file.parent.name}/{file.name}"


def _all_passed(number):
    return "Its check passed." if number == 1 else f"All {number} checks passed."


def _also_printed(text):
    """In one line what a right function printed; a forgotten print shows in every notebook from then on."""
    words = " ".join(text.split())
    return [f"  It also printed: {textwrap.shorten(words, 80, placeholder=' ...')}"] if words else []


def _plain(place):
    return place and place._asdict() | {"caller": _plain(place.caller)}


def _indented(text, by="  "):
    return [by + line for line in text.splitlines()]


def _sibling(file, module):
    return f"{file.rpartition('/')[0]}/{module}.py"


def _paragraph(text):
    return f"<p>{html.escape(text)}</p>"


def _panel(exercise):
    """One exercise as HTML: state in a word, a sign and a color, on the page's own background, light or dark."""
    word, sign, color = _SIGNS.get(exercise.state, _NOT_YET)
    first, *more = exercise.lines()
    rest = first.removeprefix(f"{exercise.name}: ").removeprefix(f"{word}. ")
    head = f'<b><span style="color:{color}">{sign}</span> {html.escape(exercise.name)}: {word}.</b> {html.escape(rest)}'
    body = f'<pre style="margin:0.3em 0;white-space:pre-wrap">{html.escape(chr(10).join(more))}</pre>' if more else ""
    style = f"border-left:4px solid {color};padding:0.2em 0.8em;margin:0.4em 0"
    return f'<div style="{style}">{head}{body} {_link(exercise)}</div>'


def _link(exercise):
    """The way from a notebook to the student's file; none when nothing is to be mended or the file is elsewhere."""
    own = f"{PACKAGE.name}/{find(exercise.name).module}.py"
    if exercise.passed or exercise.file != own:
        return ""
    up = "../" * len(COURSE.relative_to(PROJECT).parts)
    return f'<a href="{up}{own}">Open {own}</a>'
