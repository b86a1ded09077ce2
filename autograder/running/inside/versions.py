"""Whether what a test checks with was changed while it ran, even if it was put back in time.

Python 3.11 and 3.12 give each dict a number that changes with the dict. The numbers of the modules
and classes that tests check with are compared before and after a test. Later Pythons have no such
number: there only what stays changed is noticed.
"""

from __future__ import annotations

import gc
import sys
from array import array
from itertools import compress
from operator import ne
from types import ModuleType
from typing import Any

from .seal import hidden, sealed
from .words import Numbers

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


class Numbered:
    """Modules or classes, each with the number of its dict: `changed` chooses by it.

    To compare what they hold, each object in them would have to be looked at (see words.py).
    """

    def __init__(self) -> None:
        self.saved: list[Any] = []
        self._numbers = Numbers()
        self._before = array("Q")

    def add(self, saved: Any, found: dict[str, Any]) -> None:
        """Take one, with its dict, which must live on."""
        self.saved.append(saved)
        if _HAS_NUMBERS:
            self._before.append(self._numbers.add(id(found) + _PLACE))

    def make_changed(self) -> Any:
        """Return a sealed function that gives those that are not as they were.

        Where dicts have no numbers it gives all.
        """
        values = {"SAVED": self.saved, "numbers": self._numbers.make_read()}
        values |= {"BEFORE": self._before.tobytes(), "words_in": sealed(words_in)}
        return sealed(changed, **values)


class Versions:
    """The dicts whose numbers are compared."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._numbers = Numbers()

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
        self._numbers.add(id(found) + _PLACE)

    def make_check(self) -> Any:
        """Return a sealed function that names what has changed since it was last called."""
        values: dict[str, Any] = {
            "NAMES": tuple(self._names),
            "numbers": self._numbers.make_read(),
            "LAST": hidden([]),
            "words_in": sealed(words_in),
        }
        return sealed(moved, **values)


def dict_of(made: type) -> dict[str, Any]:
    """Return the dict of a class itself, not a view of it."""
    (found,) = gc.get_referents(vars(made))
    return found  # type: ignore[no-any-return]  # a class has no other kind


# What follows is sealed. These names are given then.
NAMES: tuple[str, ...] = ()
numbers: Any = None
LAST: list[bytes] = []
SAVED: list[Any] = []
BEFORE = b""


def words_in(written: bytes) -> Any:
    """Return bytes as the numbers that they are."""
    return memoryview(written).cast("Q")


def changed() -> Any:
    """Return what has changed since it was taken."""
    now = numbers()
    if not now:
        return SAVED
    return () if now == BEFORE else compress(SAVED, map(ne, words_in(now), words_in(BEFORE)))


def moved() -> list[str]:
    """Name what has changed since the last time."""
    now = numbers()
    before = LAST.pop() if len(LAST) else now
    LAST.append(now)
    return [] if now == before else list(compress(NAMES, map(ne, words_in(before), words_in(now))))


SEALED = (words_in, moved, changed)
