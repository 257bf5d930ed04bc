"""A question to commit to before the cell that answers it: choose, type a number, or put lines in order."""

import contextlib
import hashlib
import html
import itertools
import re
from functools import partial

import ipywidgets

from mlt_nn.plots.picture import TEXT
from mlt_nn.support import questions
from mlt_nn.support.colors import BLUE, VERMILION
from mlt_nn.widgets.controls import button
from mlt_nn.widgets.mending import mend
from mlt_nn.widgets.one_at_a_time import one_at_a_time

_WIDTH = "45em"


def question(name):
    """Ask the question of that name, as in "02.slope_at_zero".

    Each answer is told what it means, and one may try again. The first and the last answer are remembered.

    Raises:
        ValueError: when there is no such question.
    """
    asked = questions.find(name)
    answer = questions.recall(name)
    return _ask(asked, answer and answer.last.choice)


def review(*names):
    """Ask questions of earlier notebooks once more: those that the reader got wrong first, else these.

    No answer is shown before one is given, for to remember it is what they are asked for.

    Raises:
        ValueError: when there is no such question.
    """
    asked = [_ask(questions.find(name)) for name in questions.to_review(names)]
    return _Review(asked, [questions.find(name) for name in names])


def _ask(asked, last=None):
    """The widget of a question, with the answer that was given last, or None."""
    if asked.lines:
        return _Ordered(asked, last)
    return _Chosen(asked, last) if asked.off_by is None else _Typed(asked, last)


class _Asked(ipywidgets.VBox):
    """The text, the controls of a kind of question, and below them what the answer means.

    What is stored with the notebook has the texts in `shown`, or a place for a number.
    """

    def __init__(self, asked, controls, shown=()):
        self.asked, self._shown = asked, shown
        # Room for two lines of feedback from the start, so that nothing below jumps.
        self.feedback = ipywidgets.HTMLMath(layout={"min_height": "4.5em", "max_width": _WIDTH})
        text = ipywidgets.HTMLMath(f'<div style="{TEXT}">{_rich(asked.text)}</div>', layout={"max_width": _WIDTH})
        super().__init__([text, *controls, self.feedback])
        self.add_class("mlt-question")
        mend(self, self.feedback, "question")
        one_at_a_time(self)

    def _answer(self, choice, given):
        """Tell what an answer means, and keep it as it was given."""
        try:
            questions.record(self.asked, choice._replace(text=given))
            note = ""
        except OSError as error:
            note = f"Answers cannot be kept on this computer ({error.strerror or error}); all else works."
        self.feedback.value = _said(choice, note)

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = super()._repr_mimebundle_()
        # What is stored with the notebook tells neither the right answer nor the reader's.
        choices = [f"( ) {text}" for text in self._shown] or ["your number: ____"]
        data["text/plain"] = "\n".join([f"[question] {self.asked.text}", *choices])
        items = "".join(f"<li>{_inline(text)}</li>" for text in self._shown)
        data["text/html"] = _rich(self.asked.text) + (f"<ul>{items}</ul>" if items else "<p>Your number: ____</p>")
        return data


class _Chosen(_Asked):
    """One of several choices."""

    def __init__(self, asked, last):
        texts = [choice.text for choice in asked.choices]
        layout = {"width": "auto", "max_width": _WIDTH}
        self.choices = ipywidgets.RadioButtons(options=texts, value=None, layout=layout)
        super().__init__(asked, [self.choices], texts)
        if last in self.choices.options:
            self.choices.value = last
            self.feedback.value = _said(asked.choices[self.choices.index])
        self.choices.observe(self._chosen, "value")

    def _chosen(self, _change):
        choice = self.asked.choices[self.choices.index]
        self._answer(choice, choice.text)


class _Typed(_Asked):
    """A number."""

    def __init__(self, asked, last):
        self.field = ipywidgets.Text(
            description="your number", placeholder="such as 0.25 or 1/4", continuous_update=False,
            layout={"width": "20em"}, style={"description_width": "auto"},
        )  # fmt: skip
        super().__init__(asked, [self.field])
        with contextlib.suppress(ValueError):  # never answered, or it was another kind of question then
            self.feedback.value = _said(asked.answer(last or ""))
            self.field.value = last
        self.field.observe(self._typed, "value")

    def _typed(self, change):
        try:
            choice = self.asked.answer(change.new)
        except ValueError as error:
            self.feedback.value = f'<div style="{TEXT}">{html.escape(str(error))}</div>'
            return
        self._answer(choice, change.new)


class _Ordered(_Asked):
    """Lines to be put in order."""

    def __init__(self, asked, last):
        self.order = _shuffled(asked.lines)
        self._lines = [ipywidgets.HTMLMath() for _ in asked.lines]
        rows = [ipywidgets.HBox([*self._moves(row), line]) for row, line in enumerate(self._lines)]
        self.done = button("This is my order", lambda: self._answer(asked.answer(self.order), "\n".join(self.order)))
        self.done.layout.align_self = "flex-start"
        super().__init__(asked, [*rows, self.done], tuple(self.order))
        lines = (last or "").split("\n")
        if sorted(lines) == sorted(asked.lines):
            self.order = lines
            self.feedback.value = _said(asked.answer(lines))
        self._show()

    def _moves(self, row):
        for sign, word, to in (("\N{UPWARDS ARROW}", "up", row - 1), ("\N{DOWNWARDS ARROW}", "down", row + 1)):
            move = button(sign, partial(self.swap, row, to), f"move line {row + 1} {word}", "2.5em")
            move.disabled = not 0 <= to < len(self.order)
            yield move

    def swap(self, one, other):
        """Let two lines change places."""
        self.order[one], self.order[other] = self.order[other], self.order[one]
        self._show()

    def _show(self):
        for number, (line, text) in enumerate(zip(self._lines, self.order, strict=True), 1):
            line.value = f'<div style="{TEXT}">{number}. {_inline(text)}</div>'


class _Review(ipywidgets.VBox):
    """Several questions; what is stored with a notebook is the same for every reader."""

    def __init__(self, asked, usual):
        super().__init__(asked)
        self._usual = usual

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = super()._repr_mimebundle_()
        data["text/plain"] = "\n".join(f"[question] {asked.text}" for asked in self._usual)
        data["text/html"] = "".join(_rich(asked.text) for asked in self._usual)
        return data


def _shuffled(lines):
    """The lines in an order that is the same for everyone, and in which none follows the one that it should."""
    right = {*itertools.pairwise(lines)}
    for salt in itertools.count():
        order = sorted(lines, key=lambda line: hashlib.sha256(f"{salt}{line}".encode()).digest())
        if right.isdisjoint(itertools.pairwise(order)):
            return order


def _said(choice, note=""):
    # In words, by a sign and by color, for whoever misses one of the three.
    sign, word, color = ("\u2713", "Right.", BLUE) if choice.right else ("\u2717", "Not yet.", VERMILION)
    note = f"<div>{html.escape(note)}</div>" if note else ""
    return (
        f'<div style="{TEXT};border-left:5px solid {color};padding-left:0.7em">'
        f"<b>{sign} {word}</b> {_inline(choice.feedback)}{note}</div>"
    )


def _rich(text):
    return "".join(f"<p>{_inline(paragraph)}</p>" for paragraph in re.split(r"\n\s*\n", text))


def _inline(text):
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
