"""What the instructor's own cells do to the names of a notebook, where they cannot be evaluated.

They are trusted to leave answers as they are, except by what stands in them to be seen: a name that
they give a value, or a thing that they change a part of.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from .machine import Scope
from .operations import CHANGING
from .values import Function, Opaque

_CHANGING_METHODS = frozenset({"add", "update", "popitem"}).union(*CHANGING.values())


def step_over(node: ast.stmt, scope: Scope) -> None:
    """Take it that the statement ran; what it may have touched is not known from here on."""
    for name in touched_by_ours(node):
        scope.names[name] = Opaque("one of the notebook's own cells made it")


def touched(node: ast.AST) -> Iterator[str]:
    """Name what a statement gives a value or changes a part of.

    >>> sorted(touched(ast.parse("a, b[0] = f(c.append(1))")))
    ['a', 'b', 'c']
    """
    for part in ast.walk(node):
        if isinstance(part, (ast.Name, ast.Attribute, ast.Subscript)):
            if not isinstance(part.ctx, ast.Load):
                yield from _root(part)
        elif isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield part.name
        elif isinstance(part, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in part.names)
        elif isinstance(part, ast.ExceptHandler) and part.name:
            yield part.name
        elif isinstance(part, ast.Call):
            yield from _changed_by(part.func)


def _changed_by(called: ast.expr) -> Iterator[str]:
    """Name the variable whose method is called, when that method changes it."""
    if isinstance(called, ast.Attribute) and called.attr in _CHANGING_METHODS:
        yield from _root(called.value)


def _root(node: ast.expr) -> Iterator[str]:
    """Name the variable of which `node` is a part."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


@lru_cache(maxsize=4_096)
def touched_by_ours(node: ast.AST) -> frozenset[str]:
    """Return what `touched` names; the instructor's cells are parsed once for a class."""
    return frozenset(touched(node))


@lru_cache(maxsize=4_096)
def looked_up(node: ast.AST) -> frozenset[str]:
    """Name all that a statement of the instructor's may look up."""
    return frozenset(part.id for part in ast.walk(node) if isinstance(part, ast.Name))


def reached(names: frozenset[str], held: Mapping[str, Any]) -> frozenset[str]:
    """Name these names, and all that the functions among them look up in turn."""
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        value = held.get(name)
        if isinstance(value, Function):
            waiting |= value.free_names - found
    return frozenset(found)


def unreadable_function(names: Iterable[str], held: Mapping[str, Any]) -> str:
    """Name a function among these that may do anything; the empty text, if there is none."""
    for name in sorted(names):
        value = held.get(name)
        if isinstance(value, Function) and (value.doubt or _reaches_lists(value, held)):
            return name
    return ""


def _reaches_lists(function: Function, held: Mapping[str, Any]) -> bool:
    """Tell whether a function looks at something that it might change."""
    return any(isinstance(held.get(name), (list, dict, Function)) for name in function.free_names)
