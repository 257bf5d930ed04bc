"""The public and the hidden checks are checked: they pass what is right, fail what is not, and name the mistakes that
they list."""

import ast
import itertools
import re
import runpy
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

HERE = Path(__file__).parent
ALTERNATIVES = HERE / "alternatives"
_TABLES, _VERSIONS = (runpy.run_path(str(HERE / name)) for name in ("wrong_versions.py", "versions.py"))
WRONG, WRONG_FOR_HIDDEN = _TABLES["WRONG"], _TABLES["WRONG_FOR_HIDDEN"]
solution, write, write_versions = (_VERSIONS[name] for name in ("solution", "write", "write_versions"))
ALL_WRONG = {name: WRONG[name] | WRONG_FOR_HIDDEN.get(name, {}) for name in WRONG}
NAMES = [exercise.name for exercise in EXERCISES]
SUITES = {"public": PUBLIC_CHECKS, "hidden": PROJECT / "tests" / "hidden"}
both_suites = pytest.mark.parametrize("suite", SUITES)


def files(suite):
    return [SUITES[suite] / f"test_{module}.py" for module in MODULES]


def results(suite, folder, seeds=(SEED,)):
    """What became of all checks over a folder of exercise modules, as (exercise, Ran)."""
    with Student(folder) as student:
        return [
            (name, ran)
            for seed in seeds
            for collected in [Checks(files(suite), seed)]
            for name in NAMES
            for ran in collected.results(name, student)
        ]


@pytest.mark.parametrize(("suite", "seeds"), [("public", [SEED]), ("hidden", range(10))], ids=SUITES)
@pytest.mark.parametrize("folder", [SOLUTIONS, ALTERNATIVES], ids=["the solutions", "other ways to write them"])
def test_right_answers_pass(suite, seeds, folder):
    told = results(suite, folder, seeds)
    assert [f"{name}, {ran.check.name}: {ran.failure.message}" for name, ran in told if ran.failure] == []


@both_suites
def test_stubs_are_told_to_be_written(tmp_path, suite):
    told = results(suite, write(tmp_path, lambda module: stub_text(solution(module), module)))
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
    results("public", SOLUTIONS)
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

    told = results("public", write(tmp_path, text))
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
    "all arguments": "return args",
    "0 in the right shape": "return filled(right(*args, **kwargs), 0)",
    "0.5 in the right shape": "return filled(right(*args, **kwargs), 0.5)",
    "1 in the right shape": "return filled(right(*args, **kwargs), 1)",
    "0.3 in the right shape": "return filled(right(*args, **kwargs), 0.3)",
    "no number in the right shape": "return filled(right(*args, **kwargs), np.nan)",
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


@both_suites
@pytest.mark.parametrize("answer", NOTHINGS)
def test_each_check_fails_on_a_worthless_answer(tmp_path, suite, answer):
    def text_of(module):
        functions = [exercise.function for exercise in EXERCISES if exercise.module == module]
        replaced = "".join(f"{function} = worthless({function})\n" for function in functions)
        return solution(module) + WORTHLESS.format(body=NOTHINGS[answer]) + replaced

    passed, exempt = [], set()
    for name, ran in results(suite, write(tmp_path, text_of), [1, 2] if suite == "hidden" else [SEED]):
        if ran.state == "passed" and (name, answer) in RIGHT_ALL_THE_SAME[suite]:
            exempt.add((name, answer))
        elif ran.state != "failed":
            passed.append(f"{name}, {ran.check.name}: {ran.state} {ran.raised}")
    assert passed == []
    assert exempt == {case for case in RIGHT_ALL_THE_SAME[suite] if case[1] == answer}, "an exemption is not needed"


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


def unnamed_mistakes(tmp_path, suite, module, sentences, told):
    """The wrong versions of a module that are not told their sentence, with what they are told.

    Arguments:
        sentences: {exercise: the sentences of the versions to try}.
        told: a function that takes the messages of the checks that failed, and gives what is searched for the sentence.
    """
    names = [exercise.name for exercise in EXERCISES if exercise.module == module]
    wrong = {
        name: [changed(solution(module), name.partition(".")[2], change) for change in ALL_WRONG[name].values()]
        for name in names
    }
    in_force = write_versions(tmp_path, module, wrong)

    def work(collected):
        unnamed = []
        with Student(tmp_path) as student:
            for name in names:
                for number, sentence in enumerate(ALL_WRONG[name]):
                    if sentence in sentences[name]:
                        in_force(name, number)
                        failures = [ran.failure for ran in collected.results(name, student) if ran.failure]
                        messages = [failure.message for failure in failures]
                        if {each.kind.state for each in failures} != {"failed"} or sentence not in told(messages):
                            unnamed.append(f"wanted: {sentence}\n  got: {messages}")
        return unnamed

    return "\n\n".join(work(Checks([SUITES[suite] / f"test_{module}.py"])))


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

    def work(collected):
        with Student(SOLUTIONS) as student:
            for name in collected.exercises:
                listed[name] = set()
                checked.append(name)
                assert collected.report(name, student).is_right

    monkeypatch.setattr(compare, "assert_matches", spy)
    monkeypatch.setattr(compare, "assert_close", spy_close)
    monkeypatch.setattr(behavior, "assert_silent", spy_silent)
    work(Checks(check_files))
    return listed


@pytest.mark.parametrize(("suite", "wrong"), [("public", WRONG), ("hidden", ALL_WRONG)], ids=SUITES)
def test_each_listed_mistake_has_a_wrong_version(monkeypatch, suite, wrong):
    listed = mistakes_listed(files(suite), monkeypatch)
    missing = {name: sentences - set(wrong[name]) for name, sentences in listed.items()}
    assert {name: sentences for name, sentences in missing.items() if sentences} == {}


@pytest.mark.parametrize("exercise", EXERCISES, ids=NAMES)
def test_the_first_check_of_an_exercise_tells_its_mistakes_apart(monkeypatch, exercise):
    """Those after it may have two mistakes with one value: whoever made either was told by the first."""
    original, alike = compare.assert_matches, []

    def spy(got, wanted, name="the result", mistakes=None, rtol=None, atol=None, **options):
        pairs = itertools.combinations((mistakes or {}).items(), 2)
        alike.extend((one, other) for (one, x), (other, y) in pairs if compare.is_right(x, y, rtol, atol))
        return original(got, wanted, name, mistakes, rtol, atol, **options)

    monkeypatch.setattr(compare, "assert_matches", spy)
    checks = collect(PUBLIC_CHECKS / f"test_{exercise.module}.py")
    with Student(SOLUTIONS) as student:
        next(check for check in checks if check.exercise == exercise.name).ask(student, SEED)
    assert alike == []


@both_suites
@pytest.mark.parametrize("module", MODULES)
def test_each_exercise_has_checks_in_the_file_of_its_module(suite, module):
    def work(collected):
        return set(collected.exercises)

    wanted = {exercise.name for exercise in EXERCISES if exercise.module == module}
    assert work(Checks([SUITES[suite] / f"test_{module}.py"])) == wanted


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
    checks = Checks(files("hidden"))
    assert {name: checks.number(name) for name in NAMES if checks.number(name) < 3} == {}


def test_each_hidden_check_draws_its_inputs():
    assert [check.function.__name__ for file in files("hidden") for check in collect(file) if not check.draws] == []


@both_suites
def test_each_check_says_in_one_line_what_it_checks(suite):
    functions = [node for file in files(suite) for node in ast.parse(file.read_text(encoding="utf-8")).body]
    checks = [node for node in functions if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    said = [(ast.get_docstring(check) or "").strip() for check in checks]
    assert [check.name for check, text in zip(checks, said, strict=True) if not text or "\n" in text] == []
