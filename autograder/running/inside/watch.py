"""Watching, for the supervisor of one submission, the limits of time and memory, and the grader."""

from __future__ import annotations

import os
import select
import socket
import time
from typing import Any

from .channel import Ended
from .processes import Processes

_MEBIBYTE = 2**20
_MEMORY_CHECK_SECONDS = 0.1


class Stop(Exception):  # noqa: N818 - says what happened
    """The grader no longer waits for the results."""


class Watch:
    """Is called repeatedly while the supervisor waits.

    Args:
        line: the socket to the grader.
        limits: the limits of a run.
        processes: the processes below this one.
    """

    def __init__(self, line: socket.socket, limits: dict[str, Any], processes: Processes) -> None:
        self._line, self._limits, self._processes = line, limits, processes
        self._end = time.monotonic() + limits["total_seconds"]
        self._next_memory_check = 0.0
        self.too_much = ""
        """What was exceeded since this was last emptied, in words."""
        self.crowded = False
        """Whether fewer tests that wait at once would have needed less: memory, or kept files."""

    def __call__(self) -> None:
        """Check the connection, time and memory.

        Raises:
            Stop: When the grader has closed the connection.
            Ended: When the notebook has used too much time or memory.
        """
        if select.select([self._line], [], [], 0)[0] and not self._is_connected():
            raise Stop
        if self.out_of_time:
            self._exceeded(f"the notebook took longer than {self._limits['total_seconds']:g} s")
        if time.monotonic() < self._next_memory_check:
            return
        self._next_memory_check = time.monotonic() + _MEMORY_CHECK_SECONDS
        most = int(self._limits["memory"])
        if self._processes.memory(self._processes.below(os.getpid()), most) > most:
            self.crowded = True
            self._exceeded(f"it used more than {most // _MEBIBYTE:,} MiB of memory")

    @property
    def out_of_time(self) -> bool:
        """Whether the whole run has taken too long."""
        return bool(time.monotonic() > self._end)

    def begin(self) -> None:
        """Forget what an earlier test has exceeded."""
        self.too_much, self.crowded = "", False

    def _exceeded(self, why: str) -> None:
        self.too_much = why
        raise Ended(why)

    def _is_connected(self) -> bool:
        try:
            return bool(self._line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except BlockingIOError:
            return True
        except OSError:
            return False
