"""Who grades: processes on this computer, or a Dask cluster. Both are executors of `concurrent.futures`."""

import contextlib
import multiprocessing
import os
import platform
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from typing import Any, NamedTuple

from mlt_nn.grading import limits
from mlt_nn.teaching.classroom import course

# Bytes that a process which grades may have; it needs a fraction of it.
_MEMORY = 4 << 30
# Seconds that it may compute itself for one submission, whatever else the computer does meanwhile.
_OWN_SECONDS = 300


class Pool(NamedTuple):
    """Where grading is done."""

    start: Callable[[], Executor]
    """Gives an executor; called again when one broke."""
    size: int
    """How many submissions are graded at once."""
    close: Callable[[], Any] = lambda: None
    """Ends what the executors have in common."""


def local(size=None):
    """The Pool of this computer: `size` processes, by default one for each core."""
    # What a fresh process does not hold, no student can find in it.
    size = size or cores()
    return Pool(lambda: ProcessPoolExecutor(size, _Context(), initializer=_guarded), size)


def cores():
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Process(multiprocessing.context.SpawnProcess):
    """One that an interruption reaches when it is `_guarded`, not while it imports (but on Windows)."""

    def start(self):
        before = _mask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            super().start()
        finally:
            _mask(signal.SIG_SETMASK, before)


class _Context(multiprocessing.context.SpawnContext):
    Process = _Process


def _mask(how, signals):
    return signal.pthread_sigmask(how, signals) if hasattr(signal, "pthread_sigmask") else ()


_when_interrupted: Any = None
"""In a process of a pool of this computer: what an interruption does to a task. Between two tasks it does nothing."""


@contextlib.contextmanager
def _interruptible():
    """A terminal interrupts all processes at once. These end their tasks, and leave it to the first to end them."""
    if _when_interrupted is None:
        yield
        return
    signal.signal(signal.SIGINT, _when_interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _guarded():
    """Limit the memory of a process of a pool, and end it with the first, or it would wait for ever for work."""
    global _when_interrupted
    _when_interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)
    _mask(signal.SIG_UNBLOCK, [signal.SIGINT])
    limits.lower({"AS": _MEMORY, "CORE": 0})
    first = multiprocessing.parent_process()
    assert first is not None

    def watch():
        first.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def dask(address):
    """The Pool of a Dask cluster, whose workers have this course with its hidden checks, and one thread each.

    Raises:
        OSError: when Dask is not installed, or no scheduler, or no worker of it, is at the address.
    """
    try:
        from distributed import Client  # type: ignore[import-not-found,unused-ignore]
    except ModuleNotFoundError:
        way_out = f'{sys.executable} -m pip install -e ".[cluster]"'
        raise OSError(f"Dask is not installed. In the folder of the course:  {way_out}") from None
    try:
        client = Client(address, timeout=10)
    except ValueError as error:
        raise OSError(f"{address} is no address of a scheduler, as tls://host:8786: {error}") from error
    except TypeError as error:  # said of TLS without certificates
        where = "a_week_of_grading.md says which variables name them"
        raise OSError(f"{address} needs certificates, and none is named here; {where}: {error}") from error
    size = sum(client.nthreads().values())
    if not size:
        client.close()
        raise OSError(f"the scheduler at {address} has no workers")
    return Pool(lambda: client.get_executor(pure=False), size, client.close)


_grader: Any = None
# A worker of Dask's with several threads would ask for several grades at once, and mix up whose is whose.
_one_at_a_time = threading.Lock()


def task(submission, allow_process, wanted, seed, exercises=None):
    """Grade these exercises of a Submission, in this process, with a Grader that is made for the first one.

    Should it make us compute without end, the system ends this process, and so its task alone.

    Raises:
        RuntimeError: when the course that lies here is not the one with the wanted digest.
    """
    global _grader
    if course.digest() != wanted:
        raise RuntimeError(f"the course, Python or NumPy on {platform.node()} is another one than where grading began")
    with _one_at_a_time, _interruptible():
        if _grader is None or _grader.seed != seed:
            from mlt_nn.teaching.grader.grader import Grader
            from mlt_nn.teaching.grader.isolation import isolation

            if _grader is not None:
                _grader.close()
            _grader = Grader(isolation(), allow_process, seed=seed)
        with _ended_after(_OWN_SECONDS):
            return _grader.grade(submission, exercises)


@contextlib.contextmanager
def _ended_after(seconds):
    """End this process when it has computed for so many seconds, where the system can (not on Windows)."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)  # nobody here handles its signal, which then ends the process
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
