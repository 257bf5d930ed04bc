"""What a class handed in, found in folders and in the zips that learning platforms make: who, what, which counts.

Nothing is unpacked but what must be: the submissions inside of a platform's zip, and exercise files that lie loose in
one folder for all students. These become zips in a temporary folder, which is gone when the program ends. Of each
student that is the one submission that counts, so that nobody, by however much, uses up the room of the others.
"""

import contextlib
import io
import itertools
import os
import re
import stat
import tempfile
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from mlt_nn.support.catalogue import MODULES
from mlt_nn.teaching.classroom.platforms import METADATA, Name, gradescope_students, read_name
from mlt_nn.teaching.grader import scratch
from mlt_nn.teaching.grader.submission import MAX_MODULE, MAX_ZIP, Unusable, listing, module_name, open_ordinary
from mlt_nn.teaching.pages.text import one_line

MAX_UNPACKED = 20_000_000_000
# Of what a student lays into one folder, so many zips, and so many exercise files, are looked at.
MAX_OF_ONE = 100

_OF_THE_SYSTEM = re.compile(r"\.|__MACOSX$|__pycache__$|Thumbs\.db$|desktop\.ini$", re.IGNORECASE)
# Letters, marks and signs that leave nothing to be seen, besides those of the category Cf.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_LINK = "is a link, which is not followed"
_NOT_OURS = "is no zip, no folder and no exercise file"
_CHUNK = 1 << 20


class Found(NamedTuple):
    """One submission."""

    student: str
    """The same for all submissions of a student, and shown like the name of no other student."""
    path: Path
    """What `mlt_nn.teaching.grader.submission.read` reads: a folder or a zip; of a superseded one, `shown`."""
    attempt: int
    """1, 2, ... in the order in which the student handed in."""
    late: bool
    """Whether the platform says that it was handed in late."""
    superseded: str
    """Which one of the student's counts in its place, and why, or ""."""
    platform_id: str
    """The platform's number for the student (at Gradescope: for the submission), or ""."""
    shown: Path
    """Where it was found, for a person."""
    beside: tuple[tuple[Path, str], ...]
    """What else the student handed in with it that does not count, and why."""


class Collected(NamedTuple):
    """What was found."""

    submissions: tuple[Found, ...]
    """By student, then by attempt."""
    ignored: tuple[tuple[Path, str], ...]
    """What is no submission, and why."""


class _Ignored(Exception):  # noqa: N818
    pass


class _Unread(_Ignored):
    pass


@dataclass(frozen=True)
class _Entry:
    """A file or folder in the place where the submissions lie."""

    name: str
    shown: Path
    """Where it is, for a person."""
    files: tuple[str, ...] | None = None
    """A folder's files, by their names inside of it; None for a file."""
    path: Path | None = None
    """Where it is on the disk; None inside of a zip."""
    open: Callable = open
    """Opens one of the files, or the file itself when asked for ""."""
    problem: str = ""
    is_known: bool = True
    """Whether all files of a folder are listed: not when there are too many, or when it cannot be read."""


@dataclass(frozen=True)
class _Attempt:
    """One submission, before it is known which others the student has."""

    name: Name
    label: str
    """The file's name: orders attempts that nothing else tells apart."""
    unpacked: Callable[[], Path]
    """Gives the folder or the zip; raises _Ignored when it cannot be had."""
    source: int
    """The number of the path it was found under."""
    shown: Path
    beside: tuple[tuple[Path, str], ...]


def collect(paths):
    """Find the submissions in folders and zips.

    Arguments:
        paths: each is a submission (a folder or a zip with exercise files), or a folder of submissions: Moodle's,
            Canvas's, Gradescope's, or folders and zips named after the students. What lies in a later path was handed
            in later. A platform's zip of such a folder must be the only path: beside others a zip is one student's. So
            is every folder beside one that holds exercise files.

    Returns:
        Collected. The same paths always give the same.

    Raises:
        FileNotFoundError: when there is nothing at a path.
    """
    with contextlib.ExitStack() as stack:
        collection = _Collection(stack)
        paths = [Path(path) for path in paths]
        for path in paths:
            if not path.exists():
                raise FileNotFoundError(f"there is no submission at {path}: name a folder or a zip of submissions")
        # Among the folders of students a folder is a student's, who could have laid anybody's name into it.
        of_students = len(paths) > 1 and any(path.is_dir() and _has_modules(path) for path in paths)
        for source, path in enumerate(paths):
            collection.add(path, source, is_only=len(paths) == 1, of_students=of_students)
        return Collected(tuple(collection.numbered()), tuple(collection.ignored))


class _Collection:
    def __init__(self, stack):
        self._stack = stack
        self.attempts: list[_Attempt] = []
        self.ignored: list[tuple[Path, str]] = []
        self._scratch: Path | None = None
        self._count = 0
        self._room = MAX_UNPACKED

    def add(self, path, source, is_only, of_students):
        path = path.resolve() if path.name in ("", "..") else path
        name = read_name(path.name, path.is_dir())
        if path.is_dir():
            entries = [_entry(path)] if name.platform or of_students or _is_students(path) else _in_folder(path)
        elif is_only and path.suffix.lower() == ".zip" and not name.platform:
            # Among others it is a student's, who could write anybody's name into it.
            entries = _in_zip(path, self._stack) or [_entry(path)]
        else:
            entries = [_entry(path)]
        self._students(entries, source)

    def _students(self, entries, source):
        gradescope = self._gradescope(entries)
        loose: dict[Name, dict[str, list]] = {}
        not_ours: list[tuple[_Entry, Name]] = []
        for entry in sorted(entries, key=lambda each: _natural(each.name)):
            name = read_name(entry.name, entry.files is not None)
            if entry.problem:
                self.ignored.append((entry.shown, entry.problem))
            elif _OF_THE_SYSTEM.match(entry.name):
                self.ignored.append((entry.shown, "was put there by the computer, not by a student"))
            elif entry.files is not None:
                if name.platform == "Gradescope":
                    name = name._replace(student=gradescope.get(entry.name, name.student))
                self._folder(entry, name, source)
            elif _is_zip(entry.name):
                self._zip(entry, "", name, name.file, source)
            elif name.platform and (module := module_name(re.sub(r"-\d+(?=\.py$)", "", name.file))):
                key = Name(name.platform, name.student, name.platform_id)
                loose.setdefault(key, {}).setdefault(module, []).append((name.number, entry, name.late))
            elif entry.name == METADATA:
                self.ignored.append((entry.shown, "is Gradescope's list of the students"))
            elif module_name(entry.name):
                self.ignored.append((entry.shown, "is an exercise file, but nothing says of which student"))
            elif name.platform:
                not_ours.append((entry, name))
            else:
                self.ignored.append((entry.shown, _NOT_OURS))
        for name, modules in loose.items():
            self._loose(name, modules, source)
        handed_in = {each.name.whose for each in self.attempts}
        for entry, name in not_ours:
            if name.whose in handed_in:
                self.ignored.append((entry.shown, _NOT_OURS))
            else:  # who handed in nothing else would be missing from the gradebook
                self._zip(entry, "", name, name.file, source)

    def _gradescope(self, entries):
        for entry in entries:
            if entry.name == METADATA and entry.files is None and not entry.problem:
                try:
                    data = b"".join(itertools.islice(_pieces(entry, ""), 100))
                except _Ignored as error:
                    self.ignored.append((entry.shown, f"{error}: the students are named after their folders"))
                else:
                    return gradescope_students(data.decode("utf-8", "replace"))
        return {}

    def _folder(self, entry, name, source):
        """A student's folder: exercise files, or else the zips in it."""
        zips = sorted((file for file in entry.files if _is_zip(file) and not _is_of_the_system(file)), key=_natural)
        modules = [file for file in entry.files if module_name(PurePosixPath(file).name)]
        if left := zips[:-MAX_OF_ONE]:
            self.ignored.append(
                (entry.shown, f"has {len(left)} zips more than the last {MAX_OF_ONE}, which are looked at")
            )
            zips = zips[-MAX_OF_ONE:]
        if not modules and not zips and not name.platform and entry.is_known:
            self.ignored.append((entry.shown, "is a folder without an exercise file and without a zip"))
        elif modules or not zips:
            beside = [(entry.shown / file, "lies beside exercise files, which count") for file in zips]
            nearest = sorted(modules, key=lambda file: file.count("/"))[:MAX_OF_ONE]
            unpacked = lambda: entry.path or self._packed(name, [(file, entry, file) for file in nearest])  # noqa: E731
            self._keep(unpacked, name, "", source, entry.shown, beside)
        else:
            for file in zips:
                self._zip(entry, file, name, file, source)

    def _zip(self, entry, file, name, label, source):
        path = entry.path and entry.path / file
        if path and path.is_symlink() and file:
            # It may lead to the work of somebody else.
            self.ignored.append((entry.shown / file, _LINK))
        else:
            self._keep(lambda: path or self._copied(name, entry, file), name, label, source, entry.shown / file)

    def _loose(self, name, modules, source):
        """Exercise files of one student that lie among those of the others; of each the latest counts."""
        latest = {module: max(files, key=lambda file: file[0]) for module, files in modules.items()}
        beside = [
            (entry.shown, f"was handed in again as {latest[module][1].name}")
            for module, files in modules.items()
            for number, entry, _ in files
            if number != latest[module][0]
        ]
        number = max(number for number, _, _ in latest.values())
        name = name._replace(number=number, late=any(late for _, _, late in latest.values()))
        files = [(f"{module}.py", entry, "") for module, (_, entry, _) in sorted(latest.items())]
        shown = max(latest.values(), key=lambda file: file[0])[1].shown
        self._keep(lambda: self._packed(name, files), name, "", source, shown, beside)

    def _keep(self, unpacked, name, label, source, shown, beside=()):
        self.attempts.append(_Attempt(name, label, unpacked, source, shown, tuple(beside)))
        self.ignored += beside

    def numbered(self):
        """The attempts as Found, with the students told apart; of each student the one that counts is unpacked."""
        students: dict[tuple[str, str, str], list[_Attempt]] = {}
        for each in self.attempts:
            students.setdefault(each.name.whose, []).append(each)
        names = _unique(sorted(students))
        for key in sorted(students, key=lambda key: _natural(names[key])):
            handed_in = sorted(students[key], key=lambda each: (each.source, each.name.number, _natural(each.label)))
            path = self._last_unpacked(handed_in)
            for number, each in enumerate(handed_in, 1):
                if number < len(handed_in):
                    own, why = each.shown, _why(each, handed_in[-1])
                else:
                    own, why = path, ""
                yield Found(
                    names[key], own, number, each.name.late, why, each.name.platform_id, each.shown, each.beside
                )

    def _last_unpacked(self, attempts):
        """The path of the last one that can be had; those after it are dropped from the list."""
        while attempts:
            try:
                return attempts[-1].unpacked()
            except _Ignored as error:
                self.ignored.append((attempts.pop().shown, str(error)))

    def _new_path(self, name):
        if self._scratch is None:
            self._scratch = Path(tempfile.mkdtemp(dir=scratch.folder()))
        self._count += 1
        folder = self._scratch / str(self._count)
        folder.mkdir()
        readable = re.sub(r"[^\w -]", "_", name.student)[:60].strip() or "_"
        return folder / f"{readable}.zip"

    def _copied(self, name, entry, file):
        """A student's zip, copied out of the platform's; a bad one as far as it goes, to be graded as such."""
        path = self._new_path(name)
        with path.open("wb") as target:
            try:
                self._copy(entry, file, target, MAX_ZIP)
            except _Unread as error:
                self.ignored.append((entry.shown / file, str(error)))
        return path

    def _packed(self, name, files):
        """A zip of exercise files; files are (name in the zip, entry, name in the entry)."""
        path = self._new_path(name)
        with zipfile.ZipFile(path, "w") as archive:
            for inside, entry, file in files:
                try:
                    whole = io.BytesIO()  # half a module would be graded as if it were all
                    self._copy(entry, file, whole, MAX_MODULE)
                    archive.writestr(zipfile.ZipInfo(inside), whole.getvalue())
                except _Ignored as error:
                    self.ignored.append((entry.shown / file, str(error)))
        return path

    def _copy(self, entry, file, target, most):
        # One byte too many, so that whoever reads it sees that it is too large.
        left = min(most + 1, self._room)
        with contextlib.closing(_pieces(entry, file)) as pieces:
            for data in pieces:
                written = target.write(data[:left])
                left -= written
                self._room -= written
                if not left:
                    break
        if not self._room:
            raise _Ignored(f"is one too many: all together is larger than {MAX_UNPACKED // 1_000_000_000} GB")


def _pieces(entry, file):
    """The bytes of a file, piece by piece.

    Raises:
        _Unread: whatever fails in reading it.
    """
    try:
        with entry.open(file) as stream:
            while data := stream.read(_CHUNK):
                yield data
    except Unusable as error:
        raise _Unread(str(error)) from None
    except Exception as error:
        if entry.path:
            raise _Unread(f"cannot be read: {error}") from None
        raise _Unread("is damaged in the zip") from None


def _why(attempt, counts):
    """Why the one that counts is the later of two."""
    if attempt.source != counts.source:
        return f"{counts.shown} counts, for it lies in a path that was named later"
    if attempt.name.number != counts.name.number:
        return f"{counts.shown} counts, for its number is greater"
    return f"{counts.shown} counts, for its name comes later"


def _unique(keys):
    """A name of its own for each student: where some are shown alike, each gets the platform's number, or ours."""
    names = {key: unicodedata.normalize("NFC", key[0]) for key in keys}
    names = {key: name if _as_shown(name) else "no name" for key, name in names.items()}
    alike = Counter(map(_as_shown, names.values()))
    to_number = {key for key, name in names.items() if alike[_as_shown(name)] > 1 and not key[1]}
    for key, name in names.items():
        if alike[_as_shown(name)] > 1 and key[1]:
            names[key] = f"{name} ({key[1]})"
    alike = Counter(map(_as_shown, names.values()))
    to_number |= {key for key, name in names.items() if alike[_as_shown(name)] > 1}
    used = {_as_shown(name) for key, name in names.items() if key not in to_number}
    for key in filter(to_number.__contains__, keys):
        name = names[key]
        names[key] = next(
            unique for number in itertools.count(1) if _as_shown(unique := f"{name} [{number}]") not in used
        )
        used.add(_as_shown(names[key]))
    return names


def _as_shown(name):
    """The same for names that a person cannot tell apart: by signs of no width, say, or by kinds of spaces."""
    seen = (sign for sign in unicodedata.normalize("NFKC", name) if unicodedata.category(sign) != "Cf")
    return one_line(_BLANK.sub("", "".join(seen)))


def _folded(name):
    return unicodedata.normalize("NFKC", name).casefold()


def _natural(name):
    """Sorts work2.zip before work10.zip, and work.zip before both."""
    stem = re.sub(r"\.\w+$", "", _folded(name))
    return [_rank(part) for part in re.split(r"(\d+)", stem)], name


def _rank(part):
    """Digits by their value, after all else; int would refuse more than 4,300 of them."""
    digits = part.lstrip("0")
    return (len(digits), digits) if part.isdecimal() else (-1, part)


def _is_zip(name):
    return name.lower().endswith(".zip")


def _is_of_the_system(file):
    return any(_OF_THE_SYSTEM.match(part) for part in PurePosixPath(file).parts)


def _is_students(folder):
    """Whether a folder with a plain name, which the teacher named, is one student's."""
    try:
        if any(read_name(path.name, path.is_dir()).platform for path in folder.iterdir()):
            return False
    except OSError:
        return True  # whoever reads it as a submission says what is wrong with it
    return _has_modules(folder)


def _has_modules(folder):
    """Whether the modules lie in a folder, or where the course has them."""
    return any(os.path.isfile(folder / inner / f"{module}.py") for inner in ("", "mlt_nn") for module in MODULES)


def _on_disk(path):
    """The entry for a file or folder among others."""
    return _Entry(path.name, path, problem=_LINK) if path.is_symlink() else _entry(path)


def _entry(path):
    """The entry for a file or folder, which may be a link when the teacher named it."""
    if os.path.isdir(path):
        found = listing(path)
        return _Entry(
            path.name,
            path,
            found.files,
            path,
            open=lambda file: open_ordinary(path / file),
            is_known=found.is_whole and not found.unread,
        )
    return _Entry(path.name, path, path=path, open=lambda _: open_ordinary(path, follow=True))


def _in_folder(folder):
    """The entries of a folder of submissions; where all of them lie in one folder in it, as in Gradescope's, those."""
    entries = [_on_disk(path) for path in folder.iterdir()]
    own = [entry for entry in entries if not _OF_THE_SYSTEM.match(entry.name)]
    of_platform = own and read_name(own[0].name, is_folder=True).platform
    if len(own) == 1 and own[0].files and not of_platform and not _has_modules(own[0].path):
        inner = list(own[0].path.iterdir())
        if any(read_name(path.name, path.is_dir()).platform for path in inner):
            return [*map(_on_disk, inner), *(entry for entry in entries if entry is not own[0])]
    return entries


def _in_zip(path, stack):
    """The entries of a platform's zip, which stays open as long as the stack; none when it is a student's."""
    try:
        archive = zipfile.ZipFile(path)
    except Exception:
        return []  # whoever reads it as a submission says what is wrong with it
    stack.enter_context(archive)
    infos = [(_parts(info), info) for info in archive.infolist() if not _is_folder(info)]
    own = [parts for parts, _ in infos if not any(_OF_THE_SYSTEM.match(part) for part in parts)]
    first = own[0][0] if own else ""
    in_one = all(len(parts) > 1 and parts[0] == first for parts in own)
    if first and in_one and not read_name(first, is_folder=True).platform:
        infos = [(parts[1:] if parts[0] == first and len(parts) > 1 else parts, info) for parts, info in infos]
        own = [parts[1:] for parts in own]
    is_platform = any(read_name(parts[0], len(parts) > 1).platform for parts in own)
    zips = sum(_is_zip(parts[-1]) for parts in own)
    if not is_platform and (zips < 2 or any(module_name(parts[-1]) for parts in own)):
        return []
    return _zipped(path, archive, infos)


def _zipped(path, archive, infos):
    """The entries of an open zip; infos are (parts of the name, ZipInfo)."""
    entries: list[_Entry] = []
    folders: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for parts, info in infos:
        shown, problem = path.joinpath(*parts), _problem(parts, info)
        if problem:
            entries.append(_Entry(parts[0], shown, problem=problem))
        elif len(parts) == 1:
            entries.append(_Entry(parts[0], shown, open=lambda _, info=info: archive.open(info)))
        else:
            folders.setdefault(parts[0], {})["/".join(parts[1:])] = info
    for name, files in folders.items():
        opener = lambda file, files=files: archive.open(files[file])  # noqa: E731
        entries.append(_Entry(name, path / name, tuple(sorted(files)), open=opener))
    return entries


def _parts(info):
    """The parts of the name of a file in a zip. Without a flag the name is UTF-8 on macOS, but Python reads cp437."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return PurePosixPath(name.replace("\\", "/")).parts or ("?",)


def _is_folder(info):
    return info.filename.endswith("/")  # ZipInfo.is_dir fails for an empty name before Python 3.12


def _problem(parts, info):
    """Why a file in a zip is not even looked at, or ""."""
    if parts[0] == "/" or ".." in parts:
        return "has a name that leads out of the zip"
    if stat.S_ISLNK(info.external_attr >> 16):
        return _LINK
    if info.flag_bits & 1:
        return "is encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in an unusual way"
    return ""
