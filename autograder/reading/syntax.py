"""The parts of a syntax tree, and whether it is so plain that Python surely compiles it."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

_OPERATORS = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
_LEAVES = frozenset(
    {int, str, float, type(None), ast.Constant}.union(
        *(kind.__subclasses__() for kind in _OPERATORS)
    )
)
"""The types of a syntax tree's leaves: they have no parts."""
_PLAIN = frozenset(
    {ast.Assign, ast.Attribute, ast.BinOp, ast.Call, ast.Compare, ast.Expr, ast.List, ast.Name}
    | {ast.Slice, ast.Subscript, ast.Tuple, ast.UnaryOp, ast.keyword}
)
"""What Python compiles wherever it stands, but for the cases in `surely_compiles`."""
_ODD = re.compile(r"__debug__|\\")
_MOST_PLAIN = 500  # parts, and so levels too: Python's limit is higher


def parts_of(node: ast.AST) -> list[ast.AST]:
    """Return what `ast.walk` yields, without the leaves, in a third of the time.

    Every statement of a student is walked through.
    """
    found = [node]
    for each in found:  # it grows
        for value in vars(each).values():
            kind = type(value)
            if kind is list:
                found += [p for p in value if type(p) not in _LEAVES and isinstance(p, ast.AST)]
            elif kind not in _LEAVES and isinstance(value, ast.AST):
                found.append(value)
    return found


def surely_compiles(source: str, parts: Sequence[ast.AST]) -> bool:
    """Return whether Python compiles a text that it has parsed into these parts.

    False means that it is not known. Compiling refuses an assignment to `__debug__`, an argument
    that is named twice, a surrogate (written with a backslash) in a text at the top, from Python
    3.13 on, and some of what is no part of plain assignments and expressions.

    >>> statements = (ast.parse(text).body[0] for text in ("a = f(b=1)", "return"))
    >>> [surely_compiles("", parts_of(statement)) for statement in statements]
    [True, False]
    """
    if len(parts) > _MOST_PLAIN or not _PLAIN.issuperset(map(type, parts)):
        return False
    calls = [part.keywords for part in parts if isinstance(part, ast.Call) and part.keywords]
    twice = any(len({each.arg for each in keywords}) < len(keywords) for keywords in calls)
    return source.isascii() and not _ODD.search(source) and not twice
