"""Operators, indexing, methods and built-in functions, on plain values and within bounds.

Python itself computes the results, on values of exactly its own types. This module decides only
what is allowed, and what it costs.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from .bounds import (
    LAZY,
    MOST_BITS,
    MOST_ITEMS,
    PLAIN,
    Fuel,
    Raised,
    Unreadable,
    refuse_above,
    take,
    weight,
)
from .values import Opaque

Work = Callable[..., Any]
_BINARY: Mapping[type[ast.operator], Work] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
_IN_PLACE: Mapping[type[ast.operator], Work] = {
    **_BINARY,
    ast.Add: operator.iadd,
    ast.Mult: operator.imul,
    ast.BitOr: operator.ior,
}
_UNARY: Mapping[type[ast.unaryop], Work] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Invert: operator.invert,
}
_COMPARE: Mapping[type[ast.cmpop], Work] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda item, items: item in items,
    ast.NotIn: lambda item, items: item not in items,
}
METHODS: Mapping[type, frozenset[str]] = {
    list: frozenset({"index", "count", "copy"}),
    tuple: frozenset({"index", "count"}),
    dict: frozenset({"get", "keys", "values", "items", "copy"}),
    str: frozenset({"upper", "lower", "strip", "startswith", "endswith", "split"}),
    float: frozenset({"is_integer"}),
    int: frozenset({"bit_length"}),
}
CHANGING: Mapping[type, frozenset[str]] = {
    list: frozenset({"append", "extend", "insert", "pop", "reverse", "remove", "clear", "sort"}),
    dict: frozenset({"pop", "setdefault", "clear"}),
}
CLASSES: Mapping[str, type] = {
    kind.__name__: kind for kind in (int, float, bool, str, list, tuple, dict)
}
BUILTINS: Mapping[str, Work] = {
    **CLASSES,
    "abs": abs,
    "all": all,
    "any": any,
    "divmod": divmod,
    "enumerate": enumerate,
    "len": len,
    "max": max,
    "min": min,
    "pow": pow,
    "range": range,
    "reversed": reversed,
    "round": round,
    "sorted": sorted,
    "sum": sum,
    "zip": zip,
}
_LISTING = frozenset({"all", "any", "dict", "list", "max", "min", "sorted", "sum", "tuple"})
MATH: Mapping[str, Work] = {
    name: getattr(math, name)
    for name in ("ceil", "fabs", "floor", "gcd", "isqrt", "log", "log2", "sqrt", "trunc")
}
MATH_CONSTANTS: Mapping[str, float] = {"e": math.e, "inf": math.inf, "pi": math.pi}
_NUMBERS = frozenset({bool, int, float})
_MOST_DIGITS = (
    400  # more than any float has: round(5, -10**9) would make an int of that many digits
)


def genuinely(fuel: Fuel, work: Work, *args: Any, **kwargs: Any) -> Any:
    """Call a function of Python; what it raises is what the notebook would raise.

    Raises:
        Raised: With Python's own error.
        Unreadable: When the result is too large, or not a plain value.
    """
    try:
        result = work(*args, **kwargs)
    except RecursionError:
        raise Unreadable("it has too many nested levels") from None
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:
        raise Raised(error) from None
    if type(result) not in PLAIN and type(result) not in LAZY:
        raise Unreadable(f"it makes a {type(result).__name__}")
    fuel.burn(weight(result))
    return result


def plain(fuel: Fuel, *values: Any) -> None:
    """Require plain values that are not too large, and use up a step for each item.

    Raises:
        Unreadable: When one of them is not plain or too large.
    """
    for value in values:
        if type(value) not in PLAIN:
            raise Unreadable("it works on something other than numbers, text and lists")
        fuel.burn(weight(value))


def binary(fuel: Fuel, sign: ast.operator, left: Any, right: Any, *, in_place: bool = False) -> Any:
    """Return `left sign right`; `in_place` changes `left` itself where Python does.

    >>> binary(Fuel(), ast.FloorDiv(), 28, 3)
    9
    """
    plain(fuel, left, right)
    work = (_IN_PLACE if in_place else _BINARY).get(type(sign))
    if work is None:
        raise Unreadable("it multiplies matrices")
    _refuse_growth(sign, left, right)
    return genuinely(fuel, work, left, right)


def _refuse_growth(sign: ast.operator, left: Any, right: Any) -> None:
    """Refuse an operation that would make a huge value."""
    whole = isinstance(left, int) and isinstance(right, int)
    if isinstance(sign, ast.Mod) and isinstance(left, str):
        raise Unreadable("it formats text with %")
    if isinstance(sign, ast.Pow) and whole:
        refuse_above(MOST_BITS, left.bit_length() * abs(right))
    elif isinstance(sign, ast.LShift) and whole:
        refuse_above(MOST_BITS, left.bit_length() + abs(right))
    elif isinstance(sign, ast.Mult) and not whole:
        for items, times in ((left, right), (right, left)):
            if isinstance(items, (str, list, tuple)) and isinstance(times, int):
                refuse_above(MOST_ITEMS, weight(items) * max(times, 0))


def unary(fuel: Fuel, sign: ast.unaryop, value: Any) -> Any:
    """Return `sign value`, for every sign but `not`."""
    plain(fuel, value)
    return genuinely(fuel, _UNARY[type(sign)], value)


def compare(fuel: Fuel, sign: ast.cmpop, left: Any, right: Any) -> bool:
    """Return `left sign right`.

    `is` is evaluated only for None, True and False, since two equal numbers may or may not be one
    object in Python.
    """
    if isinstance(sign, (ast.Is, ast.IsNot)):
        if Opaque in (type(left), type(right)) or not any(
            side is None or side is ... or type(side) is bool for side in (left, right)
        ):
            raise Unreadable("it compares two values with `is`")
    else:
        plain(fuel, left)
        if type(right) is not range:
            plain(fuel, right)
        elif type(left) is not int:
            raise Unreadable("it looks for something other than a whole number in a range")
    return bool(genuinely(fuel, _COMPARE[type(sign)], left, right))


def truth(fuel: Fuel, value: Any) -> bool:
    """Return `bool(value)`."""
    plain(fuel, value)
    return bool(value)


def item_of(fuel: Fuel, value: Any, index: Any) -> Any:
    """Return `value[index]`."""
    if type(value) is not range:
        plain(fuel, value)
    if type(index) is not slice:
        plain(fuel, index)
    return genuinely(fuel, operator.getitem, value, index)


def iterator(fuel: Fuel, value: Any) -> Any:
    """Return the iterator of a loop over `value`."""
    if type(value) not in LAZY:
        plain(fuel, value)
    try:
        return iter(value)
    except TypeError as error:
        raise Raised(error) from None


def call_method(fuel: Fuel, owner: Any, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Return `owner.name(*args, **kwargs)`."""
    plain(fuel, owner, *args, *kwargs.values())
    kind = type(owner)
    if name not in METHODS.get(kind, ()) and name not in CHANGING.get(kind, ()):
        raise Unreadable(f"it calls .{name}()")
    result = genuinely(fuel, getattr(owner, name), *args, **kwargs)
    fuel.burn(weight(owner))
    return result


def call_builtin(fuel: Fuel, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Return the result of Python's built-in function.

    >>> call_builtin(Fuel(), "max", [[3, 5]], {})
    5
    """
    if kwargs and not (name == "sorted" and set(kwargs) == {"reverse"}):
        raise Unreadable(f"it calls {name}() with named arguments")
    if name in _LISTING and len(args) == 1 and type(args[0]) in LAZY:
        args = [take(iter(args[0]), fuel)]
    for value in args:
        if type(value) not in LAZY:
            plain(fuel, value)
    _refuse_excess(fuel, name, args)
    return genuinely(fuel, BUILTINS[name], *args, **kwargs)


def _refuse_excess(fuel: Fuel, name: str, args: list[Any]) -> None:
    """Refuse the few calls that are expensive for small arguments."""
    if name == "pow" and len(args) == 2:  # noqa: PLR2004 - base and exponent
        _refuse_growth(ast.Pow(), *args)
    elif name == "pow":
        raise Unreadable("it calls pow() with a modulus")
    elif name == "round" and len(args) > 1 and isinstance(args[1], int):
        refuse_above(_MOST_DIGITS, abs(args[1]))
    elif name == "sum" and not _numbers(args):
        raise Unreadable("it sums something other than one list of numbers")
    elif name == "dict" and args and type(args[0]) is not dict:
        raise Unreadable("it makes a dict of pairs")
    elif name == "str" and len(args) > 1:
        raise Unreadable("it decodes text")
    fuel.burn(len(args))


def _numbers(args: list[Any]) -> bool:
    """Return whether there is exactly one list, of numbers."""
    return (
        len(args) == 1
        and type(args[0]) in (list, tuple)
        and all(type(item) in _NUMBERS for item in args[0])
    )


def call_math(fuel: Fuel, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Return the result of a function of the `math` module."""
    plain(fuel, *args)
    if kwargs or not all(type(value) in _NUMBERS for value in args):
        raise Unreadable(f"it calls math.{name}() on something other than numbers")
    return genuinely(fuel, MATH[name], *args)
