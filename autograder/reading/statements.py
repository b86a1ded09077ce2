"""Executing statements exactly as Python would, or else refusing them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from . import libraries, operators
from .bounds import Raised, Unreadable
from .calls import call
from .evaluator import ERRORS, EVALUATE, Evaluator, Scope, may_change
from .expressions import assign
from .notebook_functions import define
from .values import Reference


@dataclass(frozen=True, slots=True)
class Returned:
    """A function has reached its `return`."""

    value: Any


EVALUATE[ast.Call] = call
Completion = Literal["break", "continue"] | Returned | None
"""How a statement ended; None when the next one is to be executed."""


def call_body(evaluator: Evaluator, body: tuple[ast.stmt, ...], scope: Scope) -> Any:
    """Return what a function with this body returns."""
    outcome = _block(evaluator, list(body), scope)
    return outcome.value if isinstance(outcome, Returned) else None


def carry_out(evaluator: Evaluator, node: ast.stmt, scope: Scope) -> Completion:
    """Execute one statement.

    Raises:
        Raised: When Python would raise.
        Unreadable: When its effect is not certain.
    """
    evaluator.fuel.burn()
    work = _CARRY_OUT.get(type(node))
    if work is None:
        raise Unreadable(f"it holds a {type(node).__name__}")
    return work(evaluator, node, scope)


def _block(evaluator: Evaluator, body: list[ast.stmt], scope: Scope) -> Completion:
    for node in body:
        outcome = carry_out(evaluator, node, scope)
        if outcome is not None:
            return outcome
    return None


def _expression(evaluator: Evaluator, node: ast.Expr, scope: Scope) -> None:
    evaluator.value(node.value, scope)


def _assign(evaluator: Evaluator, node: ast.Assign, scope: Scope) -> None:
    value = evaluator.value(node.value, scope)
    for target in node.targets:
        assign(evaluator, target, value, scope)


def _annotated(evaluator: Evaluator, node: ast.AnnAssign, scope: Scope) -> None:
    """Assign; Python looks up the annotation, so only plain ones are read."""
    if node.value is None or not node.simple or not _is_simple_hint(node.annotation):
        raise Unreadable("it has a type annotation that is not simple")
    assign(evaluator, node.target, evaluator.value(node.value, scope), scope)


def _changed(evaluator: Evaluator, node: ast.AugAssign, scope: Scope) -> None:
    if not isinstance(node.target, ast.Name):
        raise Unreadable("it changes a part of something")
    old = evaluator.value(ast.Name(node.target.id, ast.Load()), scope)
    new = evaluator.value(node.value, scope)
    if type(old) in (list, dict):
        may_change(evaluator, old, scope)
    assign(
        evaluator,
        node.target,
        operators.binary(evaluator.fuel, node.op, old, new, in_place=True),
        scope,
    )


def _import(evaluator: Evaluator, node: ast.Import, scope: Scope) -> None:
    for alias in node.names:
        found = libraries.module(alias.name)
        root = alias.name.partition(".")[0]
        target = ast.Name(alias.asname or root, ast.Store())
        assign(evaluator, target, found if alias.asname else libraries.module(root), scope)


def _import_from(evaluator: Evaluator, node: ast.ImportFrom, scope: Scope) -> None:
    if node.level or node.module is None:
        raise Unreadable("it has a relative import")
    home = libraries.module(node.module)
    for alias in node.names:
        target = ast.Name(alias.asname or alias.name, ast.Store())
        assign(evaluator, target, libraries.member(home, alias.name), scope)


def _function(evaluator: Evaluator, node: ast.FunctionDef, scope: Scope) -> None:
    """Define a function; Python looks up its annotations, so only plain ones are read."""
    arguments = node.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    hints = [each.annotation for each in every] + [node.returns]
    if node.decorator_list or scope.outer is not None or not all(map(_is_simple_hint, hints)):
        raise Unreadable(f"it defines {node.name}() inside another, decorated or annotated")
    defaults = tuple(evaluator.value(each, scope) for each in arguments.defaults)
    named = {
        each.arg: evaluator.value(default, scope)
        for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is not None
    }
    made = define(node, defaults, named, scope.names)
    assign(evaluator, ast.Name(node.name, ast.Store()), made, scope)


def _is_simple_hint(hint: ast.expr | None) -> bool:
    return (
        hint is None
        or isinstance(hint, ast.Constant)
        or (isinstance(hint, ast.Name) and hint.id in operators.CLASSES)
    )


def _if(evaluator: Evaluator, node: ast.If, scope: Scope) -> Completion:
    holds = operators.truth(evaluator.fuel, evaluator.value(node.test, scope))
    return _block(evaluator, node.body if holds else node.orelse, scope)


def _for(evaluator: Evaluator, node: ast.For, scope: Scope) -> Completion:
    steps = operators.iterator(evaluator.fuel, evaluator.value(node.iter, scope))
    while True:
        evaluator.fuel.burn()
        try:
            item = next(steps)
        except StopIteration:
            return _block(evaluator, node.orelse, scope)
        except RuntimeError as error:
            raise Raised(error) from None
        assign(evaluator, node.target, item, scope)
        outcome = _block(evaluator, node.body, scope)
        if outcome == "break":
            return None
        if isinstance(outcome, Returned):
            return outcome


def _while(evaluator: Evaluator, node: ast.While, scope: Scope) -> Completion:
    while operators.truth(evaluator.fuel, evaluator.value(node.test, scope)):
        outcome = _block(evaluator, node.body, scope)
        if outcome == "break":
            return None
        if isinstance(outcome, Returned):
            return outcome
    return _block(evaluator, node.orelse, scope)


def _return(evaluator: Evaluator, node: ast.Return, scope: Scope) -> Completion:
    if scope.outer is None:
        raise Unreadable("it returns outside a function")
    return Returned(None if node.value is None else evaluator.value(node.value, scope))


def _assert(evaluator: Evaluator, node: ast.Assert, scope: Scope) -> None:
    if operators.truth(evaluator.fuel, evaluator.value(node.test, scope)):
        return
    words = [] if node.msg is None else [str(evaluator.value(node.msg, scope))]
    raise Raised(AssertionError(*words))


def _raise(evaluator: Evaluator, node: ast.Raise, scope: Scope) -> None:
    """Raise one of Python's built-in errors, with or without a message."""
    called = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    if node.cause is not None or called is None:
        raise Unreadable("it raises in a way that is not known")
    kind = evaluator.value(called, scope)
    args = evaluator.values(node.exc.args, scope) if isinstance(node.exc, ast.Call) else []
    name = kind.path.removeprefix("builtins.") if type(kind) is Reference else ""
    if name not in ERRORS or not all(type(value) is str for value in args):
        raise Unreadable("it raises in a way that is not known")
    raise Raised(ERRORS[name](*args))


_CARRY_OUT: Mapping[type[ast.stmt], Callable[[Evaluator, Any, Scope], Completion]] = {
    ast.AnnAssign: _annotated,
    ast.Assert: _assert,
    ast.Assign: _assign,
    ast.AugAssign: _changed,
    ast.Break: lambda *_: "break",
    ast.Continue: lambda *_: "continue",
    ast.Expr: _expression,
    ast.For: _for,
    ast.FunctionDef: _function,
    ast.If: _if,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Pass: lambda *_: None,
    ast.Raise: _raise,
    ast.Return: _return,
    ast.While: _while,
}
