"""Whether what a test checks with was changed while it ran, even if it was put back in time.

Python 3.11 and 3.12 give each dict a number that changes with the dict. The numbers of the modules
and classes that tests check with are compared before and after a test. Later Pythons have no such
number: there only what stays changed is noticed.
"""

from __future__ import annotations

import gc
import sys
from _ctypes import _SimpleCData
from ctypes import c_uint64
from itertools import compress
from operator import ne
from types import ModuleType
from typing import Any

from .seal import hidden, sealed

_HAS_NUMBERS = sys.version_info < (3, 13) and sys.implementation.name == "cpython"
_PLACE = 24  # of ma_version_tag in a PyDictObject of a 64-bit CPython
_CHECKING = frozenset(
    {"ast", "cmath", "collections", "contextlib", "copy", "decimal", "fractions", "functools"}
    | {
        "inspect",
        "io",
        "itertools",
        "json",
        "math",
        "numbers",
        "re",
        "string",
        "numpy",
        "numpy._core.numeric",
        "numpy.testing",
        "operator",
        "statistics",
    }
    | {"numpy.testing._private.utils", "unittest.case", "unittest.util", "unittest.result"}
)
value_of = vars(_SimpleCData)["value"].__get__


class Numbered:
    """Modules or classes, each with the number of its dict: `changed` chooses by it.

    To compare what they hold, each object in them has to be touched, and in a fork that copies the
    page of memory that the object lies in: 20 milliseconds, against half a millisecond.
    """

    def __init__(self) -> None:
        self.saved: list[Any] = []
        self._numbers: list[Any] = []
        self._before: list[int] = []

    def add(self, saved: Any, found: dict[str, Any]) -> None:
        """Take one, with its dict, which must live on."""
        self.saved.append(saved)
        if _HAS_NUMBERS:
            self._numbers.append(c_uint64.from_address(id(found) + _PLACE))
            self._before.append(self._numbers[-1].value)

    def make_changed(self) -> Any:
        """Return a sealed function that gives those that are not as they were.

        Where dicts have no numbers it gives all.
        """
        values = {"SAVED": self.saved, "NUMBERS": self._numbers, "BEFORE": self._before}
        return sealed(changed, **values)


class Versions:
    """The dicts whose numbers are compared."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._numbers: list[Any] = []

    def add(self, name: str, module: ModuleType) -> None:
        """Take a module and its classes, where tests check with it."""
        if not _HAS_NUMBERS or name not in _CHECKING:
            return
        self._add(name, vars(module))
        for key, each in vars(module).items():
            if isinstance(each, type) and each.__module__ == name:
                self._add(f"{name}.{key}", dict_of(each))

    def _add(self, name: str, found: dict[str, Any]) -> None:
        self._names.append(name)
        self._numbers.append(c_uint64.from_address(id(found) + _PLACE))

    def make_check(self) -> Any:
        """Return a sealed function that names what has changed since it was last called."""
        values: dict[str, Any] = {
            "NAMES": tuple(self._names),
            "NUMBERS": tuple(self._numbers),
            "LAST": hidden([]),
        }
        return sealed(moved, **values)


def dict_of(made: type) -> dict[str, Any]:
    """Return the dict of a class itself, not a view of it."""
    (found,) = gc.get_referents(vars(made))
    return found  # type: ignore[no-any-return]  # a class has no other kind


# What follows is sealed. These names are given then.
NAMES: tuple[str, ...] = ()
NUMBERS: tuple[Any, ...] = ()
LAST: list[list[int]] = []
SAVED: list[Any] = []
BEFORE: list[int] = []


def changed() -> Any:
    """Return what has changed since it was taken."""
    return compress(SAVED, map(ne, map(value_of, NUMBERS), BEFORE)) if len(NUMBERS) else SAVED


def moved() -> list[str]:
    """Name what has changed since the last time."""
    now = list(map(value_of, NUMBERS))
    before = LAST.pop() if len(LAST) else now
    LAST.append(now)
    return list(compress(NAMES, map(ne, before, now)))


SEALED = (moved, changed)
