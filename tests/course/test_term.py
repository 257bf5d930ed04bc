"""The journal of a class: whatever happens to it, the lines that are whole count."""

import errno
import json
import mmap
import os
import subprocess
import sys

import pytest
from mlt_nn.teaching.classroom.journal import Journal

PAGE = mmap.PAGESIZE


@pytest.fixture
def path(tmp_path):
    return tmp_path / "grades.jsonl"


def keys(path):
    """The keys in the file, line by line; fails when a line is not whole."""
    return [json.loads(line)["key"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_what_was_added_is_there_when_it_is_opened_again(path):
    with Journal(path) as journal:
        journal.add("a", {"problem": "ü\n"})
        journal.add("b", {"grade": None})
        assert journal["a"] == {"key": "a", "problem": "ü\n"}
    with Journal(path) as journal:
        journal.add("c", {"grade": 3})
        assert [journal[key] for key in "cab"] == [
            {"key": "c", "grade": 3},
            {"key": "a", "problem": "ü\n"},
            {"key": "b", "grade": None},
        ]
        assert "d" not in journal
    assert keys(path) == ["a", "b", "c"]


def test_each_line_is_in_the_file_as_soon_as_it_is_added(path):
    with Journal(path) as journal:
        for number, key in enumerate("abc", start=1):
            journal.add(key, {})
            assert len(keys(path)) == number


def test_the_last_line_of_a_key_counts(path):
    with Journal(path) as journal:
        journal.add("a", {"grade": 1})
        journal.add("a", {"grade": 2})
        assert journal["a"]["grade"] == 2
    with Journal(path) as journal:
        assert journal["a"]["grade"] == 2


@pytest.mark.parametrize("length", [1, 9, 19, 20])
def test_a_line_that_was_cut_short_is_removed(path, length):
    with Journal(path) as journal:
        journal.add("a", {"grade": 1})
        whole = path.read_bytes()
        journal.add("b", {"grade": 2})
    path.write_bytes(path.read_bytes()[: len(whole) + length])
    with Journal(path) as journal:
        assert path.read_bytes() == whole
        assert "b" not in journal
        journal.add("c", {"grade": 3})
        assert (journal["a"]["grade"], journal["c"]["grade"]) == (1, 3)
    assert keys(path) == ["a", "c"]


@pytest.mark.parametrize(
    "damage", [b"", b"\0" * 50, b'{"key": "b", "gra', b"\xff\xfe", b"[1]", b'{"a": 1}', b'{"key": {}}']
)
def test_a_damaged_line_is_passed_over(path, damage):
    path.write_bytes(b'{"key": "a", "grade": 1}\n' + damage + b'\n{"key": "c", "grade": 3}\n')
    with Journal(path) as journal:
        assert (journal["a"]["grade"], journal["c"]["grade"]) == (1, 3)
        assert "b" not in journal
        journal.add("b", {"grade": 2})
    with Journal(path) as journal:
        assert [journal[key]["grade"] for key in "abc"] == [1, 2, 3]


def test_two_at_once_are_refused_and_the_second_changes_nothing(path):
    with Journal(path) as journal:
        journal.add("a", {})
        before = path.read_bytes()
        with pytest.raises(BlockingIOError, match="another grading is at work in"):
            Journal(path)
        assert path.read_bytes() == before
    with Journal(path) as journal:
        assert "a" in journal


def test_a_line_that_does_not_reach_the_disk_is_taken_back(path, monkeypatch):
    def full(number):
        raise OSError(errno.ENOSPC, "No space left on device")

    with Journal(path) as journal:
        journal.add("a", {"grade": 1})
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            with pytest.raises(OSError, match="No space left"):
                journal.add("b", {"grade": 2})
        assert keys(path) == ["a"]
        assert "b" not in journal
        journal.add("c", {"grade": 3})
        assert journal["c"]["grade"] == 3
    assert keys(path) == ["a", "c"]


# The second line fits only in part.
FILL = f"""
import sys
from mlt_nn.teaching.classroom.journal import Journal
with Journal(sys.argv[1]) as journal:
    journal.add("a", {{"problem": "a" * {PAGE // 2}}})
    before_the_limit()
    try:
        journal.add("b", {{"problem": "b" * {PAGE}}})
    except OSError as error:
        print(error.errno)
    after_the_limit()
    journal.add("c", {{"problem": "c" * {PAGE}}})
"""

LIMITED = f"""
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
def before_the_limit():
    resource.setrlimit(resource.RLIMIT_FSIZE, ({PAGE}, unlimited[1]))
def after_the_limit():
    resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
"""

# In a file system with two pages, one of which is taken.
TINY = """
import os, sys
taken = os.path.join(os.path.dirname(sys.argv[1]), "taken")
def before_the_limit():
    with open(taken, "wb") as file:
        file.write(b"a")
def after_the_limit():
    os.unlink(taken)
"""


def fill(start, path):
    return subprocess.run([sys.executable, "-c", start + FILL, str(path)], capture_output=True, text=True, check=True)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on the size of a file")
def test_a_line_that_finds_room_in_part_is_taken_back(path):
    assert fill(LIMITED, path).stdout.split() == [str(errno.EFBIG)]
    assert keys(path) == ["a", "c"]


def test_a_full_disk_leaves_whole_lines_only(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={2 * PAGE}", "tmpfs", str(disk)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root of a Linux system may mount a file system")
    try:
        assert fill(TINY, disk / "grades.jsonl").stdout.split() == [str(errno.ENOSPC)]
        assert keys(disk / "grades.jsonl") == ["a", "c"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)
