"""How to get a fork of a warm process: whoever holds its door asks, from whatever process."""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Iterator
from dataclasses import dataclass

START_SECONDS = 180
"""How long a warm process may take to start."""
READY, REFUSED = b"+", b"-"
"""What comes first over a fork's line: that it is there, or why there is none."""
_FORK_SECONDS = 20
_LONGEST_REFUSAL = 1_000
_DEATH_SECONDS = 0.5


class WarmProcessLost(Exception):  # noqa: N818 - says what happened
    """The warm process did not start, or is gone."""


@dataclass(frozen=True, slots=True)
class Fork:
    """A fork at the far end of `line`; `pulse` comes to its end when the warm process does."""

    line: socket.socket
    pulse: socket.socket

    def lost_its_parent(self) -> bool:
        """Tell of a fork that has ended whether it did so because the warm process is gone."""
        return bool(select.select([self.pulse], [], [], _DEATH_SECONDS)[0])


@dataclass(frozen=True, slots=True)
class Door:
    """Where forks of one warm process are asked for; several processes may hold the same one.

    A request is one byte with two sockets, so requests of several processes never mix. One that is
    made while there is no warm process waits for the next one.
    """

    control: socket.socket

    @contextlib.contextmanager
    def fork(self) -> Iterator[Fork]:
        """Give a fresh fork; the fork, and all that it started, ends with the block.

        Raises:
            WarmProcessLost: When there is no warm process to be had.
        """
        with contextlib.ExitStack() as stack:
            for _ in range(2):  # the warm process may get lost with the request
                line, life = self._asked()
                stack.enter_context(line)
                stack.enter_context(life)
                pulse = _pulse(line)
                if pulse is not None:
                    yield Fork(line, stack.enter_context(pulse))
                    return
            raise WarmProcessLost("the warm process gives no forks")

    def _asked(self) -> tuple[socket.socket, socket.socket]:
        line, their_line = socket.socketpair()
        life, their_life = socket.socketpair()
        with their_line, their_life:
            try:
                socket.send_fds(self.control, [b"f"], [their_line.fileno(), their_life.fileno()])
            except OSError as error:
                line.close()
                life.close()
                raise WarmProcessLost(f"the warm process is gone: {error}") from error
        return line, life


@dataclass(frozen=True, slots=True)
class Doors:
    """The doors of the two warm processes: with Keras imported, or without."""

    heavy: Door
    light: Door


def _pulse(line: socket.socket) -> socket.socket | None:
    """Wait for a fork to say that it is there, or for the end of it.

    Raises:
        WarmProcessLost: When there will be none.
    """
    if not select.select([line], [], [], START_SECONDS + _FORK_SECONDS)[0]:
        raise WarmProcessLost("the warm process does not answer")
    try:
        word, descriptors, _, _ = socket.recv_fds(line, 1, 1)
        if word == REFUSED:
            raise WarmProcessLost(line.recv(_LONGEST_REFUSAL).decode(errors="replace"))
    except ConnectionError:
        return None
    return socket.socket(fileno=descriptors[0]) if word == READY and descriptors else None
