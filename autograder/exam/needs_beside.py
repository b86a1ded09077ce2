"""Deciding from a hidden test's code whether it can be run apart from the student's cells.

A test that only reads values and calls functions gives the same result in another process. A test
that uses more (the notebook's namespace, the identity of objects, printed text, files, modules that
it changes) has to be run beside the student's own objects.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import io
import tokenize
import warnings
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

OURS = "autograder"
"""The package of our own checks; it is not in the sandbox, so they never run there."""
_MODULES = frozenset(
    {OURS, "base64", "bisect", "cmath", "collections", "copy", "datetime", "decimal", "fractions"}
    | {"functools", "hashlib", "heapq", "itertools", "json", "math", "nose", "numbers", "numpy"}
    | {"operator", "pytest", "random", "re", "statistics", "stridewise", "string", "textwrap"}
    | {"typing", "unittest"}
)
"""Modules that a test may use on values from another process."""
_NAMES = frozenset(
    {"In", "Out", "__import__", "breakpoint", "compile", "delattr", "dir", "eval", "exec", "exit"}
    | {"get_ipython", "globals", "help", "id", "input", "locals", "open", "quit", "setattr", "vars"}
)
_ATTRIBUTES = frozenset(
    {"base", "ctypes", "data", "flags", "may_share_memory", "mock", "shares_memory", "strides"}
    | {"load", "loadtxt", "genfromtxt", "fromfile", "memmap", "save", "savetxt", "savez", "tofile"}
    | {"set_printoptions", "seterr", "errstate", "patch", "assertWarns", "assertLogs", "warns"}
)
_WAITING = (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.AsyncFunctionDef)
_BUILTINS = frozenset(dir(builtins))
_ONE_OF_A_KIND = frozenset({"Ellipsis", "NotImplemented"}) | frozenset(
    name for name in dir(builtins) if isinstance(getattr(builtins, name), type)
)


def why_beside(source: str, statements: Iterable[ast.stmt]) -> str:
    """Return why a test has to be run beside the student's objects, or "".

    >>> cell = "assert a.shape == (3,)"
    >>> why_beside(cell, ast.parse(cell).body)
    ''
    >>> cell = "del squares"
    >>> why_beside(cell, ast.parse(cell).body)
    'it deletes squares'
    >>> cell = "assert (a == 1, 'words')"
    >>> why_beside(cell, ast.parse(cell).body)
    "Python's compiler warns about it, and a kernel shows the warning"
    """
    if _ends_with_semicolon(source):
        return "it ends with a semicolon, which hides its value"
    statements = list(statements)
    if _is_warned_about(source, statements):
        return "Python's compiler warns about it, and a kernel shows the warning"
    for statement in statements:
        for node in ast.walk(statement):
            for why in _reasons(node):
                return why
    return ""


def _is_warned_about(source: str, statements: list[ast.stmt]) -> bool:
    """Return whether the compiler warns about a test, as about `assert (a == 1, "words")`."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", SyntaxWarning)
        for part in (source, ast.Module(statements, [])):  # the first may have magics
            with contextlib.suppress(SyntaxError):
                compile(part, "<test>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    return bool(found)


def _ends_with_semicolon(source: str) -> bool:
    """Return whether the last statement ends with a semicolon; comments may follow it."""
    spaces = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER, tokenize.DEDENT)
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (SyntaxError, tokenize.TokenError):
        return False
    words = [token.string for token in tokens if token.type not in spaces]
    return words[-1:] == [";"]


def imports_ours(statements: Iterable[ast.AST]) -> bool:
    """Return whether one of the statements imports our own checks."""
    return any(
        module.partition(".")[0] == OURS
        for statement in statements
        for node in ast.walk(statement)
        for module in _imported(node)
    )


def _reasons(node: ast.AST) -> Iterator[str]:
    for module in _imported(node):
        root, *parts = module.split(".")
        if root not in _MODULES or not _ATTRIBUTES.isdisjoint(parts):
            yield f"it imports {module or 'a relative module'}"
    if isinstance(node, ast.Name):
        yield from _about_name(node.id, node.ctx)
    elif isinstance(node, ast.Attribute):
        yield from _about_attribute(node)
    elif isinstance(node, ast.Compare):
        if any(isinstance(sign, (ast.Is, ast.IsNot)) for sign in node.ops):
            yield from _about_identity([node.left, *node.comparators])
    elif isinstance(node, ast.Global):
        yield f"it assigns to {node.names[0]} from inside a function"
    elif isinstance(node, _WAITING):
        yield "it uses await or async"
    elif isinstance(node, ast.alias) and node.name == "*":
        yield "it imports * from a module"


def _imported(node: ast.AST) -> Iterator[str]:
    """Yield the modules that a node imports."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        home = "" if node.level else (node.module or "")
        yield home
        yield from (f"{home}.{alias.name}" for alias in node.names if alias.name in _ATTRIBUTES)


def _about_name(name: str, context: ast.expr_context) -> Iterator[str]:
    if isinstance(context, ast.Del):
        yield f"it deletes {name}"
    elif isinstance(context, ast.Store):
        if name in _BUILTINS:
            yield f"it replaces {name}"
    elif name in _NAMES or (name.startswith("_") and not name.strip("_0123456789iho")):
        yield f"it uses {name}"


def _about_attribute(node: ast.Attribute) -> Iterator[str]:
    if not isinstance(node.ctx, ast.Load):
        yield f"it changes .{node.attr} of something"
    elif node.attr in _ATTRIBUTES or node.attr.startswith("__"):
        yield f"it uses .{node.attr}"


def _about_identity(sides: Sequence[ast.expr]) -> Iterator[str]:
    """Comparing with None, True, False or a built-in class by `is` is the same for a copy."""
    for one, other in pairwise(sides):
        if not (_is_one_of_a_kind(one) or _is_one_of_a_kind(other)):
            yield "it compares two objects with `is`"


def _is_one_of_a_kind(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return node.value is None or node.value is ... or isinstance(node.value, bool)
    return isinstance(node, ast.Name) and node.id in _ONE_OF_A_KIND
