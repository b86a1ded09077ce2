"""Noticing what student code has replaced in the tables, constants and objects of libraries.

Modules and classes hold constants, dicts, lists, sets and objects. Where student code has replaced
or removed an entry that was there before, that is a setting (see settings.py). What is added is
none: libraries fill registries and caches while they are used. Nor is a value in the place of None
or of nothing, which libraries make at the first use. table_changes.py compares, and puts back.
"""

from __future__ import annotations

import contextlib
import warnings
from _thread import _local as local
from array import array
from collections.abc import Sequence
from functools import cache
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from . import method_like, table_changes
from .method_like import ASKED, MISSING, OF_PYTHON, class_dict
from .seal import hidden, sealed
from .table_changes import get_items
from .versions import HAS_NUMBERS, dict_of, differing, place_of_number
from .words import Numbers, Words

_LEFT_OUT = frozenset(
    {"inside", "__main__", "__mp_main__", "builtins", "sys", "IPython", "traitlets", "ipywidgets"}
    | {"PIL", "autograder", "fontTools", "pygments", "psygnal", "pyparsing", "google", "jedi"}
    | {"threading"}
)
"""Packages that no test goes by, that each fork changes, or that are compared elsewhere."""
_FREE = frozenset({"cache", "_cache", "_cache2", "_regex_cache", "_unit_rectangle"})
"""What contents.py empties before a test, and what every plot of Matplotlib changes."""
_CLOSED = frozenset(
    {"calendar", "functools", "json.decoder", "json.encoder", "keyword", "locale", "statistics"}
    | {"string", "textwrap", "keras.src.activations", "keras.src.initializers", "keras.src.losses"}
    | {"keras.src.metrics", "keras.src.optimizers"}
)
"""Modules to whose tables, and those of their classes, nothing is ever added.

There an addition is a change too.
"""
_OF_EACH_CLASS = OF_PYTHON | {
    *("__dict__", "__firstlineno__", "__module__", "__orig_bases__", "__parameters__"),
    *("__qualname__", "__slots__", "__static_attributes__", "__type_params__", "__weakref__"),
}
"""What Python or `typing` gives each class; no test goes by it."""
_MODULE, _CLASS, _OBJECT = range(3)
_DEPTH = 3  # a module's object may hold another one, and that one a table
_NO_DATA = (FunctionType, BuiltinFunctionType, MethodType, type, ModuleType, local)
_OF_PYTHON_CODE = 1 << 9  # Py_TPFLAGS_HEAPTYPE
_NUMBERS = frozenset({int, float, complex, bool})
_CONTAINERS = frozenset({str, bytes, tuple, dict, list, set})


class Tables:
    """What modules and classes hold before any student's code.

    A table is a list: a name, a class or None, what is compared, its keys and their values; then,
    for the names of a class or an object, the class and the further names that were there.
    """

    def __init__(self) -> None:
        self._dicts: list[list[Any]] = []
        self._closed: dict[int, int] = {}  # by the id of a table that is closed, its length
        self._lists: list[list[Any]] = []
        self._objects: list[tuple[str, Any]] = []
        self._of_objects = True
        self._numbers, self._before = Numbers(), array("Q")
        self._made: Any = None
        self._all: list[list[Any]] = []  # the dicts, then the lists
        self._seen = {id(warnings.filters)}  # notebooks add to them at the front

    def add(self, name: str, module: ModuleType, *, of_objects: bool) -> None:
        """Record the constants of a module, and what they hold.

        `of_objects` tells whether it is also noticed that an object has got another class or an
        attribute in the place of a method.
        """
        self._of_objects = of_objects
        if name.partition(".")[0] not in _LEFT_OUT:
            with contextlib.suppress(Exception):  # an object of a library may raise any
                self._close(name, vars(module))
                self._add_names(name, None, vars(module), _DEPTH)

    def add_class(self, made: type, *names: tuple[str, ...]) -> None:
        """Record the constants of a class that has these names, and what they hold."""
        label = f"{made.__module__}.{made.__name__}"
        if label.partition(".")[0] not in _LEFT_OUT:
            with contextlib.suppress(Exception):
                self._of_objects = True
                self._close(made.__module__, dict_of(made))
                self._add_names(label, made, dict_of(made), _DEPTH - 1, (made, *names))

    def add_held(self, label: str, found: Any) -> None:
        """Record a table that a function holds."""
        if isinstance(found, (dict, list, set)):
            with contextlib.suppress(Exception):
                self._add_content(label, found, 0)

    def take_objects(self) -> list[tuple[str, Any]]:
        """Return the objects recorded since the last call, each with a name."""
        found, self._objects = self._objects, []
        return found

    def _close(self, module: str, found: dict[str, Any]) -> None:
        """Record how long the tables are to which nothing is to be added."""
        if module in _CLOSED:
            tables = (each for each in found.values() if type(each) in (dict, list, set))
            self._closed |= {id(each): len(each) for each in tables}

    def get_ready(self) -> None:
        """Prepare, once in the fork server, what compares the tables."""
        self._checks()
        self._all = self._dicts + self._lists

    def make_steps(self, names_of: dict[int, Any]) -> dict[str, Any]:
        """Return the sealed functions that settings.py calls, by their names.

        `names_of` is what is recorded of each class, by its id.
        What libraries have changed while others were imported counts as there from the start.
        """
        read, same_lists = self._checks()
        now = read()
        for at in differing(self._before.tobytes(), now) if now else range(len(self._dicts)):
            table = self._dicts[at]
            found = {id(key): each for key, each in list(get_items(table[2]))}
            table[4] = tuple([found.get(id(key), MISSING) for key in table[3]])
        if not same_lists():
            self._made = None
            read, same_lists = self._checks()
        count, whole = len(self._dicts), len(self._dicts) + len(self._lists)
        if len(self._all) != whole:  # else they stay: a new list would copy pages in each fork
            self._all = [hidden(table) for table in self._dicts + self._lists]
        values: dict[str, Any] = {
            "TABLES": hidden(self._all),
            "DICTS": range(count),
            "LISTS": range(count, whole),
            "numbers": read,
            "same_lists": same_lists,
            "differing": sealed(differing),
            "NUMBERS": bytearray(now),
            "NAMES_OF": names_of,
            "CLOSED": hidden(dict(self._closed)),
            "EARLIER": hidden([]),
            "KEPT": hidden([]),
        }
        for step in (*method_like.SEALED, *table_changes.SEALED):
            values[step.__name__] = sealed(step, **values)
        return {step.__name__: values[step.__name__] for step in table_changes.SEALED[-4:]}

    def _add_names(
        self, label: str, made: Any, found: dict[str, Any], depth: int, owner: Any = None
    ) -> None:
        """Record the constants among names, and what they hold."""
        if id(found) in self._seen:
            return
        self._seen.add(id(found))
        where = _MODULE if owner is None else _CLASS if made is not None else _OBJECT
        chosen = {key: each for key, each in list(found.items()) if _is_data(key, each, where)}
        kept = [(k, v) for k, v in chosen.items() if not _is_empty(v)]
        if where != _OBJECT:  # snapshot.py records what is like a method
            kept = [(k, v) for k, v in kept if not callable(v) and _asked_for(v) is None]
        self._add_dict(label, made, found, kept, owner)
        for key, each in chosen.items():
            if not isinstance(each, _NO_DATA):
                self._add_content(f"{label}.{key}", each, depth - 1)

    def _add_dict(
        self,
        label: str,
        made: Any,
        found: Any,
        kept: Sequence[tuple[Any, Any]],
        owner: Any = None,
    ) -> None:
        if kept or owner is not None:
            keys, each = zip(*kept, strict=True) if kept else ((), ())
            self._dicts.append([label, made, found, keys, each, owner])
            self._before.append(self._numbers.add(place_of_number(found)) if HAS_NUMBERS else 0)
            self._made = None

    def _add_content(self, label: str, found: Any, depth: int) -> None:
        """Record a table, the tables in it, and the constants of an object."""
        kind = type(found)
        if kind in _NUMBERS or kind is tuple or _is_empty(found) or id(found) in self._seen:
            return
        if isinstance(found, dict):
            self._seen.add(id(found))
            pairs = list(get_items(found))
            closed = id(found) in self._closed
            kept = [pair for pair in pairs if closed or not _is_empty(pair[1])]
            self._add_dict(label, None, found, kept)
            for key, each in pairs if depth else ():
                if isinstance(each, (dict, list, set)):
                    self._add_content(f"{label}[{key!r:.40}]", each, depth - 1)
        elif kind is list or kind is set:
            self._seen.add(id(found))
            self._lists.append([label, None, found, (), (*found,), None])
            self._made = None
        if depth > 0 and kind.__flags__ & _OF_PYTHON_CODE:
            self._add_object(label, found, depth)

    def _add_object(self, label: str, found: Any, depth: int) -> None:
        """Record the constants of an object, and the tables in its slots."""
        kind = type(found)
        if f"{kind.__module__}".partition(".")[0] in _LEFT_OUT:
            return
        own, slots = getattr(found, "__dict__", None), getattr(kind, "__slots__", ())
        if self._of_objects and (slots or type(own) is dict):  # else its class is fixed
            self._objects.append((label, found))
        if type(own) is dict and all(type(key) is str for key in own):
            owner = (kind, (*own,)) if self._of_objects else None
            self._add_names(label, None, own, depth, owner)
        for key in slots if isinstance(slots, (tuple, list)) else ():
            each = getattr(found, key, None)
            if isinstance(each, (dict, list, set)):
                self._add_content(f"{label}.{key}", each, depth - 1)

    def _checks(self) -> tuple[Any, Any]:
        """Return what reads the numbers of the dicts, and whether the lists and sets are the same.

        These are recorded as they are now.
        """
        if self._made is None:
            words = Words()
            for table in self._lists:
                found = table[2]
                table[4] = tuple(found)
                if type(found) is list:
                    words.add_list(found)
                else:
                    words.add_set(id(found))
            self._made = self._numbers.make_read(), words.make_same()
        return self._made  # type: ignore[no-any-return]  # it is made above


def _is_data(name: Any, value: Any, where: int) -> bool:
    """Tell whether a name has a value that is no function, class or module.

    Those of an object count too, since no other place records them; of a class what its own Python
    code gives when it is asked for a value, since that has attributes.
    """
    if type(name) is not str or name in _FREE:
        return False
    if name.startswith("__") and (where != _CLASS or name in _OF_EACH_CLASS):
        return False
    if where == _OBJECT:
        return not isinstance(value, (ModuleType, local))
    if isinstance(value, _NO_DATA):
        return False
    asked = _asked_for(value)
    return asked is None or (where == _CLASS and isinstance(asked, FunctionType))


def _asked_for(value: Any) -> Any:
    return _asked_of(type(value))  # type: ignore[arg-type]  # a class has a hash


@cache
def _asked_of(kind: type) -> Any:
    """Return what asks objects of a class for another value, None where nothing does."""
    bases = kind.__mro__
    return next((class_dict(each)[ASKED] for each in bases if ASKED in class_dict(each)), None)


def _is_empty(value: Any) -> bool:
    return value is None or (type(value) in _CONTAINERS and not value)
