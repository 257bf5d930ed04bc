"""The page "Change the course" is followed word for word, in a copy of the project: what it says must work."""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest

from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import PACKAGE, PROJECT
from mlt_nn.teaching.building.stubs import BEGIN, END

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(
        any(exercise.name == "activations.leaky_relu" for exercise in EXERCISES),
        reason="somebody follows the page just now: what it adds is there",
    ),
]

PAGE = PACKAGE / "teaching" / "guides" / "change_the_course.md"
COPIED = (
    *("pyproject.toml", "mlt_nn", "solutions", "course/source", "course/nbval.cfg", "tests/public", "tests/hidden"),
    *(f"tests/course/{name}.py" for name in ("equivalent_mutants", "mutants", "versions", "wrong_versions")),
    *(f"tests/course/test_{name}.py" for name in ("catalogue", "exercise_checks", "mutants", "stubs")),
    "tests/course/alternatives",
)
# A block of the page with the text before it.
BLOCK = re.compile(
    r"(?P<before>.*?)^(?P<fence>````?)(?P<kind>\w+)\n(?P<text>.*?)^(?P=fence)$", re.DOTALL | re.MULTILINE
)


def blocks():
    """The page's blocks as (the sentence before it, its kind, its text)."""
    for match in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        sentence = " ".join(match["before"].replace("**", "").split()).rpartition(". ")[2]
        yield sentence, match["kind"], match["text"]


def follow(project, sentence, text):
    """Do what a sentence says with the text of its block."""
    match re.findall(r"`(.+?)`", sentence), sentence.split("`")[0].strip():
        case [path], "At the end of":
            file = project / path
            file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
        case [path], "A new file":
            (project / path).write_text(text, encoding="utf-8")
        case [table, path], "As the last of":
            file = project / path
            lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
            start = next(number for number, line in enumerate(lines) if line.startswith(f"{table} = "))
            end = next(number for number, line in enumerate(lines) if number > start and line[0] in ")}]")
            file.write_text("".join([*lines[:end], text, *lines[end:]]), encoding="utf-8")
        case _:
            pytest.fail(f"the page says where a block belongs in words that this test does not know: {sentence!r}")


def run(project, command, **environment):
    """A command of the page; returns what it printed."""
    start, rest = command[: len("python3 -m mlt_nn ")], command[len("python3 -m mlt_nn ") :]
    assert start == "python3 -m mlt_nn "
    arguments = shlex.split(rest)
    # The tests of the tests get no processes of their own.
    arguments += ["-n0", "-p", "no:cacheprovider"] if arguments[0] == "test" else []
    done = subprocess.run(
        [sys.executable, "-m", "mlt_nn.cli", *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project), "MLT_NN_DATA": "bundled", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project in which the page has been followed, and what its commands printed."""
    copy = tmp_path_factory.mktemp("project")
    for name in COPIED:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(PROJECT / name, copy / name)
    printed = {}
    for sentence, kind, text in blocks():
        if kind == "sh":
            printed |= {command: run(copy, command) for command in text.splitlines()}
        else:
            follow(copy, sentence, text)
    return copy, printed


def test_its_commands_succeed_and_run_the_new_tests_and_the_notebook(project):
    copy, printed = project
    assert {command: outcome for command, outcome in printed.items() if outcome[0] != 0} == {}
    built, tested, checked = (outcome for _, outcome in printed.values())
    assert "mlt_nn/activations.py: written" in built
    assert "course/10_leaky_relu.ipynb: run and written" in built
    # The tests in a browser, which are not in the copy, want a picture in each notebook.
    assert "<figcaption" in (copy / "course" / "10_leaky_relu.ipynb").read_text(encoding="utf-8")
    assert "leaky_relu is yours to write" in (copy / "mlt_nn" / "activations.py").read_text(encoding="utf-8")
    # The cells of the notebook and the checks, of those that give the points three; a test or more for each module.
    assert int(re.search(r"(\d+) passed", tested)[1]) >= 7
    assert int(re.search(r"(\d+) passed", checked)[1]) >= len(MODULES)


def test_each_mistake_of_the_page_is_told_by_its_name(project):
    copy, _ = project
    text = next(text for sentence, _, text in blocks() if "`WRONG`" in sentence)
    ((name, wrong),) = ast.literal_eval("{" + text + "}").items()
    module, _, function = name.partition(".")
    solution = (copy / "solutions" / f"{module}.py").read_text(encoding="utf-8")
    assert wrong
    for number, (sentence, body) in enumerate(wrong.items()):
        begin = solution.index(BEGIN, solution.index(f"def {function}("))
        folder = copy / f"student-{number}"
        folder.mkdir()
        changed = solution[:begin] + body + "\n" + solution[solution.index(END, begin) + len(END) :]
        (folder / f"{module}.py").write_text(changed, encoding="utf-8")
        code, told = run(copy, f"python3 -m mlt_nn check {name}", MLT_NN_EXERCISES=str(folder))
        assert (code, sentence in told) == (1, True), told


@pytest.mark.parametrize("folder", ["solutions", "tests/course/alternatives"])
def test_what_the_page_calls_right_passes_its_check(project, folder):
    copy, _ = project
    code, told = run(copy, "python3 -m mlt_nn check activations.leaky_relu", MLT_NN_EXERCISES=str(copy / folder))
    assert (code, "activations.leaky_relu: right." in told) == (0, True), told
