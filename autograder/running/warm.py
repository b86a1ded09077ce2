"""A process that has imported what is slow, and a fork of it for each submission."""

from __future__ import annotations

import contextlib
import select
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from typing import IO

from autograder.running.limits import Limits
from autograder.running.sandbox import command, environment, runs_as_root

_START_SECONDS = 180


class WarmProcessLost(Exception):  # noqa: N818 - says what happened
    """The warm process did not start, or is gone."""


class Warm:
    """A warm process, started when it is first needed and again should it get lost."""

    def __init__(self, imports: Sequence[str], limits: Limits, *, sandbox: bool) -> None:
        self._imports = imports
        self._limits = limits
        self._sandbox = sandbox
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._log: IO[bytes] | None = None

    @contextlib.contextmanager
    def fork(self) -> Iterator[socket.socket]:
        """Give a socket to a fresh fork; the fork, and all that it started, ends with the block.

        Raises:
            WarmProcessLost: When there is no warm process to be had.
        """
        line, their_line = socket.socketpair()
        life, their_life = socket.socketpair()
        with line, life:
            with their_line, their_life:
                self._send([their_line.fileno(), their_life.fileno()])
            yield line

    def _send(self, descriptors: list[int]) -> None:
        with self._lock:
            for attempt in range(2):
                control = self._started()
                try:
                    socket.send_fds(control, [b"f"], descriptors)
                except OSError as error:
                    self._stop()
                    if attempt:
                        raise WarmProcessLost(f"the warm process is gone: {error}") from error
                else:
                    return

    def _started(self) -> socket.socket:
        """Return the socket of a warm process that is ready."""
        if self._control is not None and self._process is not None and self._process.poll() is None:
            return self._control
        self._stop()
        ours, theirs = socket.socketpair()
        as_root = self._sandbox and runs_as_root()
        call = command(
            theirs.fileno(), self._imports, self._limits, sandbox=self._sandbox, as_root=as_root
        )
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `_stop`
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                call,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                env=environment() | {"PATH": "/usr/local/bin:/usr/bin:/bin"},
                cwd="/",
            )
        self._control = ours
        if not select.select([ours], [], [], _START_SECONDS)[0] or ours.recv(5) != b"ready":
            words = self._last_words()
            self._stop()
            raise WarmProcessLost(f"the warm process did not start: {words}")
        return ours

    def _last_words(self) -> str:
        if self._log is None:
            return ""
        self._log.seek(0)
        lines = self._log.read(100_000).decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it took too long"

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        if self._log is not None:
            self._log.close()
        self._control = self._process = self._log = None

    def close(self) -> None:
        """End the warm process and every fork of it."""
        with self._lock:
            self._stop()
