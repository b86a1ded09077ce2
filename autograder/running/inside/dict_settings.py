"""The settings that libraries keep in dicts: options of pandas, of printed arrays, of databases."""

from __future__ import annotations

import sys
from typing import Any

from .seal import hidden
from .versions import HAS_NUMBERS, place_of_number
from .words import Numbers

_DICTS = {
    ("sqlite3", "adapters"): "sqlite3.register_adapter",
    ("sqlite3", "converters"): "sqlite3.register_converter",
    ("_csv", "_dialects"): "csv.register_dialect",
    ("pandas._config.config", "_global_config"): "pandas.set_option",
    ("numpy.core.arrayprint", "_format_options"): "numpy.set_printoptions",
    ("numpy._core.arrayprint", "_format_options"): "numpy.set_printoptions",
}


def values_of_dicts() -> dict[str, Any]:
    """Return what `dicts_now` goes by."""
    found = [(getattr(sys.modules.get(key[0]), key[1], None), name) for key, name in _DICTS.items()]
    dicts = [each for held, label in found for each in _dicts_in(label, held)]
    numbers = Numbers()
    for _, held in dicts if HAS_NUMBERS else ():
        numbers.add(place_of_number(held))
    return {"DICTS": dicts, "numbers_of_dicts": numbers.make_read(), "READ": hidden({})}


def _dicts_in(label: str, found: Any) -> list[tuple[str, dict[Any, Any]]]:
    """Return a dict and those in it, the outer ones first."""
    if type(found) is not dict:
        return []
    return [(label, found), *(one for each in found.values() for one in _dicts_in(label, each))]


# The function below is sealed (see seal.py); these names get their values then.
DICTS: list[tuple[str, dict[Any, Any]]] = []
numbers_of_dicts: Any = None
READ: dict[bytes, list[tuple[str, list[Any], Any, Any]]] = {}


def dicts_now() -> list[tuple[str, list[Any], Any, Any]]:
    """Return what the dicts hold now, as settings.

    Each change of a dict gives it a new number, so with the same numbers the result is the same. To
    go through the entries would write to their reference counts (see words.py).
    """
    numbers = numbers_of_dicts()
    found = READ.get(numbers)
    if found is not None:
        return found
    found = []
    for label, held in DICTS:
        pairs = list(held.items())
        found.append((label, [each for pair in pairs for each in pair], held, pairs))
    if len(numbers):
        READ[numbers] = found
    return found
