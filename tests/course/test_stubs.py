"""The stubs in mlt_nn/ are what their one source, solutions/, makes of them."""

import ast
import importlib.util

import pytest

from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import PACKAGE, SOLUTIONS
from mlt_nn.teaching.building.stubs import BEGIN, END, stub_text

SMALL = f'''\
def relu(z):
    """What it does."""
    given = 1
    {BEGIN}
    return max(z, 0)
    {END}
'''


def solution(module):
    return (SOLUTIONS / f"{module}.py").read_text(encoding="utf-8")


def loaded(text, name):
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader=None))
    exec(compile(text, name, "exec"), module.__dict__)
    return module


@pytest.mark.parametrize("module", MODULES)
def test_stub_agrees_with_its_source(module):
    stub = (PACKAGE / f"{module}.py").read_text(encoding="utf-8")
    assert stub == stub_text(solution(module), module), f"run `mlt-nn build` to write mlt_nn/{module}.py anew"


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_unwritten_exercise_says_where_to_write_it(exercise):
    stub = loaded(stub_text(solution(exercise.module), exercise.module), exercise.module)
    function = getattr(stub, exercise.function)
    arguments = function.__code__.co_argcount - len(function.__defaults__ or ())
    # Given lines before the student's part look at shapes, layers or labels only; these pass all of them.
    values = {"hidden": "relu", "labels": [0], "predicted": [0], "k": 1, "size": 2, "W": {}}
    names = function.__code__.co_varnames[:arguments]
    with pytest.raises(NotImplementedError) as raised:
        function(**{name: values.get(name, 1) for name in names})
    for part in (exercise.function, f"mlt_nn/{exercise.module}.py", exercise.notebook, exercise.section):
        assert part in str(raised.value)


@pytest.mark.parametrize("module", MODULES)
def test_stub_keeps_signatures_and_docstrings_and_nothing_of_the_solution(module):
    source, stub = solution(module), stub_text(solution(module), module)
    functions = {node.name: node for node in ast.parse(stub).body if isinstance(node, ast.FunctionDef)}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            assert ast.dump(node.args) == ast.dump(functions[node.name].args)
            assert ast.get_docstring(node) == ast.get_docstring(functions[node.name])
            assert isinstance(functions[node.name].body[-1], ast.Raise)
    assert BEGIN not in stub
    assert END not in stub


def test_written_exercises_stay():
    stub = stub_text(solution("losses"), "losses", written={"losses.one_hot"})
    module = loaded(stub, "losses")
    assert module.one_hot([1, 0], 2).tolist() == [[0, 1], [1, 0]]
    with pytest.raises(NotImplementedError, match="squared_error is yours"):
        module.squared_error([1.0], [1.0])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (SMALL.replace(END, "pass"), "do not alternate"),
        (SMALL.replace(f"    {BEGIN}\n", ""), "do not alternate"),
        (SMALL, "the catalogue's exercises are"),
        (f"{BEGIN}\nx = 1\n{END}\n" + SMALL, "not inside a function"),
    ],
)
def test_wrong_markers_are_named(source, message):
    with pytest.raises(ValueError, match=message):
        stub_text(source, "activations")
