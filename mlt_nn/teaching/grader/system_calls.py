"""The system calls that a worker in the sandbox may not make, as a filter for the kernel (seccomp).

Python and NumPy need none of them. Without the filter a student's code could put gigabytes into shared memory, which no
limit counts, or take over the process that ends the sandbox (ptrace) and so outlive the grading.
"""

import errno
import platform
import struct

# For each machine the kernel's number of it (AUDIT_ARCH_...), and those of the calls, which differ.
_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CALLS = {
    # memory and queues that stay when a process ends
    **{"shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "shmdt": (67, 197)},
    **{"semget": (64, 190), "semop": (65, 193), "semctl": (66, 191), "semtimedop": (220, 192)},
    **{"msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187), "mq_open": (240, 180)},
    **{"memfd_create": (319, 279), "memfd_secret": (447, 447)},
    **{"add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219)},
    # a hand in another process
    **{"ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271)},
    **{"kcmp": (312, 272), "pidfd_getfd": (438, 438)},
    # another view of the file system
    **{"mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51)},
    **{"open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "mount_setattr": (442, 442)},
    **{"unshare": (272, 97), "setns": (308, 268), "open_by_handle_at": (304, 265)},
    # parts of the kernel in which holes are found
    **{"bpf": (321, 280), "userfaultfd": (323, 282), "perf_event_open": (298, 241)},
    **{"io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427)},
}

# A new process may not come with a new namespace: a bit of the flags, the first argument, asks for each. The newer
# form of the call has them where no filter can look: it is said not to exist, and the C library takes the older.
_NEW_PROCESS, _NEW_PROCESS_3 = (56, 220), 435
_NEW_NAMESPACES = 0x7E020000

_LOAD, _IS, _IS_AT_LEAST, _HAS_ANY_OF, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE, _UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16
# Above this the same calls stand once more, for programs of another kind (x32).
_OTHER_KIND = 0x40000000


def filter_program():
    """The filter as bytes, as the kernel takes it; empty for a machine whose numbers are not listed here.

    A listed call, and a new process in a namespace of its own, fails with "operation not permitted"; every other one is
    allowed.
    """
    machine = platform.machine()
    if machine not in _MACHINES:
        return b""
    column = list(_MACHINES).index(machine)
    refused = sorted(numbers[column] for numbers in _CALLS.values())
    steps = [
        (_LOAD, 0, 0, _MACHINE),
        (_IS, 1, 0, _MACHINES[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_IS, 0, 1, _NEW_PROCESS_3),
        (_RETURN, 0, 0, _UNKNOWN),
        (_IS_AT_LEAST, len(refused) + 3, 0, _OTHER_KIND),
        *((_IS, len(refused) + 2 - position, 0, number) for position, number in enumerate(refused)),
        (_IS, 0, 3, _NEW_PROCESS[column]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_HAS_ANY_OF, 0, 1, _NEW_NAMESPACES),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
