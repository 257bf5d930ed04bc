"""The roster: read from what the platforms export, and a row for everyone, each under their own number and name."""

import csv
import io
import json
import os
import re
import unicodedata
import zipfile
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mlt_nn.cli import main
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.teaching.classroom import metadata, roster
from mlt_nn.teaching.classroom.collect import collect
from mlt_nn.teaching.classroom.metadata import METADATA as METADATA_FILE
from mlt_nn.teaching.classroom.platforms import read_name
from mlt_nn.teaching.classroom.roster import Roster, RosterError
from mlt_nn.teaching.classroom.student import Student
from mlt_nn.teaching.grader.submission import read

pytestmark = pytest.mark.thorough

MOODLE = """\ufeffIdentifier,"Full name","ID number","Email address",Status,Grade,"Maximum grade",\
"Grade can be changed","Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 101","Anna Müller",4711,anna@example.org,"Submitted for grading - ",,76.00,Yes,\
"Tuesday, 24 November 2026, 2:05 PM",-,
"Participant 102","Anna Müller",4712,anna2@example.org,"Submitted for grading - 3 mins 31 secs late - ",,76.00,Yes,\
"Wednesday, November 25, 2026, 12:30 AM",-,
"Participant 103","Sean O'Hara",4713,sean@example.org,"No submission - ",,76.00,Yes,-,-,
"""
MOODLE_GERMAN = """ID;"Vollständiger Name";E-Mail-Adresse;Status;Gruppe;Bewertung;Bestwertung;\
"Zuletzt geändert (Abgabe)"
Teilnehmer/in1234567;"Max Mustermann";max@example.org;"Zur Bewertung abgegeben - 36 Tage zu spät";Blau;7,5;76,00;\
"Dienstag, 2. Dezember 2025, 10:37"
Teilnehmer/in1234568;"Jörg Groß";joerg@example.org;Keine Abgabe;Blau;;76,00;-
"""
PARTICIPANTS = 'Vorname,Nachname,E-Mail-Adresse,Gruppen\nCem,"van der Berg",cem@example.org,"Blau, Rot"\n'
CANVAS = '''Student,ID,SIS User ID,SIS Login ID,Section,Week 1 (4711),Current Score
,,,,,Manual Posting,
    Points Possible,,,,,76,(read only)
"Müller, Anna",12345,u1,anna.m,A,,12.5
"கவிதா",12346,u2,kavitha,A,,
"=""=1+1""",12347,u3,eq,A,,
"Student, Test",99999,,0d2f,A,,
'''
GRADESCOPE = "First Name,Last Name,SID,Email,Role,Section\nAnna,Müller,4711,anna@example.org,Student,A\n"
METADATA = """---
submission_901:
  :submitters:
  - :name: Anna Müller
    :sid: '4711'
    :email: anna@example.org
  - :name: 'Sean O''Hara'
    :sid:
    :email: sean@example.org
  :created_at: &1 2026-11-24 10:00:00.000000000 Z
  :history:
  - :id: 3
    :created_at: *1
    :submitters:
    - :name: Somebody Else
submission_902:
  :submitters:
  - :sid: '0042'
    :name: "Ben Weiß"
  :created_at: 2026-11-24 11:30:00.000000000 -08:00
"""
CODE = b"def pre_activation(a, w, b):\n    return 1\n"
LOCAL = "%Y-%m-%d %H:%M"


@pytest.fixture(autouse=True)
def scratch(tmp_path, monkeypatch):
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr("mlt_nn.teaching.grader.scratch.folder", lambda: tmp_path / "scratch")


@pytest.fixture
def students(tmp_path):
    """The students in a roster with this text."""

    def read_text(text, name="students.csv", encoding="utf-8"):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return roster.read(tmp_path / name).students

    return read_text


def work(comment="", made=None):
    """The bytes of a student's zip, with a manifest where it says when it was made."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("neuron.py", CODE + comment.encode())
        if made:
            archive.writestr("manifest.json", json.dumps({"name": "Sean O'Hara", "time": made}))
    return stream.getvalue()


@pytest.fixture
def lay(tmp_path):
    """Writes {name: data} into a zip, or else into a folder."""

    def write(files, name="download.zip"):
        if not name.endswith(".zip"):
            for inner, data in files.items():
                (tmp_path / name / inner).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / name / inner).write_bytes(data)
            return tmp_path / name
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for inner, data in files.items():
                archive.writestr(inner, data)
        return tmp_path / name

    return write


def counting(collected):
    """Name -> what counts of whom is known by it."""
    found = [each for each in collected.submissions if not each.superseded]
    assert len({each.student for each in found}) == len(found)
    return {each.student: each for each in found}


def comments(collected):
    """Name -> the comment in what counts."""
    return {
        name: read(each.path).module("neuron").data.removeprefix(CODE).decode()
        for name, each in counting(collected).items()
    }


# What is read


def test_moodle_s_grading_worksheet(students):
    first, second, third = students(MOODLE)
    assert first.name == "Anna Müller"
    assert (first.student_id, first.email, first.platform_ids) == ("4711", "anna@example.org", ("101",))
    assert [f"{each.handed_in:{LOCAL}}" for each in (first, second)] == ["2026-11-24 14:05", "2026-11-25 00:30"]
    assert first.handed_in.tzinfo is not None
    assert [first.late, second.late, third.late] == [False, True, False]
    assert third.handed_in is None


def test_moodle_in_german_with_semicolons_and_decimal_commas(students):
    first, second = students(MOODLE_GERMAN)
    assert (first.platform_ids, first.student_id, first.groups, first.late) == (("1234567",), "", ("Blau",), True)
    assert f"{first.handed_in:{LOCAL}}" == "2025-12-02 10:37"
    assert (second.name, second.email, second.handed_in) == ("Jörg Groß", "joerg@example.org", None)


def test_moodle_s_participants(students):
    assert students(PARTICIPANTS) == (
        Student("Cem van der Berg", "Cem", "van der Berg", "cem@example.org", groups=("Blau", "Rot")),
    )


def test_canvas_s_gradebook(students):
    assert students(CANVAS) == (
        Student("Anna Müller", "Anna", "Müller", student_id="u1", platform_ids=("12345", "anna.m")),
        Student("கவிதா", student_id="u2", platform_ids=("12346", "kavitha")),
        Student("=1+1", student_id="u3", platform_ids=("12347", "eq")),
    )


def test_who_logs_in_with_an_e_mail_has_it(students):
    anna, eq, _ = students(CANVAS.replace("anna.m", "anna@example.org").replace("kavitha", "kavitha@"))
    assert (anna.email, anna.platform_ids) == ("anna@example.org", ("12345", "anna@example.org"))
    assert eq.email == ""


def test_canvas_with_first_and_last_names(students):
    (anna,) = students("LastName,FirstName,ID,SIS Login ID,Section\n,,,,\nMüller,Anna,12345,anna.m,A\n")
    assert (anna.name, anna.last_name, anna.platform_ids) == ("Anna Müller", "Müller", ("12345", "anna.m"))


def test_gradescope_s_roster_and_its_metadata(students):
    assert students(GRADESCOPE) == (Student("Anna Müller", "Anna", "Müller", "anna@example.org", "4711"),)
    assert students(METADATA, "submission_metadata.yml") == (
        Student("Anna Müller", email="anna@example.org", student_id="4711"),
        Student("Sean O'Hara", email="sean@example.org"),
        Student("Ben Weiß", student_id="0042"),
    )


@pytest.mark.parametrize("title", ["name", "student_id", "email", "Full Name", "E-Mail", "ID"])
def test_one_column_is_enough(students, title):
    (student,) = students(f"{title},what else\nada@example.org,7\n")
    assert student.name == "ada@example.org"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_and_separator(students, encoding, separator):
    text = "\r\n".join(separator.join(cells) for cells in (("sep", "Name", "E-Mail"), ("1,5", "Jörg Groß", "j@x.org")))
    text = text.replace("1,5", '"1,5"')
    assert students(text, encoding=encoding) == (Student("Jörg Groß", email="j@x.org"),)
    # What Excel writes above a table.
    assert students(f"sep={separator}\r\n{text}", encoding=encoding) == (Student("Jörg Groß", email="j@x.org"),)


def test_spellings_of_an_umlaut_are_one(students):
    assert students(unicodedata.normalize("NFD", "name\nJörg Groß\n")) == (Student("Jörg Groß"),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("points,remark\n1,2\n", r"line 1: none of its columns says who somebody is: 'points', 'remark'\. Call"),
        ("", r"line 1: none of its columns"),
        ("name,Full name\na,b\n", r"line 1: 'name' and 'Full name' both hold the name"),
        ("name,points\nAda,1\n\n,2\n", r"line 4: neither a name nor an id nor an e-mail is in ',2'\. Fill in"),
        ("name,id\nAda,7\n\"Bo\nb\",8\nCem,7\n", r"line 5: the id '7' stands already in line 2, of 'Ada'"),
        ("name,email\nAda,a@x.org\nBob,A@X.org\n", r"line 3: the e-mail 'a@x.org' stands already in line 2"),
        ("name\nAda\nAda\n", r"the name 'Ada' stands already in line 2.*need a column student_id or email"),
        (b"name\nAda\nB\x81b\n", r"line 3: byte 0x81 is no text in UTF-8, UTF-16 or Windows-1252"),
        (b"PK\x03\x04", r"is a spreadsheet or a zip\. Save the table as CSV"),
        ('name,email\n"Kim,k@x.org\nBob,b@x.org\n', r"line 3: unexpected end of data\. Save"),
        ('name\n"' + "a" * 200_000 + '"\n', r"line 2: field larger than"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line_and_the_way_out(students, text, told):
    with pytest.raises(RosterError, match=rf"students\.csv(, line \d+)?.*{told.split(': ')[-1]}") as error:
        students(text)
    assert told.split(":")[0].lstrip("(?") in str(error.value) or not told.startswith("line")


@pytest.mark.parametrize("text", ["- a list", "{", "a: &a [*a", "\x07"])
def test_metadata_that_is_none_is_told(students, text):
    with pytest.raises(RosterError, match=r"should be Gradescope's submission_metadata\.yml"):
        students(text, "submission_metadata.yml")


def test_what_metadata_says_is_taken_as_text_and_nothing_is_made_of_it():
    assert metadata.read(b"") == {}
    found = metadata.read(b"submission_1:\n  :submitters: !!python/object/apply:os.getcwd []\n  :created_at: soon\n")
    assert found == {"submission_1": metadata.Submitted((), None)}
    (ben,) = metadata.read(METADATA.encode())["submission_902"].students
    assert ben.student_id == "0042"


def test_metadata_that_somebody_made_for_it_ends_nothing():
    with pytest.raises(ValueError, match="is nested too deeply"):
        metadata.read(b"submission_1: " + b"[" * 200 + b"]" * 200)  # a thousand times as many would end Python
    tens = "".join(f"- &a{n} [{', '.join(10 * [f'*a{n - 1}'])}]\n" for n in range(1, 9))
    bomb = f"a:\n- &a0 [x]\n{tens}submission_1:\n  :submitters:\n  - :name: *a8\n    :sid: '1'\n"
    assert metadata.read(bomb.encode())["submission_1"].students == (Student("1", student_id="1"),)


# Who is who

TWINS = Roster(
    [
        Student("Anna Müller", student_id="1", platform_ids=("101",)),
        Student("Anna Müller", student_id="2"),
        Student("Bo"),
    ]
)


@pytest.mark.parametrize(
    ("file", "known", "ids"),
    [
        ("Anna Müller_101_assignsubmission_file_", None, ["1"]),
        ("1", None, ["1"]),
        ("Anna Müller", None, []),
        ("Bo", None, [""]),
        ("bo (2)", None, [""]),
        ("Bo [1]", None, [""]),
        ("Bob", None, []),
        ("submission_1", None, []),
        ("submission_1", Student("Nobody", student_id="2"), ["2"]),
        ("submission_1", Student("Bo", email="new@example.org"), [""]),
        ("Bo_101_assignsubmission_file_", None, []),  # the number is another's
    ],
)
def test_a_student_is_found_by_number_before_name(file, known, ids):
    found, _ = TWINS.find(read_name(file, is_folder=True), known)
    assert [each.student_id for each in found] == ids


def test_where_it_cannot_be_decided_it_is_said_between_whom():
    assert [each.student_id for each in TWINS.find(read_name("Anna Müller", is_folder=True))[1]] == ["1", "2"]
    assert len(TWINS.find(read_name("Bo_101_assignsubmission_file_", is_folder=True))[1]) == 2


NAMES = ["Anna Müller", "Sean O'Hara", "கவிதா சுப்பிரமணியம்", "आर्यभट सिंह", "van der Berg Cem", "Zoë Ångström"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_found_as_each_platform_writes_it(lay, name, form):
    """Whole in a folder of Moodle's, and at Canvas the last name first, in small letters, without spaces and signs."""
    *first, last = name.split()
    sortable = " ".join([last, *first]).lower()
    canvas = "".join(sign for sign in sortable if sign.isalnum() or unicodedata.category(sign)[0] == "M")
    files = [f"{name}_55_assignsubmission_file_/work.zip", f"{canvas}_77_888_work.zip", f"{last} {' '.join(first)}.zip"]
    for file in files:
        path = lay({unicodedata.normalize(form, file): work("# here"), "other.zip": work(), "another.zip": work()})
        collected = collect([path], Roster([Student(name, student_id="1"), Student("Somebody Else")]))
        assert comments(collected)[name] == "# here"
        assert counting(collected)[name].who.student_id == "1"
        assert [student for student, _ in collected.missing] == ["Somebody Else"]


def test_a_tamil_name_keeps_its_signs_at_canvas(lay):
    found = counting(collect([lay({"கவிதா_77_888_work.zip": work(), "mülleranna_78_999_work.zip": work()})]))
    assert set(found) == {"கவிதா", "mülleranna"}
    assert found["கவிதா"].called.platform_id == "77"
    assert found["கவிதா"].path.stem == "கவிதா"


# A row for everyone


def test_moodle_s_worksheet_and_its_download(lay, students, tmp_path):
    students(MOODLE)
    path = lay(
        {
            "Anna Müller_101_assignsubmission_file_/work.zip": work("# one"),
            "Anna Müller_102_assignsubmission_file_/work.zip": work("# two", made="2001-01-01T00:00:00Z"),
            "Anna Müller_102_assignsubmission_onlinetext_/onlinetext.html": b"Hello",
        }
    )
    collected = collect([path], roster.read(tmp_path / "students.csv"))
    assert comments(collected) == {"Anna Müller (4711)": "# one", "Anna Müller (4712)": "# two"}
    one, two = counting(collected).values()
    assert (f"{one.when:{LOCAL}}", one.when_by, one.late) == ("2026-11-24 14:05", "Moodle", False)
    assert (f"{two.when:{LOCAL}}", two.when_by, two.late) == ("2026-11-25 00:30", "Moodle", True)
    assert [(name, who.student_id) for name, who in collected.missing] == [("Sean O'Hara", "4713")]
    assert collected.hints == ()


def test_somebody_who_is_not_in_the_roster_is_not_taken_for_one_of_the_same_name(lay, students, tmp_path):
    students("".join(MOODLE.splitlines(keepends=True)[:2]))  # only the first Anna Müller
    path = lay({f"Anna Müller_{n}_assignsubmission_file_/work.zip": work(f"# {n}") for n in (101, 102)})
    collected = collect([path], roster.read(tmp_path / "students.csv"))
    found = counting(collected)
    assert {each.who and each.who.student_id for each in found.values()} == {"4711", None}
    assert sorted(comments(collected).values()) == ["# 101", "# 102"]
    assert "write '102' into their line" in collected.hints[0]
    # Where all numbers are of another assignment, the name says who it is.
    alone = lay({"Anna Müller_909_assignsubmission_file_/work.zip": work("# 909")}, "other.zip")
    (anna,) = counting(collect([alone], roster.read(tmp_path / "students.csv"))).values()
    assert anna.who.student_id == "4711"


@pytest.mark.parametrize(
    ("own", "forged"),
    [
        # Names that students may change, in a roster without the platform's numbers, or with them.
        ("Anna Müller_501_assignsubmission_file_/w.zip", "Müller, Anna_502_assignsubmission_file_/w.zip"),
        (
            "Sean O'Hara_103_assignsubmission_file_w.zip",
            "Sean O'Hara_assignsubmission_file_9_assignsubmission_file_w.zip",
        ),
        ("oharasean_103_55555_w.zip", "oharasean_103_99999_x_101_67890_w.zip"),
        ("oharasean_103_55555_w.zip", "mallory_103_101_67890_w.zip"),
        # Files that students named.
        ("oharasean_103_55555_w.zip", "mallory_101_67890_x_103_assignsubmission_file_w.zip"),
        (
            "Sean O'Hara_103_assignsubmission_file_w.zip",
            "Mallory_101_assignsubmission_file_a_1_assignsubmission_file_103_12345_w.zip",
        ),
    ],
)
def test_nobody_is_taken_for_somebody_else_by_a_name_that_they_chose(lay, students, tmp_path, own, forged):
    students(MOODLE if "103" in own else "name\nAnna Müller\n")
    path = lay({own: work("# own", "2026-11-24T10:00:00Z"), forged: work("# forged", "2099-11-24T10:00:00Z")})
    collected = collect([path], roster.read(tmp_path / "students.csv"))
    assert sorted(comments(collected).values()) == ["# forged", "# own"]
    named = {comments(collected)[name]: each.who for name, each in counting(collected).items()}
    assert named["# forged"] is None
    assert named["# own"] is None or named["# own"].student_id == "4713"
    assert any(forged.partition("/")[0] in hint for hint in collected.hints)


def test_a_pdf_with_a_forged_name_is_nobody_s(lay, students, tmp_path):
    students(CANVAS)
    path = lay({"mallory_99_67890_x_12346_assignsubmission_file_.pdf": b"%PDF", "wang_98_55555_w.zip": work()})
    collected = collect([path], roster.read(tmp_path / "students.csv"))
    assert {each.who for each in collected.submissions} == {None}


@pytest.mark.parametrize("table", ["name\nAnna Müller\n", "name,email\nAnna Müller,anna@example.org\n"])
def test_a_name_at_gradescope_is_nobody_s_alone(lay, students, tmp_path, table):
    students(table)
    others = METADATA.replace("Ben Weiß", "Anna Müller").encode()
    path = lay({METADATA_FILE: others, **{f"submission_90{n}/neuron.py": CODE + b"# %d" % n for n in (1, 2)}})
    collected = collect([path], roster.read(tmp_path / "students.csv"))
    whose = {each.who.key[1]: comments(collected)[name] for name, each in counting(collected).items()}
    assert whose == {
        "4711" if "email" not in table else "anna@example.org": "# 1",
        "0042": "# 2",
        "sean@example.org": "# 1",
    }
    assert any("Anna Müller (0042) is not in" in hint for hint in collected.hints)


@pytest.mark.parametrize(
    "table", ["", "name,student_id\nAnna Müller,4711\n", "name,student_id,email\nAnna Müller,4711,A@x\n"]
)
def test_an_id_that_two_typed_in_at_gradescope_is_neither_s(lay, students, tmp_path, table):
    listed = "".join(
        f"submission_{n}:\n  :submitters:\n  - :name: Anna Müller\n    :sid: '4711'\n    :email: {email}\n"
        f"  :created_at: 2026-11-24 1{n}:00:00 Z\n"
        for n, email in ((1, "a@x"), (2, "mallory@x"))
    )
    path = lay({METADATA_FILE: listed.encode(), **{f"submission_{n}/neuron.py": CODE + b"# %d" % n for n in (1, 2)}})
    students(table or "name\nBob\n")
    collected = collect([path], roster.read(tmp_path / "students.csv") if table else None)
    whose = {comments(collected)[name]: each.who for name, each in counting(collected).items()}
    assert (whose["# 1"].email.lower(), whose["# 2"].email) == ("a@x", "mallory@x")
    assert whose["# 1"].student_id == ("4711" if "email" in table else "")


def test_a_list_of_gradescope_s_says_nothing_of_other_folders(lay):
    listed = METADATA.replace("submission_901", "ada").encode()
    folder = lay({METADATA_FILE: listed, "ada/neuron.py": CODE, "bob/neuron.py": CODE}, "class")
    assert set(counting(collect([folder]))) == {"ada", "bob"}


def test_groups_of_the_same_letters_are_told_apart(lay, students, tmp_path):
    students("name,group\nAda,Team 1\nBob,Team-1\nCem,Team-1\n")
    path = lay({f"{n}_7{len(n)}_assignsubmission_file_/w.zip": work(f"# {n}") for n in ("Team 1", "Team-1", "Team+1!")})
    found = counting(collect([path], roster.read(tmp_path / "students.csv")))
    assert {name: each.called.student for name, each in found.items()} == {
        "Ada": "Team 1",
        "Bob": "Team-1",
        "Cem": "Team-1",
        "Team+1!": "Team+1!",
    }


def test_text_and_a_pdf_are_rows(lay):
    path = lay(
        {
            "Ada L_1_assignsubmission_onlinetext_/onlinetext.html": b"Hello",
            "Bob M_2_assignsubmission_file_/essay.pdf": b"%PDF",
            "kowalskijan_9105_text.html": b"Hello",
            "weißben_LATE_9106_link.html": b"",
        }
    )
    found = counting(collect([path]))
    problems = {name: read(each.path).problem.partition("...)")[2] for name, each in found.items()}
    assert problems == {
        "Ada L": ", but onlinetext.html.",
        "Bob M": ", but essay.pdf.",
        "kowalskijan": ", but text.html.",
        "weißben": ", but link.html.",
    }
    assert [found["weißben"].late, found["weißben"].called.platform_id] == [True, "9106"]


def test_a_file_that_is_called_like_a_student_of_the_roster_is_theirs(lay):
    path = lay({"ada.pdf": b"%PDF", "bob.zip": work(), "notes.pdf": b"", "feedback/x.txt": b""}, "class")
    collected = collect([path], Roster([Student("Ada"), Student("Bob")]))
    assert ", but ada.pdf." in read(counting(collected)["Ada"].path).problem
    assert {file.name for file, _ in collected.ignored} == {"notes.pdf", "feedback"}
    assert collected.missing == ()


def test_each_of_a_group_gets_the_mark(lay):
    members = [Student("Ada", groups=("Team Blau",)), Student("Bob", groups=("Team Blau",)), Student("Cem")]
    path = lay({"Team Blau_101_assignsubmission_file_/neuron.py": CODE + b"# of both"})
    collected = collect([path], Roster([*members, Student("Dora", platform_ids=("101",))]))
    assert comments(collected) == {"Ada": "# of both", "Bob": "# of both"}
    assert [name for name, _ in collected.missing] == ["Cem", "Dora"]


@pytest.mark.parametrize("with_roster", [False, True])
def test_each_of_several_submitters_at_gradescope_gets_the_mark(lay, students, tmp_path, with_roster):
    path = lay(
        {
            "assignment_5_export/submission_metadata.yml": METADATA.encode(),
            "assignment_5_export/submission_901/neuron.py": CODE + b"# of both",
            "assignment_5_export/submission_902/essay.pdf": b"%PDF",
        }
    )
    students(GRADESCOPE)
    collected = collect([path], roster.read(tmp_path / "students.csv") if with_roster else None)
    found = counting(collected)
    assert set(found) == {"Anna Müller", "Sean O'Hara", "Ben Weiß"}
    assert found["Anna Müller"].who.first_name == ("Anna" if with_roster else "")
    assert found["Anna Müller"].who.student_id == "4711"
    assert found["Sean O'Hara"].who.email == "sean@example.org"
    assert found["Sean O'Hara"].when == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert found["Ben Weiß"].when.utcoffset() == timedelta(hours=-8)
    assert found["Ben Weiß"].when_by == "Gradescope"
    assert len(collected.hints) == (2 if with_roster else 0)


def test_who_is_not_in_the_roster_has_a_row_and_it_is_told_what_to_write(lay):
    path = lay(
        {f"{name}_assignsubmission_file_/neuron.py": CODE for name in ("Anna Müller_7", "Anna Müller_8", "Eva_9")}
    )
    collected = collect([path], Roster([*TWINS.students], "students.csv"))
    assert set(counting(collected)) == {"Anna Müller (7)", "Anna Müller (8)", "Eva"}
    assert [each.who for each in collected.submissions] == [None] * 3
    assert [name for name, _ in collected.missing] == ["Anna Müller (1)", "Anna Müller (2)", "Bo"]
    seven, eight, eva = collected.hints
    assert "is of Anna Müller 1 or Anna Müller 2, which cannot be decided" in seven
    assert "write '7' into their line, in a column platform_id" in seven
    assert "'8'" in eight
    assert "Eva is not in students.csv, and has a row all the same" in eva


@pytest.mark.parametrize(
    "file",
    [
        "Strange_7_assignsubmission_file_/neuron.py",
        "Strange_assignsubmission_file_/neuron.py",
        "strange_7_888_neuron.py",
        "strange.zip",
        "strange/neuron.py",
        "submission_901/neuron.py",
        "submission_902/neuron.py",
        "submission_903/neuron.py",
    ],
)
def test_what_the_hint_says_to_write_is_what_it_needs(lay, students, tmp_path, file):
    path = lay({file: work() if file.endswith(".zip") else CODE, "submission_metadata.yml": METADATA.encode()}, "class")
    students("name\nAda\n")
    collected = collect([path], roster.read(tmp_path / "students.csv"))
    own, column = re.search(r"write '(.+?)' into their line, in a column (\w+)", collected.hints[0]).groups()
    students(f"name,{column}\nAda,{own}\n")
    collected = collect([path], roster.read(tmp_path / "students.csv"))
    assert counting(collected)["Ada"].who.name == "Ada"
    assert collected.missing == ()


@pytest.mark.parametrize(
    "file", ["Team Blau_7_assignsubmission_file_/neuron.py", "teamblau_7_888_neuron.py", "Team Blau/neuron.py"]
)
def test_what_it_says_to_write_for_a_group_is_too(lay, students, tmp_path, file):
    path = lay({file: CODE}, "class")
    students("name\nAda\nBob\n")
    (hint,) = collect([path], roster.read(tmp_path / "students.csv")).hints
    group = re.search(r"if it is a group, '(.+?)' into each member's line, in a column group", hint)[1]
    students(f"name,group\nAda,{group}\nBob,{group}\n")
    assert set(counting(collect([path], roster.read(tmp_path / "students.csv")))) == {"Ada", "Bob"}


@pytest.mark.parametrize("name", ["Team Blau.zip", "team blau (2).zip", "Team Blau/work.zip"])
def test_without_a_platform_a_file_may_be_called_like_a_group(lay, name):
    members = [Student("Ada", groups=("Team Blau",)), Student("Bob", groups=("Team Blau",))]
    collected = collect([lay({name: work("# both"), "cem.zip": work()}, "class")], Roster([*members, Student("Cem")]))
    assert comments(collected) == {"Ada": "# both", "Bob": "# both", "Cem": ""}
    assert (collected.hints, collected.missing) == ((), ())
    named = Roster([*members, Student("Team Blau", student_id="3")])
    assert comments(collect([lay({name: work("# own")}, "other")], named)) == {"Team Blau": "# own"}


# Which counts


@pytest.mark.parametrize("name", ["download.zip", "download"])
def test_of_several_attempts_the_latest_by_the_manifest_counts_not_by_name(lay, name):
    files = {
        "Ada_1_assignsubmission_file_/z.zip": work("# first", made="2026-11-24T10:00:00Z"),
        "Ada_1_assignsubmission_file_/a.zip": work("# last", made="2026-11-24T10:30:00Z"),
    }
    collected = collect([lay(files, name)])
    assert comments(collected) == {"Ada": "# last"}
    (first,) = (each for each in collected.submissions if each.superseded)
    assert "a.zip counts, for it was made later, at 2026-11-2" in first.superseded
    assert "as its manifest says" in first.superseded
    last = counting(collected)["Ada"]
    assert (last.when, last.when_by) == (datetime(2026, 11, 24, 10, 30, tzinfo=UTC), "the manifest")


def test_the_platform_goes_before_the_manifest_which_is_the_student_s_word(lay):
    canvas = {
        "ada_1_222_work.zip": work("# forged", made="2090-11-24T10:00:00Z"),
        "ada_1_333_work-1.zip": work("# last", made="2026-11-24T10:30:00Z"),
    }
    assert comments(collect([lay(canvas)])) == {"ada": "# last"}
    submitted = METADATA.replace("'0042'", "'4711'").replace("Ben Weiß", "Anna Müller")
    gradescope = {
        "submission_metadata.yml": submitted.encode(),
        "submission_901/work.zip": work("# forged", made="2090-11-24T10:00:00Z"),
        "submission_902/work.zip": work("# last", made="2026-11-24T10:30:00Z"),
    }
    assert comments(collect([lay(gradescope)]))["Anna Müller"] == "# last"


def test_a_manifest_never_says_who_somebody_is(lay):
    path = lay({"mallory.zip": work(made="2026-11-24T10:00:00Z"), "bob.zip": work()}, "class")
    collected = collect([path], Roster([Student("Sean O'Hara"), Student("Mallory"), Student("Bob")]))
    assert set(counting(collected)) == {"Mallory", "Bob"}
    assert [name for name, _ in collected.missing] == ["Sean O'Hara"]


@pytest.mark.parametrize(
    "made", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "2026-11-24T10:00", 7, None, "x" * 10**5]
)
def test_a_time_that_says_nothing_is_not_taken(lay, made):
    (found,) = collect([lay({"Ada_1_assignsubmission_file_/work.zip": work(made=made)})]).submissions
    assert (found.when, found.when_by) == (None, "")


def test_looking_for_manifests_leaves_nothing_behind(lay, tmp_path):
    path = lay({f"Ada_1_assignsubmission_file_/{name}.zip": work(f"# {name}") for name in ("ü", "ж")})
    path.write_bytes(path.read_bytes().replace("ü.zip".encode(), b"\xff\xff.zip", 1))  # damaged where the file lies
    collected = collect([path])
    assert comments(collected) == {"Ada": "# ж"}
    assert collected.ignored == ()
    assert len(list((tmp_path / "scratch").rglob("*.zip"))) == 1


def test_files_on_the_disk_are_ordered_by_their_time(lay):
    path = lay({"Ada/z.zip": work("# first"), "Ada/a.zip": work("# last"), "bob.zip": work()}, "class")
    os.utime(path / "Ada" / "z.zip", (10**9, 10**9))
    os.utime(path / "Ada" / "a.zip", (10**9 + 60, 10**9 + 60))
    collected = collect([path])
    assert comments(collected)["Ada"] == "# last"
    found = counting(collected)["Ada"]
    assert (found.when, found.when_by) == (datetime.fromtimestamp(10**9 + 60, UTC), "the file")


def test_a_second_download_is_another_attempt_of_who_is_in_the_roster(lay):
    files = {"Ada L (2).zip": work("# last", made="2026-11-24T11:00Z"), "Ada L.zip": work(made="2026-11-24T10:00Z")}
    assert comments(collect([lay(files, "class")], Roster([Student("Ada L")]))) == {"Ada L": "# last"}
    assert set(counting(collect([lay(files, "class")]))) == {"Ada L", "Ada L (2)"}


# At the wrong level

MONDAY = {f"{name}_{n}_assignsubmission_file_/work.zip": work(f"# {name}") for n, name in enumerate(("Ada", "Bob"))}
FRIDAY = {"Cem_7_assignsubmission_file_/work.zip": work("# Cem")}


@pytest.mark.parametrize(
    "layout",
    [
        ["downloads/monday.zip"],
        ["downloads/CS 101/monday.zip"],
        ["downloads/monday", "downloads/notes.txt"],
        ["downloads/CS 101/monday", "downloads/roster.csv"],
        ["downloads/monday.zip", "downloads/.DS_Store", "downloads/roster.csv"],
    ],
)
def test_a_download_in_a_folder_is_found(lay, tmp_path, layout):
    for name in layout:
        if "monday" in name:
            lay(MONDAY, name)
        else:
            (tmp_path / name).write_bytes(b"")
    assert comments(collect([tmp_path / "downloads"])) == {"Ada": "# Ada", "Bob": "# Bob"}


@pytest.mark.parametrize("names", [("monday.zip", "friday.zip"), ("monday", "friday.zip"), ("one/a", "one/b.zip")])
def test_two_downloads_at_once(lay, tmp_path, names):
    paths = [lay(files, name) for files, name in zip((MONDAY, FRIDAY), names, strict=True)]
    assert set(comments(collect(paths))) == {"Ada", "Bob", "Cem"}


def test_two_downloads_in_one_folder(lay, tmp_path):
    lay(MONDAY, "both/monday.zip")
    lay(FRIDAY, "both/friday.zip")
    assert set(comments(collect([tmp_path / "both"]))) == {"Ada", "Bob", "Cem"}


def test_two_downloads_of_gradescope_s_in_one_folder(lay, tmp_path):
    second = METADATA.replace("901", "801").replace("902", "802").replace("Ben", "Eva").replace("0042", "0043")
    for name, text in (("monday", METADATA), ("friday", second)):
        number = re.search("submission_.02", text)[0]
        lay({"submission_metadata.yml": text.encode(), f"{number}/neuron.py": CODE}, f"both/{name}.zip")
    assert set(counting(collect([tmp_path / "both"]))) == {"Ben Weiß", "Eva Weiß"}


def test_a_download_zipped_once_more_is_told(lay, tmp_path):
    path = lay({"moodle.zip": lay(MONDAY).read_bytes()}, "outer.zip")
    (hint,) = collect([path]).hints
    assert hint == f"{path} holds no exercise file, but the zip moodle.zip. Unpack outer.zip, and name what is in it."
    lay({"neuron.py": CODE, "old.zip": b""}, "ada.zip")
    assert collect([tmp_path / "ada.zip"]).hints == ()


def test_a_download_zipped_in_folders(lay):
    path = lay({f"a/b/{name}": data for name, data in MONDAY.items()})
    assert comments(collect([path])) == {"Ada": "# Ada", "Bob": "# Bob"}


def test_what_may_be_a_download_among_students_is_a_student_s_and_that_is_told(lay, tmp_path):
    forged = lay(MONDAY, "class/mallory.zip")
    (tmp_path / "class" / "eve.zip").write_bytes(work("# eve"))
    for paths in ([tmp_path / "class"], [forged, tmp_path / "class" / "eve.zip"]):
        collected = collect(paths)
        assert set(counting(collected)) == {"mallory", "eve"}
        (hint,) = collected.hints
        assert f"{forged} looks like a platform's download of many submissions" in hint
        assert "name it alone" in hint


def test_a_file_called_like_one_of_canvas_s_makes_no_download_of_a_student_s_zip(lay, tmp_path):
    lay({"neuron.py": CODE + b"# ada", "notes_1_2026_a.txt": b""}, "class/ada.zip")
    collected = collect([tmp_path / "class"])
    assert comments(collected) == {"ada": "# ada"}
    assert collected.hints == ()


def test_one_folder_that_may_hold_the_whole_class_is_told(lay, tmp_path):
    lay({"class/ada.zip": work(), "class/bob.zip": work()}, "submissions")
    (hint,) = collect([tmp_path / "submissions"]).hints
    assert hint.endswith(f"name it:  python3 -m mlt_nn grade {tmp_path / 'submissions' / 'class'}")


def test_the_roster_may_lie_beside(lay, tmp_path):
    path = lay({"ada.zip": work(), "students.csv": b"name\nAda\n"}, "class")
    collected = collect([path], roster.read(path / "students.csv"))
    assert collected.ignored == ()
    (reason,) = dict(collect([path]).ignored).values()
    assert reason.endswith(f"if it is the roster, name it:  --roster {path / 'students.csv'}")


# Given back


def test_everybody_is_in_the_gradebook_and_on_the_class_page(lay, students, tmp_path, capsys, sandbox):
    students(MOODLE)
    folder = "Anna Müller_101_assignsubmission_file_"
    solutions = {f"{folder}/{file.name}": file.read_bytes() for file in SOLUTIONS.glob("*.py")}
    path = lay(solutions | {"Anna Müller_102_assignsubmission_onlinetext_/onlinetext.html": b"Hello"})
    grades = tmp_path / "grades"
    assert main(["grade", str(path), "--out", str(grades), "--roster", str(tmp_path / "students.csv")]) == 0
    with open(grades / "gradebook.csv", encoding="utf-8-sig", newline="") as stream:
        rows = {row["student_id"]: row for row in csv.DictReader(stream)}
    assert {number: (row["status"], row["email"]) for number, row in rows.items()} == {
        "4711": ("graded", "anna@example.org"),
        "4712": ("student error", "anna2@example.org"),
        "4713": ("nothing handed in", "sean@example.org"),
    }
    assert float(rows["4711"]["score"]) == float(rows["4711"]["max_score"])
    assert (float(rows["4712"]["score"]), rows["4713"]["score"]) == (0, "")
    assert rows["4711"]["timestamp"].startswith("2026-11-24 14:05")
    assert rows["4713"]["last_name"] == "Sean O'Hara"
    page = (grades / "class.html").read_text(encoding="utf-8")
    assert "1 student of the roster handed in nothing." in page
    assert "(Moodle)" in page
    pages = {file.name[:11]: file.read_text(encoding="utf-8") for file in (grades / "students").iterdir()}
    assert len(list((grades / "students").iterdir())) == 3
    assert "Nothing was handed in" in pages["sean-o-hara"]
    assert len(list((grades / "junit").iterdir())) == 2


def test_a_roster_that_is_none_is_one_clear_error_before_anything_is_graded(lay, tmp_path, capsys):
    (tmp_path / "students.csv").write_text("points\n1\n")
    arguments = [lay(MONDAY), "--out", tmp_path / "grades", "--roster", tmp_path / "students.csv"]
    assert main(["grade", *map(str, arguments)]) == 1
    assert "students.csv, line 1: none of its columns says who somebody is" in capsys.readouterr().err
    assert not (tmp_path / "grades").exists()


@pytest.mark.parametrize("name", ["nothing.csv", "."])
def test_a_roster_that_cannot_be_read_is_told_with_the_way_out(lay, tmp_path, capsys, name):
    assert main(["grade", str(lay(MONDAY)), "--roster", str(tmp_path / name)]) == 1
    assert re.search(r" cannot be read: .+\. Name the table of the class", capsys.readouterr().err)


def test_moodles_worksheet_says_when_where_only_the_file_would(lay, students, tmp_path):
    path = lay({"Ada/neuron.py": CODE, "Bob.zip": work(made="2026-11-23T10:00:00Z"), "Cem/neuron.py": CODE}, "class")
    when = '"Tuesday, 24 November 2026, 2:05 PM"'
    students(f"Identifier,Full name,Last modified (submission)\n1,Ada,{when}\n2,Bob,{when}\n3,Cem,-\n")
    found = counting(collect([path], roster.read(tmp_path / "students.csv")))
    assert {name: each.when_by for name, each in found.items()} == {
        "Ada": "the roster",
        "Bob": "the manifest",
        "Cem": "the file",
    }
    assert f"{found['Ada'].when:%Y-%m-%d %H:%M}" == "2026-11-24 14:05"


def test_moodles_worksheet_is_in_the_zone_of_the_course(students, tmp_path):
    students(MOODLE)
    first = roster.read(tmp_path / "students.csv", ZoneInfo("America/New_York")).students[0]
    assert first.handed_in == datetime(2026, 11, 24, 19, 5, tzinfo=UTC)


def test_the_time_of_a_platforms_file_is_that_of_the_download(lay):
    """Unpacked or not, the same is known of it."""
    files = {
        "müller_1_222_neuron.py": CODE,
        "weiß_2_223_work.zip": work(),
        "ada_3_224_x.zip": work(made="2026-11-24T10:00Z"),
    }
    for name in ("canvas", "canvas.zip"):
        found = counting(collect([lay(files, name)]))
        assert {student: each.when_by for student, each in found.items()} == {
            "müller": "",
            "weiß": "",
            "ada": "the manifest",
        }
