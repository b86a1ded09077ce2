"""The client of a fork server; several processes may use the same client."""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Iterator
from dataclasses import dataclass

START_SECONDS = 180
"""The timeout for the start of a fork server, in seconds."""
READY, REFUSED = b"+", b"-"
"""The first byte from a fork: it is ready, or a reason for its absence follows."""
_FORK_SECONDS = 20
_LONGEST_REFUSAL = 1_000
_DEATH_SECONDS = 0.5


class ForkServerLost(Exception):  # noqa: N818 - says what happened
    """The fork server did not start, or has ended."""


@dataclass(frozen=True, slots=True)
class Fork:
    """A fork, connected by `line`; `server_end` becomes readable when the fork server ends."""

    line: socket.socket
    server_end: socket.socket

    def lost_its_parent(self) -> bool:
        """Return whether a fork has ended because its fork server has ended."""
        return bool(select.select([self.server_end], [], [], _DEATH_SECONDS)[0])


@dataclass(frozen=True, slots=True)
class ForkClient:
    """Requests forks from one fork server; several processes may use the same client.

    A request is one byte with two sockets, so requests of several processes cannot mix. A request
    waits while there is no fork server.
    """

    control: socket.socket

    @contextlib.contextmanager
    def fork(self, *, tests: bool = False) -> Iterator[Fork]:
        """Yield a new fork; it ends with the block, together with all processes that it started.

        Args:
            tests: Whether tests are run beside the cells, or only the cells.

        Raises:
            ForkServerLost: When there is no fork server.
        """
        with contextlib.ExitStack() as stack:
            for _ in range(2):  # the fork server may end during the request
                line, life = self._request(b"t" if tests else b"f")
                stack.enter_context(line)
                stack.enter_context(life)
                server_end = _server_end(line)
                if server_end is not None:
                    yield Fork(line, stack.enter_context(server_end))
                    return
            raise ForkServerLost("the fork server did not return a fork")

    def _request(self, what: bytes) -> tuple[socket.socket, socket.socket]:
        line, their_line = socket.socketpair()
        life, their_life = socket.socketpair()
        with their_line, their_life:
            try:
                socket.send_fds(self.control, [what], [their_line.fileno(), their_life.fileno()])
            except OSError as error:
                line.close()
                life.close()
                raise ForkServerLost(f"the fork server has ended: {error}") from error
        return line, life


@dataclass(frozen=True, slots=True)
class ForkClients:
    """The clients of the two fork servers: with Keras imported, or without."""

    heavy: ForkClient
    light: ForkClient


def _server_end(line: socket.socket) -> socket.socket | None:
    """Wait until a fork says that it is ready, or ends.

    Raises:
        ForkServerLost: When there is no fork.
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
