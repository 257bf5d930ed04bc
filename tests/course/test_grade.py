"""Grading: points, what is told, and that no mistake costs twice."""

import dataclasses
import json
import re
import shutil
import sys
import textwrap
import zipfile
from types import SimpleNamespace

import pytest
from wcwidth import wcswidth

from mlt_nn.cli import main
from mlt_nn.grading.handed_in import MANIFEST
from mlt_nn.grading.process import Process
from mlt_nn.grading.results import Kind
from mlt_nn.grading.student import Died, TimedOut
from mlt_nn.support.catalogue import EXERCISES, MODULES, earlier
from mlt_nn.support.folders import PACKAGE, SOLUTIONS
from mlt_nn.teaching.building.stubs import stub_text
from mlt_nn.teaching.classroom.tally import Tally
from mlt_nn.teaching.classroom.tally import mistake as tally_mistake
from mlt_nn.teaching.grader import grader as grading
from mlt_nn.teaching.grader.graded_student import SECONDS, GradedStudent
from mlt_nn.teaching.grader.grader import NotIsolated, grade
from mlt_nn.teaching.grader.isolation import Isolation, launch
from mlt_nn.teaching.grader.reference import Reference
from mlt_nn.teaching.grader.submission import read

from .classes import record

pytestmark = pytest.mark.thorough

BEST = sum(each.points for each in EXERCISES)

PROCESS = Isolation("process", "for this test", launch)
# For an exercise, where none hangs: the machine of the tests may be busy.
LONG = 60.0
TOTAL = sum(exercise.points for exercise in EXERCISES)


def solution(module):
    return (SOLUTIONS / f"{module}.py").read_text(encoding="utf-8")


@pytest.fixture
def handed_in(tmp_path):
    """A folder of modules: handed_in(activations="...")."""

    def write(name="ada", **modules):
        (tmp_path / name).mkdir()
        for module, text in modules.items():
            data = textwrap.dedent(text).encode() if isinstance(text, str) else text
            (tmp_path / name / f"{module}.py").write_bytes(data)
        return tmp_path / name

    return write


@pytest.fixture
def checks(tmp_path, monkeypatch):
    """Puts other checks in place of the course's: a text with public ones and one with hidden ones, for two exercises.

    All other exercises have a check that passes for everybody.
    """
    head = "from mlt_nn.grading import assert_matches, exercise\n\n"
    others = "\n\n".join(
        f"@exercise({each.name!r})\ndef test_{number}(student):\n    pass"
        for number, each in enumerate(EXERCISES)
        if each.module != "neuron"
    )

    def write(public, hidden=""):
        for folder, text in {"PUBLIC": public + "\n\n" + others, "HIDDEN": hidden}.items():
            (tmp_path / folder).mkdir()
            if text:
                file = tmp_path / folder / "test_neuron.py"
                file.write_text(head + textwrap.dedent(text), encoding="utf-8")
            monkeypatch.setattr(grading, folder, tmp_path / folder)

    return write


@pytest.fixture
def nothing_learned(monkeypatch):
    """Our solutions are not graded first: there are the workers, tries and questions of the submission alone."""
    monkeypatch.setattr(grading.Grader, "_learn", lambda grader, exercises: None)


def only(graded, name):
    return next(each for each in graded.exercises if each.name == name)


def points(graded):
    """The points of the exercises that did not get all."""
    return {each.name: each.points for each in graded.exercises if each.points != each.max_points}


# The course's own checks


def test_the_solutions_get_all_points_and_the_stubs_none(sandbox, handed_in):
    stubs = handed_in(**{module: stub_text(solution(module), module) for module in MODULES})
    told = []
    right, unwritten = grade([SOLUTIONS, stubs], sandbox, told.append, seconds=LONG)
    assert told == [right, unwritten]
    assert (right.points, right.max_points, points(right)) == (TOTAL, TOTAL, {})
    assert {each.state for each in right.exercises} == {"passed"}
    assert right.isolation == "sandbox"
    assert [file["name"] for file in right.files] == [f"{module}.py" for module in MODULES]
    assert unwritten.points == 0
    assert {each.state for each in unwritten.exercises} == {"not written"}
    assert {each.first_failure.hidden for each in unwritten.exercises} == {False}


# Wrong, and called by others: in their own module, in later ones, and through the tables.
WRONG = {
    "neuron": {"pre_activation": "return 0.0"},
    "activations": {"sigmoid": "return z", "tanh": "raise ValueError", "relu_prime": "return z", "softmax": "return Z"},
    "network": {"forward_pass": "return {}, {}"},
    "losses": {"cross_entropy": "return 0.0", "squared_error": "return None"},
    "backpropagation": {"layer_backward": "return None", "output_gradient": "return Y"},
    "gradient_descent": {"update": "return W, b", "minibatches": "return []"},
    "regularization": {"l1_gradient": "return {}"},
}


def test_no_mistake_costs_twice(sandbox, handed_in):
    modules = {}
    for module in MODULES:
        modules[module] = text = solution(module)
        for function, body in WRONG.get(module, {}).items():
            lines = text.splitlines()
            at = next(i for i, line in enumerate(lines) if line.startswith(f"def {function}("))
            begin = next(i for i in range(at, len(lines)) if "### BEGIN SOLUTION" in lines[i])
            text = modules[module] = "\n".join([*lines[:begin], f"    {body}", *lines[begin:]]) + "\n"
    (graded,) = grade([handed_in(**modules)], sandbox, seconds=LONG)
    lost = {each.name for each in graded.exercises if each.points < each.max_points}
    assert lost == {f"{module}.{function}" for module, functions in WRONG.items() for function in functions}


# Each says how the module calls its sigmoid in another exercise; S stands for the sigmoid's right or wrong body.
PLAIN = "def sigmoid(z):\n    return S\n"
SLOPE = "def sigmoid_prime(z):\n    g = {}\n    return g * (1 - g)\n"
FORMS = {
    "an alias": PLAIN + "s = sigmoid\n" + SLOPE.format("s(z)"),
    "a default argument": PLAIN + "def sigmoid_prime(z, s=sigmoid):\n    return s(z) * (1 - s(z))\n",
    "a keyword's default": PLAIN + "def sigmoid_prime(z, *, s=sigmoid):\n    return s(z) * (1 - s(z))\n",
    "a partial": PLAIN + "import functools\ns = functools.partial(sigmoid)\n" + SLOPE.format("s(z)"),
    "a class attribute": PLAIN + "class C:\n    s = staticmethod(sigmoid)\n" + SLOPE.format("C.s(z)"),
    "a table": PLAIN + "T = {'sigmoid': [(sigmoid, 1)]}\n" + SLOPE.format("T['sigmoid'][0][0](z)"),
    "a lambda": PLAIN + "s = lambda z, f=sigmoid: f(z)\n" + SLOPE.format("s(z)"),
    "a closure": PLAIN
    + "def slope(s):\n    def sigmoid_prime(z):\n        return s(z) * (1 - s(z))\n    return sigmoid_prime\n"
    + "sigmoid_prime = slope(sigmoid)\n",
    "a sigmoid that is a closure": "def make(one):\n    def sigmoid(z):\n        return S * one\n    return sigmoid\n"
    + "sigmoid = s = make(1)\n"
    + SLOPE.format("s(z)"),
    "a decorated function": "@np.errstate(over='ignore')\n" + PLAIN + "s = sigmoid\n" + SLOPE.format("s(z)"),
    "an object": "class C:\n    def __call__(self, z):\n        return S\nsigmoid = C()\n"
    + "def sigmoid_prime(z, s=sigmoid):\n    return s(z) * (1 - s(z))\n",
    "a partial of an object": "import functools\nclass C:\n    def __call__(self, z):\n        return S\n"
    + "sigmoid = C()\ns = functools.partial(sigmoid)\n"
    + SLOPE.format("s(z)"),
}


@pytest.mark.parametrize("form", FORMS)
def test_no_mistake_costs_twice_however_the_function_is_called(isolated, handed_in, form):
    text = "import numpy as np\n\n" + FORMS[form]
    right = handed_in("right", activations=text.replace("S", "0.5 + 0.5 * np.tanh(0.5 * z)"))
    wrong = handed_in("wrong", activations=text.replace("S", "0.25 * z"))
    earned = [
        [only(graded, f"activations.{name}").state for name in ("sigmoid", "sigmoid_prime")]
        for graded in grade([right, wrong], isolated, allow_process=True, seconds=LONG)
    ]
    assert earned == [["passed", "passed"], ["failed", "passed"]]


def test_a_function_that_is_two_exercises_is_still_the_students(handed_in):
    text = "import numpy as np\n\ndef tanh(z):\n    return np.abs(z)\n\nrelu = tanh\n"
    (graded,) = grade([handed_in(activations=text)], PROCESS, allow_process=True, seconds=LONG)
    assert {only(graded, f"activations.{name}").state for name in ("tanh", "relu")} == {"failed"}


@pytest.mark.parametrize("module", ["network", "gradient_descent", "regularization"])
def test_a_module_alone_gets_all_its_points(sandbox, handed_in, module):
    (graded,) = grade([handed_in(**{module: solution(module)})], sandbox, seconds=LONG)
    assert graded.points == sum(exercise.points for exercise in EXERCISES if exercise.module == module)
    missing = next(each for each in graded.exercises if not each.name.startswith(module))
    assert missing.state == "not written"
    assert missing.first_failure.message == f"{missing.name.partition('.')[0]}.py was not handed in."
    assert missing.first_failure.kind is Kind.NO_FILE


def test_functions_are_passed_to_the_reference_and_back(sandbox, handed_in):
    """A network written with the neuron of the first notebook: it gets the reference's g, and one of the student's."""
    text = solution("network").replace(
        "    for l in range(1, L + 1):\n        Z[l] =",
        """\
    from mlt_nn.neuron import neuron

    for l in range(1, L + 1):
        last = l == L

        def layer(function):
            columns = range(len(b[l]))
            return np.array([[neuron(a, W[l][:, j], b[l][j], function) for j in columns] for a in A[l - 1]])

        Z[l] = layer(lambda z: z)
        A[l] = g_output(Z[l]) if last else layer(g)
    return Z, A
    for l in range(1, L + 1):
        Z[l] =""",
    )
    (graded,) = grade([handed_in(network=text)], sandbox, seconds=LONG)
    found = only(graded, "network.forward_pass")
    assert found.first_failure is None, found


# What is served


def test_only_earlier_exercises_of_the_same_or_an_earlier_module_are_served():
    assert earlier("neuron.pre_activation") == ()
    assert earlier("activations.tanh") == ("neuron.pre_activation", "neuron.neuron", "activations.sigmoid")
    assert "network.accuracy" not in earlier("losses.one_hot")
    assert "losses.one_hot" not in earlier("network.accuracy")
    assert "network.forward_pass" in earlier("network.accuracy")


# Points and feedback

NEURON = "def pre_activation(a, w, b):\n    return 1.0\n\ndef neuron(a, w, b, g):\n    return 2.0\n"

PUBLIC = """
@exercise("neuron.pre_activation")
def test_first(student):
    assert_matches(student.neuron.pre_activation(0, 0, 0), 1.0)

@exercise("neuron.neuron")
def test_second(student):
    '''What is public'''
    assert_matches(student.neuron.neuron(0, 0, 0, abs), 2.0)
"""
HIDDEN = """
@exercise("neuron.neuron")
def test_third(student):
    '''What is hidden.'''
    mistakes = {"You forgot the secret": 2.0}
    assert_matches(student.neuron.neuron(123456.0, 0, 0, abs), 3.0, mistakes=mistakes)
"""


def test_points_are_the_share_of_the_checks(checks, handed_in):
    checks(PUBLIC, HIDDEN)
    (graded,) = grade([handed_in(neuron=NEURON)], PROCESS, allow_process=True)
    assert points(graded)["neuron.neuron"] == 0.5
    found = only(graded, "neuron.neuron")
    assert (found.state, found.passed, found.checks) == ("failed", 1, 2)
    failure = found.first_failure
    assert (failure.check, failure.hidden, failure.message) == ("What is hidden", True, "You forgot the secret.")
    assert failure.mistake == failure.message
    assert (failure.module, failure.line, failure.source) == ("neuron", 4, "def neuron(a, w, b, g):")
    assert graded.hidden_checks


PROPERTY = """
import numpy as np
from mlt_nn.teaching.grader.draws import given, numbers

@exercise("neuron.pre_activation")
def test_first(student):
    pass

@exercise("neuron.neuron")
def test_third(student, rng):
    '''What holds for all'''
    for m in (2, 9):
        a = numbers(rng, m)
        with given(a=a):
            assert_matches(student.neuron.neuron(a, a, 0, abs), float(np.sum(a)))
"""


@pytest.mark.parametrize("body", ["return a[0]", "assert a[1] == 0, a"])
def test_a_hidden_property_tells_the_smallest_input_and_nothing_of_the_student_s(checks, handed_in, body):
    checks("", PROPERTY)
    text = f"def pre_activation(a, w, b):\n    return 1.0\n\ndef neuron(a, w, b, g):\n    {body}\n    return a[0]\n"
    (graded,) = grade([handed_in(neuron=text)], PROCESS, allow_process=True)
    message = only(graded, "neuron.neuron").first_failure.message
    first, second = message.split("\n")
    assert first == ("The answer is not right." if "return" in body else "neuron raised AssertionError.")
    assert re.fullmatch(r"The smallest input found: a = \[-?[\d.]+, -?[\d.]+\]", second)


def test_without_hidden_checks_the_public_ones_decide_and_it_is_told(checks, handed_in):
    checks(PUBLIC)
    (graded,) = grade([handed_in(neuron=NEURON)], PROCESS, allow_process=True)
    assert "neuron.neuron" not in points(graded)
    assert not graded.hidden_checks


LEAKS = {
    "a value": "return a",
    "an exception": "raise ValueError(str(a))",
    "the name of an exception": "raise type(f'E{a:.0f}', (Exception,), {})",
    "a shape": "return np.zeros(int(a) % 7919)",
    "a print": "print(a)\n    return 7.0",
    "a missing implementation": "raise NotImplementedError(str(a))",
    "a line that is not there": "exec(compile('\\n' * int(a) + 'raise ValueError', __file__, 'exec'))",
    "the public checks": "global kept\n    if a:\n        kept = a\n        return 3.0\n    return kept",
    "a frame": "import os\n    for d in range(3, 20):\n        try:\n            os.write(d, str(a).encode() * 99)\n"
    "        except OSError:\n            pass",
}


@pytest.mark.parametrize("way", LEAKS)
def test_what_a_hidden_check_asks_is_not_told(checks, handed_in, way):
    # pre_activation is asked by a hidden check; what it keeps could be told by neuron in its public one.
    hidden = HIDDEN.replace("neuron.neuron", "neuron.pre_activation").replace("0, abs)", "0)")
    checks(PUBLIC, HIDDEN + hidden.replace("third", "fourth"))
    body = LEAKS[way] if way == "the public checks" else f"if not a:\n        return 2.0\n    {LEAKS[way]}"
    text = "import numpy as np\nkept = 0.0\n\ndef {}:\n    {}\n\n"
    both = text.format("neuron(a, w, b, g)", body) + text.format("pre_activation(a, w, b)", body)
    (graded,) = grade([handed_in(neuron=both)], PROCESS, allow_process=True)
    told = json.dumps(graded.to_json())
    assert "123456" not in told
    assert str(123456 % 7919) not in told.replace(graded.files[0]["sha256"], "")


def test_a_hang_costs_its_exercise_alone(checks, handed_in, nothing_learned):
    checks(PUBLIC + PUBLIC.replace("second", "again"), HIDDEN)
    text = NEURON.replace("return 2.0", "while True:\n        pass")
    asked = []
    (graded,) = grade(
        [handed_in(neuron=text)],
        PROCESS._replace(start=lambda folder, errors: asked.append(folder) or launch(folder, errors)),
        allow_process=True,
        seconds=0.3,
    )
    assert points(graded)["neuron.neuron"] == 0
    assert "neuron.pre_activation" not in points(graded)
    assert only(graded, "neuron.neuron").state == "timed out"
    assert only(graded, "neuron.neuron").first_failure.line in (5, 6)
    assert len(asked) == 3  # one for each exercise, and one for the second try: after a hang nothing else is asked


def test_a_file_that_hangs_when_it_is_loaded_is_tried_once(checks, handed_in, nothing_learned):
    checks(PUBLIC, HIDDEN)
    asked = []
    (graded,) = grade(
        [handed_in(neuron="while True:\n    pass\n")],
        PROCESS._replace(start=lambda folder, errors: asked.append(folder) or launch(folder, errors)),
        allow_process=True,
        seconds=0.3,
    )
    assert [only(graded, f"neuron.{name}").state for name in ("pre_activation", "neuron")] == ["timed out"] * 2
    assert len(asked) == 2  # in each try, for both exercises


@pytest.mark.parametrize(
    ("line", "state", "told"),
    [
        ("while True: pass", "timed out", "did not finish loading in time: is there a loop outside the functions?"),
        ("import os; os._exit(0)", "died", "ends Python when it is loaded."),
    ],
)
def test_a_file_that_does_not_load_is_told_once(checks, handed_in, line, state, told):
    checks(PUBLIC, HIDDEN)
    (graded,) = grade([handed_in(neuron=f"{NEURON}\n{line}\n")], PROCESS, allow_process=True, seconds=0.5)
    own = [each for each in graded.exercises if each.name.startswith("neuron.")]
    assert {(each.state, each.is_unreadable, each.points) for each in own} == {(state, True, 0)}
    assert {each.first_failure.message for each in own} == {f"mlt_nn/neuron.py {told}"}
    assert [each["problem"] for each in graded.files] == [f"mlt_nn/neuron.py {told}"]
    tally = Tally()
    tally.add(record(graded=graded))
    assert not tally.mistakes
    assert [why for _, why in tally.to_look_at] == [f"mlt_nn/neuron.py {told}"]
    assert not any("First to mend" in line for each in own for line in each.lines())


def test_all_calls_of_an_exercise_share_their_time(checks, handed_in):
    checks(PUBLIC.replace("0, 0, abs), 2.0)", "0, 0, abs), 2.0)\n" + 4 * "    student.neuron.neuron(0, 0, 0, abs)\n"))
    computes = "import time\n    end = time.process_time() + 0.3\n    while time.process_time() < end:\n        pass\n"
    text = NEURON.replace("return 2.0", f"{computes}    return 2.0")
    (graded,) = grade([handed_in(neuron=text)], PROCESS, allow_process=True, seconds=0.5)
    assert only(graded, "neuron.neuron").state == "timed out"
    assert "neuron.pre_activation" not in points(graded)


def test_what_cannot_be_read_is_told_and_the_others_are_graded(checks, handed_in, tmp_path):
    checks(PUBLIC, HIDDEN)
    (tmp_path / "broken.zip").write_bytes(b"no zip")
    paths = [tmp_path / "broken.zip", handed_in("bob", neuron=b"# \xff"), handed_in("eve", neuron="def (")]
    broken, binary, senseless = grade(paths, PROCESS, allow_process=True)
    assert "is no zip" in broken.problem
    assert broken.points == 0
    for graded, message in ((binary, "is not text in UTF-8"), (senseless, "neuron.py cannot be read: line 1")):
        found = only(graded, "neuron.neuron")
        assert (found.points, found.state) == (0, "failed")
        assert message in found.first_failure.message
        assert found.first_failure.kind is Kind.UNREADABLE


@pytest.mark.parametrize(("python", "told"), [("3.99.1", True), ("3.11.0", False), ("3", False), (None, False)])
def test_a_file_that_was_read_by_a_newer_python_is_told_so(checks, handed_in, python, told):
    checks(PUBLIC, HIDDEN)
    path = handed_in(neuron="def (")
    (path / MANIFEST).write_text(json.dumps({"versions": {"python": python}}))
    (graded,) = grade([path], PROCESS, allow_process=True)
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    for name in ("neuron.pre_activation", "neuron.neuron"):
        message = only(graded, name).first_failure.message
        assert message.startswith("mlt_nn/neuron.py cannot be read: line 1 is no Python.")
        assert (f"It was checked with Python 3.99 and graded with {here}, which may lack" in message) == told


# What is written into neuron.py, and what is told of the file.
NOT_IMPORTED = {
    "import matplotlib": "cannot be imported: line 1 raises ModuleNotFoundError. When work is graded there are",
    "from mlt_nn import helper": "cannot be imported: line 1 raises ImportError. When work is graded there are",
    "raise type('SECRET', (ImportError,), {})": "cannot be imported: line 1 raises an exception.",
    "def f(:": "cannot be read: line 1 is no Python.",
}


@pytest.mark.parametrize("line", NOT_IMPORTED)
def test_a_file_that_cannot_be_imported_is_the_same_in_a_sandbox_and_without(checks, handed_in, sandbox, line):
    checks(PUBLIC, HIDDEN)
    path = handed_in(neuron=f"{line}\n{NEURON}")
    (path / "helper.py").write_text("x = 1\n")
    told = []
    for isolation in (PROCESS, sandbox):
        (graded,) = grade([path], isolation, allow_process=True)
        own = [each for each in graded.exercises if each.name.startswith("neuron.")]
        assert {(each.points, each.is_unreadable) for each in own} == {(0, True)}
        (message,) = {each.first_failure.message for each in own}
        (file,) = graded.files
        assert file["problem"] == message
        assert {(each.first_failure.line, each.first_failure.source) for each in own} == {(1, line)}
        told.append(message)
    assert told[0].startswith(f"mlt_nn/neuron.py {NOT_IMPORTED[line]}")
    assert told == [told[0]] * 2


@pytest.mark.parametrize(
    ("name", "body", "mistake"),
    [
        ("sigmoid", "return 1 / (1 + np.exp(-z))", "1 / (1 + e^-z) overflows: e^1000 is too large for a float. "),
        ("relu_prime", "return z > 0", "That is z > 0, True or False; the slope is the number 1 or 0, "),
    ],
)
def test_the_commonest_mistakes_have_names(handed_in, tmp_path, name, body, mistake):
    own = tmp_path / "checks"
    own.mkdir()
    shutil.copy(grading.PUBLIC / "test_activations.py", own)
    text = solution("activations").replace(f"def {name}(z):", f"def {name}(z):\n    {body}\n\n\ndef other(z):")
    with grading.Grader(PROCESS, allow_process=True, checks=own) as grader:
        graded = grader.grade(read(handed_in(activations=text)))
    (wrong,) = [each for each in graded.exercises if not each.is_right]
    assert wrong.name == f"activations.{name}"
    assert wrong.first_failure.mistake.startswith(mistake)
    assert tally_mistake(wrong) == wrong.first_failure.mistake


def test_a_check_of_ours_that_breaks_is_named(checks, handed_in):
    checks(PUBLIC + "\n@exercise('neuron.neuron')\ndef test_ours(student):\n    {}['no']\n")
    (graded,) = grade([handed_in(neuron=NEURON)], PROCESS, allow_process=True)
    assert only(graded, "neuron.neuron").state == "broken"


def test_what_broke_a_check_once_costs_nothing(checks, handed_in, monkeypatch, nothing_learned):
    """A process of ours that the computer killed, say."""
    tries = []
    monkeypatch.setitem(sys.modules, "of_this_test", SimpleNamespace(tries=tries))
    checks(
        PUBLIC + "\n@exercise('neuron.neuron')\ndef test_ours(student):\n    import of_this_test\n"
        "    of_this_test.tries.append(1)\n    if len(of_this_test.tries) == 1:\n        raise OSError('killed')\n"
    )
    (graded,) = grade([handed_in(neuron=NEURON)], PROCESS, allow_process=True)
    assert only(graded, "neuron.neuron").state == "passed"
    assert len(tries) == 2


def test_a_reference_that_the_computer_killed_costs_nothing(handed_in, monkeypatch):
    ask, ended = Reference.call, []

    def killed_once(reference, name, args, kwargs, observe=False, patience=None):
        if patience is not None and not ended:  # it is the student's function that asks
            ended.append(name)
            raise Died(name, "Died", "its process ended.")
        return ask(reference, name, args, kwargs, observe, patience)

    monkeypatch.setattr(Reference, "call", killed_once)
    (graded,) = grade([handed_in(network=solution("network"))], PROCESS, allow_process=True, seconds=LONG)
    assert ended
    assert {each.state for each in graded.exercises if each.name.startswith("network")} == {"passed"}


def test_a_check_that_breaks_over_an_answer_is_not_ours_to_mend(checks, handed_in):
    """Else a function could keep its points open for ever, by an answer that no check was written for."""
    checks(
        PUBLIC + "\n@exercise('neuron.neuron')\ndef test_a_number(student):\n    "
        "(student.neuron.neuron([1.0], [1.0], 0.0, float)) + 1\n"
    )
    (graded,) = grade([handed_in(neuron=NEURON.replace("return 2.0", "return []"))], PROCESS, allow_process=True)
    found = only(graded, "neuron.neuron")
    assert found.state == "failed"
    assert found.passed < found.checks


def test_an_exercise_without_a_check_is_our_mistake(checks, handed_in):
    checks(PUBLIC.replace("neuron.neuron", "neuron.pre_activation"))
    with pytest.raises(RuntimeError, match=r"there is no check for neuron\.neuron"):
        grade([handed_in(neuron=NEURON)], PROCESS, allow_process=True)


@pytest.mark.parametrize(("content", "told"), [(None, "is missing"), (b"# \xe4\n", "is not text")])
def test_solutions_that_cannot_be_used_are_our_mistake_too(monkeypatch, tmp_path, content, told):
    folder = tmp_path / "solutions"
    shutil.copytree(SOLUTIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "network.py").unlink()
    if content:
        (folder / "network.py").write_bytes(content)
    monkeypatch.setattr(grading, "SOLUTIONS", folder)
    with pytest.raises(RuntimeError, match=rf"the solutions in .*solutions cannot be used: network\.py {told}"):
        grading.stubs()


def test_the_same_submission_gets_the_same(checks, handed_in):
    checks(PUBLIC.replace("neuron.neuron(0, 0, 0, abs), 2.0", "neuron.neuron(0, 0, 0, abs), 5"), HIDDEN)
    body = "import numpy as np\n    return [np.random.random(), list({'a', 'b', 'c'})]"
    path = handed_in(neuron=NEURON.replace("return 2.0", body + "[np.random.randint(3):]"))
    first, second = (grade([path], PROCESS, allow_process=True, seed=5)[0].to_json() for _ in range(2))
    assert first["seed"] == 5
    assert first == second


def test_an_interrupt_ends_the_grading_and_the_workers(checks, handed_in, monkeypatch, nothing_learned):
    begun, ended = [], []
    monkeypatch.setitem(sys.modules, "of_this_test", SimpleNamespace(begun=begun))
    end = Process.end
    monkeypatch.setattr(Process, "end", lambda process: ended.append(end(process)))
    checks(
        "import of_this_test\n"
        + "\n\n".join(
            f"@exercise('neuron.{name}')\n"
            f"def test_{name}(student):\n"
            f"    of_this_test.begun.append('{name}')\n"
            f"    student.neuron.{name}(0, 0, 0, abs)\n"
            f"    raise KeyboardInterrupt"
            for name in ("neuron", "pre_activation")
        )
    )
    with pytest.raises(KeyboardInterrupt):
        grade([handed_in(neuron=NEURON.replace("w, b)", "w, b, g)"))], PROCESS, allow_process=True)
    assert begun == ["pre_activation"]
    assert len(ended) == 1


@pytest.mark.parametrize("ending", ["raise SystemExit", "__import__('pytest').skip()"])
def test_a_check_that_wants_to_end_python_is_ours_to_mend(checks, handed_in, ending):
    checks(PUBLIC.replace("assert_matches(student.neuron.neuron(0, 0, 0, abs), 2.0)", ending))
    (graded,) = grade([handed_in(neuron=NEURON)], PROCESS, allow_process=True)
    assert only(graded, "neuron.neuron").state == "broken"
    assert only(graded, "neuron.pre_activation").state == "passed"


def test_without_a_sandbox_nothing_is_graded_unless_that_is_allowed(handed_in):
    with pytest.raises(NotIsolated, match="cannot be shut in on this computer: for this test"):
        grade([handed_in(neuron=NEURON)], PROCESS)


# The command


@pytest.fixture
def level(monkeypatch):
    monkeypatch.setattr("mlt_nn.teaching.grader.isolation.isolation", lambda: PROCESS)


def test_the_command_prints_a_line_for_each(level, checks, handed_in, capsys):
    checks(PUBLIC, HIDDEN)
    paths = [str(handed_in("ada", neuron=NEURON)), str(handed_in("bob", losses=b"\xff"))]
    assert main(["grade", *paths, "--allow-process"]) == 0
    shown = capsys.readouterr().out
    assert "ada   " in shown
    assert f"1.5 of {BEST} points" in shown
    assert "bob   " in shown
    assert "Graded by public and hidden checks; the students' code was not shut in (for this test)." in shown


def test_the_columns_of_names_stand_below_each_other_in_every_script(level, checks, handed_in, tmp_path, capsys):
    checks(PUBLIC)
    names = ("ada", "Jose\u0301", "\u674e\u5c0f\u9f8d", "\u0ba4\u0bae\u0bbf\u0bb4\u0bcd", "\u0645\u0631\u064a\u0645")
    paths = [str(handed_in(name, neuron=NEURON)) for name in names]
    assert main(["grade", *paths, "--allow-process"]) == 0
    lines = capsys.readouterr().out.splitlines()[: len(names)]
    assert {wcswidth(line.partition(" of ")[0]) for line in lines} == {30 + 1 + 12 - len(f" of {BEST}")}
    # From right to left, but for itself.
    assert [line for line in lines if "\u2068" in line] == [
        line for line in lines if "\u2068\u0645\u0631\u064a\u0645\u2069" in line
    ]


def test_the_command_shows_every_exercise_of_a_single_submission(level, checks, handed_in, capsys):
    checks(PUBLIC, HIDDEN)
    assert main(["grade", str(handed_in(neuron=NEURON)), "--allow-process"]) == 0
    shown = capsys.readouterr().out
    lines = {line.split()[0]: " ".join(line.split()[1:]) for line in shown.splitlines() if line.strip()}
    assert lines["neuron.neuron"] == "0.5 of 1 1 of 2 checks failed: line 4: You forgot the secret."
    assert lines["losses.one_hot"] == "0 of 2 0 of 1 checks not written: losses.py was not handed in."


def test_where_nothing_could_be_run_the_command_does_not_say_how(level, checks, tmp_path, capsys):
    checks(PUBLIC)
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        archive.writestr("my.ipynb", "{}")
    assert main(["grade", str(tmp_path / "ada.zip"), "--allow-process"]) == 0
    shown = capsys.readouterr().out
    assert "0 of" in shown
    assert "Graded by" not in shown
    assert "shut in" not in shown


def test_the_command_refuses_without_a_sandbox(level, handed_in, capsys):
    assert main(["grade", str(handed_in(neuron=NEURON))]) == 1
    assert "--allow-process" in capsys.readouterr().err


def test_the_command_names_a_path_where_nothing_is(level, tmp_path, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["grade", str(tmp_path / "gone"), "--allow-process"])
    assert "there is no submission at" in capsys.readouterr().err


# What earns points

EARNS = """
@exercise("neuron.pre_activation")
def test_drawn(student, rng):
    a, b = rng.normal(size=2)
    assert_matches(student.neuron.pre_activation(a, 2.0, b), 2.0 * a + b)


@exercise("neuron.pre_activation")
def test_fixed(student):
    assert_matches(student.neuron.pre_activation(1.0, 2.0, 3.0), 5.0)


@exercise("neuron.neuron")
def test_other(student, rng):
    assert_matches(student.neuron.neuron(*rng.normal(size=3), abs), 2.0)
"""
PUBLICLY = (
    EARNS.replace(", rng", "").replace("rng.normal(size=2)", "0.5, 0.25").replace("*rng.normal(size=3)", "0, 0, 0")
)


def counts(result):
    return result.points, (result.passed, result.checks), result.public, result.state


def test_what_is_right_for_known_inputs_alone_earns_nothing(checks, handed_in):
    checks(PUBLICLY, EARNS)
    table = "def pre_activation(a, w, b):\n    return {(0.5, 0.25): 1.25, (1.0, 3.0): 5.0}.get((a, b), 0.0)\n"
    (graded,) = grade([handed_in(neuron=table)], PROCESS, allow_process=True)
    result = only(graded, "neuron.pre_activation")
    assert counts(result) == (0, (0, 1), (2, 2), "failed")


def test_a_fixed_check_tells_and_costs_nothing(checks, handed_in):
    checks(PUBLICLY, EARNS)
    text = "def pre_activation(a, w, b):\n    return 0.0 if b == 3.0 else a * w + b\n"
    (graded,) = grade([handed_in(neuron=text)], PROCESS, allow_process=True)
    result = only(graded, "neuron.pre_activation")
    assert counts(result) == (1, (1, 1), (1, 2), "failed")
    assert result.first_failure.check == "fixed"
    assert "It has all its points" in result.lines()[0]


@pytest.fixture
def asked(monkeypatch, nothing_learned):
    """The arguments of all calls of the student's functions, in their order."""
    asked = []
    call = grading.GradedStudent.call

    def note(student, name, args, kwargs, *more, **others):
        asked.append(args)
        return call(student, name, args, kwargs, *more, **others)

    monkeypatch.setattr(grading.GradedStudent, "call", note)
    return asked


@pytest.mark.parametrize(
    ("body", "known_inputs_are_asked", "public", "state"),
    [("return a * w + b", False, (0, 0), "passed"), ("return 0.0 if b == 3.0 else a * w + b", True, (1, 2), "failed")],
)
def test_known_inputs_are_asked_where_something_is_wrong(
    checks, handed_in, asked, body, known_inputs_are_asked, public, state
):
    checks(PUBLICLY, EARNS)
    (graded,) = grade([handed_in(neuron=f"def pre_activation(a, w, b):\n    {body}\n")], PROCESS, allow_process=True)
    assert ((0.5, 2.0, 0.25) in asked) == known_inputs_are_asked
    result = only(graded, "neuron.pre_activation")
    assert counts(result) == (1, (1, 1), public, state)


def test_of_a_function_that_does_not_end_its_line_is_told(checks, handed_in):
    checks(PUBLICLY, EARNS)
    path = handed_in(neuron="def pre_activation(a, w, b):\n    while True:\n        a = b\n")
    (graded,) = grade([path], PROCESS, allow_process=True, seconds=0.3)
    failure = only(graded, "neuron.pre_activation").first_failure
    assert (failure.kind, failure.hidden) == ("timed out", False)
    assert failure.line in (2, 3)


def test_what_hangs_on_a_known_input_alone_keeps_what_it_earned(checks, handed_in):
    checks(PUBLICLY, EARNS)
    text = """
    def pre_activation(a, w, b):
        while (a, b) == (0.5, 0.25):
            pass
        return 0.0 if b == 3.0 else a * w + b
    """
    (graded,) = grade([handed_in(neuron=text)], PROCESS, allow_process=True, seconds=0.3)
    result = only(graded, "neuron.pre_activation")
    assert counts(result) == (1, (1, 1), (0, 2), "timed out")


def test_each_try_of_each_run_draws_anew_and_a_seed_repeats_it(checks, handed_in, asked):
    # A death in the hidden phase has the exercise tried again.
    checks("", EARNS)
    path = handed_in(neuron="import os\n\n\ndef pre_activation(a, w, b):\n    os._exit(0)\n")
    runs = []
    for seed in (None, None, 7, 7):
        asked.clear()
        (graded,) = grade([path], PROCESS, allow_process=True, seed=seed)
        assert only(graded, "neuron.pre_activation").state == "died"
        runs.append([args for args in asked if len(args) == 3])
        assert len(set(runs[-1])) == 2  # one for each try
    assert runs[0] != runs[1]
    assert runs[2] == runs[3]


def test_to_end_is_no_way_to_inputs_that_suit_better(checks, handed_in, asked):
    checks("", EARNS)
    text = f"""
    import os
    import signal

    def pre_activation(a, w, b):
        if a <= 0 and signal.getitimer(signal.ITIMER_PROF)[0] <= {SECONDS}:  # in the first try
            os._exit(0)
        return a * w + b if a > 0 else 0.0
    """
    path = handed_in(neuron=text)
    tries = set()
    for seed in range(8):
        asked.clear()
        (graded,) = grade([path], PROCESS, allow_process=True, seed=seed)
        suited = [args[0] > 0 for args in asked if len(args) == 3 and args != (1.0, 2.0, 3.0)]
        assert only(graded, "neuron.pre_activation").points == (1 if all(suited) else 0)
        tries.add(tuple(suited))
    assert (False, True, False) in tries


def test_what_known_inputs_tell_of_a_second_try_does_not_make_it_wrong(checks, handed_in):
    checks(PUBLICLY, EARNS)
    text = f"""
    import os
    import signal

    def pre_activation(a, w, b):
        if signal.getitimer(signal.ITIMER_PROF)[0] <= {SECONDS}:  # in the first try, as if the computer had killed it
            os._exit(0)
        return 0.0 if (a, b) == (0.5, 0.25) else a * w + b
    """
    (graded,) = grade([handed_in(neuron=text)], PROCESS, allow_process=True)
    result = only(graded, "neuron.pre_activation")
    assert counts(result) == (1, (1, 1), (0, 0), "passed")


def test_how_soon_the_reference_answers_tells_nothing_of_what_others_asked(handed_in):
    asking = solution("neuron").replace("return g(", "pre_activation(a, w, 98765.4)\n    return g(")
    assert "98765.4" in asking
    with grading.Grader(PROCESS, allow_process=True, seed=1) as grader:
        kept = []
        for path in (SOLUTIONS, handed_in(neuron=asking)):
            graded = grader.grade(read(path), ["neuron.neuron"])
            assert [each.state for each in graded.exercises] == ["passed"]
            kept.append({**grader._teacher._kept})
    assert kept[0]
    assert kept[1] == kept[0]


def test_no_text_of_the_student_s_code_is_told(checks, handed_in):
    checks(PUBLICLY, EARNS)
    text = """
    class Mine(Exception):
        pass


    def pre_activation(a, w, b):
        print("SECRET")
        raise Mine(f"SECRET {a}")
    """
    (graded,) = grade([handed_in(neuron=text)], PROCESS, allow_process=True)
    failure = only(graded, "neuron.pre_activation").first_failure
    assert failure.message == "pre_activation raised an exception."
    assert failure.line == 8
    assert "SECRET" not in json.dumps(graded.to_json()).replace(json.dumps(failure.source)[1:-1], "")


# Checks that say what they got, each of an exercise of its own.
TELLING = """
from mlt_nn.grading import assert_close, assert_matches, assert_raises, assert_silent, assert_unchanged, exercise
from mlt_nn.grading.compare import describe

@exercise("activations.sigmoid")
def test_number(student):
    assert_matches(student.activations.sigmoid(0, 0), 1.0)

@exercise("activations.tanh")
def test_dict(student):
    assert_close(student.activations.tanh(0, 1), {"loss": 1.0}, name="history")

@exercise("activations.relu")
def test_description(student):
    got = student.activations.relu(0, 2)
    assert got is None, f"it is {describe(got)}, {got}"

@exercise("activations.identity")
def test_exception(student):
    assert_raises(ValueError, student.activations.identity, 0, 3, names=("(3,)",))

@exercise("activations.sigmoid_prime")
def test_change(student):
    assert_matches(assert_unchanged(student.activations.sigmoid_prime, {1: 0.5}, [0.5]), 2.0)

@exercise("activations.tanh_prime")
def test_silence(student):
    assert_matches(assert_silent(student.activations.tanh_prime, 0, 5), 2.0)

@exercise("activations.softmax")
def test_callback(student):
    def g(z):
        assert z == 1.0, f"g was given {z}"
    student.activations.softmax(g, 6)
"""
TOLD = ("sigmoid", "tanh", "relu", "identity", "sigmoid_prime", "tanh_prime")
SECRETS = {
    "a text": "return 'SECRET'",
    "a text in a list": "return [1.0, ('SECRET',)]",
    "a key": "return {'SECRET': 1.0}",
    "a key beside the right one": "return {'loss': 1.0, 'SECRET': 1.0}",
    "a text under the right key": "return {'loss': 'SECRET'}",
    "a number as a key": "return {int.from_bytes(b'SECRET'): 1.0}",
    "an exception": "raise ValueError('SECRET')",
    "an exception of one's own": "raise type('SECRET', (ValueError,), {})",
    "an object of one's own": "return type('SECRET', (), {})()",
    "a function": "def SECRET(): raise NotImplementedError\n    SECRET()",
    "a warning": "import warnings; warnings.warn('SECRET', type('SECRET', (UserWarning,), {}))\n    return 3.0",
    "a changed argument": "z['SECRET'] = w[0] = 'SECRET'\n    return 1.0",
    "a print": "print('SECRET')\n    return 0.0",
}


@pytest.mark.parametrize("way", SECRETS)
def test_nothing_that_a_student_chose_is_told_of_an_answer(handed_in, tmp_path, way):
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "test_activations.py").write_text(TELLING, encoding="utf-8")
    text = "".join(f"def {name}(z, w):\n    {SECRETS[way]}\n" for name in TOLD)
    path = handed_in(activations=text + "def softmax(g, w):\n    g('SECRET')\n")
    with grading.Grader(PROCESS, allow_process=True, checks=tmp_path / "checks") as grader:
        graded = grader.grade(read(path))
    told = [dataclasses.replace(each.first_failure, source="") for each in graded.exercises if not each.is_right]
    assert len(told) == len(TOLD) + 1
    for each in told:
        for secret in ("SECRET", str(int.from_bytes(b"SECRET"))):
            assert secret not in repr(each)


def test_what_a_busy_computer_cannot_tell_is_open(checks, handed_in, monkeypatch):
    checks(PUBLICLY, EARNS)
    monkeypatch.setattr("mlt_nn.grading.patience.WAITED", 0.2)  # as if a long time had passed
    monkeypatch.setattr("mlt_nn.grading.usage.is_idle", lambda process: False)
    text = "import time\n\n\ndef pre_activation(a, w, b):\n    time.sleep(3)\n"
    (graded,) = grade([handed_in(neuron=text)], PROCESS, allow_process=True)
    result = only(graded, "neuron.pre_activation")
    assert (result.state, result.is_open) == ("not served", True)
    assert "too busy" in result.lines()[0]


def test_a_submission_has_its_time_too(checks, handed_in, monkeypatch):
    checks(PUBLICLY, EARNS)
    monkeypatch.setattr(grading, "SUBMISSION_SECONDS", 0.5)
    text = "def pre_activation(a, w, b):\n    while True:\n        pass\n\n\ndef neuron(a, w, b, g):\n    return 2.0\n"
    (graded,) = grade([handed_in(neuron=text)], PROCESS, allow_process=True)
    assert {each.state for each in graded.exercises if each.name.startswith("neuron.")} == {"timed out"}
    told = only(graded, "neuron.neuron").first_failure
    assert told.check == "The time of the whole submission"


def test_what_the_reference_and_we_compute_for_a_submission_counts_for_its_time_too(handed_in, tmp_path):
    slow = """
    import time

    def pre_activation(a, w, b):
        end = time.process_time() + 0.5
        while time.process_time() < end:
            pass
        return 1.0
    """
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "neuron.py").write_text(textwrap.dedent(slow), encoding="utf-8")
    text = (
        "def pre_activation(a, w, b):\n    return 0.0\n\ndef neuron(a, w, b, g):\n    return pre_activation(g, w, b)\n"
    )
    theirs = handed_in(neuron=text)
    given = {"neuron": (PACKAGE / "neuron.py").read_text(encoding="utf-8")}
    with (
        Reference(tmp_path / "ours", LONG, launch) as reference,
        GradedStudent(theirs, reference, given, launch, LONG) as student,
    ):
        for number in (1, 2):
            student.grade("neuron.neuron")
            assert student.neuron.neuron(0, 0, 0, number) == 1.0
            student.close()
            assert student.spent > 0.5 * number
        student.grade("neuron.neuron")
        before = student.spent
        assert student.neuron.neuron(0, 0, 0, 1) == 1.0
        student._own.served = 1.0
        student.close()
        assert student.spent > before + 1.0


def test_who_ends_the_reference_gets_no_new_time_of_it(handed_in, tmp_path, monkeypatch):
    ends = """
    import os

    def pre_activation(a, w, b):
        os._exit(1)
    """
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "neuron.py").write_text(textwrap.dedent(ends), encoding="utf-8")
    text = """
    def neuron(a, w, b, g):
        for again in range(5):
            try:
                pre_activation(a, w, b)
            except MemoryError:
                pass
        return 1.0
    """
    times, patience = [], Reference.patience
    monkeypatch.setattr(Reference, "patience", lambda own, seconds: times.append(seconds) or patience(own, seconds))
    given = {"neuron": (PACKAGE / "neuron.py").read_text(encoding="utf-8")}
    with (
        Reference(tmp_path / "ours", LONG, launch) as reference,
        GradedStudent(handed_in(neuron=text), reference, given, launch, LONG) as student,
    ):
        student.grade("neuron.neuron")
        with pytest.raises(TimedOut):
            student.neuron.neuron(0, 0, 0, 1)
    assert len(times) == 5
    assert times[4] == 0


SPENDS = """
    import time

    def spend(seconds):
        end = {clock}() + seconds
        while {clock}() < end:
            {meanwhile}

    asked = []

    def pre_activation(a, w, b):
        if not asked:
            asked.append(spend(0.9))

    def neuron(a, w, b, g):
        return 2.0
"""


# Nine tenths of a second in the public checks, and as many in the hidden ones.
@pytest.mark.parametrize(
    ("clock", "meanwhile", "seconds", "state"),
    [
        ("time.process_time", "pass", 1.5, "timed out"),
        ("time.process_time", "pass", 2.3, "passed"),  # for all of it counts once
        ("time.monotonic", "time.sleep(1)", 0.4, "timed out"),
    ],
)
def test_all_that_a_submission_computes_or_sleeps_counts_for_its_time(
    checks, handed_in, monkeypatch, clock, meanwhile, seconds, state
):
    checks(PUBLICLY, EARNS)
    monkeypatch.setattr(grading, "SUBMISSION_SECONDS", seconds)
    text = SPENDS.format(clock=clock, meanwhile=meanwhile)
    (graded,) = grade([handed_in(neuron=text)], PROCESS, allow_process=True)
    assert only(graded, "neuron.pre_activation").state == "failed"  # so much it may
    assert only(graded, "neuron.neuron").state == state
