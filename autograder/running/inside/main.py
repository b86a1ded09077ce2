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
import linecache
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from posix import _exit as leave
from typing import TYPE_CHECKING, Any, cast

from . import confine, seccomp
from .network import open_counters
from .pages import memory_together, use_large_pages
from .preload import preload
from .processes import Processes
from .seal import hidden, sealed

if TYPE_CHECKING:
    from .course import Ready

Work = list[Iterator[None]]
"""What a process is to run: one iterator; or nothing."""
_WATCH_SECONDS = 0.2
_HEAVY_MEBIBYTES, _LIGHT_MEBIBYTES = 130, 40  # of Python objects, with and without TensorFlow
_WORK = "/tmp/work"  # noqa: S108 - in a file system of its own


def main() -> None:
    """Import packages, then fork on request; in a fork for tests, run the cells.

    Student code can read the variables of the frames below it, so here are none.
    """
    sealed(drained)(_served())


def drained(work: Work) -> None:
    """Run the iterator to its end; this frame has no reference that student code could use."""
    try:
        deque(work.pop(), 0)
    except BaseException:  # noqa: BLE001 - its traceback has frames that student code must not see
        leave(1)
    leave(0)


def _served() -> Work:
    """Serve requests; return in the processes that are to run cells, each with its own work."""
    options = json.loads(sys.argv[1])
    if options["as_root"]:
        confine.become_nobody()
    status = socket.socket(fileno=options["status"])
    if options["probe"]:
        _probe(options, status)
        os._exit(0)
    control = socket.socket(fileno=options["control"])
    ready = _imported(options["imports"])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it
    ours, server_end = socket.socketpair()
    status.sendall(b"ready")
    with ours:
        while (asked := socket.recv_fds(control, 1, 2))[1]:
            if os.fork() == 0:
                with contextlib.suppress(BaseException):
                    line, life = asked[1]
                    supervise = _supervise_tests if asked[0] == b"t" else _supervise
                    work = supervise(options, line, life, server_end.fileno(), ready)
                    if work:
                        for each in (status, control, ours, server_end):
                            each.detach()  # their descriptors are closed
                        return work
                os._exit(0)
            for descriptor in asked[1]:
                os.close(descriptor)
    os._exit(0)


def _imported(imports: list[str]) -> Ready:
    """Import what most notebooks need, and make what is the same for each."""
    gc.disable()  # imports make many objects and free few, so collecting would cost seconds
    with memory_together(_HEAVY_MEBIBYTES if "tensorflow" in imports else _LIGHT_MEBIBYTES):
        ready = _made(imports)
    gc.freeze()
    gc.enable()
    use_large_pages()
    return ready


def _made(imports: list[str]) -> Ready:
    from .notebook_shell import Notebook, make_shell, make_text_of

    notebook = Notebook(make_shell())
    with cast("Any", notebook.shell).builtin_trap:  # libraries ask at their import where they are
        preload(imports)
    from .course import Ready, get_ready  # it records Python's own names, which the shell may set
    from .snapshot import Snapshot

    get_ready()
    for name in ("cells", "files", "supervise"):  # imported once, not in each fork
        importlib.import_module(f".{name}", __package__)
    _forget_files()
    ready: Ready = hidden(Ready(notebook, Snapshot(), make_text_of()))  # a fork never frees it
    ready.snapshot.checks()
    ready.snapshot.tables.get_ready()
    return ready


def _forget_files() -> None:
    """Drop the lines of files that imports have read: TensorFlow reads those of its own."""
    for name, entry in list(linecache.cache.items()):
        if len(entry) > 1 and entry[1] is not None:  # else they are in no file
            del linecache.cache[name]


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


def _apart(options: dict[str, Any]) -> str:
    """Separate this process from those of other submissions; return the notebook's folder."""
    if options["sandbox"]:
        confine.enter_namespaces()
        return _WORK
    confine.adopt_orphans()
    return tempfile.mkdtemp(prefix="stridewise-")


def _supervise(
    options: dict[str, Any], line: int, life: int, server_end: int, ready: Ready
) -> Work:
    """Fork again, and end that fork with all processes that it started at its limits."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
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
    return []


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
) -> Work:
    """Run cells, then tests beside them; student code has no access to `line` or this process.

    It returns in the process of the cells, with its work.
    """
    from .supervise import Tests

    talk = socket.socket(fileno=line)
    socket.send_fds(talk, [b"+"], [server_end])
    stream = talk.makefile("rb")
    job = json.loads(stream.readline())
    key = os.urandom(32)
    processes = Processes()
    folder = _apart(options)
    ours, theirs = socket.socketpair()
    report, their_report = socket.socketpair()
    kept = (line, life, ours.fileno(), report.fileno(), processes.descriptor)
    confine.keep_only(*kept, theirs.fileno(), their_report.fileno())
    first, alive = confine.start_first() if options["sandbox"] else (0, -1)
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            for each in (talk, ours, report):
                each.detach()  # the descriptors are closed with all others
            return _cells(options, folder, theirs, their_report, job, ready, key)
        os._exit(1)
    confine.keep_only(*kept, *([alive] if first else ()))
    try:
        lines = (talk, stream, ours, report)
        files = (confine.WRITABLE, "/tmp/.kept") if first else ((folder,), f"{folder}-kept")  # noqa: S108
        ids = (child, first)
        Tests(lines, (job, key), options["limits"], processes, ids, *files).serve()
    finally:
        processes.end_one(first or child)  # the kernel ends a namespace with its first process
        processes.end(os.getpid())
        if not options["sandbox"]:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.rmtree(f"{folder}-kept", ignore_errors=True)
    return []


def _cells(
    options: dict[str, Any],
    folder: str,
    line: socket.socket,
    report: socket.socket,
    job: dict[str, Any],
    ready: Ready,
    key: bytes,
) -> Work:
    """Return, in a confined process, the work of running a student's cells and tests beside them.

    In the sandbox that is the second process of the namespace; the first only waits.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    from .cells import reseed
    from .course import work_of
    from .files import put
    from .preload import import_what_is_installed

    _settle(options, folder)
    confine.keep_only(line.fileno(), report.fileno())
    with cast("Any", ready.notebook.shell).builtin_trap:
        import_what_is_installed(job["imports"])
    put(job["files"])
    reseed()
    return work_of(line, report.detach(), job, ready, key)


def _serve(options: dict[str, Any], line: int, server_end: int, ready: Ready, folder: str) -> None:
    """Run a student's cells in this process."""
    from . import cells

    counters = open_counters() if options["sandbox"] else -1  # before another /proc is mounted
    _settle(options, folder)
    connection = socket.socket(fileno=line)
    socket.send_fds(connection, [b"+"], [server_end])
    confine.keep_only(line, *([counters] if counters >= 0 else ()))
    cells.serve(connection, ready.notebook, counters)


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
