"""The database of a term: whatever happens to it, what it took stays, and marks by hand outlive every grading."""

import contextlib
import csv
import hashlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mlt_nn.cli import main
from mlt_nn.support.assignments import WHOLE_COURSE, shown
from mlt_nn.support.catalogue import EXERCISES
from mlt_nn.teaching.classroom import by_hand, class_run, give_back, roster, term_table
from mlt_nn.teaching.classroom.collect import collect
from mlt_nn.teaching.classroom.platforms import read_name
from mlt_nn.teaching.classroom.student import Student
from mlt_nn.teaching.classroom.tally import Tally
from mlt_nn.teaching.classroom.term import FILE, Term
from mlt_nn.teaching.grader.graded import Graded
from mlt_nn.teaching.pages import class_page
from mlt_nn.teaching.pages.student_page import file_names

from .classes import HOSTILE, grade

ASSIGNMENT = WHOLE_COURSE.name
GRADED = grade()
BEST = GRADED.max_points
WRONG = grade({"neuron.neuron": {}})
FOUND = dict.fromkeys(("handed_in", "who")) | {
    "found_at": "in",
    "attempt": 1,
    "late": False,
    "when_by": "",
    "superseded": [],
}


def outcome(graded=GRADED, **more):
    return json.loads(json.dumps({"status": "graded", "grade": graded.to_json(), "problem": ""})) | more


def lost(problem="a process was killed"):
    return {"status": "infrastructure error", "grade": None, "problem": problem}


def keys(folder):
    """The keys of the grades in the file, in their order; fails when the file is damaged."""
    with contextlib.closing(sqlite3.connect(folder / FILE)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [key for (key,) in database.execute("SELECT key FROM grades ORDER BY id")]


def hand_in(term, assignment=ASSIGNMENT, when=None, **graded):
    """Hand in for students, {name: Graded}, and give the records; what is graded otherwise was other files."""
    names = file_names(graded)
    rows = []
    for student, own in graded.items():
        sha = hashlib.sha256(repr(own).encode("utf-8", "replace")).hexdigest()
        key = f"{assignment} {sha}"
        term.add(key, outcome(own))
        values = {
            "found_at": f"in/{student}",
            "attempt": 1,
            "late": False,
            "handed_in": when,
            "when_by": "Moodle" if when else "",
            "who": None,
            "superseded": [],
        }
        rows.append(values | {"student": student, "sha": sha, "page": names[student], "key": key})
    term.hand_in(assignment, rows)
    return {record.student: record for record in term.note_totals(replace(WHOLE_COURSE, name=assignment))}


# Grades


def test_what_was_added_is_there_when_it_is_opened_again(tmp_path):
    with Term(tmp_path) as term:
        term.add("a", outcome(problem="ü\n\x00\ud800"))
        term.add("b", lost())
        assert term.grade("a") == outcome(problem="ü\n\x00\ud800")
    with Term(tmp_path) as term:
        assert (term.grade("a"), term.grade("b"), term.grade("c")) == (outcome(problem="ü\n\x00\ud800"), lost(), None)
        assert Graded.from_json(term.grade("a")["grade"]) == GRADED


def test_each_grade_is_in_the_file_as_soon_as_it_is_added(tmp_path):
    with Term(tmp_path) as term:
        for number, key in enumerate("abc", start=1):
            term.add(key, lost())
            assert len(keys(tmp_path)) == number
        assert term.added == set("abc")
    assert [file.name for file in tmp_path.iterdir()] == [FILE]


def test_the_last_grade_of_a_key_counts(tmp_path):
    with Term(tmp_path) as term:
        term.add("a", lost())
        term.add("a", outcome())
    with Term(tmp_path) as term:
        assert term.grade("a") == outcome()
    assert keys(tmp_path) == ["a"]


def test_the_disk_has_a_grade_before_it_is_said_to_be_there(tmp_path):
    with Term(tmp_path) as term:
        rows = term._connection.exec_driver_sql("PRAGMA synchronous")
        assert rows.scalar() == 3  # EXTRA: what was written, and that its folder knows of it


def test_two_who_grade_at_once_are_refused_but_a_mark_is_not(tmp_path):
    with Term(tmp_path) as term, term.alone():
        hand_in(term, Ada=WRONG)
        with Term(tmp_path) as second:
            with pytest.raises(BlockingIOError, match="another grading is at work in"), second.alone():
                pass
            second.change(ASSIGNMENT, "Ada", points=3.0, reason="why")
        (record,) = term.records(WHOLE_COURSE)
        assert record.total() == 3
    with Term(tmp_path) as term, term.alone():
        pass


def test_a_folder_without_locks_is_refused(tmp_path, monkeypatch):
    def no_locks(file):
        raise OSError(37, "No locks available")

    monkeypatch.setattr("mlt_nn.teaching.classroom.term.lock", no_locks)
    with Term(tmp_path) as term, pytest.raises(OSError, match=r"cannot be known \(No locks available\)"), term.alone():
        pass


def test_the_second_who_grades_is_told_and_changes_nothing(tmp_path, capsys):
    with Term(tmp_path) as term, term.alone():
        hand_in(term, Ada=WRONG)
        before = (tmp_path / FILE).read_bytes()
        handed_in = tmp_path / "in" / "ada"
        handed_in.mkdir(parents=True)
        (handed_in / "neuron.py").write_text("", encoding="utf-8")
        assert main(["grade", str(handed_in), "--out", str(tmp_path), "--allow-process"]) == 1
        assert capsys.readouterr().err.startswith(f"another grading is at work in {tmp_path}")
        assert (tmp_path / FILE).read_bytes() == before


def test_what_is_no_database_is_named_and_left_as_it_is(tmp_path, capsys):
    (tmp_path / FILE).write_bytes(b"no database" * 1000)
    assert main(["grade", "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"{tmp_path / FILE}: file is not a database\n"
    assert (tmp_path / FILE).read_bytes() == b"no database" * 1000


KILLED = """
import sys
from mlt_nn.teaching.classroom.student import Student
from mlt_nn.teaching.classroom.term import Term
with Term(sys.argv[1]) as term:
    for number in range(10**9):
        term.add(str(number), {"status": "graded", "grade": None, "problem": "p" * 20_000})
        print(number, flush=True)
"""


@pytest.mark.parametrize("told", [1, 7, 30])
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_process_killed_while_it_writes_loses_nothing_that_it_told(tmp_path, told):
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        for _ in range(told):
            process.stdout.readline()
        time.sleep(0.0007 * told)  # somewhere in the middle of the next one
        process.send_signal(signal.SIGKILL)
        last = [*range(told), *map(int, process.stdout.read().split())][-1]
    written = keys(tmp_path)
    assert written == [str(number) for number in range(len(written))]
    assert last + 1 <= len(written) <= last + 2  # the one at which it was may be there, too
    with Term(tmp_path) as term:
        assert {term.grade(key)["problem"] for key in written} == {"p" * 20_000}


# The second grade finds no room.
FILL = """
import sys
from pathlib import Path
from mlt_nn.teaching.classroom.student import Student
from mlt_nn.teaching.classroom.term import Term, FILE
with Term(sys.argv[1]) as term:
    add = lambda key, size: term.add(key, {"status": "graded", "grade": None, "problem": key * size})
    add("a", 2_000)
    before_the_limit()
    try:
        add("b", 100_000)
    except OSError as error:
        print(error)
    print(term.grade("a")["problem"] == "a" * 2_000, term.grade("b"))
    after_the_limit()
    add("c", 100_000)
"""

LIMITED = """
import os, resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
def before_the_limit():
    size = os.path.getsize(os.path.join(sys.argv[1], FILE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40_000, unlimited[1]))
def after_the_limit():
    resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
"""

# In a file system of which all but a few pages are taken.
TINY = """
import os, sys
taken = os.path.join(sys.argv[1], "taken")
def before_the_limit():
    room = os.statvfs(sys.argv[1])
    with open(taken, "wb") as file:
        file.write(bytes(room.f_bavail * room.f_frsize - 60_000))
def after_the_limit():
    os.unlink(taken)
"""


def fill(start, folder):
    return subprocess.run([sys.executable, "-c", start + FILL, str(folder)], capture_output=True, text=True, check=True)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on the size of a file")
def test_a_grade_that_finds_room_in_part_is_taken_back(tmp_path):
    error, others = fill(LIMITED, tmp_path).stdout.splitlines()
    assert error.startswith(f"{tmp_path / FILE}: ")
    assert others == "True None"
    assert keys(tmp_path) == ["a", "c"]


def test_a_full_disk_leaves_whole_grades_only(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1M", "tmpfs", str(disk)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root of a Linux system may mount a file system")
    try:
        assert fill(TINY, disk).stdout.splitlines() == [f"{disk / FILE}: database or disk is full", "True None"]
        assert keys(disk) == ["a", "c"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# What an earlier version of the course wrote


def line(key, **values):
    return json.dumps({"key": key} | values).encode() + b"\n"


def test_a_term_of_another_version_is_refused_in_words_and_left_as_it_is(tmp_path):
    with Term(tmp_path):
        pass
    with contextlib.closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute("PRAGMA user_version = 1")
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(OSError, match="was written by another version of the course: go on with that one"):
        Term(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_the_grades_of_an_earlier_version_are_taken_over_once_and_kept(tmp_path):
    old = tmp_path / "grades.jsonl"
    old.write_bytes(
        line("a", **outcome())
        + line("b", **lost())
        + line("given back 2", seed=5, grade=None)
        + line("c", **outcome(grade({"neuron.neuron": {}})))
        + line("b", **outcome())
        + line("d", **outcome())[:-9]  # was cut short
    )
    before = old.read_bytes()
    with Term(tmp_path) as term:
        assert (term.grade("a"), term.grade("b")) == (outcome(), outcome())
        assert term.grade("d") is None
        assert term.seeds() == (GRADED.seed, [5])
    assert keys(tmp_path) == ["a", "b", "c"]
    assert old.read_bytes() == before
    old.write_bytes(line("e", **outcome()))
    with Term(tmp_path) as term:
        assert term.grade("e") is None


@pytest.mark.parametrize(
    "damage", [b"", b"\0" * 50, b'{"key": "b", "gra', b"\xff\xfe", b"[1]", b'{"a": 1}', b'{"key": {}}', b'{"key": "b"}']
)
def test_a_damaged_line_of_these_is_passed_over(tmp_path, damage):
    (tmp_path / "grades.jsonl").write_bytes(line("a", **outcome()) + damage + b"\n" + line("c", **outcome()))
    with Term(tmp_path) as term:
        assert term.grade("a") == term.grade("c") == outcome()
    assert keys(tmp_path) == ["a", "c"]


# By hand


def test_a_mark_by_hand_stands_in_place_of_the_grade_until_it_is_withdrawn(tmp_path):
    with Term(tmp_path) as term:
        hand_in(term, Ada=WRONG, Bob=WRONG)
        one = term.change(ASSIGNMENT, "Ada", exercise="neuron.neuron", points=0.5, reason="half of it is right")
        ada, bob = term.records(WHOLE_COURSE)
        place = [each.name for each in EXERCISES].index("neuron.neuron")
        assert (ada.points()[place], bob.points()[place]) == (0.5, 0)
        assert (ada.total(), bob.total()) == (BEST - 0.5, BEST - 1)
        whole = term.change(ASSIGNMENT, "Ada", points=10.0, reason="an oral examination")
        term.change(ASSIGNMENT, "Ada", points=11.0, reason="I had not counted the last one", comment="Well done.")
        (ada, _) = term.records(WHOLE_COURSE)
        assert ada.total() == 11
        assert [each.words() for each in ada.by_hand] == [
            "neuron.neuron: 0.5 points, set by hand: half of it is right",
            "In all: 10 points, set by hand, replaced later: an oral examination",
            "In all: 11 points, set by hand: I had not counted the last one; Well done.",
        ]
        # Of another student, another exercise and another assignment nothing is replaced, and by a comment neither.
        term.change(ASSIGNMENT, "Bob", points=2.0, reason="r")
        term.change(ASSIGNMENT, "Bob", exercise="neuron.neuron", points=1.0, reason="r", comment="c")
        term.change(ASSIGNMENT, "Bob", exercise="neuron.neuron", comment="See me.")
        term.change("another", "Bob", points=3.0, reason="r")
        assert not any("replaced" in each.words() for each in term.changes(student="Bob"))
        for each in term.changes(student="Bob"):
            term.change(each.assignment, "Bob", withdraws=each.number)
        last = term.changes(ASSIGNMENT, "Ada")[-1].number
        term.change(ASSIGNMENT, "Ada", withdraws=last)
        assert next(term.records(WHOLE_COURSE)).total() == 10
        assert "replaced" not in term.changes(ASSIGNMENT, "Ada")[-1].words()
        term.change(ASSIGNMENT, "Ada", withdraws=whole)
        assert next(term.records(WHOLE_COURSE)).total() == BEST - 0.5
        term.change(ASSIGNMENT, "Ada", withdraws=one)
        assert next(term.records(WHOLE_COURSE)).total() == BEST - 1
        assert term.changes() == []


def test_points_that_are_open_may_be_set_by_hand(tmp_path):
    with Term(tmp_path) as term:
        hand_in(term, Ada=grade({"neuron.neuron": {"state": "broken"}}))
        assert next(term.records(WHOLE_COURSE)).total() is None
        term.change(ASSIGNMENT, "Ada", exercise="neuron.neuron", points=1.0, reason="seen by me")
        assert next(term.records(WHOLE_COURSE)).total() == BEST


def test_a_mark_by_hand_outlives_regrading_and_what_is_handed_in_anew_and_then_somebody_should_look(tmp_path):
    with Term(tmp_path) as term:
        hand_in(term, Ada=WRONG)
        term.change(ASSIGNMENT, "Ada", exercise="losses.one_hot", points=1.0, reason="copied", comment=HOSTILE)
        (ada,) = hand_in(term, Ada=WRONG).values()
        assert (ada.total(), ada.by_hand[0].is_older) == (BEST - 2, False)
        (ada,) = hand_in(term, Ada=GRADED).values()
        assert (ada.total(), ada.by_hand[0].is_older) == (BEST - 1, True)
        give_back.write(tmp_path, lambda: term.records(WHOLE_COURSE), lambda _: None)
    page = (tmp_path / "class.html").read_text(encoding="utf-8")
    assert "Set by hand on an older submission: losses.one_hot." in page
    assert "losses.one_hot: 1 point, set by hand: copied" in page
    (own,) = (tmp_path / "students").iterdir()
    for text in (page, own.read_text(encoding="utf-8")):
        assert "&lt;script&gt;" in text
        assert "<script" not in text
    assert f"<b>{BEST - 1} of {BEST} points.</b>" in own.read_text(encoding="utf-8")
    in_losses = sum(each.points for each in EXERCISES if each.notebook == "04_losses")
    assert f"<div>{in_losses - 1} of {in_losses}</div>" in own.read_text(encoding="utf-8")
    with open(tmp_path / "gradebook.csv", encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (float(row["score"]), float(row["losses.one_hot"])) == (BEST - 1, 1)
    assert row["by hand"].startswith("losses.one_hot: 1 point, set by hand: copied; ")
    (file,) = (tmp_path / "results").iterdir()
    results = json.loads(file.read_text(encoding="utf-8"))
    assert results["score"] == BEST - 1
    assert {each["name"]: each["score"] for each in results["tests"]}["losses.one_hot"] == 1
    assert "set by hand: copied" in results["output"]


def test_a_mark_on_an_older_submission_that_was_replaced_asks_for_no_look(tmp_path):
    with Term(tmp_path) as term:
        hand_in(term, Ada=WRONG)
        term.change(ASSIGNMENT, "Ada", points=2.0, reason="r")
        hand_in(term, Ada=GRADED)
        for looks in (1, 0):
            tally = Tally()
            tally.add(next(term.records(WHOLE_COURSE)))
            assert tally.number_to_look_at == looks
            term.change(ASSIGNMENT, "Ada", points=3.0, reason="r")


def worth(points):
    """The whole course, worth so many points."""
    exercises = tuple(each._replace(points=each.points * points / BEST) for each in EXERCISES)
    return replace(WHOLE_COURSE, points=points, exercises=exercises)


@pytest.mark.parametrize(("most", "score"), [(20, 18), (10, 10), (40, 18)])
def test_a_mark_by_hand_stays_where_the_points_change_but_within_them_and_somebody_should_look(tmp_path, most, score):
    first, now = worth(20).exercises[0], worth(most)
    with Term(tmp_path) as term:
        rows = [{"student": "Cem", "who": Student("Cem"), "page": "cem"}]
        found = [FOUND | {"student": name, "sha": "s", "key": "a", "page": name} for name in ("Ada", "Bob")]
        term.add("a", outcome())
        term.hand_in(ASSIGNMENT, found, rows)
        for student in ("Ada", "Cem"):
            by_hand.change(term, worth(20), student, points=18.0, reason="an oral examination")
        by_hand.change(term, worth(20), "Bob", exercise=first.name, points=first.points, reason="r")
        by_hand.change(term, worth(20), "Bob", comment="Well done.")
        ada, bob, cem = term.records(now)
        assert (ada.score(), cem.score()) == (score, score)
        assert bob.points()[0] == min(first.points, now.exercises[0].points)
        assert bob.score() <= most
        class_page.write(tmp_path / "class.html", term.records(now), now)
    page = (tmp_path / "class.html").read_text(encoding="utf-8")
    told = page.partition("Submissions that somebody should look at")[2].partition("The students")[0]
    looks = re.findall(r"Set by hand when the maximum was another: (.+?) \(of (.+?)\)\.", told)
    own = (first.name, shown(first.points))
    assert sorted(looks) == ([] if most == 20 else sorted([("all", "20"), ("all", "20"), own]))


def test_all_points_can_be_set_as_they_are_shown(tmp_path):
    exercise = next(each for each in worth(20).exercises if float(shown(each.points)) > each.points)
    with Term(tmp_path) as term:
        hand_in(term, Ada=GRADED)
        by_hand.change(term, worth(20), "Ada", exercise.name, points=float(shown(exercise.points)), reason="r")
        (change,) = term.changes(student="Ada")
    assert change.points == exercise.points


def test_where_it_could_not_be_graded_a_mark_by_hand_is_shown_too(tmp_path):
    with Term(tmp_path) as term:
        hand_in(term, Ada=grade(problem="It is no zip."))
        term.change(ASSIGNMENT, "Ada", points=40.0, reason="sent by mail")
        give_back.write(tmp_path, lambda: term.records(WHOLE_COURSE), lambda _: None)
    (own,) = (tmp_path / "students").iterdir()
    assert "In all: 40 points, set by hand: sent by mail" in own.read_text(encoding="utf-8")


@pytest.fixture
def mark(tmp_path):
    """The command on a term of Ada and Bob."""
    with Term(tmp_path) as term:
        hand_in(term, Ada=WRONG, Bob=GRADED)
        give_back.write(tmp_path, lambda: term.records(WHOLE_COURSE), lambda _: None)
    return lambda *arguments: main(["mark", "--out", str(tmp_path), *arguments])


def scores(folder):
    with open(folder / "gradebook.csv", encoding="utf-8-sig", newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def test_the_command_sets_lists_and_withdraws(mark, tmp_path, capsys):
    assert mark("Ada", "neuron.neuron", "--points", "1", "--reason", "told me") == 0
    assert mark("Bob", "--comment", "Come and see me.") == 0
    assert capsys.readouterr().out.startswith(f"Kept as change 1 of Ada, {ASSIGNMENT}.\nThe student's page and ")
    assert scores(tmp_path) == {"Ada": BEST, "Bob": BEST}
    (bob,) = (tmp_path / "students").glob("bob-*")
    assert "Come and see me." in bob.read_text(encoding="utf-8")
    mark("--list")
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"   1  Ada, {ASSIGNMENT}: neuron.neuron: 1 point, set by hand: told me [")
    assert re.search(r", \d{4}-\d\d-\d\d \d\d:\d\d[+-]\d\d:\d\d\]$", first)  # as all other times of this computer
    assert second.startswith(f"   2  Bob, {ASSIGNMENT}: Come and see me. [")
    assert mark("--withdraw", "1") == 0
    assert scores(tmp_path) == {"Ada": BEST - 1, "Bob": BEST}
    capsys.readouterr()
    mark("Ada", "--list")
    assert capsys.readouterr().out == "Nothing was set by hand.\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["Ada"], "nothing is set: give points and a reason, or a comment"),
        (
            ["--points", "1", "--reason", "r"],
            "name a student, as in the gradebook, or --list, or --withdraw and a number",
        ),
        (["Ada", "--points", "1"], "points need a reason"),
        (["Ada", "--points", "-1", "--reason", "r"], f"points of all exercises go from 0 to {BEST}, not -1"),
        (["Ada", "--points", "nan", "--reason", "r"], f"points of all exercises go from 0 to {BEST}, not nan"),
        (["Ada", "neuron.neuron", "--points", "2", "--reason", "r"], "points of neuron.neuron go from 0 to 1, not 2"),
        (["Ada", "neuron", "--comment", "c"], "a mark is of one exercise, or of all: 'neuron' has 2"),
        (["Ada", "one_hot", "--comment", "c"], "did you mean 'losses.one_hot'?"),
        (
            ["Adda", "--comment", "c"],
            "there is no student 'Adda': name the student as in the gradebook; the nearest is 'Ada'",
        ),
        (["Ada", "--comment", "c", "--assignment", "x"], f"there is no assignment 'x'; there are: {ASSIGNMENT}"),
        (["--withdraw", "7"], "there is no change 7 that stands: mark --list shows all"),
    ],
)
def test_what_cannot_be_set_is_named_with_the_way_out_and_changes_nothing(mark, tmp_path, capsys, arguments, told):
    with pytest.raises(SystemExit) as exit:
        mark(*arguments)
    assert exit.value.code == 2
    assert told in capsys.readouterr().err
    with Term(tmp_path) as term:
        assert term.changes() == []


def test_while_others_grade_a_mark_is_kept_and_the_pages_are_theirs(mark, tmp_path, capsys):
    with Term(tmp_path) as term, term.alone():
        assert mark("Ada", "--points", "3", "--reason", "r") == 0
    assert "Another grading is at work" in capsys.readouterr().out
    assert scores(tmp_path)["Ada"] == BEST - 1
    with Term(tmp_path) as term:
        assert next(term.records(WHOLE_COURSE)).total() == 3


@pytest.mark.parametrize("command", [["mark", "Ada", "--comment", "c"], ["grade"]])
def test_without_a_term_nothing_is_made(tmp_path, capsys, command):
    assert main([*command, "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith(f"There is no term in {tmp_path}: ")
    assert list(tmp_path.iterdir()) == []


# The term


def test_the_term_shows_students_by_assignments_who_is_missing_and_who_improved(tmp_path, capsys):
    with Term(tmp_path) as term:
        hand_in(term, "week 1", Ada=WRONG, Bob=GRADED, Cem=WRONG)
        hand_in(term, "week 1", Ada=GRADED, Bob=GRADED, Cem=WRONG)
        hand_in(term, "week 2", Ada=WRONG, Cem=grade({"neuron.neuron": {"state": "broken"}}))
        term.change("week 1", "Cem", points=5.0, reason="r")
    assert main(["grade", "--out", str(tmp_path)]) == 0
    head, *rows, note, _, one, improved, _, two, missing = capsys.readouterr().out.splitlines()
    assert head.split() == ["week", "1", "week", "2"]
    assert [row.split() for row in rows] == [
        ["Ada", str(BEST), "(before:", f"{BEST - 1})", str(BEST - 1)],
        ["Bob", str(BEST), "missing"],
        ["Cem", f"{BEST - 1}*", "open"],
    ]
    assert note.startswith("* set by hand")
    now, before = (3 * BEST - 1) / 3, (3 * BEST - 2) / 3
    assert one == f"week 1: 3 students, on average {now:.2f} of {BEST} points (before: {before:.2f})."
    assert improved == "Improved: Ada."
    assert two == f"week 2: 2 students, on average {BEST - 1} of {BEST} points."
    assert missing == "Missing: Bob."


def test_where_only_the_points_of_the_assignment_change_nobody_improves(tmp_path):
    def told(most, **keys):
        """The lines after a grading; the keys are those of the grades."""
        found = [FOUND | {"student": name, "sha": key, "key": key, "page": name} for name, key in keys.items()]
        term.hand_in(ASSIGNMENT, found)
        list(term.note_totals(worth(most)))
        return "\n".join(term_table.lines(term))

    part = (BEST - 1) / BEST
    with Term(tmp_path) as term:
        term.add("wrong", outcome(WRONG))
        term.add("right", outcome())
        told(10, Ada="wrong", Bob="wrong")
        text = told(40, Ada="wrong", Bob="wrong")
        assert "before" not in text
        assert "Improved" not in text
        text = told(40, Ada="right", Bob="wrong")
        assert f"on average {20 + 20 * part:.2f} of 40 points (before: {40 * part:.2f}).\nImproved: Ada." in text
        # Who is left out has what there was of the points before, which is of no average with those of now.
        assert f"2 students, on average 10 of 10 points (before: {10 * part:.2f})." in told(10, Ada="right")


def test_who_handed_in_nothing_is_missing_and_known_as_the_roster_says(tmp_path, capsys):
    cem = Student("Cem", "Cem", "Öz", "cem@uni.example", "4711", ("7",))
    when = datetime(2026, 11, 24, 10, tzinfo=UTC)
    with Term(tmp_path) as term:
        term.add("a", outcome())
        ada = FOUND | {"student": "Ada", "sha": "s", "key": "a", "page": "ada", "handed_in": when, "when_by": "Moodle"}
        term.hand_in(ASSIGNMENT, [ada], [{"student": "Cem (4711)", "who": cem, "page": "cem"}])
        term.change(ASSIGNMENT, "Cem (4711)", comment="Are you well?")
        first, second = term.note_totals(WHOLE_COURSE)
        give_back.write(tmp_path, lambda: term.records(WHOLE_COURSE), lambda _: None)
    assert (first.who, first.when, first.when_by) == (None, when, "Moodle")
    assert (second.student, second.who, second.status) == ("Cem (4711)", cem, "nothing handed in")
    (page,) = (tmp_path / "students").glob("cem*")
    assert "Are you well?" in page.read_text(encoding="utf-8")
    assert main(["grade", "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out.endswith("\nMissing: Cem (4711).\n")
    assert main(["mark", "4711", "--out", str(tmp_path), "--points", "5", "--reason", "an oral examination"]) == 0
    with Term(tmp_path) as term:
        assert [record.total() for record in term.records(WHOLE_COURSE)] == [BEST, 5]


def test_who_is_not_among_those_of_the_last_grading_stays_in_the_term(tmp_path):
    with Term(tmp_path) as term:
        hand_in(term, Ada=WRONG, Bob=GRADED)
        hand_in(term, Bob=GRADED)
        assert [record.student for record in term.records(WHOLE_COURSE)] == ["Bob"]
        assert [row.student for row in term.totals()] == ["Ada", "Bob"]


def test_an_export_is_whole_and_no_cell_becomes_a_formula(tmp_path, capsys):
    hostile = grade({"neuron.neuron": {"message": "a;=1+1"}})
    with Term(tmp_path) as term:
        hand_in(term, Ada=hostile, **{HOSTILE: GRADED, "=1+1": GRADED})
        term.change(ASSIGNMENT, "Ada", points=1.0, reason="=r")
        term.give_back(3)
        term.keep({"ab": b"=1+1;=2"})
    assert main(["grade", "--out", str(tmp_path), "--export", str(tmp_path / "out")]) == 0
    with contextlib.closing(sqlite3.connect(tmp_path / FILE)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert {f"{name}.csv" for name in tables} == {file.name for file in (tmp_path / "out").iterdir()}
        for name in tables:
            with open(tmp_path / "out" / f"{name}.csv", encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
            assert len(rows) == database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] > 0
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({name})")]
            assert list(rows[0]) == columns
            for cell in (cell for row in rows for cell in row.values()):
                assert not cell.startswith("=")
                assert ";=" not in cell
            if name == "grades":
                assert {json.dumps(json.loads(row["grade"])) for row in rows} == {
                    json.dumps(each.to_json()) for each in (hostile, GRADED)
                }


def test_memory_does_not_grow_with_the_class(tmp_path):
    def peak(students):
        folder = tmp_path / str(students)
        folder.mkdir()
        with Term(folder) as term:
            term.add("key", outcome())
            common = FOUND | {"sha": "s", "key": "key"}
            term.hand_in("one", (common | {"student": f"{n}", "page": f"{n}"} for n in range(students)))
            tracemalloc.start()
            try:
                for record in term.records(replace(WHOLE_COURSE, name="one")):
                    assert record.grade
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

    peak(1)  # what is loaded once
    # A record has about 20 kB; of each student no more than a number is kept.
    assert peak(600) - peak(100) < 200_000


def test_the_lines_of_the_term_are_made_without_a_query_for_each_student(tmp_path):
    """Ten thousand students are shown in a second, not in a minute."""
    with Term(tmp_path) as term:
        hand_in(term, **{f"s{number}": GRADED for number in range(30)})
        asked = []
        rows = term._rows
        term._rows = lambda query: asked.append(query) or rows(query)
        assert len(list(term_table.lines(term))) > 30
        assert len(asked) < 10


# Who is who


ADA = Student("Ada Lovelace", "Ada", "Lovelace", "ada@uni.example", "4711", ("7",))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("4711", None), ("Ada Lovelace", ADA)),
        (("ada@uni.example", None), ("Ada Lovelace", ADA)),
        (("lovelace_ada", None), ("Ada Lovelace", ADA)),
        (("A. King", replace(ADA, name="A. King")), ("Ada Lovelace", ADA)),
        (("A. King", replace(ADA, name="A. King", student_id="")), ("Ada Lovelace", ADA)),
        (("Lovelace, Ada (x)", Student("Ada Lovelace", platform_ids=("7",))), ("Ada Lovelace", ADA)),
        (("Ada Lovelace", ADA), ("4711", None)),
    ],
)
def test_a_mark_by_hand_follows_its_student_to_another_name(tmp_path, before, after):
    row = FOUND | {"sha": "s", "key": "a", "page": "ada"}
    with Term(tmp_path) as term:
        term.add("a", outcome(WRONG))
        term.hand_in("one", [row | {"student": before[0], "who": before[1]}, row | {"student": "Bob"}])
        term.change("one", before[0], points=2.0, reason="r")
        term.hand_in("two", [row | {"student": after[0], "who": after[1]}, row | {"student": "Bob"}])
        one, bob = term.records(replace(WHOLE_COURSE, name="one"))
        assert (one.student, one.total(), bob.total()) == (after[0], 2, BEST - 1)
        assert [each.name for each in term.students()] == sorted([after[0], "Bob"])


def test_two_of_one_name_keep_their_marks_and_two_may_change_names(tmp_path):
    row = FOUND | {"sha": "s", "key": "a", "page": "ada"}
    other = Student("Ada Lovelace", student_id="4712")
    with Term(tmp_path) as term:
        term.add("a", outcome())
        term.hand_in("one", [row | {"student": "Ada Lovelace", "who": ADA}])
        term.change("one", "Ada Lovelace", points=2.0, reason="r")
        term.hand_in("two", [row | {"student": "Ada Lovelace", "who": other}])
        assert [each.student for each in term.changes()] == ["Ada Lovelace (4711)"]
        now = [("Ada Lovelace", ADA), ("Ada Lovelace (4711)", other)]
        now.append(("\0000", Student("Eve", student_id="4713")))  # a name may be anything
        term.hand_in("two", [row | {"student": name, "who": who} for name, who in now[2:]])
        term.hand_in("two", [row | {"student": name, "who": who} for name, who in now])
        assert [each.student for each in term.changes()] == ["Ada Lovelace"]
        assert {each.student_id: each.name for each in term.students()} == {
            "4711": "Ada Lovelace",
            "4712": "Ada Lovelace (4711)",
            "4713": "\0000",
        }


@pytest.mark.parametrize(("before", "after"), [("Ada Lovelace", "Ada Lovelace (111)"), ("Ada Lovelace (111)", "Ada")])
def test_who_takes_the_name_of_another_takes_nothing_else(tmp_path, before, after):
    """Without a roster the platform's numbers tell; the names are such as students may change."""

    def row(student, called):
        name = read_name(called, is_folder=True)
        return FOUND | {"sha": called, "key": "a", "page": student, "student": student, "named": name}

    own, renamed = (f"Ada Lovelace_{n}_assignsubmission_file_" for n in (111, 222))
    with Term(tmp_path) as term:
        term.add("a", outcome(WRONG))
        term.hand_in("one", [row(before, own), row("Mallory", "Mallory_222_assignsubmission_file_")])
        term.change("one", before, points=2.0, reason="r")
        term.hand_in("one", [row(after, own), row("Ada Lovelace (222)", renamed)])
        points = {each.student: each.total() for each in term.records(replace(WHOLE_COURSE, name="one"))}
    assert points == {after: 2, "Ada Lovelace (222)": BEST - 1}


METADATA = "submission_7:\n  :submitters:\n  - :name: Strange\n    :email: strange@example.org\n"


@pytest.mark.parametrize("was_known", [False, True])
@pytest.mark.parametrize(
    ("file", "again"),
    [
        *(("strange.zip", "one"), ("strange (2).zip", "two"), ("strange/neuron.py", "three")),
        *(("Strange_7_assignsubmission_file_/neuron.py", "one"), ("strange_7_888_neuron.py", "three")),
        *(("submission_7/neuron.py", "one"), ("submission_8/neuron.py", "two")),
    ],
)
def test_a_mark_by_hand_follows_whoever_the_roster_then_says_it_is(tmp_path, file, again, was_known):
    """Also where the student stood in the roster, and in the term, as one who handed in nothing."""
    work, table = tmp_path / "work", tmp_path / "students.csv"
    for each in (file, "Bob.zip"):
        (work / each).parent.mkdir(parents=True, exist_ok=True)
        (work / each).write_bytes(b"")
    (work / "submission_metadata.yml").write_text(METADATA, encoding="utf-8")

    def graded(name, text):
        table.write_text(text, encoding="utf-8")
        collected = collect([work], roster.read(table))
        assignment = replace(WHOLE_COURSE, name=name)
        class_run.hand_in(term, assignment, collected, [("a", each.shown.name) for each in collected.counting])
        list(term.note_totals(assignment))
        return collected

    with Term(tmp_path) as term:
        term.add("a", outcome(WRONG))
        for name in ("one", "two"):
            own = graded(name, "name\nBob\n" + "Anna Müller\n" * was_known)
        (strange,) = (each.student for each in own.counting if each.student != "Bob")
        term.change("one", strange, points=5.0, reason="r")
        list(term.note_totals(replace(WHOLE_COURSE, name="one")))
        told, column = re.search(r"write '(.+?)' into their line, in a column (\w+)", own.hints[0]).groups()
        graded(again, f"name,{column}\nBob,\nAnna Müller,{told}\n")
        assert [each.name for each in term.students()] == ["Anna Müller", "Bob"]
        for name, points in (("one", 5), ("two", BEST - 1)):
            records = term.records(replace(WHOLE_COURSE, name=name))
            assert sorted((each.student, each.total()) for each in records) == [
                ("Anna Müller", points),
                ("Bob", BEST - 1),
            ]
            assert not any(each.is_older for each in term.changes())
        totals = {(row.student, row.assignment): (row.points, row.before) for row in term.totals()}
        assert totals["Anna Müller", "one"] == (5, BEST - 1)
        assert totals["Anna Müller", "two"] == (BEST - 1, None)


def test_of_two_who_are_one_the_submissions_marks_and_points_of_both_stay(tmp_path):
    one, two, four = (replace(WHOLE_COURSE, name=name) for name in ("one", "two", "four"))
    row = FOUND | {"key": "a", "page": "ada", "named": read_name("king.zip", is_folder=False)}
    king, ada = {"student": "king"}, {"student": "Ada Lovelace", "who": replace(ADA, platform_ids=())}
    with Term(tmp_path) as term:
        term.add("a", outcome(WRONG))
        term.hand_in("one", [row | {"sha": "same"} | king, row | {"sha": "same"} | ada])
        term.hand_in("two", [row | {"sha": "his"} | king, row | {"sha": "hers"} | ada])
        term.hand_in("four", [row | {"sha": "hers"} | ada])  # which was not there any more, later
        term.hand_in("four", [row | {"sha": "his"} | king], [ada | {"page": "ada"}])
        term.change("two", "king", points=3.0, reason="r")
        term.change("one", "Ada Lovelace", points=4.0, reason="r")
        term.hand_in(
            "three", [row | {"sha": "new", "named": None} | ada | {"who": replace(ADA, platform_ids=("king",))}]
        )
        assert [each.name for each in term.students()] == ["Ada Lovelace"]
        assert [[each.total() for each in term.records(own)] for own in (one, two, four)] == [[4], [3], [BEST - 1]]
        assert [(each.assignment, each.is_older) for each in term.changes()] == [("two", True), ("one", False)]


def test_a_name_alone_makes_nobody_one_with_another(tmp_path):
    """Whose the file was is not known where two had one name, though one of them has left the class since."""
    row = FOUND | {"sha": "s", "key": "a", "page": "ada", "named": read_name("Ada Lovelace.zip", is_folder=False)}
    both = [{"student": f"Ada Lovelace ({n})", "who": replace(ADA, student_id=n), "page": n} for n in ("4711", "4712")]
    with Term(tmp_path) as term:
        term.add("a", outcome(WRONG))
        term.hand_in("one", [row | {"student": "Ada Lovelace [1]"}], both)
        term.hand_in("one", [], [both[0] | {"student": "Ada Lovelace"}])
        assert {each.name for each in term.students()} == {"Ada Lovelace", "Ada Lovelace (4712)", "Ada Lovelace [1]"}
