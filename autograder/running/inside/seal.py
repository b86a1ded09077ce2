"""Functions whose references student code cannot find or replace.

Student code runs in the same process as the functions that run a test. It could replace what such a
function looks up by name, and read its frame. A sealed function looks up nothing: each global name
is a constant of its code. The only way to these constants is to read the code of a function or a
frame, which Python reports to audit hooks.
"""

from __future__ import annotations

import ast
import builtins
import ctypes
import inspect
import textwrap
import warnings
from collections.abc import Mapping
from functools import cache
from types import CodeType, FunctionType
from typing import Any

FILE = "<sealed>"
"""The file name of sealed code."""
_PLACEHOLDER = "\0sealed "


def sealed(function: Any, **values: Any) -> Any:
    """Return a copy of a function in which every global name is a constant.

    `values` are constants that differ from process to process; other names are looked up now, in
    the function's module and among Python's own. The copy has no defaults and no closure. A global
    name must not be a condition by itself, since the compiler removes constant conditions.

    Raises:
        NameError: When a name has no value now.

    >>> def area(side):
    ...     return max(side, 0) ** POWER
    >>> sealed(area, POWER=2)(3)  # doctest: +SKIP
    9
    """
    found = {**vars(builtins), **function.__globals__, **values}
    code = _filled(with_placeholders(function), found)
    return hidden(FunctionType(code, {"__builtins__": {}}, "sealed"))


@cache
def with_placeholders(function: Any) -> CodeType:
    """Return the code of a function with a placeholder in the place of each global name.

    It holds no value yet, so the fork server makes it once, before there is a submission.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    _Globals(_global_names(function.__code__)).visit(tree)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the compiler warns of a constant that is called
        module = compile(tree, FILE, "exec", dont_inherit=True, flags=_FUTURE)
    (code,) = (each for each in module.co_consts if isinstance(each, CodeType))
    return code


def hidden(item: Any) -> Any:
    """Remove an object from the garbage collector's lists, so that it cannot be found there.

    It is never freed.
    """
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(item))
    ctypes.pythonapi.PyObject_GC_UnTrack(ctypes.py_object(item))
    return item


_FUTURE = 0x1000000  # `from __future__ import annotations`: annotations are not evaluated


class _Globals(ast.NodeTransformer):
    """Replaces each global name by a placeholder."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Replace a name that is looked up."""
        if not isinstance(node.ctx, ast.Load) or node.id not in self._names:
            return node
        return ast.copy_location(ast.Constant(_PLACEHOLDER + node.id), node)


def _global_names(code: CodeType) -> frozenset[str]:
    """Return the names that a function, and the functions in it, look up in their module."""
    inner = [each for each in code.co_consts if isinstance(each, CodeType)]
    local = {*code.co_varnames, *code.co_cellvars, *code.co_freevars}
    return frozenset(code.co_names).difference(local).union(*map(_global_names, inner))


def _filled(code: CodeType, found: Mapping[str, Any]) -> CodeType:
    """Replace the placeholders by the values."""
    return code.replace(co_consts=tuple(_value(each, found) for each in code.co_consts))


def _value(constant: Any, found: Mapping[str, Any]) -> Any:
    if isinstance(constant, CodeType):
        return _filled(constant, found)
    if isinstance(constant, (tuple, frozenset)):  # the compiler combines constants
        return type(constant)(_value(each, found) for each in constant)
    if isinstance(constant, str) and constant.startswith(_PLACEHOLDER):
        name = constant.removeprefix(_PLACEHOLDER)
        if name not in found:
            raise NameError(name)
        return found[name]
    return constant
