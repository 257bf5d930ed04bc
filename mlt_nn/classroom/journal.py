"""grades.jsonl: a line for each graded submission, on the disk as soon as it is graded."""

import contextlib
import json
import os
from pathlib import Path

from mlt_nn.grading.locking import lock


class Journal:
    """The lines by their keys. The last line of a key counts; a line that was cut short is removed.

    Use it in a `with` statement. While it is open, nobody else can open it.

    Raises:
        BlockingIOError: when somebody else has it open.
    """

    def __init__(self, path):
        self._file = Path(path).open("a+b")  # noqa: SIM115
        try:
            lock(self._file)
        except OSError:
            self._file.close()
            raise BlockingIOError(f"another grading is at work in {Path(path).parent}") from None
        self._places = {}
        self._end = 0
        self._file.seek(0)
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            with contextlib.suppress(ValueError, TypeError, KeyError):  # damaged: it will be graded again
                self._places[json.loads(line)["key"]] = self._end
            self._end += len(line)
        self._file.truncate(self._end)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._file.close()

    def __contains__(self, key):
        return key in self._places

    def __getitem__(self, key):
        self._file.seek(self._places[key])
        return json.loads(self._file.readline())

    def add(self, key, values):
        """Write a line; when that fails, on a full disk say, nothing of it stays."""
        line = json.dumps({"key": key, **values}, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        try:
            self._file.write(line)
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError:
            os.ftruncate(self._file.fileno(), self._end)
            raise
        self._places[key] = self._end
        self._end += len(line)
