"""Recording what given cells make, and naming what student code has changed of it.

A test calls the instructor's functions, and these call others, look up names of the notebook, and
hold tables. Where student code has put other code in the place of a given function, a person looks.
Whatever else it has changed is like a setting (see settings.py): honest notebooks add methods to a
given class, too. Where a test gives points, it is run again after that was put back.
Nothing here calls student code.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import _lru_cache_wrapper, partial
from types import FunctionType, ModuleType
from typing import Any

from .function_parts import code_of, defaults_of, get_cell, set_cell
from .given_sources import Expected, plain_code, told_by
from .method_like import MISSING, class_dict, class_order, is_method_like, is_special
from .seal import hidden, sealed
from .table_changes import PLAIN, is_alike, set_class

CACHED: Any = _lru_cache_wrapper
kwdefaults_of = FunctionType.__dict__["__kwdefaults__"].__get__
set_kwdefaults = FunctionType.__dict__["__kwdefaults__"].__set__
closure_of = FunctionType.__dict__["__closure__"].__get__
globals_of = FunctionType.__dict__["__globals__"].__get__
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


def make_given(sources: Mapping[str, str], names: Mapping[int, set[str]], **values: Any) -> Any:
    """Return the sealed functions that the generator needs, and the cells that are alone.

    Args:
        sources: the sources of the given cells, by their places.
        names: the modules, functions and classes that they define, by their places.
        values: the namespace of the notebook, and what is recorded for course.py.
    """
    told = told_by({int(place): source for place, source in sources.items()})
    values |= {"GIVEN": dict(names), "EXPECTED": told.expected, "DEFINED": told.defined}
    values |= {"USED": told.used, "HELD": hidden({}), "HELD_NAMES": hidden({})}
    values |= {"PASSED": hidden(set()), "KEPT": hidden([])}
    for step in SEALED:
        values[step.__name__] = sealed(step, **values)
    steps = (is_replaced, remember_given, changed_given, put_back_given)
    found = {step.__name__: values[step.__name__] for step in steps}
    return found | {"PASSED": values["PASSED"], "ALONE": told.alone}


# The functions below are sealed (see seal.py); these names get their values then.
NAMESPACE: dict[str, Any] = {}
GIVEN: dict[int, set[str]] = {}
KNOWN: dict[str, Any] = {}
CODES: list[Any] = []
SAME_NAMED: dict[str, tuple[Any, ...]] = {}
EXPECTED: dict[str, Expected] = {}
DEFINED: dict[int, set[str]] = {}
USED: dict[int, set[str]] = {}
PASSED: set[str] = set()
"""The names that the given cells above define."""
HELD: dict[str, list[Part]] = {}
HELD_NAMES: dict[str, Any] = {}
KEPT: list[Any] = []


def remember_given(place: int) -> None:
    """Record the modules, functions and classes that an instructor's cell has defined.

    Nothing is looked up in the namespace: a name of a student's own class would run its `__eq__`.
    """
    names = GIVEN.get(place)
    if names is None:
        return
    used, defined = USED.get(place, ()), DEFINED.get(place, ())
    PASSED.update(names)
    for name, value in list(NAMESPACE.items()):
        if type(name) is not str:
            continue
        if name in used and is_fixed(value) and not is_replaced(name, value):
            HELD_NAMES.update([(name, value)])
        star = "*" in names and [1 for each in SAME_NAMED.get(name, ()) if each is value]
        if (name not in names and not star) or is_replaced(name, value):
            continue
        if callable(value) or is_of_kind(value, ModuleType):
            KNOWN.update([(name, value)])
        if type(value) is FunctionType or name in defined:
            HELD.update([(name, parts_held(name, value, name in defined))])


def is_of_kind(value: Any, wanted: Any) -> bool:
    """Do what `isinstance` does, which asks an object for its class."""
    return [1 for kind in class_order(type(value)) if kind is wanted] != []


def is_fixed(value: Any) -> bool:
    """Tell whether a value has no state that honest code replaces by making it anew."""
    if value is None:
        return False
    kind = type(value)
    plain = id(kind) in PLAIN or kind is FunctionType or kind is CACHED
    return plain or is_of_kind(value, type) or is_of_kind(value, ModuleType)


def is_replaced(name: str, value: Any) -> bool:
    """Tell whether a value is none of those that the sources of the given cells define."""
    wanted = EXPECTED.get(name)
    if wanted is None:
        return False
    codes, methods = wanted
    if methods is None:
        return not is_made_of(value, codes)
    if type(value) is not type:
        return True
    found = {key: each for key, each in list(class_dict(value).items()) if type(key) is str}
    return [1 for each in methods if not is_made_of(found.get(each), codes)] != []


def is_made_of(value: Any, codes: Any) -> bool:
    """Tell whether a value is a function of the notebook with one of these codes."""
    if type(value) is not FunctionType or globals_of(value) is not NAMESPACE:
        return False
    code = plain_code(code_of(value), plain_code)
    return [1 for each in codes if each == code] != []


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
    named = kwdefaults_of(function)
    found.append((FUNCTION, function, (), (named,)))
    held = [each for each in defaults_of(function) or () if type(each) in (dict, list)]
    held += [each for each in (named or {}).values() if type(each) in (dict, list)]
    for cell in closure_of(function) or ():
        try:
            value = get_cell(cell)
        except ValueError:  # it is empty
            continue
        if type(value) in (FunctionType, CACHED) or id(type(value)) in HOLDING:
            found.append((CELL, cell, (), (value,)))
            held.append(value)
    return held + wrapped_in(names_of_function(function)) + ([named] if named else [])


def wrapped_in(names: dict[Any, Any]) -> list[Any]:
    """Return the function that a decorator stores with the one that it makes."""
    pairs = list(names.items())
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


def is_changed(part: Part) -> bool:
    """Tell whether a part has other values now; what is added to a table is no change."""
    now, before = values_held(part), part[3]
    return len(now) != len(before) or not all(map(is_alike, now, before))


def changed_given(answers: Any) -> list[str]:
    """Name what student code has changed of what given cells have made, but for the answers."""
    found = [
        name for name, parts in list(HELD.items()) if [1 for each in parts if is_changed(each)]
    ]
    if answers is not None:
        now = [(name, NAMESPACE.get(name, MISSING), value) for name, value in HELD_NAMES.items()]
        others = [name for name, one, value in now if not is_alike(one, value)]
        found += [name for name in others if name not in answers and name not in found]
    return ["the given " + name for name in found]


def put_back_given(labels: list[str]) -> None:
    """Put back what has these names."""
    for name, parts in list(HELD.items()):
        for each in parts if "the given " + name in labels else ():
            if is_changed(each):
                KEPT.append(values_held(each))  # to delete a value may run student code
                put_back_part(*each)
    for name, value in list(HELD_NAMES.items()):
        if "the given " + name in labels:
            KEPT.append(NAMESPACE.get(name))
            NAMESPACE.update([(name, value)])


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
    *(
        is_special,
        is_method_like,
        is_alike,
        is_of_kind,
        is_fixed,
        plain_code,
        is_made_of,
        is_replaced,
        wrapped_in,
        split,
    ),
    *(parts_of_function, parts_held, values_held, is_changed, put_back_part),
    *(remember_given, changed_given, put_back_given),
)
