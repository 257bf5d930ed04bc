"""The README's example, figures, rooms and links: true as they stand."""

import inspect
import os
import re
import subprocess
import sys

import pytest
from course.wrong_versions import WRONG

from mlt_nn.grading.patience import ASLEEP
from mlt_nn.grading.student import Student
from mlt_nn.support.catalogue import MODULES, NOTEBOOKS
from mlt_nn.support.folders import PACKAGE, PROJECT
from mlt_nn.teaching.building import release

BENCHMARKS = PROJECT / "tests" / "benchmarks" / "README.md"
PAGES = [PROJECT / "README.md", BENCHMARKS, *sorted((PACKAGE / "teaching" / "guides").glob("*.md"))]
README = PAGES[0].read_text(encoding="utf-8")


def section(title):
    """The text below a heading, up to the next one."""
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)[1]


def test_what_a_wrong_answer_is_told_is_what_the_command_says(tmp_path):
    example = section("What a wrong answer is told")
    function, told = re.findall(r"^```\w+\n(.*?)^```$", example, re.MULTILINE | re.DOTALL)
    head, _, wrong = function.partition("\n")
    (arguments,) = re.findall(r"^    python3 -m mlt_nn (.+)$", example, re.MULTILINE)
    folder, _ = release.write(tmp_path / "mlt-nn-course", release.handout())
    file = folder / "mlt_nn" / "activations.py"
    before, found, after = file.read_text(encoding="utf-8").partition(f"\n{head}\n")
    assert found
    text = before + found + re.sub(r"^    raise .*?^    \)\n", lambda _: wrong, after, count=1, flags=re.M | re.S)
    assert wrong in text
    file.write_text(text, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MLT_NN")}
    done = subprocess.run(
        [sys.executable, "-m", "mlt_nn.cli", *arguments.split()],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(folder), "MLT_NN_STATE": str(tmp_path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (1, told.strip(), "")


def test_as_many_mistakes_are_known_as_it_says():
    (told,) = re.findall(r"Over (\d+) mistakes are known by name", README)
    assert sum(map(len, WRONG.values())) // 100 * 100 == int(told)


def test_an_endless_loop_costs_what_it_says():
    seconds = inspect.signature(Student).parameters["deadline"].default
    assert (seconds, ASLEEP * seconds) == (2, 10)
    assert "costs two seconds (ten on Windows and macOS)" in README


def measured(title):
    """A benchmark's rows by their first cell, each as {column: cell}, and the day."""
    text = BENCHMARKS.read_text(encoding="utf-8")
    part = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)[1]
    head, _, *rows = ([cell.strip() for cell in line[1:-1].split("|")] for line in re.findall(r"^\|.*\|$", part, re.M))
    return {row[0]: dict(zip(head, row, strict=True)) for row in rows}, re.search(r"Measured ([\d-]+):", part)[1]


def test_the_figures_are_those_of_the_tables():
    told = " ".join(section("Speed").split())
    titles = ("Training", "Time to an accuracy", "Feedback", "Grading", "Attacks")
    tables = {title: measured(title) for title in titles}
    (epoch, reached, feedback, grading, attacks) = (rows for rows, _ in tables.values())
    seconds = epoch["128, float32, relu"]
    to_97 = {who: reached[f"{who} to 97%"]["median, s"] for who in ("mlt-nn", "scikit-learn", "PyTorch")}
    answer = feedback["check of one exercise, in a live kernel, s"]
    rate = {row: cells["submissions a minute and core, median"] for row, cells in grading.items()}
    earned = attacks["attacks that earn marks, of 21"]
    marks = {who.partition(" ")[0]: cell.partition(":")[0] for who, cell in earned.items()}
    for figures in (
        "(784-50-10, ReLU, float32, mini-batches of 128) "
        f"takes {seconds['mlt-nn, s']} s; scikit-learn takes {seconds['scikit-learn, s']} s, "
        f"PyTorch {seconds['PyTorch, s']} s",
        f"{to_97['mlt-nn']} s; scikit-learn {to_97['scikit-learn']} s and PyTorch {to_97['PyTorch']} s",
        f"after {answer['median']} s; our goal is {answer['goal'].removeprefix('median below ')} s",
        f"takes {rate['mlt-nn, 1 process']} small submissions a minute and core "
        f"({rate['mlt-nn, whole course, 1 process']} whole courses); "
        f"nbgrader {rate['nbgrader 0.9.6']}, Otter-Grader {rate['Otter-Grader 7.0.0']}",
        f"Of 21 attacks on the grader {marks['mlt-nn']} earn marks; "
        f"{marks['nbgrader']} do with nbgrader, {marks['Otter-Grader']} with Otter-Grader",
    ):
        assert figures in told
    assert {day for _, day in tables.values()} == set(re.findall(r"(?:Measured|the grader) (\d[\d-]{9})", told))


def test_every_room_has_its_line():
    table = section("For maintainers")
    rooms = {folder.name for folder in PACKAGE.iterdir() if folder.is_dir() and any(folder.glob("*.py"))}
    rooms |= {folder.name for folder in (PROJECT / "tests").iterdir() if folder.is_dir() and any(folder.glob("*.py"))}
    named = set(re.findall(r"(\w+)/`", "".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE))))
    assert rooms
    assert rooms <= named
    assert named - rooms == {"solutions", "source"}
    assert len(MODULES) == 9
    assert "the nine files" in table


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_its_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    # What stands in a block of four fences is the text of another file.
    text = re.sub(r"^````.*?^````$", "", text, flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\]\(([^)]+)\)", text) + re.findall(r'<img src="([^"]+)"', text)
    assert targets
    for target in targets:
        file, _, heading = target.partition("#")
        if file.startswith("https://"):
            continue
        assert (page.parent / file).is_file(), target
        if heading:
            headings = re.findall(r"^#+ (.+)$", (page.parent / file).read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in {each.lower().replace(" ", "-") for each in headings}, target


def test_it_can_be_read_in_five_minutes():
    assert len(README.splitlines()) - len(NOTEBOOKS) <= 141  # each has its row
