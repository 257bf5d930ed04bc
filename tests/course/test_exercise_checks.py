"""The public and the hidden checks are checked: they pass what is right, fail what is not, and name the mistakes that
they list."""

import ast
import functools
import itertools
import re
import sys
import textwrap
from pathlib import Path

import pytest

from mlt_nn import grading
from mlt_nn.grading import behavior, compare
from mlt_nn.grading.check import PUBLIC_CHECKS
from mlt_nn.grading.collection import collect
from mlt_nn.grading.process import SEED
from mlt_nn.grading.run import Checks
from mlt_nn.grading.student import Student
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import PROJECT, SOLUTIONS
from mlt_nn.teaching.building.stubs import BEGIN, END, stub_text

from .versions import solution, write, write_versions
from .wrong_versions import WRONG, WRONG_FOR_HIDDEN, parts

ALTERNATIVES = Path(__file__).with_name("alternatives")
ALL_WRONG = {name: WRONG[name] | WRONG_FOR_HIDDEN.get(name, {}) for name in WRONG}
NAMES = [exercise.name for exercise in EXERCISES]
SUITES = {"public": PUBLIC_CHECKS, "hidden": PROJECT / "tests" / "hidden"}
both_suites = pytest.mark.parametrize("suite", SUITES)


def files(suite):
    return [SUITES[suite] / f"test_{module}.py" for module in MODULES]


@functools.cache
def checks(suite):
    return Checks(files(suite))


def results(collected, student, attempts=((),)):
    """What became of all checks, each asked once for each attempt, as (exercise, Ran)."""
    return [(name, ran) for attempt in attempts for name in NAMES for ran in collected.results(name, student, *attempt)]


@pytest.mark.parametrize(("suite", "attempts"), [("public", [()]), ("hidden", [*zip(range(10))])], ids=SUITES)
@pytest.mark.parametrize("folder", [SOLUTIONS, ALTERNATIVES], ids=["the solutions", "other ways to write them"])
def test_right_answers_pass(suite, attempts, folder):
    with Student(folder) as student:
        told = results(checks(suite), student, attempts)
    assert [f"{name}, {ran.check.name}: {ran.failure.message}" for name, ran in told if ran.failure] == []


@both_suites
def test_stubs_are_told_to_be_written(tmp_path, suite):
    with Student(write(tmp_path, lambda module: stub_text(solution(module), module))) as student:
        told = results(checks(suite), student)
    other = [
        f"{name}, {ran.check.name}: {ran.state}"
        for name, ran in told
        if ran.state != "not written"
        or f"{name.partition('.')[2]} is yours to write: open mlt_nn/" not in ran.failure.message
    ]
    assert other == []


def test_no_mistake_has_the_answer_of_one_before_it_in_all_checks_that_list_it(monkeypatch):
    """Else it is never told, whatever a student does."""
    told: dict[tuple, bool] = {}

    def recorded(got, wanted, *args, mistakes=None, **kwargs):
        file = Path(sys._getframe(1).f_code.co_filename).name
        for place, (mistake, wrong) in enumerate((mistakes or {}).items()):
            before = itertools.islice(mistakes.values(), place)
            is_new = not any(compare.is_right(wrong, same) for same in before)
            told[file, mistake] = told.get((file, mistake), False) or is_new
        return compare.assert_matches(got, wanted, *args, mistakes=mistakes, **kwargs)

    monkeypatch.setitem(vars(grading), "assert_matches", recorded)  # which has it from elsewhere, and not for good
    with Student(SOLUTIONS) as student:
        results(Checks(files("public")), student)
    assert len(told) > len(NAMES)
    assert [mistake for mistake, is_told in told.items() if not is_told] == []


WIDE = """
import numpy as np


def wide(answer):
    if isinstance(answer, dict):
        return {key: wide(answer[key]) for key in answer}
    if isinstance(answer, tuple):
        return tuple(map(wide, answer))
    return answer.astype(np.float64) if getattr(answer, "dtype", None) == np.float32 else answer

"""


def test_a_dtype_is_the_last_thing_that_is_asked_for_and_the_cure_is_told(tmp_path):
    def text(module):
        functions = [exercise.function for exercise in EXERCISES if exercise.module == module]
        wraps = (f"{name} = (lambda right: lambda *a, **k: wide(right(*a, **k)))({name})\n" for name in functions)
        return solution(module) + WIDE + "".join(wraps)

    with Student(write(tmp_path, text)) as student:
        told = results(checks("public"), student)
    failed = [(name, ran.check.name) for name, ran in told if ran.failure]
    last = {name: ran.check.name for name, ran in told}
    assert len(failed) >= 15
    assert [(name, check) for name, check in failed if check != last[name]] == []
    parameters = {
        f"{module}.{node.name}": [argument.arg for argument in node.args.args]
        for module in MODULES
        for node in ast.parse(solution(module)).body
        if isinstance(node, ast.FunctionDef)
    }
    cure = re.compile(r"\.astype\((\w+)[^)]*\)|dtype=(dtype)")
    for name, ran in told:
        if ran.failure:
            named = {argument for found in cure.findall(ran.failure.message) for argument in found if argument}
            assert named, f"{name}: no cure in {ran.failure.message!r}"
            assert named <= {*parameters[name], "np"}, f"{name} has no such argument: {ran.failure.message!r}"


# Answers that are worth nothing, from the arguments and from `right`, which gives the solution's.
NOTHINGS = {
    "nothing": "None",
    "0": "0",
    "0.5": "0.5",
    "three ones": "np.ones(3)",
    "a matrix of ones": "np.ones((2, 3))",
    "two empty dicts": "({}, {})",
    "a dtype": "np.dtype(float)",
    "the first argument": "args[0]",
    "all arguments": "args",
    "0 in the right shape": "filled(right(), 0)",
    "0.5 in the right shape": "filled(right(), 0.5)",
    "1 in the right shape": "filled(right(), 1)",
    "0.3 in the right shape": "filled(right(), 0.3)",
    "no number in the right shape": "filled(right(), np.nan)",
}

# Where the answer that is worth nothing is the right one.
RIGHT_ALL_THE_SAME = {
    "public": {
        ("activations.identity", "the first argument"): "the identity returns its argument",
        ("activations.identity_prime", "1 in the right shape"): "its slope is 1 everywhere",
        ("activations.identity_prime", "three ones"): "its slope is 1 at three points",
    },
    "hidden": {
        ("activations.identity", "the first argument"): "the identity returns its argument",
        ("activations.identity_prime", "1 in the right shape"): "its slope is 1 everywhere",
    },
}

WORTHLESS = """

import functools
import pathlib
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


def worthless(solution):
    def answer(*args, **kwargs):
        if calls:
            return solution(*args, **kwargs)
        calls.append(solution)
        try:
            right = functools.partial(solution, *args, **kwargs)
            return eval(pathlib.Path({now!r}).read_text(), globals(), {{"args": args, "right": right}})
        finally:
            calls.clear()

    return answer

"""


@both_suites
def test_each_check_fails_on_a_worthless_answer(tmp_path, suite):
    now = tmp_path / "now.txt"

    def text_of(module):
        functions = [exercise.function for exercise in EXERCISES if exercise.module == module]
        replaced = "".join(f"{function} = worthless({function})\n" for function in functions)
        return solution(module) + WORTHLESS.format(now=str(now)) + replaced

    passed, exempt = [], set()
    with Student(write(tmp_path, text_of)) as student:
        for answer, expression in NOTHINGS.items():
            now.write_text(expression, encoding="utf-8")
            for name, ran in results(checks(suite), student, [(1,), (2,)] if suite == "hidden" else [()]):
                if ran.state == "passed" and (name, answer) in RIGHT_ALL_THE_SAME[suite]:
                    exempt.add((name, answer))
                elif ran.state != "failed":
                    passed.append(f"{name}, {answer}, {ran.check.name}: {ran.state} {ran.raised}")
    assert passed == []
    assert exempt == {*RIGHT_ALL_THE_SAME[suite]}, "an exemption is not needed"


def changed(source, function, change):
    """A module with another version of one function, as wrong_versions.py writes it down."""
    marked = re.search(rf"^def {function}\(.*?{BEGIN}\n(.*?)^ *{END}", source, re.DOTALL | re.MULTILINE)
    assert marked, f"{function} has no marked solution"
    body = textwrap.dedent(marked[1])
    for old, new in (replaced := parts(change)):
        assert body.count(old) == 1, f"{old!r} occurs {body.count(old)} times in the solution of {function}"
        body = body.replace(old, new)
    if not replaced:
        body = change + "\n"
    return source[: marked.start(1)] + textwrap.indent(body, "    ") + source[marked.end(1) :]


def names_in(module):
    return [exercise.name for exercise in EXERCISES if exercise.module == module]


def write_wrong_versions(folder, module):
    """All wrong versions of the exercises of a module, as `write_versions` writes them."""
    wrong = {
        name: [changed(solution(module), name.partition(".")[2], change) for change in ALL_WRONG[name].values()]
        for name in names_in(module)
    }
    return write_versions(folder, module, wrong)


def unnamed_mistakes(tmp_path, suite, module, sentences, told):
    """The wrong versions of a module that are not told their sentence, with what they are told.

    Arguments:
        sentences: {exercise: the sentences of the versions to try}.
        told: a function that takes the messages of the checks that failed, and gives what is searched for the sentence.
    """
    in_force = write_wrong_versions(tmp_path, module)
    unnamed = []
    with Student(tmp_path) as student:
        for name in names_in(module):
            for number, sentence in enumerate(ALL_WRONG[name]):
                if sentence in sentences[name]:
                    in_force(name, number)
                    failures = [ran.failure for ran in checks(suite).results(name, student) if ran.failure]
                    messages = [failure.message for failure in failures]
                    if {each.kind.state for each in failures} != {"failed"} or sentence not in told(messages):
                        unnamed.append(f"wanted: {sentence}\n  got: {messages}")
    return "\n\n".join(unnamed)


@pytest.mark.parametrize("module", MODULES)
def test_each_mistake_is_named(tmp_path, module):
    assert not unnamed_mistakes(tmp_path, "public", module, WRONG, lambda messages: messages[0])


@pytest.mark.parametrize("module", MODULES)
def test_each_mistake_listed_by_a_hidden_check_is_named(tmp_path, monkeypatch, module):
    listed = mistakes_listed([SUITES["hidden"] / f"test_{module}.py"], monkeypatch)
    assert set().union(*listed.values()), "no hidden check of this module lists a mistake"
    monkeypatch.undo()
    for name, sentences in WRONG_FOR_HIDDEN.items():
        if name in listed:
            listed[name] |= set(sentences)
    assert not unnamed_mistakes(tmp_path, "hidden", module, listed, "\n".join)


@pytest.mark.thorough
@pytest.mark.parametrize("module", MODULES)
def test_the_hidden_checks_alone_find_each_wrong_version(tmp_path, module):
    """Whatever is drawn: where they pass, the public ones are not asked when work is graded."""
    in_force, drawn = write_wrong_versions(tmp_path, module), [Checks(files("hidden"), seed) for seed in range(5)]
    taken_for_right = []
    with Student(tmp_path) as student:
        for name in names_in(module):
            for number, sentence in enumerate(ALL_WRONG[name]):
                in_force(name, number)
                found = [any(ran.failure for ran in each.results(name, student)) for each in drawn]
                if not all(found):
                    taken_for_right.append((name, sentence, found))
    assert taken_for_right == []


def mistakes_listed(check_files, monkeypatch):
    """{exercise: the sentences of all mistakes that its checks list}."""
    listed, checked = {}, []
    original, close, silent = compare.assert_matches, compare.assert_close, behavior.assert_silent

    def spy(got, wanted, name="the result", mistakes=None, rtol=None, atol=None, **options):
        mistakes = dict((mistakes or {}).items())
        listed[checked[-1]].update(mistakes)
        right = [mistake for mistake, wrong in mistakes.items() if compare.is_right(wrong, wanted, rtol, atol)]
        assert not right, f"{checked[-1]} lists a mistake whose answer is the right one: {right}"
        return original(got, wanted, name, mistakes, rtol, atol, **options)

    def spy_close(got, wanted, name="the result", mistakes=None, **options):
        listed[checked[-1]].update(mistakes or {})
        return close(got, wanted, name, mistakes, **options)

    def spy_silent(function, *args, mistakes=None, **kwargs):
        listed[checked[-1]].update(mistakes or {})
        return silent(function, *args, mistakes=mistakes, **kwargs)

    monkeypatch.setattr(compare, "assert_matches", spy)
    monkeypatch.setattr(compare, "assert_close", spy_close)
    monkeypatch.setattr(behavior, "assert_silent", spy_silent)
    collected = Checks(check_files)
    with Student(SOLUTIONS) as student:
        for name in collected.exercises:
            listed[name] = set()
            checked.append(name)
            assert collected.report(name, student).is_right
    return listed


@pytest.mark.parametrize(("suite", "wrong"), [("public", WRONG), ("hidden", ALL_WRONG)], ids=SUITES)
def test_each_listed_mistake_has_a_wrong_version(monkeypatch, suite, wrong):
    listed = mistakes_listed(files(suite), monkeypatch)
    missing = {name: sentences - set(wrong[name]) for name, sentences in listed.items()}
    assert {name: sentences for name, sentences in missing.items() if sentences} == {}


def test_the_first_check_of_an_exercise_tells_its_mistakes_apart(monkeypatch):
    """Those after it may have two mistakes with one value: whoever made either was told by the first."""
    original, alike = compare.assert_matches, []

    def spy(got, wanted, name="the result", mistakes=None, rtol=None, atol=None, **options):
        pairs = itertools.combinations((mistakes or {}).items(), 2)
        alike.extend((one, other) for (one, x), (other, y) in pairs if compare.is_right(x, y, rtol, atol))
        return original(got, wanted, name, mistakes, rtol, atol, **options)

    monkeypatch.setattr(compare, "assert_matches", spy)
    collected = [check for file in files("public") for check in collect(file)]
    first = {check.exercise: check for check in reversed(collected)}
    assert {*first} == {*NAMES}
    with Student(SOLUTIONS) as student:
        for check in first.values():
            check.ask(student, SEED)
    assert alike == []


@both_suites
@pytest.mark.parametrize("module", MODULES)
def test_each_exercise_has_checks_in_the_file_of_its_module(suite, module):
    wanted = {exercise.name for exercise in EXERCISES if exercise.module == module}
    assert set(Checks([SUITES[suite] / f"test_{module}.py"]).exercises) == wanted


@both_suites
def test_there_are_no_other_check_files(suite):
    assert sorted(SUITES[suite].glob("test_*.py")) == sorted(files(suite))


def test_wrong_versions_are_of_exercises_alone():
    """What is left of an exercise that was taken out would still be counted."""
    assert {*WRONG, *WRONG_FOR_HIDDEN} - {*NAMES} == set()


def test_each_exercise_has_three_wrong_versions():
    """The table of named mistakes: shown by `mlt-nn test tests/course/test_exercise_checks.py -rP -k three_wrong`."""
    for name, versions in ALL_WRONG.items():
        print(f"\n{name}: {len(versions)}", *versions, sep="\n    ")
    print(f"\n{sum(map(len, ALL_WRONG.values()))} wrong versions of {len(ALL_WRONG)} exercises")
    assert {name: len(WRONG.get(name, ())) for name in NAMES if len(WRONG.get(name, ())) < 3} == {}


def test_each_exercise_has_three_hidden_checks():
    numbers = {name: checks("hidden").number(name) for name in NAMES}
    assert {name: number for name, number in numbers.items() if number < 3} == {}


def test_each_hidden_check_draws_its_inputs():
    assert [check.function.__name__ for file in files("hidden") for check in collect(file) if not check.draws] == []


@both_suites
def test_each_check_says_in_one_line_what_it_checks(suite):
    functions = [node for file in files(suite) for node in ast.parse(file.read_text(encoding="utf-8")).body]
    checks = [node for node in functions if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    said = [(ast.get_docstring(check) or "").strip() for check in checks]
    assert [check.name for check, text in zip(checks, said, strict=True) if not text or "\n" in text] == []
