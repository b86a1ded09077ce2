"""The effect of the instructor's cells on names, where they cannot be evaluated.

They are trusted to change no answers, except in ways that are visible in their code: a name that
they assign to, or an object of which they change a part.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from .bounds import Unreadable
from .evaluator import Scope
from .operators import CHANGING
from .syntax import parts_of
from .values import Function, Opaque

_CHANGING_METHODS = frozenset({"add", "update", "popitem"}).union(*CHANGING.values())


_RUNNING = frozenset({"eval", "exec", "execfile", "globals", "locals", "setattr", "vars"})
_MAGICS = frozenset({"run_cell_magic", "run_line_magic", "system", "getoutput"})
_HARMLESS_MAGICS = frozenset({"autoreload", "config", "load_ext", "matplotlib"})


def step_over(node: ast.stmt, scope: Scope) -> None:
    """Assume that the statement ran; the values that it may have changed are now unknown.

    Raises:
        Unreadable: When it may assign to any name, without naming it.
    """
    if touches_anything(node):
        raise Unreadable("it may assign to any name")
    names = set(touched_by_ours(node))
    for name in reached(looked_up(node), scope.names):
        value = scope.names.get(name)
        if isinstance(value, Function):
            names |= _touched_outside(value)
    for name in names:
        scope.names[name] = Opaque()


@lru_cache(maxsize=4_096)
def touches_anything(node: ast.AST) -> bool:
    """Return whether a statement may assign to names that are not in its text.

    >>> touches_anything(ast.parse("exec(text)")), touches_anything(ast.parse("plot(text)"))
    (True, False)
    """
    return any(
        _is_open(part.func, part.args)
        if isinstance(part, ast.Call)
        else isinstance(part, ast.ImportFrom) and part.names[0].name == "*"
        for part in ast.walk(node)
    )


def _is_open(called: ast.expr, args: list[ast.expr]) -> bool:
    """Return whether calling it may assign to any name."""
    if isinstance(called, ast.Name):
        return called.id in _RUNNING
    if not isinstance(called, ast.Attribute) or called.attr not in _MAGICS:
        return False
    first = args[0] if args else None
    return not (isinstance(first, ast.Constant) and first.value in _HARMLESS_MAGICS)


def _touched_outside(function: Function) -> set[str]:
    """Return what a function, when called, may change outside itself."""
    names: set[str] = set()
    for statement in function.body:
        names |= touched_by_ours(statement) - function.own_names
        names |= _declared(statement)
    return names


@lru_cache(maxsize=4_096)
def _declared(node: ast.AST) -> frozenset[str]:
    """Return the names that a statement declares global or nonlocal."""
    parts = (part for part in parts_of(node) if isinstance(part, (ast.Global, ast.Nonlocal)))
    return frozenset(name for part in parts for name in part.names)


def touched(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement assigns to or changes a part of.

    >>> sorted(touched(ast.parse("a, b[0] = f(c.append(1))")))
    ['a', 'b', 'c']
    """
    return touched_in(parts_of(node))


def touched_in(parts: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names that a statement with these parts assigns to or changes a part of."""
    for part in parts:
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
    """Yield the variable whose method is called, when that method changes it."""
    if isinstance(called, ast.Attribute) and called.attr in _CHANGING_METHODS:
        yield from _root(called.value)


def _root(node: ast.expr) -> Iterator[str]:
    """Yield the variable of which `node` is a part."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


@lru_cache(maxsize=4_096)
def touched_by_ours(node: ast.AST) -> frozenset[str]:
    """Return the result of `touched`; it is cached for the instructor's cells."""
    return frozenset(touched(node))


@lru_cache(maxsize=4_096)
def looked_up(node: ast.AST) -> frozenset[str]:
    """Return all names that a statement of the instructor may look up."""
    return frozenset(part.id for part in ast.walk(node) if isinstance(part, ast.Name))


def reached(names: frozenset[str], held: Mapping[str, Any]) -> frozenset[str]:
    """Return these names, and all names that the functions among them look up in turn."""
    found, new = names, names
    while new:
        functions = [held[name] for name in new if type(held.get(name)) is Function]
        new = frozenset[str]().union(*(each.free_names for each in functions)) - found
        found |= new
    return found


def unreadable_function(names: Iterable[str], held: Mapping[str, Any]) -> str:
    """Return a function among these that may do anything, or ""."""
    for name in sorted(names):
        value = held.get(name)
        if isinstance(value, Function) and (value.doubt or _reaches_lists(value, held)):
            return name
    return ""


def _reaches_lists(function: Function, held: Mapping[str, Any]) -> bool:
    """Return whether a function looks up something that it might change."""
    return any(isinstance(held.get(name), (list, dict, Function)) for name in function.free_names)
