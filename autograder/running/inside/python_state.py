"""Restoring what Python itself keeps: hooks, loaded modules, timers, the event loop.

What student code has changed is restored, and reported. protect.py does it for modules and classes.
"""

from __future__ import annotations

import builtins
import sys
from _operator import is_
from _signal import ITIMER_PROF, ITIMER_REAL, ITIMER_VIRTUAL, SIG_SETMASK, setitimer
from _signal import pthread_sigmask as set_mask
from typing import Any

LOADED, FOUND_BY = sys.modules, sys.path_importer_cache
class_of = object.__dict__["__class__"].__get__
set_class_of = object.__dict__["__class__"].__set__
class_dict = type.__dict__["__dict__"].__get__
class_order = type.__dict__["__mro__"].__get__
bases_of = type.__dict__["__bases__"].__get__
set_bases_of = type.__dict__["__bases__"].__set__
set_trace = sys.settrace

_COUNTED = ("_num_runs_pending", "_nest_deferred")
_COUNTS = (int, list, type(None))
"""What `nest_asyncio` counts on the loop itself, and as what."""

# The functions below are sealed (see seal.py); these names get their values then.
KEPT: list[Any] = []
LISTS: list[tuple[str, list[Any], list[Any]]] = []
BEFORE: dict[str, Any] = {}
KINDS: list[tuple[str, Any, type]] = []
BASES: list[tuple[str, type, tuple[type, ...]]] = []
same_loaded: Any = None
same_kinds: Any = None
same_importers: Any = None
IMPORTERS: dict[str, Any] = {}
NAMESPACE: dict[str, Any] = {}
LOOP: Any = None
LOOP_CLASS: Any = None
LOOP_NAMES: dict[str, Any] = {}


def stop_watching() -> None:
    """Remove trace functions, cancel timers, and let all signals through."""
    set_trace(None)
    set_mask(SIG_SETMASK, ())
    for timer in (ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF):
        setitimer(timer, 0)


def put_back_rest(noticed: list[str]) -> None:
    """Restore lists of hooks, loaded modules, and Python's own names."""
    for name, listed, before in LISTS:
        if len(listed) != len(before) or not all(map(is_, listed, before)):
            noticed.append(name)
            KEPT.append(list(listed))
            listed[:] = before
    if NAMESPACE.get("__builtins__") is not builtins:
        if NAMESPACE.get("__builtins__") is not vars(builtins):  # `exec` sets it, as `%pylab` does
            noticed.append("__builtins__")
        KEPT.append(NAMESPACE.get("__builtins__"))
        NAMESPACE["__builtins__"] = builtins


def put_back_kinds(noticed: list[str]) -> None:
    """Put back the classes of modules, and the metaclasses and bases of classes."""
    if same_kinds():
        return
    for name, item, kind in KINDS:
        if class_of(item) is not kind:
            noticed.append(name)
            set_class_of(item, kind)
    for name, made, bases in BASES:
        if bases_of(made) is not bases:
            noticed.append(name)
            KEPT.append(bases_of(made))
            set_bases_of(made, bases)


def put_back_imports(noticed: list[str]) -> None:
    """Restore loaded modules, and the objects that find further ones."""
    if not same_loaded() and [1 for name in list(LOADED) if type(name) is not str]:
        noticed.append("sys.modules")
        KEPT.append(list(LOADED.items()))
        LOADED.clear()
        LOADED.update([pair for pair in KEPT[-1] if type(pair[0]) is str])
    for name, module in () if same_loaded() else BEFORE.items():
        if LOADED.get(name) is not module:
            noticed.append("sys.modules: " + name)
            KEPT.append(LOADED.get(name))
            LOADED[name] = module
    for name, found in () if same_importers() else IMPORTERS.items():
        if FOUND_BY.get(name, found) is not found:
            noticed.append("sys.path_importer_cache")
            KEPT.append(FOUND_BY.get(name))
            FOUND_BY[name] = found


def put_back_loop(noticed: list[str]) -> None:
    """Restore the event loop's class, and the methods that run a coroutine."""
    if class_of(LOOP) is not LOOP_CLASS:
        noticed.append("the event loop")
        set_class_of(LOOP, LOOP_CLASS)
    if [1 for name in LOOP_NAMES if type(name) is not str]:  # its class may define equality
        noticed.append("the event loop")
        KEPT.append(list(LOOP_NAMES.items()))
        LOOP_NAMES.clear()
        LOOP_NAMES.update([pair for pair in KEPT[-1] if type(pair[0]) is str])
    of_class = [class_dict(base) for base in class_order(LOOP_CLASS)]
    for name in [name for name in LOOP_NAMES if [1 for found in of_class if name in found]]:
        if name in _COUNTED and [1 for kind in _COUNTS if kind is type(LOOP_NAMES[name])]:
            continue
        noticed.append("the event loop")
        KEPT.append(LOOP_NAMES[name])
        del LOOP_NAMES[name]
    if LOOP_NAMES.get("_task_factory") is not None:
        noticed.append("the event loop")
        KEPT.append(LOOP_NAMES["_task_factory"])
        LOOP_NAMES["_task_factory"] = None
