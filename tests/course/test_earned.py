"""What is known in advance earns nothing, and what no equation asks for costs little."""

import runpy
from pathlib import Path

import pytest

from mlt_nn.grading.check import PUBLIC_CHECKS
from mlt_nn.grading.run import Checks
from mlt_nn.grading.student import Student
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import PROJECT

pytestmark = pytest.mark.thorough

_VERSIONS = runpy.run_path(str(Path(__file__).with_name("versions.py")))
solution, write = _VERSIONS["solution"], _VERSIONS["write"]

HIDDEN_CHECKS = PROJECT / "tests" / "hidden"


def checks_of(folder, seed):
    return Checks([folder / f"test_{module}.py" for module in MODULES], seed)


def earned(folder, seed):
    """{exercise: the share of its hidden checks that pass}."""
    checks, shares = checks_of(HIDDEN_CHECKS, seed), {}
    with Student(folder) as student:
        for exercise in EXERCISES:
            states = [ran.state for ran in checks.results(exercise.name, student)]
            assert "broken" not in states, exercise.name
            shares[exercise.name] = states.count("passed") / len(states)
    return shares


def share_of(folder, name, seed):
    """The share of the hidden checks of one exercise that pass."""
    with Student(folder) as student:
        states = [ran.state for ran in checks_of(HIDDEN_CHECKS, seed).results(name, student)]
    return states.count("passed") / len(states)


def points(shares):
    return sum(exercise.points * shares[exercise.name] for exercise in EXERCISES)


WRAPPED = """

import copy
import functools
import pathlib
import pickle
import sys
import warnings

import numpy as np

# What an exercise calls inside is right: all modules count together how deep a call is.
calls = sys.__dict__.setdefault("calls_of_exercises", [])
table = pathlib.Path({table!r})


def key(name, args, kwargs):
    def plain(value):
        if isinstance(value, dict):
            return tuple((each, plain(value[each])) for each in sorted(value))
        if isinstance(value, (list, tuple)):
            return tuple(map(plain, value))
        if isinstance(value, np.ndarray):
            return value.dtype.str, value.shape, value.tobytes()
        if isinstance(value, np.random.Generator):
            return repr(value.bit_generator.state)
        return "a function" if callable(value) and not isinstance(value, type) else repr(value)

    return pickle.dumps((name, plain(args), plain(kwargs)))


def converted(value, change):
    if isinstance(value, dict):
        return {{each: converted(value[each], change) for each in value}}
    if isinstance(value, (tuple, list)):
        return type(value)(converted(entry, change) for entry in value)
    return change(value)


def wrapped(right, name):
    @functools.wraps(right)
    def answer(*args, **kwargs):
        if calls:
            return right(*args, **kwargs)
        calls.append(right)
        try:
            {body}
        finally:
            calls.clear()

    return answer

"""


def wrap(folder, body, table=""):
    """The solutions, each exercise called by a student's hand: `body` knows right, name, args and kwargs."""

    def text_of(module):
        names = [exercise for exercise in EXERCISES if exercise.module == module]
        replaced = "".join(f"{each.function} = wrapped({each.function}, {each.name!r})\n" for each in names)
        return solution(module) + WRAPPED.format(body=body.replace("\n", "\n            "), table=str(table)) + replaced

    folder.mkdir()
    return write(folder, text_of)


RECORD = """asked = key(name, args, kwargs)
result = right(*args, **kwargs)
with table.open("ab") as file:
    pickle.dump((name, asked, result), file)
return result"""

# Of a question that is not in the table: nothing, or the answer to another one.
LOOK_UP = """if not hasattr(sys, "recorded"):
    sys.recorded, sys.of_name = {{}}, {{}}
    with table.open("rb") as file:
        while file.peek(1):
            its_name, asked, result = pickle.load(file)
            sys.recorded[asked] = sys.of_name[its_name] = result
return {answer}"""
ANSWERS = {
    "or raise": "sys.recorded[key(name, args, kwargs)]",
    "or give another answer": "sys.recorded.get(key(name, args, kwargs), sys.of_name.get(name))",
}


def record(tmp_path, folder, seed):
    """A table of what these checks ask and of the right answers; all of it is used when it is asked again."""
    table = tmp_path / "table"
    checks = checks_of(folder, seed)
    with Student(wrap(tmp_path / "recorder", RECORD, table)) as student:
        assert all(checks.report(exercise.name, student).is_right for exercise in EXERCISES)
    return table


def from_table(tmp_path, table, answer):
    return wrap(tmp_path / "table_of_answers", LOOK_UP.format(answer=ANSWERS[answer]), table)


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_table_of_all_public_answers_earns_nothing(tmp_path, answer):
    table = record(tmp_path, PUBLIC_CHECKS, 0)
    assert points(earned(from_table(tmp_path, table, answer), 1)) == 0


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_answers_of_another_run_earn_nothing(tmp_path, answer):
    table = record(tmp_path, HIDDEN_CHECKS, 0)
    folder = from_table(tmp_path, table, answer)
    # With the same seed all of it would be right, but for what a function does besides.
    assert points(earned(folder, 0)) > 50
    assert points(earned(folder, 1)) == 0


# What a check may ask for beyond the equation, by what breaks it.
STRICT = {
    "float64 whatever goes in": "return converted(right(*args, **kwargs), lambda v: v.astype(float)"
    " if isinstance(v, np.ndarray) and v.dtype.kind in 'biuf' else v)",
    "float32 whatever goes in": "return converted(right(*args, **kwargs), lambda v: v.astype(np.float32)"
    " if isinstance(v, np.ndarray) and v.dtype.kind == 'f' else np.float32(v) if type(v) is float else v)",
    "float32 inside too": """def narrow(v):
    return v.astype(np.float32) if isinstance(v, np.ndarray) and v.dtype.kind == 'f' else v
return converted(right(*converted(args, narrow), **converted(kwargs, narrow)), narrow)""",
    "a warning": "warnings.warn('by the way')\nreturn right(*args, **kwargs)",
    "arguments that change": """result = copy.deepcopy(right(*args, **kwargs))
for value in args:
    for part in value.values() if isinstance(value, dict) else [value]:
        if isinstance(part, np.ndarray) and part.size:
            part += part.dtype.type(1)
        if isinstance(part, list):
            part.append(1)
return result""",
}


@pytest.mark.parametrize("way", STRICT)
def test_strictness_costs_a_quarter_at_most(tmp_path, way):
    shares = earned(wrap(tmp_path / "strict", STRICT[way]), 3)
    assert {name: share for name, share in shares.items() if share < 0.75} == {}
    assert min(shares.values()) < 1  # it is not for nothing either


def test_training_in_float32_is_right_whatever_is_drawn(tmp_path):
    with Student(wrap(tmp_path / "float32", STRICT["float32 inside too"])) as student:
        for seed in range(20):
            checks = Checks([HIDDEN_CHECKS / "test_gradient_descent.py"], seed)
            told = checks.results("gradient_descent.train", student)
            assert [ran.failure.message for ran in told if ran.failure] == [], seed


# Right but for a place that no draw of ordinary numbers reaches, by the exercise.
SPECIAL = [
    ("activations.sigmoid", "return np.where(np.asarray(args[0]) == 0, 0.3, right(*args, **kwargs))"),
    ("activations.identity_prime", "return args[0] / args[0]"),
    ("activations.relu", "return args[0] * (args[0] / np.abs(args[0]) + 1) / 2"),
    ("activations.softmax", "E = np.exp(args[0] - args[0][:, -1:])\nreturn E / E.sum(axis=1, keepdims=True)"),
    (
        "network.count_parameters",
        "count = right(*args)\nif isinstance(args[0], list):\n    args[0][:] = [0 for _ in args[0]]\nreturn count",
    ),
    (
        "network.initialize",
        """sizes, rng, *dtype = args
layers, dtype = range(1, len(sizes)), (*dtype, kwargs.get("dtype", np.float64))[0]
draw = lambda *shape: rng.logistic(0, 3**0.5 / np.pi, shape).astype(dtype)
return {l: draw(sizes[l - 1], sizes[l]) for l in layers}, {l: draw(sizes[l]) for l in layers}""",
    ),
    ("network.accuracy", "return np.mean(args[0] == args[1])"),
    ("network.accuracy", "return np.sum(args[0] == args[1]) / len(args[0])"),
    (
        "losses.squared_error",
        """if np.ndim(args[0]) == 2 and np.shape(args[0]) == np.shape(args[1]) and len(args[0]) > 1:
    return float(np.sum((args[1] - args[0]) ** 2) / 2)
return right(*args, **kwargs)""",
    ),
    ("losses.one_hot", "return np.eye(args[1], **kwargs)[args[0]]"),
    ("losses.one_hot", "return (args[0][:, None] == np.arange(args[1])).astype(kwargs.get('dtype', float))"),
    (
        "gradient_check.numerical_gradient",
        "return np.zeros(np.shape(args[1])) if np.ndim(args[1]) > 2 else right(*args, **kwargs)",
    ),
    *(
        (
            "gradient_check.numerical_gradient",
            f"return right(*args, **{{'h': {h}}} | kwargs) if len(args) < 3 else right(*args)",
        )
        for h in (0.1, 1e-3, 1e-10)
    ),
    (
        "gradient_descent.train",
        "return right(*args, **{'epochs': 10} | kwargs) if len(args) < 8 else right(*args, **kwargs)",
    ),
]


@pytest.mark.parametrize(("name", "body"), SPECIAL, ids=[name for name, _ in SPECIAL])
def test_what_is_wrong_in_special_places_alone_costs_points_whatever_is_drawn(tmp_path, name, body):
    folder = wrap(tmp_path / "special", body)
    for seed in range(5):
        with Student(folder) as student:
            ran = checks_of(HIDDEN_CHECKS, seed).results(name, student)
        assert {each.state for each in ran} == {"passed", "failed"}, seed


# No digits can be lost here: what is wanted are whole numbers, or any draw from N(0, 1).
EXACT = {
    "activations.identity_prime",
    "activations.relu_prime",
    "gradient_descent.minibatches",
    "losses.one_hot",
    "network.count_parameters",
    "network.initialize",
    "network.predict",
    "regularization.dropout_mask",
}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_four_digits_earn_nothing_in_any_dtype(tmp_path, dtype):
    body = f"""def rounded(v):
    v = np.asarray(v)
    if v.dtype.kind != "f":
        return v[()]
    last = 10.0 ** (np.floor(np.log10(np.where(v == 0, 1, np.abs(v)))) - 3)
    return (np.round(v / last) * last).astype(np.{dtype})[()]
return converted(right(*args, **kwargs), rounded)"""
    shares = earned(wrap(tmp_path / "rounded", body), 4)
    assert {name: share for name, share in shares.items() if share and name not in EXACT} == {}


# What looks right as long as nobody looks twice: an exercise, what is put in its place, and what it earns at most.
IN_TURN = """times = sys.__dict__.setdefault("times", [])
times.append(1)
own = np.random.default_rng(len(times) % 2)
return right(*[own if isinstance(each, np.random.Generator) else each for each in args], **kwargs)"""
COUNTED = """def counted(v):
    return np.arange(1.1, v.size + 1).reshape(v.shape).astype(v.dtype)
return converted(right(*args, **kwargs), counted)"""
DODGES = {
    "the same numbers in turn": ("network.initialize", IN_TURN, 0.75),
    "the same orders in turn": ("gradient_descent.minibatches", IN_TURN, 0.75),
    "the same masks in turn": ("regularization.dropout_mask", IN_TURN, 0.75),
    "no numbers at all": ("network.initialize", "return converted(right(*args, **kwargs), lambda v: v * np.nan)", 0),
    "the same number in each layer": (
        "network.initialize",
        "return tuple({l: np.full_like(each[l], 0.3 * l) for l in each} for each in right(*args, **kwargs))",
        0,
    ),
    "counted numbers": ("network.initialize", COUNTED, 0.25),
    "flat a little early": (
        "activations.sigmoid",
        "(z,) = args\nreturn np.where(np.abs(z) > 3.1, np.asarray(z) > 0, right(z)).astype(np.asarray(z).dtype)[()]",
        0.75,
    ),
}


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("dodge", DODGES)
def test_what_only_looks_right_does_not_get_all_points(tmp_path, dodge, seed):
    name, body, most = DODGES[dodge]
    assert share_of(wrap(tmp_path / "dodge", body), name, seed) <= most


TRAIN_IN_ORDER = """
def train(X, Y, W, b, hidden="sigmoid", output="softmax", learning_rate=1e-3, epochs=1, batch_size=None, rng=None,
          on_epoch=None):
    if batch_size is None:
        return right(X, Y, W, b, hidden, output, learning_rate, epochs, None, rng, on_epoch)
    if rng is None:
        raise ValueError("rng is missing")
    {once}
    history = []
    for number in range(1, epochs + 1):
        total = 0.0
        for start in range(0, len(X), batch_size):
            part = X[start : start + batch_size], Y[start : start + batch_size]
            W, b, told = right(*part, W, b, hidden, output, learning_rate, 1)
            total += told["loss"][0]
        {each}
        history.append(total)
        if on_epoch:
            on_epoch(number, W, b, total)
    return W, b, {{"loss": history}}
"""


@pytest.mark.parametrize(
    ("once", "each"),
    [
        ("noise = 1e-9 * rng.random()", "W = {l: (W[l] + noise).astype(W[l].dtype) for l in W}"),
        ("order = rng.permutation(len(X)); X, Y = X[order], Y[order]", "pass"),
    ],
    ids=["in order, with noise", "shuffled once"],
)
def test_training_that_does_not_shuffle_does_not_get_all_points(tmp_path, once, each):
    text = solution("gradient_descent") + "\nright = train\n" + TRAIN_IN_ORDER.format(once=once, each=each)
    write(tmp_path, lambda module: text if module == "gradient_descent" else solution(module))
    assert share_of(tmp_path, "gradient_descent.train", 0) <= 0.8
