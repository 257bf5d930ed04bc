"""What a step of training frees stays with the process: the next step asks for as much again."""

import ctypes
import os

# From malloc.h of glibc: freed memory at the end of the heap beyond so many bytes goes back to the system, and
# arrays of so many bytes are got from the system each for itself.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
# The largest that every glibc takes; a hidden layer of all digits has 12 or 24 MB.
_LARGEST_ARRAY = 32 << 20
# Some ten such arrays, which is what a step with all digits holds.
_KEPT = 256 << 20


def keep_freed_memory():
    """Ask glibc to, for the life of this process; where the C library is another one, nothing changes.

    Otherwise an epoch with all digits gets thousands of its pages anew, each filled with zeros first.
    """
    # Only glibc has it, and Windows has no library without a name.
    if os.name == "posix" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(_M_MMAP_THRESHOLD, _LARGEST_ARRAY)
        mallopt(_M_TRIM_THRESHOLD, _KEPT)
