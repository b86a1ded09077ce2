"""Recording what tests rely on, before any student code runs.

The functions and classes in modules, the methods of classes, and what decorators store are recorded
by identity. protect.py restores them before a test.
"""

from __future__ import annotations

import gc
import sys
from abc import ABCMeta
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

from .contents import Contents
from .imported import Imported
from .memory import Fixed
from .names import BUILTINS, METHODS, SHOWN_BY, class_dict
from .notebook_shell import NotebookShell
from .registries import Registries
from .shell_commands import ShellCommands
from .tables import Tables
from .versions import Numbered, Versions, dict_of
from .words import Words

_LEFT_OUT = (
    *("inside", "__main__", "__mp_main__", "encodings", "tensorflow.", "google.", "jax"),
    "ml_dtypes",
)
"""Modules of which only objects used by other modules are recorded, to save time and memory.

`__mp_main__` is multiprocessing's name for the notebook itself.
"""
_PUBLIC = "tensorflow._api.v2."
_CHECKS = frozenset(
    {"encodings.aliases", "tensorflow.python.ops.check_ops", "tensorflow.python.ops.math_ops"}
)
"""What decoding goes by; what TensorFlow's own assertions are made of."""
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


_WRAPPERS = frozenset({"_ArrayFunctionDispatcher", "_lru_cache_wrapper"})
"""Classes made in C of what calls a Python function."""


class Saved(NamedTuple):
    """The content of a module or class: its dict or itself, the number of names, some values."""

    label: str
    owner: Any
    size: int
    names: tuple[str, ...]
    values: tuple[Any, ...]


class Snapshot:
    """The state before any student's code."""

    def __init__(self) -> None:
        self.modules = Numbered()
        self.classes = Numbered()
        self.cells: list[tuple[str, Any, Any]] = []
        self.defaults: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
        self.codes: list[tuple[str, FunctionType, Any, Any]] = []
        self.registries = Registries()
        self.fixed = Fixed()
        self.contents = Contents()
        self.tables = Tables()
        self.versions = Versions()
        self.loaded: dict[str, ModuleType] = {}
        self.lists: list[tuple[str, list[Any], list[Any]]] = []
        self.kinds: list[tuple[str, Any, type]] = []
        self.bases: list[tuple[str, type, tuple[type, ...]]] = []
        self.words_of_kinds, self.words_of_functions = Words(), Words()
        self.known: set[int] = set()
        self.same_named: dict[str, tuple[Any, ...]] = {}
        self.importers: dict[str, Any] = {}
        self._seen: set[int] = set()
        self._checks: dict[str, Any] = {}
        self._imported = Imported()
        for made in (NotebookShell, ShellCommands):  # student code reaches them by `get_ipython()`
            self._add_class("get_ipython()", made)
        self.add_modules()

    def add_modules(self) -> None:
        """Record what has been imported since the last call."""
        newest = self._imported.newest()
        for name in newest:
            module = sys.modules[name]
            self.loaded[name] = module
            if type(module) is ModuleType:
                self.kinds.append((name, module, ModuleType))
                self.words_of_kinds.add_type(module)
                self.tables.add(name, module)
            if type(module) is ModuleType and not _is_left_out(name):
                self._add(name, vars(module))
                self.versions.add(name, module)
                self.contents.add(name, module)
        if len(self.importers) != len(sys.path_importer_cache):
            self.importers = dict(sys.path_importer_cache)
        hooks = (
            ("sys.meta_path", sys.meta_path),
            ("sys.path_hooks", sys.path_hooks),
            ("gc.callbacks", gc.callbacks),
        )
        self.lists = [(name, found, list(found)) for name, found in hooks]
        if newest:
            self.registries.refresh()
            self.contents.refresh()
            self._checks = {}

    def checks(self) -> dict[str, Any]:
        """Return what compares the present state to the recorded one, by the names in sealed code.

        It is made once, in the fork server, unless the notebook imports further modules.
        """
        if not self._checks:
            self._checks = {
                "changed_modules": self.modules.make_changed(),
                "changed_classes": self.classes.make_changed(),
                "same_kinds": self.words_of_kinds.make_same(),
                "same_functions": self.words_of_functions.make_same(),
                "newly_changed": self.versions.make_check(),
                "put_back_contents": self.contents.make_check(self.known),
                "put_back_registries": self.registries.make_check(self.known),
                "memory_changed": self.fixed.make_check(),
                "METHODS_OF": {id(made): names for _, made, _, names, _ in self.classes.saved},
            }
        return self._checks

    def add_functions(self, functions: dict[str, FunctionType]) -> None:
        """Record functions that are in no module yet, by a name for each."""
        for name, function in functions.items():
            self._add_function(name, function)
            self._checks = {}

    def hide_own_modules(self) -> None:
        """Remove the modules of this package from those that student code finds."""
        self.add_modules()
        self._imported.hide()

    def _add(self, name: str, found: dict[str, Any]) -> None:
        chosen = {key: each for key, each in found.items() if _is_kept(name, key, each)}
        self.modules.add(Saved(name, found, len(found), (*chosen,), (*chosen.values(),)), found)
        for key in BUILTINS.intersection(chosen):  # such as `numpy.sum`
            self.same_named[key] = (*self.same_named.get(key, ()), chosen[key])
        for key, each in chosen.items():
            if id(each) in self._seen:
                continue
            self._seen.add(id(each))
            if isinstance(each, type) and Fixed.holds(each):
                self.fixed.add_class(f"{name}.{key}", each)
                self.known.add(id(each))
            elif isinstance(each, type):
                self._add_class(f"{name}.{key}", each)
            else:
                self._add_callable(f"{name}.{key}", each)

    def _add_class(self, name: str, made: type) -> None:
        whole = class_dict(made)
        methods = {key: each for key, each in whole.items() if isinstance(each, METHODS)}
        found = {key: each for key, each in methods.items() if key not in SHOWN_BY}
        found |= {key: each for key, each in whole.items() if key == "_abc_impl"}  # its registry
        saved = Saved(name, made, len(whole), (*found,), (*found.values(),))
        self.classes.add(saved, dict_of(made))
        self.known.add(id(made))
        self.tables.add_class(made)
        if type(made) is not type:
            self.kinds.append((name, made, type(made)))
            self.words_of_kinds.add_type(made)
        if made.__bases__ != (object,):
            self.bases.append((name, made, made.__bases__))
            self.words_of_kinds.add_bases(made)
        if isinstance(made, ABCMeta):
            self.registries.add(name, made)
        for key, each in found.items():
            plain = each.__func__ if isinstance(each, (classmethod, staticmethod)) else each
            if isinstance(plain, FunctionType) and id(plain) not in self._seen:
                self._seen.add(id(plain))
                self._add_function(f"{name}.{key}", plain)

    def _add_callable(self, name: str, each: Any) -> None:
        """Record a function, and the functions that it wraps, as NumPy's public ones do."""
        while True:
            self._seen.add(id(each))
            if isinstance(each, FunctionType):
                self._add_function(name, each)
            elif type(each).__name__ not in _WRAPPERS:
                break
            each = vars(each).get("__wrapped__")
            if each is None or id(each) in self._seen:
                break

    def _add_function(self, name: str, function: FunctionType) -> None:
        self.fixed.add_function(name, function)
        for cell in function.__closure__ or ():
            try:
                if isinstance(cell.cell_contents, FunctionType):
                    self.cells.append((name, cell, cell.cell_contents))
                    self.words_of_functions.add_cell(cell)
            except ValueError:  # it is empty
                continue
        if function.__kwdefaults__:
            self.defaults.append((name, function.__kwdefaults__, dict(function.__kwdefaults__)))
            self.words_of_functions.add_dict(function.__kwdefaults__)


def _is_left_out(module: str) -> bool:
    public = module.startswith(_PUBLIC) and not module.startswith(f"{_PUBLIC}compat")
    return module.startswith(_LEFT_OUT) and not public and module not in _CHECKS


def _is_kept(module: str, name: str, value: Any) -> bool:
    if (module, name) in _FREE:
        return False
    if name in ("__builtins__", "__path__") or name in BUILTINS or callable(value):
        return True
    if isinstance(value, ModuleType):
        return True
    names = _CONSTANTS.get(module)
    return names is not None and (not names or name in names) and not name.startswith("__")
