"""The level `sandbox` (Linux): a worker that sees Python's standard library, NumPy and the student's modules, no more.

An unprivileged user first, when we are root; then bubblewrap: new namespaces for users, processes, network and the
rest, and a file system of its own. In it a Python waits that has NumPy loaded (`warm.py`); a worker is a copy of that,
with processes and files of its own, and with limits of the operating system. Measured holes of the obvious way:

- root is exempt from the limit on processes, so the user is changed before;
- every tmpfs is unlimited unless it has a size, the root of the new file system too: it is made read-only at the end;
- the limit on memory is for each process: there is one process, and no other can be started;
- a namespace inside the namespace would be root of a file system of its own: there are none;
- what stays in the kernel when a worker ends, or is seen by others while it lives, is a note for the next: ports that
  were used, memory and locks that are shared, times of files, what of a file is in memory. The system calls for all
  of it are refused (`system_calls.py`), with them all sockets;
- a file of ours that is open in the worker tells of our disk: what the worker says at its end comes through a pipe;
- what was in the memory of the waiting Python, its copies can read: it never holds anything of a student or of ours.

Whether it holds on this computer is not believed but tried, in `isolation.py`.
"""

import atexit
import contextlib
import functools
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import numpy as np

from mlt_nn.grading import usage
from mlt_nn.grading.limits import CPU
from mlt_nn.grading.process import ENVIRONMENT
from mlt_nn.support.folders import PACKAGE, PROGRAM
from mlt_nn.support.overlay import VARIABLE
from mlt_nn.teaching.grader import scratch
from mlt_nn.teaching.grader.warm import END, PREPARE, START

# Threads count as processes. There are three: the one that ends the sandbox, the one that waits, and the worker's.
LIMITS = {
    "AS": 1 << 30,
    "CPU": CPU,
    "NPROC": 4,
    "NOFILE": 64,
    "FSIZE": 10_000_000,
    "CORE": 0,
    "MEMLOCK": 0,
    "MSGQUEUE": 0,
    "SIGPENDING": 64,
    "STACK": 8 << 20,
}
# Seconds that a sandbox may take to end a worker; far more than it ever does.
_LONG = 30.0
# Bytes that a pipe holds.
_PIPE = 1 << 16

# Of this package, what a worker is made of, by folder.
_COURSE = {
    "": ("__init__",),
    "support": ("__init__", "catalogue", "folders", "overlay"),
    "grading": ("__init__", "channel", "imports", "limits", "messages", "patience", "streams", "wire", "worker"),
    "teaching": ("__init__",),
    "teaching/grader": ("__init__", "graded_worker", "replacing", "stand_in", "system_calls", "warm"),
}
_PACKAGES = ("site-packages", "dist-packages")
_NOT_NEEDED = (*_PACKAGES, "test", "tests", "idlelib", "lib2to3", "ensurepip", "config-*", "tkinter", "turtledemo")
"""Of Python's own library."""


def launch(folder, errors):
    """Start a worker in a sandbox, as `process.launch` does without one.

    The sandbox ends with us; with the thread of ours that started it, to be exact.
    """
    while _idle:
        sandbox = _idle.pop()
        if sandbox.is_there():
            break
        sandbox.close()
    else:
        sandbox = _Sandbox(errors)
    return _Worker(sandbox, folder, errors)


class _Sandbox:
    """A sandbox that has one worker after another."""

    def __init__(self, errors):
        # When we are root, a number that nobody has, for each of us another: what a user may have is counted for all
        # its processes.
        number = 61184 + os.getpid() % 4096 if os.getuid() == 0 else None
        command = [
            *_bubblewrap(),
            *("/python/bin/python3", "-S", "-s", "-P", "-c", PROGRAM),
            *("/course/mlt_nn/__init__.py", "mlt_nn.teaching.grader.warm", json.dumps(LIMITS)),
        ]
        self.requests, theirs = socket.socketpair()
        self.requests.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)  # who says something is told with it
        with theirs:
            self._process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env={},
                start_new_session=True,
                user=number,
                group=number,
                extra_groups=None if number is None else [],
            )
        if _stubs:
            with tempfile.TemporaryFile("w+", encoding="utf-8") as file, contextlib.suppress(OSError):
                json.dump(_stubs, file)
                file.seek(0)
                socket.send_fds(self.requests, [PREPARE], [file.fileno()])

    def is_there(self):
        return self._process.poll() is None

    def close(self):
        self._process.kill()  # and with it, as bubblewrap was told, all that is in it
        self._process.wait()
        self.requests.close()


_idle: list[_Sandbox] = []
_stubs: dict[str, str] = {}


def prepare(stubs):
    """Hand stubs, by module, to the sandboxes started from now on; returns what is left to tell each worker."""
    close()
    _stubs.update(stubs)
    return {}


@atexit.register
def close():
    """End the sandboxes that wait for another worker."""
    while _idle:
        _idle.pop().close()


class _Worker:
    """A worker in a sandbox, with pipes at `stdin` and `stdout`."""

    def __init__(self, sandbox, folder, errors):
        self._sandbox, self._errors = sandbox, errors
        self._number = 0
        incoming, stdin = os.pipe()
        stdout, outgoing = os.pipe()
        said, says = os.pipe()
        self.stdin, self.stdout, self._said = open(stdin, "wb"), open(stdout, "rb"), open(said, "rb", 0)  # noqa: SIM115
        # It need not be read until the end: what does not fit into the pipe is lost, and nobody waits.
        for end in (said, says):
            os.set_blocking(end, False)
        # The folder itself is handed over, not its name, for the sandbox sees no such folder.
        theirs = [os.open(folder, os.O_RDONLY | os.O_DIRECTORY), incoming, outgoing, says]
        try:
            # Without a sandbox there is no answer, which is told where it is waited for.
            with contextlib.suppress(OSError):
                socket.send_fds(sandbox.requests, [START], theirs)
        finally:
            for descriptor in theirs:
                os.close(descriptor)

    def cpu(self):
        """CPU seconds so far. It can start nothing, so they are all its own."""
        number = self._find()
        return usage.cpu(number) if number else 0.0

    own_cpu = cpu

    def is_idle(self):
        """Whether it waits for something that is neither a processor nor a disk."""
        number = self._find()
        return usage.is_idle(number) if number else True

    def _find(self):
        """The number that it has for us; 0 as long as there is none."""
        if not self._number:
            with contextlib.suppress(OSError):
                self._number = self._hear(socket.MSG_DONTWAIT)
        return self._number

    def _hear(self, how=0):
        """Who said START; 0 when END was said instead.

        Raises:
            OSError: when nothing was said.
        """
        size = struct.calcsize("3i")
        said, told, *_ = self._sandbox.requests.recvmsg(1, socket.CMSG_SPACE(size), how)
        if not said:
            raise ConnectionError("the sandbox is gone")
        return struct.unpack("3i", told[0][2])[0] if said == START else 0

    def end(self):
        """Kill it with all that it started, and wait until nothing of it is left."""
        sandbox = self._sandbox
        sandbox.requests.settimeout(_LONG)
        try:
            sandbox.requests.sendall(END)
            while self._hear():
                pass
            ended = True
        except OSError:
            ended = False
        if ended:
            _idle.append(sandbox)
        else:
            sandbox.close()
        with self._said as said:
            os.write(self._errors.fileno(), said.read(_PIPE) or b"")


@functools.cache
def _bubblewrap():
    """The command line up to the student's folder, which is the same for every worker."""
    program = shutil.which("bwrap")
    if program is None:
        raise FileNotFoundError("bubblewrap is not installed (on Debian and Ubuntu: apt install bubblewrap)")
    shared = _shared()
    library = Path(os.__file__).parent
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    python = f"/python/{sys.platlibdir}/{version}"
    numpy = Path(np.__file__).parent
    libraries = numpy.with_name("numpy.libs")
    variables = ENVIRONMENT | {VARIABLE: "/submission", "PYTHONPATH": "/packages", "PYTHONDONTWRITEBYTECODE": "1"}
    return [
        *(program, "--unshare-all", "--unshare-user", "--die-with-parent", "--clearenv"),
        # To give each worker processes and files of its own; it gives this up before it runs anything of a student's.
        *("--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN"),
        *(word for name, value in variables.items() for word in ("--setenv", name, value)),
        *_read_only(_reachable(Path(sys.executable).resolve(), shared), "/python/bin/python3"),
        *_read_only(_reachable(library, shared), python),
        *(word for name in _PACKAGES for word in _nothing(library / name, f"{python}/{name}")),
        *_shared_libraries(shared),
        *_read_only(_reachable(numpy, shared), "/packages/numpy"),
        *(_read_only(_reachable(libraries, shared), "/packages/numpy.libs") if libraries.is_dir() else ()),
        *_read_only(shared / "course", "/course/mlt_nn"),
        *("--size", "65536", "--tmpfs", "/dev", "--dev-bind", "/dev/null", "/dev/null", "--remount-ro", "/dev"),
        *("--dir", "/submission", "--dir", "/scratch", "--remount-ro", "/", "--chdir", "/", "--"),
    ]


def _read_only(source, target):
    return "--ro-bind", str(source), target


def _nothing(source, target):
    return ("--size", "4096", "--tmpfs", target, "--remount-ro", target) if source.is_dir() else ()


def _shared():
    """A folder with what a worker reads of this package; everybody may read it."""
    # Another one each time: whatever ended an earlier try may have left half of one.
    shared = Path(tempfile.mkdtemp(dir=scratch.folder()))
    shared.chmod(0o755)
    for folder, names in _COURSE.items():
        (shared / "course" / folder).mkdir(parents=True)
        for name in names:
            shutil.copy(PACKAGE / folder / f"{name}.py", shared / "course" / folder)
    # Compiled once, and not at every start; here, wherever its user has bytecode written.
    subprocess.run([sys.executable, "-I", "-m", "compileall", "-q", str(shared / "course")], check=True)
    return shared


def _reachable(path, shared):
    """The path, or a copy where the worker's user may not go: root's own Python in /root, say."""
    if os.getuid() != 0 or all(folder.stat().st_mode & 0o001 for folder in path.parents):
        return path
    copy = shared / "-".join(path.parts[1:])
    if copy.exists():
        return copy
    if path.is_dir():
        shutil.copytree(path, copy, copy_function=_link, ignore=shutil.ignore_patterns(*_NOT_NEEDED))
        for name in _PACKAGES:
            if (path / name).is_dir():
                (copy / name).mkdir()
    else:
        _link(path, copy)
    return copy


def _link(source, target):
    with contextlib.suppress(OSError):
        return os.link(source, target)
    return shutil.copy2(source, target)


def _shared_libraries(shared):
    """The libraries that Python and NumPy load: the system's folders, and single files from anywhere else."""
    packages = [Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "purelib", "platlib")]
    maps = Path("/proc/self/maps").read_text(encoding="utf-8")
    loaded = {Path(name) for name in re.findall(r"(/\S+\.so[.\d]*)$", maps, re.MULTILINE)}
    words: list[str] = []
    folders = set()
    for file in sorted(file for file in loaded if not any(file.is_relative_to(each) for each in packages)):
        if file.is_relative_to("/usr") or file.parts[1].startswith("lib"):
            folders.add(file.parent)
            continue
        for name in file.parent.glob(f"{file.name.partition('.so')[0]}.so*"):  # it is loaded by the name of a link
            if name.resolve() == file:
                words += _read_only(_reachable(file, shared), str(name))
    for folder in sorted(folders):
        words += _read_only(folder, str(folder))
        for python in folder.glob("python*"):
            words += _nothing(python, str(python))
    for link in ("/lib", "/lib64"):
        if os.path.islink(link):
            words += ["--symlink", os.readlink(link), link]
    # The program that loads the libraries, by the names under which it may stand in an executable.
    for loader in sorted(Path("/").glob("lib*/ld-*.so*")):
        words += _read_only(loader, os.path.join(os.path.realpath(loader.parent), loader.name))
    return [*words, "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
