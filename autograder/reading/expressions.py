"""Evaluating expressions, with exactly Python's value or none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from . import libraries, operators
from .bounds import MOST_ITEMS, PLAIN, Unreadable, refuse_above, weight
from .evaluator import EVALUATE, Evaluator, Scope, bind_name, look_up, may_change, note_made
from .notebook_functions import define
from .values import Function, Reference, Stack

_SHORT_FORMAT = re.compile(r"[<>^]?\d{0,2},?(?:\.\d)?[dfgs%]?")


def _constant(_: Evaluator, node: ast.Constant, __: Scope) -> Any:
    if type(node.value) not in PLAIN:
        raise Unreadable(f"it holds a {type(node.value).__name__}")
    weight(node.value)
    return node.value


def _name(_: Evaluator, node: ast.Name, scope: Scope) -> Any:
    return look_up(node.id, scope)


def _list(evaluator: Evaluator, node: ast.List, scope: Scope) -> list[Any]:
    return note_made(evaluator.values(node.elts, scope), scope)


def _tuple(evaluator: Evaluator, node: ast.Tuple, scope: Scope) -> tuple[Any, ...]:
    return tuple(evaluator.values(node.elts, scope))


def _dict(evaluator: Evaluator, node: ast.Dict, scope: Scope) -> Any:
    pairs = []
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            raise Unreadable("it unpacks a dict")
        pairs.append((evaluator.value(key, scope), evaluator.value(value, scope)))
    operators.plain(evaluator.fuel, [pair[0] for pair in pairs])
    return operators.genuinely(evaluator.fuel, dict, pairs)


def _binary(evaluator: Evaluator, node: ast.BinOp, scope: Scope) -> Any:
    left, right = evaluator.value(node.left, scope), evaluator.value(node.right, scope)
    return operators.binary(evaluator.fuel, node.op, left, right)


def _unary(evaluator: Evaluator, node: ast.UnaryOp, scope: Scope) -> Any:
    value = evaluator.value(node.operand, scope)
    if isinstance(node.op, ast.Not):
        return not operators.truth(evaluator.fuel, value)
    return operators.unary(evaluator.fuel, node.op, value)


def _both_or_either(evaluator: Evaluator, node: ast.BoolOp, scope: Scope) -> Any:
    value = None
    for each in node.values:
        value = evaluator.value(each, scope)
        if each is not node.values[-1]:
            holds = operators.truth(evaluator.fuel, value)
            if holds is isinstance(node.op, ast.Or):
                return value
    return value


def _compare(evaluator: Evaluator, node: ast.Compare, scope: Scope) -> Any:
    left = evaluator.value(node.left, scope)
    for sign, right_node in zip(node.ops, node.comparators, strict=True):
        right = evaluator.value(right_node, scope)
        if not operators.compare(evaluator.fuel, sign, left, right):
            return False
        left = right
    return True


def _either(evaluator: Evaluator, node: ast.IfExp, scope: Scope) -> Any:
    holds = operators.truth(evaluator.fuel, evaluator.value(node.test, scope))
    return evaluator.value(node.body if holds else node.orelse, scope)


def _subscript(evaluator: Evaluator, node: ast.Subscript, scope: Scope) -> Any:
    value = evaluator.value(node.value, scope)
    return operators.item_of(evaluator.fuel, value, evaluator.value(node.slice, scope))


def _slice(evaluator: Evaluator, node: ast.Slice, scope: Scope) -> slice:
    ends = (node.lower, node.upper, node.step)
    return slice(*(None if end is None else evaluator.value(end, scope) for end in ends))


def list_of(evaluator: Evaluator, node: ast.ListComp | ast.GeneratorExp, scope: Scope) -> list[Any]:
    """Return the list of a comprehension, or of all items of a generator."""
    first = operators.iterator(evaluator.fuel, evaluator.value(node.generators[0].iter, scope))
    items: list[Any] = []
    inner = Scope({}, scope)
    for _ in _rounds(evaluator, node.generators, inner, first):
        items.append(evaluator.value(node.elt, inner))
        refuse_above(MOST_ITEMS, len(items))
    return note_made(items, scope)


def _rounds(
    evaluator: Evaluator, loops: list[ast.comprehension], scope: Scope, first: Any = None
) -> Iterator[None]:
    """Step through the nested loops of a comprehension."""
    loop = loops[0]
    if loop.is_async:
        raise Unreadable("it has an async comprehension")
    steps = first
    if steps is None:
        steps = operators.iterator(evaluator.fuel, evaluator.value(loop.iter, scope))
    for item in steps:
        evaluator.fuel.burn()
        assign(evaluator, loop.target, item, scope)
        if all(operators.truth(evaluator.fuel, evaluator.value(test, scope)) for test in loop.ifs):
            if loops[1:]:
                yield from _rounds(evaluator, loops[1:], scope)
            else:
                yield


def assign(evaluator: Evaluator, target: ast.expr, value: Any, scope: Scope) -> None:
    """Assign a value to a name, or to several names."""
    evaluator.fuel.burn()
    if isinstance(target, ast.Name):
        bind_name(evaluator, target.id, value, scope)
    elif isinstance(target, (ast.Tuple, ast.List)):
        if type(value) not in (tuple, list) or len(value) != len(target.elts):
            raise Unreadable("it unpacks something that may not fit")
        for part, item in zip(target.elts, tuple(value), strict=True):
            assign(evaluator, part, item, scope)
    elif isinstance(target, ast.Subscript):
        owner, index = evaluator.value(target.value, scope), evaluator.value(target.slice, scope)
        if type(owner) not in (list, dict) or type(index) is slice:
            raise Unreadable("it changes a part of something")
        may_change(evaluator, owner, scope)
        operators.plain(evaluator.fuel, index)
        operators.genuinely(evaluator.fuel, owner.__setitem__, index, value)
        evaluator.fuel.burn(weight(owner))
    else:
        raise Unreadable("it changes a part of something")


def _attribute(evaluator: Evaluator, node: ast.Attribute, scope: Scope) -> Any:
    owner = evaluator.value(node.value, scope)
    if type(owner) is Reference:
        return libraries.member(owner, node.attr)
    if type(owner) is Stack and owner.network is not None and owner.network.rows:
        if node.attr == "input_shape":
            return owner.network.input_shape
        if node.attr == "output_shape":
            return owner.network.rows[-1].output_shape
    raise Unreadable(f"it looks up .{node.attr}")


def _text(evaluator: Evaluator, node: ast.JoinedStr, scope: Scope) -> str:
    parts = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            parts.append(_formatted(evaluator, part, scope))
        else:
            parts.append(str(evaluator.value(part, scope)))
    text = "".join(parts)
    refuse_above(MOST_ITEMS, len(text))
    return text


def _formatted(evaluator: Evaluator, node: ast.FormattedValue, scope: Scope) -> str:
    """Format one value of an f-string, with a short fixed format only."""
    value = evaluator.value(node.value, scope)
    spec = "" if node.format_spec is None else evaluator.value(node.format_spec, scope)
    if not _SHORT_FORMAT.fullmatch(spec):
        raise Unreadable("it formats text")
    operators.plain(evaluator.fuel, value)
    if node.conversion == ord("r"):
        value = repr(value)
    elif node.conversion != -1:
        raise Unreadable("it formats text")
    return str(operators.genuinely(evaluator.fuel, format, value, spec))


def _lambda(_: Evaluator, node: ast.Lambda, scope: Scope) -> Function:
    if scope.outer is not None or node.args.defaults or node.args.kw_defaults:
        raise Unreadable("it holds a lambda")
    return define(node, (), {}, scope.names)


EVALUATE.update(
    {
        ast.Attribute: _attribute,
        ast.BinOp: _binary,
        ast.BoolOp: _both_or_either,
        ast.Compare: _compare,
        ast.Constant: _constant,
        ast.Dict: _dict,
        ast.IfExp: _either,
        ast.JoinedStr: _text,
        ast.Lambda: _lambda,
        ast.List: _list,
        ast.ListComp: list_of,
        ast.Name: _name,
        ast.Slice: _slice,
        ast.Subscript: _subscript,
        ast.Tuple: _tuple,
        ast.UnaryOp: _unary,
    }
)
