"""What a student's function uses outside itself, and whether another process can call it.

A test that calls a function from another process sees what it returns or raises. Most functions do
nothing else. One that also changes names of its notebook, files, other processes or hidden state
has a `doubt`, which says so.
"""

from __future__ import annotations

import builtins
import dis
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

MODULES = frozenset(
    {"bisect", "cmath", "collections", "copy", "datetime", "decimal", "fractions", "functools"}
    | {"heapq", "itertools", "json", "math", "numbers", "numpy", "operator", "random", "re"}
    | {"statistics", "stridewise", "string", "typing", "scipy"}
)
"""Modules of pure functions; random draws are checked separately."""
_BUILTINS_NOT = frozenset(
    {"__import__", "breakpoint", "compile", "delattr", "dir", "eval", "exec", "exit", "globals"}
    | {"help", "id", "input", "locals", "open", "quit", "setattr", "vars", "display"}
    | {"get_ipython", "hash"}
)
_FILES = frozenset(
    {"fromfile", "genfromtxt", "load", "loadtxt", "memmap", "save", "savetxt", "savez", "tofile"}
    | {"seterr", "seterrcall", "set_printoptions", "seed"}
)
_NAMES = frozenset({"LOAD_GLOBAL", "LOAD_NAME"})
_WRITES = frozenset({"STORE_GLOBAL", "DELETE_GLOBAL", "STORE_NAME", "DELETE_NAME"})
_ATTRIBUTES = frozenset({"LOAD_ATTR", "LOAD_METHOD"})
_STORES = frozenset({"STORE_ATTR", "DELETE_ATTR"})
_PLAIN = (type(None), bool, int, float, complex, str, bytes, type(...))


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """The names that a function looks up outside itself, their values, and the doubt."""

    names: frozenset[str]
    held: tuple[tuple[str, Any], ...] = ()
    doubt: str = ""

    def is_still(self, other: Reach) -> bool:
        """Return whether the names still have exactly the same values."""
        mine, theirs = dict(self.held), dict(other.held)
        return mine.keys() == theirs.keys() and all(mine[name] is theirs[name] for name in mine)


def reach_of(function: Any) -> Reach:
    """Find what a function looks up, also through the functions that it uses."""
    if type(function) is not FunctionType:
        return Reach(frozenset(), doubt="it is not a plain function")
    walk = _Walk()
    try:
        walk.function(function)
    except BaseException:  # noqa: BLE001 - the object may be anything of a student's
        walk.doubt = "it cannot be inspected"
    return Reach(frozenset(walk.held), tuple(walk.held.items()), walk.doubt)


class _Walk:
    """The names and functions found so far."""

    def __init__(self) -> None:
        self.held: dict[str, Any] = {}
        self.doubt = ""
        self._seen: set[int] = set()

    def function(self, function: FunctionType) -> None:
        """Inspect one function."""
        if id(function) in self._seen:
            return
        self._seen.add(id(function))
        if function.__dict__:
            self.doubt = self.doubt or f"{function.__name__} has attributes of its own"
        for default in (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()):
            self._value("a default value", default)
        for name, cell in zip(
            function.__code__.co_freevars, function.__closure__ or (), strict=True
        ):
            self._value(name, cell.cell_contents)
        self._code(function.__code__, function.__globals__)

    def _code(self, code: CodeType, names: dict[str, Any]) -> None:
        for each in _codes(code):
            for step in dis.get_instructions(each):
                self._step(step, names, own=each is code, free=code.co_freevars)

    def _step(
        self, step: dis.Instruction, names: dict[str, Any], *, own: bool, free: tuple[str, ...]
    ) -> None:
        """Inspect one bytecode instruction."""
        kind, name = step.opname, str(step.argval)
        if kind in _NAMES:
            self._global(name, names)
        elif kind in _WRITES or kind in _STORES or (kind == "STORE_DEREF" and own and name in free):
            self.doubt = self.doubt or f"it changes {name}"
        elif kind in ("IMPORT_NAME", "IMPORT_FROM") and kind == "IMPORT_NAME":
            if name.partition(".")[0] not in MODULES:
                self.doubt = self.doubt or f"it imports {name}"
        elif kind in _ATTRIBUTES and name in _FILES:
            self.doubt = self.doubt or f"it uses .{name}"

    def _global(self, name: str, names: dict[str, Any]) -> None:
        if name in names:
            if name not in self.held:
                self.held[name] = names[name]
                self._value(name, names[name])
        elif name in _BUILTINS_NOT or not hasattr(builtins, name):
            self.held[name] = _ABSENT
            if name in _BUILTINS_NOT:
                self.doubt = self.doubt or f"it uses {name}"

    def _value(self, name: str, value: Any) -> None:
        """Inspect a name's value: a function, a module, a constant, or something doubtful."""
        if type(value) is FunctionType and value.__module__ == "__main__":
            self.function(value)
        elif not _is_constant(value) and not _is_of_library(value):
            self.doubt = self.doubt or f"it uses {name}, which may change"


_ABSENT = object()


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if type(constant) is CodeType:
            yield from _codes(constant)


def _is_constant(value: Any) -> bool:
    if type(value) in (tuple, frozenset):
        return all(map(_is_constant, value))
    return type(value) in _PLAIN


def _is_of_library(value: Any) -> bool:
    """Return whether a value is a module, class or function of a known library."""
    if type(value) is ModuleType:
        return value.__name__.partition(".")[0] in MODULES
    if not callable(value) or not (inspect.isroutine(value) or isinstance(value, type)):
        home = type(value).__module__
        if home.partition(".")[0] != "numpy" or not callable(value):
            return False
    home = str(getattr(value, "__module__", None) or "builtins").partition(".")[0]
    return home in MODULES or home == "builtins"
