"""What a class handed in is found under the names of Moodle, Canvas and Gradescope, and nothing is dropped silently."""

import io
import os
import stat
import unicodedata
import zipfile
from pathlib import Path

import pytest

from mlt_nn.teaching.classroom import collect as room
from mlt_nn.teaching.classroom.collect import collect
from mlt_nn.teaching.classroom.platforms import read_name
from mlt_nn.teaching.grader.submission import read

CODE = b"def pre_activation(a, w, b):\n    return 1\n"


@pytest.fixture(autouse=True)
def scratch(tmp_path, monkeypatch):
    """Where zips are unpacked: a folder of the test's."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr("mlt_nn.teaching.grader.scratch.folder", lambda: folder)
    return folder


def packed(files):
    """The bytes of a zip of {name or ZipInfo: data}."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def work(comment=""):
    """The bytes of a student's zip."""
    return packed({"work/neuron.py": CODE + comment.encode()})


@pytest.fixture
def lay(tmp_path):
    """Writes {name: data} into a folder."""

    def write(files, folder="class"):
        for name, data in files.items():
            file = tmp_path / folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        return tmp_path / folder

    return write


@pytest.fixture(params=["folder", "zip", "zip of the folder"])
def laid(request, lay, tmp_path):
    """Gives the same files as a folder, as a zip of its content, and as a zip of the folder itself."""

    def write(files):
        if request.param == "folder":
            return lay(files)
        inner = "" if request.param == "zip" else "assignment 7/"
        (tmp_path / "download.zip").write_bytes(packed({inner + name: data for name, data in files.items()}))
        return tmp_path / "download.zip"

    return write


def table(collected):
    return [(e.student, e.attempt, e.late, bool(e.superseded), e.called.platform_id) for e in collected.submissions]


def texts(collected):
    """Student -> what the submission that counts has below the code, in neuron.py."""
    counting = [each for each in collected.submissions if not each.superseded]
    assert len({each.student for each in counting}) == len(counting)
    return {e.student: read(e.path).module("neuron").data.removeprefix(CODE).decode() for e in counting}


def ignored(collected):
    return {path.name: reason for path, reason in collected.ignored}


def test_moodle_gives_a_folder_to_each_student(laid):
    path = laid(
        {
            "Müller Anna_123456_assignsubmission_file_/work.zip": work("# anna"),
            "Weiß Ben_123457_assignsubmission_file/week 1/neuron.py": CODE + b"# ben",
            "van der Berg Cem_123458_assignsubmission_file_/essay.pdf": b"%PDF",
            "Weiß Ben_123457_assignsubmission_onlinetext_/onlinetext.html": b"Hello",
            "grades.csv": b"",
            "neuron.py": CODE,
        }
    )
    collected = collect([path])
    assert table(collected) == [
        ("Müller Anna", 1, False, False, "123456"),
        ("van der Berg Cem", 1, False, False, "123458"),
        ("Weiß Ben", 1, False, False, "123457"),
    ]
    cem = collected.submissions[1]
    assert (
        "there is no exercise module in it (neuron.py, activations.py, ...), but essay.pdf." in read(cem.path).problem
    )
    (csv,) = (path for path, _ in collected.ignored if path.name == "grades.csv")
    assert ignored(collected) == {
        "Weiß Ben_123457_assignsubmission_onlinetext_": (
            "was typed in at the platform; the files that were handed in count"
        ),
        "grades.csv": (f"is no zip, no folder and no exercise file; if it is the roster, name it:  --roster {csv}"),
        "neuron.py": "is an exercise file, but nothing says of which student",
    }
    assert read(collected.submissions[0].path).module("neuron").data == CODE + b"# anna"
    assert read(collected.submissions[2].path).module("neuron").data == CODE + b"# ben"


def test_moodle_without_folders(laid):
    path = laid(
        {
            "Müller Anna_123456_assignsubmission_file_work.zip": work("# anna"),
            "Weiß Ben_123457_assignsubmission_file_neuron.py": CODE + b"# ben",
            "Weiß Ben_123457_assignsubmission_file_losses.py": b"# losses",
            "Weiß Ben_123457_assignsubmission_file_notes.txt": b"",
        }
    )
    collected = collect([path])
    assert texts(collected) == {"Müller Anna": "# anna", "Weiß Ben": "# ben"}
    assert [module.module for module in read(collected.submissions[1].path).modules] == ["neuron", "losses"]
    assert list(ignored(collected)) == ["Weiß Ben_123457_assignsubmission_file_notes.txt"]


def test_canvas_says_who_which_attempt_and_late(laid):
    path = laid(
        {
            "mülleranna_LATE_12345_67899_work-1.zip": work("# second"),
            "mülleranna_12345_67890_work.zip": work("# first"),
            "weißben_12346_67891_neuron.py": CODE + b"# old",
            "weißben_12346_67895_neuron-1.py": CODE + b"# new",
            "weißben_12346_67896_losses.py": b"# losses",
            "LATE_anon_aB3dE_67892_work.zip": work("# nobody"),
        }
    )
    collected = collect([path])
    assert table(collected) == [
        ("anon_aB3dE", 1, True, False, "aB3dE"),
        ("mülleranna", 1, False, True, "12345"),
        ("mülleranna", 2, True, False, "12345"),
        ("weißben", 1, False, False, "12346"),
    ]
    assert texts(collected) == {"anon_aB3dE": "# nobody", "mülleranna": "# second", "weißben": "# new"}
    assert ignored(collected) == {
        "weißben_12346_67891_neuron.py": "was handed in again as weißben_12346_67895_neuron-1.py"
    }
    assert [each.beside for each in collected.submissions] == [(), (), (), collected.ignored]


METADATA = """---
submission_901:
  :submitters:
  - :name: Anna Müller
    :sid: '1'
  - :name: 'Sean O''Hara'
    :sid:
  :created_at: 2026-11-24 10:00:00.000000000 Z
  :history:
  - :id: 3
    :submitters:
    - :name: Somebody Else
submission_902:
  :submitters:
  - :sid: '3'
    :name: "Ben Weiß"
"""


def test_who_handed_in_no_zip_is_not_missing(laid):
    canvas = {"kowalskijan_9105_771265_Hausaufgabe.pdf": b"%PDF", "mulleranna_12345_67890_work.zip": work()}
    moodle = {"Jan Kowalski_7_assignsubmission_file_notes.pdf": b"%PDF"}
    beside = {"mulleranna_12345_67891_notes.pdf": b"%PDF"}
    found = collect([laid(canvas | moodle | beside)])
    students = {each.student: read(each.path).problem for each in found.submissions}
    assert set(students) == {"kowalskijan", "mulleranna", "Jan Kowalski"}
    assert "no exercise module in it (neuron.py, activations.py, ...), but Hausaufgabe.pdf." in students["kowalskijan"]
    assert "no exercise module in it (neuron.py, activations.py, ...), but notes.pdf." in students["Jan Kowalski"]
    assert not students["mulleranna"]
    assert [path.name for path, _ in found.ignored] == ["mulleranna_12345_67891_notes.pdf"]


def test_gradescope_names_its_folders_in_a_file(laid):
    path = laid(
        {
            "submission_metadata.yml": METADATA.encode(),
            "submission_901/neuron.py": CODE + b"# anna and sean",
            "submission_902/week 1/neuron.py": CODE + b"# ben",
            "submission_903/neuron.py": CODE + b"# unknown",
        }
    )
    collected = collect([path])
    assert texts(collected) == {
        "Anna Müller": "# anna and sean",
        "Sean O'Hara": "# anna and sean",
        "Ben Weiß": "# ben",
        "submission_903": "# unknown",
    }
    assert collected.ignored == ()


def test_plain_folders_and_zips_are_named_after_the_student(lay):
    path = lay(
        {
            "Anna Müller/mlt_nn/neuron.py": CODE + b"# anna",
            "ben.zip": work("# ben"),
            "ben (2).zip": work("# another ben"),
            "cem_attempt_10.zip": work("# cem 10"),
            "cem_attempt_9.zip": work("# cem 9"),
            "dora/work.zip": work("# dora"),
            "dora/work2.zip": work("# dora 2"),
            "exam_2026_11_24_eva.zip": work("# eva"),
            ".DS_Store": b"",
            "feedback.csv": b"",
            "empty/notes.txt": b"",
        }
    )
    collected = collect([path])
    (empty,) = (each for each in collected.submissions if each.student == "empty")
    assert texts(collected._replace(submissions=[each for each in collected.submissions if each != empty])) == {
        "Anna Müller": "# anna",
        "ben": "# ben",
        "ben (2)": "# another ben",
        "cem": "# cem 10",
        "dora": "# dora 2",
        "exam_2026_11_24_eva": "# eva",
    }
    assert "no exercise module in it (neuron.py, activations.py, ...), but notes.txt." in read(empty.path).problem
    assert [(e.student, e.attempt) for e in collected.submissions if e.superseded] == [
        ("cem", 1), ("dora", 1)
    ]  # fmt: skip
    assert set(ignored(collected)) == {".DS_Store", "feedback.csv"}


def test_a_path_may_be_one_submission(lay):
    path = lay({"anna/neuron.py": CODE, "ben/mlt_nn/neuron.py": CODE, "cem.zip": work()})
    collected = collect([path / "anna", path / "ben", path / "cem.zip"])
    assert [(each.student, each.path) for each in collected.submissions] == [
        ("anna", path / "anna"), ("ben", path / "ben"), ("cem", path / "cem.zip")
    ]  # fmt: skip


def test_what_lies_in_a_later_path_was_handed_in_later(lay):
    name = "Müller Anna_123456_assignsubmission_file_/neuron.py"
    monday = lay({name: CODE + b"# monday"}, "z monday")
    # Unpacked on a Mac: the umlaut is a u and two dots.
    friday = lay({unicodedata.normalize("NFD", name): CODE + b"# friday"}, "a friday")
    assert texts(collect([monday, friday])) == {"Müller Anna": "# friday"}
    assert texts(collect([friday, monday])) == {"Müller Anna": "# monday"}


def test_students_of_the_same_name_are_kept_apart(lay):
    path = lay(
        {
            "Müller Anna_1_assignsubmission_file_/neuron.py": CODE + b"# 1",
            "Müller Anna_2_assignsubmission_file_/neuron.py": CODE + b"# 2",
            "Anna/neuron.py": CODE + b"# large",
            "anna.zip": work("# small"),
        }
    )
    assert texts(collect([path])) == {
        "Müller Anna (1)": "# 1", "Müller Anna (2)": "# 2", "Anna": "# large", "anna": "# small"
    }  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="the file system may hold both spellings as one")
def test_plain_names_that_are_spelled_differently_are_kept_apart(lay):
    path = lay({"Zoë.zip": work("# one letter"), unicodedata.normalize("NFD", "Zoë") + ".zip": work("# two")})
    if len(list(path.iterdir())) == 1:
        pytest.skip("this file system holds both spellings as one")
    assert sorted(texts(collect([path]))) == ["Zoë [1]", "Zoë [2]"]


def test_names_in_a_zip_without_the_flag_of_utf_8(tmp_path):
    names = "Müller Anna_11_assignsubmission_file_/neuron.py", "Weiß Ben_12_assignsubmission_file_/neuron.py"
    data = packed(dict.fromkeys(names, CODE))
    assert data.count(b"\xc3\xbc") == 2
    # Moodle's and macOS's zips hold UTF-8 with or without the flag, those of Windows the letters of cp437.
    plain = bytearray(data)
    for signature, offset in (b"PK\x03\x04", 6), (b"PK\x01\x02", 8):
        at = -1
        while (at := plain.find(signature, at + 1)) >= 0:
            plain[at + offset + 1] &= ~0x08
    (tmp_path / "mac.zip").write_bytes(plain)
    assert list(texts(collect([tmp_path / "mac.zip"]))) == ["Müller Anna", "Weiß Ben"]
    windows = {}
    for number, name in enumerate(names):
        info = zipfile.ZipInfo(f"{number}" * len(name))
        windows[info] = CODE
    data = packed(windows)
    for number, name in enumerate(names):
        data = data.replace(f"{number}".encode() * len(name), name.encode("cp437"))
    (tmp_path / "windows.zip").write_bytes(data)
    assert list(texts(collect([tmp_path / "windows.zip"]))) == ["Müller Anna", "Weiß Ben"]


def test_a_platform_s_zip_is_read_safely(tmp_path, scratch):
    link = zipfile.ZipInfo("Evil Eva_66_assignsubmission_file_work.zip")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    name = "_assignsubmission_file_"
    path = tmp_path / "moodle.zip"
    path.write_bytes(
        packed(
            {
                f"Anna_11{name}/neuron.py": CODE,
                f"Ben_12{name}/../../neuron.py": CODE,
                f"/Cem_13{name}/neuron.py": CODE,
                f"Dora_14{name}/a/../../../losses.py": CODE,
                f"Fay_15{name}/neuron.py": bytes(600_000),
                link: b"/etc/passwd",
                "__MACOSX/._Anna": b"",
            }
        )
    )
    collected = collect([path])
    assert [each.student for each in collected.submissions] == ["Anna", "Fay"]
    assert read(collected.submissions[1].path).module("neuron").problem == "neuron.py is larger than 500 kB."
    reasons = [reason for _, reason in collected.ignored]
    assert reasons.count("has a name that leads out of the zip") == 3
    assert reasons.count("is a link, which is not followed") == 1
    assert reasons.count("was put there by the computer, not by a student") == 1
    assert len(reasons) == 5
    assert {file.suffix for file in scratch.rglob("*") if file.is_file()} == {".zip"}


def test_a_platform_s_zip_has_bounds(tmp_path, monkeypatch):
    path = tmp_path / "moodle.zip"
    path.write_bytes(packed({f"{name}_1_assignsubmission_file_/work.zip": work("# " + name * 900) for name in "abc"}))
    monkeypatch.setattr(room, "MAX_ZIP", 500)
    monkeypatch.setattr("mlt_nn.teaching.grader.submission.MAX_ZIP", 500)
    collected = collect([path])
    # It is their submission all the same, and the students are told what is wrong with it.
    assert [each.student for each in collected.submissions] == ["a", "b", "c"]
    assert [each.path.stat().st_size for each in collected.submissions] == [501] * 3
    assert all(".zip is larger than 0 MB" in read(each.path).problem for each in collected.submissions)
    monkeypatch.undo()
    monkeypatch.setattr(room, "MAX_UNPACKED", 2_500)
    collected = collect([path])
    assert len(collected.submissions) == 2
    assert "all together is larger than" in collected.ignored[0][1]


def test_a_name_at_moodle_that_looks_like_another_student_s_is_not_taken_for_it(lay):
    marker = "_assignsubmission_file_"
    path = lay({f"Ben_12{marker}work.zip": work("# ben"), f"Ben_12{marker}z_13{marker}work.zip": work("# mallory")})
    found = {each.student: each.superseded for each in collect([path]).submissions}
    assert found == {"Ben": "", f"Ben_12{marker}z_13{marker}work": ""}


def test_nobody_uses_up_the_room_of_the_others(tmp_path, monkeypatch):
    name, large = "_assignsubmission_file_", bytes(400)
    files = {f"Aaron_1{name}/w{number}.zip": large for number in range(9)}
    files |= {f"Abel_2{name}/{number}/neuron.py": large for number in range(9)}
    files |= {f"Abel_2{name}/{number}/deep/losses.py": large for number in range(9)}
    (tmp_path / "moodle.zip").write_bytes(packed(files | {f"Ben_3{name}/neuron.py": CODE}))
    monkeypatch.setattr(room, "MAX_UNPACKED", 2_000)
    monkeypatch.setattr(room, "MAX_OF_ONE", 3)
    collected = collect([tmp_path / "moodle.zip"])
    assert [each.student for each in collected.submissions if not each.superseded] == ["Aaron", "Abel", "Ben"]
    aaron, abel, ben = (read(each.path) for each in collected.submissions if not each.superseded)
    assert "is no zip that can be read" in aaron.problem
    assert "exercise modules lie in" in abel.problem
    assert ben.module("neuron").data == CODE
    assert ignored(collected) == {f"Aaron_1{name}": "has 6 zips more than the last 3, which are looked at"}


def test_a_student_cannot_hand_in_for_another(lay, tmp_path):
    """A zip of a student is never taken for a platform's when it lies among those of others."""
    forged = packed({"ben_12345_67890_work.zip": work("# forged"), "x_1_assignsubmission_file_/neuron.py": CODE})
    path = lay({"anna.zip": forged, "ben.zip": work("# ben")})
    collected = collect([path])
    assert [(each.student, each.path.name) for each in collected.submissions] == [
        ("anna", "anna.zip"),
        ("ben", "ben.zip"),
    ]
    canvas = lay({"anna_1_111_work.zip": forged, "ben_2_222_work.zip": work("# ben")}, "canvas")
    assert [each.student for each in collect(sorted(canvas.iterdir())).submissions] == ["anna", "ben"]


def test_a_zip_that_is_named_beside_others_is_one_student_s(lay):
    forged = packed({"anna.zip": work("# forged"), "mallory.zip": work("# mallory")})
    path = lay({"anna.zip": work("# anna"), "mallory.zip": forged})
    collected = collect([path / "anna.zip", path / "mallory.zip"])
    assert [(each.student, each.path) for each in collected.submissions] == [
        ("anna", path / "anna.zip"),
        ("mallory", path / "mallory.zip"),
    ]
    assert not any(each.superseded for each in collected.submissions)
    assert texts(collect([path / "mallory.zip"])) == {"anna": "# forged", "mallory": "# mallory"}


@pytest.mark.parametrize("name", ["{}.zip", "anna ({}).zip", "anna_attempt_{}.zip", "anna_1_{}_work.zip"])
def test_a_number_longer_than_int_reads_is_a_name_like_others(tmp_path, name):
    path = tmp_path / "download.zip"
    path.write_bytes(packed({name.format("9" * 5000): work("# long"), "ben.zip": work("# ben")}))
    assert sorted(texts(collect([path])).values()) == ["# ben", "# long"]


def test_numbers_in_names_are_sorted_by_value(lay):
    path = lay({f"{name}.zip": work() for name in ("work", "work2", "work10", "work009", "work 1a", "work 01b")})
    students = [each.student for each in collect([path]).submissions]
    assert students == ["work", "work2", "work009", "work10", "work 1a", "work 01b"]


def test_links_are_told(lay, tmp_path):
    path = lay({"anna/neuron.py": CODE})
    lay({"anna.zip": work("# anna's"), "cem/notes.txt": b""}, "elsewhere")
    try:
        (path / "ben").symlink_to(path / "anna")
        # What a zip can hold that the teacher unpacks: a way to the work of somebody else.
        (tmp_path / "elsewhere" / "cem" / "work.zip").symlink_to(tmp_path / "elsewhere" / "anna.zip")
        (tmp_path / "dora").symlink_to(path / "anna")
    except OSError:
        pytest.skip("links need a right on this system")
    collected = collect([path])
    assert [each.student for each in collected.submissions] == ["anna"]
    assert ignored(collected) == {"ben": "is a link, which is not followed"}
    collected = collect([tmp_path / "elsewhere"])
    assert [each.student for each in collected.submissions] == ["anna"]
    assert ignored(collected) == {"work.zip": "is a link, which is not followed"}
    assert texts(collect([tmp_path / "dora"])) == {"dora": ""}


def test_zips_beside_exercise_files_are_told(lay):
    path = lay({"anna/neuron.py": CODE, "anna/old.zip": work("# old")})
    collected = collect([path])
    assert texts(collected) == {"anna": ""}
    assert ignored(collected) == {"old.zip": "lies beside exercise files, which count"}
    assert collected.submissions[0].beside == collected.ignored


def test_a_folder_with_too_many_files_is_a_submission_that_says_so(lay, monkeypatch):
    path = lay({f"anna/{number}.txt": b"" for number in range(4)})
    monkeypatch.setattr("mlt_nn.teaching.grader.submission.MAX_ENTRIES", 3)
    (found,) = collect([path]).submissions
    assert "more than 3 files" in read(found.path).problem


def test_the_order_on_the_disk_does_not_matter(lay, monkeypatch):
    path = lay({f"student {number}/neuron.py": CODE for number in range(12)})
    expected = collect([path])
    assert [each.student for each in expected.submissions] == [f"student {number}" for number in range(12)]
    listed = list(path.iterdir())
    monkeypatch.setattr(Path, "iterdir", lambda self: iter(listed[::-1]))
    assert collect([path]) == expected


def test_a_path_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no submission at .*gone"):
        collect([tmp_path / "gone"])


@pytest.mark.parametrize("data", [b"", b"no zip"])
def test_a_broken_zip_is_a_submission_that_says_so(tmp_path, data):
    (tmp_path / "anna.zip").write_bytes(data)
    (found,) = collect([tmp_path / "anna.zip"]).submissions
    assert "is no zip that can be read" in read(found.path).problem


@pytest.mark.parametrize(
    ("name", "is_folder", "platform"),
    [
        ("Anna_1_assignsubmission_file_", True, "Moodle"),
        ("Default group_assignsubmission_file_", True, "Moodle"),
        ("Anna_1_assignsubmission_file_", False, ""),
        ("anna_1_22_work.zip", False, ""),
        ("anna_1_222_work.zip", True, ""),
        ("submission_7", True, "Gradescope"),
        ("submission_7", False, ""),
        ("submission_seven", True, ""),
        ("Ben_12_assignsubmission_file_z_13_assignsubmission_file_work.zip", False, ""),
        ("Ben_12_assignsubmission_file_z_13_assignsubmission_file_", True, ""),
    ],
)
def test_names_that_nearly_look_like_a_platform_s(name, is_folder, platform):
    assert read_name(name, is_folder).platform == platform


# Names belong to the teacher


@pytest.mark.parametrize(
    "other",
    [
        "Ada  Lovelace",
        "Ada\u200b Lovelace",
        "Ada\u00a0Lovelace",
        "\uff21da Lovelace",
        "Ada Lovelace\u3164",
        "Ada Love\u034flace",
        "Ada Lovelace \u2800",
        "Ada Lovelace\ufe0f",
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="the system does not keep each of these names")
def test_all_whose_names_are_shown_alike_get_a_number(lay, other):
    path = lay({"Ada Lovelace/neuron.py": CODE, f"{other}/neuron.py": CODE, "Ada Lovelace [1]/neuron.py": CODE})
    students = {each.path.name: each.student for each in collect([path]).submissions}
    assert students["Ada Lovelace [1]"] == "Ada Lovelace [1]"
    assert {students["Ada Lovelace"][-4:], students[other][-4:]} == {" [2]", " [3]"}


def test_a_number_of_ours_and_one_of_the_platform_s_do_not_meet(lay):
    path = lay({f"Ada_{number}_assignsubmission_file_/neuron.py": CODE for number in (1, 2)} | {"Ada (1).zip": work()})
    assert sorted(each.student for each in collect([path]).submissions) == ["Ada (1) [1]", "Ada (1) [2]", "Ada (2)"]


def test_a_name_that_is_not_shown_is_told(lay):
    path = lay({"_1_assignsubmission_file_/neuron.py": CODE, "\u200b_1_assignsubmission_file_/neuron.py": CODE})
    assert "no name" in {each.student for each in collect([path]).submissions}


def test_a_student_s_folder_among_others_is_one_student_whatever_lies_in_it(lay):
    path = lay({
        "anna/neuron.py": CODE + b"# anna",
        "mallory/anna_1_assignsubmission_file_/neuron.py": CODE + b"# mallory",
        "eve/neuron.py": CODE + b"# eve",
        "eve/anna_1_assignsubmission_file_/neuron.py": CODE,
    })  # fmt: skip
    for paths in ([path], sorted(path.iterdir())):
        assert texts(collect(paths)) == {"anna": "# anna", "mallory": "# mallory", "eve": "# eve"}


def test_of_each_that_is_superseded_it_is_told_by_which_and_why(lay):
    monday = lay({
        "anna_attempt_1.zip": work(), "anna_attempt_2.zip": work(), "ben/a.zip": work(), "ben/b.zip": work()
    }, "monday")  # fmt: skip
    told = {e.shown: e.superseded for e in collect([monday]).submissions if e.superseded}
    assert told == {
        monday / "anna_attempt_1.zip": f"{monday / 'anna_attempt_2.zip'} counts, for its number is greater",
        monday / "ben" / "a.zip": f"{monday / 'ben' / 'b.zip'} counts, for its file is newer",
    }
    for file in (monday / "ben").iterdir():
        os.utime(file, (1, 1))
    told = {e.shown: e.superseded for e in collect([monday]).submissions if e.superseded}
    assert told[monday / "ben" / "a.zip"] == f"{monday / 'ben' / 'b.zip'} counts, for its name comes later"
    told = {e.shown: e.superseded for e in collect([monday, lay({"ben.zip": work()}, "friday")]).submissions}
    assert told[monday / "ben" / "b.zip"].endswith("counts, for it lies in a path that was named later")


# Whatever is found becomes a row


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes on this system")
def test_a_pipe_is_a_submission_that_says_so_and_is_not_waited_for(lay):
    path = lay({"anna.zip": work("# anna"), "submission_7/neuron.py": CODE})
    os.mkfifo(path / "ben.zip")
    os.mkfifo(path / "cem_1_222_neuron.py")
    os.mkfifo(path / "submission_metadata.yml")
    collected = collect([path])
    problems = {each.student: read(each.path).problem for each in collected.submissions}
    assert list(problems) == ["anna", "ben", "cem", "submission_7"]
    assert problems["ben"] == "ben.zip is no ordinary file."
    assert "no exercise module" in problems["cem"]
    assert ignored(collected)["cem_1_222_neuron.py"] == "is no ordinary file"


def test_a_folder_that_cannot_be_read_is_a_submission_that_says_so(lay, monkeypatch):
    path = lay({"anna/neuron.py": CODE + b"# anna", "ben/neuron.py": CODE})
    scandir = os.scandir

    def refuse(folder):
        if Path(folder).name == "ben":
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    anna, ben = collect([path]).submissions
    assert read(anna.path).problem == ""
    assert "Permission denied" in read(ben.path).problem


def test_a_name_without_a_letter_or_with_a_broken_one_in_a_platform_s_zip_ends_nothing(tmp_path):
    nameless = zipfile.ZipInfo("x")
    nameless.filename = ""
    data = packed({"Ada_1_assignsubmission_file_/neuron.py": CODE, "Ben_2_assignsubmission_file_/ü.zip": work()})
    first = data.index("ü".encode())
    data = data[:first] + b"\xff\xff" + data[first + 2 :]  # only where the file lies, not in the list of all
    (tmp_path / "download.zip").write_bytes(data)
    collected = collect([tmp_path / "download.zip"])
    assert [each.student for each in collected.submissions] == ["Ada", "Ben"]
    assert ignored(collected) == {"ü.zip": "is damaged in the zip"}
    with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
        archive.writestr(nameless, b"")
        archive.writestr("Ada_1_assignsubmission_file_/neuron.py", CODE)
    assert texts(collect([tmp_path / "download.zip"])) == {"Ada": ""}


@pytest.mark.parametrize("time", [10**12, 10**17])
def test_a_time_that_no_calendar_has_is_not_told(lay, time, monkeypatch):
    path = lay({"anna.zip": work()}) / "anna.zip"
    assert room._file_time(path) is not None
    monkeypatch.setattr(Path, "stat", lambda self: os.stat_result((0,) * 7 + (time,) * 3))
    assert room._file_time(path) is None
