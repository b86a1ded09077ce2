"""Putting back the names of modules and the methods of classes that student code has replaced."""

from __future__ import annotations

import builtins
from _operator import is_
from itertools import repeat
from typing import Any

from .method_like import (
    OF_PYTHON,
    class_dict,
    class_order,
    is_method_like,
    was_method_like,
    was_there,
)

SHOWN_BY = frozenset(
    f"_repr_{name}_"
    for name in ("html", "javascript", "jpeg", "json", "latex", "markdown", "pdf", "png", "svg")
)
"""Methods with which a notebook shows an object; `sympy.init_printing` sets them on its classes."""
BUILTINS = frozenset(vars(builtins)) - {"__name__", "__doc__", "__spec__", "__loader__"}
set_class = type.__setattr__
delete_class = type.__delattr__

# The functions below are sealed (see seal.py); these names get their values then.
changed_modules: Any = None
changed_classes: Any = None
KEPT: list[Any] = []
NAMESPACE: dict[str, Any] = {}
BUILTIN_VALUES: dict[str, Any] = {}
ACCEPTED: dict[tuple[int, str], tuple[Any, ...]] = {}


def is_accepted(owner: int, name: str, value: Any) -> bool:
    """Tell whether a module or class may have this value instead of its own (nested_loops.py)."""
    known = [accepted for key, accepted in ACCEPTED.items() if key[0] == owner and key[1] is name]
    return [1 for accepted in known for each in accepted if each is value] != []


def put_back_namespace(noticed: list[str]) -> None:
    """Remove names of the notebook that are not plain strings: their class may define equality."""
    names = list(NAMESPACE.items())
    if [1 for key, _ in names if type(key) is not str]:
        noticed.append("its own names")
        KEPT.append(names)
        NAMESPACE.clear()
        NAMESPACE.update([pair for pair in names if type(pair[0]) is str])


def put_back_names(noticed: list[str]) -> None:
    """Restore the names of modules, and remove names that hide Python's own functions."""
    for label, found, size, names, values, others in changed_modules():
        if not all(map(is_, map(type, found), repeat(str))):  # its class may define equality
            noticed.append(label)
            KEPT.append(list(found.items()))
            plain = [pair for pair in found.items() if type(pair[0]) is str]
            found.clear()
            found.update(plain)
        if not all(map(is_, map(found.get, names), values)):
            for name, value in zip(names, values):  # noqa: B905 - made together
                now = found.get(name)
                if now is not value and not is_accepted(id(found), name, now):
                    noticed.append(label + "." + name)
                    KEPT.append(now)
                    found[name] = value
        if label != "builtins" and has_further(found, size, others):
            for name in BUILTINS.intersection(found).difference(names):
                if callable(found[name]) and found[name] is not BUILTIN_VALUES[name]:
                    noticed.append(label + "." + name)
                    KEPT.append(found[name])
                    del found[name]


def has_further(found: Any, size: int, others: tuple[str, ...]) -> bool:
    """Tell whether names may have been added; one may have been removed in exchange."""
    return len(found) != size or not all(map(found.__contains__, others))


def put_back_classes(noticed: list[str]) -> None:
    """Restore the methods of classes, and remove those that hide an inherited one."""
    for label, made, size, names, values, others in changed_classes():
        found = class_dict(made)
        if not all(map(is_, map(found.get, names), values)):
            for name, value in zip(names, values):  # noqa: B905 - made together
                now = found.get(name)
                if now is not value and not is_accepted(id(made), name, now):
                    noticed.append(label + "." + name)
                    KEPT.append(now)
                    set_class(made, name, value)
        if has_further(found, size, others):
            for name in set(found).difference(names, others, SHOWN_BY):
                if not is_accepted(id(made), name, found[name]) and hides(made, name, found[name]):
                    noticed.append(label + "." + name)
                    KEPT.append(found[name])
                    delete_class(made, name)


def hides(made: type, name: str, value: Any) -> bool:
    """Tell whether a further value of a class hides an inherited one; one is like a method.

    Where neither is, it is a constant: table_changes.py notices it.
    """
    bases = [base for base in class_order(made)[1:] if was_there(base, name)]
    if not bases:
        return False
    if is_method_like(name, value):
        return True
    return name not in OF_PYTHON and was_method_like(bases[0], name)
