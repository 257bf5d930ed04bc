"""`mlt-nn progress`: what is written and what is left, exercise by exercise.

What is not right yet, and why, says  python3 -m mlt_nn check  with the name of the exercise.
"""

import html
import itertools
from typing import NamedTuple

from mlt_nn.cli import CommandError
from mlt_nn.grading.results import STATES
from mlt_nn.support.assignments import WHOLE_COURSE, Assignment, assignments, shown
from mlt_nn.support.catalogue import EXERCISES, find
from mlt_nn.support.folders import COURSE


class Stage(NamedTuple):
    """How far one notebook is, in one assignment."""

    notebook: str
    exercises: tuple
    """One `mlt_nn.grading.results.ExerciseResult` for each."""
    questions: int
    answered: int
    assignment: Assignment = WHOLE_COURSE

    @property
    def points(self):
        """Points of the exercises that pass all their checks."""
        return sum(exercise.max_points for exercise in self.exercises if exercise.is_right)

    @property
    def most(self):
        """Points of all exercises."""
        return sum(exercise.max_points for exercise in self.exercises)

    @property
    def optional(self):
        """Those of optional exercises among them."""
        return sum(each.max_points for each in self.exercises if each.name in self.assignment.optional)


class Progress:
    """How far all notebooks are: as text in a terminal, as a table in a notebook."""

    def __init__(self, stages):
        self.stages = tuple(stages)

    def _groups(self):
        """(heading, stages) of each assignment; no heading where it is the whole course."""
        for assignment, stages in itertools.groupby(self.stages, key=lambda stage: stage.assignment):
            own = tuple(stages)
            yield "" if assignment is WHOLE_COURSE else f"{assignment}: {_words(*_sums(own))}", own

    def _heading(self, stage):
        questions = f", {stage.answered} of {stage.questions} questions answered" if stage.questions else ""
        return f"{_words(stage.points, stage.most)}{questions}"

    def _total(self):
        return f"In all: {_words(*map(sum, zip(*(_sums(own) for _, own in self._groups()), strict=True)))}."

    def text(self):
        """The progress as plain text."""
        lines = []
        width = 2 + max((len(_worth(each)) for stage in self.stages for each in stage.exercises), default=0)
        for heading, stages in self._groups():
            lines += [heading] if heading else []
            for stage in stages:
                lines.append(f"{stage.notebook}: {self._heading(stage)}")
                for exercise in stage.exercises:
                    lines.append(f"  {exercise.name:<42}{_worth(exercise):<{width}}{_state(stage, exercise)}")
        return "\n".join([*lines, self._total()])

    __repr__ = text

    def _repr_mimebundle_(self, include=None, exclude=None):
        left = 'style="text-align:left"'
        rows = []
        for heading, stages in self._groups():
            rows += [f'<tr><th colspan="3" {left}>{html.escape(heading)}</th></tr>'] if heading else []
            for stage in stages:
                title = f'<a href="{stage.notebook}.ipynb">{html.escape(stage.notebook)}</a>'
                rows.append(f'<tr><th colspan="3" {left}>{title}: {html.escape(self._heading(stage))}</th></tr>')
                for exercise in stage.exercises:
                    color = STATES[exercise.state].color
                    rows.append(
                        f"<tr><td {left}>{html.escape(exercise.name)}</td><td>{shown(exercise.max_points)}</td>"
                        f'<td style="text-align:left;color:{color}">{html.escape(_state(stage, exercise))}</td></tr>'
                    )
        head = f"<tr><th {left}>exercise</th><th>points</th><th {left}>state</th></tr>"
        table = f"<table>{head}{''.join(rows)}</table><p>{html.escape(self._total())}</p>"
        return {"text/plain": self.text(), "text/html": table}


def _words(points, most):
    return f"{shown(points)} of {shown(most)} points"


def _worth(exercise):
    return f"{shown(exercise.max_points)} point{'s' * (exercise.max_points != 1)}"


def _sums(stages):
    """Points and most of the stages of an assignment: what is optional can fill up what is missing."""
    points, most, optional = (sum(getattr(stage, name) for stage in stages) for name in ("points", "most", "optional"))
    return min(points, most - optional), most - optional


def _state(stage, exercise):
    return STATES[exercise.state].word + ", optional" * (exercise.name in stage.assignment.optional)


def execute(options):
    """Print the progress; returns 0, for unfinished is no error."""
    try:
        print(progress().text())
    except (FileNotFoundError, RuntimeError) as error:
        raise CommandError(str(error)) from error
    return 0


def progress(folder=None):
    """Check all exercises and count the questions answered.

    Arguments:
        folder: the folder of exercise modules; None means your own.

    Returns:
        `Progress`, which a notebook shows as a table.

    Raises:
        CourseFileError: when there is a mistake in the course file.
        FileNotFoundError, RuntimeError: when the public checks are missing or damaged.
    """
    from mlt_nn.grading.check import check_exercises
    from mlt_nn.support.questions import answered

    answers = set(answered())
    reports = check_exercises(EXERCISES, folder=folder).exercises
    stages = []
    for assignment in assignments():
        by_notebook = itertools.groupby(assignment.results(reports), key=lambda each: find(each.name).notebook)
        for notebook, exercises in by_notebook:
            questions = _questions(notebook)
            stages.append(Stage(notebook, tuple(exercises), len(questions), len(questions & answers), assignment))
    return Progress(stages)


def _questions(notebook):
    """The names of all questions in a notebook."""
    from mlt_nn.support.questions import parse

    file = COURSE / "source" / f"{notebook}.md"
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return {question.name for question in parse(text, notebook.partition("_")[0])}
