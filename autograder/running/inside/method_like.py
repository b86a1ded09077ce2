"""Telling which values of a class are like methods, and which names it had before any cell.

Python calls such a value, or asks it for another one (`__get__`). One that is added to a class
hides what the class has inherited; one that is added to an object hides what its class has.
Nothing here calls student code.
"""

from __future__ import annotations

from typing import Any

class_dict = type.__dict__["__dict__"].__get__
class_order = type.__dict__["__mro__"].__get__
ASKED = "__get__"
SET_BY = ("__set__", "__delete__")
OF_PYTHON = frozenset(
    {"__abstractmethods__", "__annotations__", "__annotate__", "__doc__", "__slotnames__"}
)
"""What Python itself adds to a class while it is used."""
MISSING = object()
"""The value of a name or an entry that is not there."""

# The functions below are sealed (see seal.py); these names get their values then.
NAMES_OF: dict[int, Any] = {}
"""By the id of a class that is recorded: what is recorded of it (see Saved in snapshot.py)."""


def is_method_like(name: str, value: Any) -> bool:
    """Tell whether Python calls a value or asks it, or takes its name as taken away by None."""
    if callable(value):
        return True
    if value is None:
        return is_special(name) and name != "__doc__"
    return [1 for kind in class_order(type(value)) if ASKED in class_dict(kind)] != []


def is_special(name: str) -> bool:
    """Tell whether a name is one of those that Python itself looks up."""
    return name[:2] == "__" and name[-2:] == "__"


def was_there(made: type, name: str) -> bool:
    """Tell whether a class had a name before the cells ran.

    A notebook may add a method to several classes of a library, as `tqdm.pandas()` does.
    """
    known = NAMES_OF.get(id(made))
    if known is None:
        return name in class_dict(made)
    return name in known[3] or name in known[5]


def was_method_like(made: type, name: str) -> bool:
    """Tell whether what a class had by this name before the cells ran was like a method."""
    known = NAMES_OF.get(id(made))
    if known is None:
        return is_method_like(name, class_dict(made)[name])
    return name in known[3]


def is_hidden_by_attribute(value: Any) -> bool:
    """Tell whether an attribute of an object comes before this value of the object's class."""
    names = [
        name for kind in class_order(type(value)) for name in SET_BY if name in class_dict(kind)
    ]
    return names == []


SEALED = (is_special, is_method_like, was_there, was_method_like, is_hidden_by_attribute)
