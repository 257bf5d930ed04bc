"""`mlt-nn progress`: what is written and what is left, exercise by exercise.

What is not right yet, and why, says  python3 -m mlt_nn check  with the name of the exercise.
"""

import html
from typing import NamedTuple

from mlt_nn.cli import CommandError
from mlt_nn.grading.results import STATES
from mlt_nn.support.catalogue import EXERCISES, NOTEBOOKS
from mlt_nn.support.folders import COURSE


class Stage(NamedTuple):
    """How far one notebook is."""

    notebook: str
    exercises: tuple
    """One `mlt_nn.grading.results.ExerciseResult` for each."""
    questions: int
    answered: int

    @property
    def points(self):
        """Points of the exercises that pass all their checks."""
        return sum(exercise.max_points for exercise in self.exercises if exercise.is_right)

    @property
    def most(self):
        """Points of all exercises."""
        return sum(exercise.max_points for exercise in self.exercises)


class Progress:
    """How far all notebooks are: as text in a terminal, as a table in a notebook."""

    def __init__(self, stages):
        self.stages = tuple(stages)

    def _heading(self, stage):
        questions = f", {stage.answered} of {stage.questions} questions answered" if stage.questions else ""
        return f"{stage.points} of {stage.most} points{questions}"

    def _total(self):
        points, most = (sum(getattr(stage, name) for stage in self.stages) for name in ("points", "most"))
        return f"In all: {points} of {most} points."

    def text(self):
        """The progress as plain text."""
        lines = []
        for stage in self.stages:
            lines.append(f"{stage.notebook}: {self._heading(stage)}")
            for exercise in stage.exercises:
                points = f"{exercise.max_points} point{'s' * (exercise.max_points != 1)}"
                lines.append(f"  {exercise.name:<42}{points:<10}{STATES[exercise.state].word}")
        return "\n".join([*lines, self._total()])

    __repr__ = text

    def _repr_mimebundle_(self, include=None, exclude=None):
        left = 'style="text-align:left"'
        rows = []
        for stage in self.stages:
            title = f'<a href="{stage.notebook}.ipynb">{html.escape(stage.notebook)}</a>'
            rows.append(f'<tr><th colspan="3" {left}>{title}: {html.escape(self._heading(stage))}</th></tr>')
            for exercise in stage.exercises:
                state = STATES[exercise.state]
                rows.append(
                    f"<tr><td {left}>{html.escape(exercise.name)}</td><td>{exercise.max_points}</td>"
                    f'<td style="text-align:left;color:{state.color}">{html.escape(state.word)}</td></tr>'
                )
        head = f"<tr><th {left}>exercise</th><th>points</th><th {left}>state</th></tr>"
        table = f"<table>{head}{''.join(rows)}</table><p>{html.escape(self._total())}</p>"
        return {"text/plain": self.text(), "text/html": table}


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
        FileNotFoundError, RuntimeError: when the public checks are missing or damaged.
    """
    from mlt_nn.grading.check import check_exercises
    from mlt_nn.support.questions import answered

    answers = set(answered())
    reports = {report.name: report for report in check_exercises(EXERCISES, folder=folder).exercises}
    stages = []
    for notebook in NOTEBOOKS:
        exercises = tuple(reports[exercise.name] for exercise in EXERCISES if exercise.notebook == notebook)
        questions = _questions(notebook)
        stages.append(Stage(notebook, exercises, len(questions), len(questions & answers)))
    return Progress(stages)


def _questions(notebook):
    """The names of all questions in a notebook."""
    from mlt_nn.support.questions import parse

    file = COURSE / "source" / f"{notebook}.md"
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return {question.name for question in parse(text, notebook.partition("_")[0])}
