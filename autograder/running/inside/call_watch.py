"""Ending a process in which a function of student code is called between cells and tests.

Python may call a method of a student's object there, for example to compare or to free it, and the
caller's frames hold the tests. Python 3.11 reports calls to a profile function. Later Pythons have
`sys.monitoring`, which reports the calls of a library's function once and then no more.
"""

from __future__ import annotations

import sys
from _thread import get_ident
from posix import _exit as leave
from posix import write
from typing import Any

from .library_code import make_library_code
from .seal import sealed

_monitoring: Any = getattr(sys, "monitoring", None)
TOOL = 4  # a number that Python gives to no tool of its own
set_profile = sys.setprofile
set_events: Any = getattr(_monitoring, "set_events", None)
set_callback: Any = getattr(_monitoring, "register_callback", None)
NO_MORE: Any = getattr(_monitoring, "DISABLE", None)
_EVENTS: Any = getattr(_monitoring, "events", None)
START, RESUME, THROW = (getattr(_EVENTS, f"PY_{name}", 0) for name in ("START", "RESUME", "THROW"))


def make_watch(report: int) -> dict[str, Any]:
    """Return sealed functions by their names: `watch_calls` and `ignore_calls`.

    The reason for which a process ends is written to the descriptor `report`.
    """
    values: dict[str, Any] = {"REPORT": report, "MAIN": get_ident(), **make_library_code()}
    values["end"] = sealed(end, **values)
    for step in (profiled, started, thrown):
        values[step.__name__] = sealed(step, **values)
    if _monitoring is None:
        steps = {"watch_calls": watch_by_profile, "ignore_calls": ignore_by_profile}
    else:
        _monitoring.use_tool_id(TOOL, "autograder")
        steps = {"watch_calls": watch_by_monitoring, "ignore_calls": ignore_by_monitoring}
    return {name: sealed(step, **values) for name, step in steps.items()}


# The functions below are sealed (see seal.py); these names get their values then.
REPORT = -1
is_library: Any = None
MAIN = 0


def end() -> None:
    """End the process, if this is its main thread: a notebook may have threads of its own."""
    if get_ident() == MAIN:
        write(REPORT, b"a call of its own function between cells and tests")
        leave(97)


def profiled(frame: Any, event: str, _: Any) -> None:
    """Hear of a call from a profile function; the audit hook looks for the name `f_code` here."""
    if event == "call" and not is_library(frame.f_code):
        end()


def started(code: Any, _: int) -> Any:
    """Hear that a function begins or continues; of this one no more if it is a library's."""
    return NO_MORE if is_library(code) else end()


def thrown(code: Any, _: int, __: BaseException) -> None:
    """Hear that an error is thrown into a generator, as when it is closed."""
    if not is_library(code):
        end()


def watch_by_profile() -> None:
    """Begin to hear of calls in this thread."""
    set_profile(profiled)


def ignore_by_profile() -> None:
    """Hear of no call any more."""
    set_profile(None)


def watch_by_monitoring() -> None:
    """Begin to hear of calls; a notebook may have freed the number, and the functions with it."""
    for event, function in ((START, started), (RESUME, started), (THROW, thrown)):
        set_callback(TOOL, event, function)
    set_events(TOOL, START | RESUME | THROW)


def ignore_by_monitoring() -> None:
    """Hear of no call any more."""
    set_events(TOOL, 0)


SEALED = (
    *(end, profiled, started, thrown),
    *(watch_by_profile, ignore_by_profile, watch_by_monitoring, ignore_by_monitoring),
)
