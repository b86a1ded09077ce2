"""Collects what a cell shows while it runs, as a notebook's file holds it.

Student code runs in this process, so the reader treats it as the student's claims.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher

MOST = 4 * 2**20  # characters of one cell's outputs, written as JSON
_LONGEST_STREAM = 2**18
_TYPES = ["text/plain", "text/html", "text/markdown", "image/png", "image/jpeg"]
_NAMED = ["image/svg+xml", "application/javascript"]
"""Types that are never shown, so that it can be said that they were left out."""


class _Hook(CapturingDisplayHook):
    """Takes the value of a cell's last line, unless a semicolon follows it."""

    def __init__(self, shell: Any, outputs: list[Any], source: str) -> None:
        cast("Any", super()).__init__(shell, outputs)
        self._is_quiet = source.rstrip().endswith(";")

    def __call__(self, result: Any = None) -> None:
        if not self._is_quiet:
            cast("Any", super()).__call__(result)


def show_everything(shell: Any) -> None:
    """Make figures and tables too, which are not needed otherwise; tracebacks are not printed."""
    shell.display_formatter.active_types = _TYPES + _NAMED
    shell._showtraceback = lambda *_: None  # noqa: SLF001 - IPython's own place for a front end's


def print_errors(shell: Any) -> None:
    """Print a word for each error shown, so that a call that shows one is known to print."""
    shell._showtraceback = lambda *_: print("an error")  # noqa: SLF001, T201 - as above


@contextlib.contextmanager
def shown_by(shell: Any, source: str) -> Iterator[list[dict[str, Any]]]:
    """Collect what a cell shows; the list is filled when the block ends."""
    outputs: list[dict[str, Any]] = []
    publisher = cast("Any", CapturingDisplayPublisher)()
    printed, complained = io.StringIO(), io.StringIO()
    before = shell.display_pub, shell.display_trap.hook
    shell.display_pub = publisher
    shell.display_trap.hook = _Hook(shell, publisher.outputs, source)
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(complained):
            yield outputs
    finally:
        shell.display_pub, shell.display_trap.hook = before
        with contextlib.suppress(Exception):  # a student's cell may have closed or replaced them
            outputs += _stream("stdout", printed)
            outputs += [_display(each["data"]) for each in publisher.outputs]
            outputs += _stream("stderr", complained)
            if len(json.dumps(outputs)) > MOST:
                outputs[:] = [{"output_type": "too_large"}]


def _stream(name: str, stream: io.StringIO) -> list[dict[str, Any]]:
    text = stream.getvalue()[:_LONGEST_STREAM]
    return [{"output_type": "stream", "name": name, "text": text}] if text else []


def _display(data: Mapping[str, Any]) -> dict[str, Any]:
    shown = {
        str(kind): base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)
        for kind, value in data.items()
    }
    return {"output_type": "display_data", "metadata": {}, "data": shown}
