"""What a student handed in: a folder or a zip of exercise modules, read into memory. Nothing else in it is used.

Whatever was handed in, reading it ends in a Submission: what is wrong with it is told there, and no file that a student
named or linked to is ever opened or written outside of it.
"""

import contextlib
import hashlib
import io
import json
import os
import re
import stat
import tempfile
import zipfile
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from mlt_nn.grading.handed_in import MANIFEST, MAX_MODULE, problem, too_large
from mlt_nn.support.catalogue import MODULES
from mlt_nn.teaching.grader import scratch

MAX_ENTRIES = 10_000
MAX_ZIP = 20_000_000
# Programs write some 30 bytes of extra fields for each file.
MAX_EXTRAS = 50 * MAX_ENTRIES


@dataclass(frozen=True)
class SubmittedModule:
    """One exercise module that was handed in."""

    module: str
    """Its name, as in "activations"."""
    data: bytes = b""
    problem: str = ""
    """Why it cannot be used, or ""."""

    @property
    def sha256(self):
        return hashlib.sha256(self.data).hexdigest()

    @property
    def lines(self):
        # As Python counts them: those of a str end at form feeds and U+2028, too.
        return [line.decode("utf-8", "replace") for line in self.data.splitlines()]


@dataclass(frozen=True)
class Submission:
    """The exercise modules of one student, in the order of the course."""

    name: str
    """The name of the folder, or of the zip without its ending."""
    modules: tuple[SubmittedModule, ...] = ()
    problem: str = ""
    """Why nothing can be graded, or ""."""
    python: tuple[int, ...] = ()
    """The version that it was checked with, by its own manifest, as in (3, 13); () where that says nothing."""
    made: datetime | None = None
    """When it was made, by the same manifest, and so by the student's word; None where that says nothing."""

    def module(self, name):
        """The SubmittedModule of that name, or None."""
        return next((each for each in self.modules if each.module == name), None)

    @contextlib.contextmanager
    def unpacked(self):
        """A private folder `submission` with the usable modules, which is gone at the end of the `with` statement."""
        with tempfile.TemporaryDirectory(dir=scratch.folder()) as private:
            folder = Path(private, "submission")
            folder.mkdir()
            for each in self.modules:
                if not each.problem:
                    (folder / f"{each.module}.py").write_bytes(each.data)
            # Whoever is let into the private folder, as the user of a sandbox is, may read it.
            for path in (folder, *folder.iterdir()):
                path.chmod(0o755)
            yield folder


class Listing(NamedTuple):
    """What lies in a folder."""

    files: tuple[str, ...]
    """The names of the files inside of it, with slashes, sorted. A link is a file, and not followed."""
    unread: tuple[str, ...]
    """Which folders in it cannot be read, and why."""
    is_whole: bool
    """False when there is more than MAX_ENTRIES in it, which is not listed."""


def listing(root):
    """The Listing of a folder."""
    files: list[str] = []
    unread: list[str] = []
    # os.walk calls itself for each folder in a folder before Python 3.12, and counts none.
    folders, left = deque([""]), MAX_ENTRIES
    while folders:
        inner = folders.popleft()
        try:
            with os.scandir(Path(root, inner)) as entries:
                for entry in entries:
                    if not left:
                        return Listing(tuple(sorted(files)), tuple(unread), is_whole=False)
                    left -= 1
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(f"{inner}{entry.name}/")
                    else:
                        files.append(f"{inner}{entry.name}")
        except OSError as error:
            unread.append(f"{_short(inner) or 'the folder'} cannot be read: {error.strerror}")
    return Listing(tuple(sorted(files)), tuple(unread), is_whole=True)


class Unusable(Exception):  # noqa: N818
    """What was handed in cannot be used; the text says why, as the rest of a sentence about it."""


def open_ordinary(path, follow=False):
    """An ordinary file, opened for reading. Neither a link is followed, unless asked for, nor a pipe waited for.

    Raises:
        Unusable: when it is no ordinary file, or cannot be opened.
    """
    try:
        mode = os.stat(path, follow_symlinks=follow).st_mode
        if stat.S_ISLNK(mode):
            raise Unusable("is a link, which is not followed")
        if not stat.S_ISREG(mode):
            raise Unusable("is no ordinary file")
        # Whatever has taken its place since.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        return os.fdopen(os.open(path, flags | (0 if follow else getattr(os, "O_NOFOLLOW", 0))), "rb")
    except OSError as error:
        raise Unusable(f"cannot be read: {error.strerror}") from None


def read(path):
    """The submission at a path.

    The modules are looked for in the folder itself, else in the one folder nearest to it that holds any.

    Raises:
        FileNotFoundError: when there is nothing at the path.
    """
    path = Path(path)
    if not os.path.lexists(path):
        raise FileNotFoundError(f"there is no submission at {path}: name a folder or a zip with exercise modules")
    is_folder = os.path.isdir(path)
    name = path.resolve().name if is_folder else re.sub(r"\.zip$", "", path.name, flags=re.IGNORECASE)
    try:
        modules, python, made = _modules(*(_folder(path) if is_folder else _zip(path)))
        return Submission(name, modules, python=python, made=made)
    except Unusable as error:
        return Submission(name, problem=str(error))
    except Exception as error:  # whatever a student has found to make reading fail is the student's
        return Submission(name, problem=f"{path.name} cannot be read: {type(error).__name__}: {error}.")


def _modules(entries, unread, fetch):
    """The modules among files of these names, by the order of the course; and what their manifest says."""
    found = [each for each in map(PurePosixPath, entries) if module_name(each.name)]
    if not found and unread:
        raise Unusable(f"there is no exercise module in what can be read of it; {unread[0]}.")
    if not found:
        raise Unusable(f"there is no exercise module in it ({MODULES[0]}.py, {MODULES[1]}.py, ...){_instead(entries)}.")
    depth = min(len(each.parts) for each in found)
    folders = sorted({each.parent for each in found if len(each.parts) == depth})
    if len(folders) > 1:
        listed = " and ".join(_short(str(folder)) for folder in folders[:3])
        raise Unusable(f"exercise modules lie in {listed}; hand in one folder of them.")
    spelled: dict[str, list[PurePosixPath]] = {}
    for each in found:
        if each.parent == folders[0]:
            spelled.setdefault(module_name(each.name), []).append(each)
    modules = tuple(_module(module, spelled[module], fetch) for module in MODULES if module in spelled)
    return modules, *_of_manifest(folders[0] / MANIFEST, fetch)


def _of_manifest(path, fetch):
    """The version of Python that a manifest names, or (), and its time, or None.

    Whatever else stands there is the student's own business.
    """
    python: tuple[int, ...] = ()
    made = None
    with contextlib.suppress(Exception):
        manifest = json.loads(fetch(str(path)))
        made = moment(manifest.get("time"))
        version = manifest["versions"]["python"]
        python = tuple(map(int, re.findall(r"^(\d{1,2})\.(\d{1,2})\b", version, re.ASCII)[0]))
    return python, made


def moment(text):
    """The time that a text of ISO 8601 tells, with its zone; None when it tells none, or one of another century.

    >>> moment("2026-11-24 10:00:00.000000000 Z")
    datetime.datetime(2026, 11, 24, 10, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        when = datetime.fromisoformat(re.sub(r" (?=[Z+-])", "", text))
    except (TypeError, ValueError):
        return None
    return when if when.tzinfo and 2000 <= when.year < 2100 else None


def _instead(entries):
    """What is in it in place of exercise modules."""
    names = [_short(PurePosixPath(each).name) for each in sorted(entries)]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f", but {', '.join(names[:3])}{more}" if names else ""


def module_name(file):
    """The exercise module that a file of this name is, or ""; old programs write NEURON.PY.

    >>> module_name("neuron.py"), module_name("NEURON.PY"), module_name("neuron.txt")
    ('neuron', 'neuron', '')
    """
    stem, dot, ending = file.lower().rpartition(".")
    return stem if dot and ending == "py" and stem in MODULES else ""


def _module(module, spelled, fetch):
    exact = [each for each in spelled if each.name == f"{module}.py"]
    path = (exact or spelled)[0]
    if not exact and len(spelled) > 1:
        names = " and ".join(sorted(each.name for each in spelled))
        return SubmittedModule(module, problem=f"{module}.py is there more than once, as {names}: hand in one.")
    try:
        data = fetch(str(path))
    except Unusable as error:
        return SubmittedModule(module, problem=f"{path.name} {error}.")
    except OSError as error:
        return SubmittedModule(module, problem=f"{path.name} cannot be read: {error.strerror}.")
    wrong = problem(data)
    return SubmittedModule(module, data, f"{path.name} {wrong}." if wrong else "")


def _bounded(data):
    if wrong := too_large(data):
        raise Unusable(wrong)
    return data


def _folder(root):
    files, unread, is_whole = listing(root)
    if not is_whole:
        raise Unusable(f"it has more than {MAX_ENTRIES} files and folders; hand in the exercise modules only.")

    def fetch(name):
        with open_ordinary(root / name) as stream:
            return _bounded(stream.read(MAX_MODULE + 1))

    return files, unread, fetch


def _zip(path):
    # Read once, so that what is looked at, hashed and graded is the same.
    try:
        with open_ordinary(path, follow=True) as stream:
            data = stream.read(MAX_ZIP + 1)
    except Unusable as error:
        raise Unusable(f"{path.name} {error}.") from None
    if len(data) > MAX_ZIP:
        raise Unusable(f"{path.name} is larger than {MAX_ZIP // 1_000_000} MB; hand in the exercise modules only.")
    # Before zipfile reads them, which takes long; the number that the zip itself tells may be a lie.
    if data.count(b"PK\x01\x02") > MAX_ENTRIES:
        raise Unusable(f"{path.name} has more than {MAX_ENTRIES} files; hand in the exercise modules only.")
    if _bytes_of_extras(data) > MAX_EXTRAS:
        raise Unusable(f"{path.name} has more extra fields than any program writes: make an ordinary zip.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except Exception as error:
        raise Unusable(f"{path.name} is no zip that can be read: {error}.") from None
    # Older Windows programs write names with the signs of their own paths. ZipInfo.is_dir fails for an empty name
    # before Python 3.12.
    infos = [(info.filename.replace("\\", "/"), info) for info in archive.infolist()]
    infos = [(str(PurePosixPath(name)), info) for name, info in infos if not name.endswith("/") and _is_inside(name)]

    def fetch(name):
        same = [info for each, info in infos if each == name]
        if len(same) > 1:
            raise Unusable("is in the zip more than once")
        (info,) = same
        if stat.S_ISLNK(info.external_attr >> 16):
            raise Unusable("is a link, which is not followed")
        if info.flag_bits & 1:
            raise Unusable("is encrypted")
        # The other methods may unpack a few bytes to gigabytes in one step.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unusable("is packed in an unusual way: make an ordinary zip")
        try:
            with archive.open(info) as stream:
                unpacked = stream.read(MAX_MODULE + 1)
        except Exception:
            raise Unusable("is damaged in the zip") from None
        return _bounded(unpacked)

    return [name for name, _ in infos], (), fetch


def _bytes_of_extras(data):
    """How many bytes of extra fields a zip has, which zipfile takes off one by one, copying all that follow."""
    total = 0
    for found in re.finditer(b"PK\x01\x02", data):
        at = found.start()
        name, extra, comment = (int.from_bytes(data[at + i : at + i + 2], "little") for i in (28, 30, 32))
        # Where these bytes are there by chance no other part of the zip follows.
        if data.startswith(b"PK", at + 46 + name + extra + comment):
            total += extra
    return total


def _is_inside(name):
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and path.parts[:1] not in ((), ("__MACOSX",))


def _short(name):
    """The name of a folder, which may be very long, and is quoted when it could be read as words of ours."""
    short = name if len(name) <= 80 else f"{name[:80]}..."
    return short if re.fullmatch(r"[\w./-]*", short) else repr(short)
