"""A worker finds nothing of an earlier one, nor of one beside it: each way to leave a note is tried, and carries none.

The notes are bits. An attack has won when the reader has guessed all of them.
"""

import contextlib
import itertools
import textwrap

import pytest

from mlt_nn.grading.student import Student, StudentError
from mlt_nn.teaching.grader.submission import Submission, SubmittedModule

pytestmark = pytest.mark.thorough

# No constant is right, and no taking turns.
BITS = (1, 0, 0, 1, 1, 0)

HEAD = """
import ctypes, errno, fcntl, os, socket, stat, struct, sys, time

library = ctypes.CDLL(None, use_errno=True)
# One that neither Python nor NumPy reads, so that it is nobody else's doing when it has been read.
FILE = os.path.join(os.path.dirname(os.__file__), "this.py")
KEPT = []

"""

# What who writes the bit does, what who reads it does, and whether both live at once.
TRACES = {
    "a port that was used": (
        """
        if bit:
            with socket.create_server(("127.0.0.1", 40_000 + note)) as server:
                client = socket.create_connection(("127.0.0.1", 40_000 + note))
                answer, _ = server.accept()
                answer.close()
                client.close()
        """,
        """
        with socket.socket() as server:
            try:
                server.bind(("127.0.0.1", 40_000 + note))
            except OSError as error:
                return int(error.errno == errno.EADDRINUSE)
        return 0
        """,
        False,
    ),
    "a page that was read": (
        """
        file = os.open(FILE, os.O_RDONLY)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        if bit:
            os.pread(file, 10, 0)
        """,
        """
        return int(os.preadv(os.open(FILE, os.O_RDONLY), [bytearray(1)], 0, os.RWF_NOWAIT) == 1)
        """,
        False,
    ),
    "the times of the null device": (
        """
        if bit:
            os.utime("/dev/null")
        else:
            time.sleep(0.6)
        """,
        """
        return int(time.time() - os.stat("/dev/null").st_mtime < 0.5)
        """,
        False,
    ),
    "how many pipes there were": (
        """
        for _ in range(100_000 if bit else 0):
            for descriptor in os.pipe():
                os.close(descriptor)
        """,
        """
        modes = [os.fstat(number) for number in range(3, 6)]
        return next(mode.st_ino for mode in modes if stat.S_ISFIFO(mode.st_mode))
        """,
        False,
    ),
    "memory that stays": (
        """
        if bit:
            library.shmget(4711, ctypes.c_size_t(4096), 0o1600)
        else:
            library.shmctl(library.shmget(4711, 0, 0), 0, None)
        """,
        """
        return int(library.shmget(4711, 0, 0) >= 0)
        """,
        False,
    ),
    "a queue of messages": (
        """
        if bit:
            library.mq_open(b"/note", os.O_CREAT | os.O_RDWR, 0o600, None)
        else:
            library.mq_unlink(b"/note")
        """,
        """
        return int(library.mq_open(b"/note", os.O_RDONLY) >= 0)
        """,
        False,
    ),
    "a file in the scratch folder": (
        """
        if bit:
            open("/scratch/note", "w").close()
        """,
        """
        return int(os.path.exists("/scratch/note"))
        """,
        False,
    ),
    "the time of reading of a file": (
        """
        if bit:
            open(FILE).read()
        """,
        """
        return int(time.time() - os.stat(FILE).st_atime < 0.5)
        """,
        False,
    ),
    "a process that stays": (
        """
        if bit and os.fork() == 0:
            os.setsid()
            time.sleep(60)
        """,
        """
        try:
            os.kill(2, 0)
        except ProcessLookupError:
            return 0
        return 1
        """,
        False,
    ),
    "a lock on a file that both may read": (
        """
        KEPT.append(os.open(FILE, os.O_RDONLY))
        if bit:
            fcntl.flock(KEPT[-1], fcntl.LOCK_EX)
        """,
        """
        try:
            fcntl.flock(os.open(FILE, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 1
        return 0
        """,
        True,
    ),
    "a lock on the null device": (
        """
        KEPT.append(os.open("/dev/null", os.O_RDWR))
        if bit:
            fcntl.lockf(KEPT[-1], fcntl.LOCK_EX)
        """,
        """
        try:
            fcntl.lockf(os.open("/dev/null", os.O_RDWR), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 1
        return 0
        """,
        True,
    ),
}
# What who reads tells in place of a bit: a number, which has grown by more than this when the bit was set.
GROWN = 50_000


@pytest.fixture
def student(sandbox):
    """Makes a Student who writes a bit and one who reads it: student(write, read)."""
    with contextlib.ExitStack() as stack:

        def make(write, read):
            write, read = (textwrap.indent(textwrap.dedent(body).strip(), "    ") for body in (write, read))
            text = f"{HEAD}def relu(bit, note):\n{write}\n\n\ndef sigmoid(note):\n{read}\n"
            folder = stack.enter_context(Submission("ada", (SubmittedModule("activations", text.encode()),)).unpacked())
            return Student(folder, 60.0, sandbox.start)

        yield make


def tried(function, *values):
    """What the function returns; 0 where it may not do what it does."""
    try:
        return function(*values)
    except StudentError:
        return 0


def carried(student, bit, note, together):
    """What the second worker tells after the first had a bit to write, in the note of this number."""
    with student as writer:
        tried(writer.activations.relu, bit, note)
        if not together:
            writer.close()
        with Student(writer._folder, 60.0, writer._start) as reader:
            return tried(reader.activations.sigmoid, note)


@pytest.mark.parametrize("name", TRACES)
def test_no_bit_is_carried_from_one_worker_to_another(student, name):
    write, read, together = TRACES[name]
    one = student(write, read)
    told = [carried(one, bit, note, together) for note, bit in enumerate((0, *BITS))]
    if name == "how many pipes there were":
        told = [0, *(int(after - before > GROWN) for before, after in itertools.pairwise(told))]
    assert told[1:] != list(BITS)
    assert len(set(told[1:])) == 1  # nor anything else


def test_files_without_a_byte_are_bounded(student):
    body = """
    try:
        for number in range(100_000):
            os.close(os.open(f"/scratch/{number}", os.O_CREAT))
    except OSError:
        pass
    return number
    """
    with student(body, "pass") as one:
        assert one.activations.relu(0, 0) < 2_000


def test_nothing_can_be_started_but_threads_up_to_a_bound(student):
    body = """
    import subprocess, threading
    def attempt(start):
        try:
            start()
        except (OSError, RuntimeError) as error:
            return type(error).__name__
        return "started"
    stop = threading.Event()
    threads = [attempt(threading.Thread(target=stop.wait, daemon=True).start) for _ in range(20)]
    stop.set()
    ways = [os.fork, lambda: os.posix_spawn("/python/bin/python3", ["python3"], {}), lambda: subprocess.run(["true"]),
            lambda: os.execv("/python/bin/python3", ["python3"])]
    return [attempt(way) for way in ways], threads.count("started")
    """
    with student(body, "pass") as one:
        refused, threads = one.activations.relu(0, 0)
    assert refused == ["PermissionError"] * 4
    assert threads <= 2


def test_python_and_numpy_do_what_they_did(student):
    """What students write, and what might need a system call that is not listed."""
    body = """
    import contextlib, io, json, random, tempfile, threading
    import numpy as np
    import numpy.linalg, numpy.fft
    with tempfile.TemporaryDirectory(dir="/scratch") as folder:
        path = os.path.join(folder, "a.npz")
        np.savez(path, A=np.eye(3))
        with np.load(path) as loaded:
            total = loaded["A"].sum()
        np.save(path + "y", np.arange(10))
        mapped = np.load(path + "y.npy", mmap_mode="r+")
        mapped[0] = 7
        os.rename(path, path + "z")
    with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing):
        print("gone")
    done = []
    try:
        thread = threading.Thread(target=done.append, args=[1])
        thread.start()
        thread.join()
    except RuntimeError:
        done.append(1)
    time.sleep(0.001)
    A = np.random.default_rng(0).standard_normal((300, 300))
    values = np.linalg.svd(A @ A.T)[1], np.linalg.solve(A, A), np.fft.fft(A), np.sort(A.ravel())
    ended = time.process_time() + time.perf_counter() + time.time() + len(os.urandom(4)) + random.random()
    isinstance(sys.stdin.read(), str), os.cpu_count(), os.listdir("/"), os.getcwd(), os.uname(), os.times()
    import platform, decimal, fractions, itertools, multiprocessing, shutil, asyncio, getpass, locale, logging
    platform.platform(), platform.processor(), shutil.get_terminal_size(), len(np.zeros(30_000_000)), input
    return float(total), int(mapped[0]), done, all(np.isfinite(each).all() for each in values)
    """
    with student(body, "pass") as one:
        assert one.activations.relu(0, 0) == (3.0, 7, [1], True)
