"""grades.jsonl: a line for each graded submission, on the disk as soon as it is graded."""

import contextlib
import io
import json
import os
from pathlib import Path

from mlt_nn.support.locking import lock


class Journal:
    """The lines by their keys. The last line of a key counts; a line that was cut short is removed.

    Use it in a `with` statement. While it is open, nobody else can open it.

    Raises:
        BlockingIOError: when somebody else has it open.
    """

    def __init__(self, path):
        # Without a buffer, so that nothing of a line that found no room is written later.
        self._file = Path(path).open("a+b", buffering=0)  # noqa: SIM115
        self._file.seek(0)
        try:
            lock(self._file)
        except OSError:
            self._file.close()
            raise BlockingIOError(f"another grading is at work in {Path(path).parent}") from None
        self._places: dict[str, tuple[int, int]] = {}
        self.added: set[str] = set()
        """The keys of what was written since it was opened."""
        self._end = 0
        lines = io.BufferedReader(self._file)
        for line in lines:
            if not line.endswith(b"\n"):
                break
            with contextlib.suppress(ValueError, TypeError, KeyError):  # damaged: it will be graded again
                self._places[json.loads(line)["key"]] = self._end, len(line)
            self._end += len(line)
        lines.detach()
        self._file.truncate(self._end)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._file.close()

    def __contains__(self, key):
        return key in self._places

    def __iter__(self):
        return iter(self._places)

    def __getitem__(self, key):
        start, length = self._places[key]
        self._file.seek(start)
        return json.loads(self._file.read(length))

    def get(self, key):
        """The line of a key, or None."""
        with contextlib.suppress(KeyError):
            return self[key]
        return None

    def add(self, key, values):
        """Write a line; when that fails, on a full disk say, nothing of it stays."""
        line = json.dumps({"key": key, **values}, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        try:
            written = 0
            while written < len(line):
                written += self._file.write(line[written:])
            os.fsync(self._file.fileno())
        except OSError:
            self._file.truncate(self._end)
            raise
        self.added.add(key)
        self._places[key] = self._end, len(line)
        self._end += len(line)
