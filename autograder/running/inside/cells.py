"""Runs a student's cells in order, like a notebook, and sends the requested answers.

Student code runs in this process, so its messages may be forged: the reader treats them as the
student's claims.
"""

from __future__ import annotations

import contextlib
import json
import random
import signal
import socket
import sys
from collections.abc import Iterator
from typing import Any

from .calls import call
from .encoding import Encoder
from .files import put
from .network import read_asked
from .notebook_shell import Notebook
from .showing import print_errors, show_everything, shown_by
from .time_limits import time_limit


class CellTimeout(KeyboardInterrupt):
    """A cell has timed out; a KeyboardInterrupt, so that `except Exception` does not catch it."""


def serve(line: socket.socket, notebook: Notebook, counters: int) -> None:
    """Do one job: run its cells, send the answers, then call functions on request.

    `counters` is a descriptor of the kernel's counters of the network, or -1.
    """
    reseed()
    notebook.begin()
    shell = notebook.shell
    stream = line.makefile("rwb")
    job = json.loads(stream.readline())
    put(job["files"])
    encoder = Encoder()

    def encode(value: Any) -> Any:
        with _within(job["cell_seconds"]):
            return encoder.encode(value)

    def tell(**message: Any) -> None:
        stream.write(json.dumps(message).encode() + b"\n")
        stream.flush()

    waiting = dict(job["due"])
    print_errors(shell)
    if job["show"]:
        show_everything(shell)
    hung = 0
    for cell in job["cells"]:
        _look(shell, waiting, cell["index"], encode, tell)
        if not (waiting or job["show"]):
            break
        tell(begins=cell["index"])
        seconds = time_limit(job["cell_seconds"], hung)
        if job["show"]:
            with shown_by(shell, cell["source"]) as outputs:
                error = _run(notebook, cell["source"], seconds)
            tell(ended=cell["index"], error=error, outputs=outputs)
        else:
            error = _run(notebook, cell["source"], seconds)
            tell(ended=cell["index"], error=error, network=read_asked(counters))
        hung += error.startswith("CellTimeout")
    _look(shell, waiting, job["end"], encode, tell)
    tell(done=True, network=read_asked(counters))
    for line_of_text in stream:
        request = json.loads(line_of_text)
        answer = notebook.inside(_call, encoder, request, request["seconds"])
        tell(**answer, network=read_asked(counters))


def reseed() -> None:
    """Seed the random generators anew: forks must not draw the same numbers."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()


def _look(shell: Any, waiting: dict[str, list[Any]], index: int, encode: Any, tell: Any) -> None:
    """Send the answers that are read before this cell, if they have a value.

    `waiting` holds by answer its name, then the cells before which it is read.
    """
    for wanted in [wanted for wanted, (_, *places) in waiting.items() if index in places]:
        name = waiting[wanted][0]
        if name in shell.user_ns:
            del waiting[wanted]
            tell(answer=wanted, value=encode(shell.user_ns[name]))
        elif index == waiting[wanted][-1]:
            del waiting[wanted]
            tell(answer=wanted, missing=True)


@contextlib.contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Interrupt a block that takes longer."""

    def stop(*_: object) -> None:
        raise CellTimeout

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _run(notebook: Notebook, source: str, seconds: float) -> str:
    """Run one cell; return its error and in which line it stopped as text, or ""."""
    try:
        with _within(seconds):
            name, words = notebook.run(source, history=False)
    except CellTimeout:
        return "CellTimeout"
    return f"{name}: {words}" if words else name


def _words(error: BaseException) -> str:
    with contextlib.suppress(Exception):
        return f"{type(error).__name__}: {error}"[:200]
    return "an error"


def _call(encoder: Encoder, request: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Call one of the student's functions."""
    try:
        return call(encoder, request, lambda: _within(seconds))
    except CellTimeout:
        return {"slow": True}
    except BaseException as error:  # noqa: BLE001 - a student's function may raise anything
        return {"raised": type(error).__name__[:80], "words": _words(error).partition(": ")[2]}
