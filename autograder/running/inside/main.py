"""A fork server: it has imported the slow packages, and forks for each submission.

It is started with options in JSON, and gets requests over one socket. A request has two sockets and
nothing else: `line`, for messages between the fork and the grader, and `life`, which ends the fork
when it is closed. The fork server itself never reads a student's data.
With its first byte a fork sends one end of a socket whose other end only the fork server holds, so
the client can tell a fork that ended by itself from one that ended with the fork server.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import confine, seccomp
from .pages import use_large_pages
from .preload import preload
from .processes import Processes

_WATCH_SECONDS = 0.2
_WORK = "/tmp/work"  # noqa: S108 - in a file system of its own


def main() -> None:
    """Import packages, then fork on request."""
    options = json.loads(sys.argv[1])
    if options["as_root"]:
        confine.become_nobody()
    status = socket.socket(fileno=options["status"])
    if options["probe"]:
        _probe(options, status)
        return
    control = socket.socket(fileno=options["control"])
    ready = _imported(options["imports"])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    ours, server_end = socket.socketpair()
    status.sendall(b"ready")
    with ours:
        while (asked := socket.recv_fds(control, 1, 2))[1]:
            if os.fork() == 0:
                with contextlib.suppress(BaseException):
                    line, life = asked[1]
                    supervise = _supervise_tests if asked[0] == b"t" else _supervise
                    supervise(options, line, life, server_end.fileno(), ready)
                os._exit(0)
            for descriptor in asked[1]:
                os.close(descriptor)


def _imported(imports: list[str]) -> Ready:
    """Import what most notebooks need, and make what is the same for each."""
    gc.disable()  # imports make many objects and free few, so collecting would cost seconds
    preload(imports)
    from .notebook_shell import Notebook, make_shell
    from .protect import Snapshot

    notebook = Notebook(make_shell())
    from .course import get_ready  # it records Python's own names, which the shell may set

    get_ready()
    for name in ("cells", "files", "supervise"):  # imported once, not in each fork
        importlib.import_module(f".{name}", __package__)
    ready = Ready(notebook, Snapshot())
    ready.snapshot.checks()
    gc.freeze()
    gc.enable()
    use_large_pages()
    return ready


def _probe(options: dict[str, Any], status: socket.socket) -> None:
    """Test whether a fork can be confined."""
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


@dataclass(frozen=True)
class Ready:
    """The notebook's shell and the snapshot, made once, before any fork."""

    notebook: Any
    snapshot: Any


def _apart(options: dict[str, Any]) -> str:
    """Separate this process from those of other submissions; return the notebook's folder."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if options["sandbox"]:
        confine.enter_namespaces()
        return _WORK
    confine.adopt_orphans()
    return tempfile.mkdtemp(prefix="stridewise-")


def _supervise(
    options: dict[str, Any], line: int, life: int, server_end: int, ready: Ready
) -> None:
    """Fork again, and end that fork with all processes that it started at its limits."""
    processes = Processes()
    folder = _apart(options)
    child = os.fork()
    if child == 0:
        try:
            _serve(options, line, server_end, ready, folder)
        finally:
            os._exit(1)
    confine.keep_only(life, processes.descriptor)
    _watch(child, life, options["limits"], processes)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not options["sandbox"]:
        confine.end_orphans()
        shutil.rmtree(folder, ignore_errors=True)


def _settle(options: dict[str, Any], folder: str) -> None:
    """Confine this process, and change to a notebook's working folder."""
    os.setsid()
    if options["sandbox"]:
        _confine(options["limits"])
    else:
        confine.die_with_parent()
        confine.set_limits(
            {**options["limits"], "processes": 4_096}
        )  # the user's other processes count too
        os.environ["HOME"] = folder
    Path(folder).mkdir(parents=True, exist_ok=True)
    os.chdir(folder)


def _supervise_tests(
    options: dict[str, Any], line: int, life: int, server_end: int, ready: Ready
) -> None:
    """Run cells, then tests beside them; student code has no access to `line` or this process."""
    from .supervise import Tests

    processes = Processes()
    folder = _apart(options)
    talk = socket.socket(fileno=line)
    socket.send_fds(talk, [b"+"], [server_end])

    def start(job: dict[str, Any], key: bytes) -> tuple[socket.socket, socket.socket]:
        ours, theirs = socket.socketpair()
        report, their_report = socket.socketpair()
        if os.fork() == 0:
            try:
                _settle(options, folder)
                confine.keep_only(theirs.fileno(), their_report.fileno())
                if not options["sandbox"] or os.fork() == 0:
                    _serve_tests(theirs, their_report, job, ready, key)
                confine.keep_only()
                confine.wait_for_all()
            finally:
                os._exit(1)
        confine.keep_only(line, life, ours.fileno(), report.fileno(), processes.descriptor)
        return ours, report

    try:
        has_first = bool(options["sandbox"])
        Tests(talk, options["limits"], processes, start, has_first=has_first).serve()
    finally:
        processes.end(os.getpid())
        if not options["sandbox"]:
            shutil.rmtree(folder, ignore_errors=True)


def _serve_tests(
    line: socket.socket, report: socket.socket, job: dict[str, Any], ready: Ready, key: bytes
) -> None:
    """Run a student's cells in this process, and tests beside them."""
    from .cells import reseed
    from .course import serve
    from .files import put
    from .preload import import_what_is_installed

    import_what_is_installed(job["imports"])
    put(job["files"])
    reseed()
    serve(line, report.detach(), job, ready.notebook, ready.snapshot, key)


def _serve(options: dict[str, Any], line: int, server_end: int, ready: Ready, folder: str) -> None:
    """Run a student's cells in this process."""
    from . import cells

    _settle(options, folder)
    connection = socket.socket(fileno=line)
    socket.send_fds(connection, [b"+"], [server_end])
    confine.keep_only(line)
    cells.serve(connection, ready.notebook.shell)


def _watch(child: int, life: int, limits: dict[str, Any], processes: Processes) -> None:
    """Wait until the child ends, times out, uses too much memory, or is no longer needed."""
    ended = os.pidfd_open(child)
    deadline = time.monotonic() + limits["total_seconds"] + 10
    most = int(limits["memory"])
    waiting = select.poll()
    waiting.register(ended, select.POLLIN)
    waiting.register(life, select.POLLIN | select.POLLHUP)
    while time.monotonic() < deadline:
        if waiting.poll(_WATCH_SECONDS * 1_000):
            return
        if processes.memory(processes.below(os.getpid()), most) > most:
            return
