"""The course file: what it says, what is wrong with it, and what becomes of an assignment in commands and tables."""

import csv
import json
import os
import re
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from mlt_nn.cli import main
from mlt_nn.cli.progress import progress
from mlt_nn.support import assignments
from mlt_nn.support.assignments import WHOLE_COURSE, CourseFileError, LateRule, shown
from mlt_nn.support.catalogue import EXERCISES, named
from mlt_nn.support.folders import COURSE, PROJECT, SOLUTIONS
from mlt_nn.support.overlay import VARIABLE
from mlt_nn.teaching.building import autograder, release
from mlt_nn.teaching.classroom import class_run, give_back, late, pools
from mlt_nn.teaching.classroom.collect import Collected, Found
from mlt_nn.teaching.classroom.student import Student
from mlt_nn.teaching.classroom.term import Term
from mlt_nn.teaching.grader import grader
from mlt_nn.teaching.grader.isolation import Isolation, launch
from mlt_nn.teaching.grader.submission import read
from mlt_nn.teaching.gradescope.results import results
from mlt_nn.teaching.pages import student_page
from mlt_nn.teaching.pages.text import counted

from . import classes
from .test_term import FOUND, hand_in, outcome

BERLIN = ZoneInfo("Europe/Berlin")
WEEKS = """
timezone = "Europe/Berlin"

[[assignment]]
name = "week-1"
exercises = ["01", "activations"]
points = 30
dropped = ["activations.identity"]
optional = ["activations.softmax"]
due = 2026-11-30T23:59:00
late = { percent_a_day = 10, grace_minutes = 15, at_most = 50 }

[assignment.extensions]
"Ada" = 2026-12-04T23:59:00

[[assignment]]
name = "week-2"
exercises = ["03_forward_pass", "losses.one_hot"]
points = { "network.forward_pass" = 6.5 }
due = 2026-12-07T12:00:00+02:00
"""
WEEK_2 = 6.5 + sum(each.points for each in named("03") + named("losses.one_hot") if each.name != "network.forward_pass")
ONE = '[[assignment]]\nname = "a"\nexercises = ["01"]\n'


@pytest.fixture
def course(tmp_path, monkeypatch):
    """course(text): the course file with that text, which all commands read."""

    def write(text):
        file = tmp_path / f"course-{len(list(tmp_path.glob('course-*')))}.toml"
        file.write_text(text, encoding="utf-8")
        monkeypatch.setattr(assignments, "FILE", file)
        return assignments.assignments()

    return write


# What the file says


def test_the_file_as_it_is_handed_out_to_teachers_is_the_whole_course(tmp_path):
    assert assignments.assignments() == (WHOLE_COURSE,) == assignments.read(tmp_path / "none")
    assert WHOLE_COURSE.exercises == EXERCISES
    points = sum(exercise.points for exercise in EXERCISES)
    assert (WHOLE_COURSE.name, WHOLE_COURSE.due, WHOLE_COURSE.points) == ("mlt-nn", None, points)


def test_the_example_in_the_file_works(course):
    text = (COURSE / "course.toml").read_text(encoding="utf-8")
    first, second = course(re.sub(r'^# ?(?=\[|\w+ = |")', "", text, flags=re.MULTILINE))
    assert (first.name, first.points, first.optional) == ("week-1", 20, ("activations.softmax",))
    assert first.due == datetime(2026, 11, 30, 23, 59, tzinfo=BERLIN)
    assert first.late == LateRule(10, timedelta(minutes=15), 50)
    assert first.extensions == (("ada@example.org", datetime(2026, 12, 4, 23, 59, tzinfo=BERLIN)),)
    assert [each.name for each in second.exercises] == names("03_forward_pass", "04_losses")


def test_points_in_all_are_shared_out_and_optional_exercises_are_beyond_them(course):
    first, second = course(WEEKS)
    own = {each.name: each.points for each in first.exercises}
    assert "activations.identity" not in own
    needed = sum(points for name, points in own.items() if name != "activations.softmax")
    assert needed == pytest.approx(30) == first.points
    assert own["activations.sigmoid"] == pytest.approx(2 * own["activations.relu"])
    assert {each.name: each.points for each in second.exercises}["network.forward_pass"] == 6.5
    assert second.points == sum(each.points for each in second.exercises) == WEEK_2


@pytest.mark.parametrize(
    ("local", "instant"),
    [
        ("2026-07-01T12:00:00", "2026-07-01T10:00:00+00:00"),
        ("2026-10-25T02:30:00", "2026-10-25T01:30:00+00:00"),  # twice on the clock: the later one
        ("2026-03-29T02:30:00", "2026-03-29T01:30:00+00:00"),  # never on the clock: the later reading
        ("2026-07-01T12:00:00-05:00", "2026-07-01T17:00:00+00:00"),
    ],
)
def test_a_due_date_is_an_instant(course, local, instant):
    (only,) = course(f'timezone = "Europe/Berlin"\n{ONE}due = {local}')
    assert only.due.astimezone(UTC) == datetime.fromisoformat(instant)


WRONG = {
    "[[assignment]\n": r"course-0.toml cannot be read: .*at line 1",
    "time_zone = 'UTC'": "a key is 'time_zone'; expected is 'timezone'",
    "timezone = 'Europe/Bonn'": "timezone is 'Europe/Bonn'; expected is one that this computer knows",
    "timezone = 3": "timezone is 3;",
    "assignment = 3": r"assignment is 3; expected is tables, each under \[\[assignment\]\]",
    "assignment = [3]": "assignment 1: assignment is 3",
    "[[assignment]]\nexercises = ['01']": "assignment 1: name is None; expected is a name that a folder can have",
    ONE + "points_ = 3": "assignment 'a': a key is 'points_'; expected is 'points'",
    ONE + "xyz = 3": "a key is 'xyz'; expected is one of name, exercises",
    ONE.replace("01", "softmax"): "exercises: there is no exercise, .* 'softmax': did you mean 'activations.softmax'",
    ONE.replace("01", "33"): "exercises: there is no notebook '33'",
    ONE.replace('["01"]', '"01"'): "exercises is '01'; expected is a list of notebooks or exercises",
    ONE.replace('["01"]', "[]"): r"exercises is \[\]; expected is a list",
    ONE.replace('"01"', "3"): "exercises: there is no exercise, module or notebook 3",
    ONE + "dropped = ['losses']": "dropped is 'losses.cross_entropy'; expected is an exercise that the assignment has",
    ONE + "optional = ['01']": "one at least that is neither dropped nor optional",
    ONE + "points = -1": "points is -1; expected is a number from 0 to 1,000,000",
    ONE + "points = 0": "points is 0; expected is more than 0",
    ONE + "points = nan": "points is nan",
    ONE + "points = true": "points is True",
    ONE + "points = { 'neuron.neuron' = -1 }": "points of neuron.neuron is -1",
    ONE + "points = { 'neuron.neurn' = 1 }": "did you mean 'neuron.neuron'",
    ONE
    + "points = { 'losses.one_hot' = 1 }": "points is 'losses.one_hot'; expected is an exercise that the assignment",
    ONE + "points = { neuron = 1 }": "points is 'neuron'; expected is an exercise by its whole name",
    ONE + "due = 2026-11-30T23:59:00": "due is 2026-11-30 23:59:00; expected is an offset behind it",
    ONE + "due = 2026-11-30": "due is '2026-11-30'; expected is a date with a time",
    ONE + "due = '2026-11-30T23:59:00Z'": "without quotation marks",
    ONE + "extensions = { Ada = 2026-11-30T23:59:00Z }": "extensions is .*; expected is a due date beside it",
    ONE
    + "due = 2026-11-30T23:59:00Z\nextensions = { Ada = 2026-12-01T10:00:00 }": "extensions of Ada is 2026-12-01 10",
    ONE + "late = 10": "late is 10; expected is a table with percent_a_day, grace_minutes, at_most",
    ONE + "late = { percent = 10 }": "a key is 'percent'",
    ONE + "late = { percent_a_day = 101 }": "late.percent_a_day is 101; expected is a number from 0 to 100",
    ONE + ONE.replace("01", "02"): "assignment 'a': name is 'a'; expected is another name",
    ONE + ONE.replace('"a"', '"A"').replace("01", "02"): "name is 'A'; expected is another name",
    ONE + ONE.replace('"a"', '"b"'): "exercises is 'neuron.neuron'; expected is an exercise that is not in 'a' already",
}
WRONG |= {
    ONE.replace('"a"', f"'{name}'"): "name is" for name in ("", "a/b", "..", " a", "a.", "CON", "nul.txt", 99 * "a")
}


@pytest.mark.parametrize("text", WRONG)
def test_a_mistake_is_one_sentence_that_names_place_value_and_what_was_expected(course, text):
    with pytest.raises(CourseFileError, match=WRONG[text]) as raised:
        course(text)
    assert "\n" not in str(raised.value)
    assert "course-0.toml" in str(raised.value)


@pytest.mark.parametrize("command", ["progress", "submit", "release", "grade"])
def test_a_mistake_is_told_before_anything_is_done(course, command, tmp_path, monkeypatch, capsys):
    with pytest.raises(CourseFileError):
        course(ONE + "points = -1")
    monkeypatch.chdir(tmp_path)
    arguments = {"submit": ["--out", "work.zip"], "release": ["out"], "grade": [str(SOLUTIONS), "--out", "grades"]}
    before = sorted(tmp_path.iterdir())
    assert main([command, *arguments.get(command, [])]) == 1
    said = capsys.readouterr()
    assert "points is -1" in said.err
    assert said.out == ""
    assert sorted(tmp_path.iterdir()) == before


def test_a_name_with_letters_of_any_language_is_fit_for_a_folder(course):
    (only,) = course(ONE.replace('"a"', '"Übung 3.1"'))
    assert only.name == "Übung 3.1"


# Late


DUE = datetime(2026, 10, 24, 23, 59, tzinfo=BERLIN)
RULE = LateRule(10, timedelta(minutes=15), 25)


@pytest.mark.parametrize(
    ("when", "days", "percent"),
    [
        (DUE - timedelta(days=3), 0, 0),
        (DUE, 0, 0),
        (DUE + timedelta(minutes=15), 0, 0),
        (DUE + timedelta(minutes=15, microseconds=1), 1, 10),
        # The clocks go back in that night: by them a day and an hour have passed after 25 hours.
        (datetime(2026, 10, 25, 23, 14, tzinfo=BERLIN), 1, 10),
        (datetime(2026, 10, 25, 23, 15, tzinfo=BERLIN), 2, 20),
        (datetime(2026, 10, 25, 22, 14, tzinfo=UTC), 1, 10),
        (datetime(2026, 10, 25, 22, 14, 1, tzinfo=UTC), 2, 20),
        (DUE + timedelta(days=400), 401, 25),
    ],
)
def test_days_begin_after_the_grace_and_last_24_hours(when, days, percent):
    assert late.days(RULE, DUE, when) == days
    assert late.percent(RULE, days) == percent
    assert late.days(RULE, DUE.astimezone(timezone(timedelta(hours=-8))), when.astimezone(UTC)) == days


def test_an_extension_takes_the_place_of_the_due_date(course):
    first, _ = course(WEEKS)
    until = datetime(2026, 12, 4, 23, 59, tzinfo=BERLIN)
    for name, who in ((" ada ", None), ("Bob", Student("ADA")), ("Bob", Student("B", email="ADA"))):
        assert late.due(late.settled(first, [(name, who), ("Cem", None)]), name) == until
    assert late.due(late.settled(first, [("Bob", None)]), "Bob") == first.due


ADA = ("Ada (1)", Student("Ada", student_id="1", email="ada@example.org"))


@pytest.mark.parametrize(
    ("called", "other", "whose"),
    [
        ("ada@example.org", ("Ada@Example.org", None), "Ada (1)"),
        ("1", ("1", Student("1", email="mallory@example.org")), "Ada (1)"),
        ("Ada", ("ada", None), None),
        ("Ada", ("Ada (2)", Student("Ada", email="mallory@example.org")), None),
        ("Ada (1)", ("ADA  (1)", None), "Ada (1)"),
    ],
)
def test_who_is_called_like_another_does_not_get_the_other_s_extension(course, tmp_path, called, other, whose):
    until = datetime(2026, 12, 4, tzinfo=BERLIN)
    first = replace(course(WEEKS)[0], extensions=((called, until),))
    row = FOUND | {"key": "a", "sha": "s", "page": "p"}
    with Term(tmp_path) as term:
        term.add("a", outcome())
        term.hand_in(first.name, [row | {"student": name, "who": who} for name, who in (ADA, other)])
        due = {each.student: each.due for each in term.records(first)}
        assert due == {ADA[0]: first.due, other[0]: first.due} | ({whose: until} if whose else {})
        (own,) = term.records(first, ADA[0])
        assert own.due == due[ADA[0]]


def handed_in(first, student="Bob", days=0.0, wrong=None, **more):
    when = first.due + timedelta(days=days)
    graded = first.of(classes.grade(wrong or {}))
    return classes.record(student, graded, **{"when": when, "assignment": first} | more)


def test_the_penalty_is_a_share_of_the_points_earned(course):
    first, _ = course(WEEKS)
    record = handed_in(first, days=1.5, wrong={"neuron.neuron": {}, "activations.softmax": {}})
    unit = next(each.points for each in first.exercises if each.name == "neuron.neuron")
    assert record.total() == pytest.approx(30 - unit, abs=1e-4)
    assert record.penalty() == pytest.approx(0.2 * record.total(), abs=1e-4)
    assert record.score() == pytest.approx(0.8 * record.total(), abs=1e-4)
    assert handed_in(first, "Ada", days=1.5).penalty() == 0
    assert handed_in(first, days=400).penalty() == 15
    unknown = handed_in(first, when=None, late=True)
    assert (unknown.penalty(), unknown.is_late, unknown.late_unknown) == (0, True, True)
    saved = handed_in(first, days=1.5, when_by="the file")
    assert (saved.penalty(), saved.is_late, saved.late_unknown) == (0, False, True)
    early = handed_in(first, days=-1, when_by="the file")
    assert (early.days_late, early.late_unknown) == (0, False)
    for flag, days, who, doubted in (
        (True, -1, "Bob", True),
        (False, -1, "Bob", False),
        (True, 1, "Ada", False),
    ):
        own = handed_in(first, who, days=days, late=flag, when_by="the manifest")
        assert (own.penalty(), own.is_late, own.late_unknown) == (0, doubted, doubted)
    assert handed_in(first, days=1.5, late=True, when_by="the manifest").days_late == 2
    broken = handed_in(first, days=9, wrong={"neuron.neuron": {"state": "broken"}})
    assert (broken.total(), broken.penalty(), broken.score()) == (None, None, None)


def test_what_is_optional_fills_up_what_is_missing_and_no_more(course):
    first, _ = course(WEEKS)
    points = {each.name: each.points for each in first.exercises}
    both = handed_in(first, wrong={"activations.sigmoid": {}})
    assert both.total() == 30  # the softmax is worth more than the sigmoid
    assert both.grade.points == both.total()
    assert both.grade.max_points == 30
    without = handed_in(first, wrong={"activations.sigmoid": {}, "activations.softmax": {}})
    assert without.total() == pytest.approx(30 - points["activations.sigmoid"], abs=1e-4)
    assert handed_in(first).total() == 30


# What is given back


def test_an_optional_exercise_that_is_wrong_is_said_to_be_one(course, tmp_path):
    first, _ = course(WEEKS)
    student_page.write(tmp_path / "page", handed_in(first, wrong={"activations.softmax": {}, "activations.tanh": {}}))
    text = re.sub("<[^>]+>", "", (tmp_path / "page").read_text(encoding="utf-8"))
    points = {each.name: each.points for each in first.exercises}
    assert f"0 of {counted(points['activations.softmax'], 'point', 'points')}, optional. 0 of 4 hidden checks" in text
    assert f"0 of {counted(points['activations.tanh'], 'point', 'points')}. 0 of 4 hidden checks" in text


def test_who_handed_in_nothing_reads_of_which_assignment_and_until_when(course, tmp_path):
    first, _ = course(WEEKS)
    absent = classes.record("Wen", attempt=0, when=None, status="nothing handed in", assignment=first)
    student_page.write(tmp_path / "page", absent)
    text = " ".join(re.sub("<[^>]+>", " ", (tmp_path / "page").read_text(encoding="utf-8")).split())
    assert "Wen week-1. Due: 2026-11-30 23:59 CET. Nothing was handed in" in text
    assert "Attempt" not in text


def test_pages_and_tables_hold_the_exercises_of_the_assignment_alone(course, tmp_path):
    first, _ = course(WEEKS)
    wrong = {"neuron.neuron": {}, "activations.tanh": {"state": "not written"}, "losses.one_hot": {}}
    ada, bob = handed_in(first, "Ada", days=2), handed_in(first, days=0.5, wrong=wrong)
    cem = handed_in(first, "Cem", when=None)
    dan = handed_in(first, "Dan", days=1, when_by="the file")
    eve = handed_in(first, "Eve", days=-1, when_by="the manifest", late=True)
    give_back.write(tmp_path, lambda: iter([ada, bob, cem, dan, eve]), lambda _: None, first)
    with (tmp_path / "gradebook.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [name for name in rows[0] if "." in name] == [each.name for each in first.exercises]
    assert [row["duedate"] for row in rows] == ["2026-12-04 23:59:00+01:00"] + ["2026-11-30 23:59:00+01:00"] * 4
    assert {row["assignment"] for row in rows} == {"week-1"}
    assert {float(row["max_score"]) for row in rows} == {30}
    unit = next(each.points for each in first.exercises if each.name == "neuron.neuron")
    raw = 30 - 2 * unit + 3 * unit  # the softmax is optional, and fills up
    assert [float(row["raw_score"]) for row in rows] == [30, min(30, raw), 30, 30, 30]
    assert [float(row["late_submission_penalty"]) for row in rows] == [0, 3, 0, 0, 0]
    assert [float(row["score"]) for row in rows] == [30, 27, 30, 30, 30]
    assert float(rows[0]["neuron.neuron"]) == round(unit, 4)
    others = {each.name for each in EXERCISES} - {each.name for each in first.exercises}
    for file in (*tmp_path.glob("students/*"), *tmp_path.glob("junit/*"), *tmp_path.glob("results/*")):
        text = file.read_text(encoding="utf-8")
        assert not [name for name in others if re.search(rf"{name}\b", text)]
    page = " ".join(re.sub("<[^>]+>", "", (tmp_path / f"students/{bob.page}.html").read_text(encoding="utf-8")).split())
    assert "week-1. Due: 2026-11-30 23:59 CET." in page
    assert "Late by 1 day, which takes off 3 points: 27 points count." in page
    assert "All exercises of notebook 3" not in page
    told = (
        "Optional: activations.softmax. What is optional can fill up what is missing, and adds nothing beyond 30 points"
    )
    assert f"exercises are right. {told}. Late by" in page
    right = (tmp_path / f"students/{ada.page}.html").read_text(encoding="utf-8")
    assert "All exercises of week-1 are right." in right
    assert told in right
    class_page = (tmp_path / "class.html").read_text(encoding="utf-8")
    assert "The class: week-1" in class_page
    assert told in class_page
    assert f"{len(first.exercises)} exercises, 5 students" in class_page
    assert "one_hot" not in class_page
    assert "late, \N{MINUS SIGN}3 27 " in " ".join(re.sub("<[^>]+>", " ", class_page).split())
    assert "what that costs is for you to say" not in class_page  # the course file says it
    assert "When it was handed in is not known, so nothing is taken off for being late." in class_page
    assert "own time says that it is late, so nothing is taken off for being late." in class_page
    assert "Late, but not by its own manifest, so nothing is taken off for being late." in class_page
    assert told in json.loads((tmp_path / f"results/{bob.page}.json").read_text(encoding="utf-8"))["output"]
    told = results(bob.grade)
    assert [test["name"] for test in told["tests"]] == [each.name for each in first.exercises]
    assert told["score"] == 30


# The clocks of no computer of ours go so.
NEPAL = timezone(timedelta(hours=5, minutes=45))


def test_when_it_was_handed_in_is_told_in_the_zone_of_the_due_date(course, tmp_path):
    (only,) = course(f"{ONE}due = 2026-12-01T05:00:00+05:45")
    ada = classes.record("Ada", only.of(classes.grade()), assignment=only)
    give_back.write(tmp_path, lambda: iter([ada]), lambda _: None, only)
    page = (tmp_path / f"students/{ada.page}.html").read_text(encoding="utf-8")
    told = "Due: 2026-12-01 05:00 UTC+05:45. Handed in: 2026-11-24 15:45 UTC+05:45, according to Moodle."
    assert told in page
    assert "2026-11-24 15:45 UTC+05:45 (Moodle)" in (tmp_path / "class.html").read_text(encoding="utf-8")
    with (tmp_path / "gradebook.csv").open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["duedate"], row["timestamp"]) == ("2026-12-01 05:00:00+05:45", "2026-11-24 15:45+05:45")


def test_why_an_attempt_counts_is_told_in_the_zone_of_the_due_date(course, tmp_path, capsys):
    course(f"{ONE}due = 2026-12-01T05:00:00+05:45")
    for hour in (9, 10):
        folder = tmp_path / "in" / "Ada_1_assignsubmission_file_"
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(folder / f"{hour}.zip", "w") as archive:
            archive.write(SOLUTIONS / "neuron.py", "neuron.py")
            archive.writestr("manifest.json", json.dumps({"time": f"2026-11-24T{hour:02}:00:00Z"}))
    assert main(["grade", str(tmp_path / "in"), "--allow-process"]) == 0
    assert "it was made later, at 2026-11-24 15:45 UTC+05:45, as its manifest says" in capsys.readouterr().out


def test_whether_the_points_are_those_before_lateness_is_said_where_they_are_averaged(course, tmp_path, capsys):
    first, _ = course(WEEKS)
    records = [handed_in(first, days=1)]
    give_back.write(tmp_path, lambda: iter(records), lambda _: None, first)
    page = " ".join((tmp_path / "class.html").read_text(encoding="utf-8").split())
    assert "Before anything is taken off for being late: of 30 points, the median is 30.0, the mean 30.0." in page
    with Term(tmp_path) as term:
        hand_in(term, first.name, first.due + timedelta(days=1), Bob=classes.grade())
        list(term.note_totals(first))
    after = "\nThese points, and their averages, are what counts, after what is taken off for being late.\n"
    assert main(["grade", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert after in said
    assert "on average 27 of 30 points" in said
    course(ONE)  # where nothing is ever taken off, nothing is said of it
    assert main(["grade", "--out", str(tmp_path)]) == 0
    assert after not in capsys.readouterr().out


@pytest.mark.parametrize("points", ["20", "7.3", "0.1", "3e5"])
def test_points_in_all_are_handed_out_as_the_one_number_and_come_to_the_same(course, tmp_path, points):
    before = course(f'{ONE}points = {points}\noptional = ["neuron.neuron"]'.replace('"01"', '"01", "02"'))
    text = assignments.text(before)
    assert f"\npoints = {float(points):.7g}\n" in text
    (tmp_path / "handed-out.toml").write_text(text, encoding="utf-8")
    assert assignments.read(tmp_path / "handed-out.toml") == before
    assert 'late = { "percent_a_day" = 0, "grace_minutes" = 0, "at_most" = 100 }' in text


def test_what_students_get_has_no_extension_and_means_the_same(course, tmp_path):
    before = course(WEEKS + "# Ada is ill\n")
    files = release.handout(outputs=False)
    text = files["course/course.toml"].decode()
    assert not re.search("Ada|2026-12-04|extension|ill", text)
    (tmp_path / "handed-out.toml").write_text(text, encoding="utf-8")
    after = assignments.read(tmp_path / "handed-out.toml")
    assert after == tuple(replace(each, extensions=()) for each in before)
    assert assignments.told(after[0].due) == "2026-11-30 23:59 UTC+01:00"
    assert not [name for name, data in files.items() if b"2026-12-04" in data]


def test_without_assignments_no_course_file_is_handed_out():
    assert "course/course.toml" not in release.handout(outputs=False)


def test_the_autograder_is_that_of_one_assignment(course, tmp_path, capsys):
    course(WEEKS)
    with pytest.raises(SystemExit, match="2"):
        main(["release", "--gradescope", str(tmp_path / "a.zip")])
    assert "say which assignment, with --assignment; there are: week-1, due 2026-11-30" in capsys.readouterr().err
    assert main(["release", "--gradescope", str(tmp_path / "a.zip"), "--assignment", "week-2"]) == 0
    assert "a programming assignment of 12.5 points" in " ".join(capsys.readouterr().out.split())
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        (tmp_path / "its.toml").write_bytes(archive.read("course/course/course.toml"))
    (only,) = assignments.read(tmp_path / "its.toml")
    assert (only.name, only.points) == ("week-2", WEEK_2)
    assert assignments.text([WHOLE_COURSE]).encode() == autograder.autograder()["course/course/course.toml"]


# The student's commands


@pytest.fixture
def solved(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(SOLUTIONS))
    monkeypatch.setenv("MLT_NN_STATE", str(tmp_path / "state"))


THREE = "".join(
    f'[[assignment]]\nname = "week-{n}"\nexercises = ["0{n}"]\ndue = {due}\n'
    for n, due in [(3, "2998-01-01T00:00:00Z"), (4, "2999-01-01T00:00:00Z"), (1, "2001-01-01T00:00:00Z")]
)


def test_submit_tells_of_the_assignment_that_is_due_next(course, solved, tmp_path, capsys):
    course(THREE)
    assert main(["submit", "--out", str(tmp_path / "work.zip")]) == 0
    said = capsys.readouterr().out
    assert (
        "week-3, due 2998-01-01 00:00 UTC: 4 of 4 exercises are right by the checks that you have: 8 of 8 points."
        in said
    )
    assert "Not due yet: week-4, due 2999-01-01 00:00 UTC." in said
    assert "week-1" not in said
    assert main(["submit", "--assignment", "week-1", "--out", str(tmp_path / "work.zip")]) == 0
    said = capsys.readouterr().out
    assert "week-1, due 2001-01-01 00:00 UTC: 2 of 2 exercises" in said
    with pytest.raises(SystemExit, match="2"):
        main(["submit", "--assignment", "week-2"])
    assert "there is no assignment 'week-2'; there are: week-3" in capsys.readouterr().err
    with zipfile.ZipFile(tmp_path / "work.zip") as archive:
        assert len(json.loads(archive.read("manifest.json"))["progress"]) == len(EXERCISES)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z", "2025-06-01T00:00:00Z"], 2),
        (["2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z", "2019-06-01T00:00:00Z"], 1),
        (["2020-01-01T00:00:00Z", None, None], 1),
        ([None, "2025-01-01T00:00:00Z", None], 1),
    ],
)
def test_due_next_is_the_first_that_is_not_past_else_the_last(course, dates, expected):
    tables = (f'[[assignment]]\nname = "{n}"\nexercises = ["0{n + 1}"]\n' for n in range(3))
    course("".join(table + (f"due = {due}\n" if due else "") for table, due in zip(tables, dates, strict=True)))
    assert assignments.due_next(datetime(2025, 1, 1, tzinfo=UTC)).name == str(expected)


def test_progress_is_told_by_assignment(course, solved):
    first, _ = course(WEEKS)
    (softmax,) = (shown(each.points) for each in first.exercises if each.name == "activations.softmax")
    found = progress()
    text = found.text().splitlines()
    assert text[0] == "week-1, due 2026-11-30 23:59 CET: 30 of 30 points"
    assert text.index("week-2, due 2026-12-07 12:00 UTC+02:00: {0} of {0} points".format(shown(WEEK_2))) > 5
    assert f"  activations.softmax                       {f'{softmax} points':<12}right, optional" in text
    assert text[-1] == "In all: {0} of {0} points.".format(shown(30 + WEEK_2))
    assert not [line for line in text if "identity " in line or "cross_entropy" in line]
    assert "week-1, due 2026-11-30 23:59 CET: 30 of 30 points" in found._repr_mimebundle_()["text/html"]


def test_the_lab_does_not_wait_for_what_is_not_asked_for(course, monkeypatch):
    from mlt_nn.cli import lab

    asked = []

    class Report:
        def __init__(self, exercises):
            asked.extend(each.name for each in exercises)
            self.passed = exercises[0].notebook != "03_forward_pass"

    monkeypatch.setattr("mlt_nn.grading.check.check_exercises", Report)
    course(WEEKS)
    assert lab.first_unfinished() == "03_forward_pass"
    assert not {"activations.identity", "activations.softmax"} & set(asked)


# Grading


def test_only_the_named_exercises_are_graded(course):
    with grader.Grader(Isolation("process", "for this test", launch), allow_process=True, seed=3) as own:
        graded = own.grade(read(SOLUTIONS), ["neuron.neuron", "losses.one_hot"])
    assert [each.name for each in graded.exercises] == ["neuron.neuron", "losses.one_hot"]
    assert graded.points == graded.max_points == 3


@pytest.fixture
def run(tmp_path, monkeypatch):
    """run(assignment): Ada's files graded by a pool that notes what it was asked; returns her Record."""
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "neuron.py").write_text("# ada", encoding="utf-8")
    state = {"neuron.neuron": "passed"}

    def task(submission, allow_process, wanted, seed, exercises):
        run.asked.append(exercises)
        wrong = {name: {"state": how} for name, how in state.items() if how != "passed"}
        graded = classes.grade(wrong)
        own = tuple(each for each in graded.exercises if each.name in exercises)
        return replace(graded, seed=seed, exercises=own, files=())

    def run(assignment):
        pool = pools.Pool(lambda: ThreadPoolExecutor(1), 1)
        with Term(tmp_path) as term:
            path = tmp_path / "ada"
            seed, *before = class_run.seeds(term)
            how = {"seed": seed, "before": before, "note": run.notes.append}
            keys = class_run.grade([path], term, assignment, "sandbox", pool, lambda _: None, **how)
            found = Found("ada", path, 1, False, "", "", path, ())
            class_run.hand_in(term, assignment, Collected((found,), (), (), ()), keys)
            term.give_back(seed)
            (record,) = term.records(assignment)
            return record

    monkeypatch.setattr(pools, "task", task)
    run.asked, run.state, run.notes = [], state, []
    return run


def names(*of):
    return [each.name for name in of for each in named(name)]


def test_an_added_exercise_is_graded_alone_and_nothing_else_again(course, run):
    (only,) = course(ONE)
    assert run(only).total() == 2
    assert run.asked == [names("01")]
    (more,) = course(ONE.replace('["01"]', '["01", "losses.one_hot"]'))
    assert run(more).total() == 4
    assert run.asked == [names("01"), ["losses.one_hot"]]
    assert run.notes == ["1 exercise was added to a: it alone is graded, of 1 submission."]
    (other,) = course(ONE.replace('["01"]', '["01", "losses"]') + 'dropped = ["neuron.neuron", "losses.squared_error"]')
    record = run(other)
    assert run.asked[2:] == [["losses.cross_entropy"]]
    assert [each.name for each in record.grade.exercises] == [each.name for each in other.exercises]
    for rule in (
        "points = 90",
        "due = 2026-11-30T23:59:00Z\nlate = { percent_a_day = 50 }",
        'optional = ["neuron.neuron"]',
    ):
        (changed,) = course(ONE + rule)
        assert run(changed).total() == changed.points
    assert len(run.asked) == 3


def test_what_fails_at_an_added_exercise_leaves_the_others_as_they_are(course, run, monkeypatch):
    (only,) = course(ONE)
    run(only)
    graded = pools.task

    def fail(*asked):
        raise OSError("no room")

    (more,) = course(ONE.replace('["01"]', '["01", "losses.one_hot"]'))
    monkeypatch.setattr(pools, "task", fail)
    record = run(more)
    assert (record.status, record.problem) == ("infrastructure error", "OSError: no room")
    assert record.points() == [1, 1, None]
    monkeypatch.setattr(pools, "task", graded)
    record = run(more)
    assert (record.status, record.total()) == ("graded", 4)
    assert run.asked == [names("01"), ["losses.one_hot"]]


def test_what_was_left_open_is_graded_again_alone(course, run):
    (only,) = course(ONE)
    run.state["neuron.neuron"] = "not served"
    assert run(only).total() is None
    run.state["neuron.neuron"] = "passed"
    assert run(only).total() == 2
    assert run.asked == [names("01"), ["neuron.neuron"]]
    assert run.notes == ["1 exercise was left open: it alone is graded, of 1 submission."]


def test_grade_asks_which_of_several_and_keeps_each_in_a_folder_of_its_own(course, tmp_path, capsys):
    course('[[assignment]]\nname = "one"\nexercises = ["neuron"]\n' + ONE.replace('"01"', '"losses.one_hot"'))
    (tmp_path / "in").mkdir()
    for student, module in {"ada": "neuron", "bob": "losses"}.items():
        with zipfile.ZipFile(tmp_path / "in" / f"{student}.zip", "w") as archive:
            archive.write(SOLUTIONS / f"{module}.py", f"{module}.py")
    arguments = ["grade", str(tmp_path / "in"), "--allow-process", "--out", str(tmp_path / "grades")]
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "say which assignment, with --assignment; there are: one; a" in capsys.readouterr().err
    assert main([*arguments, "--assignment", "one"]) == 0
    with (tmp_path / "grades" / "one" / "gradebook.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert {row["student_id"]: float(row["score"]) for row in csv.DictReader(stream)} == {"ada": 2, "bob": 0}
    assert not (tmp_path / "grades" / "a").exists()
    assert not (tmp_path / "grades" / "class.html").exists()
    capsys.readouterr()
    mark = ["mark", "ada", "--out", str(tmp_path / "grades"), "--points", "1", "--reason", "r"]
    with pytest.raises(SystemExit, match="2"):
        main(mark)
    assert "say which assignment, with --assignment; there are: one; a" in capsys.readouterr().err
    assert main([*mark, "--assignment", "one"]) == 0
    with (tmp_path / "grades" / "one" / "gradebook.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert {row["student_id"]: float(row["score"]) for row in csv.DictReader(stream)} == {"ada": 1, "bob": 0}
    assert main(["grade", "--out", str(tmp_path / "grades")]) == 0
    assert "1* (before: 2)" in capsys.readouterr().out


def test_an_extension_of_nobody_is_told(course, tmp_path, capsys):
    course(
        ONE + "due = 2026-11-30T23:59:00Z\nextensions = { Zoe = 2026-12-30T23:59:00Z, NEURON = 2026-12-30T23:59:00Z }"
    )
    with zipfile.ZipFile(tmp_path / "neuron.zip", "w") as archive:
        archive.write(SOLUTIONS / "neuron.py", "neuron.py")
    assert main(["grade", str(tmp_path / "neuron.zip"), "--allow-process"]) == 0
    said = capsys.readouterr().out
    assert "Not here: Zoe, who has an extension" in said
    assert "NEURON" not in said
    assert "2 of 2 points" in said


def test_an_extension_that_two_may_have_is_told(course, tmp_path, capsys):
    course(ONE + "due = 2026-11-30T23:59:00Z\nextensions = { Ada = 2026-12-30T23:59:00Z }")
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for name in ("ada", "ADA"):
            archive.writestr(f"{name}.zip", b"")
    main(["grade", str(tmp_path / "class.zip"), "--allow-process"])
    said = capsys.readouterr().out
    assert "Not given: the extension of Ada in course" in said
    assert "which may be for ADA or ada: write the id or the e-mail there, or the name as it stands here." in said


def test_an_exercise_deleted_from_the_catalogue_is_one_error_and_nothing_is_graded(tmp_path):
    program = f"""
import sys
from mlt_nn.support import catalogue
catalogue.EXERCISES = tuple(e for e in catalogue.EXERCISES if e.name != "losses.one_hot")
del catalogue._BY_NAME["losses.one_hot"]
from mlt_nn.cli import main
sys.exit(main(["grade", {str(SOLUTIONS)!r}, "--allow-process", "--out", {str(tmp_path / "grades")!r}]))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "there is no exercise 'losses.one_hot'" in done.stderr
    assert "infrastructure" not in done.stdout + done.stderr
    assert not (tmp_path / "grades").exists()


# All commands


@pytest.mark.skipif(os.name == "nt", reason="a pipe breaks otherwise there")
@pytest.mark.parametrize("command", ["progress", "--help"])
def test_who_reads_only_the_beginning_is_told_nothing_more(command):
    program = f"{sys.executable} -m mlt_nn.cli {command} | head -c 1"
    done = subprocess.run(program, shell=True, cwd=PROJECT, capture_output=True, text=True)
    assert len(done.stdout) == 1
    assert done.stderr == ""


def test_a_broken_pipe_is_no_mistake_of_a_command_that_reports_its_own(monkeypatch, tmp_path, capsys):
    from mlt_nn.cli import CommandError

    def report(options):
        try:
            raise BrokenPipeError(32, "Broken pipe")
        except OSError as error:
            raise CommandError(str(error)) from error

    monkeypatch.setattr("mlt_nn.cli.data.execute", report)
    monkeypatch.setattr(os, "dup2", lambda *descriptors: None)
    with (tmp_path / "out").open("w") as stream, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        assert main(["data"]) == 1
    assert capsys.readouterr().err == ""
