"""What a student handed in: a folder or a zip of exercise modules, read into memory. Nothing else in it is used.

Whatever was handed in, reading it ends in a Submission: what is wrong with it is told there, and no file that a student
named or linked to is ever opened or written outside of it.
"""

import contextlib
import hashlib
import os
import stat
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mlt_nn.support.catalogue import MODULES
from mlt_nn.teaching.grader import scratch

MAX_ENTRIES = 10_000
MAX_MODULE = 500_000
MAX_ZIP = 20_000_000


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


def read(path):
    """The submission at a path.

    The modules are looked for in the folder itself, else in the one folder nearest to it that holds any.

    Raises:
        FileNotFoundError: when there is nothing at the path.
    """
    path = Path(path)
    if path.is_dir():
        name = path.resolve().name
        entries, fetch = _folder(path)
    elif path.is_file():
        name = path.name.removesuffix(".zip")
        try:
            entries, fetch = _zip(path)
        except _Unusable as error:
            return Submission(name, problem=f"{path.name} {error}; hand in the exercise modules only.")
        except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError) as error:
            return Submission(name, problem=f"{path.name} is no zip that can be read: {error}.")
    else:
        raise FileNotFoundError(f"there is no submission at {path}: name a folder or a zip with exercise modules")
    if len(entries) > MAX_ENTRIES:
        return Submission(name, problem=f"it has more than {MAX_ENTRIES} files; hand in the exercise modules only.")
    found = [each for each in map(PurePosixPath, entries) if each.suffix == ".py" and each.stem in MODULES]
    if not found:
        return Submission(name, problem=f"there is no exercise module in it ({MODULES[0]}.py, {MODULES[1]}.py, ...).")
    depth = min(len(each.parts) for each in found)
    folders = sorted({each.parent for each in found if len(each.parts) == depth})
    if len(folders) > 1:
        listed = " and ".join(str(folder) for folder in folders[:3])
        return Submission(name, problem=f"exercise modules lie in {listed}; hand in one folder of them.")
    modules = [_module(each, fetch) for each in found if each.parent == folders[0]]
    return Submission(name, tuple(sorted(modules, key=lambda each: MODULES.index(each.module))))


class _Unusable(Exception):  # noqa: N818
    pass


def _module(path, fetch):
    try:
        data = fetch(str(path))
        data.decode("utf-8")
    except _Unusable as error:
        return SubmittedModule(path.stem, problem=f"{path.name} {error}.")
    except UnicodeDecodeError as error:
        return SubmittedModule(
            path.stem, data, f"{path.name} is not text in UTF-8 (byte {error.start}): save it as UTF-8."
        )
    return SubmittedModule(path.stem, data)


def _bounded(data):
    if len(data) > MAX_MODULE:
        raise _Unusable(f"is larger than {MAX_MODULE // 1000} kB")
    return data


def _folder(root):
    entries = []
    for folder, _, files in os.walk(root):  # follows no links
        entries += [Path(folder, file).relative_to(root).as_posix() for file in files]
        if len(entries) > MAX_ENTRIES:
            break

    def fetch(name):
        try:
            # Neither a link is followed nor a pipe waited for.
            flags = (
                os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
            )
            if (root / name).is_symlink():
                raise _Unusable("is a link, which is not followed")
            with os.fdopen(os.open(root / name, flags), "rb") as stream:
                if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                    raise _Unusable("is no ordinary file")
                return _bounded(stream.read(MAX_MODULE + 1))
        except OSError as error:
            raise _Unusable(f"cannot be read: {error.strerror}") from None

    return entries, fetch


def _zip(path):
    if path.stat().st_size > MAX_ZIP:
        raise _Unusable(f"is larger than {MAX_ZIP // 1_000_000} MB")
    # Before zipfile reads them, which takes long; the number that the zip itself tells may be a lie.
    if path.read_bytes().count(b"PK\x01\x02") > MAX_ENTRIES:
        raise _Unusable(f"has more than {MAX_ENTRIES} files")
    with zipfile.ZipFile(path) as archive:
        infos = [(_with_slashes(info.filename), info) for info in archive.infolist() if not info.is_dir()]
    infos = [(name, info) for name, info in infos if _is_inside(name)]

    def fetch(name):
        same = [info for each, info in infos if each == name]
        if len(same) > 1:
            raise _Unusable("is in the zip more than once")
        (info,) = same
        if stat.S_ISLNK(info.external_attr >> 16):
            raise _Unusable("is a link, which is not followed")
        if info.flag_bits & 1:
            raise _Unusable("is encrypted")
        # The other methods may unpack a few bytes to gigabytes in one step.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _Unusable("is packed in an unusual way: make an ordinary zip")
        try:
            with zipfile.ZipFile(path) as archive, archive.open(info) as stream:
                return _bounded(stream.read(MAX_MODULE + 1))
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError, RuntimeError):
            raise _Unusable("is damaged in the zip") from None

    return [name for name, _ in infos], fetch


def _with_slashes(name):
    """The name of a file in a zip: older Windows programs write it with the signs of their own paths."""
    return name.replace("\\", "/")


def _is_inside(name):
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and path.parts[:1] != ("__MACOSX",) and str(path) == name
