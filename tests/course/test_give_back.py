"""What lies in the folder of grades in the end."""

import csv
import errno
import json
from dataclasses import replace

import pytest

from mlt_nn.support import writing
from mlt_nn.support.catalogue import EXERCISES
from mlt_nn.teaching.classroom import give_back
from mlt_nn.teaching.pages.student_page import file_names

from .classes import HOSTILE, grade, record, ungraded

BEST = sum(each.points for each in EXERCISES)


def scores(folder):
    """{student: score} of the gradebook."""
    with open(folder / "gradebook.csv", encoding="utf-8-sig", newline="") as stream:
        return {row["student_id"]: row["score"] for row in csv.DictReader(stream)}


def told_of(folder, student):
    """What the student's page and the same for programs say, and whether there are results."""
    name = file_names([student])[student]
    page = (folder / "students" / f"{name}.html").read_text(encoding="utf-8")
    return (
        page,
        (folder / "junit" / f"{name}.xml").read_text(encoding="utf-8"),
        (folder / "results" / f"{name}.json").exists(),
    )


def test_each_student_has_a_page_and_the_same_for_programs(tmp_path):
    class_ = [record("Ada", grade()), record(HOSTILE, grade(problem=HOSTILE)), ungraded("Inga")]
    told = []
    give_back.write(tmp_path, lambda: iter(class_), told.append)
    assert told == [1, 1, 1]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("class.html", "gradebook.csv", "junit", "results", "students"),
    ]
    pages = {path.stem for path in (tmp_path / "students").iterdir()}
    assert len(pages) == 3
    assert {path.stem for path in (tmp_path / "junit").iterdir()} == pages
    # No grade, no score: a program that reads a 0 would take it for one.
    (ada,) = (path for path in (tmp_path / "results").iterdir() if path.name.startswith("ada-"))
    assert {path.stem for path in (tmp_path / "results").iterdir()} == {name for name in pages if name[:4] != "inga"}
    assert json.loads(ada.read_text(encoding="utf-8"))["score"] == BEST
    for path in (tmp_path / "students").iterdir():
        assert path.name in (tmp_path / "class.html").read_text(encoding="utf-8")


def test_names_that_a_file_system_refuses_are_no_file_names(tmp_path):
    names = ["con", "aux.", "Ada.", "..", "Ada" * 1000, "a/b", "a\\b", "nul.zip", " ", "Ada\n"]
    assert give_back.write(tmp_path, lambda: (record(name, grade()) for name in names), lambda _: None) == {}
    pages = [path.name for path in (tmp_path / "students").iterdir()]
    assert len(pages) == len(names)
    assert all(len(page) < 100 and page.count(".") == 1 and page[:4] not in ("con.", "aux.", "nul.") for page in pages)


def test_a_page_that_cannot_be_made_is_an_error_of_that_student_alone(tmp_path):
    class_ = [record("Ada", grade()), record("Bob", grade()), record("Cem", grade())]
    assert give_back.write(tmp_path, lambda: iter(class_), lambda _: None) == {}
    told = []
    class_[1] = replace(class_[1], grade=replace(class_[1].grade, isolation="a word that no template knows"))
    lost = give_back.write(tmp_path, lambda: iter(class_), told.append)
    assert lost.keys() == {"Bob"}
    assert lost["Bob"].startswith("what is given back could not be written: ")
    assert "a word that no template knows" in lost["Bob"]
    assert told == [1, 1, 1]
    # What an earlier grading gave is not left there, as if it were of now.
    page, xml, has_results = told_of(tmp_path, "Bob")
    assert "Not graded yet" in page
    assert 'type="infrastructure error"' in xml
    assert not has_results
    assert scores(tmp_path) == {"Ada": str(BEST), "Bob": "", "Cem": str(BEST)}
    assert "infrastructure error: what is given back could not be written" in (tmp_path / "class.html").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize("at", ["students", "junit", "results"])
def test_a_file_that_cannot_be_written_is_an_error_of_that_student_alone(tmp_path, at):
    name, ending = file_names(["Bob"])["Bob"], {"students": "html", "junit": "xml", "results": "json"}[at]
    (tmp_path / at / f"{name}.{ending}").mkdir(parents=True)  # in its place
    class_ = [record("Ada", grade()), record("Bob", grade()), record("Cem", grade())]
    lost = give_back.write(tmp_path, lambda: iter(class_), lambda _: None)
    assert lost.keys() == {"Bob"}
    assert scores(tmp_path) == {"Ada": str(BEST), "Bob": "", "Cem": str(BEST)}
    assert told_of(tmp_path, "Cem")[2]
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(".")]


@pytest.mark.parametrize(
    ("at", "code"), [(".", errno.ENOSPC), ("students", errno.EACCES), ("junit", errno.EACCES), ("results", errno.EROFS)]
)
def test_a_folder_that_cannot_be_written_ends_the_run_and_no_score_is_lost(tmp_path, monkeypatch, at, code):
    class_ = [record("Ada", grade()), record("Bob", grade())]
    give_back.write(tmp_path, lambda: iter(class_), lambda _: None)
    before = {path: path.read_bytes() for path in (tmp_path / at).rglob("*") if path.is_file()}
    into_place = writing.os.replace

    def refuse(source, target):
        if target.is_relative_to(tmp_path / at):
            raise OSError(code, "cannot be written")
        into_place(source, target)

    monkeypatch.setattr(writing.os, "replace", refuse)
    told = []
    with pytest.raises(OSError, match="cannot be written"):
        give_back.write(tmp_path, lambda: iter(class_), told.append)
    assert told == []
    assert {path: path.read_bytes() for path in (tmp_path / at).rglob("*") if path.is_file()} == before
    assert scores(tmp_path) == {"Ada": str(BEST), "Bob": str(BEST)}
