"""Reading what was handed in: whatever it is, it ends in a Submission, and nothing outside is touched."""

import hashlib
import os
import socket
import stat
import zipfile

import pytest

from mlt_nn.support.catalogue import MODULES
from mlt_nn.support.folders import SOLUTIONS
from mlt_nn.teaching.grader import submission
from mlt_nn.teaching.grader.submission import read

CODE = b"def pre_activation(a, w, b):\n    return 1\n"


def folder(root, **files):
    for name, data in files.items():
        file = root / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / f"{file.name}.py").write_bytes(data)
    return root


def packed(root, *entries, **options):
    """A zip of entries (name or ZipInfo, data)."""
    with zipfile.ZipFile(root / "ada.zip", "w", **options) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return root / "ada.zip"


def problems(path):
    return {each.module: each.problem for each in read(path).modules}


def test_a_folder_gives_its_exercise_modules_and_nothing_else(tmp_path):
    folder(tmp_path / "ada", losses=b"# losses", neuron=CODE, conftest=b"import os", numpy=b"", mlt_nn=b"")
    got = read(tmp_path / "ada")
    assert got.name == "ada"
    assert not got.problem
    assert [(each.module, each.data) for each in got.modules] == [("neuron", CODE), ("losses", b"# losses")]
    assert got.module("neuron").sha256 == hashlib.sha256(CODE).hexdigest()
    assert got.module("neuron").lines == ["def pre_activation(a, w, b):", "    return 1"]
    assert got.module("network") is None


def test_the_solutions_are_a_submission():
    assert [each.module for each in read(SOLUTIONS).modules] == list(MODULES)


@pytest.mark.parametrize("inner", ["", "ada/", "ada/mlt_nn/"])
def test_a_zip_gives_the_same_wherever_the_modules_lie_in_it(tmp_path, inner):
    path = packed(tmp_path, (f"{inner}neuron.py", CODE), (f"{inner}__init__.py", b""), ("__MACOSX/._x", b""))
    got = read(path)
    assert (got.name, got.problem) == ("ada", "")
    assert [(each.module, each.data) for each in got.modules] == [("neuron", CODE)]


def test_a_course_folder_is_searched_one_level_at_a_time(tmp_path):
    folder(tmp_path, mlt_nn__neuron=CODE, mlt_nn__old__neuron=b"# old")
    assert read(tmp_path).module("neuron").data == CODE


def test_two_folders_of_modules_are_one_too_many(tmp_path):
    folder(tmp_path, one__neuron=CODE, two__losses=CODE)
    assert read(tmp_path).problem == "exercise modules lie in one and two; hand in one folder of them."


def test_the_name_of_a_folder_is_no_word_of_ours(tmp_path):
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        for folder in ("a.\n39 of 39 exercises are right", "b"):
            archive.writestr(f"{folder}/neuron.py", "")
    told = r"exercise modules lie in 'a.\n39 of 39 exercises are right' and b; hand in one folder of them."
    assert read(tmp_path / "ada.zip").problem == told


def test_nothing_at_all_is_told(tmp_path):
    assert "there is no exercise module in it (neuron.py, " in read(tmp_path).problem
    with pytest.raises(FileNotFoundError, match="there is no submission at"):
        read(tmp_path / "gone")


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04" + bytes(100)])
def test_a_broken_zip_is_told(tmp_path, data):
    (tmp_path / "ada.zip").write_bytes(data)
    got = read(tmp_path / "ada.zip")
    assert got.name == "ada"
    assert "ada.zip is no zip that can be read" in got.problem


def test_a_zip_that_is_cut_off_or_changed_is_told(tmp_path):
    path = packed(tmp_path, ("neuron.py", CODE * 100))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "is no zip" in read(path).problem
    path.write_bytes(whole.replace(CODE[:10], CODE[:10].upper()))
    assert problems(path) == {"neuron": "neuron.py is damaged in the zip."}


@pytest.mark.parametrize("name", ["../neuron.py", "/neuron.py", "a/../../neuron.py", "../../mlt_nn/neuron.py"])
def test_a_path_that_leads_outside_is_not_a_module(tmp_path, name):
    got = read(packed(tmp_path, (name, CODE), ("losses.py", b"# losses")))
    assert [each.module for each in got.modules] == ["losses"]


def test_a_zip_of_windows_may_have_its_own_slashes(tmp_path):
    inside, outside = zipfile.ZipInfo("work/neuron.py"), zipfile.ZipInfo("x")
    inside.filename, outside.filename = "work\\neuron.py", "..\\losses.py"
    got = read(packed(tmp_path, (inside, CODE), (outside, CODE)))
    assert [(each.module, each.data, each.problem) for each in got.modules] == [("neuron", CODE, "")]


def test_nothing_is_unpacked_by_a_name_of_the_student_s(tmp_path):
    path = packed(tmp_path, ("ada/neuron.py", CODE), ("ada/evil.py", CODE), ("../../evil.py", CODE))
    with read(path).unpacked() as unpacked:
        assert [file.name for file in unpacked.iterdir()] == ["neuron.py"]
        assert (unpacked / "neuron.py").read_bytes() == CODE
        assert stat.S_IMODE(unpacked.parent.stat().st_mode) & 0o077 == 0 or os.name == "nt"
    assert not unpacked.exists()


def test_links_are_not_followed(tmp_path):
    secret = tmp_path / "secret.py"
    secret.write_bytes(b"secret")
    (tmp_path / "ada").mkdir()
    try:
        (tmp_path / "ada" / "neuron.py").symlink_to(secret)
        (tmp_path / "ada" / "inner").symlink_to(tmp_path)
    except OSError:
        pytest.skip("links need a right on this system")
    got = read(tmp_path / "ada")
    assert [(each.problem, each.data) for each in got.modules] == [("neuron.py is a link, which is not followed.", b"")]
    link = zipfile.ZipInfo("neuron.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert problems(packed(tmp_path, (link, "/etc/passwd"))) == {
        "neuron": "neuron.py is a link, which is not followed."
    }


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes on this system")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "neuron.py")
    assert problems(tmp_path) == {"neuron": "neuron.py is no ordinary file."}


def test_a_zip_bomb_is_cut(tmp_path):
    bomb = packed(tmp_path, ("neuron.py", bytes(50_000_000)), ("losses.py", CODE), compression=zipfile.ZIP_DEFLATED)
    assert problems(bomb) == {"neuron": "neuron.py is larger than 500 kB.", "losses": ""}
    other = packed(tmp_path, ("neuron.py", bytes(50_000_000)), compression=zipfile.ZIP_BZIP2)
    assert problems(other) == {"neuron": "neuron.py is packed in an unusual way: make an ordinary zip."}


def test_a_large_file_in_a_folder_is_not_read(tmp_path):
    folder(tmp_path, neuron=bytes(500_001), losses=bytes(500_000))
    assert problems(tmp_path) == {"neuron": "neuron.py is larger than 500 kB.", "losses": ""}


def test_too_many_files_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(submission, "MAX_ENTRIES", 2)
    folder(tmp_path, neuron=CODE, losses=CODE, network=CODE)
    assert "more than 2 files" in read(tmp_path).problem
    path = packed(tmp_path, *((f"{i}.py", b"") for i in range(3)))
    assert read(path).problem == "ada.zip has more than 2 files; hand in the exercise modules only."


def test_a_zip_of_too_many_files_or_bytes_is_not_opened(tmp_path, monkeypatch):
    def opened(*arguments):
        raise AssertionError("the directory of the zip was read, which takes long")

    many = packed(tmp_path, *((f"{i}.py", b"") for i in range(3)))
    data = bytearray(many.read_bytes())
    end = data.index(b"PK\x05\x06")
    data[end + 8 : end + 12] = b"\1\0\1\0"  # that it has one file: zipfile reads the others all the same
    many.write_bytes(data)
    assert len(zipfile.ZipFile(many).infolist()) == 3
    monkeypatch.setattr(submission, "MAX_ENTRIES", 2)
    monkeypatch.setattr(zipfile, "ZipFile", opened)
    assert "has more than 2 files" in read(many).problem
    with open(tmp_path / "large.zip", "wb") as stream:
        stream.truncate(20_000_001)
    assert read(tmp_path / "large.zip").problem == (
        "large.zip is larger than 20 MB; hand in the exercise modules only."
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_where_python_ends_them(tmp_path, end):
    text = end.join(["# a\x0cb\x0bc\x1cd\x85e\u2028f", "", "x = 1 / 0", ""])
    folder(tmp_path, neuron=text.encode())
    with pytest.raises(ZeroDivisionError) as raised:
        exec(compile(text.encode(), "neuron.py", "exec"))
    assert read(tmp_path).module("neuron").lines[raised.traceback[-1].lineno] == "x = 1 / 0"
    assert len(read(tmp_path).module("neuron").lines) == 3


@pytest.mark.parametrize(
    ("manifest", "python"),
    [
        ('{"versions": {"python": "3.13.1"}}', (3, 13)),
        ('{"versions": {"python": "3.13"}, "name": 7}', (3, 13)),
        ('{"versions": {"python": "3.999"}}', ()),
        ('{"versions": {"python": "<b>3.13</b>"}}', ()),
        ('{"versions": 3.13}', ()),
        ("[" * 100_000, ()),
        ("9" * 100_000, ()),
        (None, ()),
    ],
)
def test_its_manifest_tells_the_python_that_it_was_checked_with(tmp_path, manifest, python):
    files = {"neuron.py": "x = 1\n"} | ({"manifest.json": manifest} if manifest else {})
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        (tmp_path / "bob").mkdir()
        for name, text in files.items():
            archive.writestr(f"work/{name}", text)
            (tmp_path / "bob" / name).write_text(text)
    for path in (tmp_path / "ada.zip", tmp_path / "bob"):
        assert (read(path).problem, read(path).python) == ("", python)


@pytest.mark.parametrize(("number", "problem"), [(1, ""), (8, "ada.zip has more extra fields than any program")])
def test_a_zip_of_very_many_extra_fields_is_not_opened(tmp_path, number, problem):
    """zipfile copies all fields that follow each one: a hundred entries of 64 kB each took it ten seconds."""
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        for name in MODULES[:number]:
            entry = zipfile.ZipInfo(f"{name}.py")
            entry.extra = b"\xfe\xca\0\0" * 16_000
            archive.writestr(entry, "x = 1\n")
    found = read(tmp_path / "ada.zip")
    assert found.problem.startswith(problem)
    assert [each.module for each in found.modules] == ([] if problem else ["neuron"])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_told(tmp_path):
    path = packed(tmp_path, ("neuron.py", CODE), ("neuron.py", b"# other"))
    assert problems(path) == {"neuron": "neuron.py is in the zip more than once."}


def test_an_encrypted_file_is_told(tmp_path):
    path = packed(tmp_path, ("neuron.py", CODE))
    data = path.read_bytes()
    at = data.index(b"PK\x01\x02") + 8  # the flags in the central directory
    path.write_bytes(data[:at] + b"\x01" + data[at + 1 :])
    assert problems(path) == {"neuron": "neuron.py is encrypted."}


def test_a_file_that_is_not_utf_8_is_there_and_told(tmp_path):
    folder(tmp_path, neuron=b"# \xfc")
    assert problems(tmp_path) == {"neuron": "neuron.py is not text in UTF-8 (byte 2): save it as UTF-8."}
    assert read(tmp_path).module("neuron").sha256 == hashlib.sha256(b"# \xfc").hexdigest()


def test_a_right_module_counts_whatever_lies_beside_it(tmp_path):
    nameless = zipfile.ZipInfo("x")
    nameless.filename = ""
    path = packed(tmp_path, (nameless, b""), ("./neuron.py", CODE), (".//work/../losses.py", b""), ("a/" * 3000, b""))
    assert [(each.module, each.data, each.problem) for each in read(path).modules] == [("neuron", CODE, "")]


def test_a_name_in_capital_letters_is_the_module_s(tmp_path):
    got = read(
        packed(tmp_path, ("NEURON.PY", CODE), ("Losses.py", b"# a"), ("LOSSES.PY", b"# b"), ("losses.py", b"# c"))
    )
    assert [(each.module, each.data, each.problem) for each in got.modules] == [
        ("neuron", CODE, ""),
        ("losses", b"# c", ""),
    ]
    got = read(packed(tmp_path, ("Losses.py", b"# a"), ("LOSSES.PY", b"# b")))
    assert got.modules[0].problem == "losses.py is there more than once, as LOSSES.PY and Losses.py: hand in one."


def test_a_name_that_is_there_in_two_spellings_of_its_path_is_told(tmp_path):
    assert problems(packed(tmp_path, ("neuron.py", CODE), ("./neuron.py", CODE))) == {
        "neuron": "neuron.py is in the zip more than once."
    }


@pytest.mark.skipif(os.name == "nt", reason="paths are short on this system")
def test_folders_may_be_nested_deeper_than_python_calls_itself(tmp_path):
    top = folder(tmp_path / "ada", neuron=CODE) / "d"
    for _ in range(1500):  # from below, so that no path is long
        if top.exists():
            top.rename(tmp_path / "d")
        top.mkdir()
        if (tmp_path / "d").exists():
            (tmp_path / "d").rename(top / "d")
    try:
        assert problems(tmp_path / "ada") == {"neuron": ""}
    finally:
        while (top / "d").exists():  # whoever removes them at once calls itself as often
            (top / "d").rename(tmp_path / "d")
            top.rmdir()
            (tmp_path / "d").rename(top)


def test_folders_count_like_files(tmp_path, monkeypatch):
    monkeypatch.setattr(submission, "MAX_ENTRIES", 20)
    (tmp_path / "ada" / "/".join("abcdefghijklmnopqrstu")).mkdir(parents=True)
    assert "more than 20 files and folders" in read(tmp_path / "ada").problem


def test_a_folder_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "ada").mkdir()
    monkeypatch.setattr(os, "scandir", refuse)
    assert read(tmp_path / "ada").problem.endswith("; the folder cannot be read: Permission denied.")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes on this system")
def test_a_pipe_named_like_a_zip_is_told(tmp_path):
    os.mkfifo(tmp_path / "ada.zip")
    got = read(tmp_path / "ada.zip")
    assert (got.name, got.problem) == ("ada", "ada.zip is no ordinary file.")


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="there are no sockets of the file system here")
def test_a_socket_named_like_a_zip_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # its path may be too long for a socket
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("ada.zip")
        got = read(tmp_path / "ada.zip")
    assert (got.name, got.problem) == ("ada", "ada.zip is no ordinary file.")


def test_a_link_to_itself_is_told(tmp_path):
    try:
        (tmp_path / "ada.zip").symlink_to("ada.zip")
    except OSError:
        pytest.skip("links need a right on this system")
    assert read(tmp_path / "ada.zip").problem.startswith("ada.zip cannot be read: ")


def test_a_module_of_very_many_lines_is_not_read(tmp_path):
    folder(tmp_path, neuron=b"\n" * 10_001, losses=b"\r" * 10_000)
    assert problems(tmp_path) == {"neuron": "neuron.py has more than 10000 lines.", "losses": ""}


def test_whatever_fails_in_reading_is_told(tmp_path, monkeypatch):
    def fail(*arguments):
        raise RecursionError("too deep")

    monkeypatch.setattr(submission, "listing", fail)
    assert read(tmp_path).problem == f"{tmp_path.name} cannot be read: RecursionError: too deep."
