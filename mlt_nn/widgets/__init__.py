"""Sliders, buttons and questions: each takes the student's functions as arguments and shows what they do."""

from mlt_nn.widgets.activations import activations
from mlt_nn.widgets.digits import digits
from mlt_nn.widgets.draw_your_guess import draw_your_guess
from mlt_nn.widgets.dropout import dropout
from mlt_nn.widgets.gradient_flow import gradient_flow
from mlt_nn.widgets.handwriting import handwriting
from mlt_nn.widgets.layer_sizes import layer_sizes
from mlt_nn.widgets.learning_rate import learning_rate
from mlt_nn.widgets.map_of_lines import map_of_lines
from mlt_nn.widgets.one_neuron import one_neuron
from mlt_nn.widgets.question import question, review
from mlt_nn.widgets.regularization import regularization
from mlt_nn.widgets.start_values import start_values
from mlt_nn.widgets.two_weights import two_weights
from mlt_nn.widgets.watch_training import watch_training
from mlt_nn.widgets.why_this_digit import why_this_digit
from mlt_nn.widgets.wiggle_and_multiply import wiggle_and_multiply
from mlt_nn.widgets.xor_folded import xor_folded, xor_in_layers

__all__ = [
    "activations", "digits", "draw_your_guess", "dropout", "gradient_flow", "handwriting", "layer_sizes",
    "learning_rate", "map_of_lines", "one_neuron", "question", "regularization", "review", "start_values",
    "two_weights", "watch_training", "why_this_digit", "wiggle_and_multiply", "xor_folded", "xor_in_layers",
]  # fmt: skip
