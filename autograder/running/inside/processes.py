"""The processes of a run, for its supervisor: their ids, threads, memory and network.

The real /proc is read through a descriptor that was opened before another was mounted over it.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable, Collection, Iterable
from io import FileIO

from .network import COUNTERS, asked_network

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
_STOP_SECONDS = 5
Watching = Callable[[], None]
"""Raises an error when the processes use too much memory or time."""
_THREADS = 17  # the field of `stat`, after the name, with the number of threads


class Processes:
    """The processes below this one.

    Create it before /proc is replaced.
    """

    def __init__(self) -> None:
        self.descriptor = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
        """The real /proc."""

    def below(self, top: int) -> set[int]:
        """Return the ids of the running processes that `top` started, directly or not."""
        parents = self._parents()
        found = {top}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found - {top}

    def children(self, pid: int) -> set[int]:
        """Return the ids of the processes that a process has started, and not yet waited for."""
        return {child for child, parent in self._parents(ended=True).items() if parent == pid}

    def threads(self, pid: int) -> int:
        """Return the number of threads of a process; 0 when it has ended."""
        with contextlib.suppress(OSError):
            return len(self.names(f"{pid}/task"))
        return 0

    def processor_seconds(self, pid: int) -> float:
        """Return the processor time that a process has used, in seconds; 0 when it has ended."""
        fields = self.read(f"{pid}/stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS if fields else 0.0

    def memory(self, pids: Iterable[int], enough: int) -> int:
        """Return the bytes that processes use, each shared page divided among those that share it.

        Where the faster sum, which counts shared pages in full, is below `enough`, it is returned.
        """
        pids = list(pids)
        resident = sum(self._resident(pid) for pid in pids)
        return resident if resident < enough else sum(self._proportional(pid) for pid in pids)

    def asked_network(self) -> bool:
        """Return whether a process in this one's network namespace asked for the network."""
        return asked_network(self.read(f"self/{COUNTERS}"))

    def end_one(self, pid: int) -> None:
        """Kill a process and wait until it has ended; those that it started may go on."""
        with contextlib.suppress(ProcessLookupError):
            ended = os.pidfd_open(pid)
            try:
                signal.pidfd_send_signal(ended, signal.SIGKILL)
                select.select([ended], [], [], _STOP_SECONDS)
            finally:
                os.close(ended)

    def all_end(self, top: int, kept: Collection[int], seconds: float, watch: Watching) -> bool:
        """Wait until only the `kept` processes run below `top`; return whether that is so."""
        end = time.monotonic() + seconds
        while self.below(top).difference(kept):
            if time.monotonic() >= end:
                return False
            watch()
            time.sleep(0.02)
        return True

    def end(self, top: int, kept: Collection[int] = ()) -> bool:
        """Kill all processes below `top` except `kept`; return whether all have ended.

        All are stopped first: a stopped process cannot start a new one.
        """
        deadline = time.monotonic() + _STOP_SECONDS
        stopped: set[int] = set()
        while more := self.below(top).difference(kept, stopped):
            _signal(more, signal.SIGSTOP)
            stopped |= more
            if time.monotonic() > deadline:
                return False
        left = stopped
        while left:
            _signal(left, signal.SIGKILL)
            time.sleep(0.002)
            left = self.below(top).difference(kept)
            if time.monotonic() > deadline:
                return False
        return True

    def _parents(self, *, ended: bool = False) -> dict[int, int]:
        """Return the parent of each process that still runs, or (`ended`) for which nobody waited.

        The first thread of a process may have ended before the others.
        """
        found = {}
        for pid in map(int, filter(str.isdigit, self.names("."))):
            fields = self.read(f"{pid}/stat").rpartition(")")[2].split()
            if fields and (ended or fields[0] not in "ZX" or int(fields[_THREADS]) > 1):
                found[pid] = int(fields[1])
        return found

    def _resident(self, pid: int) -> int:
        fields = self.read(f"{pid}/statm").split()
        return int(fields[1]) * _PAGE if fields else 0

    def _proportional(self, pid: int) -> int:
        for line in self.read(f"{pid}/smaps_rollup").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1_024
        return self._resident(pid)

    def names(self, path: str) -> list[str]:
        """Return what a folder of /proc holds.

        Raises:
            OSError: When the process has ended.
        """
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY, dir_fd=self.descriptor)
        try:
            return os.listdir(folder)  # noqa: PTH208 - a descriptor has no path here
        finally:
            os.close(folder)

    def read(self, path: str) -> str:
        """Return the text of a file of /proc; "" where the process has ended."""
        with contextlib.suppress(OSError), self.opened(path) as file:
            return file.readall().decode(errors="replace")
        return ""

    def opened(self, path: str) -> FileIO:
        """Open a file of /proc.

        Raises:
            OSError: When the process has ended, or its memory may not be read.
        """
        return FileIO(os.open(path, os.O_RDONLY, dir_fd=self.descriptor))


def _signal(pids: Iterable[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
