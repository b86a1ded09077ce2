"""Messages between the supervisor and the process that runs a test, each with a code under a key.

Student code may have the descriptor, so a message counts only with its authentication code. The key
is in the supervisor and among the constants of sealed code. Channels and messages are numbered, so
no message counts twice or in place of another.
"""

from __future__ import annotations

import select
import socket
import time
from _hashlib import hmac_digest
from _operator import _compare_digest
from _sha3 import shake_256  # type: ignore[import-not-found]  # typeshed does not know it
from _socket import SCM_RIGHTS, SO_PASSCRED, SOL_SOCKET, socketpair
from _struct import pack, unpack
from collections.abc import Callable
from marshal import dumps, loads
from posix import read, write
from typing import Any

from_bytes, to_bytes = int.from_bytes, int.to_bytes
LARGEST = 4 * 2**20
"""The largest message, in bytes."""
_HEAD = 4 + 32
_OF_SENDER = socket.CMSG_SPACE(3 * 4)  # bytes for the ids that the kernel adds


class Forged(Exception):  # noqa: N818 - says what was found
    """A message was not sent by our code."""


class Ended(Exception):  # noqa: N818 - says what happened
    """The process at the other end has ended."""


class Channel:
    """The supervisor's end of a channel.

    Args:
        connection: The socket.
        key: The key of the authentication codes.
        number: The channel's number; both ends know it.
    """

    def __init__(self, connection: socket.socket, key: bytes, number: int) -> None:
        self.connection, self._key, self._number = connection, key, number
        self._sent = self._received = 0
        self._buffer = b""
        self.sender = 0
        """The id, as it is here, of the process that sent what arrived last."""

    def send(self, *fields: Any) -> None:
        """Send a message.

        Raises:
            Ended: When the other end is closed, or does not receive it in time.
        """
        head = pack(">cIQ", b"s", self._number, self._sent)
        data = encrypted(dumps(fields), self._key + head)
        code = hmac_digest(self._key, head + data, "sha256")
        self._sent += 1
        try:
            self.connection.settimeout(10)
            self.connection.sendall(pack(">I", len(data)) + code + data)
        except OSError as error:
            raise Ended(str(error)) from error

    def receive(self, watch: Callable[[], None], seconds: float) -> tuple[Any, ...]:
        """Wait for a message; `watch` is called repeatedly meanwhile, and may raise.

        Raises:
            Ended: When the process has ended.
            Forged: When the message is not ours.
            TimeoutError: When there is no message in time.
        """
        deadline = time.monotonic() + seconds
        while (message := self._complete()) is None:
            watch()
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            if select.select([self.connection], [], [], min(left, 0.2))[0]:
                self._take()
        return message

    def take_socket(self, watch: Callable[[], None], seconds: float) -> socket.socket:
        """Wait for a socket that is sent instead of a message.

        Raises:
            Ended: When there is none.
        """
        watch()
        try:
            self.connection.settimeout(seconds)
            descriptors = socket.recv_fds(self.connection, 1, 1)[1]
            return socket.socket(fileno=descriptors[0])
        except (OSError, IndexError) as error:
            raise Ended(str(error)) from error

    def _take(self) -> None:
        try:
            data, about, _, _ = self.connection.recvmsg(65_536, _OF_SENDER)
        except OSError as error:
            raise Ended(str(error)) from error
        for level, kind, value in about:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                self.sender = unpack("3i", value)[0]
        if not data:
            raise Ended("the process has ended")
        self._buffer += data

    def _complete(self) -> tuple[Any, ...] | None:
        """Return the next message, if it has arrived completely."""
        if len(self._buffer) < _HEAD:
            return None
        (length,) = unpack(">I", self._buffer[:4])
        if length > LARGEST:
            raise Forged
        if len(self._buffer) < _HEAD + length:
            return None
        code, data = self._buffer[4:_HEAD], self._buffer[_HEAD : _HEAD + length]
        self._buffer = self._buffer[_HEAD + length :]
        head = pack(">cIQ", b"p", self._number, self._received)
        if not _compare_digest(code, hmac_digest(self._key, head + data, "sha256")):
            raise Forged
        self._received += 1
        fields: tuple[Any, ...] = loads(data)  # noqa: S302 - only messages with our code are read
        return fields


def encrypted(data: bytes, key: bytes) -> bytes:
    """Encrypt data that only the sealed code may read, or decrypt it; each key is used only once.

    Student code can read data in the socket without removing it (MSG_PEEK).

    >>> encrypted(encrypted(b"a test", b"key"), b"key")
    b'a test'
    """
    size = len(data)
    stream = from_bytes(shake_256(key).digest(size), "little")
    return to_bytes(from_bytes(data, "little") ^ stream, size, "little")


# The code below is sealed (see seal.py) and runs beside student code; `KEY` gets its value then.
KEY = b""
decrypt: Any = None
SOCKET: Any = None


def send(descriptor: int, channel: int, number: int, fields: tuple[Any, ...]) -> None:
    """Send a message to the supervisor."""
    data = dumps(fields)
    code = hmac_digest(KEY, pack(">cIQ", b"p", channel, number) + data, "sha256")
    message = pack(">I", len(data)) + code + data
    while message:
        message = message[write(descriptor, message) :]


def receive(descriptor: int, channel: int, number: int) -> Any:
    """Wait for a message of the supervisor; return None when there is no valid one."""
    head = b""
    while len(head) < 36:  # noqa: PLR2004 - a constant of ours would be looked up
        more = read(descriptor, 36 - len(head))
        if not more:
            return None
        head += more
    (length,) = unpack(">I", head[:4])
    data = b""
    while len(data) < length:
        more = read(descriptor, length - len(data))
        if not more:
            return None
        data += more
    start = pack(">cIQ", b"s", channel, number)
    if not _compare_digest(hmac_digest(KEY, start + data, "sha256"), head[4:]):
        return None
    return loads(decrypt(data, KEY + start))  # noqa: S302 - as above


def connected_sockets() -> tuple[Any, Any]:
    """Return two connected sockets; to what the first receives, the kernel adds who sent it."""
    ours, theirs = socketpair()
    ours.setsockopt(SOL_SOCKET, SO_PASSCRED, 1)
    return ours, theirs


def hand_over(ours: Any) -> None:
    """Send a socket to the supervisor."""
    SOCKET.sendmsg([b"f"], [(SOL_SOCKET, SCM_RIGHTS, pack("i", ours.fileno()))])
    ours.close()


SEALED = (send, receive, encrypted, connected_sockets, hand_over)
