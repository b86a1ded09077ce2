"""Finding changes that only a write to memory can make: in functions, classes of C, numbers.

Python refuses these changes, or reports them to the audit hook, which ends the process. A notebook
that made one nevertheless has written to memory. Then no result of its process can be trusted, and
the process ends. This finds the easy cases, not every such write.
"""

from __future__ import annotations

from _operator import is_
from _struct import pack
from posix import _exit as leave
from posix import write
from types import FunctionType
from typing import Any

from .seal import sealed
from .versions import dict_of
from .words import Words

_OF_PYTHON_CODE, _IMMUTABLE = 1 << 9, 1 << 8  # Py_TPFLAGS_HEAPTYPE, Py_TPFLAGS_IMMUTABLETYPE
CHECKING = (
    *("collections.", "contextlib.", "copy.", "fractions.", "inspect.", "io.", "json.", "numpy."),
    *("pandas.", "random.", "re.", "statistics.", "unittest."),
)
"""How the names of the functions begin by which tests check answers; 8,000 take 15 us to read."""
_SMALL = range(-5, 257)  # the numbers of which Python keeps one object each
code_of = FunctionType.__dict__["__code__"].__get__
class_dict = type.__dict__["__dict__"].__get__


class Fixed:
    """Functions, classes and numbers as they were before any student's code."""

    def __init__(self) -> None:
        self._functions: list[FunctionType] = []
        self._names: list[str] = []
        self._classes: list[tuple[str, Any, tuple[str, ...], tuple[Any, ...]]] = []
        self._words = Words()

    @staticmethod
    def holds(made: type) -> bool:
        """Return whether Python refuses to change a class."""
        return not made.__flags__ & _OF_PYTHON_CODE or bool(made.__flags__ & _IMMUTABLE)

    def add_class(self, name: str, made: type) -> None:
        """Record what a class holds."""
        whole = dict(class_dict(made))
        self._classes.append((name, made, (*whole,), (*whole.values(),)))
        self._words.add_dict(dict_of(made))

    def add_function(self, name: str, function: FunctionType) -> None:
        """Record the code of a function, if it is in a module that tests use to check answers."""
        if name.startswith(CHECKING):
            self._names.append(name)
            self._functions.append(function)
            self._words.add_code(function)

    def make_check(self) -> Any:
        """Return a sealed function that names something that has changed, or gives ""."""
        count = f"{len(_SMALL) + 2}h"
        values: dict[str, Any] = {
            "same": self._words.make_same(),
            "NAMES": tuple(self._names),
            "FUNCTIONS": tuple(self._functions),
            "CODES": tuple(map(code_of, self._functions)),
            "CLASSES": self._classes,
            "FORM": count,
            "NUMBERS": (*_SMALL, True, False),
            "WRITTEN": pack(count, *_SMALL, True, False),
        }
        return sealed(change_in_memory, **values)


# The functions below are sealed (see seal.py); these names get their values then.
REPORT = -1
NAMES: tuple[str, ...] = ()
FUNCTIONS: tuple[FunctionType, ...] = ()
CODES: tuple[Any, ...] = ()
CLASSES: list[tuple[str, Any, tuple[str, ...], tuple[Any, ...]]] = []
FORM = ""
NUMBERS: tuple[int, ...] = ()
WRITTEN = b""
same: Any = None
memory_changed: Any = None


def ensure_intact() -> None:
    """End the process when memory has been written to."""
    found = memory_changed()
    if len(found):
        write(REPORT, ("a write to memory: " + found).encode())
        leave(97)


def change_in_memory() -> str:
    """Name something that has changed."""
    if pack(FORM, *NUMBERS) != WRITTEN:
        return "numbers"
    if same():
        return ""
    if not all(map(is_, map(code_of, FUNCTIONS), CODES)):
        for name, function, code in zip(NAMES, FUNCTIONS, CODES):  # noqa: B905 - made together
            if code_of(function) is not code:
                return name
    for name, made, names, values in CLASSES:
        found = class_dict(made)
        if len(found) != len(names) or not all(map(is_, map(found.get, names), values)):
            return name
    return ""


SEALED = (change_in_memory, ensure_intact)
