"""What lies in the folders and zips that an instructor names, before it is known whose it is.

Of a zip that may be a student's only the first names are looked at, for zipfile could be kept busy with it for long.
"""

import contextlib
import functools
import os
import re
import stat
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mlt_nn.support.catalogue import MODULES
from mlt_nn.teaching.classroom.metadata import METADATA
from mlt_nn.teaching.classroom.platforms import read_name
from mlt_nn.teaching.grader.submission import Unusable, listing, module_name, open_ordinary

LINK = "is a link, which is not followed"
OF_THE_SYSTEM = re.compile(r"\.|__MACOSX$|__pycache__$|Thumbs\.db$|desktop\.ini$", re.IGNORECASE)
# In so many folders, one in the other, a platform's download may lie in a zip.
_DEEP = 3
# So many names of a zip are looked at.
_FIRST = 100


@dataclass(frozen=True)
class Entry:
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

    @functools.cached_property
    def called(self):
        """What its name says."""
        return read_name(self.name, self.files is not None)


def is_zip(name):
    return name.lower().endswith(".zip")


def is_of_the_system(file):
    return any(OF_THE_SYSTEM.match(part) for part in PurePosixPath(file).parts)


def is_students(folder):
    """Whether a folder with a plain name, which the teacher named, is one student's."""
    try:
        if any(read_name(path.name, path.is_dir()).platform for path in folder.iterdir()):
            return False
    except OSError:
        return True  # whoever reads it as a submission says what is wrong with it
    return has_modules(folder)


def has_modules(folder):
    """Whether the modules lie in a folder, or where the course has them."""
    return any(os.path.isfile(folder / inner / f"{module}.py") for inner in ("", "mlt_nn") for module in MODULES)


def on_disk(path, is_named=False):
    """The entry for a file or folder, which may be a link when the teacher named it."""
    if path.is_symlink() and not is_named:
        return Entry(path.name, path, problem=LINK)
    if os.path.isdir(path):
        found = listing(path)
        return Entry(
            path.name,
            path,
            found.files,
            path,
            open=lambda file: open_ordinary(path / file),
            is_known=found.is_whole and not found.unread,
        )
    return Entry(path.name, path, path=path, open=lambda _: open_ordinary(path, follow=True))


def is_platforms(path, deep=_DEEP):
    """Whether a path with a plain name is a platform's download, zipped or unpacked, perhaps in some more folders."""
    if read_name(path.name, path.is_dir()).platform or not deep:
        return False
    if not path.is_dir():
        names = {parts: _is_platforms_name(parts) for parts in _first_names(path) if parts} if is_zip(path.name) else {}
        # Whoever hands in exercise files may have files beside them that are called like Canvas's.
        return any(names.values()) and not any(module_name(parts[-1]) for parts, known in names.items() if not known)
    with contextlib.suppress(OSError):
        inner = own_paths(path)
        of_platform = any(read_name(each.name, each.is_dir()).platform for each in inner)
        holding = [each for each in inner if may_hold(each)]
        return not has_modules(path) and (of_platform or are_downloads(holding, deep - 1))
    return False


def zips_in(path):
    """The names of the first zips in a zip that holds no exercise file."""
    names = _first_names(path)
    has_any = any(module_name(part) for parts in names for part in parts[-1:])
    return [] if has_any else [str(PurePosixPath(*parts)) for parts in names if parts and is_zip(parts[-1])]


def own_paths(folder):
    """What lies in a folder, without what the computer put there."""
    return [path for path in folder.iterdir() if not OF_THE_SYSTEM.match(path.name)]


def may_hold(path):
    """Whether submissions may lie in what is at a path."""
    return path.is_dir() or is_zip(path.name)


def are_downloads(paths, deep=_DEEP):
    """Whether these, which lie in a folder, are one folder or some zips that platforms made, and nothing else."""
    return (
        (len(paths) == 1 or (bool(paths) and not any(path.is_dir() for path in paths)))
        and not any(path.is_symlink() for path in paths)
        and all(is_platforms(path, deep) for path in paths)
    )


def _is_platforms_name(parts):
    """Whether the parts of a name in a zip are those of a platform, perhaps below some folders."""
    return METADATA in parts[: _DEEP + 1] or any(
        read_name(part, place < len(parts) - 1).platform for place, part in enumerate(parts[: _DEEP + 1])
    )


def _first_names(path):
    """The parts of the first names in a zip, read without zipfile, which a student's zip could keep busy for long."""
    names: list[tuple[str, ...]] = []
    with contextlib.suppress(Unusable, OSError, struct.error, ValueError), open_ordinary(path, follow=True) as stream:
        while len(names) < _FIRST:
            mark, flags, size, length, extra = struct.unpack("<4s2xH10xI4xHH", stream.read(30))
            if mark != b"PK\3\4":
                break
            name = stream.read(length).decode("utf-8" if flags & 0x800 else "cp437", "replace")
            names.append(PurePosixPath(name.replace("\\", "/")).parts)
            if flags & 8:
                break  # how large it is stands behind it
            stream.seek(extra + size, os.SEEK_CUR)
    return names


def in_zip(path, stack):
    """The entries of a platform's zip, which stays open as long as the stack; none when it is a student's."""
    try:
        archive = zipfile.ZipFile(path)
    except Exception:
        return []  # whoever reads it as a submission says what is wrong with it
    stack.enter_context(archive)
    # ZipInfo.is_dir fails for an empty name before Python 3.12.
    infos = [(_parts(info), info) for info in archive.infolist() if not info.filename.endswith("/")]
    own = [parts for parts, _ in infos if not any(OF_THE_SYSTEM.match(part) for part in parts)]
    for _ in range(_DEEP):
        first = own[0][0] if own else ""
        in_one = all(len(parts) > 1 and parts[0] == first for parts in own)
        if not first or not in_one or read_name(first, is_folder=True).platform:
            break
        infos = [(parts[1:] if parts[0] == first and len(parts) > 1 else parts, info) for parts, info in infos]
        own = [parts[1:] for parts in own]
    is_platform = any(read_name(parts[0], len(parts) > 1).platform for parts in own)
    zips = sum(is_zip(parts[-1]) for parts in own)
    if not is_platform and (zips < 2 or any(module_name(parts[-1]) for parts in own)):
        return []
    return _zipped(path, archive, infos)


def _zipped(path, archive, infos):
    """The entries of an open zip; infos are (parts of the name, ZipInfo)."""
    entries: list[Entry] = []
    folders: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for parts, info in infos:
        shown, problem = path.joinpath(*parts), _problem(parts, info)
        if problem:
            entries.append(Entry(parts[0], shown, problem=problem))
        elif len(parts) == 1:
            entries.append(Entry(parts[0], shown, open=lambda _, info=info: archive.open(info)))
        else:
            folders.setdefault(parts[0], {})["/".join(parts[1:])] = info
    for name, files in folders.items():
        opener = lambda file, files=files: archive.open(files[file])  # noqa: E731
        entries.append(Entry(name, path / name, tuple(sorted(files)), open=opener))
    return entries


def _parts(info):
    """The parts of the name of a file in a zip. Without a flag the name is UTF-8 on macOS, but Python reads cp437."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return PurePosixPath(name.replace("\\", "/")).parts or ("?",)


def _problem(parts, info):
    """Why a file in a zip is not even looked at, or ""."""
    if parts[0] == "/" or ".." in parts:
        return "has a name that leads out of the zip"
    if stat.S_ISLNK(info.external_attr >> 16):
        return LINK
    if info.flag_bits & 1:
        return "is encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in an unusual way"
    return ""
