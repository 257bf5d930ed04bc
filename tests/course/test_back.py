"""Marks and pages as the platforms take them back, read here by the rules of their own imports."""

import csv
import io
import os
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mlt_nn.cli import main
from mlt_nn.support.assignments import WHOLE_COURSE
from mlt_nn.support.catalogue import EXERCISES
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.teaching.classroom import feedback, give_back, marks, roster
from mlt_nn.teaching.classroom.platforms import read_name
from mlt_nn.teaching.classroom.record import Change
from mlt_nn.teaching.classroom.student import Student
from mlt_nn.teaching.classroom.term import Term
from mlt_nn.teaching.pages.student_page import file_names

from .classes import failed, grade, record, ungraded

BEST = sum(each.points for each in EXERCISES)
FIRST = EXERCISES[0]
EXPORTED = datetime(2026, 11, 25, 9, tzinfo=UTC)

MOODLE = """\ufeffIdentifier,"Full name","ID number","Email address",Status,Grade,"Maximum grade",\
"Grade can be changed","Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 101","Anna Müller",4711,anna@example.org,"Submitted for grading - ",,100.00,Yes,\
"Tuesday, 24 November 2026, 2:05 PM",-,"a ""good"" start,
so far"
"Participant 102","Sean O'Hara",4712,sean@example.org,"Submitted for grading - ",12.00,100.00,Yes,\
"Tuesday, 24 November 2026, 2:05 PM","Tuesday, 24 November 2026, 5:00 PM",
"Participant 103",=1+1,4713,eq@example.org,"No submission - ",,100.00,Yes,-,-,
"Participant 104","Cem Ö",4714,cem@example.org,"Submitted for grading - ",33.00,100.00,Yes,-,\
"Tuesday, 24 November 2026, 5:00 PM"
"""
GERMAN = """ID;"Vollständiger Name";E-Mail-Adresse;Status;Bewertung;Bestwertung;"Zuletzt geändert (Abgabe)";\
"Zuletzt geändert (Bewertung)"
Teilnehmer/in101;"Anna Müller";anna@example.org;"Zur Bewertung abgegeben";;76,50;"Dienstag, 24. November 2026, 10:37";-
"""
CANVAS = '''Student,ID,SIS User ID,SIS Login ID,Section,Notes,Week 1 (4711),Quiz (99),Current Score,Final (2020)
,,,,,,Manual Posting,,,
    Points Possible,,,,,,38,5,(read only),(read only)
"Müller, Anna",12345,u1,anna.m,"A, B",late?,,4,12.5,1
"O'Hara, Sean",12346,u2,sean,A,,7,3,12.5,1
"=""=1+1""",12347,u3,eq,A,,,2,12.5,1
"Ö, Cem",12348,u4,cem,A,,EX,1,12.5,1
"Student, Test",99999,,0d2f,A,,,,,
'''


@pytest.fixture
def exported(tmp_path):
    """The Roster in a table that was exported at that time."""

    def read(text, encoding="utf-8"):
        path = tmp_path / "exported.csv"
        path.write_bytes(text.encode(encoding))
        os.utime(path, (EXPORTED.timestamp(),) * 2)
        return roster.read(path)

    return read


@pytest.fixture
def give(tmp_path):
    """Gives a class back; what is told, and where it lies."""

    def write(records, students, assignment=WHOLE_COURSE):
        folder = tmp_path / "grades"
        folder.mkdir(exist_ok=True)
        assert give_back.write(folder, lambda: iter(records), lambda _: None) == {}
        told = marks.write(folder, iter(records), students, assignment)
        return [*told, *feedback.write(folder, iter(records), students)], folder

    return write


def handed_in(who, called, graded=None, folder=True):
    """The record of a Student, or of somebody by that name, of what was called so in a download."""
    name = who if isinstance(who, str) else who.name
    whose = None if isinstance(who, str) else who
    return record(name, graded or grade(), who=whose, called=read_name(called, is_folder=folder))


def nothing(who):
    nothing = {"status": "nothing handed in", "problem": "Nothing was handed in.", "attempt": 0, "when": None}
    return record(who.name, who=who, when_by="", **nothing)


def said(who, points=None):
    """The record of somebody who handed in nothing, and got a mark or a comment by hand."""
    own = {"exercise": None, "points": points, "max_points": BEST, "comment": "See me.", "reason": "was ill"}
    change = Change(1, WHOLE_COURSE.name, who.name, when=EXPORTED, by="", is_older=False, is_replaced=False, **own)
    return replace(nothing(who), by_hand=(change,))


def cells(path, encoding="utf-8", **how):
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.reader(stream, **how))


# The rules of the imports


def moodle_imports(data, known, maximum, delimiter=",", titles=("Identifier", "Grade", "Last modified (grade)")):
    """What Moodle does with a worksheet.

    lib/csvlib.class.php: csv_import_reader::load_csv_content; mod/assign/feedback/offline/importgradeslib.php:
    assignfeedback_offline_grade_importer::init and next; locallib.php: process_import_grades.

    Arguments:
        known: {participant: (grade or -1, when it was changed or 0)}.

    Returns:
        {participant: the new grade}.
    """
    text = data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n").strip()
    header, *rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    assert {len(row) for row in rows} == {len(header)}  # csvweirdcolumns
    number, new, changed = map(header.index, titles)
    prefix = len(re.match(r"\D*", rows[0][number])[0])
    imported = {}
    for row in rows:
        participant = row[number][prefix:]
        if participant not in known:
            continue
        before, when = known[participant]
        value = row[new].replace(",", ".")
        stale = when > strtotime(row[changed]) + 60
        if value and not stale and 0 <= float(value) <= maximum and float(value) != before:
            imported[participant] = float(value)
    return imported


def strtotime(text):
    """PHP's, of the forms that may stand there; 0 for a dash."""
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        match = re.fullmatch(r"\w+, (\d+ \w+ \d+, \d+:\d+ [AP]M)", text)
        return datetime.strptime(match[1], "%d %B %Y, %I:%M %p").astimezone().timestamp() if match else 0


def moodle_takes(name, participants):
    """(participant, file) of a name in a zip of feedback, or None.

    mod/assign/feedback/file/importziplib.php: assignfeedback_file_zip_importer::is_valid_filename_for_import.
    """
    *folders, file = name.split("/")
    if file.startswith((".", "~")):
        return None
    parts = [*folders, file]
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) < 4 or not info[1].isdigit() or info[1] not in participants or info[3] != "file":
            continue
        return info[1], "/".join([info[4] if len(info) == 5 else "", *parts])
    return None


def canvas_imports(path, students, assignments):
    """{(student, assignment): the grade} that Canvas reads from a gradebook.

    lib/gradebook_importer.rb: header?, update_column_count, parse_assignments, check_for_non_student_row,
    process_student, process_submissions; GradebookExporter writes no mark before the header unless one is asked for.
    """
    header, *rows = cells(path)
    first = 4 if header[:2] == ["LastName", "FirstName"] else 3
    assert len(header) > 3
    assert "Student" in header[0] or first == 4
    assert "ID" in header[first - 2]
    if re.search(r"SIS\s+Login\s+ID", header[first - 1]):
        first += 1
    elif re.search(r"SIS\s+User\s+ID", header[first - 1]) and re.search(r"SIS\s+Login\s+ID", header[first]):
        first += 2 + ("Integration ID" in header[first + 1])
        first += "Root Account" in header[first]
    assert "Section" in header[first - 1]
    of = {}
    for place in range(first, len(header)):
        title = re.fullmatch(r"(.*)\s\((\d+)\)", header[place])
        number = title[2] if title else next((n for n, name in assignments.items() if name == header[place]), None)
        assert number in assignments, f"{header[place]}: Canvas would make a new assignment"
        of[place] = number
    grades = {}
    for row in rows:
        if "Points Possible" in row[0] or all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", each) for each in row):
            continue
        number = row[2 if header[0] == "LastName" else 1]
        assert number in students, f"{row}: Canvas would make a new student"
        grades |= {(number, of[place]): row[place].strip() for place in of}
    return grades


def canvas_takes(name, submitted):
    """(user, attachment) of a file's name, or None; `submitted` are those that there are.

    app/models/abstract_assignment.rb: infer_comment_context_from_filename.
    """
    parts = [part for part in name.split("_") if part != "LATE"]
    numbers = parts[1:] if parts[0] == "anon" else [part for part in parts if re.fullmatch(r"\d+", part)]
    found = tuple(numbers[:2])
    is_ignored = re.search("^link", parts[-1], re.MULTILINE) or name.startswith("._")
    return None if is_ignored or found not in submitted else found


# Moodle


def test_moodle_s_worksheet_comes_back_with_grades_and_nothing_else_changed(exported, give):
    students = exported(MOODLE)
    anna, sean, eq, cem = students.students
    half = grade({each.name: {} for each in EXERCISES[1:]})
    records = [
        handed_in(anna, "Anna Müller_101_assignsubmission_file_"),
        handed_in(sean, "Sean OHara_102_assignsubmission_file_", half),
        nothing(eq),
        replace(ungraded(cem.name), who=cem, called=read_name("Cem Ö_104_assignsubmission_file_", is_folder=True)),
    ]
    told, folder = give(records, students)
    before = list(csv.reader(io.StringIO(MOODLE.removeprefix("\ufeff"))))
    after = cells(folder / "moodle.csv", "utf-8-sig")
    changed = {(y, x) for y, row in enumerate(before) for x, cell in enumerate(row) if after[y][x] != cell}
    assert changed == {(1, 5), (1, 9), (2, 5)}
    assert set(map(len, after)) == {len(before[0])}  # Moodle refuses a table with a shorter line, as the last one was
    data = (folder / "moodle.csv").read_bytes()
    assert data.startswith("\ufeffIdentifier,".encode())
    opened = EXPORTED.timestamp() - 3600  # somebody opened the page of marks there, which leaves a grade of -1
    known = dict.fromkeys(("101", "103", "104", "999"), (-1, opened)) | {"102": (12, 0)}
    assert moodle_imports(data, known, 100) == {"101": 100, "102": pytest.approx(100 * FIRST.points / BEST, abs=1e-4)}
    assert told[0] == (
        f"moodle.csv: 2 grades in 'Grade', of at most 100 points, scaled from {BEST}. "
        "2 lines without a grade stay as before."
    )
    assert told[1] == "feedback-moodle.zip: 2 pages."
    # What somebody changed at Moodle since the export goes before ours.
    assert moodle_imports(data, known | {"101": (5, EXPORTED.timestamp() + 3600)}, 100).keys() == {"102"}


def test_a_german_worksheet_keeps_its_separator_and_its_decimal_comma(exported, give):
    students = exported(GERMAN)
    half = grade({each.name: {} for each in EXERCISES[1:]})
    _, folder = give([handed_in(students.students[0], "Anna Müller_101_assignsubmission_file_", half)], students)
    line = cells(folder / "moodle.csv", delimiter=";")[1]
    assert re.fullmatch(r"\d,\d+", line[4])
    titles = "ID", "Bewertung", "Zuletzt geändert (Bewertung)"
    data = (folder / "moodle.csv").read_bytes()
    expected = pytest.approx(76.5 * FIRST.points / BEST, abs=1e-4)
    assert moodle_imports(data, {"101": (-1, 0)}, 76.5, ";", titles) == {"101": expected}


def test_without_a_worksheet_moodle_gets_the_columns_that_it_needs(give):
    records = [
        handed_in("Anna Müller", "Anna Müller_101_assignsubmission_file_"),
        handed_in("=1+1", "=1+1_102_assignsubmission_file_work.zip", folder=False),
        replace(ungraded("Cem"), called=read_name("Cem_103_assignsubmission_file_", is_folder=True)),
    ]
    told, folder = give(records, None)
    known = dict.fromkeys(("101", "102", "103"), (-1, 0))
    assert moodle_imports((folder / "moodle.csv").read_bytes(), known, BEST) == {"101": BEST, "102": BEST}
    assert cells(folder / "moodle.csv", "utf-8-sig")[2][1] == "'=1+1"
    assert "The maximum at the platform must be the same. 1 line without a grade stays as before." in told[0]


def test_a_group_s_number_is_nobody_s_at_moodle(give):
    ada, bob = (Student(name, groups=("Team Blau",)) for name in ("Ada", "Bob"))
    group = "Team Blau_101_assignsubmission_file_"
    told, folder = give([handed_in(each, group) for each in (ada, bob)], None)
    assert told == []
    cem = handed_in("Cem", "Cem_102_assignsubmission_file_")
    told, folder = give([handed_in(ada, group), handed_in(bob, group), cem], None)
    assert [row[0] for row in cells(folder / "moodle.csv", "utf-8-sig")[1:]] == ["Participant 102"]
    assert "2 grades have no line there." in told[0]
    assert told[1] == "feedback-moodle.zip: 1 page."


def test_each_of_a_group_gets_the_grade_and_the_page_by_the_worksheet(exported, give):
    text = (
        MOODLE.replace("\n", ",Group\n", 1)
        .replace(',\n"Part', ',,Team Blau\n"Part')
        .replace('far"\n', 'far",Team Blau\n')
    )
    students = exported(text)
    records = [handed_in(each, "Team Blau_77_assignsubmission_file_") for each in students.students[:3]]
    told, folder = give(records, students)
    assert "3 grades" in told[0]
    numbers = {"101", "102", "103"}
    with zipfile.ZipFile(folder / "feedback-moodle.zip") as archive:
        pages = {moodle_takes(name, numbers)[0]: archive.read(name) for name in archive.namelist()}
    own = {each.platform_ids[0]: f"{file_names([each.name])[each.name]}.html" for each in students.students[:3]}
    assert pages == {number: (folder / "students" / page).read_bytes() for number, page in own.items()}


def test_a_scale_and_another_assignment_s_worksheet_are_told_and_nothing_is_written(exported, give):
    for text, called, why in (
        (MOODLE.replace("100.00", "-3.00"), "101", "Moodle's maximum grade is '-3.00'. Choose points"),
        (MOODLE, "901", "no number in the names of the download stands in the worksheet"),
    ):
        students = exported(text)
        told, folder = give([handed_in(students.students[0], f"Anna Müller_{called}_assignsubmission_file_")], students)
        assert told[0].startswith(f"moodle.csv is not written: {why}")
        assert not (folder / "moodle.csv").exists()


@pytest.mark.parametrize("points", [5.0, None])
def test_who_handed_in_nothing_reads_why_the_mark_is_so_and_what_was_said(exported, give, points):
    students = exported(MOODLE)
    _, sean, eq, cem = students.students
    told, folder = give([nothing(sean), said(eq, points), nothing(cem)], students)
    assert told[-1] == "feedback-moodle.zip: 1 page."
    with zipfile.ZipFile(folder / "feedback-moodle.zip") as archive:
        (inside,) = archive.namelist()
        assert moodle_takes(inside, {"103"}) == ("103", "/feedback.html")
        assert b"See me." in archive.read(inside)
    # Canvas takes a page only for a file that was handed in.
    students = exported(CANVAS.replace("Quiz (99)", "Quiz"))
    told, folder = give([said(students.students[0], points), nothing(students.students[1])], students)
    assert told[-1] == "1 page more: Canvas gives one only to who handed in a zip."


@pytest.mark.parametrize("name", ["Anna_Maria Müller", "कविता/சு", "Sean O'Hara", "a.b.", "~x", "Zoë:*?", "1_2"])
def test_moodle_takes_each_page_for_its_student(exported, give, name):
    students = exported(MOODLE.replace("Anna Müller", name))
    _, folder = give([handed_in(students.students[0], "anna")], students)
    with zipfile.ZipFile(folder / "feedback-moodle.zip") as archive:
        (inside,) = archive.namelist()
        page = archive.read(inside)
    assert moodle_takes(inside, {"101"}) == ("101", "/feedback.html")
    assert page == (folder / "students" / f"{file_names([name])[name]}.html").read_bytes()


def test_moodle_s_own_folder_names_come_back(give):
    called = "Anna Müller_101_assignsubmission_file_"
    _, folder = give([handed_in("Anna Müller", called), handed_in("Bob", "Bob_7_assignsubmission_onlinetext_")], None)
    with zipfile.ZipFile(folder / "feedback-moodle.zip") as archive:
        assert f"{called}/feedback.html" in archive.namelist()


# Canvas


def class_of_canvas(students):
    anna, sean, eq, cem = students.students
    half = grade({each.name: {} for each in EXERCISES[1:]})
    return [
        handed_in(anna, "mulleranna_12345_801_work.zip", folder=False),
        handed_in(sean, "oharasean_LATE_12346_802_work-1.zip", half, folder=False),
        nothing(eq),
        handed_in(cem, "ocem_12348_803_neuron.py", folder=False),
    ]


def test_canvas_s_gradebook_comes_back_with_the_one_column_filled(exported, give):
    students = exported(CANVAS.replace("Quiz (99)", "Quiz"))
    told, folder = give(class_of_canvas(students), students)
    header, muted, points, anna, _, eq, _, test = cells(folder / "canvas.csv")
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Week 1 (4711)"]
    assert muted == ["", "", "", "", "", "Manual Posting"]
    assert points == ["    Points Possible", "", "", "", "", "38"]
    assert anna[:5] == ["Müller, Anna", "12345", "u1", "anna.m", "A, B"]
    assert eq == ['="=1+1"', "12347", "u3", "eq", "A", ""]
    assert test == ["Student, Test", "99999", "", "0d2f", "A", ""]
    numbers = {"12345", "12346", "12347", "12348", "99999"}
    grades = canvas_imports(folder / "canvas.csv", numbers, {"4711": "Week 1"})
    half = pytest.approx(38 * FIRST.points / BEST, abs=1e-4)
    assert [grades[number, "4711"] for number in ("12345", "12347", "12348")] == ["38", "", "EX"]
    assert float(grades["12346", "4711"]) == half
    assert told == [
        f"canvas.csv: 2 grades in 'Week 1 (4711)', of at most 38 points, scaled from {BEST}. "
        "1 student is excused there, and so it stays. 1 line without a grade stays as before.",
        "feedback-canvas.zip: 2 pages.",
        "1 page more: Canvas gives one only to who handed in a zip.",
    ]


@pytest.mark.parametrize(
    "header",
    [
        "LastName,FirstName,ID,SIS Login ID,Section,Week 1 (4711)",
        "Student,ID,SIS Login ID,Section,Week 1 (4711)",
        "Student,ID,SIS User ID,SIS Login ID,Integration ID,Root Account,Section,Week 1 (4711)",
    ],
)
@pytest.mark.parametrize("separator", [",", ";"])
def test_each_form_of_canvas_s_header_comes_back(exported, give, header, separator):
    titles = header.split(",")
    line = [{"ID": "12345", "Week 1 (4711)": ""}.get(title, f"x{title}") for title in titles]
    text = "\n".join(separator.join(row) for row in (titles, line)) + "\n"
    students = exported(text)
    _, folder = give([handed_in(students.students[0], "x_12345_801_work.zip", folder=False)], students)
    written = cells(folder / "canvas.csv", delimiter=separator)
    assert written == [titles, [*line[:-1], str(BEST)]]


def test_canvas_s_assignment_is_the_one_of_that_name(exported, give, monkeypatch):
    students = exported(CANVAS)
    records = class_of_canvas(students)
    for known in ((), ("week-1",)):  # which is another one of the course's, and leaves one by elimination
        monkeypatch.setattr(marks, "assignments", lambda known=known: [replace(WHOLE_COURSE, name=e) for e in known])
        told, folder = give(records, students)
        assert told[0].startswith("canvas.csv is not written: of Canvas's assignments one should be called 'mlt-nn'")
        assert "there are: 'Week 1', 'Quiz'." in told[0]
        assert not (folder / "canvas.csv").exists()
    quiz = replace(WHOLE_COURSE, name="QUIZ")
    assert "in 'Quiz (99)', of at most 5 points" in give(records, students, quiz)[0][0]
    # Where the course has several, the column of another one is not taken for this one's.
    monkeypatch.setattr(marks, "assignments", lambda: (quiz, replace(WHOLE_COURSE, name="week-1")))
    only = exported(CANVAS.replace("Quiz (99)", "Quiz"))
    assert "is not written" in give(records, only, quiz)[0][0]


def test_without_a_gradebook_canvas_gets_the_columns_that_it_needs(give):
    records = [
        handed_in("mulleranna", "mulleranna_12345_801_work.zip", folder=False),
        handed_in("anon_ab1cd", "anon_ab1cd_802_work.zip", folder=False),
    ]
    told, folder = give(records, None)
    assert canvas_imports(folder / "canvas.csv", {"12345"}, {"4711": "mlt-nn"}) == {("12345", "4711"): str(BEST)}
    assert "1 grade has no line there." in told[0]


def test_a_number_that_two_have_gets_nobody_s_grade(give):
    names = {"mulleranna": "mulleranna_12345_801_work.zip", "mallory": "mallory_12345_999_802_work.zip"}
    for order in (list, reversed):
        records = [handed_in(who, called, folder=False) for who, called in order(names.items())]
        told, folder = give(records, None)
        assert canvas_imports(folder / "canvas.csv", {"12345"}, {"4711": "mlt-nn"}) == {("12345", "4711"): ""}
        assert "2 grades have no line there." in told[0]


@pytest.mark.parametrize(
    ("called", "found"),
    [
        ("mulleranna_12345_801_work.zip", ("12345", "801")),
        ("mulleranna_LATE_12345_801_work_2_3.zip", ("12345", "801")),
        ("anon_ab1cd_801_work.zip", ("ab1cd", "801")),
        ("LATE_anon_ab1cd_801_work.zip", ("ab1cd", "801")),
        ("கவிதா_77_888_work-1.zip", ("77", "888")),
        ("mulleranna_12345_801_link.zip", ("12345", "801")),
        ("mulleranna_12345_801_my_links.ZIP", ("12345", "801")),
        ("mulleranna_12345_801_\udcff.zip", ("12345", "801")),  # a name on the disk that is no UTF-8
    ],
)
def test_canvas_takes_each_page_for_its_student(give, called, found):
    _, folder = give([handed_in("Anna", called, folder=False)], None)
    with zipfile.ZipFile(folder / "feedback-canvas.zip") as archive:
        (inside,) = archive.namelist()
        assert canvas_takes(inside, {found}) == found
        assert inside == called.replace("\udcff", "?") or "link" in called
        with zipfile.ZipFile(io.BytesIO(archive.read(inside))) as shown:  # Canvas shows it as work.zip
            assert shown.namelist() == ["feedback.html"]
            assert b"Anna" in shown.read("feedback.html")


def test_what_has_no_file_has_no_page_at_canvas(give):
    told, folder = give([handed_in("Anna", "mulleranna_12345_text.html", folder=False)], None)
    assert told[-1] == "1 page more: Canvas gives one only to who handed in a zip."
    assert not (folder / "feedback-canvas.zip").exists()


# All of it


def test_no_platform_no_table(exported, give):
    students = exported("name,email\nAda,ada@example.org\n")
    told, folder = give([handed_in(students.students[0], "ada.zip", folder=False)], students)
    assert told == []
    assert {path.suffix for path in folder.iterdir()} == {"", ".csv", ".html"}
    assert [path.name for path in folder.glob("*.csv")] == ["gradebook.csv"]


def test_what_came_back_can_be_the_roster_again(exported, give):
    students = exported(MOODLE)
    records = [handed_in(each, f"x_{each.platform_ids[0]}_assignsubmission_file_") for each in students.students]
    _, folder = give(records, students)
    first = (folder / "moodle.csv").read_bytes()
    give(records, roster.read(folder / "moodle.csv"))
    assert (folder / "moodle.csv").read_bytes() == first


def test_the_command_writes_them_and_says_so(tmp_path, capsys, sandbox):
    (tmp_path / "exported.csv").write_text(MOODLE, encoding="utf-8")
    work = tmp_path / "class" / "Anna Müller_101_assignsubmission_file_"
    work.mkdir(parents=True)
    for file in SOLUTIONS.glob("*.py"):
        (work / file.name).write_bytes(file.read_bytes())
    out = "--out", str(tmp_path / "grades")

    def grades():
        assert main(["grade", str(tmp_path / "class"), *out, "--roster", str(tmp_path / "exported.csv")]) == 0
        return moodle_imports((tmp_path / "grades" / "moodle.csv").read_bytes(), {"101": (-1, 0)}, 100)

    assert grades() == {"101": 100}
    told = capsys.readouterr().out
    assert "moodle.csv: 1 grade in 'Grade', of at most 100 points" in told
    assert "feedback-moodle.zip: 1 page." in told
    assert main(["mark", "Anna Müller", "--points", str(BEST / 2), "--reason", "we talked", *out]) == 0
    assert (
        "moodle.csv and feedback-moodle.zip, for the platform, will once you give the command grade again."
        in capsys.readouterr().out
    )
    assert grades() == {"101": 50}


def test_the_term_keeps_the_platform_s_name_and_the_group(tmp_path):
    ada = Student("Ada", groups=("Team Blau",), platform_ids=("7",))
    called = read_name("teamblau_LATE_101_801_wörk\udcff.zip", is_folder=False)
    values = {"student": "Ada", "who": ada, "sha": "s", "found_at": "", "named": called, "attempt": 1, "late": True}
    values |= {"handed_in": None, "when_by": "", "page": "ada", "superseded": [], "key": "k"}
    with Term(tmp_path) as term:
        term.add("k", {"status": "graded", "grade": grade().to_json(), "problem": ""})
        term.hand_in(WHOLE_COURSE.name, [values])
        (kept,) = term.records(WHOLE_COURSE)
    assert (kept.called, kept.who) == (called, ada)
    assert marks.number_of(kept) == ("", "")


def test_failed_checks_count(exported, give):
    """A score between nothing and all of it, from an exercise with a share of its points."""
    wrong = {FIRST.name: {"share": 0.5}}
    assert failed(FIRST, share=0.5).points == FIRST.points / 2
    _, folder = give([handed_in("Anna", "anna_1_801_work.zip", grade(wrong), folder=False)], None)
    assert cells(folder / "canvas.csv")[2][3] == f"{BEST - FIRST.points / 2:g}"
