"""A limit on the processor time of a block of code.

Processor time is counted, since the same work takes longer by the clock on a busy machine, and
nobody must lose points by that.
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
    """The block took too long; not an `Exception`, so that the block does not catch it."""


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Stop a block that takes longer, between two bytecode instructions.

    There is no limit outside the main thread where a thread's processor time cannot be read.

    Raises:
        TimeUp: inside a block that took too long.

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
    """Use a signal of the kernel, which only the main thread can receive."""

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
    """Use another thread that reads this one's time: a cluster's worker is not in the main one."""
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
        _raise_in(
            thread, None
        )  # an error that was sent and not raised yet must not be raised later
        watching.join()


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Raise an error in another thread at its next instruction; None cancels it.

    See https://docs.python.org/3/c-api/init.html#c.PyThreadState_SetAsyncExc
    """
    raised = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)
