"""Sliders, buttons and questions: each takes the student's functions as arguments and shows what they do."""

from mlt_nn.widgets.activations import activations
from mlt_nn.widgets.layer_sizes import layer_sizes
from mlt_nn.widgets.one_neuron import one_neuron
from mlt_nn.widgets.question import question

__all__ = ["activations", "layer_sizes", "one_neuron", "question"]
