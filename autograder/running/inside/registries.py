"""Restoring which classes the abstract base classes of libraries accept as subclasses.

An abstract base class keeps the classes that were registered with it, and caches of what it was
asked before. Student code may register a class, or have a wrong answer cached. What it has changed
is restored.
"""

from __future__ import annotations

from _abc import (  # type: ignore[import-not-found]  # typeshed does not know it
    _abc_register,
    _get_dump,
    _reset_caches,
    _reset_registry,
)
from abc import ABC
from functools import cache
from typing import Any

from .method_like import MISSING, class_dict, class_order
from .names import delete_class, set_class
from .seal import hidden, sealed
from .versions import differing
from .words import WORD, Numbers, Words, never, read_word

_OF_REGISTRY, _OF_CACHE, _OF_REFUSED = 2, 3, 4  # words of what a class keeps for `isinstance`
_OF_USED = 3  # the word of a set that holds its length


class Registries:
    """The abstract base classes of libraries, each with the classes registered before any cell."""

    def __init__(self) -> None:
        self._saved: list[tuple[str, Any, set[Any]]] = []

    def add(self, name: str, made: Any) -> None:
        """Record an abstract base class, and empty its caches."""
        _reset_caches(made)
        self._saved.append((name, made, _get_dump(made)[0]))

    def refresh(self) -> None:
        """Record what has been registered since, by modules imported later."""
        self._saved = [(name, made, _get_dump(made)[0]) for name, made, _ in self._saved]

    def make_check(self, known: set[int]) -> Any:
        """Return a sealed function that restores them; `known` are the ids of libraries' classes.

        Where an object has another layout in memory than is expected, it looks at each class.
        """
        registered, cached = Words(), Numbers()
        for _, made, _ in self._saved if layout_is_known() else ():
            kept = id(made._abc_impl)  # noqa: SLF001 - it has no public name
            registered.add_word(kept + _OF_REGISTRY * WORD)
            if read_word(kept + _OF_REGISTRY * WORD):
                registered.add_set(read_word(kept + _OF_REGISTRY * WORD))
            for which in (_OF_CACHE, _OF_REFUSED):
                found = read_word(kept + which * WORD)  # 0 where there is no cache yet
                cached.add(found + _OF_USED * WORD if found else kept + which * WORD)
        values: dict[str, Any] = {
            "REGISTRIES": self._saved,
            "KNOWN_CLASSES": known,
            "same_registered": registered.make_same() if layout_is_known() else sealed(never),
            "cached": cached.make_read(),
            "differing": sealed(differing),
            "LOOKUPS": lookups_of([made for _, made, _ in self._saved]),
            "KEPT": hidden([]),
        }
        return sealed(put_back_registries, **values)


def lookups_of(classes: list[Any]) -> list[tuple[str, type, str, Any]]:
    """Return what the metaclasses of classes have under the names by which a registry is found.

    `abc` looks up the registry of a class as its metaclass says, and student code can change that.
    """
    kinds = {id(kind): kind for made in classes for kind in class_order(type(made))[:-2]}
    return [
        (f"{kind.__module__}.{kind.__name__}", kind, name, class_dict(kind).get(name, MISSING))
        for kind in kinds.values()
        for name in ("__getattribute__", "_abc_impl")
    ]


@cache
def layout_is_known() -> bool:
    """Return whether what an abstract base class keeps has the layout that is expected here."""
    example = type("Example", (ABC,), {})
    example.register(int)  # type: ignore[attr-defined]  # an abstract base class has it
    kept = id(example._abc_impl)  # type: ignore[attr-defined]  # noqa: SLF001 - as above
    _ = issubclass(bool, example), issubclass(str, example)
    sets = [read_word(kept + which * WORD) for which in (_OF_REGISTRY, _OF_CACHE, _OF_REFUSED)]
    if any(not each or read_word(each + WORD) != id(set) for each in sets):
        return False
    before = [read_word(each + _OF_USED * WORD) for each in sets]
    _reset_caches(example)
    after = [read_word(each + _OF_USED * WORD) for each in sets]
    return min(before) > 0 and after == [before[0], 0, 0]


# The function below is sealed (see seal.py); these names get their values then.
REGISTRIES: list[tuple[str, Any, set[Any]]] = []
KNOWN_CLASSES: set[int] = set()
same_registered: Any = None
cached: Any = None
LOOKUPS: list[tuple[str, type, str, Any]] = []
KEPT: list[Any] = []


def put_back_registries(noticed: list[str]) -> None:
    """Undo registrations of one library class as a subclass of another, and empty the caches."""
    for label, kind, name, value in LOOKUPS:
        found = class_dict(kind).get(name, MISSING)
        if found is not value:
            noticed.append(label + "." + name)
            KEPT.append(found)  # deleting it may run student code
            if value is MISSING:
                delete_class(kind, name)
            else:
                set_class(kind, name, value)
    if same_registered():
        now = cached()
        for at in {at // 2 for at in differing(now, bytes(len(now)))}:
            _reset_caches(REGISTRIES[at][1])
        return
    for name, made, before in REGISTRIES:
        now = _get_dump(made)[0]
        more = [each() for each in now.difference(before)]
        if [1 for each in more if id(each) in KNOWN_CLASSES]:
            noticed.append(name)
            _reset_registry(made)
            for each in [one() for one in before] + more:
                if each is not None and (each not in more or id(each) not in KNOWN_CLASSES):
                    _abc_register(made, each)
        _reset_caches(made)


SEALED = (put_back_registries,)
