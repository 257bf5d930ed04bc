"""The inside of a sandbox: a Python with NumPy loaded, which becomes a worker as often as the grader asks for one.

A worker is a copy of it (fork), with a number, memory and files of its own: so nothing has to be loaded again, and
nothing of a worker is there for the next. It is never the warm one itself that reads what a student wrote, since
whatever has been in its memory can be read by the workers after.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import sys
import traceback
import types

import numpy.linalg
import numpy.random

from mlt_nn.grading import limits as operating_system
from mlt_nn.grading import wire, worker
from mlt_nn.grading.streams import Ended, Polled
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.teaching.grader.graded_worker import GradedWorker
from mlt_nn.teaching.grader.system_calls import filter_program

# In the folder for files, and in the one for the student's modules. A file without a byte takes memory too.
SCRATCH, SCRATCH_FILES = 10_000_000, 1_000

# What the grader says, and with what it is answered.
PREPARE, START, END = b"P", b"S", b"E"

# As in the kernel's headers.
_NEW_FILES, _NEW_PROCESSES = 0x00020000, 0x20000000
_READ_ONLY, _NO_SET_USER, _NO_DEVICES, _REMOUNT, _BOUND = 1, 2, 4, 32, 4096
_CAPABILITIES_VERSION = 0x20080522
_SET_FILTER, _FILTER = 22, 2

_LIBRARY = ctypes.CDLL(None, use_errno=True)


def main(limits):
    """Serve the grader, at the socket that is standard input, until it is gone.

    PREPARE, with a descriptor of the stubs (JSON, by module), prepares them, once for all workers. START, with four
    (the folder of exercise modules; what will be standard input, output, error), makes a worker. It says START too, so
    that the system tells the grader its number. END ends it, and is answered when nothing of it is left.
    """
    # The null device is the host's: whoever may write to it may also set its times, unless it is mounted like this.
    _call("mount", None, b"/dev/null", None, ctypes.c_ulong(_REMOUNT | _BOUND | _READ_ONLY | _NO_SET_USER), None)
    operating_system.lower(limits)
    program = ctypes.create_string_buffer(filter_program())
    requests = socket.socket(fileno=os.dup(0))
    here = os.pidfd_open(os.getpid())
    ready = GradedWorker()
    importlib.invalidate_caches()  # the folder of the student's modules is another one in each worker
    gc.collect()
    gc.freeze()  # a collection would write to every object, and so copy all memory for each worker
    while True:
        request, descriptors, _, _ = socket.recv_fds(requests, 1, 4)
        if request == PREPARE:
            with open(descriptors[0], encoding="utf-8") as stubs:
                stand_ins = ready.give(json.load(stubs))
            stand_ins.load_ahead()
            _rehearse(ready)
            stand_ins.forget()
            gc.freeze()
            continue
        if request != START:
            return
        # The next process begins a group of processes that ends with it; then processes are born here again.
        _call("unshare", _NEW_PROCESSES)
        child = os.fork()
        if child == 0:
            try:
                requests.send(START)
                _become_worker(descriptors, program, ready)
            except BaseException:
                traceback.print_exc()  # for whoever waits; what follows tells nothing
            finally:
                os._exit(1)
        _call("setns", here, _NEW_PROCESSES)
        for descriptor in descriptors:
            os.close(descriptor)
        requests.recv(1)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        requests.sendall(END)


def _rehearse(ready):
    """Let the worker do what each copy does: Python makes code quick when it has run a few times, once for all."""
    rehearsal = sys.modules["mlt_nn.rehearsal"] = types.ModuleType("mlt_nn.rehearsal")
    vars(rehearsal)["echo"] = lambda *args: args
    args = numpy.ones((2, 3)), {1: numpy.float64(1)}, [1, 0.5, "relu", True, None], numpy.random.default_rng(0)
    question = {"call": "0" * 16, "patience": 1.0}
    call = question | {"function": "rehearsal.echo", "args": args, "kwargs": {}, "observe": True}
    arrange = question | {"arrange": EXERCISES[-1].name, "seed": 0}  # it finds no file
    (incoming, questions), (answers, outgoing) = os.pipe(), os.pipe()
    with open(questions, "wb") as said:
        said.write(b"".join(map(wire.pack, [arrange] * 4 + [call] * 16)))
    with open(incoming, "rb") as heard, open(outgoing, "wb") as told, open(answers, "rb"), contextlib.suppress(Ended):
        ready.run(Polled(heard, told), told)
    del sys.modules["mlt_nn.rehearsal"]


def _become_worker(descriptors, program, ready):
    folder, *standard = descriptors
    os.setsid()  # a signal to its group of processes would reach us too, outside of its namespace
    for target, descriptor in enumerate(standard):
        os.dup2(descriptor, target)
    _call("unshare", _NEW_FILES)
    _mount("/submission")
    for module in MODULES:
        try:
            source = os.open(f"{module}.py", os.O_RDONLY, dir_fd=folder)
        except FileNotFoundError:
            continue
        with open(source, "rb") as theirs, open(f"/submission/{module}.py", "wb") as copy:
            copy.write(theirs.read())
    _mount("/submission", _READ_ONLY | _REMOUNT)
    _mount("/scratch")
    os.chdir("/scratch")
    os.closerange(3, 1024)  # the socket to the grader above all
    _give_up_rights(program)
    worker.main({}, Polled, ready)


def _mount(folder, flags=0):
    flags |= _NO_SET_USER | _NO_DEVICES
    size = f"size={SCRATCH},nr_inodes={SCRATCH_FILES},mode=0755"
    _call("mount", b"tmpfs", folder.encode(), b"tmpfs", ctypes.c_ulong(flags), size.encode())


def _give_up_rights(program):
    """From here on no file system can be changed, and no process made: there is no way back."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())
    steps = (ctypes.c_uint64 * 2)((len(program) - 1) // 8, ctypes.addressof(program))
    _call("prctl", _SET_FILTER, ctypes.c_ulong(_FILTER), ctypes.byref(steps))


def _call(function, *arguments):
    """A function of the C library that says by -1 that it failed."""
    if getattr(_LIBRARY, function)(*arguments) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{function}: {os.strerror(number)}")
