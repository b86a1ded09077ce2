"""The client of a fork server: asks for a fork; several processes may hold the same client."""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Iterator
from dataclasses import dataclass

START_SECONDS = 180
"""How long a fork server may take to start."""
READY, REFUSED = b"+", b"-"
"""The first byte from a fork: it is ready, or the reason why there is none follows."""
_FORK_SECONDS = 20
_LONGEST_REFUSAL = 1_000
_DEATH_SECONDS = 0.5


class ForkServerLost(Exception):  # noqa: N818 - says what happened
    """The fork server did not start, or has ended."""


@dataclass(frozen=True, slots=True)
class Fork:
    """A fork, connected by `line`; `server_end` can be read once the fork server has ended."""

    line: socket.socket
    server_end: socket.socket

    def lost_its_parent(self) -> bool:
        """Tell of a fork that has ended whether it did so because the fork server is gone."""
        return bool(select.select([self.server_end], [], [], _DEATH_SECONDS)[0])


@dataclass(frozen=True, slots=True)
class ForkClient:
    """Asks one fork server for forks; several processes may hold the same client.

    A request is one byte with two sockets, so requests of several processes never mix. One that is
    made while there is no fork server waits for the next one.
    """

    control: socket.socket

    @contextlib.contextmanager
    def fork(self, *, tests: bool = False) -> Iterator[Fork]:
        """Give a fresh fork; the fork, and all that it started, ends with the block.

        Args:
            tests: Whether tests are to run beside the cells; else the cells alone run.

        Raises:
            ForkServerLost: When there is no fork server to be had.
        """
        with contextlib.ExitStack() as stack:
            for _ in range(2):  # the fork server may get lost with the request
                line, life = self._request(b"t" if tests else b"f")
                stack.enter_context(line)
                stack.enter_context(life)
                server_end = _server_end(line)
                if server_end is not None:
                    yield Fork(line, stack.enter_context(server_end))
                    return
            raise ForkServerLost("the fork server gives no forks")

    def _request(self, what: bytes) -> tuple[socket.socket, socket.socket]:
        line, their_line = socket.socketpair()
        life, their_life = socket.socketpair()
        with their_line, their_life:
            try:
                socket.send_fds(self.control, [what], [their_line.fileno(), their_life.fileno()])
            except OSError as error:
                line.close()
                life.close()
                raise ForkServerLost(f"the fork server is gone: {error}") from error
        return line, life


@dataclass(frozen=True, slots=True)
class ForkClients:
    """The clients of the two fork servers: with Keras imported, or without."""

    heavy: ForkClient
    light: ForkClient


def _server_end(line: socket.socket) -> socket.socket | None:
    """Wait for a fork to say that it is there, or for the end of it.

    Raises:
        ForkServerLost: When there will be none.
    """
    if not select.select([line], [], [], START_SECONDS + _FORK_SECONDS)[0]:
        raise ForkServerLost("the fork server does not answer")
    try:
        first, descriptors, _, _ = socket.recv_fds(line, 1, 1)
        if first == REFUSED:
            raise ForkServerLost(line.recv(_LONGEST_REFUSAL).decode(errors="replace"))
    except ConnectionError:
        return None
    return socket.socket(fileno=descriptors[0]) if first == READY and descriptors else None
