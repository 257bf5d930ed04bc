"""What a class handed in, found in folders and in the zips that learning platforms make: who, what, which counts.

Nothing is unpacked but what must be: the submissions inside of a platform's zip, and exercise files that lie loose in
one folder for all students. These become zips in a temporary folder, which is gone when the program ends. Of each
student that is the one submission that counts, so that nobody, by however much, uses up the room of the others.
"""

import contextlib
import itertools
import re
import shutil
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from mlt_nn.teaching.classroom import downloads, metadata
from mlt_nn.teaching.classroom.late import BY_FILE, BY_MANIFEST
from mlt_nn.teaching.classroom.metadata import METADATA
from mlt_nn.teaching.classroom.names import natural, unique
from mlt_nn.teaching.classroom.platforms import Name, read_name
from mlt_nn.teaching.classroom.roster import Roster
from mlt_nn.teaching.classroom.student import Student
from mlt_nn.teaching.grader import scratch
from mlt_nn.teaching.grader.submission import MAX_MODULE, MAX_ZIP, Unusable, module_name, read
from mlt_nn.teaching.pages.text import local_time

MAX_UNPACKED = 20_000_000_000
# Of what a student lays into one folder, so many zips, and so many exercise files, are looked at.
MAX_OF_ONE = 100

_NOT_OURS = "is no zip, no folder and no exercise file"
_TYPED_IN = "was typed in at the platform; the files that were handed in count"
# And of a platform's list of the students so many bytes.
_MAX_LIST = 100 << 20


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
    called: Name
    """What it was called where it was found."""
    shown: Path
    """Where it was found, for a person."""
    beside: tuple[tuple[Path, str], ...]
    """What else the student handed in with it that does not count, and why."""
    who: Student | None = None
    """The student of the roster, or as the platform names them; None when nothing but a file's name says who."""
    when: datetime | None = None
    """When it was handed in, with the time's zone; of a superseded one only where a platform says so."""
    when_by: str = ""
    """Who says so."""

    @property
    def whose(self):
        """What tells one student from all others: name and number before all else."""
        return _whose(self.who, self.called)


class Collected(NamedTuple):
    """What was found."""

    submissions: tuple[Found, ...]
    """By student, then by attempt."""
    ignored: tuple[tuple[Path, str], ...]
    """What is no submission, and why."""
    missing: tuple[tuple[str, Student], ...]
    """Who of the roster handed in nothing, each under a name like `Found.student`."""
    hints: tuple[str, ...]
    """What may be wrong with paths and roster, and the way out, in sentences."""

    @property
    def counting(self):
        """Of each student the submission that counts."""
        return [each for each in self.submissions if not each.superseded]


class _Ignored(Exception):  # noqa: N818
    pass


class _Unread(_Ignored):
    pass


class _Attempt(NamedTuple):
    """A submission, before it is known which others the student has: the Found lacks what depends on them."""

    found: Found
    label: str
    """The file's name: orders attempts that nothing else tells apart."""
    unpacked: Callable[[], Path]
    """Gives the folder or the zip; raises _Ignored when it cannot be had."""
    source: int
    """The number of the path it was found under."""


def collect(paths, roster=None, due=None):
    """Find the submissions in folders and zips.

    Arguments:
        paths: each is a submission (a folder or a zip with exercise files), or a folder of submissions: Moodle's,
            Canvas's, Gradescope's, or folders and zips named after the students; or the zip of such a folder, as
            platforms make it. Of several paths zips are a platform's when each path is a platform's; beside others a
            zip is one student's, and so is every folder beside one that holds exercise files.
        roster: the Roster, or None.
        due: the due date, in whose time zone times are told, or None.

    Returns:
        Collected. The same paths always give the same. Of several attempts of a student the latest counts: by the
        platform's time, else by the number that Canvas gives, else by the times in all of their manifests, else the
        one in the path that was named later, else by the number in its name, else by the time of the file, else by
        its name. A manifest is the student's word, so it says when, and never who.

    Raises:
        FileNotFoundError: when there is nothing at a path.
    """
    with contextlib.ExitStack() as stack:
        paths = [Path(path) for path in paths]
        for path in paths:
            if not path.exists():
                raise FileNotFoundError(f"there is no submission at {path}: name a folder or a zip of submissions")
        collection = _Collection(stack, roster, due)
        # Among the folders of students a folder is a student's, who could have laid anybody's name into it.
        of_students = len(paths) > 1 and any(path.is_dir() and downloads.has_modules(path) for path in paths)
        are_many = len(paths) == 1 or all(map(downloads.is_platforms, paths))
        for source, path in enumerate(paths):
            collection.add(path, source, are_many, of_students)
        submissions, missing = collection.told_apart()
        return Collected(submissions, tuple(dict.fromkeys(collection.ignored)), missing, tuple(collection.hints))


class _Collection:
    def __init__(self, stack, roster, due):
        self._stack, self._due = stack, due
        self._roster = roster or Roster([])
        self.attempts: list[_Attempt] = []
        self.ignored: list[tuple[Path, str]] = []
        self.hints: list[str] = []
        self._in_roster = set(self._roster.students)
        self._platform_ids: set[str] = set()
        self._disputed: set[str | Student] = set()
        self._room = MAX_UNPACKED

    def add(self, path, source, are_many, of_students):
        path = path.resolve() if path.name in ("", "..") else path
        name = read_name(path.name, path.is_dir())
        if path.is_dir():
            is_one = name.platform or of_students or downloads.is_students(path)
            entries = [downloads.on_disk(path, is_named=True)] if is_one else self._in_folder(path)
        elif are_many and downloads.is_zip(path.name) and not name.platform:
            # Among others it is a student's, who could write anybody's name into it.
            entries = downloads.in_zip(path, self._stack) or [downloads.on_disk(path, is_named=True)]
            if len(entries) == 1 and entries[0].path and (zips := downloads.zips_in(path)):
                self.hints.append(
                    f"{path} holds no exercise file, but the zip {zips[0]}. Unpack {path.name}, and name what is in it."
                )
        else:
            entries = [downloads.on_disk(path, is_named=True)]
        if not are_many and path.is_file() and downloads.is_platforms(path):
            self.hints.append(
                f"{path} looks like a platform's download of many submissions, but not all that you named does, so it "
                "was taken for one student's. If it is a download, name it alone, or together with other downloads."
            )
        self._students(entries, source)

    def _ignore(self, where, why):
        self.ignored.append((where, why))

    def _in_folder(self, folder):
        """The entries of a folder of submissions; where they lie in one folder or in downloads in it, theirs."""
        own = downloads.own_paths(folder)
        if any(read_name(path.name, path.is_dir()).platform for path in own):
            return [downloads.on_disk(path) for path in folder.iterdir()]
        own = sorted(path for path in own if downloads.may_hold(path))
        if downloads.are_downloads(own):
            inner = [self._in_folder(path) if path.is_dir() else downloads.in_zip(path, self._stack) for path in own]
            beside = [downloads.on_disk(path) for path in folder.iterdir() if path not in own]
            return [*itertools.chain(*inner), *beside]
        self.hints += [
            f"{path} looks like a platform's download of many submissions, but lies among others, so it was taken for "
            f"one student's. If it is a download, name it alone:  python3 -m mlt_nn grade {path}"
            for path in own
            if downloads.is_platforms(path)
        ]
        if len(own) == 1 and own[0].is_dir() and not downloads.has_modules(own[0]):
            self.hints.append(
                f"{folder} holds one folder, {own[0].name}, which was taken for one student's. If it holds the "
                f"submissions of many, name it:  python3 -m mlt_nn grade {own[0]}"
            )
        return [downloads.on_disk(path) for path in folder.iterdir()]

    def _students(self, entries, source):
        gradescope = self._gradescope(entries)
        self._platform_ids |= {each.called.platform_id for each in entries} - {""}
        self._dispute(entries, gradescope)
        loose: dict[Name, dict[str, list]] = {}
        not_ours: list[tuple[downloads.Entry, Name]] = []
        for entry in sorted(entries, key=lambda each: natural(each.name)):
            name, is_folder = entry.called, entry.files is not None
            if entry.problem:
                self._ignore(entry.shown, entry.problem)
            elif downloads.OF_THE_SYSTEM.match(entry.name):
                self._ignore(entry.shown, "was put there by the computer, not by a student")
            elif is_folder and name.is_file:
                self._folder(entry, source, gradescope.get(entry.name) if name.platform == "Gradescope" else None)
            elif is_folder:
                not_ours.append((entry, name))
            elif downloads.is_zip(entry.name):
                self._zip(entry, "", name.file, source)
            elif name.platform and (module := module_name(re.sub(r"-\d+(?=\.py$)", "", name.file))):
                key = Name(name.platform, name.student, name.platform_id)
                loose.setdefault(key, {}).setdefault(module, []).append(entry)
            elif module_name(entry.name):
                self._ignore(entry.shown, "is an exercise file, but nothing says of which student")
            elif name.platform:
                not_ours.append((entry, name))
            elif entry.name == METADATA:
                continue  # Gradescope's list of the students, which `_gradescope` read
            elif entry.path and self._roster.path and entry.path.samefile(self._roster.path):
                continue
            elif any(self._roster.find(named := read_name(PurePosixPath(entry.name).stem, is_folder=False))):
                not_ours.append((entry, named._replace(file=entry.name)))
            else:
                may_be_roster = entry.name.lower().endswith((".csv", ".tsv")) and not self._in_roster
                way_out = f"; if it is the roster, name it:  --roster {entry.shown}" if may_be_roster else ""
                self._ignore(entry.shown, _NOT_OURS + way_out)
        for name, modules in loose.items():
            self._loose(name, modules, source)
        handed_in = {each.found.whose for each in self.attempts}
        for entry, name in not_ours:
            if handed_in.isdisjoint(_whose(who, name) for who in self._who(name)[0] or [None]):
                # Who handed in nothing else would be missing from the gradebook.
                names = entry.files if entry.files is not None else [name.file or entry.name]
                self._keep(lambda name=name, names=names: self._packed(name, [], names), name, "", source, entry.shown)
            else:
                self._ignore(entry.shown, _NOT_OURS if name.is_file else _TYPED_IN)

    def _gradescope(self, entries):
        told: dict[str, metadata.Submitted] = {}
        for entry in entries:
            if entry.name == METADATA and entry.files is None and not entry.problem:
                try:
                    told |= metadata.read(_data(entry, "", _MAX_LIST))
                except (_Ignored, ValueError) as error:
                    self._ignore(entry.shown, f"{error}: the students are named after their folders")
        return told

    def _dispute(self, entries, gradescope):
        """Note whom their name alone would make somebody of the roster, where a second one in the download has it."""
        claims: dict[tuple[Path, Student], set[str | Student]] = {}
        for entry in entries:
            name = entry.called
            submitted = gradescope.get(entry.name) if name.platform == "Gradescope" else None
            told = [(each, each) for each in submitted.students] if submitted else [(name.platform_id, None)]
            for claimed_by, known in told if name.platform_id else ():
                for who in self._roster.find(name, known)[0]:
                    claims.setdefault((entry.shown.parent, who), set()).add(claimed_by)
        self._disputed.update(*(each for each in claims.values() if len(each) > 1))

    def _folder(self, entry, source, submitted):
        """A student's folder: exercise files, or else the zips in it."""
        name, files = entry.called, entry.files
        zips = sorted((f for f in files if downloads.is_zip(f) and not downloads.is_of_the_system(f)), key=natural)
        modules = [file for file in files if module_name(PurePosixPath(file).name)]
        if left := zips[:-MAX_OF_ONE]:
            self._ignore(entry.shown, f"has {len(left)} zips more than the last {MAX_OF_ONE}, which are looked at")
            zips = zips[-MAX_OF_ONE:]
        is_nothing = not modules and not zips and not name.platform and entry.is_known
        if is_nothing and self._in_roster and not any(self._roster.find(name)):
            self._ignore(entry.shown, "is a folder without an exercise file, and nobody's of the roster")
        elif modules or not zips:
            beside = [(entry.shown / file, "lies beside exercise files, which count") for file in zips]
            nearest = sorted(modules, key=lambda file: file.count("/"))[:MAX_OF_ONE]
            others = () if modules else files
            unpacked = lambda: entry.path or self._packed(name, [(file, entry, file) for file in nearest], others)  # noqa: E731
            self._keep(unpacked, name, "", source, entry.shown, beside, submitted)
        else:
            for file in zips:
                self._zip(entry, file, file, source, submitted)

    def _zip(self, entry, file, label, source, submitted=None):
        path = entry.path and entry.path / file
        if path and path.is_symlink() and file:
            # It may lead to the work of somebody else.
            self._ignore(entry.shown / file, downloads.LINK)
        else:
            unpacked = lambda: path or self._copied(entry, file)  # noqa: E731
            self._keep(unpacked, entry.called, label, source, entry.shown / file, (), submitted)

    def _loose(self, name, modules, source):
        """Exercise files of one student that lie among those of the others; of each the latest counts."""
        latest = {module: max(entries, key=lambda entry: entry.called.number) for module, entries in modules.items()}
        beside = [
            (entry.shown, f"was handed in again as {latest[module].name}")
            for module, entries in modules.items()
            for entry in entries
            if entry.called.number != latest[module].called.number
        ]
        last = max(latest.values(), key=lambda entry: entry.called.number)
        name = name._replace(number=last.called.number, late=any(each.called.late for each in latest.values()))
        files = [(f"{module}.py", entry, "") for module, entry in sorted(latest.items())]
        self._keep(lambda: self._packed(name, files), name, "", source, last.shown, beside)

    def _keep(self, unpacked, name, label, source, shown, beside=(), submitted=None):
        """One attempt for each of those who handed it in."""
        students, when = self._who(name, submitted)
        for who in students or [None]:
            of_moodle = who if name.platform == "Moodle" else None
            called = name._replace(late=name.late or bool(of_moodle and of_moodle.late))
            handed_in = when or (of_moodle and of_moodle.handed_in)
            by = name.platform if handed_in else ""
            found = Found("", shown, 0, called.late, "", called, shown, tuple(beside), who, handed_in, by)
            self.attempts.append(_Attempt(found, label, unpacked, source))
        self.ignored += beside

    def _who(self, name, submitted=None):
        """(the students who handed in what has a Name, when by the platform's own list); none when nothing says who."""
        told = submitted.students if submitted else ()
        if not told:
            found = self._roster.find(name, by_name=name.platform_id not in self._disputed)[0]
            ids = found[0].platform_ids if len(found) == 1 else ()
            if name.platform_id and name.platform_id not in ids and self._platform_ids.intersection(ids):
                found = ()  # somebody of the same name: the student's own number is there, too
            return found, submitted.when if submitted else None
        found = [
            self._roster.find(name, each, by_name=each not in self._disputed)[0]
            # Whom the list gives no id is told apart by the submission's.
            or (each if each.key[1] else replace(each, platform_ids=(name.platform_id,)),)
            for each in told
        ]
        return list(dict.fromkeys(who for (who,) in found)), submitted.when

    def told_apart(self):
        """The attempts as Found, of each student the one that counts unpacked; and who of the roster has none."""
        students: dict[tuple[str, str, str], list[_Attempt]] = {}
        for each in self.attempts:
            students.setdefault(each.found.whose, []).append(each)
        in_roster = {(*each.key, ""): each for each in self._roster.students}
        names = unique(sorted({*students, *in_roster}))
        submissions: list[Found] = []
        missing: list[tuple[str, Student]] = []
        for key in sorted(names, key=lambda key: natural(names[key])):
            own = list(self._of_one(names[key], students.get(key, [])))
            submissions += own
            if not own and key in in_roster:
                missing.append((names[key], in_roster[key]))
        return tuple(submissions), tuple(missing)

    def _of_one(self, student, attempts):
        orders = self._orders(attempts)
        handed_in = sorted(attempts, key=lambda each: [known[id(each)] for _, known in orders])
        path = self._last_unpacked(handed_in)
        for number, each in enumerate(handed_in, 1):
            found = each.found._replace(student=student, attempt=number)
            if number < len(handed_in):
                yield found._replace(superseded=_why(each, handed_in[-1], orders, self._due))
            else:
                when, by = (found.when, found.when_by) if found.when else _when(path, found)
                self._tell_who(found)
                yield found._replace(path=path, when=when, when_by=by)

    def _tell_who(self, found):
        """A hint where there is a roster, and it does not say who this is."""
        who, called = found.who, found.called
        if who in self._in_roster or not self._in_roster:
            return
        _, undecided = self._roster.find(called, who)
        column, own = "platform_id", called.student
        if who:
            ids = {"student_id": who.student_id, "email": who.email}
            column, own = next(((field, known) for field, known in ids.items() if known), (column, own))
        elif called.platform in ("Moodle", "Canvas"):
            own = called.platform_id or own
        if undecided:
            between = " or ".join(" ".join(filter(None, each.key)) for each in undecided)
            begin = f"{found.shown} is of {between}, which cannot be decided, and has a row of its own, {found.student}"
        else:
            begin = f"{found.student} is not in {self._roster.path}, and has a row all the same ({found.shown})"
        way_out = f"write {own!r} into their line, in a column {column}"
        if called.platform != "Gradescope":
            way_out += f"; if it is a group, {called.student!r} into each member's line, in a column group"
        self.hints.append(f"{begin}. To say whose it is, {way_out}.")

    def _orders(self, attempts):
        """(why, {id of an attempt: its place}) for whatever orders all attempts of a student, the surest first."""

        def known(why, place):
            places = {id(each): place(each) for each in attempts}
            return None if None in places.values() else (why, places)

        is_canvas = all(each.found.called.platform == "Canvas" for each in attempts)
        by = [
            known("it was handed in later, at {}", lambda each: each.found.when),
            known("its number is greater", lambda each: each.found.called.number or None) if is_canvas else None,
            known("it was made later, at {}, as its manifest says", self._made) if len(attempts) > 1 else None,
            known("it lies in a path that was named later", lambda each: each.source),
            known("its number is greater", lambda each: each.found.called.number),
            known("its file is newer", lambda each: _file_time(each.found.shown)),
            known("its name comes later", lambda each: natural(each.label)),
        ]
        return [order for order in by if order]

    def _made(self, attempt):
        """When an attempt was made, by its manifest; nothing of it stays unpacked."""
        room, told = self._room, len(self.ignored)
        try:
            path = attempt.unpacked()
            made = read(path).made
            if path.is_relative_to(scratch.folder()):
                shutil.rmtree(path.parent)
            return made
        except (_Ignored, OSError):
            return None
        finally:
            del self.ignored[told:]
            self._room = room

    def _last_unpacked(self, attempts):
        """The path of the last one that can be had; those after it are dropped from the list."""
        while attempts:
            try:
                return attempts[-1].unpacked()
            except _Ignored as error:
                self._ignore(attempts.pop().found.shown, str(error))

    def _copied(self, entry, file):
        """A student's zip, copied out of the platform's; a bad one is empty, to be graded as such."""
        try:
            data = self._unpacked(entry, file, MAX_ZIP)
        except _Unread as error:
            self._ignore(entry.shown / file, str(error))
            data = b""
        path = _new_path(entry.called)
        path.write_bytes(data)
        return path

    def _packed(self, name, files, others=()):
        """A zip of exercise files; files are (name in the zip, entry, name in the entry). Others lend their names."""
        content = {each.encode("utf-8", "replace").decode(): b"" for each in others[:MAX_OF_ONE]}
        for inside, entry, file in files:
            try:
                content[inside] = self._unpacked(entry, file, MAX_MODULE)
            except _Ignored as error:
                self._ignore(entry.shown / file, str(error))
        path = _new_path(name)
        with zipfile.ZipFile(path, "w") as archive:
            for inside, data in content.items():
                archive.writestr(zipfile.ZipInfo(inside), data)
        return path

    def _unpacked(self, entry, file, most):
        """The bytes of a file, of one that is too large one too many, so that whoever reads it sees that."""
        data = _data(entry, file, min(most + 1, self._room))
        self._room -= len(data)
        if not self._room:
            raise _Ignored(f"is one too many: all together is larger than {MAX_UNPACKED // 1_000_000_000} GB")
        return data


def _whose(who, called):
    return (*who.key, "") if who else called.whose


def _new_path(name):
    # With the marks that names in Tamil or Hindi have.
    seen = (
        sign if sign.isalnum() or sign in " -" or unicodedata.category(sign)[0] == "M" else "_" for sign in name.student
    )
    readable = "".join(seen)[:60].strip() or "_"
    return Path(tempfile.mkdtemp(dir=scratch.folder()), f"{readable}.zip")


def _data(entry, file, most):
    """The first bytes of a file.

    Raises:
        _Unread: whatever fails in reading it.
    """
    try:
        with entry.open(file) as stream:
            return stream.read(most)
    except Unusable as error:
        raise _Unread(str(error)) from None
    except Exception as error:
        raise _Unread(f"cannot be read: {error}" if entry.path else "is damaged in the zip") from None


def _why(attempt, counts, orders, due):
    """Why the one that counts is the later of two, by the first order that tells them apart."""
    for why, places in orders:
        place = places[id(counts)]
        if places[id(attempt)] != place:
            when = local_time(place, due) if isinstance(place, datetime) else ""
            return f"{counts.found.shown} counts, for {why.format(when)}"
    return f"{counts.found.shown} counts, and the two are alike"


def _when(path, found):
    """(when what lies at a path was handed in, who says so), without a platform that does."""
    with contextlib.suppress(FileNotFoundError):  # whoever grades it says so
        if made := read(path).made:
            return made, BY_MANIFEST
    if found.who and found.who.handed_in:
        return found.who.handed_in, "the roster"
    # A copy of ours tells when it was made, and a platform's download when it was downloaded.
    is_copy = found.called.platform or path.is_relative_to(scratch.folder())
    time = None if is_copy else _file_time(path)
    return (time, BY_FILE) if time else (None, "")


def _file_time(path):
    """When a file or folder on the disk was changed; None when it is gone, or from a year that no calendar has."""
    try:
        return datetime.fromtimestamp(Path(path).stat().st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        return None
