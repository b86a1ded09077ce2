"""Restoring the parts of functions that student code has replaced."""

from __future__ import annotations

from _operator import is_
from types import CellType, FunctionType
from typing import Any

set_cell = CellType.__dict__["cell_contents"].__set__
get_cell = CellType.__dict__["cell_contents"].__get__
code_of = FunctionType.__dict__["__code__"].__get__
set_code = FunctionType.__dict__["__code__"].__set__
defaults_of = FunctionType.__dict__["__defaults__"].__get__
set_defaults = FunctionType.__dict__["__defaults__"].__set__

# The functions below are sealed (see seal.py); these names get their values then.
CELLS: list[tuple[str, Any, Any]] = []
DEFAULTS: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
CODES: list[tuple[str, FunctionType, Any, Any]] = []
KEPT: list[Any] = []
same_functions: Any = None
same_given: Any = None


def put_back_functions(noticed: list[str]) -> None:
    """Restore the parts of functions: closures, defaults, the code of given ones."""
    for name, function, code, defaults in () if same_given() else CODES:
        if code_of(function) is not code or defaults_of(function) is not defaults:
            noticed.append(name)
            KEPT.append((code_of(function), defaults_of(function)))
            set_code(function, code)
            set_defaults(function, defaults)
    if same_functions():
        return
    for name, cell, value in CELLS:
        try:
            now = get_cell(cell)
        except ValueError:
            now = None
        if now is not value:
            noticed.append(name)
            KEPT.append(now)
            set_cell(cell, value)
    for name, found, saved in DEFAULTS:
        if len(found) != len(saved) or not all(map(is_, map(found.get, saved), saved.values())):
            noticed.append(name)
            KEPT.append(list(found.items()))
            found.clear()
            found.update(saved)
