"""Naming the tables of libraries that student code has changed, and putting them back.

tables.py records them. Nothing here calls student code.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from .method_like import (
    MISSING,
    OF_PYTHON,
    class_dict,
    class_order,
    is_hidden_by_attribute,
    is_method_like,
    is_special,
    was_method_like,
    was_there,
)
from .words import WORD

PLAIN = frozenset(map(id, (int, float, complex, str, bytes, bool, type(None))))
SAFE = PLAIN | {id(type)}
"""The ids of classes of keys whose comparison is no student's code."""
set_class, delete_class = type.__setattr__, type.__delattr__
get_items = dict.items
SIZED = frozenset(map(id, (str, bytes, tuple, dict, list, set)))

# The functions below are sealed (see seal.py); these names get their values then.
TABLES: list[list[Any]] = []
DICTS: Any = ()
LISTS: Any = ()
numbers: Any = None
same_lists: Any = None
differing: Any = None
NUMBERS = bytearray()
CLOSED: dict[int, int] = {}
"""By the id of a table to which nothing is to be added: its length."""
EARLIER: list[Any] = []
KEPT: list[Any] = []


def is_alike(one: Any, other: Any) -> bool:
    """Tell whether two values are the same object, or equal plain values."""
    return one is other or (type(one) is type(other) and id(type(one)) in PLAIN and one == other)


def values_now(at: int) -> tuple[Any, ...]:
    """Return the present values of a table's entries."""
    found, keys = TABLES[at][2:4]
    if at in LISTS:
        return tuple(found)
    now = {id(key): value for key, value in list(get_items(found))}
    return tuple([now.get(id(key), MISSING) for key in keys])


def differs(at: int, before: Any) -> bool:
    """Tell whether an entry has been replaced or removed, or added to a closed table."""
    found = TABLES[at][2]
    if id(found) in CLOSED and len(found) > CLOSED[id(found)]:
        return True
    now = values_now(at)
    if type(found) is set:
        there = {id(each) for each in now}
        return [1 for each in before if id(each) not in there] != []
    return len(now) < len(before) or not all(map(is_alike, before, now))


def is_nothing(value: Any) -> bool:
    """Tell whether a library's value is None, or holds nothing."""
    return value is None or (id(type(value)) in SIZED and len(value) == 0)


def counts_in_class(made: type, name: str, value: Any) -> bool:
    """Tell whether a further name of a class is a setting.

    Python looks it up itself and does something else where a class has none, or it hides a
    constant. names.py removes what hides a method.
    """
    if is_method_like(name, value) or name in OF_PYTHON:
        return is_special(name) and name not in OF_PYTHON
    bases = [base for base in class_order(made)[1:] if was_there(base, name)]
    if not bases or was_method_like(bases[0], name):
        return False
    return not is_nothing(class_dict(bases[0]).get(name))


def counts_in_object(kind: type, name: str, value: Any) -> bool:
    """Tell whether a further name of an object hides a method or a constant of its class."""
    bases = [base for base in class_order(kind) if was_there(base, name)]
    if not bases:
        return is_special(name) and is_method_like(name, value)
    hidden = class_dict(bases[0]).get(name)
    return is_hidden_by_attribute(hidden) and not is_nothing(hidden)


def further(at: int) -> list[str]:
    """Return the names that have been added to a class or an object and are settings."""
    _, made, found, keys, _, owner = TABLES[at]
    if owner is None:
        return []
    now = list(get_items(found))
    named = {key: value for key, value in now if type(key) is str}
    new = [(name, named[name]) for name in {*named}.difference(keys, *owner[1:])]
    if made is not None:
        return [name for name, value in new if counts_in_class(made, name, value)]
    others = [name for name, _ in now if id(type(name)) not in SAFE]  # one may equal any name
    return [name for name, value in new if counts_in_object(owner[0], name, value)] + others


def changed_dicts() -> list[int]:
    """Return the places of the dicts that have changed.

    Where a dict has a new number and the same entries, the number is stored: the dict is compared
    again only when it has changed again.
    """
    now = numbers()
    found: list[int] = []
    for at in differing(now, bytes(NUMBERS)) if now else DICTS:
        if differs(at, TABLES[at][4]) or len(further(at)):
            found.append(at)
        elif now:
            NUMBERS[at * WORD : at * WORD + WORD] = now[at * WORD : at * WORD + WORD]
    return found


def changed_at() -> list[int]:
    """Return the places of the tables that have changed."""
    found = changed_dicts()
    if not same_lists():
        found += [at for at in LISTS if differs(at, TABLES[at][4])]
    return found


def store_numbers() -> None:
    """Before a fork, store the numbers of dicts with the same entries: it compares others only."""
    if len(NUMBERS):
        changed_dicts()


def accept_tables(given: bool) -> None:
    """Take what the given cell before has changed as there from the start; see settings.py."""
    now = numbers()
    if len(EARLIER):
        numbers_then, earlier = EARLIER.pop()
        dicts = differing(numbers_then, now) if now else DICTS
        for at in [*dicts, *(() if same_lists() else LISTS)]:
            accept_table(at, earlier)
            if at not in earlier and at not in LISTS:
                NUMBERS[at * WORD : at * WORD + WORD] = now[at * WORD : at * WORD + WORD]
    if given:
        EARLIER.append((now, {at: (values_now(at), further(at)) for at in changed_at()}))


def accept_table(at: int, earlier: Any) -> None:
    """Take what has changed in one table as there from the start; `earlier` had changed before."""
    base, values = TABLES[at][4], values_now(at)
    if id(TABLES[at][2]) in CLOSED:
        CLOSED[id(TABLES[at][2])] = len(TABLES[at][2])
    before, names = earlier.get(at, (base, ()))
    if at in LISTS:
        TABLES[at][4] = values if differs(at, before) else base
        return
    parts = zip(base, before, values)  # noqa: B905 - as long
    TABLES[at][4] = tuple([a if is_alike(b, c) else c for a, b, c in parts])
    new = [name for name in further(at) if not [1 for each in names if each is name]]
    if new:
        TABLES[at][5] = (*TABLES[at][5], [name for name in new if type(name) is str])


def changed_tables() -> list[str]:
    """Name the tables that have been changed."""
    return sorted({TABLES[at][0] for at in changed_at()})


def put_back_tables(labels: list[str]) -> None:
    """Put back the tables with these names."""
    for at in changed_at() if len(labels) else ():
        label, made, found, keys, values, _ = TABLES[at]
        if label not in labels:
            continue
        pairs = list(found) if at in LISTS else list(get_items(found))
        KEPT.append(pairs)
        if type(found) is list:
            found[:] = values
        elif type(found) is set:
            found.clear()
            found.update(values)
        elif made is not None:
            for key, now, value in zip(keys, values_now(at), values):  # noqa: B905 - as long
                if value is MISSING and now is not MISSING:
                    delete_class(made, key)
                elif not is_alike(now, value):
                    set_class(made, key, value)
            for name in further(at):
                delete_class(made, name)
        else:
            put_back_dict(at, pairs)


def put_back_dict(at: int, pairs: list[Any]) -> None:
    """Put back the entries of a dict; remove further ones where it is closed, or by their class."""
    found, keys, values, _ = TABLES[at][2:]
    known, closed = {id(key) for key in keys}, id(found) in CLOSED
    ordered = [1 for kind in class_order(type(found)) if kind is OrderedDict]
    kind = OrderedDict if ordered else dict
    may_stay = () if closed else SAFE
    if [1 for key, _ in pairs if id(key) not in known and id(type(key)) not in may_stay]:
        kind.clear(found)
        for key, value in pairs:
            if id(key) in known or id(type(key)) in may_stay:
                kind.__setitem__(found, key, value)
    for key, value in zip(keys, values):  # noqa: B905 - as long
        if value is MISSING:
            kind.pop(found, key, None)
        else:
            kind.__setitem__(found, key, value)
    for name in further(at):
        kind.pop(found, name)


SEALED = (
    *(is_alike, is_nothing, counts_in_class, counts_in_object, further, values_now, differs),
    *(changed_dicts, changed_at, put_back_dict, accept_table),
    *(store_numbers, accept_tables, changed_tables, put_back_tables),
)
