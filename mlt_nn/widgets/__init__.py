"""Sliders, buttons and questions: each takes the student's functions as arguments and shows what they do."""

from mlt_nn.widgets.question import question

__all__ = ["question"]
