"""Evaluating calls: of built-in functions, methods, constructors of Keras, and own functions."""

from __future__ import annotations

import ast
from typing import Any

from . import libraries, operators
from .bounds import PLAIN, Raised, Unreadable, weight
from .evaluator import Evaluator, Scope, may_change, note_made
from .expressions import list_of
from .values import Function, Layered, Opaque, Reference, Stack

_MAKING_LISTS = frozenset({"builtins.list", "builtins.sorted"})
_ITERATING = frozenset(
    f"builtins.{name}" for name in ("list", "max", "min", "sorted", "sum", "tuple")
)


def call(evaluator: Evaluator, node: ast.Call, scope: Scope) -> Any:
    """Return the value of a call."""
    if isinstance(node.func, ast.Attribute):
        owner = evaluator.value(node.func.value, scope)
        if type(owner) is not Reference:
            return _call_method(evaluator, node, owner, scope)
        called = libraries.member(owner, node.func.attr)
    else:
        called = evaluator.value(node.func, scope)
    if type(called) is Reference and called.path in _ITERATING and _lone_generator(node):
        items = _list_of_all(evaluator, node.args[0], scope)
        return operators.call_builtin(
            evaluator.fuel, called.path.removeprefix("builtins."), [items], {}
        )
    args, kwargs = _arguments(evaluator, node, scope)
    if type(called) is Function:
        return evaluator.call(called, args, kwargs)
    if type(called) is Reference:
        value = _call_reference(evaluator, called, args, kwargs)
        return note_made(value, scope) if called.path in _MAKING_LISTS else value
    if type(called) in PLAIN:
        raise Raised(TypeError(f"{type(called).__name__!r} object is not callable"))
    raise Unreadable("it calls something unknown")


def _lone_generator(node: ast.Call) -> bool:
    return len(node.args) == 1 and not node.keywords and isinstance(node.args[0], ast.GeneratorExp)


def _list_of_all(evaluator: Evaluator, node: ast.expr, scope: Scope) -> list[Any]:
    """Return the items of a generator as a list, for a function that always uses all of them."""
    if not isinstance(node, ast.GeneratorExp):
        raise TypeError(f"{type(node).__name__} is not a generator")
    return list_of(evaluator, node, scope)


def _arguments(
    evaluator: Evaluator, node: ast.Call, scope: Scope
) -> tuple[list[Any], dict[str, Any]]:
    """Evaluate the arguments of a call, from left to right."""
    args = evaluator.values(node.args, scope)
    kwargs: dict[str, Any] = {}
    for keyword in node.keywords:
        if keyword.arg is None:
            raise Unreadable("it unpacks a dict")
        kwargs[keyword.arg] = evaluator.value(keyword.value, scope)
    return args, kwargs


def _call_method(evaluator: Evaluator, node: ast.Call, owner: Any, scope: Scope) -> Any:
    """Call a method of a plain value, or one of the supported methods of a model."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    args, kwargs = _arguments(evaluator, node, scope)
    if type(owner) is Stack:
        return _call_model(evaluator, owner, name, args, kwargs, scope)
    if type(owner) in PLAIN and name in operators.CHANGING.get(type(owner), ()):
        may_change(evaluator, owner, scope)
    value = operators.call_method(evaluator.fuel, owner, name, args, kwargs)
    return note_made(value, scope) if name == "copy" and type(value) is list else value


def _call_model(
    evaluator: Evaluator,
    stack: Stack,
    name: str,
    args: list[Any],
    kwargs: dict[str, Any],
    scope: Scope,
) -> Any:
    if name == "add" and len(args) == 1 and not kwargs:
        may_change(evaluator, stack, scope)
        return libraries.add(stack, args[0])
    if name == "summary" and not args and not kwargs:
        return None
    if name == "count_params" and stack.network is not None and not args and not kwargs:
        return stack.network.total_parameters
    raise Unreadable(f"it calls .{name}() of a model")


def _call_reference(
    evaluator: Evaluator, called: Reference, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """Call something of a library."""
    home, _, name = called.path.rpartition(".")
    if called.path == "builtins.print":
        evaluator.printed = True
        return _print(args, kwargs)
    if home == "builtins" and name in operators.BUILTINS:
        return operators.call_builtin(evaluator.fuel, name, args, kwargs)
    if home == "math":
        return operators.call_math(evaluator.fuel, name, args, kwargs)
    if home in ("keras", "keras.layers"):
        return _call_keras(evaluator, called.path, args, kwargs)
    if libraries.is_harmless(called):
        return _shown(evaluator, name, args, kwargs)
    raise Unreadable(f"it calls {called.path}()")


def _call_keras(evaluator: Evaluator, path: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    for value in (*args, *kwargs.values()):
        if path != "keras.Sequential":
            operators.plain(evaluator.fuel, value)
    return libraries.call_keras(path, args, kwargs)


def _print(args: list[Any], kwargs: dict[str, Any]) -> None:
    """Print nothing, but refuse what would not print."""
    if set(kwargs) - {"end", "sep"} or not all(type(value) is str for value in kwargs.values()):
        raise Unreadable("it calls print() with unknown arguments")
    for value in args:
        if type(value) not in PLAIN and type(value) not in (Stack, Layered):
            raise Unreadable("it prints something other than a plain value")
        weight(value)


def _shown(evaluator: Evaluator, name: str, args: list[Any], kwargs: dict[str, Any]) -> Opaque:
    """Evaluate a call that only shows something and changes no answer."""
    for value in (*args, *kwargs.values()):
        if type(value) is Function and value.doubt:
            raise Unreadable(f"{name}() may call {value.name}()")
        if type(value) not in (Stack, Layered, Function):
            operators.plain(evaluator.fuel, value)
    evaluator.doubtful = True
    return Opaque()
