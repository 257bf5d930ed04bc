"""The public checks are checked: they pass what is right, fail what is not, and name the mistakes that they list."""

import ast
import re
import runpy
import textwrap
from pathlib import Path

import pytest

from mlt_nn.building.stubs import BEGIN, END, stub_text
from mlt_nn.catalogue import EXERCISES, MODULES
from mlt_nn.folders import SOLUTIONS
from mlt_nn.grading import compare
from mlt_nn.grading.check import PUBLIC_CHECKS, check_exercises
from mlt_nn.grading.run import run
from mlt_nn.grading.student import Student

ALTERNATIVES = Path(__file__).with_name("alternatives")
WRONG = runpy.run_path(str(Path(__file__).with_name("wrong_versions.py")))["WRONG"]
NAMES = [exercise.name for exercise in EXERCISES]
FILES = [PUBLIC_CHECKS / f"test_{module}.py" for module in MODULES]


def solution(module):
    return (SOLUTIONS / f"{module}.py").read_text(encoding="utf-8")


def write(folder, text_of):
    """A folder of exercise modules, each with the text that text_of(module) gives."""
    for module in MODULES:
        (folder / f"{module}.py").write_text(text_of(module), encoding="utf-8")
    return folder


def results(folder):
    """All check results over a folder of exercise modules, as (exercise, CheckResult)."""
    return [
        (exercise.name, check)
        for exercise in check_exercises(EXERCISES, folder=folder).exercises
        for check in exercise.checks
    ]


@pytest.mark.parametrize("folder", [SOLUTIONS, ALTERNATIVES], ids=["the solutions", "other ways to write them"])
def test_right_answers_pass(folder):
    wrong = [f"{name}, {check.name}: {check.message}" for name, check in results(folder) if check.state != "passed"]
    assert wrong == []


def test_stubs_are_told_to_be_written(tmp_path):
    told = results(write(tmp_path, lambda module: stub_text(solution(module), module)))
    other = [
        f"{name}, {check.name}: {check.state}"
        for name, check in told
        if check.state != "not written"
        or f"{name.partition('.')[2]} is yours to write: open mlt_nn/" not in check.message
    ]
    assert other == []


# Answers that are worth nothing, as bodies of each function. `right` is the solution.
NOTHINGS = {
    "nothing": "return None",
    "0": "return 0",
    "0.5": "return 0.5",
    "three ones": "return np.ones(3)",
    "a matrix of ones": "return np.ones((2, 3))",
    "two empty dicts": "return {}, {}",
    "a dtype": "return np.dtype(float)",
    "the first argument": "return args[0]",
    "0 in the right shape": "return filled(right(*args, **kwargs), 0)",
    "0.5 in the right shape": "return filled(right(*args, **kwargs), 0.5)",
    "1 in the right shape": "return filled(right(*args, **kwargs), 1)",
}

# Where the answer that is worth nothing is the right one.
RIGHT_ALL_THE_SAME = {
    ("activations.identity", "the first argument"): "the identity returns its argument",
    ("activations.identity_prime", "1 in the right shape"): "its slope is 1 everywhere",
    ("activations.identity_prime", "three ones"): "its slope is 1 at three points",
}

WORTHLESS = """

import sys

import numpy as np

# What an exercise calls inside is right: all modules count together how deep a call is.
calls = sys.__dict__.setdefault("calls_of_exercises", [])


def filled(value, number):
    if isinstance(value, dict):
        return {{key: filled(value[key], number) for key in value}}
    if isinstance(value, (tuple, list)):
        return type(value)(filled(entry, number) for entry in value)
    return np.full_like(value, number) if isinstance(value, np.ndarray) else number


def worthless(right):
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


@pytest.mark.parametrize("answer", NOTHINGS)
def test_each_check_fails_on_a_worthless_answer(tmp_path, answer):
    def text_of(module):
        functions = [exercise.function for exercise in EXERCISES if exercise.module == module]
        replaced = "".join(f"{function} = worthless({function})\n" for function in functions)
        return solution(module) + WORTHLESS.format(body=NOTHINGS[answer]) + replaced

    passed, exempt = [], set()
    for name, check in results(write(tmp_path, text_of)):
        if check.state == "passed" and (name, answer) in RIGHT_ALL_THE_SAME:
            exempt.add((name, answer))
        elif check.state != "failed":
            passed.append(f"{name}, {check.name}: {check.state} {check.message}")
    assert passed == []
    assert exempt == {case for case in RIGHT_ALL_THE_SAME if case[1] == answer}, "an exemption is not needed"


def changed(source, function, change):
    """A module with another version of one function, as wrong_versions.py writes it down."""
    marked = re.search(rf"^def {function}\(.*?{BEGIN}\n(.*?)^ *{END}", source, re.DOTALL | re.MULTILINE)
    assert marked, f"{function} has no marked solution"
    body = textwrap.dedent(marked[1])
    if isinstance(change, str):
        body = change + "\n"
    else:
        for old, new in zip(change[::2], change[1::2], strict=True):
            assert body.count(old) == 1, f"{old!r} occurs {body.count(old)} times in the solution of {function}"
            body = body.replace(old, new)
    return source[: marked.start(1)] + textwrap.indent(body, "    ") + source[marked.end(1) :]


# One worker holds all wrong versions of a module: which one is in force stands in a file, and everything else is right.
CHOICE = """

import functools
import pathlib


def choose(right, name, versions):
    @functools.wraps(right)
    def answer(*args, **kwargs):
        now, number = pathlib.Path({now!r}).read_text().split()
        return (versions[int(number)] if now == name else right)(*args, **kwargs)

    return answer

"""


def with_wrong_versions(module, now):
    """The text of a module that holds its wrong versions too; the file `now` names the one in force."""
    source = solution(module)
    text = source + CHOICE.format(now=str(now))
    for exercise in EXERCISES:
        if exercise.module == module:
            function, versions = exercise.function, []
            for number, change in enumerate(WRONG[exercise.name].values()):
                versions.append(f"{function}_{number}")
                text += definition(changed(source, function, change), function, versions[-1]) + "\n\n"
            text += f"{function} = choose({function}, {exercise.name!r}, [{', '.join(versions)}])\n\n"
    return text


def definition(source, function, new_name):
    """The lines that define a function, under another name."""
    (node,) = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == function)
    lines = "\n".join(source.splitlines()[node.lineno - 1 : node.end_lineno])
    return lines.replace(f"def {function}(", f"def {new_name}(", 1)


@pytest.mark.parametrize("module", MODULES)
def test_each_mistake_is_named(tmp_path, module):
    now = tmp_path / "now.txt"
    names = [exercise.name for exercise in EXERCISES if exercise.module == module]

    def text_of(other):
        return with_wrong_versions(module, now) if other == module else solution(other)

    def work(collected):
        unnamed = []
        with Student(write(tmp_path, text_of)) as student:
            for name in names:
                for number, sentence in enumerate(WRONG[name]):
                    now.write_text(f"{name} {number}", encoding="utf-8")
                    report = collected.report(name, student)
                    text = "\n".join(report.lines())
                    if report.state != "failed" or sentence not in text:
                        unnamed.append(f"wanted: {sentence}\n  got: {text}")
        return unnamed

    unnamed = run([PUBLIC_CHECKS / f"test_{module}.py"], work)
    assert not unnamed, "\n\n".join(unnamed)


def test_each_listed_mistake_has_a_wrong_version(monkeypatch):
    listed = {}
    checked = []
    original = compare.assert_matches

    def spy(got, wanted, name="the result", mistakes=None, **options):
        listed.setdefault(checked[-1], set()).update(mistakes or {})
        return original(got, wanted, name, mistakes, **options)

    def work(collected):
        with Student(SOLUTIONS) as student:
            for name in collected.exercises:
                checked.append(name)
                assert collected.report(name, student).passed

    monkeypatch.setattr(compare, "assert_matches", spy)
    run(FILES, work)
    assert {
        name: sentences - set(WRONG[name]) for name, sentences in listed.items() if sentences - set(WRONG[name])
    } == {}


@pytest.mark.parametrize("module", MODULES)
def test_each_exercise_has_checks_in_the_file_of_its_module(module):
    def work(collected):
        return set(collected.exercises)

    wanted = {exercise.name for exercise in EXERCISES if exercise.module == module}
    assert run([PUBLIC_CHECKS / f"test_{module}.py"], work) == wanted


def test_there_are_no_other_check_files():
    assert sorted(PUBLIC_CHECKS.glob("test_*.py")) == sorted(FILES)


def test_each_exercise_has_three_wrong_versions():
    assert {name: len(WRONG.get(name, ())) for name in NAMES if len(WRONG.get(name, ())) < 3} == {}


def test_each_check_says_in_one_line_what_it_checks():
    functions = [node for file in FILES for node in ast.parse(file.read_text(encoding="utf-8")).body]
    checks = [node for node in functions if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    said = [(ast.get_docstring(check) or "").strip() for check in checks]
    assert [check.name for check, text in zip(checks, said, strict=True) if not text or "\n" in text] == []
