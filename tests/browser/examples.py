"""Each widget of the course in a cell, as a notebook calls it."""

_ONE_NEURON = """
from mlt_nn.activations import sigmoid
from mlt_nn.neuron import neuron
from mlt_nn.widgets import one_neuron
one_neuron(neuron, sigmoid)
"""

_XOR_FOLDED = """
from mlt_nn.activations import sigmoid
from mlt_nn.neuron import neuron
from mlt_nn.widgets import xor_folded
xor_folded(neuron, sigmoid)
"""

_XOR_IN_LAYERS = """
import numpy as np
from mlt_nn.network import forward_pass
from mlt_nn.widgets import xor_in_layers
W = {1: np.array([[1.0, 1.0], [1.0, 1.0]]), 2: np.array([[1.0], [-2.0]])}
b = {1: np.array([0.0, -1.0]), 2: np.array([0.0])}
xor_in_layers(forward_pass, W, b)
"""

_ACTIVATIONS = """
from mlt_nn.activations import ACTIVATIONS
from mlt_nn.widgets import activations
activations(ACTIVATIONS)
"""

_LAYER_SIZES = """
from mlt_nn.network import count_parameters
from mlt_nn.widgets import layer_sizes
layer_sizes(count_parameters)
"""

_TWO_WEIGHTS = """
from mlt_nn.activations import sigmoid, sigmoid_prime
from mlt_nn.scalar_network import backward, forward, loss
from mlt_nn.widgets import two_weights
two_weights(forward, loss, backward, sigmoid, sigmoid_prime)
"""

_WIGGLE_AND_MULTIPLY = """
from mlt_nn.activations import sigmoid, sigmoid_prime
from mlt_nn.scalar_network import forward, loss
from mlt_nn.widgets import wiggle_and_multiply
wiggle_and_multiply(forward, loss, sigmoid, sigmoid_prime)
"""

_GRADIENT_FLOW = """
from mlt_nn.backpropagation import backward_pass
from mlt_nn.network import forward_pass, initialize
from mlt_nn.widgets import gradient_flow
gradient_flow(initialize, forward_pass, backward_pass)
"""

_LEARNING_RATE = """
from mlt_nn.scalar_network import backward, forward, loss
from mlt_nn.widgets import learning_rate
learning_rate(forward, loss, backward)
"""

_START_VALUES = """
from mlt_nn.backpropagation import backward_pass
from mlt_nn.gradient_descent import update
from mlt_nn.network import forward_pass, initialize
from mlt_nn.widgets import start_values
start_values(initialize, forward_pass, backward_pass, update)
"""

_MAP_OF_LINES = """
from mlt_nn.gradient_descent import train
from mlt_nn.losses import cross_entropy, squared_error
from mlt_nn.network import forward_pass
from mlt_nn.widgets import map_of_lines
map_of_lines(forward_pass, squared_error, cross_entropy, train)
"""

_WATCH_TRAINING = """
from mlt_nn.gradient_descent import train
from mlt_nn.losses import cross_entropy
from mlt_nn.network import forward_pass, initialize
from mlt_nn.widgets import watch_training
watch_training(initialize, forward_pass, cross_entropy, train)
"""

_DRAW_YOUR_GUESS = """
from mlt_nn.widgets import draw_your_guess
epochs = (1, 2, 4, 8, 16, 32, 64, 128)
draw_your_guess(
    "The loss in training", epochs, lambda: [80 / epoch for epoch in epochs],
    "epoch", "loss", (0.1, 1000), {1: 80.0}, log_y=True,
)
"""

_REGULARIZATION = """
from mlt_nn.backpropagation import backward_pass
from mlt_nn.gradient_descent import update
from mlt_nn.network import forward_pass
from mlt_nn.regularization import l1_gradient, l2_gradient
from mlt_nn.widgets import regularization
regularization(forward_pass, backward_pass, update, l1_gradient, l2_gradient)
"""

_DROPOUT = """
from mlt_nn.network import forward_pass
from mlt_nn.regularization import dropout_forward, dropout_mask, halve_outgoing_weights
from mlt_nn.widgets import dropout
dropout(dropout_mask, dropout_forward, forward_pass, halve_outgoing_weights)
"""

# Not trained: what it says is mostly wrong, and nothing has to be waited for.
_NETWORK = """
import numpy as np
from mlt_nn.network import forward_pass, initialize
W, b = initialize((784, 50, 10), np.random.default_rng(0))
W = {l: W[l] / np.sqrt(len(W[l])) for l in W}
"""

_DIGITS = f"""{_NETWORK}
from mlt_nn.datasets import load_digits
from mlt_nn.widgets import digits
data = load_digits()
digits(data.X_test, data.labels_test, forward_pass, W, b)
"""

_HANDWRITING = f"""{_NETWORK}
from mlt_nn.widgets import handwriting
handwriting(forward_pass, W, b)
"""

_WHY_THIS_DIGIT = """
from mlt_nn.activations import relu_prime
from mlt_nn.backpropagation import layer_backward
from mlt_nn.datasets import load_digits, load_trained
from mlt_nn.network import forward_pass, predict
from mlt_nn.widgets import why_this_digit
data = load_digits()
W, b = load_trained()
wrong = predict(forward_pass(data.X_test, W, b, "relu")[1][2]) != data.labels_test
why_this_digit(forward_pass, layer_backward, relu_prime, W, b, data.X_test[wrong], data.labels_test[wrong])
"""

EXAMPLES = {
    "one_neuron": _ONE_NEURON,
    "xor_folded": _XOR_FOLDED,
    "xor_in_layers": _XOR_IN_LAYERS,
    "activations": _ACTIVATIONS,
    "layer_sizes": _LAYER_SIZES,
    "two_weights": _TWO_WEIGHTS,
    "wiggle_and_multiply": _WIGGLE_AND_MULTIPLY,
    "gradient_flow": _GRADIENT_FLOW,
    "learning_rate": _LEARNING_RATE,
    "start_values": _START_VALUES,
    "map_of_lines": _MAP_OF_LINES,
    "watch_training": _WATCH_TRAINING,
    "draw_your_guess": _DRAW_YOUR_GUESS,
    "regularization": _REGULARIZATION,
    "dropout": _DROPOUT,
    "digits": _DIGITS,
    "handwriting": _HANDWRITING,
    "why_this_digit": _WHY_THIS_DIGIT,
}
"""name of the widget -> the source of a cell that shows it. The functions are the reader's, or the solutions."""
