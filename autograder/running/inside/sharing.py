"""What the process of the cells shares with the forks in which tests wait.

A fork has a memory of its own, and the supervisor puts files back as they were (file_states.py).
Everything else is the same for all: pipes, sockets, deleted files that are open, locks, memory that
is mapped as shared, child processes. A later cell may change it before the test runs.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from contextlib import suppress

from .processes import Processes

MOST_COMPARED = 64 * 2**10
"""How many bytes of shared memory are compared; a process that has more shares too much."""
_DEVICES = frozenset(f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom"))
_DELETED = " (deleted)"
_SHARED = "rw-s"
Opened = tuple[str, str]
"""A descriptor, and what it is open on."""


class Sharing:
    """What a process shares with its forks.

    Args:
        processes: the processes below this one.
    """

    def __init__(self, processes: Processes) -> None:
        self._processes = processes
        self._open_before: set[Opened] = set()
        self._children_before: set[int] = set()

    def begin(self, pid: int) -> None:
        """Record what a process has before its first cell."""
        self._open_before = self.opened(pid)[0]
        self._children_before = self._processes.children(pid)

    def held(self, pid: int, forks: Collection[int]) -> list[bytes] | None:
        """Return what the shared memory of a process holds; None where it shares more than that."""
        opened, inodes = self.opened(pid)
        children = self._processes.children(pid) - self._children_before
        more = not children.issubset(forks) or not opened <= self._open_before
        return None if more or not inodes.isdisjoint(self._locked()) else self.memory(pid)

    def memory(self, pid: int) -> list[bytes] | None:
        """Return what the shared memory of a process holds; None where it is too much, or unknown.

        A lock of `multiprocessing` is such memory too.
        """
        areas = list(self._areas(pid))
        if not areas:
            return []
        if sum(map(len, areas)) > MOST_COMPARED:
            return None
        with suppress(OSError), self._processes.opened(f"{pid}/mem") as memory:
            return [os.pread(memory.fileno(), len(area), area.start) for area in areas]
        return None

    def _areas(self, pid: int) -> Iterator[range]:
        """Yield the addresses of the memory that a process shares and may write to."""
        for line in self._processes.read(f"{pid}/maps").splitlines():
            addresses, access = line.split(maxsplit=2)[:2]
            if access == _SHARED:
                start, end = addresses.split("-")
                yield range(int(start, 16), int(end, 16))

    def opened(self, pid: int) -> tuple[set[Opened], set[int]]:
        """Return what a process has open that is no file at a path, and the inodes of its files."""
        special, inodes, numbers = set[Opened](), set[int](), list[str]()
        proc = self._processes.descriptor
        with suppress(OSError):  # the process has ended
            numbers = self._processes.names(f"{pid}/fd")
        for number in numbers:
            with suppress(OSError):  # a thread has closed it meanwhile
                target = os.readlink(f"{pid}/fd/{number}", dir_fd=proc)
                found = os.stat(f"{pid}/fd/{number}", dir_fd=proc)
                if stat.S_ISREG(found.st_mode) and not target.endswith(_DELETED):
                    inodes.add(found.st_ino)
                elif target not in _DEVICES:
                    special.add((number, target))
        return special, inodes

    def _locked(self) -> Iterator[int]:
        """Yield the inode of each locked file of the machine, as in "1: POSIX ... 00:2a:17 0 EOF".

        A file system has its own numbers, so another one's file may have the same: no harm.
        """
        for line in self._processes.read("locks").splitlines():
            for field in line.split():
                if field.count(":") == 2:  # noqa: PLR2004 - of device and inode
                    yield int(field.rpartition(":")[2])
