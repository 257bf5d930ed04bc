"""What a beginner can make of the exceptions that Python and NumPy raise most often."""

import re

from mlt_nn.grading.results import Kind
from mlt_nn.grading.student import builtin_exception
from mlt_nn.support.catalogue import lost
from mlt_nn.support.folders import PACKAGE
from mlt_nn.support.overlay import exercise_folder

NOT_FOUND = ("ModuleNotFoundError", "ImportError")
"""The exceptions of an import that finds nothing."""

_A_FUNCTION = r"(function|builtin_function_or_method|numpy\.ufunc)"
_FULL_BATCH = (
    "Without batch_size train needs no rng and no minibatches: one mini-batch holds all, [slice(None)]. It is "
    "`batch_size is None` that says so."
)
_NOT_CALLED = "A function stands where its value is meant: call it, as in g(z)."

# The class of the exception and a pattern that is found in its message; what to do about it.
_HINTS = {
    r"ValueError: truth value of an array": (
        "An array has many truth values; `if`, `max`, `and` want one. Entry by entry work np.where(z > 0, this, that) "
        "and np.maximum(z, 0)."
    ),
    r"TypeError: only (0-dimensional|length-1) arrays can be converted": (
        "float(...) and the functions of `math` take one number; those of NumPy (np.exp, np.log) take every entry of "
        "an array, and np.sum makes one number of all."
    ),
    r"TypeError: Cannot interpret '\d+' as a data type": (
        "The shape is one argument, a tuple: rng.standard_normal((2, 3)), np.zeros((2, 3))."
    ),
    r"KeyError: ^(np\.int\d+\()?-?\d+\)?$": (
        "A dict has no such key. Layers are counted 1..L: W, b and Z have these keys; A has 0..L, with A[0] = X."
    ),
    r"KeyError: ^(np\.float\d+\()?-?\d+[.e]": (
        "A float is no layer, and so no key. L is the number of layers: give what loss returns another name."
    ),
    r"ValueError: operands could not be broadcast": (
        "Arrays of these two shapes do not go together entry by entry. Is one of them of another layer, or transposed?"
    ),
    r"ValueError: matmul: .*mismatch|shapes .* not aligned": (
        "In A @ B the columns of A must be as many as the rows of B. Print both shapes: do the two stand in the "
        "wrong order, is one transposed (.T), or of another layer?"
    ),
    r"TypeError: for \^|bitwise_xor": (
        "In Python ^ is no power: the square of x is x ** 2, and e to the power of z is np.exp(z)."
    ),
    r"IndexError: (tuple|list) index out of range": (
        "Of n entries the last has the number n - 1. Does the loop go too far? The layers are range(1, len(sizes))."
    ),
    r"IndexError: out of bounds for axis": (
        "Entries are counted from 0, so of n the last is n - 1: count with len(a), not with a fixed number. Y[j] "
        "of a matrix is row j: does j count the columns (Y[i, j]) or all entries (for i in np.ndindex(Y.shape): Y[i])?"
    ),
    r"IndexError: used as indices must be of integer": (
        "Entries are picked by whole numbers, or by True and False: used = Y != 0, then Y_hat[used]."
    ),
    r"AttributeError: '(int|float|bool)' object has no attribute": (
        "Here a number came in: z = np.asarray(z) makes an array of it, and leaves an array as it is."
    ),
    r"SyntaxError: 'return' outside function": (
        "The line begins at the left margin: indent it by four spaces, like the lines above it."
    ),
    r"TypeError: '(int|float|numpy\.(int|float)\d+)' object does not support item assignment": (
        "Here a number came in, which has no entries to set: np.where(z > 0, this, that) takes numbers and arrays."
    ),
    r"TypeError: only integer scalar arrays can be converted": (
        "One whole number is wanted where an array came, as an axis is: np.max(Z, axis=1) looks for the largest of "
        "each row; np.maximum(z, 0) takes the larger, entry by entry."
    ),
    "RecursionError": "It calls itself without end. NumPy's own begin with np: np.tanh, np.exp, np.max.",
    r"NameError: name 'np' is not defined": "Write  import numpy as np  at the top of the file.",
    r"NameError: name '(math|e|exp|log|tanh|where|maximum|zeros|ones|array)' is not defined": (
        "NumPy's functions begin with np: np.exp(z), np.log(z), np.maximum(z, 0)."
    ),
    r"NameError: is not defined": (
        "A function knows its arguments, which the line with def names, and what was made or imported above; capitals "
        "count."
    ),
    rf"TypeError: '{_A_FUNCTION}'": _NOT_CALLED,
    r"CannotSend: type function": _NOT_CALLED,
    r"TypeError: '(int|float|tuple|list|numpy\.\w+)' object is not callable": (
        "In Python a product needs its sign: a * (1 - a). An entry stands in square brackets: a[0]."
    ),
    r"TypeError: 'str' object is not callable": (
        "That is a text, the name of a function; the function itself is in g, g_output or g_prime."
    ),
    r"TypeError: 'dict'": (
        "A dict holds an array for each layer: in a loop over the layers l take one of them, as in W[l]."
    ),
    r"TypeError: slice indices must be integers|'float' object cannot be interpreted as an integer": (
        "A whole number is wanted where a float came: / always gives a float, // a whole number."
    ),
    r"TypeError: 'NoneType' object is not callable": (
        "What you call is None, as on_epoch is unless somebody gives one: ask  if on_epoch is not None  first."
    ),
    r"TypeError: 'NoneType' object cannot be interpreted as an integer": _FULL_BATCH,
    r"AttributeError: 'NoneType' object has no attribute '(permutation|shuffle|permuted|choice|random|integers)'": (
        _FULL_BATCH
    ),
    r"TypeError: 'NoneType'": (
        "Something is None here: does a function that you call lack its return? (rng.shuffle has none: it shuffles the "
        "array that it is given.)"
    ),
}

_NO_MASK = (
    "There are masks of the hidden layers alone, 1..L-1. Forwards A[l] takes masks[l]. Backwards, A_g of layer l - 1 "
    "takes masks[l - 1]."
)

_ONE_SIZE = "A vector has one size alone, shape[0]; shape[1] is not there."

_ANY_SHAPE = "Move one entry at a time, by np.ndindex(theta.shape): theta may be a vector, a matrix or a number."
_OF_ONE_SHAPE = re.compile("broadcast|unpack|tuple index|many indices|unsized|no len|0-d|not iterable")

_NO_SHAPE = "Without a shape rng gives one number: rng.standard_normal(shape)."

_NO_FILES = "{0}.py opens a file, and grading has the nine files alone: write what is in it into {0}.py."

_GENERATOR = (
    "`yield`, and (... for ...) in round brackets, make a generator: write a list [... for ...] and return it, or "
    "np.array of it where an array is wanted."
)

_TWO_LOSSES = "`loss` is the function: give what it returns another name."


def hint(error):
    """What to do about a StudentError, in a sentence or two; "" when there is nothing to add to its message.

    >>> from mlt_nn.grading.student import StudentError
    >>> hint(StudentError("activations.relu", "NameError", "name 'np' is not defined"))
    'Write  import numpy as np  at the top of the file.'
    """
    if error.kind is Kind.NOT_SENT:
        if builtin_exception(error.returned):
            return f"`return {error.returned}(...)` hands it over like a number: write  raise {error.returned}(...)."
        if error.returned.startswith("function "):
            return _NOT_CALLED
        return _GENERATOR if error.returned == "generator" else ""
    if error.type == "FileNotFoundError" and error.place:
        return _NO_FILES.format(error.place.module)
    line = error.place.source if error.place else ""
    if error.type == "KeyError" and "masks[" in line:
        return _NO_MASK
    if "loss(" in line and re.search(r"'(numpy\.)?float\d*' .*callable", error.message):
        return _TWO_LOSSES
    if error.name == "gradient_check.numerical_gradient" and _OF_ONE_SHAPE.search(error.message):
        return _ANY_SHAPE
    if error.type == "IndexError" and ".shape[" in line:
        return _ONE_SIZE
    is_of_a_number = error.type == "AttributeError" and re.match("'(float|bool)'", error.message)
    if is_of_a_number and re.search(r"\brng\.\w+\(\)", line):
        return _NO_SHAPE
    found = re.match(r"name '(\w+)' is not defined", error.message)
    if error.type == "NameError" and found and error.place and (way_out := lost(error.place.module, found[1])):
        return f"{way_out}."
    if absent := _absent(error):
        return _is_not_there(absent, f"{error.place.module}.py" if error.place else "Your file")
    for which, advice in _HINTS.items():
        type, _, pattern = which.partition(": ")
        if error.type == type and re.search(pattern, error.message):
            return advice
    return ""


def _absent(error):
    """The name of what was imported and is not there when work is graded, or ""."""
    if error.type in NOT_FOUND and (found := re.match(r"No module named '(?!numpy\b)([\w.]+)'", error.message)):
        return found[1]
    found = re.match(r"cannot import name '(\w+)' from 'mlt_nn' ", error.message)
    return f"mlt_nn.{found[1]}" if error.type in NOT_FOUND and found else ""


def _is_not_there(name, file):
    # A check may be run on a copy of the exercise files alone.
    own = f"{name.removeprefix('mlt_nn.')}.py"
    if ((exercise_folder() or PACKAGE) / own).is_file():
        way_out = f"Put its functions into {file}."
        return f"{file} uses {own}, which is not one of the nine files and is not handed in. {way_out}"
    return f"{file} imports {name}, which grading does not have. Write it with NumPy alone."
