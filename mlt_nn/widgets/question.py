"""A question to commit to before the cell that answers it."""

import html
import re

import ipywidgets

from mlt_nn.plots.picture import TEXT
from mlt_nn.support import questions
from mlt_nn.widgets.mending import mend


def question(name):
    """Ask the question of that name, as in "02.slope_at_zero".

    Each choice is answered with a sentence, and one may try again. The first and the last choice are remembered.

    Raises:
        ValueError: when there is no such question.
    """
    return _Asked(questions.find(name))


class _Asked(ipywidgets.VBox):
    def __init__(self, asked):
        self.asked = asked
        self.choices = ipywidgets.RadioButtons(
            options=[choice.text for choice in asked.choices],
            value=None,
            layout={"width": "auto", "max_width": "45em"},
        )
        # Room for two lines of feedback from the start, so that nothing below jumps.
        self.feedback = ipywidgets.HTMLMath(layout={"min_height": "4.5em", "max_width": "45em"})
        text = ipywidgets.HTMLMath(f'<div style="{TEXT}">{_rich(asked.text)}</div>', layout={"max_width": "45em"})
        super().__init__([text, self.choices, self.feedback])
        self.add_class("mlt-question")
        mend(self, self.feedback)
        answer = questions.recall(asked.name)
        if answer is not None and answer.last.choice in self.choices.options:
            self.choices.value = answer.last.choice
            self.feedback.value = _said(asked.choices[self.choices.index])
        self.choices.observe(self._chosen, "value")

    def _chosen(self, _change):
        choice = self.asked.choices[self.choices.index]
        try:
            questions.record(self.asked, choice)
            note = ""
        except OSError as error:
            note = f"Answers cannot be kept on this computer ({error.strerror or error}); all else works."
        self.feedback.value = _said(choice, note)

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = super()._repr_mimebundle_()
        # What is stored with the notebook tells neither the right choice nor the reader's.
        texts = [choice.text for choice in self.asked.choices]
        data["text/plain"] = "\n".join([f"[question] {self.asked.text}", *(f"( ) {text}" for text in texts)])
        items = "".join(f"<li>{html.escape(text)}</li>" for text in texts)
        data["text/html"] = f"{_rich(self.asked.text)}<ul>{items}</ul>"
        return data


def _said(choice, note=""):
    # In words, by a sign and by color, for whoever misses one of the three.
    sign, word, color = ("\u2713", "Right.", "#0072B2") if choice.right else ("\u2717", "Not yet.", "#D55E00")
    note = f"<div>{html.escape(note)}</div>" if note else ""
    return (
        f'<div style="{TEXT};border-left:5px solid {color};padding-left:0.7em">'
        f"<b>{sign} {word}</b> {_inline(choice.feedback)}{note}</div>"
    )


def _rich(text):
    paragraphs = re.split(r"\n\s*\n", text)
    return "".join(f"<p>{_inline(paragraph)}</p>" for paragraph in paragraphs)


def _inline(text):
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
