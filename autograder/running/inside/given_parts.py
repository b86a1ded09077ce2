"""What given functions and classes are made of: recorded, compared, and put back.

Code and default values are recorded for protect.py: no honest notebook changes these. Of the other
parts honest code changes some. Nothing here calls student code.
"""

from __future__ import annotations

from functools import _lru_cache_wrapper, partial
from types import FunctionType
from typing import Any

from .function_parts import code_of, defaults_of, get_cell, set_cell
from .method_like import MISSING, class_dict, class_order, is_method_like, is_special
from .table_changes import PLAIN, is_alike, set_class

CACHED: Any = _lru_cache_wrapper
kwdefaults_of = FunctionType.__dict__["__kwdefaults__"].__get__
set_kwdefaults = FunctionType.__dict__["__kwdefaults__"].__set__
closure_of = FunctionType.__dict__["__closure__"].__get__
names_of_function = FunctionType.__dict__["__dict__"].__get__
names_of_cached = CACHED.__dict__["__dict__"].__get__
_HOLDING: dict[type, tuple[str, ...]] = {
    property: ("fget", "fset", "fdel"),
    classmethod: ("__func__",),
    staticmethod: ("__func__",),
    partial: ("func",),
}
HOLDING: dict[int, Any] = {
    id(kind): tuple(kind.__dict__[name].__get__ for name in names)
    for kind, names in _HOLDING.items()
}
"""By the id of a class of objects that hold functions: what gives these."""
MOST = 200
"""The most parts that are recorded of one name."""
FUNCTION, CELL, DICT, LIST, CLASS = range(5)

Part = tuple[int, Any, tuple[Any, ...], tuple[Any, ...]]
"""What kind of owner it is, the owner, the keys, and their values."""


# The functions below are sealed (see seal.py); these names get their values then.
CODES: list[Any] = []
KEPT: list[Any] = []
note_function: Any = None


def is_of_kind(value: Any, wanted: Any) -> bool:
    """Do what `isinstance` does, which asks an object for its class."""
    return [1 for kind in class_order(type(value)) if kind is wanted] != []


def parts_held(name: str, value: Any, whole: bool) -> list[Part]:
    """Return what a function or class is made of, and what that holds.

    Code is recorded for protect.py, as are default values: no honest notebook changes these. Of a
    function that is imported nothing else is recorded.
    """
    found: list[Part] = []
    waiting, seen = [value], {id(None): None}
    while waiting and len(found) < MOST:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen[id(each)] = each
        kind = type(each)
        if kind is FunctionType:
            CODES.append((name, each, code_of(each), defaults_of(each)))
            KEPT.append(kwdefaults_of(each))
            note_function(each)
            waiting += parts_of_function(each, found) if whole else []
        elif kind is CACHED:
            waiting += wrapped_in(names_of_cached(each))
        elif id(kind) in HOLDING:
            waiting += [part_of(each) for part_of in HOLDING.get(id(kind), ())]
        elif kind is dict:
            pairs = [pair for pair in list(each.items()) if id(type(pair[0])) in PLAIN]
            found.append((DICT, each, *split(pairs)))
        elif kind is list:
            found.append((LIST, each, (), tuple(each)))
        elif each is value and is_of_kind(each, type):
            pairs = [pair for pair in list(class_dict(each).items()) if type(pair[0]) is str]
            found.append((CLASS, each, *split([pair for pair in pairs if is_method_like(*pair)])))
            waiting += [pair[1] for pair in pairs if type(pair[1]) not in (dict, list)]
    return found


def split(pairs: list[Any]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return the keys and the values of pairs."""
    return tuple([key for key, _ in pairs]), tuple([value for _, value in pairs])


def parts_of_function(function: Any, found: list[Part]) -> list[Any]:
    """Add what a function has besides its code and defaults; return what it holds.

    Of the variables that it shares with others those that hold functions are recorded: others
    count calls, or keep results.
    """
    named, names = kwdefaults_of(function), names_of_function(function)
    found.append((FUNCTION, function, (), (named,)))
    held = [named] if type(named) is dict else []
    for each in (defaults_of(function), list(named.values()) if held else ()):
        held += [one for one in each if type(one) in (dict, list)] if is_plain(each) else []
    cells = closure_of(function)
    for cell in cells if is_plain(cells) else ():
        try:
            value = get_cell(cell)
        except ValueError:  # it is empty
            continue
        if type(value) in (FunctionType, CACHED) or id(type(value)) in HOLDING:
            found.append((CELL, cell, (), (value,)))
            held.append(value)
    return held + wrapped_in(names)


def is_plain(found: Any) -> bool:
    """Tell whether something is a tuple or a list and of no student's class."""
    return type(found) is tuple or type(found) is list


def wrapped_in(names: Any) -> list[Any]:
    """Return the function that a decorator stores with the one that it makes."""
    pairs = list(names.items()) if type(names) is dict else []
    return [each for name, each in pairs if type(name) is str and name == "__wrapped__"]


def values_held(part: Part) -> tuple[Any, ...]:
    """Return the present values of a part."""
    kind, owner, keys, before = part
    if kind == FUNCTION:
        return (kwdefaults_of(owner),)
    if kind == CELL:
        try:
            return (get_cell(owner),)
        except ValueError:
            return (MISSING,)
    if kind == LIST:
        return tuple(owner[: len(before)])
    pairs = list((owner if kind == DICT else class_dict(owner)).items())
    now = {key: value for key, value in pairs if id(type(key)) in PLAIN}
    return tuple([now.get(key, MISSING) for key in keys])


def is_changed(part: Part, same: bool) -> bool:
    """Tell whether a part has other values now; what is added to a table is no change.

    `same` is whether no function has changed.
    """
    if part[0] == FUNCTION and same:
        return False
    now, before = values_held(part), part[3]
    return len(now) != len(before) or not all(map(is_alike, now, before))


def put_back_part(kind: int, owner: Any, keys: Any, values: Any) -> None:
    """Put back the values of a part."""
    if kind == FUNCTION:
        set_kwdefaults(owner, values[0])
    elif kind == CELL:
        set_cell(owner, values[0])
    elif kind == DICT:
        pairs = list(owner.items())
        owner.clear()  # a key of a student's own class may equal any other
        owner.update([pair for pair in pairs if id(type(pair[0])) in PLAIN])
        owner.update(zip(keys, values))  # noqa: B905 - as long
        KEPT.append(pairs)
    elif kind == LIST:
        owner[: len(values)] = values
    else:
        now = values_held((kind, owner, keys, values))
        for name, one, value in zip(keys, now, values):  # noqa: B905 - as long
            if one is not value:
                set_class(owner, name, value)


SEALED = (
    *(is_special, is_method_like, is_alike, is_of_kind, is_plain, wrapped_in, split),
    *(parts_of_function, parts_held, values_held, is_changed, put_back_part),
)
