"""Fork servers: processes that import NumPy or TensorFlow once and fork on request."""

from __future__ import annotations

import contextlib
import select
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from typing import IO, Self

from autograder.running.fork_client import REFUSED, START_SECONDS, ForkClient, ForkClients
from autograder.running.limits import Limits
from autograder.running.sandbox import HEAVY, LIGHT, command, environment, runs_as_root


class ForkServer:
    """Keeps one fork server running: starts it at the first request, and again after it ended.

    The thread that starts it also waits for its end, since the process is killed with that thread.
    """

    def __init__(self, imports: Sequence[str], limits: Limits, *, sandbox: bool) -> None:
        self._imports, self._limits, self._sandbox = imports, limits, sandbox
        ours, self._requests = socket.socketpair()
        self.client = ForkClient(ours)
        self._stop, self._stopped = socket.socketpair()
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the fork server and all its forks."""
        self._stop.close()
        self._thread.join()
        self._requests.close()
        self.client.control.close()
        self._stopped.close()

    def _keep(self) -> None:
        """Start a process for the first request, and again for the first after its end."""
        while self._wait_for(self._requests):
            try:
                with tempfile.TemporaryFile() as log:
                    problem = self._run(log)
            except Exception as error:  # noqa: BLE001 - waiting clients must get a reply in every case
                problem = str(error)
            if problem:
                self._refuse(f"the fork server did not start: {problem}")

    def _wait_for(self, what: socket.socket, seconds: float | None = None) -> bool:
        """Wait until there is something to read; return False at a stop or a timeout."""
        ready = select.select([what, self._stopped], [], [], seconds)[0]
        return what in ready and self._stopped not in ready

    def _run(self, log: IO[bytes]) -> str:
        """Run one fork server to its end; return what went wrong if it never became ready."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                process = self._started(theirs, log)
            # The fork server keeps the other end open until it ends; its forks close it.
            ready = self._wait_for(ours, START_SECONDS) and _received(ours) == b"ready"
            if ready:
                self._wait_for(ours)
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGKILL)
            process.wait()
        return "" if ready else _last_line(log)

    def _started(self, theirs: socket.socket, log: IO[bytes]) -> subprocess.Popen[bytes]:
        call = command(
            self._requests.fileno(),
            theirs.fileno(),
            self._imports,
            self._limits,
            sandbox=self._sandbox,
            as_root=self._sandbox and runs_as_root(),
        )
        return subprocess.Popen(  # noqa: S603 - our own command
            call,
            pass_fds=[self._requests.fileno(), theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            env=environment(),
            cwd="/",
            start_new_session=True,  # only the main process handles Ctrl-C
        )

    def _refuse(self, reason: str) -> None:
        """Send waiting clients the reason why there is no fork."""
        while select.select([self._requests], [], [], 0)[0]:
            line, life = map(_socket, socket.recv_fds(self._requests, 1, 2)[1])
            with line, life, contextlib.suppress(OSError):
                line.sendall(REFUSED + reason.encode())


class ForkServers:
    """The two fork servers; each is started at the first request to it.

    Use it as a context manager, which ends them.
    """

    def __init__(self, *, sandbox: bool = True, limits: Limits = Limits()) -> None:  # noqa: B008
        self._all = [ForkServer(imports, limits, sandbox=sandbox) for imports in (HEAVY, LIGHT)]
        self.clients = ForkClients(*(server.client for server in self._all))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every process."""
        for server in self._all:
            server.close()


def _socket(descriptor: int) -> socket.socket:
    return socket.socket(fileno=descriptor)


def _received(line: socket.socket) -> bytes:
    with contextlib.suppress(ConnectionError):
        return line.recv(5)
    return b""


def _last_line(log: IO[bytes]) -> str:
    log.seek(0)
    lines = log.read(100_000).decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it took too long"
