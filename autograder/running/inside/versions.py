"""Finding changes to modules and classes while a test ran, even if they were undone at once.

Python 3.11 and 3.12 give each dict a version number, which changes with the dict. The numbers of
the modules and classes that tests use to check answers are compared before and after a test. Later
Pythons have no such number: there only a change that lasts is found.
"""

from __future__ import annotations

import gc
import sys
from array import array
from types import ModuleType
from typing import Any

from .seal import hidden, sealed
from .words import WORD, Numbers

HAS_NUMBERS = sys.version_info < (3, 13) and sys.implementation.name == "cpython"
_BYTES = 64 * WORD  # of words that are compared at once
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
    """Modules or classes, each with the version number of its dict.

    `changed` gives those whose number is not the one of its last call: its caller restores them
    each time. To compare their contents instead would write to the reference count of each object
    in them (see words.py).
    """

    def __init__(self) -> None:
        self.saved: list[Any] = []
        self._numbers = Numbers()
        self._before = array("Q")

    def add(self, saved: Any, found: dict[str, Any]) -> None:
        """Add one, with its dict, which must not be freed."""
        self.saved.append(saved)
        if HAS_NUMBERS:
            self._before.append(self._numbers.add(place_of_number(found)))

    def make_changed(self) -> Any:
        """Return a sealed function that gives those that may have changed.

        Where dicts have no numbers, these are all.
        """
        values = {"SAVED": self.saved, "numbers": self._numbers.make_read()}
        values |= {"BEFORE": hidden([self._before.tobytes()]), "differing": sealed(differing)}
        return sealed(changed, **values)


class Versions:
    """The dicts whose numbers are compared."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._numbers = Numbers()

    def add(self, name: str, module: ModuleType) -> None:
        """Add a module and its classes, if tests use it to check answers."""
        if not HAS_NUMBERS or name not in _CHECKING:
            return
        self._add(name, vars(module))
        for key, each in vars(module).items():
            if isinstance(each, type) and each.__module__ == name:
                self._add(f"{name}.{key}", dict_of(each))

    def _add(self, name: str, found: dict[str, Any]) -> None:
        self._names.append(name)
        self._numbers.add(place_of_number(found))

    def make_check(self) -> Any:
        """Return a sealed function that names what has changed since it was last called."""
        values: dict[str, Any] = {
            "NAMES": tuple(self._names),
            "numbers": self._numbers.make_read(),
            "LAST": hidden([]),
            "differing": sealed(differing),
        }
        return sealed(newly_changed, **values)


def place_of_number(found: dict[Any, Any]) -> int:
    """Return the address of a dict's version number."""
    return id(found) + _PLACE


def dict_of(made: type) -> dict[str, Any]:
    """Return the dict of a class itself, not a view of it."""
    (found,) = gc.get_referents(vars(made))
    return found  # type: ignore[no-any-return]  # a class has no other kind


# The functions below are sealed (see seal.py); these names get their values then.
NAMES: tuple[str, ...] = ()
numbers: Any = None
LAST: list[bytes] = []
SAVED: list[Any] = []
BEFORE: list[bytes] = []


def differing(first: bytes, second: bytes) -> list[int]:
    """Return the indices of the words that differ; both have as many words.

    To go through what belongs to the words would write to the reference count of each of these.
    """
    found: list[int] = []
    for start in range(0, len(first), _BYTES):
        one, other = first[start : start + _BYTES], second[start : start + _BYTES]
        if one != other:
            pairs = zip(memoryview(one).cast("Q"), memoryview(other).cast("Q"))  # noqa: B905
            found += [start // WORD + at for at, (a, b) in enumerate(pairs) if a != b]
    return found


def changed() -> Any:
    """Return what has changed since the last call, at first since it was added."""
    now = numbers()
    if not len(now):
        return SAVED
    BEFORE.append(now)
    return [SAVED[at] for at in differing(now, BEFORE.pop(0))]


def newly_changed() -> list[str]:
    """Name what has changed since the last time."""
    now = numbers()
    before = LAST.pop() if len(LAST) else now
    LAST.append(now)
    return [NAMES[at] for at in differing(before, now)]


SEALED = (differing, newly_changed, changed)
