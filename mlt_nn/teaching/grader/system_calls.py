"""The system calls that a worker in the sandbox may make, as a filter for the kernel (seccomp).

What Python and NumPy need to compute, to use the scratch folder and to run threads is listed; everything else is
refused. So there are no sockets, whose ports would stay in use for a while, no memory or queues that outlive a process,
no locks, times and watches on files that the next worker sees too, no look at the page cache, and no hand in another
process. There is no other process either: what a worker computes is the time of one process, which is told exactly.
"""

import errno
import platform
import struct

# For each machine the kernel's number of it (AUDIT_ARCH_...), and those of the calls, which differ; None where a
# machine has only the newer form of a call.
_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CALLS = {
    # files: to read, and to write in the scratch folder
    **{"read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66), "pread64": (17, 67)},
    **{"pwrite64": (18, 68), "lseek": (8, 62), "open": (2, None), "openat": (257, 56), "close": (3, 57)},
    **{"close_range": (436, 436), "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24), "stat": (4, None)},
    **{"lstat": (6, None), "fstat": (5, 80), "newfstatat": (262, 79), "statx": (332, 291), "access": (21, None)},
    **{"faccessat": (269, 48), "faccessat2": (439, 439), "readlink": (89, None), "readlinkat": (267, 78)},
    **{"getcwd": (79, 17), "chdir": (80, 49), "fchdir": (81, 50), "getdents64": (217, 61), "umask": (95, 166)},
    **{"mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None), "unlink": (87, None), "unlinkat": (263, 35)},
    **{"rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "truncate": (76, 45)},
    **{"ftruncate": (77, 46), "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53)},
    # memory of its own
    **{"mmap": (9, 222), "munmap": (11, 215), "mprotect": (10, 226), "mremap": (25, 216), "brk": (12, 214)},
    # threads
    **{"rseq": (334, 293), "set_robust_list": (273, 99), "sched_yield": (24, 124), "sched_getaffinity": (204, 123)},
    **{"getcpu": (309, 168), "exit": (60, 93), "exit_group": (231, 94), "restart_syscall": (219, 128)},
    # signals and time
    **{"rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "rt_sigpending": (127, 136)},
    **{"rt_sigsuspend": (130, 133), "rt_sigtimedwait": (128, 137), "sigaltstack": (131, 132), "pause": (34, None)},
    **{"kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "alarm": (37, None), "getitimer": (36, 102)},
    **{"setitimer": (38, 103), "nanosleep": (35, 101), "clock_nanosleep": (230, 115), "clock_gettime": (228, 113)},
    **{"clock_getres": (229, 114), "gettimeofday": (96, 169), "time": (201, None), "times": (100, 153)},
    **{"select": (23, None), "pselect6": (270, 72), "poll": (7, None), "ppoll": (271, 73)},
    # what it is told about itself
    **{"getpid": (39, 172), "gettid": (186, 178), "getppid": (110, 173), "getpgrp": (111, None), "getpgid": (121, 155)},
    **{"getsid": (124, 156), "getuid": (102, 174), "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177)},
    **{"getgroups": (115, 158), "getresuid": (118, 148), "getresgid": (120, 150), "getrusage": (98, 165)},
    **{"getrlimit": (97, 163), "setrlimit": (160, 164), "prlimit64": (302, 261), "uname": (63, 160)},
    **{"getrandom": (318, 278)},
}
# Calls that do many things, of which some are allowed: the number of the argument that tells which, and its values.
_SOME = {
    # another number for a descriptor, its flags; but no lock, lease, owner or watch
    "fcntl": ((72, 25), 1, (0, 1, 2, 3, 4, 1030)),
    # whether it is a terminal (two forms), how large, whether it blocks and outlives exec: Python asks it of any file
    "ioctl": ((16, 29), 1, (0x5401, 0x802C542A, 0x5413, 0x5421, 0x5450, 0x5451)),
    # to give memory back, and large pages; but not to throw pages out of the page cache
    "madvise": ((28, 233), 2, (4, 8, 14, 15)),
    # the name of a thread, and whether rights can be gained
    "prctl": ((157, 167), 0, (15, 16, 39)),
}

_NEW_PROCESS, _A_THREAD, _NEW_NAMESPACES = (56, 220), 0x00010000, 0x7E020000
# To wake a thread of another process, one needs no more than a page of a file that both have mapped.
_FUTEX, _AMONG_ITS_THREADS, _WAITS = (202, 98), 128, (0, 9, 256, 265)

# Of calls as new as these, C libraries take the older form when they are told that there is none.
_NEW = 424
# Above this the same calls stand once more, for programs of another kind (x32).
_OTHER_KIND = 0x40000000

_LOAD, _IS, _IS_AT_LEAST, _HAS_ANY_OF, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16
_ALLOW = [(_RETURN, 0, 0, 0x7FFF0000)]
_KILL = [(_RETURN, 0, 0, 0x80000000)]
_REFUSE = [(_RETURN, 0, 0, 0x00050000 | errno.EPERM)]
_UNKNOWN = [(_RETURN, 0, 0, 0x00050000 | errno.ENOSYS)]


def filter_program():
    """The filter as bytes, as the kernel takes it; empty for a machine whose numbers are not listed here.

    What is not listed fails: with "function not implemented" where a C library then takes an older call, with
    "operation not permitted" otherwise.
    """
    machine = platform.machine()
    if machine not in _MACHINES:
        return b""
    column = list(_MACHINES).index(machine)
    verdicts = {numbers[column]: _ALLOW for numbers in _CALLS.values()}
    verdicts |= {numbers[column]: _if_one_of(argument, values) for numbers, argument, values in _SOME.values()}
    verdicts[_NEW_PROCESS[column]] = [
        (_LOAD, 0, 0, _ARGUMENTS),
        (_HAS_ANY_OF, 0, 1, _NEW_NAMESPACES),
        *_REFUSE,
        (_HAS_ANY_OF, 0, 1, _A_THREAD),
        *_ALLOW,
        *_REFUSE,
    ]
    verdicts[_FUTEX[column]] = [
        (_LOAD, 0, 0, _ARGUMENTS + 8),
        (_HAS_ANY_OF, 0, 1, _AMONG_ITS_THREADS),
        *_ALLOW,
        *_if_one_of(1, _WAITS),
    ]
    verdicts.pop(None, None)
    steps = [
        (_LOAD, 0, 0, _MACHINE),
        (_IS, 1, 0, _MACHINES[machine]),
        *_KILL,
        (_LOAD, 0, 0, _NUMBER),
        *_search(_spans(verdicts)),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _if_one_of(argument, values):
    """Allow a call when an argument is one of these values."""
    load = (_LOAD, 0, 0, _ARGUMENTS + 8 * argument)
    tests = [(_IS, len(values) - position, 0, value) for position, value in enumerate(values)]
    return [load, *tests, *_REFUSE, *_ALLOW]


def _spans(verdicts):
    """(first number, verdict) wherever the verdict changes, from 0 on."""
    spans: list = []
    for number in range(max(*verdicts, _NEW) + 2):
        verdict = verdicts.get(number, _UNKNOWN if number >= _NEW else _REFUSE)
        if not spans or verdict is not spans[-1][1]:
            spans.append((number, verdict))
    return [*spans, (_OTHER_KIND, _REFUSE)]


def _search(spans):
    """Find the span of the number by halving; a long list would be gone through for every number when it is set."""
    if len(spans) == 1:
        return spans[0][1]
    half = len(spans) // 2
    low, high = _search(spans[:half]), _search(spans[half:])
    return [(_IS_AT_LEAST, len(low), 0, spans[half][0]), *low, *high]
