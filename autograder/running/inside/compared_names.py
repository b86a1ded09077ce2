"""Which names of modules and classes are compared, and what is recorded of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

from .method_like import is_method_like
from .names import BUILTINS, SHOWN_BY

_LEFT_OUT = (
    *("inside", "__main__", "__mp_main__", "tensorflow.", "google.", "jax"),
    "ml_dtypes",
)
"""Modules of which only objects used by other modules are recorded, to save time and memory.

`__mp_main__` is multiprocessing's name for the notebook itself.
"""
_PUBLIC = "tensorflow._api.v2."
_CHECKS = frozenset({"tensorflow.python.ops.check_ops", "tensorflow.python.ops.math_ops"})
"""What TensorFlow's own assertions are made of."""
_CONSTANTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("math", "cmath", "string", "calendar", "colorsys", "csv", "datetime"), ()),
    **dict.fromkeys(("decimal", "fractions", "http", "inspect", "random", "scipy.constants"), ()),
    "numpy": ("pi", "e", "inf", "nan", "euler_gamma", "newaxis"),
    "sys": (
        *("modules", "meta_path", "path_hooks", "path_importer_cache", "flags"),
        *("maxsize", "maxunicode", "float_info", "version_info", "executable", "platform"),
    ),
    "gc": ("callbacks",),
    "linecache": ("cache",),
}
_FREE = frozenset(
    {("matplotlib.pyplot", name) for name in ("draw_if_interactive", "_backend_mod")}
    | {("warnings", name) for name in ("warn", "showwarning", "formatwarning")}
    | {("builtins", "input"), ("ssl", "_create_default_https_context")}
)
"""What libraries and notebooks replace: a warning is not shown, `input()` gives prepared text.

Notebooks replace the last one to download data where certificates are missing.
"""
_OF_EACH_CLASS = frozenset({*SHOWN_BY, "__dict__", "__weakref__"})
"""What of a class is not compared."""


class Saved(NamedTuple):
    """The content of a module or class: its dict or itself, the number of names, some values.

    `others` are the names whose values are not compared.
    """

    label: str
    owner: Any
    size: int
    names: tuple[str, ...]
    values: tuple[Any, ...]
    others: tuple[str, ...]


def saved_of(label: str, owner: Any, whole: Mapping[str, Any], chosen: dict[str, Any]) -> Saved:
    """Return what is recorded of a module or class: its values that were chosen."""
    others = tuple(key for key in whole if key not in chosen)
    return Saved(label, owner, len(whole), (*chosen,), (*chosen.values(),), _one_of(others))


@cache
def _one_of(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return always the same one of equal tuples: most classes have the same names."""
    return names


def is_left_out(module: str) -> bool:
    """Tell whether the names of a module are not compared."""
    public = module.startswith(_PUBLIC) and not module.startswith(f"{_PUBLIC}compat")
    return module.startswith(_LEFT_OUT) and not public and module not in _CHECKS


def is_kept_of_class(name: str, value: Any) -> bool:
    """Tell whether a value of a class is compared: it is like a method."""
    return name == "_abc_impl" or (name not in _OF_EACH_CLASS and is_method_like(name, value))


def is_kept(module: str, name: str, value: Any) -> bool:
    """Tell whether a value of a module is compared."""
    if (module, name) in _FREE:
        return False
    if name in ("__builtins__", "__path__") or name in BUILTINS or callable(value):
        return True
    if isinstance(value, ModuleType):
        return True
    names = _CONSTANTS.get(module)
    return names is not None and (not names or name in names) and not name.startswith("__")
