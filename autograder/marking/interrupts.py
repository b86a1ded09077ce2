"""Ctrl-C that waits until a thing that must be done whole is done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait until the block has ended; it is heard then.

    A library that is interrupted in the midst of a transaction undoes it, but may print a traceback
    of its own. Only a main thread hears Ctrl-C at all.

    >>> with uninterrupted():
    ...     print("recorded")
    recorded
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if heard and callable(before):
            before(signal.SIGINT, None)
