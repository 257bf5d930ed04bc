"""Every exercise of the course, in the order in which it is written.

The one table that the stubs' messages, the checks, the progress view and the gradebook read.
"""

import difflib
from typing import NamedTuple


class Exercise(NamedTuple):
    """One function that the student writes."""

    name: str
    """Module and function, as in "activations.softmax"."""
    points: float
    """What it is worth: 1 for a line, 2 for a thought, 3 and more for a piece of work."""
    notebook: str
    """The notebook that asks for it, as in "02_activations"."""
    section: str
    """The heading in that notebook under which it is asked for."""

    @property
    def module(self):
        return self.name.partition(".")[0]

    @property
    def function(self):
        return self.name.partition(".")[2]


EXERCISES = (
    Exercise("neuron.pre_activation", 1, "01_neuron", "Write the pre-activation"),
    Exercise("neuron.neuron", 1, "01_neuron", "Write the neuron"),
    Exercise("activations.sigmoid", 2, "02_activations", "Write the sigmoid"),
    Exercise("activations.tanh", 1, "02_activations", "Write tanh, ReLU and the identity"),
    Exercise("activations.relu", 1, "02_activations", "Write tanh, ReLU and the identity"),
    Exercise("activations.identity", 1, "02_activations", "Write tanh, ReLU and the identity"),
    Exercise("activations.sigmoid_prime", 1, "02_activations", "Write the four slopes"),
    Exercise("activations.tanh_prime", 1, "02_activations", "Write the four slopes"),
    Exercise("activations.relu_prime", 1, "02_activations", "Write the four slopes"),
    Exercise("activations.identity_prime", 1, "02_activations", "Write the four slopes"),
    Exercise("activations.softmax", 3, "02_activations", "Write the softmax"),
    Exercise("network.count_parameters", 1, "03_forward_pass", "Count the parameters"),
    Exercise("network.initialize", 2, "03_forward_pass", "Draw the first weights"),
    Exercise("network.forward_pass", 4, "03_forward_pass", "Write the forward pass"),
    Exercise("network.predict", 1, "03_forward_pass", "Turn probabilities into a prediction"),
    Exercise("losses.one_hot", 2, "04_losses", "Write the one-hot matrix"),
    Exercise("losses.squared_error", 2, "04_losses", "Write the squared error"),
    Exercise("losses.cross_entropy", 3, "04_losses", "Write the cross-entropy"),
    Exercise("scalar_network.forward", 1, "05_scalar_backpropagation", "Write the forward pass of two neurons"),
    Exercise("scalar_network.loss", 1, "05_scalar_backpropagation", "Write the loss of one point"),
    Exercise("scalar_network.backward", 4, "05_scalar_backpropagation", "Write the backward pass of two neurons"),
    Exercise("gradient_check.numerical_gradient", 3, "05_scalar_backpropagation", "Write the numerical gradient"),
    Exercise("gradient_check.relative_error", 2, "05_scalar_backpropagation", "Write the relative error"),
    Exercise("backpropagation.layer_backward", 3, "06_backpropagation", "Write one layer backwards"),
    Exercise("backpropagation.softmax_backward", 3, "06_backpropagation", "Write the softmax backwards"),
    Exercise("backpropagation.output_gradient", 1, "06_backpropagation", "Write the gradient of the output layer"),
    Exercise("backpropagation.backward_pass", 5, "06_backpropagation", "Write the backward pass"),
    Exercise("gradient_descent.update", 2, "07_gradient_descent", "Write one step"),
    Exercise("gradient_descent.minibatches", 3, "07_gradient_descent", "Write the mini-batches"),
    Exercise("gradient_descent.train", 5, "07_gradient_descent", "Write the training loop"),
    Exercise("network.accuracy", 1, "08_mnist", "Write the accuracy"),
    Exercise("regularization.l1_penalty", 1, "09_regularization", "Write the penalties"),
    Exercise("regularization.l2_penalty", 1, "09_regularization", "Write the penalties"),
    Exercise("regularization.l1_gradient", 1, "09_regularization", "Write the gradients of the penalties"),
    Exercise("regularization.l2_gradient", 1, "09_regularization", "Write the gradients of the penalties"),
    Exercise("regularization.dropout_mask", 2, "09_regularization", "Write the mask"),
    Exercise("regularization.dropout_forward", 3, "09_regularization", "Write the thinned network"),
    Exercise("regularization.dropout_backward", 3, "09_regularization", "Write the thinned network"),
    Exercise("regularization.halve_outgoing_weights", 1, "09_regularization", "Write the halved network"),
)

MODULES = tuple(dict.fromkeys(exercise.module for exercise in EXERCISES))
NOTEBOOKS = tuple(dict.fromkeys(exercise.notebook for exercise in EXERCISES))

_BY_NAME = {exercise.name: exercise for exercise in EXERCISES}


def find(name):
    """The exercise of that name.

    >>> find("activations.softmax").notebook
    '02_activations'
    """
    if name not in _BY_NAME:
        raise ValueError(f"there is no exercise {name!r}; the exercises are: {', '.join(_BY_NAME)}")
    return _BY_NAME[name]


def earlier(name):
    """The names of the exercises that an exercise may build on.

    >>> earlier("losses.squared_error")[-2:]
    ('network.predict', 'losses.one_hot')
    """
    last = find(name)
    before = EXERCISES[: EXERCISES.index(last)]
    return tuple(each.name for each in before if MODULES.index(each.module) <= MODULES.index(last.module))


def lost(module, name):
    """What to do when a module does not know the name of an exercise of its own; "" for any other name."""
    if f"{module}.{name}" not in _BY_NAME:
        return ""
    return f"The line  def {name}(  must begin at the left margin and keep that name"


def notebook_named(name):
    """The notebook that a person calls by its full name or by its number.

    >>> notebook_named("02_activations"), notebook_named("02"), notebook_named("2")
    ('02_activations', '02_activations', '02_activations')
    """
    for notebook in NOTEBOOKS:
        if name == notebook or (name.isdecimal() and int(name) == int(notebook.partition("_")[0])):
            return notebook
    raise ValueError(f"there is no notebook {name!r}; the notebooks are: {', '.join(NOTEBOOKS)}")


def named(name):
    """The exercises that a person means by the name of an exercise, of a module or of a notebook.

    Raises:
        ValueError: when nothing has that name; the message lists the closest ones.

    >>> [each.function for each in named("neuron")] == [each.function for each in named("1")]
    True
    """
    wanted = notebook_named(name) if isinstance(name, str) and name.isdecimal() else name
    for part in ("name", "module", "notebook"):
        found = tuple(each for each in EXERCISES if getattr(each, part) == wanted)
        if found:
            return found
    names = [*_BY_NAME, *MODULES, *NOTEBOOKS]
    # "softmax" alone is what most people type; its likeness to "activations.softmax" as a text is small.
    close = [each for each in names if each.partition(".")[2] == name] or difflib.get_close_matches(str(name), names)
    advice = (
        f"did you mean {' or '.join(map(repr, close))}?"
        if close
        else f"name one of {', '.join(MODULES)} or {names[0]!r}"
    )
    raise ValueError(f"there is no exercise, module or notebook {name!r}: {advice}")
