"""Restoring by which functions Python encodes and decodes text.

Python asks the functions of `codecs.register` in turn for an encoding, and keeps what it was given.
Its own function is the first. A notebook may register one for further names; it is not asked here.
"""

from __future__ import annotations

import codecs
import encodings
import gc
from _codecs import lookup_error, register_error
from _operator import is_
from typing import Any

from .seal import hidden, sealed
from .words import Words

_FIRST = "utf_8"
_ON_ERRORS = (
    *("strict", "ignore", "replace", "backslashreplace", "namereplace", "xmlcharrefreplace"),
    *("surrogateescape", "surrogatepass"),
)
"""What Python itself does at an error, by the names that it gives it."""
class_of = object.__dict__["__class__"].__get__
set_class_of = object.__dict__["__class__"].__set__


class Codecs:
    """The encodings that were looked up before any student's code, and who is asked for others."""

    def __init__(self) -> None:
        search, info = encodings.search_function, codecs.lookup(_FIRST)
        referrers = gc.get_referrers(search, info)
        self._lists = [each for each in referrers if type(each) is list and search in each]
        self._dicts = [
            each for each in referrers if type(each) is dict and each.get(_FIRST) is info
        ]  # Python's own, which has no name, and the one of `encodings`

    def make_check(self) -> Any:
        """Return a sealed function that puts back the encodings that are known now."""
        words = Words()
        known: dict[int, tuple[str, Any]] = {}
        for found in self._dicts:
            words.add_dict(found)
            known |= {id(info): (name, info) for name, info in found.items() if info is not None}
        for _, info in known.values():
            words.add_type(info)
            words.add_dict(vars(info))
        infos = [
            (name, info, type(info), vars(info), dict(vars(info))) for name, info in known.values()
        ]
        values: dict[str, Any] = {
            "SEARCHES": [(found, list(found)) for found in self._lists],
            "FOUND": [(found, dict(found)) for found in self._dicts],
            "INFOS": infos,
            "ON_ERRORS": tuple((name, lookup_error(name)) for name in _ON_ERRORS),
            "same_codecs": words.make_same(),
            "KEPT": hidden([]),
        }
        for step in SEALED:
            values[step.__name__] = sealed(step, **values)
        return values["put_back_codecs"]


# The functions below are sealed (see seal.py); these names get their values then.
SEARCHES: list[tuple[list[Any], list[Any]]] = []
FOUND: list[tuple[dict[Any, Any], dict[Any, Any]]] = []
INFOS: list[tuple[str, Any, type, dict[Any, Any], dict[Any, Any]]] = []
ON_ERRORS: tuple[tuple[str, Any], ...] = ()
KEPT: list[Any] = []
same_codecs: Any = None


def put_back_infos(noticed: list[str]) -> None:
    """Put back what the entry of an encoding holds."""
    for name, info, kind, found, before in INFOS:
        now = list(found.items())
        same = len(now) == len(before) and all(map(is_, [key for key, _ in now], before))
        same = same and all(map(is_, [each for _, each in now], before.values()))
        if class_of(info) is not kind or not same:
            noticed.append("codecs: " + name)
            KEPT.append(now)
            set_class_of(info, kind)
            found.clear()
            found.update(before)


def put_back_found(noticed: list[str]) -> None:
    """Put back the entries of encodings; one that was looked up later is looked up again."""
    for found, before in FOUND:
        now = list(found.items())
        for name, info in now:
            if type(name) is str and before.get(name, info) is not info:
                noticed.append("codecs: " + name)
        KEPT.append(now)
        found.clear()
        found.update(before)


def put_back_codecs(noticed: list[str]) -> None:
    """Put back how text is encoded and decoded, and what is done at an error."""
    for listed, before in SEARCHES:
        if len(listed) < len(before) or not all(map(is_, listed, before)):
            noticed.append("codecs.register")
            now = list(listed)
            KEPT.append(now)
            listed[:] = before + [each for each in now if not [1 for one in before if one is each]]
    for name, handler in ON_ERRORS:
        if lookup_error(name) is not handler:
            noticed.append("codecs: " + name)
            KEPT.append(lookup_error(name))
            register_error(name, handler)
    if not same_codecs():
        put_back_infos(noticed)
        put_back_found(noticed)


SEALED = (put_back_infos, put_back_found, put_back_codecs)
