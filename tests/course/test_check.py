"""`check`: from a name to a report that tells a beginner what to mend first."""

import json
import os
import re
import subprocess
import sys
import textwrap
from dataclasses import replace

import pytest

from mlt_nn.grading.check import check, check_exercises
from mlt_nn.grading.report import Report
from mlt_nn.grading.results import ExerciseResult, Failure, Kind, Place
from mlt_nn.grading.run import Checks
from mlt_nn.grading.student import Student
from mlt_nn.support.catalogue import EXERCISES, find, named
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.support.overlay import VARIABLE

from .versions import write_versions

HEAD = "import numpy as np\nfrom mlt_nn.grading import assert_matches, exercise\n"

# Three checks of relu and one of tanh.
CHECKS = HEAD + textwrap.dedent(
    '''
    @exercise("activations.relu")
    def test_positive(student):
        """A positive number passes."""
        assert_matches(student.activations.relu(2.0), 2.0, name="g(z)")

    @exercise("activations.relu")
    def test_negative(student):
        """A negative number is stopped

        More about it, which the report does not show.
        """
        assert_matches(student.activations.relu(-2.0), 0.0, name="g(z)", mistakes={"that is the identity": -2.0})

    @exercise("activations.relu")
    def test_far_out(student):
        assert_matches(student.activations.relu(1000.0), 1000.0)

    @exercise("activations.tanh")
    def test_zero(student):
        """At 0 it is 0"""
        assert_matches(student.activations.tanh(0.0), 0.0)
    '''
)
RIGHT = "def relu(z):\n    return max(z, 0.0)\n\ndef tanh(z):\n    return z\n"


@pytest.fixture
def checked(tmp_path):
    """checked(student's text) -> the Report on the exercises of module activations, by default relu and tanh.

    `options` are those of a Student.
    """

    def make(text, checks=CHECKS, exercises=("activations.relu", "activations.tanh"), **options):
        folder, student = tmp_path / "tests", tmp_path / "student"
        for path in (folder, student):
            path.mkdir(exist_ok=True)
        (folder / "test_activations.py").write_text(checks, encoding="utf-8")
        (student / "activations.py").write_text(textwrap.dedent(text), encoding="utf-8")
        asked = Student(student, **options) if options else None
        return check_exercises([find(name) for name in exercises], folder, student, asked)

    return make


def states(report):
    return [exercise.state for exercise in report.exercises]


# Names


def names_of(exercises):
    return [exercise.name for exercise in exercises]


def test_an_exercise_a_module_and_a_notebook_can_be_named():
    assert names_of(named("activations.softmax")) == ["activations.softmax"]
    assert names_of(named("neuron")) == names_of(named("01_neuron")) == names_of(named("01")) == names_of(named("1"))
    assert names_of(named("gradient_check")) == ["gradient_check.numerical_gradient", "gradient_check.relative_error"]
    assert "network.accuracy" in names_of(named("network"))
    assert "network.accuracy" not in names_of(named("03"))


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("softmax", "did you mean 'activations.softmax'?"),
        ("activations.sofmax", "did you mean 'activations.softmax'"),
        ("activation", "did you mean 'activations'"),
        ("02_activation", "did you mean '02_activations'"),
        ("zebra", "name one of neuron, activations, "),
        ("33", "the notebooks are: 01_neuron"),
        (2, "name one of neuron, "),
    ],
)
def test_an_unknown_name_gets_the_closest_ones(name, advice):
    with pytest.raises(ValueError, match=r"there is no (exercise, module or )?notebook") as caught:
        check(name)
    assert advice in str(caught.value)


# Reports, word by word


def test_right(checked):
    report = checked(RIGHT)
    assert report.passed
    assert report.text() == (
        "activations.relu: right. All 3 checks passed.\n"
        "activations.tanh: right. Its check passed.\n"
        "2 of 2 exercises are right."
    )


def test_not_yet(checked):
    report = checked("\ndef relu(z):\n    print('z =', z)\n    return z\n\ndef tanh(z):\n    return z\n")
    assert not report.passed
    assert report.text() == textwrap.dedent(
        """\
        activations.relu: not yet. 2 of 3 checks passed.
          First to mend: A negative number is stopped.
          That is the identity.
          g(z) is -2; it should be 0.
          Your file: student/activations.py, line 2: def relu(z):
          It printed:
            z = -2.0
        activations.tanh: right. Its check passed.
        1 of 2 exercises are right."""
    )


def test_lines_are_counted_as_python_counts_them(checked):
    """A str has a line end at each of these signs, of which half a million fit into a file, too."""
    report = checked("# a\x0cb\x0bc\x1cd\x85e\u2028f\n\ndef relu(z):\n    return z\n")
    assert "Your file: student/activations.py, line 3: def relu(z):" in report.text()


def test_what_is_wrong_before_is_named(checked):
    """The functions are the student's own: a right one that uses a wrong one fails, and is not the one to mend."""
    both = "def relu(z):\n    return tanh(z)\n\ndef tanh(z):\n    return 1.0\n"
    told = "Before it, activations.tanh is not right either. If relu uses it, that may be all: "
    told += "mend activations.tanh first."
    for exercises in (("activations.relu",), ("activations.relu", "activations.tanh")):
        report = checked(both, exercises=exercises)
        assert report.exercises[0].lines()[-1].strip() == told
        assert report.text().count("Before it") == 1
    assert "Before it" not in checked("def relu(z):\n    return z\n\ndef tanh(z):\n    return z\n").text()
    assert "Before it" not in checked("def relu(z):\n    return max(z, 0.0)\n\ndef tanh(z):\n    return 1.0\n").text()


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("", False),
        ("from mlt_nn.losses import cross_entropy\n", True),
        ("from mlt_nn import losses\n", True),
        ("from mlt_nn.gradient_check import relative_error\n", True),
        ("import numpy as np  # not losses\n", False),
    ],
)
def test_what_is_wrong_before_is_named_where_the_file_can_use_it(tmp_path, line, named):
    for module, text in {
        "losses": "def cross_entropy(Y, Y_hat):\n    return 1.0\n",
        "scalar_network": f"{line}def loss(y, y_hat):\n    return 0.5 * (y_hat - y)\n",
        "gradient_check": "import mlt_nn.losses\ndef relative_error(a, b):\n    return 0.0\n",
    }.items():
        (tmp_path / f"{module}.py").write_text(text, encoding="utf-8")
    told = check_exercises([find("scalar_network.loss")], folder=tmp_path).text()
    assert "The square is missing." in told
    assert ("Before it, losses.cross_entropy is not right either." in told) == named


def test_an_exception_is_shown_with_its_line(checked):
    report = checked("def relu(z):\n    return z[0]\n", exercises=["activations.relu"])
    assert report.text() == textwrap.dedent(
        """\
        activations.relu: not yet. 0 of 3 checks passed.
          First to mend: A positive number passes.
          relu raised TypeError: 'float' object is not subscriptable
          Your file: student/activations.py, line 2: return z[0]"""
    )


STUB = 'def {0}(z):\n    raise NotImplementedError("{0} is yours to write: open the file.")\n\n'


def test_not_written_yet(checked):
    report = checked(STUB.format("relu") + STUB.format("tanh"))
    assert states(report) == ["not written", "not written"]
    assert report.text().startswith("activations.relu: not written yet. relu is yours to write: open the file. ")
    told = "If you have written it: save the file, and delete the raise."
    assert report.text().splitlines()[0].endswith(told)
    above = STUB.format("relu").replace("    raise", "    a = max(z, 0.0)\n    raise")
    assert checked(above).text().splitlines()[0].endswith(told)
    link = '<a href="../mlt_nn/activations.py">'
    assert f" {link}" in made("not written", message="Why.")._repr_mimebundle_()["text/html"]


def test_an_error_left_above_the_lines_is_told_with_its_own(checked):
    """Here the student wrote `return z` below; the others wrote nothing below, or a comment."""
    for below, state in (("    return z\n", "failed"), ("    # return z\n", "not written"), ("", "not written")):
        report = checked(STUB.format("relu").rstrip() + f"\n\n{below}\ndef tanh(z):\n    return z\n")
        assert states(report) == [state, "passed"]
    report = checked("def relu(z):\n    raise NotImplementedError(\n        'yours'\n    )\n    return z\n")
    assert report.exercises[0].lines()[1:] == [
        "  First to mend: A positive number passes.",
        "  relu raised NotImplementedError: delete this error, for your lines below it are never reached",
        "  Your file: student/activations.py, line 2: raise NotImplementedError(",
    ]


def test_an_error_above_a_branch_that_is_reached_covers_nothing(checked):
    report = checked("def relu(z):\n    if z:\n        raise NotImplementedError\n    return z\n")
    assert states(report)[0] == "not written"


def test_of_two_definitions_the_last_is_shown(checked):
    report = checked("def relu(z):\n    return max(z, 0.0)\n\ndef relu(z):\n    return z\n")
    assert "Your file: student/activations.py, line 4: def relu(z):" in report.text()


def test_a_function_that_needs_one_not_written_yet(checked):
    report = checked("def relu(z):\n    return tanh(z)\n\n" + STUB.format("tanh"))
    assert states(report) == ["failed", "not written"]
    assert "  activations.relu needs activations.tanh, which is not written yet. tanh is yours" in report.text()


@pytest.mark.thorough
def test_a_hang_costs_its_exercise_alone(checked):
    # relu(2.0) comes back, so that the loading is over when the loop begins.
    report = checked("def relu(z):\n    while z < 0:\n        pass\n    return z\n\ndef tanh(z):\n    return z\n")
    assert states(report) == ["timed out", "passed"]
    assert (report.exercises[0].passed, report.exercises[0].checks) == (1, 3)
    assert "activations.relu: does not end. 1 of 3 checks passed.\n" in report.text()
    assert "  relu was still running after 2 seconds: does a loop never end?\n" in report.text()


def test_a_death_costs_its_exercise_alone(checked):
    report = checked("import os\ndef relu(z):\n    os._exit(0)\n\ndef tanh(z):\n    return z\n")
    assert states(report) == ["died", "passed"]
    assert "  the process that ran relu ended in the middle of it: does it call exit" in report.text()


def test_a_syntax_error_is_a_report(checked):
    report = checked("def tanh(z):\n    return z\n\ndef relu(z)\n    return z\n")
    assert states(report) == ["failed", "failed"]
    assert report.text().startswith(
        "activations.relu: not yet. 0 of 3 checks passed.\n"
        "  mlt_nn/activations.py cannot be read: line 4: expected ':'.\n"
        "  Your file: student/activations.py, line 4: def relu(z)\n"
    )


def test_what_python_asks_ends_in_one_mark(checked):
    report = checked(RIGHT + "if relu(1) = 1:\n    pass\n")
    assert "instead of '='.\n" in report.text()


def test_a_file_that_prints_when_it_is_loaded(checked):
    report = checked("print('loading')\n" + RIGHT.replace("max", "min"))
    assert states(report) == ["failed", "passed"]
    assert "  It printed:\n    loading\n" in report.text()
    assert states(checked("print('loading')\n" + RIGHT)) == ["passed", "passed"]


def test_what_a_right_function_printed_is_told_in_one_line(checked):
    report = checked(RIGHT.replace("def relu(z):", "def relu(z):\n    print('z is', z, '!' * 200)"))
    assert report.passed
    line = report.text().splitlines()[1]
    assert line.startswith("  It also printed: z is 2.0 ")
    assert len(line) < 110


HINTS = [
    ("return max(np.array([z, z]), 0)", "np.maximum(z, 0)"),
    ("return z if np.array([z, z]) >= 0 else 0", "np.where(z > 0, this, that)"),
    ("import math\n    return math.exp(np.array([z, z]))", "np.exp, np.log"),
    ("return np.random.default_rng(0).standard_normal(2, 3)", "The shape is one argument, a tuple"),
    ("return np.zeros(2, 3)", "The shape is one argument, a tuple"),
    ("return {1: z}[0]", "Layers are counted 1..L"),
    ("return {1: z}[np.int64(0)]", "Layers are counted 1..L"),
    ("return np.ones(2) * np.ones(3)", "of these two shapes do not go together"),
    ("return np.ones((2, 3)) @ np.ones((2, 4))", "as many as the rows of B"),
    ("return np.dot(np.ones((2, 3)), np.ones((2, 4)))", "do the two stand in the wrong order"),
    ("return None * 2", "lack its return"),
    ("return np.random.default_rng(0).shuffle(np.ones(3))[0]", "rng.shuffle has none"),
    ("return relu", "call it, as in g(z)"),
    ("return np.exp", "call it, as in g(z)"),
    ("return 2 * relu", "call it, as in g(z)"),
    ("return -np.exp", "call it, as in g(z)"),
    ("return max[z]", "call it, as in g(z)"),
    ("return np.array([z])(1 - z)", "a product needs its sign: a * (1 - a)"),
    ("return np.float64(z)(1 - z)", "a product needs its sign: a * (1 - a)"),
    ("return z(1 - z)", "a product needs its sign: a * (1 - a)"),
    ("return (z, z)(0)", "stands in square brackets: a[0]"),
    ("return 'relu'(z)", "the function itself is in g, g_output"),
    ("rng = np.random.default_rng(0)\n    return rng.standard_normal().astype(float)", "Without a shape rng gives"),
    ("return 2.0 * {1: z}", "as in W[l]"),
    ("return np.sign({1: z})", "as in W[l]"),
    ("return [z, z][: 2 / 2]", "// a whole number"),
    ("return [z for _ in range(2 / 2)]", "// a whole number"),
    ("return np.ones(2)[2]", "count with len(a)"),
    ("return np.ones((2, 3))[2]", "Y[j] of a matrix is row j"),
    ("return np.ones((2, 3))[np.ones(3)]", "by True and False"),
    ("return float(np.ones((2, 1)))", "float(...) and the functions of `math`"),
    ("return (z > 0).astype(float)", "z = np.asarray(z) makes an array of it"),
    ("return (i for i in range(3))", "write a list [... for ...]"),
    ("yield z", "`yield`, and (... for ...) in round brackets, make a generator"),
    ("return {1: z}[0.5]", "A float is no layer, and so no key"),
    ("return {1: z}[np.float64(1e-9)]", "A float is no layer, and so no key"),
    ("on_epoch = None\n    return on_epoch(z)", "What you call is None, as on_epoch is"),
    ("rng = None\n    return rng.permutation(3)", "one mini-batch holds all, [slice(None)]"),
    ("return [z[i] for i in range(0, 3, None)]", "one mini-batch holds all, [slice(None)]"),
    ("loss = 0.5\n    return loss(z)", "`loss` is the function"),
    ("return ValueError('z is negative')", "write  raise ValueError(...)"),
    ("return z ^ 2", "x ** 2"),
    ("return np.array([z]) ^ 2", "x ** 2"),
    ("return (1, 2)[2]", "Of n entries the last has the number n - 1"),
    ("return np.ones(2).shape[1]", "A vector has one size alone"),
    ("z = np.float64(z)\n    z[0] = 1", "has no entries to set"),
    ("z = np.int64(z)\n    z[0] = 1", "has no entries to set"),
    ("return z.dtype", "z = np.asarray(z) makes an array of it"),
    ("masks = {1: z}\n    return masks[2]", "masks of the hidden layers alone"),
    # The last, for all are functions of one module.
    ("del globals()['np']\n    return np.exp(z)", "import numpy as np  at the top"),
]


def test_frequent_exceptions_come_with_a_hint(tmp_path):
    folder, others = tmp_path / "student", {exercise.name: [] for exercise in EXERCISES}
    folder.mkdir()
    file = tmp_path / "test_activations.py"
    file.write_text(CHECKS, encoding="utf-8")
    versions = [f"def relu(z):\n    {body}\n" for body, _ in HINTS]
    in_force = write_versions(folder, "activations", others | {"activations.relu": versions})
    collected, told = Checks([file]), []
    with Student(folder) as student:
        for number in range(len(HINTS)):
            in_force("activations.relu", number)
            told.append(collected.report("activations.relu", student))
    assert {result.state for result in told} == {"failed"}
    said = {body: "\n".join(result.lines()) for (body, _), result in zip(HINTS, told, strict=True)}
    assert {body: said[body] for body, advice in HINTS if advice not in said[body]} == {}


def test_what_python_cannot_read_comes_with_a_hint_too(checked):
    report = checked("def relu(z):\n    pass\nreturn z\n", exercises=["activations.relu"])
    assert states(report) == ["failed"]
    assert "indent it by four spaces" in report.text()


def test_other_exceptions_come_without(checked):
    report = checked("def relu(z):\n    raise KeyError('softmax')\n", exercises=["activations.relu"])
    assert report.exercises[0].first_failure.message == "relu raised KeyError: 'softmax'"


def test_a_function_that_is_not_in_the_file_is_told_without_a_check(checked):
    report = checked("def rectify(z):\n    return z\n", exercises=["activations.relu"])
    assert report.text() == textwrap.dedent(
        """\
        activations.relu: not yet. 0 of 3 checks passed.
          mlt_nn/activations.py has no function relu (has it another name?).
          Your file: student/activations.py"""
    )


def test_one_that_its_file_uses_and_does_not_define_is_told_as_that(checked):
    report = checked("def rectify(z):\n    return z\n\n\nTABLE = {'relu': relu}\n", exercises=["activations.relu"])
    assert report.exercises[0].first_failure.message == (
        "mlt_nn/activations.py cannot be imported: line 5: NameError: name 'relu' is not defined.\n"
        "The line  def relu(  must begin at the left margin and keep that name."
    )


@pytest.mark.parametrize(
    ("text", "kind", "exception"),
    [
        ("def relu(z):\n    return 7.0\n", "answer", ""),
        ("def relu(z):\n    raise ValueError('relu returned a value of type generator')\n", "raised", "ValueError"),
        ("class Missing(Exception): pass\ndef relu(z):\n    raise Missing\n", "raised", ""),
        ("class CannotSend(Exception): pass\ndef relu(z):\n    raise CannotSend('x cannot be sent')\n", "raised", ""),
        ("def relu(z):\n    raise SyntaxError('no')\n", "raised", "SyntaxError"),
        ("def relu(z):\n    return (z for z in range(3))\n", "not sent", ""),
        ("def relu(z):\n    return ValueError(z)\n", "not sent", ""),
        ("import numpy as np\ndef relu(z):\n    return np.broadcast_to(0.0, 10**8)\n", "not sent", ""),
        (
            "def relu(z):\n    return tanh(z)\ndef tanh(z):\n    raise NotImplementedError\n",
            "needs",
            "NotImplementedError",
        ),
        ("def rectify(z):\n    return z\n", "missing", ""),
        ("def relu(z)\n", "unreadable", "SyntaxError"),
        ("def relu(z):\n    raise NotImplementedError\n", "not written", "NotImplementedError"),
        ("import os\ndef relu(z):\n    os._exit(0)\n", "died", ""),
    ],
)
def test_what_kind_of_failure_it_was_is_a_field(checked, text, kind, exception):
    failure = checked(text, exercises=["activations.relu"]).exercises[0].first_failure
    assert (failure.kind, failure.exception) == (kind, exception)


def test_a_file_that_is_gone_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr("mlt_nn.grading.student.PACKAGE", tmp_path / "mlt_nn")
    with pytest.raises(FileNotFoundError, match=r"your file mlt_nn/losses\.py is gone\. Get it back:  git checkout"):
        check_exercises([find("losses.one_hot")], folder=tmp_path)


@pytest.mark.thorough
def test_a_file_that_hangs_when_it_is_loaded(checked):
    report = checked("while True:\n    pass\n", exercises=["activations.relu"], deadline=0.5)
    assert states(report) == ["timed out"]
    assert "mlt_nn/activations.py did not finish loading within 0.5 seconds" in report.text()


def test_a_broken_check_is_not_the_student_s_fault(checked):
    checks = CHECKS + '\n@exercise("activations.relu")\ndef test_ours(student):\n    """Ours"""\n    {}["no"]\n'
    report = checked(RIGHT, checks)
    assert states(report) == ["broken", "passed"]
    assert report.text().startswith(
        "activations.relu: open. A check of ours is broken, which is no mistake of yours.\n  Ours: KeyError: 'no'\n"
    )


# Views


def test_the_panel_escapes_what_the_student_wrote(checked):
    html = checked("def relu(z):\n    print('<b>')\n    raise ValueError('<script>')\n")._repr_mimebundle_()[
        "text/html"
    ]
    assert "&lt;script&gt;" in html
    assert "&lt;b&gt;" in html
    assert "<script>" not in html
    assert "not yet." in html


def made(state, folder="mlt_nn", module="activations", **parts):
    kind = {"passed": None, "failed": Kind.ANSWER}[state] if state in ("passed", "failed") else Kind(state)
    outcome = kind and Failure("At 0", False, **{"message": "Why."} | parts, module=module, kind=kind)
    return Report((replace(ExerciseResult.of(find("activations.relu"), [outcome], 1), folder=folder),))


def test_the_panel_links_to_the_student_s_file_when_there_is_something_to_mend():
    link = '<a href="../mlt_nn/activations.py">'
    assert link in made("failed")._repr_mimebundle_()["text/html"]
    assert link in made("not written")._repr_mimebundle_()["text/html"]
    # The stored output of the reference run must be that of a student who got it right.
    assert "href" not in made("passed")._repr_mimebundle_()["text/html"]
    assert "href" not in made("failed", "solutions")._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize("state", ["passed", "failed", "not written", "timed out", "died", "broken"])
def test_the_panel_says_in_words_what_its_color_says(state):
    bundle = made(state, message="why")._repr_mimebundle_()
    first = bundle["text/plain"].splitlines()[0]
    word = first.partition(": ")[2].partition(".")[0]
    assert word
    assert f"{word}.</b>" in bundle["text/html"]


def test_a_line_in_another_file_of_the_student_s_is_named():
    report = made("failed", "solutions", "neuron", line=7, source="return z")
    assert "Your file: solutions/neuron.py, line 7: return z" in report.text()


def test_the_link_leads_to_the_line_of_the_checked_function(monkeypatch):
    def link(**parts):
        return re.search(r'href="([^"]*)"', made("failed", **parts)._repr_mimebundle_()["text/html"])[1]

    assert link(line=7) == "../mlt_nn/activations.py#line=6"  # JupyterLab counts from 0
    assert link(module="neuron", line=7) == "../mlt_nn/activations.py"
    caller = Place("activations", 3, "return neuron(z)", "relu")
    assert link(module="neuron", line=7, caller=caller) == "../mlt_nn/activations.py#line=2"
    monkeypatch.setattr("__main__.__vsc_ipynb_file__", "01_neuron.ipynb", raising=False)  # set by VS Code
    assert link(line=7) == "../mlt_nn/activations.py#L7"
    assert link(module="neuron", line=7) == "../mlt_nn/activations.py"


def test_a_line_in_another_file_comes_after_the_line_that_led_there():
    caller = Place("activations", 3, "return neuron(z)", "relu")
    report = made("failed", module="neuron", line=7, source="return z", caller=caller)
    assert report.text().endswith(
        "  Your file: mlt_nn/activations.py, line 3: return neuron(z)\n  From there: mlt_nn/neuron.py, line 7: return z"
    )
    assert report.to_json()["exercises"][0]["first_failure"]["caller"]["line"] == 3


def test_the_report_as_json(checked):
    report = checked(RIGHT.replace("max", "min")).to_json()
    assert json.dumps(report)
    assert report["passed"] is False
    relu, tanh = report["exercises"]
    assert (relu["name"], relu["max_points"], relu["points"]) == ("activations.relu", 1, 0)
    assert (relu["state"], relu["passed"], relu["checks"], relu["folder"]) == ("failed", 0, 3, "student")
    assert relu["first_failure"]["line"] == 1
    assert relu["first_failure"]["kind"] == "answer"
    assert (tanh["state"], tanh["first_failure"], tanh["wrong_before"]) == ("passed", None, ())


# The check files and the surroundings


def test_a_missing_check_file_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"tests/public/test_losses\.py"):
        check_exercises([find("losses.one_hot")], tmp_path)


@pytest.mark.parametrize(
    ("checks", "complaint"),
    [
        ("def test_a(student:", "SyntaxError"),
        ("import no_such_module", "no_such_module"),
        (
            HEAD + '@exercise("activations.relo")\ndef test_a(student):\n    pass\n',
            "there is no exercise 'activations.relo'",
        ),
        ("def test_a(student):\n    pass\n", "does not say which exercise it checks"),
        (
            HEAD + '@exercise("activations.relu")\ndef test_a(student, tmp_path):\n    pass\n',
            "takes student, tmp_path; a check",
        ),
        ("raise SystemExit", "SystemExit"),
        (HEAD, "there is no check for activations.relu, activations.tanh"),
    ],
)
def test_a_check_file_without_sense_is_our_mistake(checked, checks, complaint):
    with pytest.raises(RuntimeError, match=complaint.replace(".", r"\.")):
        checked(RIGHT, checks)


def test_a_check_file_that_changed_is_read_anew_and_leaves_nothing_behind(checked):
    before = set(sys.modules)
    assert checked(RIGHT).passed
    assert not checked(RIGHT, CHECKS.replace("2.0), 2.0", "2.0), 3.0")).passed
    assert not [name for name in set(sys.modules) - before if "test_activations" in name]


def test_the_surroundings_do_not_matter(checked, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "conftest.py").write_text("raise RuntimeError", encoding="utf-8")
    (tmp_path / "tests" / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "tests")
    assert checked("print('loading')\n" + RIGHT).passed
    assert capfd.readouterr() == ("", "")
    assert os.environ["PYTEST_ADDOPTS"] == "--no-such-option"
    assert sorted(path.name for path in (tmp_path / "tests").iterdir() if path.is_dir()) in ([], ["__pycache__"])


# Tells what was drawn by an assertion that fails.
DRAWN = HEAD + textwrap.dedent(
    """
    @exercise("activations.relu")
    def test_one(student, rng):
        assert False, rng.random()

    @exercise("activations.relu")
    def test_other(student, rng):
        assert False, rng.random()
    """
)


def test_checking_and_grading_take_no_pytest():
    code = "import sys, mlt_nn.grading.check, mlt_nn.teaching.grader.grader; print('pytest' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_each_check_draws_its_own_inputs_from_the_seed_of_the_run(tmp_path):
    file = tmp_path / "test_activations.py"
    file.write_text(DRAWN, encoding="utf-8")
    with Student(SOLUTIONS) as student:
        runs = [[str(ran.raised) for ran in Checks([file], seed).results("activations.relu", student)]
                for seed in (7, 7, 8)]  # fmt: skip
    assert runs[0] == runs[1]
    assert len({*runs[0], *runs[2]}) == 4


def test_plain_pytest_runs_the_same_checks_on_the_same_inputs(tmp_path, monkeypatch):
    (tmp_path / "conftest.py").write_text("from mlt_nn.grading.fixtures import rng, student", encoding="utf-8")
    (tmp_path / "test_activations.py").write_text(DRAWN, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-pno:cacheprovider", "-pno:nbval", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    with Student(SOLUTIONS) as student:
        for ran in Checks([tmp_path / "test_activations.py"]).results("activations.relu", student):
            assert f"AssertionError: {ran.raised}" in done.stdout


def test_what_a_check_prints_is_seen(checked, capfd):
    checks = CHECKS + '\n@exercise("activations.relu")\ndef test_print(student):\n    print("z is 3")\n'
    assert checked(RIGHT, checks).passed
    assert capfd.readouterr().out == "z is 3\n"


def test_an_interrupt_ends_the_check_and_the_worker(checked, monkeypatch):
    ended = []
    end = sys.modules["mlt_nn.grading.student"].Process.end
    monkeypatch.setattr("mlt_nn.grading.student.Process.end", lambda process: ended.append(end(process)))
    checks = CHECKS + '\n@exercise("activations.relu")\ndef test_stop(student):\n    raise KeyboardInterrupt\n'
    with pytest.raises(KeyboardInterrupt):
        checked(RIGHT, checks)
    assert len(ended) == 1


def test_the_solutions_pass_the_public_checks_of_an_exercise(monkeypatch):
    monkeypatch.setenv(VARIABLE, str(SOLUTIONS))
    report = check("activations.softmax")
    assert report.text().startswith("activations.softmax: right. All ")
    assert repr(report) == report.text()


def test_check_in_a_notebook(monkeypatch):
    """In a kernel an event loop runs, and standard output is no file."""
    from jupyter_client.manager import start_new_kernel

    monkeypatch.setenv(VARIABLE, str(SOLUTIONS))
    outputs = []
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        code = "from mlt_nn import check\ncheck('neuron.neuron'); check('neuron.neuron')"
        client.execute_interactive(code, timeout=60, output_hook=outputs.append)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    shown = [each["content"] for each in outputs if each["msg_type"] in ("execute_result", "stream", "error")]
    assert len(shown) == 1
    assert shown[0]["data"]["text/plain"].startswith("neuron.neuron: right. All ")
    assert "&#10003;" in shown[0]["data"]["text/html"]
