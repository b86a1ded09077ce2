"""The names of a notebook that is read, and the evaluator of expressions."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import operators
from .bounds import DEEPEST, MOST_ITEMS, Fuel, Raised, Unreadable, refuse_above
from .notebook_functions import bind
from .values import Function, Opaque, Reference

_ALL_BUILTINS = frozenset(dir(builtins))
_IPYTHON_NAMES = frozenset({"In", "Out", "exit", "quit", "get_ipython", "display", "open", "input"})
ERRORS: dict[str, type[Exception]] = {
    "ArithmeticError": ArithmeticError,
    "AssertionError": AssertionError,
    "Exception": Exception,
    "IndexError": IndexError,
    "KeyError": KeyError,
    "NotImplementedError": NotImplementedError,
    "RuntimeError": RuntimeError,
    "TypeError": TypeError,
    "ValueError": ValueError,
    "ZeroDivisionError": ZeroDivisionError,
}
EVALUATE: dict[type[ast.expr], Callable[[Evaluator, Any, Scope], Any]] = {}
"""The function for each kind of expression; `expressions` and `calls` register theirs here."""


@dataclass(slots=True)
class Scope:
    """Names and their values; other names are looked up in `outer`.

    `own` holds a function's local names, which Python never looks up outside. `made` holds the
    lists that a call has made, the only ones that it may change; it is None at the top of a
    notebook.
    """

    names: dict[str, Any]
    outer: Scope | None = None
    own: frozenset[str] = frozenset()
    made: dict[int, Any] | None = None


@dataclass(slots=True)
class Evaluator:
    """Evaluates expressions; `call_body` runs a function's statements.

    `doubtful` is set when something was called that may fail when the notebook is run, `printed`
    when something was printed.
    """

    fuel: Fuel
    call_body: Callable[[Evaluator, tuple[ast.stmt, ...], Scope], Any]
    depth: int = 0
    doubtful: bool = False
    printed: bool = False

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """Return the value of `node`.

        Raises:
            Raised: When Python would raise.
            Unreadable: When it is not certain.
        """
        self.fuel.burn()
        work = EVALUATE.get(type(node))
        if work is None:
            raise Unreadable(f"it holds a {type(node).__name__}")
        if self.depth > DEEPEST:
            raise Unreadable("it has too many nested levels")
        self.depth += 1
        try:
            return work(self, node, scope)
        finally:
            self.depth -= 1

    def values(self, nodes: list[ast.expr], scope: Scope) -> list[Any]:
        """Return the values of `nodes`; a star is not read."""
        return [self.value(node, scope) for node in nodes]

    def call(self, function: Function, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """Return the result of a function of the notebook."""
        if function.doubt:
            raise Unreadable(f"{function.name}() cannot be read: {function.doubt}")
        names = bind(function, args, kwargs)
        scope = Scope(names, Scope(function.names), function.own_names, {})
        return self.call_body(self, function.body, scope)


def look_up(name: str, scope: Scope) -> Any:
    """Return the value of a name.

    Raises:
        Raised: With Python's NameError, when it has none.
    """
    looked: Scope | None = scope
    while looked is not None:
        if name in looked.names:
            return looked.names[name]
        if name in looked.own:
            raise Raised(UnboundLocalError(f"cannot access local variable {name!r}"))
        looked = looked.outer
    if name in operators.BUILTINS or name in ERRORS or name == "print":
        return Reference(f"builtins.{name}")
    if name.startswith("_") or name in _IPYTHON_NAMES or name in _ALL_BUILTINS:
        raise Unreadable(f"it uses {name}")
    raise Raised(NameError(f"name {name!r} is not defined"))


def note_made(items: list[Any], scope: Scope) -> list[Any]:
    """Record that the innermost call made this list."""
    refuse_above(MOST_ITEMS, len(items))
    looked: Scope | None = scope
    while looked is not None and looked.made is None:
        looked = looked.outer
    if looked is not None and looked.made is not None:
        looked.made[id(items)] = items
    return items


def may_change(evaluator: Evaluator, owner: Any, scope: Scope) -> None:
    """Refuse to change, inside a call, a list that the call did not make.

    Raises:
        Unreadable: When it is such a list, or it is not certain that this statement is executed.
    """
    if evaluator.doubtful:
        raise Unreadable("it changes something after a call that may fail")
    looked: Scope | None = scope
    while looked is not None:
        if looked.made is not None and id(owner) not in looked.made:
            raise Unreadable("a function changes something that it did not make")
        looked = looked.outer


def bind_name(evaluator: Evaluator, name: str, value: Any, scope: Scope) -> None:
    """Assign a value to a name; names of IPython's own are not read."""
    if scope.outer is None:
        if name == "_":
            return
        if name.startswith("_") or name in _IPYTHON_NAMES:
            raise Unreadable(f"it changes {name}")
        if evaluator.doubtful:
            value = Opaque()  # a call before it in its cell may fail
    scope.names[name] = value
