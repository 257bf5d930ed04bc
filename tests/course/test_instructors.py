"""The commands that README.md and the guides give to instructors: a class of three, from handing out to giving back."""

import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import PACKAGE, PROJECT

pytestmark = pytest.mark.thorough

README = (PROJECT / "README.md").read_text(encoding="utf-8")
WEEK, HUB = (
    (PACKAGE / "teaching" / "guides" / f"{name}.md").read_text(encoding="utf-8")
    for name in ("a_week_of_grading", "jupyterhub")
)
POINTS = sum(exercise.points for exercise in EXERCISES)


def section(title):
    """The text below a heading of the README, up to the next one."""
    return re.search(rf"^#+ {title}\n(.*?)(?=^#+ )", README, re.MULTILINE | re.DOTALL)[1]


def commands(text):
    """The lines that are set as commands."""
    return re.findall(r"^    (\S.*)$", text, re.MULTILINE)


def run(command, folder, tmp_path, **more):
    """Run a command of a page in a copy of the course, or of its hand-out, with the packages of the tests."""
    *program, command, arguments = re.fullmatch(r"(python3) (-m) (mlt_nn) (\w+)(.*)", command).groups()
    assert program == ["python3", "-m", "mlt_nn"]
    variables = {name: value for name, value in os.environ.items() if not name.startswith("MLT_NN")}
    variables |= {"PYTHONPATH": str(folder), "MLT_NN_DATA": "bundled", "MLT_NN_STATE": str(tmp_path / "state"), **more}
    # `mlt_nn` would install what is missing, and go on with `mlt_nn.cli`.
    line = [sys.executable, "-m", "mlt_nn.cli", command, *shlex.split(arguments)]
    done = subprocess.run(line, cwd=folder, env=variables, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture
def course(tmp_path):
    """A copy of the course, as an instructor has it, in a folder whose name is not a simple one."""
    leave = shutil.ignore_patterns(".git", ".venv", "*cache*", ".hypothesis", ".mlt_nn", "mnist", "*.egg-info")
    return Path(shutil.copytree(PROJECT, tmp_path / "My Köurse", ignore=leave))


def work(student, modules):
    """Write some exercises: the first ones, as the solutions have them."""
    for module in modules:
        shutil.copy(PROJECT / "solutions" / f"{module}.py", student / "mlt_nn")


def test_the_readme_leads_from_handing_out_to_giving_back(course, tmp_path, sandbox):
    release, submit, grade = commands(section("For instructors"))
    assert [release, submit, grade] == commands(WEEK)[:3]

    run(release, course, tmp_path)
    submissions = course / "submissions"
    submissions.mkdir()
    for name, modules in (("Ada Lovelace", MODULES), ("Zoë Müller", MODULES[:2]), ("Cem", ())):
        with zipfile.ZipFile(course / "mlt-nn-course.zip") as archive:
            archive.extractall(tmp_path / name)
        student = tmp_path / name / "mlt-nn-course"
        work(student, modules)
        assert str(student / "mlt-nn-submission.zip") in run(submit, student, tmp_path)
        shutil.move(student / "mlt-nn-submission.zip", submissions / f"{name}.zip")

    def points():
        with open(course / "grades" / "gradebook.csv", encoding="utf-8-sig", newline="") as file:
            return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}

    run(grade, course, tmp_path)
    first = sum(exercise.points for exercise in EXERCISES if exercise.module in MODULES[:2])
    assert points() == {"Ada Lovelace": POINTS, "Zoë Müller": first, "Cem": 0}
    # The other way: the zip of a platform is named in place of the folder.
    with zipfile.ZipFile(course / "moodle.zip", "w") as archive:
        for number, path in enumerate(sorted(submissions.iterdir())):
            archive.write(path, f"{path.stem}_{number}_assignsubmission_file_/mlt-nn-submission.zip")
    assert commands(WEEK)[3] == "python3 -m mlt_nn class"  # tried by test_class_view.py
    for mark in commands(WEEK)[4:6]:
        assert "gradebook.csv show it." in run(mark, course, tmp_path)
    (page,) = (course / "grades" / "students").glob("ada-lovelace-*.html")
    assert "Come and see me about the softmax." in page.read_text(encoding="utf-8")
    assert "Ada Lovelace" in run(commands(WEEK)[6], course, tmp_path)
    shutil.rmtree(submissions)
    (course / "grades" / "gradebook.csv").unlink()
    run(grade.replace(" submissions ", " moodle.zip "), course, tmp_path)
    assert points() == {"Ada Lovelace": POINTS, "Zoë Müller": first, "Cem": 0}
    assert "Zoë Müller" in (course / "grades" / "class.html").read_text(encoding="utf-8")
    assert len(list((course / "grades" / "students").glob("*.html"))) == 3
    for name in re.findall(r"`(grades/[^`]+)`", WEEK):
        assert (course / name).exists()
    rows = re.findall(r"^\| (`.+?`) \| ", section("For instructors"), re.MULTILINE)
    listed = [name for row in rows for name in re.findall(r"`([^`]+)`", row)]
    found = {file.relative_to(course / "grades") for file in (course / "grades").rglob("*") if file.is_file()}
    assert {name for name in listed if any(file.match(name) for file in found)} == set(listed)
    assert [file for file in sorted(found) if not any(file.match(name) for name in listed)] == []


def test_a_students_work_is_laid_over_the_course_as_the_guide_says(course, tmp_path):
    variable, path, check = re.fullmatch(r"(\w+)=(\S+) (python3 .*)", commands(WEEK)[7]).groups()
    shutil.copytree(course / "solutions", course / path)
    said = run(check, course, tmp_path, **{variable: path})
    assert f"{len(EXERCISES)} of {len(EXERCISES)} exercises are right" in said


def test_what_the_readme_has_an_instructor_make_is_nothing_for_git(tmp_path):
    shutil.copy(PROJECT / ".gitignore", tmp_path)
    for name in (
        "grades/gradebook.csv",
        "submissions/ada.zip",
        "mlt-nn-course/README.md",
        "moodle.zip",
        "alike.html",
        "README.md",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    added = subprocess.run(["git", "add", "-A", "-n"], cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert added == "add '.gitignore'\nadd 'README.md'\n"


def test_what_the_readme_names_is_there(course, tmp_path):
    """The commands for a hub are run by test_jupyterhub.py, those within sentences here as far as they go."""
    names = re.findall(r"mlt_nn/[\w/]+\.(?:py|txt)", HUB)
    assert len(names) == 2
    for name in names:
        assert (PROJECT / name).is_file()
    gradescope = commands(WEEK)[8]
    run(gradescope, course, tmp_path)
    assert (course / gradescope.split()[-1]).is_file()
