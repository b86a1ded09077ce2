"""Recording what given cells make, and naming what student code has changed of it.

A test calls the instructor's functions, and these call others, look up names of the notebook, and
hold tables. Where student code has put other code in the place of a given function, a person looks.
Whatever else it has changed is like a setting (see settings.py): honest notebooks add methods to a
given class, too. Where a test gives points, it is run again after that was put back.
Nothing here calls student code.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import FunctionType, ModuleType
from typing import Any

from . import given_parts
from .function_parts import code_of
from .given_parts import (
    CACHED,
    Part,
    is_changed,
    is_of_kind,
    parts_held,
    put_back_part,
    values_held,
)
from .given_sources import Expected, facts_of, plain_code
from .method_like import MISSING, class_dict
from .seal import hidden, sealed
from .table_changes import PLAIN, is_alike

globals_of = FunctionType.__dict__["__globals__"].__get__


def make_given(sources: Mapping[str, str], names: Mapping[int, set[str]], **values: Any) -> Any:
    """Return the sealed functions that the generator needs, and the cells that are alone.

    Args:
        sources: the sources of the given cells, by their places.
        names: the modules, functions and classes that they define, by their places.
        values: the namespace of the notebook, and what is recorded for course.py.
    """
    facts = facts_of({int(place): source for place, source in sources.items()})
    values |= {"GIVEN": dict(names), "EXPECTED": hidden(facts.expected)}
    values |= {"USED": hidden(facts.used), "DEFINED": hidden(facts.defined)}
    values |= {"HELD": hidden({}), "HELD_NAMES": hidden({})}
    values |= {"DEFINED_ABOVE": hidden(set()), "KEPT": hidden([])}
    for step in SEALED:
        values[step.__name__] = sealed(step, **values)
    steps = (is_replaced, remember_given, changed_given, put_back_given)
    found = {step.__name__: values[step.__name__] for step in steps}
    return found | {"DEFINED_ABOVE": values["DEFINED_ABOVE"], "INDEPENDENT": facts.independent}


# The functions below are sealed (see seal.py); these names get their values then.
NAMESPACE: dict[str, Any] = {}
GIVEN: dict[int, set[str]] = {}
KNOWN: dict[str, Any] = {}
SAME_NAMED: dict[str, tuple[Any, ...]] = {}
EXPECTED: dict[str, Expected] = {}
DEFINED: dict[int, set[str]] = {}
USED: dict[int, set[str]] = {}
DEFINED_ABOVE: set[str] = set()
"""The names that the given cells above define."""
HELD: dict[str, list[Part]] = {}
HELD_NAMES: dict[str, Any] = {}
KEPT: list[Any] = []
same_given: Any = None


def remember_given(place: int) -> None:
    """Record the modules, functions and classes that an instructor's cell has defined.

    Nothing is looked up in the namespace: a name of a student's own class would run its `__eq__`.
    """
    names = GIVEN.get(place)
    if names is None:
        return
    used, defined = USED.get(place, ()), DEFINED.get(place, ())
    DEFINED_ABOVE.update(names)
    for name, value in list(NAMESPACE.items()):
        if type(name) is not str:
            continue
        KEPT.append((KNOWN.get(name), HELD.get(name), HELD_NAMES.get(name)))
        if name in used and is_fixed(value) and not is_replaced(name, value):
            HELD_NAMES.update([(name, value)])
        star = "*" in names and [1 for each in SAME_NAMED.get(name, ()) if each is value]
        if (name not in names and not star) or is_replaced(name, value):
            continue
        if callable(value) or is_of_kind(value, ModuleType):
            KNOWN.update([(name, value)])
        if type(value) is FunctionType or name in defined:
            HELD.update([(name, parts_held(name, value, name in defined))])


def is_fixed(value: Any) -> bool:
    """Tell whether a value is a number, a text, a function, a class or a module."""
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


def changed_given(answers: Any) -> list[str]:
    """Name what student code has changed of what given cells have made, but for the answers."""
    pairs, same = list(HELD.items()), same_given()
    names = [name for name, parts in pairs if [1 for each in parts if is_changed(each, same)]]
    found = ["the given " + name for name in names]
    if answers is not None:
        now = [(name, NAMESPACE.get(name, MISSING), value) for name, value in HELD_NAMES.items()]
        others = [name for name, one, value in now if not is_alike(one, value)]
        return found + ["the given name " + name for name in others if name not in answers]
    return found


def put_back_given(labels: list[str]) -> None:
    """Put back what has these names."""
    for name, parts in list(HELD.items()):
        for each in parts if "the given " + name in labels else ():
            if is_changed(each, False):
                KEPT.append(values_held(each))  # to delete a value may run student code
                put_back_part(*each)
    for name, value in list(HELD_NAMES.items()):
        if "the given name " + name in labels:
            KEPT.append(NAMESPACE.get(name))
            NAMESPACE.update([(name, value)])


SEALED = (
    *given_parts.SEALED,
    *(is_fixed, plain_code, is_made_of, is_replaced),
    *(remember_given, changed_given, put_back_given),
)
