"""How well a worker is shut in on this computer: tried by attacks before a grading, not believed."""

import contextlib
import functools
import os
import platform
import socket
import sys
import tempfile
from typing import Any, NamedTuple

from mlt_nn.grading import process
from mlt_nn.grading.student import Student, StudentError
from mlt_nn.teaching.grader import scratch
from mlt_nn.teaching.grader.submission import Submission, SubmittedModule
from mlt_nn.teaching.grader.system_calls import filter_program

# What a worker can still find out of what else runs, or ran, on this computer. It is worth little: the inputs of graded
# checks are drawn anew in each run and each try, and what answers them is not to be had in a worker that is asked them.
NOT_CLOSED_OFF = (
    "how fast the processor, its caches and the memory are at the moment",
    "how soon a page of Python's or NumPy's own files is read, and so whether it had been read before",
    "whether the computer has memory left",
    "the date, the time and how long the computer has been running",
)

LEFT_OPEN = (
    f"What code in the sandbox can still find out: {'; '.join(NOT_CLOSED_OFF)}. What one knows in advance earns "
    "nothing, for the inputs that count are drawn anew in each run and each try."
)
"""The same as it stands in reports."""

# Handed in as neuron.py. Each attack returns what it got hold of, or raises.
_ATTACKS = """
import ctypes
import fcntl
import os
import resource
import socket


def read_a_file(secret, port, parent):
    return open(secret).read()


def connect_to_this_computer(secret, port, parent):
    socket.create_connection(("127.0.0.1", port), timeout=1).close()
    return "connected"


def see_other_processes(secret, port, parent):
    os.kill(parent, 0)
    return "seen"


def start_many_processes(secret, port, parent):
    children = []
    reader, writer = os.pipe()
    try:
        for _ in range(50):
            child = os.fork()
            if child == 0:
                os.close(writer)
                os.read(reader, 1)
                os._exit(0)
            children.append(child)
    except OSError:
        return ""
    finally:
        os.close(writer)
        os.close(reader)
        for child in children:
            os.kill(child, 9)
            os.waitpid(child, 0)
    return "50 processes"


def fill_the_memory_with_files(secret, port, parent):
    for folder in ("/", "/dev", "/dev/shm", "/tmp", "/scratch", "/submission", "/run", os.path.expanduser("~")):
        written, names = 0, []
        try:
            for number in range(20):
                names.append(os.path.join(folder, f"mlt_nn_{os.getpid()}_{number}"))
                with open(names[-1], "wb") as file:
                    for _ in range(4):
                        written += file.write(bytes(1_000_000))
        except OSError:
            pass
        finally:
            for name in names:
                try:
                    os.unlink(name)
                except OSError:
                    pass
        if written > 20_000_000:
            return f"{written} bytes in {folder}"


def make_a_namespace_inside(secret, port, parent):
    # A child that is born in one; a process with several threads may not make one itself.
    new_user = 0x10000000
    clone = {"x86_64": 56, "aarch64": 220}.get(os.uname().machine, -1)
    child = ctypes.CDLL(None).syscall(clone, new_user | 17, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    if child > 0:
        os.waitpid(child, 0)
        return "made"
    # The other way: a child tries.
    child = os.fork()
    if child == 0:
        os._exit(ctypes.CDLL(None).unshare(new_user) & 1)
    return "made" if os.waitpid(child, 0)[1] == 0 else ""


def open_a_socket(secret, port, parent):
    socket.socketpair()[0].close()
    return "opened"


def lock_a_file_of_others(secret, port, parent):
    with open(os.__file__, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
    return "locked"


def set_the_time_of_a_file_of_others(secret, port, parent):
    os.utime(os.devnull)
    return "set"


def see_what_was_read(secret, port, parent):
    with open(os.__file__, "rb") as file:
        file.read()
        os.preadv(file.fileno(), [bytearray(1)], 0, os.RWF_NOWAIT)
    return "seen"


def share_memory(secret, port, parent):
    number = ctypes.CDLL(None).shmget(0, ctypes.c_size_t(4096), 0o1600)
    if number >= 0:
        remove = 0
        ctypes.CDLL(None).shmctl(number, remove, None)
    return "made" if number >= 0 else ""


def take_over_another_process(secret, port, parent):
    # The one that waits in the sandbox is out of sight, so one tries on a child of one's own.
    other = os.fork()
    if other == 0:
        os.read(os.pipe()[0], 1)
    attach, detach = 16, 17
    ptrace = ctypes.CDLL(None).ptrace
    ptrace.argtypes = [ctypes.c_long] * 4
    taken = ptrace(attach, other, 0, 0) == 0
    if taken:
        os.waitpid(other, 0x40000000)
        ptrace(detach, other, 0, 0)
    os.kill(other, 9)
    os.waitpid(other, 0)
    return "taken" if taken else ""


def raise_a_limit(secret, port, parent):
    for limit in (resource.RLIMIT_AS, resource.RLIMIT_NPROC):
        soft, hard = resource.getrlimit(limit)
        if hard == resource.RLIM_INFINITY:
            return "there is none"
        resource.setrlimit(limit, (soft, hard + 1))
    return "raised"


# All functions so far.
ATTACKS = [each for each in list(globals().values()) if callable(each)]


def neuron(a, w, b, g):
    got = {}
    for attack in ATTACKS:
        try:
            got[attack.__name__] = str(attack(a, w, b) or "")
        except (OSError, ValueError):
            got[attack.__name__] = ""
    return got
"""


launch = functools.partial(process.launch, worker="mlt_nn.teaching.grader.graded_worker")
"""Starts a worker at the level `process`."""


class Isolation(NamedTuple):
    """What was reached."""

    level: str
    """"sandbox" or "process"."""
    reason: str
    """Why no more was reached, in words; "" with a sandbox."""
    start: Any
    """Launches a worker, as `process.launch` does."""
    close: Any = lambda: None
    """Ends what is kept for the next worker."""
    prepare: Any = lambda stubs: stubs
    """Takes the stubs, by module, and returns those that each worker is still to be told: none that it has already."""


def isolation():
    """The best Isolation that holds on this computer. It takes about half a second to try it."""
    reason = _why_no_sandbox()
    if reason:
        return Isolation("process", reason, launch)
    from mlt_nn.teaching.grader import sandbox

    return Isolation("sandbox", "", sandbox.launch, sandbox.close, sandbox.prepare)


def _why_no_sandbox():
    if sys.platform != "linux":
        return "the sandbox needs Linux; in a virtual machine or a container of it the grading can be done here too"
    if not filter_program():
        return f"the system calls of this kind of computer ({platform.machine()}) are not known to the sandbox"
    from mlt_nn.teaching.grader import sandbox

    return holes(sandbox.launch)


def holes(start):
    """What is wrong with the isolation of workers that `start` launches, in words; "" when all attacks fail."""
    attacks = Submission("attacks", (SubmittedModule("neuron", _ATTACKS.encode()),))
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(attacks.unpacked())
        secret = stack.enter_context(tempfile.NamedTemporaryFile("w", dir=scratch.folder(), encoding="utf-8"))
        secret.write("secret")
        secret.flush()
        os.chmod(secret.name, 0o644)
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        try:
            student = stack.enter_context(Student(folder, deadline=30.0, start=start))
            got = student.neuron.neuron(secret.name, listener.getsockname()[1], os.getpid(), None)
        except FileNotFoundError as error:
            return str(error)
        except (RuntimeError, OSError, StudentError) as error:
            return f"a worker cannot be shut in here. {error}"
    won = [f"{attack.replace('_', ' ')} ({what})" for attack, what in got.items() if what]
    return f"a worker that is shut in can still {', '.join(won)}" if won else ""
