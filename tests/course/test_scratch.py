"""The temporary folder of a process: gone at its end, however that comes."""

import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

from mlt_nn.teaching.grader import scratch

MAKE = """
import sys
from mlt_nn.teaching.grader import scratch
assert scratch.folder() is scratch.folder()
(scratch.folder() / "file").write_text("of a student")
print(scratch.folder(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def temporary(tmp_path):
    """The folder for temporary files of all processes that are started here."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture
def start(temporary):
    """Starts a process that has made its folder: with start() as process."""

    @contextmanager
    def started():
        environment = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen([sys.executable, "-c", MAKE], env=environment, **pipes) as process:
            assert process.stdout.readline().startswith(str(temporary))
            try:
                yield process
            finally:
                process.kill()

    return started


def names(folder):
    return {file.name for file in folder.iterdir()}


def end(process):
    process.stdin.close()
    assert process.wait() == 0


def test_where_files_cannot_be_locked_it_is_told_and_nothing_is_left(temporary, monkeypatch):
    def refuse(file):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(scratch, "lock", refuse)
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    with pytest.raises(OSError, match=r"temporary cannot be locked: No locks available\. Let the variable TMPDIR name"):
        scratch.folder.__wrapped__()
    assert names(temporary) == set()


def test_it_is_gone_at_the_end(start, temporary):
    with start() as process:
        assert len(list(temporary.rglob("file"))) == 1
        end(process)
    assert names(temporary) == set()


def test_that_of_a_killed_process_is_removed_by_the_next(start, temporary):
    with start() as killed:
        killed.kill()
        killed.wait()
    left = names(temporary)
    assert left
    with start() as process:
        assert not left & names(temporary)
        end(process)
    assert names(temporary) == set()


def test_that_of_a_living_process_stays(start, temporary):
    with start() as living:
        its = names(temporary)
        with start() as other:
            assert its < names(temporary)
            end(other)
        assert names(temporary) == its
        assert len(list(temporary.rglob("file"))) == 1
        end(living)


def test_what_others_keep_there_stays(start, temporary):
    (temporary / "mlt-nn-of-somebody").mkdir()
    (temporary / "mlt-nn.lock").write_bytes(b"")
    with start() as process:
        end(process)
    assert names(temporary) == {"mlt-nn-of-somebody", "mlt-nn.lock"}
