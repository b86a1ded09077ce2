"""Restoring what libraries keep in dicts, objects and classes, where tests depend on it.

`copy.deepcopy` looks up in a dict how to copy each type; `unittest` runs what its loader finds.
protect.py restores the names in modules; these values are inside other objects. What student code
has changed is restored, and reported. A replaced value is kept, since deleting it may run student
code.
"""

from __future__ import annotations

import gc
from _operator import is_
from copyreg import dispatch_table
from functools import _lru_cache_wrapper
from types import ModuleType
from typing import Any

from .method_like import OF_PYTHON
from .seal import hidden, sealed
from .versions import dict_of
from .words import Words

_DICTS = (
    *(("copy", "_deepcopy_dispatch"), ("copy", "_copy_dispatch")),
    *(("_strptime", "_TimeRE_cache"), ("encodings.aliases", "aliases")),
)
_OBJECTS = (
    *(("json", "_default_decoder"), ("json", "_default_encoder")),
    *(("unittest", "defaultTestLoader"), ("random", "_inst")),
)
_CACHES = (
    *(("re", "_cache"), ("re", "_cache2"), ("_strptime", "_regex_cache")),
    ("pandas._libs.tslibs.strptime", "_regex_cache"),
)
_CACHING = frozenset(
    {"fnmatch", "fractions", "ipaddress", "numpy", "pandas", "pathlib", "re", "statistics"}
    | {"tokenize", "typing", "urllib", "zoneinfo"}
)
"""Packages in which functions cache their results by `functools.lru_cache`."""
_CACHE_OF = {"matplotlib.colors": "_colors_full_map"}
"""Modules with an object that keeps results in its `cache`."""
_CLASSES_OF = ("doctest", "unittest.")
"""Modules whose classes get no further attributes."""
_FREE = OF_PYTHON | {"maxDiff", "longMessage", "__dict__", "__weakref__", "_abc_impl"}
"""Class attributes that a notebook may set, or that Python sets."""
_STATE = frozenset({"gauss_next"})
"""Attributes of these objects that change when they are used."""
class_dict = type.__dict__["__dict__"].__get__
set_class = type.__setattr__
delete_class = type.__delattr__


class Contents:
    """The contents before any student's code."""

    def __init__(self) -> None:
        self._dicts: list[tuple[str, dict[Any, Any], dict[Any, Any]]] = []
        self._objects: list[tuple[str, dict[Any, Any], dict[Any, Any]]] = []
        self._caches: list[list[Any]] = []
        self._results = _caching_functions()
        self._classes: list[tuple[str, type, tuple[str, ...], tuple[Any, ...]]] = []
        self._lists: list[tuple[str, list[Any], list[Any]]] = []
        self._reductions: dict[Any, Any] = {}
        self._seen: set[int] = set()
        self._words = Words()

    def add(self, name: str, module: ModuleType) -> None:
        """Remember what a module holds."""
        found = vars(module)
        self._add_path(name, found.get("__path__"))
        for owner, key in _DICTS:
            if owner == name and key in found:
                self._add_dict(f"{name}.{key}", found[key])
        for owner, key in _OBJECTS:
            if owner == name and key in found:
                held = vars(found[key])
                self._objects.append((f"{name}.{key}", held, _without_state(held)))
        if name in _CACHE_OF:
            cache = found[_CACHE_OF[name]].cache
            self._results.append((cache, cache.clear))
        for owner, key in _CACHES:
            if owner == name and type(found.get(key)) is dict:
                self._caches.append([f"{name}.{key}", found, key, found[key]])
        for key, each in found.items() if name.startswith(_CLASSES_OF) else ():
            if isinstance(each, type) and each.__module__ == name:
                self._add_class(f"{name}.{key}", each)

    def refresh(self) -> None:
        """Record how objects are copied, which each import may add to."""
        if len(dispatch_table) != len(self._reductions):
            self._reductions = dict(dispatch_table)

    def _add_dict(self, name: str, found: dict[Any, Any]) -> None:
        self._dicts.append((name, found, dict(found)))
        self._words.add_dict(found)

    def _add_path(self, name: str, found: Any) -> None:
        """Remember from where the rest of a package is imported."""
        if type(found) is list:
            self._add_list(f"{name}.__path__", found)

    def _add_list(self, name: str, found: list[Any]) -> None:
        self._lists.append((name, found, list(found)))
        self._words.add_list(found)

    def _add_class(self, name: str, made: type) -> None:
        if id(made) in self._seen:
            return
        self._seen.add(id(made))
        whole = {key: each for key, each in class_dict(made).items() if key not in _FREE}
        self._classes.append((name, made, (*whole,), (*whole.values(),)))
        self._words.add_dict(dict_of(made))
        for key, each in whole.items():  # an enumeration keeps its members in them
            if type(each) is dict:
                self._add_dict(f"{name}.{key}", each)
            elif type(each) is list:
                self._add_list(f"{name}.{key}", each)

    def make_check(self, known: set[int]) -> Any:
        """Return a sealed function that puts everything back; `known` are the ids of classes."""
        copying, before = Words(), {id(made): how for made, how in self._reductions.items()}
        copying.add_dict(dispatch_table)
        values: dict[str, Any] = {
            "OBJECTS": self._objects,
            "DICTS": self._dicts,
            "CACHES": self._caches,
            "RESULTS": self._results,
            "CLASSES": self._classes,
            "LISTS": self._lists,
            "TABLE": dispatch_table,
            "REDUCTIONS": self._reductions,
            "HOW": dict.fromkeys(known) | before,
            "same": self._words.make_same(),
            "same_copying": copying.make_same(),
            "KEPT": hidden([]),
        }
        values["put_back_entries"] = sealed(restore_entries, **values)
        values["put_back_lists"] = sealed(restore_lists, **values)
        values["put_back_copying"] = sealed(restore_copying, **values)
        values["put_back_classes"] = sealed(restore_classes, **values)
        return sealed(put_back_contents, **values)


def _caching_functions() -> list[tuple[dict[Any, Any], Any]]:
    """Empty the caches of functions; return each cache, and what empties it.

    Student code may have a function keep a wrong result, by replacing for a moment what it calls.
    """
    found = []
    for each in gc.get_objects():
        if type(each) is not _lru_cache_wrapper:
            continue
        if f"{each.__module__}".partition(".")[0] in _CACHING:
            each.cache_clear()
            own = [one for one in gc.get_referents(each) if type(one) is dict]
            found += [(one, each.cache_clear) for one in own if one is not vars(each)]
    return found


def _without_state(found: dict[Any, Any]) -> dict[Any, Any]:
    return {key: each for key, each in found.items() if key not in _STATE}


# The functions below are sealed (see seal.py); these names get their values then.
OBJECTS: list[tuple[str, dict[Any, Any], dict[Any, Any]]] = []
DICTS: list[tuple[str, dict[Any, Any], dict[Any, Any]]] = []
CACHES: list[list[Any]] = []
RESULTS: list[tuple[dict[Any, Any], Any]] = []
CLASSES: list[tuple[str, type, tuple[str, ...], tuple[Any, ...]]] = []
LISTS: list[tuple[str, list[Any], list[Any]]] = []
TABLE: dict[Any, Any] = {}
REDUCTIONS: dict[Any, Any] = {}
HOW: dict[int, Any] = {}
"""By the id of a class that was there before: how its objects are copied, or None."""
KEPT: list[Any] = []
same: Any = None
same_copying: Any = None
put_back_entries: Any = None
put_back_lists: Any = None
put_back_copying: Any = None
put_back_classes: Any = None


def put_back_contents(noticed: list[str]) -> None:
    """Restore all of it, and begin empty caches: deleting an old one may run student code."""
    put_back_entries(OBJECTS, noticed)
    if not same():
        put_back_entries(DICTS, noticed)
        put_back_lists(noticed)
        put_back_classes(noticed)
    if not same_copying():
        put_back_copying(noticed)
    for each in CACHES:
        label, module, key, cache = each
        if module.get(key) is not cache:
            noticed.append(label)
            KEPT.append(module.get(key))
        KEPT.append(cache)
        each[3] = module[key] = {}
    for held, empty in RESULTS:
        if len(held):
            KEPT.append(list(held.items()))
            empty()


def restore_entries(held: list[Any], noticed: list[str]) -> None:
    """Put back what dicts hold, or objects in theirs."""
    for label, found, before in held:
        now = [pair for pair in found.items() if type(pair[0]) is not str or pair[0] not in _STATE]
        same_names = len(now) == len(before) and all(map(is_, [key for key, _ in now], before))
        if not same_names or not all(map(is_, [each for _, each in now], before.values())):
            noticed.append(label)
            KEPT.append(now)
            found.clear()
            found.update(before)


def restore_lists(noticed: list[str]) -> None:
    """Put back what lists hold."""
    for label, found, before in LISTS:
        if len(found) != len(before) or not all(map(is_, found, before)):
            noticed.append(label)
            KEPT.append(list(found))
            found[:] = before


def restore_copying(noticed: list[str]) -> None:
    """Put back how objects of a library's classes are copied; a notebook may say it of its own."""
    now = list(TABLE.items())
    wrong = [made for made, how in now if how is not HOW.get(id(made), how)]
    there = {id(made) for made, _ in now}
    if wrong or [1 for made in REDUCTIONS if id(made) not in there]:
        noticed.append("copyreg.dispatch_table")
        KEPT.append(now)
        for made in wrong:
            del TABLE[made]
        TABLE.update(REDUCTIONS)


def restore_classes(noticed: list[str]) -> None:
    """Put back the attributes of classes, and remove further ones."""
    for label, made, known, values in CLASSES:
        found = class_dict(made)
        if not all(map(is_, map(found.get, known), values)):
            noticed.append(label)
            KEPT.append(list(found.items()))
            for name, value in zip(known, values):  # noqa: B905 - made together
                if found.get(name) is not value:
                    set_class(made, name, value)
        further = [name for name in found if name not in _FREE and name not in known]
        for name in further:
            noticed.append(label + "." + name)
            KEPT.append(found[name])
            delete_class(made, name)


SEALED = (
    *(restore_entries, restore_lists, restore_copying, restore_classes),
    put_back_contents,
)
