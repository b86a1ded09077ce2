"""Functions whose references student code cannot find or replace.

Student code runs in the same process as the functions that run a test. What a function looks up by
name could be replaced there, and what its frame shows could be read. A sealed function looks up
nothing: each global name in it has become a constant of its code. Python reports the reading of a
function's or a frame's code to audit hooks, and of nothing else that leads to those constants.
"""

from __future__ import annotations

import ast
import builtins
import ctypes
import inspect
import textwrap
import warnings
from collections.abc import Mapping
from types import CodeType, FunctionType
from typing import Any

FILE = "<sealed>"
"""The file name that sealed code bears."""
_MARK = "\0sealed "


def sealed(function: Any, **values: Any) -> Any:
    """Return a copy of a function in which every global name is a constant.

    `values` are constants that differ from process to process; other names are looked up now, in
    the function's module and among Python's own. The copy has no defaults and no closure. A global
    name must not stand alone as a condition: the compiler decides constant ones itself.

    Raises:
        NameError: When a name has no value now.

    >>> def area(side):
    ...     return max(side, 0) ** POWER
    >>> sealed(area, POWER=2)(3)  # doctest: +SKIP
    9
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    found = {**vars(builtins), **function.__globals__, **values}
    names = _Globals(_global_names(function.__code__), found)
    names.visit(tree)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a constant that is called looks odd to the compiler
        module = compile(tree, FILE, "exec", dont_inherit=True, flags=_FUTURE)
    (code,) = (each for each in module.co_consts if isinstance(each, CodeType))
    return hidden(FunctionType(_filled(code, found), {"__builtins__": {}}, "sealed"))


def hidden(item: Any) -> Any:
    """Take an object off the garbage collector's lists, so that they do not lead to it.

    It lives as long as the process: what is on no list cannot be freed.
    """
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(item))
    ctypes.pythonapi.PyObject_GC_UnTrack(ctypes.py_object(item))
    return item


_FUTURE = 0x1000000  # `from __future__ import annotations`: annotations are not evaluated


class _Globals(ast.NodeTransformer):
    """Puts a mark in the place of each global name."""

    def __init__(self, names: frozenset[str], found: Mapping[str, Any]) -> None:
        self._names, self._found = names, found

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Replace a name that is looked up."""
        if not isinstance(node.ctx, ast.Load) or node.id not in self._names:
            return node
        if node.id not in self._found:
            raise NameError(node.id)
        return ast.copy_location(ast.Constant(_MARK + node.id), node)


def _global_names(code: CodeType) -> frozenset[str]:
    """Name what a function, and the functions in it, look up in their module."""
    inner = [each for each in code.co_consts if isinstance(each, CodeType)]
    local = {*code.co_varnames, *code.co_cellvars, *code.co_freevars}
    return frozenset(code.co_names).difference(local).union(*map(_global_names, inner))


def _filled(code: CodeType, found: Mapping[str, Any]) -> CodeType:
    """Put the values in the places of the marks."""
    return code.replace(co_consts=tuple(_value(each, found) for each in code.co_consts))


def _value(constant: Any, found: Mapping[str, Any]) -> Any:
    if isinstance(constant, CodeType):
        return _filled(constant, found)
    if isinstance(constant, (tuple, frozenset)):  # the compiler puts constants together
        return type(constant)(_value(each, found) for each in constant)
    if isinstance(constant, str) and constant.startswith(_MARK):
        return found[constant.removeprefix(_MARK)]
    return constant
