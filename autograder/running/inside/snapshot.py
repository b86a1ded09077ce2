"""Recording what tests rely on, before any student code runs.

The functions and classes in modules, the methods of classes, and what decorators store are recorded
by identity. protect.py restores them before a test.
"""

from __future__ import annotations

import contextlib
import gc
import sys
from abc import ABCMeta
from functools import partial
from types import CellType, FunctionType, ModuleType
from typing import Any

from .compared_names import is_kept, is_kept_of_class, is_left_out, saved_of
from .contents import Contents
from .imported import Imported
from .memory import Fixed
from .method_like import class_dict
from .names import BUILTINS
from .notebook_shell import NotebookShell
from .registries import Registries
from .shell_commands import ShellCommands
from .tables import Tables
from .text_encodings import Codecs
from .versions import Numbered, Versions, dict_of
from .words import Words
from .wrappers import Wrappers

_WRAPPERS = frozenset({"_ArrayFunctionDispatcher", "_lru_cache_wrapper"})
"""Classes made in C of what calls a Python function."""


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
        self.wrappers = Wrappers()
        self.codecs = Codecs()
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
                self.tables.add(name, module, of_objects=not is_left_out(name))
            if type(module) is ModuleType and not is_left_out(name):
                self._add(name, vars(module))
                self.versions.add(name, module)
                self.contents.add(name, module)
        for name, item in self.tables.take_objects():
            self.kinds.append((name, item, type(item)))
            self.words_of_kinds.add_type(item)
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
                "same_wrappers": self.wrappers.make_same(),
                "put_back_codecs": self.codecs.make_check(),
                "NAMES_OF": {id(saved.owner): saved for saved in self.classes.saved},
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
        chosen = {key: each for key, each in found.items() if is_kept(name, key, each)}
        self.modules.add(saved_of(name, found, found, chosen), found)
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
        found = {key: each for key, each in whole.items() if is_kept_of_class(key, each)}
        saved = saved_of(name, made, whole, found)
        self.classes.add(saved, dict_of(made))
        self.known.add(id(made))
        self.tables.add_class(made, saved.names, saved.others)
        if type(made) is not type:
            self.kinds.append((name, made, type(made)))
            self.words_of_kinds.add_type(made)
        if made.__bases__ != (object,):
            self.bases.append((name, made, made.__bases__))
            self.words_of_kinds.add_bases(made)
        if isinstance(made, ABCMeta):
            self.registries.add(name, made)
        for key, each in found.items():
            self._add_method(f"{name}.{key}", each)

    def _add_method(self, name: str, method: Any) -> None:
        """Record what a value of a class holds."""
        self.wrappers.add(name, method)
        inner = [method]
        if isinstance(method, (classmethod, staticmethod)):
            inner = [method.__func__]
        elif isinstance(method, property):
            inner = [method.fget, method.fset, method.fdel]
        for each in inner:
            if id(each) not in self._seen:
                self._add_callable(name, each)

    def _add_callable(self, name: str, each: Any) -> None:
        """Record a function, and the functions that it wraps, as NumPy's public ones do."""
        while not isinstance(each, type):  # a class is recorded where its module is
            self._seen.add(id(each))
            if isinstance(each, FunctionType):
                self._add_function(name, each)
            elif type(each) is partial:
                self._add_partial(name, each)
                break
            elif type(each).__name__ not in _WRAPPERS:
                break
            each = vars(each).get("__wrapped__")
            if each is None or id(each) in self._seen:
                break

    def _add_partial(self, name: str, each: Any) -> None:
        self.wrappers.add(name, each)
        self._add_defaults(name, each.keywords)
        if id(each.func) not in self._seen:
            self._add_callable(name, each.func)

    def _add_function(self, name: str, function: FunctionType) -> None:
        self.fixed.add_function(name, function)
        for cell in function.__closure__ or ():
            with contextlib.suppress(ValueError):  # it is empty
                self._add_cell(name, cell, cell.cell_contents)
        self._add_defaults(name, function.__kwdefaults__)

    def _add_cell(self, name: str, cell: CellType, value: Any) -> None:
        """Record a variable that a function shares with the one in which it was made."""
        if callable(value):
            self.cells.append((name, cell, value))
            self.words_of_functions.add_cell(cell)
            if id(value) not in self._seen:
                self._add_callable(name, value)
        else:
            self.tables.add_held(name, value)

    def _add_defaults(self, name: str, found: dict[str, Any] | None) -> None:
        if found:
            self.defaults.append((name, found, dict(found)))
            self.words_of_functions.add_dict(found)
