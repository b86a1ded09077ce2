"""Functions that a notebook defines: whether one can be read, and how it is called.

A function that is read may use its arguments and local names, and look up names of the notebook. It
changes nothing else, so it can be called in any order and any number of times.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from .bounds import Raised
from .operators import CHANGING
from .values import Function

_ALLOWED = (
    *(ast.Add, ast.And, ast.AnnAssign, ast.Assert, ast.Assign, ast.Attribute, ast.AugAssign),
    *(ast.BinOp, ast.BitAnd, ast.BitOr, ast.BitXor, ast.BoolOp, ast.Break, ast.Call, ast.Compare),
    *(
        ast.Constant,
        ast.Continue,
        ast.Div,
        ast.Eq,
        ast.Expr,
        ast.FloorDiv,
        ast.For,
        ast.FormattedValue,
    ),
    *(ast.Gt, ast.GtE, ast.If, ast.IfExp, ast.In, ast.Invert, ast.Is, ast.IsNot, ast.JoinedStr),
    *(ast.LShift, ast.List, ast.ListComp, ast.Load, ast.Lt, ast.LtE, ast.Mod, ast.Mult, ast.Name),
    *(ast.Not, ast.NotEq, ast.NotIn, ast.Or, ast.Pass, ast.Pow, ast.RShift, ast.Raise, ast.Return),
    *(ast.Slice, ast.Store, ast.Sub, ast.Subscript, ast.Tuple, ast.UAdd, ast.USub, ast.UnaryOp),
    *(ast.comprehension, ast.keyword, ast.Dict, ast.While),
)
_CHANGING = frozenset({"add"}).union(*CHANGING.values())


def define(
    node: ast.FunctionDef | ast.Lambda,
    defaults: tuple[Any, ...],
    keyword_defaults: Mapping[str, Any],
    names: dict[str, Any],
) -> Function:
    """Return the function that a `def` or a `lambda` makes."""
    if isinstance(node, ast.Lambda):
        return _made(
            "<lambda>", node.args, (ast.Return(node.body),), defaults, keyword_defaults, names
        )
    return _made(node.name, node.args, tuple(node.body), defaults, keyword_defaults, names)


def _made(
    name: str,
    arguments: ast.arguments,
    body: tuple[ast.stmt, ...],
    defaults: tuple[Any, ...],
    keyword_defaults: Mapping[str, Any],
    names: dict[str, Any],
) -> Function:
    own, free, doubt = _looked_through(arguments, body)
    return Function(name, arguments, body, defaults, keyword_defaults, own, free, doubt, names)


@lru_cache(maxsize=512)
def _looked_through(
    arguments: ast.arguments, body: tuple[ast.stmt, ...]
) -> tuple[frozenset[str], frozenset[str], str]:
    """Return the names that are a function's own, those that are not, and what is in doubt.

    It is cached for the instructor's functions, which every submission has: a node is equal to
    itself alone.
    """
    own = frozenset(parameters(arguments)).union(*map(_stores, body))
    free = frozenset().union(*(_loads(each, own) for each in body))
    return own, free, _doubt_about(arguments, body)


def _parts(body: tuple[ast.stmt, ...]) -> Iterator[ast.AST]:
    for statement in body:
        yield from ast.walk(statement)


def _stores(node: ast.AST) -> Iterator[str]:
    """Yield the names that the body assigns to, without those inside list comprehensions."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    if not isinstance(node, ast.ListComp):
        for child in ast.iter_child_nodes(node):
            yield from _stores(child)


def _loads(node: ast.AST, bound: frozenset[str]) -> Iterator[str]:
    """Yield the names that are looked up outside the function."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in bound:
        yield node.id
    if isinstance(node, ast.ListComp):
        yield from _loads(node.generators[0].iter, bound)
        targets = (each.target for each in node.generators)
        bound |= {name for target in targets for name in _stores(target)}
    for child in ast.iter_child_nodes(node):
        yield from _loads(child, bound)


def parameters(arguments: ast.arguments) -> list[str]:
    """Return the names of the parameters without a star."""
    return [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def _doubt_about(arguments: ast.arguments, body: tuple[ast.stmt, ...]) -> str:
    """Return why this function cannot be read, or ""."""
    if arguments.vararg or arguments.kwarg:
        return "it takes any number of arguments"
    made = {name for each in body for name in _stores(each)} - set(parameters(arguments))
    for node in _parts(body):
        if not isinstance(node, _ALLOWED):
            return f"it holds a {type(node).__name__}"
        if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
            return "it changes a part of something"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, method = node.func.value, node.func.attr
            if method == "append" and not (isinstance(owner, ast.Name) and owner.id in made):
                return "it appends to a list that it did not make"
            if method in _CHANGING - {"append"}:
                return f"it calls .{method}()"
    return ""


def bind(function: Function, args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return the function's local names at the start of a call, as Python binds them.

    Raises:
        Raised: With a TypeError, where the arguments do not fit.
    """
    arguments = function.arguments
    positional = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    by_name = set(parameters(arguments)) - {each.arg for each in arguments.posonlyargs}
    if len(args) > len(positional):
        raise _misfit(
            function, f"takes {len(positional)} positional arguments but {len(args)} were given"
        )
    bound = dict(zip(positional, args, strict=False))
    for key, value in kwargs.items():
        if key not in by_name:
            raise _misfit(function, f"got an unexpected keyword argument {key!r}")
        if key in bound:
            raise _misfit(function, f"got multiple values for argument {key!r}")
        bound[key] = value
    first = len(positional) - len(function.defaults)
    defaults = dict(zip(positional[first:], function.defaults, strict=True))
    defaults.update(function.keyword_defaults)
    missing = [name for name in parameters(arguments) if name not in bound and name not in defaults]
    if missing:
        raise _misfit(function, f"missing required arguments: {', '.join(missing)}")
    return {**defaults, **bound}


def _misfit(function: Function, what: str) -> Raised:
    return Raised(TypeError(f"{function.name}() {what}"))
