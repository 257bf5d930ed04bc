"""The inside of a sandbox: a Python with NumPy loaded, which becomes a worker as often as the grader asks for one.

A worker is a copy of it (fork), with processes and files of its own: so nothing has to be loaded again, and nothing of
a worker, not even a process that it left behind, is there for the next. It is never the warm one itself that reads what
a student wrote, since whatever has been in its memory can be read by the workers after.
"""

import ctypes
import gc
import importlib
import os
import signal
import socket
import traceback

from mlt_nn.grading import worker
from mlt_nn.support.catalogue import MODULES
from mlt_nn.teaching.grader.system_calls import filter_program

# In the folder for files, and in the one for the student's modules.
SCRATCH = 10_000_000

START, END = b"S", b"E"

# As in the kernel's headers.
_NEW_FILES, _NEW_PROCESSES = 0x00020000, 0x20000000
_NO_SET_USER, _NO_DEVICES, _READ_ONLY, _REMOUNT = 2, 4, 1, 32
_CAPABILITIES_VERSION = 0x20080522
_SET_FILTER, _FILTER = 22, 2


def main(limits):
    """Serve the grader, at the socket that is standard input, until it is gone.

    START, with four descriptors (the folder of exercise modules; what will be standard input, output, error), makes a
    worker; END ends it, and is answered when nothing of it is left.
    """
    gc.freeze()  # a collection would write to every object, and so copy all memory for each worker
    requests = socket.socket(fileno=os.dup(0))
    here = os.pidfd_open(os.getpid())
    while True:
        request, descriptors, _, _ = socket.recv_fds(requests, 1, 4)
        if request != START:
            return
        # The next process begins a group of processes that ends with it; then processes are born here again.
        _call("unshare", _NEW_PROCESSES)
        child = os.fork()
        if child == 0:
            try:
                _become_worker(descriptors, limits)
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


def _become_worker(descriptors, limits):
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
    _give_up_rights()
    importlib.invalidate_caches()
    worker.main(limits)


def _mount(folder, flags=0):
    flags |= _NO_SET_USER | _NO_DEVICES
    _call("mount", b"tmpfs", folder.encode(), b"tmpfs", ctypes.c_ulong(flags), f"size={SCRATCH},mode=0755".encode())


def _give_up_rights():
    """From here on no file system can be changed, and no namespace made: there is no way back."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())
    program = ctypes.create_string_buffer(filter_program())
    steps = (ctypes.c_uint64 * 2)((len(program) - 1) // 8, ctypes.addressof(program))
    _call("prctl", _SET_FILTER, ctypes.c_ulong(_FILTER), ctypes.byref(steps))


def _call(function, *arguments):
    """A function of the C library that says by -1 that it failed."""
    if getattr(ctypes.CDLL(None, use_errno=True), function)(*arguments) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{function}: {os.strerror(number)}")
