"""Finding answers that are objects of a library and not the student's own work."""

from __future__ import annotations

import functools
from types import FunctionType, MethodType, ModuleType
from typing import Any

from stridewise.network import Network

_LIBRARIES = {"stridewise": "stridewise", "keras": "Keras", "tensorflow": "TensorFlow"}


def not_own_work(answer: Any) -> str:
    """Return that an answer is a library's object; "" where it may be the student's own.

    A function, a class or a network that was only imported is not an answer. A model or a layer
    that the student made from Keras's classes is her own.

    >>> from stridewise import output_size
    >>> not_own_work(output_size)
    'This is output_size from stridewise, not your own work; it earns no points.'
    >>> not_own_work(lambda size: size)
    ''
    """
    home = _LIBRARIES.get(_home(answer).partition(".")[0])
    if home is None:
        return ""
    name = getattr(answer, "__name__", type(answer).__name__)
    return f"This is {name} from {home}, not your own work; it earns no points."


def _home(answer: Any) -> str:
    """Return the module that a function, class, module or network comes from; "" for the rest."""
    while isinstance(answer, (functools.partial, MethodType)):
        answer = answer.func if isinstance(answer, functools.partial) else answer.__func__
    if isinstance(answer, FunctionType):  # its module's name can be changed, its globals cannot
        return str(answer.__globals__.get("__name__", ""))
    if isinstance(answer, ModuleType):
        return answer.__name__
    if isinstance(answer, Network):
        return Network.__module__
    kept = answer.__dict__ if callable(answer) and hasattr(answer, "__dict__") else {}
    return str(kept.get("__module__", ""))
