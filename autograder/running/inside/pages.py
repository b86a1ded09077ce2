"""Keeping what a fork server holds in large pages of memory, so that forks are quick.

A fork copies the table of all pages: of large pages it is short. A fork that writes copies small
pages nevertheless, so its memory does not grow by it. Only memory that lies together, 2 MiB of it,
can be moved into a large page. Otherwise it is taken in smaller pieces, between the libraries.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_MADV_COLLAPSE = 25  # from <linux/mman.h>, since Linux 6.1
_LARGE = 2**21  # bytes of a large page; where a system has larger ones, nothing is moved
_TRIM, _TOP_PAD, _MMAP = -1, -2, -3  # M_TRIM_THRESHOLD and others, from <malloc.h>
_LARGEST, _MEBIBYTE = 2**31 - 1, 2**20
_USUAL = {_TRIM: 64 * _MEBIBYTE, _TOP_PAD: 128 * 1_024, _MMAP: 32 * _MEBIBYTE}
"""What the C library comes to by itself in a process that has freed large blocks."""
_SIZE, _IN_A_MEBIBYTE = 460, 2_048  # bytes of an object of Python's own memory, and how many
_kept: list[bytes] = []


@contextmanager
def memory_together(mebibytes: int) -> Iterator[None]:
    """Have memory that is taken in the block lie together.

    Python takes `mebibytes` at once and uses them later: it keeps each MiB in which an object is.
    """
    _set_malloc({_TRIM: _LARGEST, _TOP_PAD: 32 * _MEBIBYTE, _MMAP: _LARGEST})
    _kept.extend([bytes(_SIZE) for _ in range(mebibytes * _IN_A_MEBIBYTE)][:: _IN_A_MEBIBYTE // 2])
    yield
    _set_malloc(_USUAL)


def _set_malloc(values: dict[int, int]) -> None:
    """Set parameters of the C library's `malloc`, where it is glibc's."""
    set_value: Any = getattr(ctypes.CDLL(None), "mallopt", None)
    for name, value in values.items() if set_value else ():
        set_value(name, value)


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
