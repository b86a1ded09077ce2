"""A limit on how much of the processor a piece of this package's own work may take.

The seconds are the processor's: on a busy machine the same work takes longer by the clock, and
nobody must lose a mark by that.
"""

from __future__ import annotations

import contextlib
import ctypes
import signal
import sys
import threading
import time
from collections.abc import Iterator


class TimeUp(BaseException):
    """The work took too long; not an `Exception`, so that nothing in it catches this."""


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Stop what takes longer, between two steps of Python.

    Where this is not the main thread and no thread's time can be read, there is no limit.

    Raises:
        TimeUp: In the midst of what took too long.

    >>> with within(10):
    ...     sum(range(100))
    4950
    """
    if threading.current_thread() is threading.main_thread():
        limit = _by_signal(seconds)
    elif sys.platform == "linux":
        limit = _by_watching(seconds)
    else:
        limit = contextlib.nullcontext()
    with limit:
        yield


@contextlib.contextmanager
def _by_signal(seconds: float) -> Iterator[None]:
    """Have the kernel interrupt; only a main thread can be told so."""

    def stop(*_: object) -> None:
        raise TimeUp

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextlib.contextmanager
def _by_watching(seconds: float) -> Iterator[None]:
    """Have another thread look at this one's time: a worker of a cluster marks beside its main."""
    thread = threading.get_ident()
    clock = time.pthread_getcpuclockid(thread)
    end = time.clock_gettime(clock) + seconds
    done, either = threading.Event(), threading.Lock()

    def watch() -> None:
        while (left := end - time.clock_gettime(clock)) > 0:
            if done.wait(left):
                return
        with either:
            if not done.is_set():
                _raise_in(thread, TimeUp)

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        with either:
            done.set()
        _raise_in(thread, None)  # what was sent and has not arrived must not arrive later
        watching.join()


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Raise an error in another thread at its next step, or take it back.

    See https://docs.python.org/3/c-api/init.html#c.PyThreadState_SetAsyncExc
    """
    raised = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)
