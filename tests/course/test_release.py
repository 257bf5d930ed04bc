"""The hand-out: all that a student needs, and not one line of a solution or of a hidden check."""

import functools
import html
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
import zipfile
from pathlib import Path

import pytest

from mlt_nn.cli import main
from mlt_nn.support import suspects
from mlt_nn.support.catalogue import EXERCISES, MODULES, NOTEBOOKS
from mlt_nn.support.folders import COURSE, PROJECT, SOLUTIONS
from mlt_nn.teaching.building import release
from mlt_nn.teaching.building.stubs import BEGIN, END, stub_text

pytestmark = pytest.mark.thorough

COMMANDS = {"lab", "check", "progress", "doctor", "submit", "data", "test"}
PUBLIC = sorted((PROJECT / "tests" / "public").glob("*.py"))
# Lines of a solution that may stand in a file of the hand-out for another reason; a new one must be looked at.
BY_RIGHT = {
    ("mlt_nn/plots/networks.py", "L = len(sizes) - 1"): "counts the layers that are drawn",
    ("mlt_nn/plots/networks.py", "for l in range(1, L + 1):"): "goes through the layers that are drawn",
    ("mlt_nn/widgets/learning_rate.py", "return z"): "the identity, drawn by a slider",
    ("mlt_nn/widgets/two_weights.py", "a1_g = z2_g * w2"): "notebook 5 gives this step on its way",
    ("mlt_nn/widgets/two_weights.py", "a2_g = a2 - y"): "notebook 5 gives this step on its way",
}


@pytest.fixture(scope="module")
def files():
    return release.handout()


@pytest.fixture(scope="module")
def written(files, tmp_path_factory):
    """The hand-out as a folder and as a zip."""
    return release.write(tmp_path_factory.mktemp("release") / "spring", files)


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The hand-out without outputs, as a folder."""
    return release.write(tmp_path_factory.mktemp("bare") / "spring", release.handout(outputs=False))[0]


def solution_lines():
    """The lines between the markers, and the text around them."""
    inside, outside = set(), []
    for module in MODULES:
        is_inside = False
        for line in (SOLUTIONS / f"{module}.py").read_text(encoding="utf-8").splitlines():
            if line.strip() in (BEGIN, END):
                is_inside = line.strip() == BEGIN
            elif is_inside and line.strip():
                inside.add(line.strip())
            else:
                outside.append(line)
    return inside, "\n".join(outside)


def read_by_students():
    """The text of the lesson. Suspects are no part of it: their lines are sealed until they are convicted."""
    texts = [(COURSE / "source" / f"{name}.md").read_text(encoding="utf-8") for name in NOTEBOOKS]
    return "\n".join(suspects.BLOCK.sub("", text) for text in texts)


def hidden_lines():
    files = sorted((PROJECT / "tests" / "hidden").glob("*.py"))
    return {line.strip() for file in files for line in file.read_text(encoding="utf-8").splitlines()} - {""}


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from (key, *strings(inner))
    elif isinstance(value, list):
        # A notebook may hold a text as a list of its lines.
        yield "".join(filter(lambda each: isinstance(each, str), value))
        for inner in value:
            yield from strings(inner)


@functools.cache
def searched(data):
    """All that can be read in a file: its bytes as text, and in a notebook each text in it, with HTML undone."""
    text = data.decode("utf-8", "replace")
    if text.startswith("{"):
        inner = "\n".join(strings(json.loads(text)))
        text = "\n".join((inner, html.unescape(inner)))
    # The pixels of pictures, which are most of it: no line of Python is so long without a space or a sign.
    return re.sub(r"[A-Za-z0-9+/]{200,}", " ", text)


def leaks(files):
    """(file, line) for each line of a solution that stands in a file and has no right to be there.

    It has one where the student is meant to read it anyway: in the docstrings and given lines around the solutions, in
    the text of the lesson (not in an output), and in the public checks, which work out what is expected.
    """
    inside, given = solution_lines()
    lesson = read_by_students()
    for name, data in files.items():
        text = searched(data)
        for line in sorted(inside):
            in_lesson = name.startswith("course/") and line in lesson
            in_check = name.startswith("tests/public/") and data == (PROJECT / name).read_bytes()
            if line in text and line not in given and not in_lesson and not in_check and (name, line) not in BY_RIGHT:
                yield name, line


def hidden_leaks(files):
    """(file, line) for each line of a hidden check in a file, unless it is part of what is public."""
    public = [*PUBLIC, *(PROJECT / "mlt_nn").rglob("*.py"), *(COURSE / "source" / f"{name}.md" for name in NOTEBOOKS)]
    public_text = "\n".join(file.read_text(encoding="utf-8") for file in public)
    lines = sorted(line for line in hidden_lines() if line not in public_text)
    for name, data in files.items():
        text = searched(data)
        yield from ((name, line) for line in lines if line in text)


def test_no_line_of_a_solution_is_handed_out(files):
    assert sorted(leaks(files)) == []


def test_no_line_of_a_hidden_check_is_handed_out(files):
    assert sorted(hidden_leaks(files)) == []


def test_the_search_looks_for_nearly_all_lines():
    """So that the rules above do not excuse everything."""
    inside, given = solution_lines()
    lesson = read_by_students()
    assert sum(line not in given for line in inside) > 0.95 * len(inside)
    assert sum(line not in lesson for line in inside) > 0.8 * len(inside)


@pytest.mark.parametrize("place", ["README.md", "output", "html", "stub", "data/new.bin"])
def test_the_search_finds_a_line(files, place):
    inside, _ = solution_lines()
    line = max((each for each in inside if '"' in each or "<" in each or "&" in each), key=len)
    hidden = max(hidden_lines(), key=len)
    planted = dict(files)
    both = f"x\n    {line}\n    {hidden}\n"
    if place in ("output", "html"):
        name = "course/01_neuron.ipynb"
        notebook = json.loads(planted[name])
        cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
        kind = "text/html" if place == "html" else "text/plain"
        text = html.escape(both) if place == "html" else both
        cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": {kind: text.splitlines(True)}}]
        planted[name] = json.dumps(notebook).encode()
    else:
        name = "mlt_nn/neuron.py" if place == "stub" else place
        planted[name] = planted.get(name, b"\xff") + both.encode()
    assert (name, line) in set(leaks({name: planted[name]}))
    assert (name, hidden) in set(hidden_leaks({name: planted[name]}))


def test_what_is_written_is_what_was_searched(files, written):
    folder, archive = written
    on_disk = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert on_disk == files
    with zipfile.ZipFile(archive) as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == {
            f"spring/{name}": data for name, data in files.items()
        }
        # Which day it was when the zip was made, the disk knows.
        day = time.localtime(archive.stat().st_mtime)[:3]
        assert {info.date_time for info in opened.infolist()} == {(*day, 0, 0, 0)}
        assert not opened.comment


def test_nothing_of_teachers_and_maintainers_is_handed_out(files):
    names = set(files)
    for folder in ("solutions/", "tests/hidden/", "tests/course/", "mlt_nn/teaching/", "tests/benchmarks/",
                   "tests/browser/", ".ci/", ".git/", "course/images/"):  # fmt: skip
        assert not [name for name in names if name.startswith(folder)]
    assert "course/source/coverage.md" not in names


def test_what_lies_beside_modules_comes_along(files):
    assert {name for name in files if name.startswith("mlt_nn/") and not name.endswith(".py")} == {
        "mlt_nn/support/constraints.txt",
        "mlt_nn/cli/jupyter_config/jupyter_server_config.json",
        "mlt_nn/cli/jupyter_config/labconfig/default_setting_overrides.json",
        "mlt_nn/widgets/dragging.js",
        "mlt_nn/widgets/drawing_board.js",
        "mlt_nn/widgets/mending.js",
    }


def test_two_releases_of_a_day_are_the_same_bytes(files, written, tmp_path, monkeypatch):
    day = time.localtime(written[1].stat().st_mtime)
    monkeypatch.setattr(release.time, "localtime", lambda: day)
    again = release.write(tmp_path / "spring", release.handout())[1]
    assert again.read_bytes() == written[1].read_bytes()


def test_an_exercise_that_somebody_wrote_in_place_is_a_stub_again(tmp_path):
    for name in (".binder", "course", "data", "mlt_nn", "solutions", "tests"):
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "mnist"))
    for name in ("README.md", "LICENSE", "pyproject.toml", ".gitignore"):
        shutil.copy(PROJECT / name, tmp_path)
    shutil.copy(SOLUTIONS / "neuron.py", tmp_path / "mlt_nn")
    (tmp_path / "mlt_nn" / "neuron.py.orig").write_bytes((SOLUTIONS / "neuron.py").read_bytes())
    files = release.handout(project=tmp_path)
    source = (SOLUTIONS / "neuron.py").read_text(encoding="utf-8")
    assert files["mlt_nn/neuron.py"].decode("utf-8") == stub_text(source, "neuron")
    assert sorted(leaks(files)) == []
    assert "mlt_nn/neuron.py.orig" not in files


@pytest.mark.parametrize(
    ("found", "output", "count"),
    [
        ("was not run once from top to bottom", {"output_type": "stream", "name": "stdout", "text": "1"}, 7),
        ("holds an error", {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}, 1),
        ("holds the state of widgets", {"output_type": "display_data", "data": {"widget-view+json": {}}}, 1),
        ("names a folder of this computer", {"output_type": "stream", "text": [f"in {Path.home()}/mine\n"]}, 1),
    ],
)
def test_a_notebook_that_somebody_worked_in_is_not_handed_out(tmp_path, found, output, count):
    (tmp_path / "course").mkdir()
    notebook = json.loads((COURSE / "01_neuron.ipynb").read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    cell["outputs"], cell["execution_count"] = [output], count
    (tmp_path / "course" / "01_neuron.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(ValueError, match=rf"course/01_neuron\.ipynb {found}.*git checkout course/01_neuron\.ipynb"):
        release.handout(project=tmp_path)


def test_what_is_there_already_is_not_touched(files, tmp_path):
    (tmp_path / "spring").mkdir()
    (tmp_path / "spring" / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="spring"):
        release.write(tmp_path / "spring", files)
    assert [file.name for file in tmp_path.rglob("*")] == ["spring", "mine.txt"]
    (tmp_path / "spring.zip").write_bytes(b"mine")
    with pytest.raises(FileExistsError, match=r"spring and .*spring\.zip are there already\. Delete them, or name"):
        release.write(tmp_path / "spring", files)
    (tmp_path / "fall.zip").write_bytes(b"mine")
    with pytest.raises(FileExistsError, match=r"fall\.zip"):
        release.write(tmp_path / "fall", files)
    assert not (tmp_path / "fall").exists()


def test_nothing_is_left_half_written(files, tmp_path, monkeypatch):
    def fail(*arguments):
        raise OSError("the disk is full")

    monkeypatch.setattr(release, "write_bytes", fail)
    with pytest.raises(OSError, match="the disk is full"):
        release.write(tmp_path / "spring", files)
    monkeypatch.setattr(os, "rename", fail)
    with pytest.raises(OSError, match="the disk is full"):
        release.write(tmp_path / "spring", files)
    assert list(tmp_path.iterdir()) == []


def test_notebooks_are_handed_out_without_outputs_and_the_rest_is_the_same(files):
    for name in NOTEBOOKS:
        content, with_outputs = (json.loads(files[f"course/{folder}{name}.ipynb"]) for folder in ("", "source/"))
        published = json.loads((COURSE / f"{name}.ipynb").read_text(encoding="utf-8"))
        for cell in published["cells"]:
            if "own-lines" in cell["metadata"].get("tags", ()):
                cell["outputs"], cell["execution_count"] = [], None
        assert with_outputs == published
        cells = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
        assert {(len(cell["outputs"]), cell["execution_count"]) for cell in cells} == {(0, None)}
        for cell in (*content["cells"], *with_outputs["cells"]):
            cell.pop("outputs", None)
            cell.pop("execution_count", None)
        assert content == with_outputs


def test_without_outputs_there_is_no_reference_run_either(bare):
    for name in NOTEBOOKS:
        cells = json.loads((bare / f"course/source/{name}.ipynb").read_bytes())["cells"]
        assert not any(cell.get("outputs") for cell in cells)


def test_the_settings_are_those_of_the_project(files):
    mine = tomllib.loads(files["pyproject.toml"].decode("utf-8"))
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    extra = mine["project"].pop("optional-dependencies")
    all_extras = project["project"].pop("optional-dependencies")
    assert mine["project"] == project["project"]
    assert list(extra) == ["test"]
    (package,) = extra["test"]
    assert package.startswith("pytest-xdist>=")
    assert package in all_extras["test"]
    assert mine["tool"]["pytest"]["ini_options"].pop("testpaths") == ["tests/handout"]
    project["tool"]["pytest"]["ini_options"].pop("testpaths")
    assert mine["tool"] == {name: project["tool"][name] for name in ("flit", "pytest")}


def test_the_readme_speaks_to_students_only(files):
    text = files["README.md"].decode("utf-8")
    assert text.startswith("# mlt-nn")
    for word in ("instructor", "maintainer", "solutions", "hidden", "grade ", ".ci", "!["):
        assert word not in text
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert target in files
    commands = set(re.findall(r"python3 -m mlt_nn (\w+)", text))
    assert commands == COMMANDS


def test_a_readme_without_its_parts_is_told(tmp_path):
    with pytest.raises(ValueError, match="For instructors"):
        release._readme("# mlt-nn\n")


def run(folder, *command, **variables):
    """Run Python in a hand-out, with its package in place of the project's."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MLT_NN", "PYTEST"))}
    environment |= {"PYTHONPATH": str(folder), "MLT_NN_DATA": "bundled", **variables}
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    return done.returncode, done.stdout + done.stderr


def test_the_help_lists_the_commands_that_are_there(written):
    code, shown = run(written[0], "-m", "mlt_nn.cli", "--help")
    assert code == 0
    assert tuple(sorted(re.findall(r"^    (\w+) ", shown, re.MULTILINE))) == tuple(sorted(COMMANDS))
    code, shown = run(written[0], "-m", "mlt_nn.cli", "grade")
    assert code == 2
    assert "invalid choice: 'grade'" in shown


def test_it_passes_its_own_test(written):
    code, shown = run(written[0], "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert code == 0, shown
    assert str(PROJECT) not in shown


def test_every_exercise_waits_to_be_written(written, tmp_path):
    code, shown = run(written[0], "-m", "mlt_nn.cli", "progress", MLT_NN_STATE=str(tmp_path))
    assert code == 0
    points = sum(exercise.points for exercise in EXERCISES)
    assert f"In all: 0 of {points} points." in shown
    assert shown.count("not written yet") == len(EXERCISES)
    assert len(re.findall(r"0 of \d+ questions answered", shown)) == len(NOTEBOOKS)


def test_what_a_student_made_with_it_can_be_handed_in(written, tmp_path):
    out = tmp_path / "work.zip"
    code, shown = run(written[0], "-m", "mlt_nn.cli", "submit", "--out", str(out), MLT_NN_EXERCISES=str(SOLUTIONS))
    assert code == 0, shown
    assert f"{len(EXERCISES)} of {len(EXERCISES)} exercises are right" in shown
    assert zipfile.ZipFile(out).namelist()[0] == "manifest.json"


@pytest.mark.parametrize("kind", ["with outputs", "without"])
def test_a_notebook_is_checked_against_the_published_one(written, bare, tmp_path, kind):
    folder = shutil.copytree(written[0] if kind == "with outputs" else bare, tmp_path / "mine")
    notebook = folder / "course" / "01_neuron.ipynb"
    notebook.write_text("what the student saved", encoding="utf-8")
    code, shown = run(folder, "-m", "mlt_nn.cli", "check", "01", MLT_NN_EXERCISES=str(SOLUTIONS))
    assert code == 0, shown
    told = "Every cell came out as in the course's own run." if kind == "with outputs" else "Every cell ran."
    assert told in shown


def test_a_file_that_is_gone_comes_from_the_zip(bare, tmp_path):
    folder = shutil.copytree(bare, tmp_path / "mine")
    (folder / "mlt_nn" / "losses.py").unlink()
    code, shown = run(folder, "-m", "mlt_nn.cli", "check", "losses")
    assert code == 1
    assert "Take mlt_nn/losses.py from the course's zip again." in shown


def test_the_command_makes_it_and_says_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["release"]) == 0
    said = capsys.readouterr().out
    assert f"Written: {tmp_path / 'mlt-nn-course'} and {tmp_path / 'mlt-nn-course.zip'}" in said
    assert sorted(Path().iterdir()) == [Path("mlt-nn-course"), Path("mlt-nn-course.zip")]
    assert main(["release"]) == 1
    (tmp_path / "a.zip").touch()
    (tmp_path / "mlt-nn-course.zip").unlink()
    assert main(["release", "mlt-nn-course", "--gradescope", "a.zip"]) == 1
    told = f"{tmp_path / 'a.zip'} and {tmp_path / 'mlt-nn-course'} are there already. Delete them, or name"
    assert told in capsys.readouterr().err
    (tmp_path / "a.zip").unlink()
    assert main(["release", "mlt-nn-course", "--gradescope", "a.zip"]) == 1
    assert "mlt-nn-course is there already. Delete it, or name another place." in capsys.readouterr().err
    assert not (tmp_path / "a.zip").exists()
