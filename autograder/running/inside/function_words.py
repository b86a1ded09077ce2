"""Telling whether given functions still have their code and defaults, from their words in memory.

To read the code of a function is reported to audit hooks, which takes longer than all the rest.
"""

from __future__ import annotations

from functools import cache
from types import FunctionType
from typing import Any

from .seal import hidden, sealed
from .words import WORD, memory_of_process, place_of, read_word, take


def make_function_words() -> dict[str, Any]:
    """Return the sealed functions of this module by their names."""
    values: dict[str, Any] = {"MEMORY": memory_of_process(), "OFFSETS": _offsets()}
    values |= {"PLACES": hidden([]), "BEFORE": hidden([])}
    for step in SEALED:
        values[step.__name__] = sealed(step, **values)
    return {step.__name__: values[step.__name__] for step in SEALED}


@cache
def _offsets() -> tuple[int, ...]:
    """Return the words of a function with its code and defaults; none where one is not found."""

    def example(first: Any = object, *, second: Any = object) -> None:
        del first, second

    words = [read_word(id(example) + at * WORD) for at in range(FunctionType.__basicsize__ // WORD)]
    parts = [id(each) for each in (example.__code__, example.__defaults__, example.__kwdefaults__)]
    return tuple(words.index(each) for each in parts if each in words)


# The functions below are sealed (see seal.py); these names get their values then.
MEMORY: Any = None
OFFSETS: tuple[int, ...] = ()
PLACES: list[int] = []
BEFORE: list[int] = []


def note_function(function: Any) -> None:
    """Record the words of a function; what it holds now must not be freed."""
    found = [place_of(id(function)) + at for at in OFFSETS]
    PLACES.extend(found)
    BEFORE.extend(take(MEMORY, found).tolist() if len(OFFSETS) else ())


def same_given() -> bool:
    """Tell whether all functions have what they had."""
    if len(OFFSETS) != 3:  # noqa: PLR2004 - code and two kinds of defaults
        return False
    return len(PLACES) == 0 or take(MEMORY, PLACES).tolist() == list(BEFORE)


SEALED = (place_of, note_function, same_given)
