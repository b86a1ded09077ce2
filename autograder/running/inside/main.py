"""A fork server: it has imported what is slow, and forks for each submission.

It is started with options in JSON, and told what to do over one socket. A message there brings two
more sockets, and nothing else: `line`, over which the fork talks with whoever grades, and `life`,
which ends the fork when it is closed. The fork server itself never reads what a student wrote.
With its first byte a fork sends one end of a socket whose other end only the fork server holds, so
the client can tell a fork that ended by itself from one that ended with the fork server.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from . import confine, seccomp
from .preload import preload

_WATCH_SECONDS = 0.2
_WORK = "/tmp/work"  # noqa: S108 - in a file system of its own


def main() -> None:
    """Import, then fork as often as asked."""
    options = json.loads(sys.argv[1])
    if options["as_root"]:
        confine.become_nobody()
    status = socket.socket(fileno=options["status"])
    if options["probe"]:
        _probe(options, status)
        return
    control = socket.socket(fileno=options["control"])
    gc.disable()  # so much is made here, and so little of it let go, that looking costs seconds
    preload(options["imports"])
    from . import cells

    shell = cells.make_shell()
    gc.freeze()
    gc.enable()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    ours, server_end = socket.socketpair()
    status.sendall(b"ready")
    with ours:
        while sockets := socket.recv_fds(control, 1, 2)[1]:
            if os.fork() == 0:
                with contextlib.suppress(BaseException):
                    line, life = sockets
                    _supervise(options, line, life, server_end.fileno(), shell)
                os._exit(0)
            for descriptor in sockets:
                os.close(descriptor)


def _probe(options: dict[str, Any], status: socket.socket) -> None:
    """Try whether a fork can be confined at all."""
    confine.enter_namespaces()
    child = os.fork()
    if child == 0:
        try:
            _confine(options["limits"])
        except OSError as error:
            status.sendall(str(error).encode())
        else:
            status.sendall(b"ready")
        os._exit(0)
    os.waitpid(child, 0)


def _confine(limits: dict[str, Any]) -> None:
    confine.die_with_parent()
    confine.empty_folders(int(limits["home_size"]))
    confine.drop_capabilities()
    confine.set_limits(limits)
    seccomp.refuse_calls()


def _supervise(options: dict[str, Any], line: int, life: int, server_end: int, shell: Any) -> None:
    """Fork once more, and end the fork with all that it started when its time has come."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    folder = _WORK
    if options["sandbox"]:
        confine.enter_namespaces()
    else:
        confine.adopt_orphans()
        folder = tempfile.mkdtemp(prefix="stridewise-")
    child = os.fork()
    if child == 0:
        try:
            _serve(options, line, server_end, shell, folder)
        finally:
            os._exit(1)
    confine.keep_only(life)
    _watch(child, life, options["limits"])
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not options["sandbox"]:
        confine.end_orphans()
        shutil.rmtree(folder, ignore_errors=True)


def _serve(options: dict[str, Any], line: int, server_end: int, shell: Any, folder: str) -> None:
    """Be the process in which a student's cells run."""
    from . import cells

    os.setsid()
    if options["sandbox"]:
        _confine(options["limits"])
    else:
        confine.die_with_parent()
        confine.set_limits({**options["limits"], "processes": 4_096})  # the user's others count too
        os.environ["HOME"] = folder
    Path(folder).mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    connection = socket.socket(fileno=line)
    socket.send_fds(connection, [b"+"], [server_end])
    confine.keep_only(line)
    cells.serve(connection, shell)


def _watch(child: int, life: int, limits: dict[str, Any]) -> None:
    """Wait until the child ends, has had its time, takes too much memory, or is not wanted."""
    ended = os.pidfd_open(child)
    deadline = time.monotonic() + limits["total_seconds"] + 10
    waiting = select.poll()
    waiting.register(ended, select.POLLIN)
    waiting.register(life, select.POLLIN | select.POLLHUP)
    while time.monotonic() < deadline:
        if waiting.poll(_WATCH_SECONDS * 1_000) or _memory_below(child) > limits["memory"]:
            return


def _memory_below(child: int) -> int:
    """Return what the child and all that it started hold in memory, in bytes."""
    space = _process_space(str(child))
    if space == _process_space("self"):
        return _resident(str(child))
    entries = (entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return sum(_resident(entry) for entry in entries if _process_space(entry) == space)


def _process_space(pid: str) -> str:
    """Name the process namespace of a process; the empty text where it cannot be told."""
    try:
        return str(Path("/proc", pid, "ns/pid").readlink())
    except OSError:
        return ""


def _resident(pid: str) -> int:
    """Return the memory that a process holds, without what it shares, in bytes."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        fields = Path("/proc", pid, "statm").read_text().split()
        return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE")
    return 0
