"""Moving what a fork server holds into large pages of memory, so that forks are quick.

A fork copies the table of all pages: of large pages it is short. A fork that writes copies small
pages nevertheless, so its memory does not grow by it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path

_MADV_COLLAPSE = 25  # from <linux/mman.h>, since Linux 6.1
_LARGE = 2**21  # bytes of a large page; where a system has larger ones, nothing is moved


def use_large_pages() -> int:
    """Move the memory of this process into large pages where it can be done; return how many.

    Older kernels refuse it, and so do systems that are set up without large pages.
    """
    libc = ctypes.CDLL(None)
    libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    places = [at for first, end in _own_memory() for at in range(first, end, _LARGE)]
    return sum(libc.madvise(at, _LARGE, _MADV_COLLAPSE) == 0 for at in places)


def _own_memory() -> Iterator[tuple[int, int]]:
    """Yield the memory that belongs to no file, in whole large pages."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        ends, allowed, _, _, _, *name = line.split()
        first, end = (int(each, 16) for each in ends.split("-"))
        first, end = -(-first // _LARGE) * _LARGE, end // _LARGE * _LARGE
        if allowed == "rw-p" and name in ([], ["[heap]"]) and first < end:
            yield first, end
