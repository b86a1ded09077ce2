"""What the source of given cells tells of the values that they make, read before any student code.

A given cell runs among what the notebook has made: a hook may replace what the cell defines, and a
function of the student's that the cell calls may too. Where the source leaves no doubt about a
name, the code of its function is known, and other code is not the instructor's.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import re
import symtable
import warnings
from collections.abc import Iterator, Mapping
from types import CodeType
from typing import Any, NamedTuple

from .library_code import parts_of

FUTURE = 0
for _name in __future__.all_feature_names:
    FUTURE |= getattr(__future__, _name).compiler_flag
_ANNOTATIONS = __future__.annotations.compiler_flag
_UNCLEAR = re.compile(
    r"\b(exec|eval|globals|locals|vars|setattr|get_ipython|__import__)\b|import +\*|__main__"
)
"""With these a cell may define any name."""
_TRANSFORMED = re.compile(r"ast_transformers|typechecker")
"""With these what IPython compiles is not the source of a cell."""
_Function = (ast.FunctionDef, ast.AsyncFunctionDef)


class Expected(NamedTuple):
    """The codes of a given function, or of all in a given class with the names of its methods."""

    codes: tuple[CodeType, ...]
    methods: tuple[str, ...] | None


class Facts(NamedTuple):
    """What is known of given cells.

    `expected` is what the names hold. By the place of a cell, `defined` are its functions and
    classes, and `used` are the names that it binds and a given function looks up. The cells that
    are `independent` use no name of the student's.
    """

    expected: dict[str, Expected]
    defined: dict[int, set[str]]
    used: dict[int, set[str]]
    independent: frozenset[int]


def facts_of(sources: Mapping[int, str]) -> Facts:
    """Return what the sources of given cells, by their places, tell.

    >>> facts = facts_of({1: "n = 5", 2: "def f(): return n", 3: "print(f() + mine)"})
    >>> sorted(facts.expected), facts.used[1], sorted(facts.independent)
    (['f'], {'n'}, [1, 2])
    """
    trees = dict(_parsed(sources))
    scopes = {place: _Scopes(sources[place]) for place in trees}
    own = {*vars(builtins), "get_ipython", "display"}
    own.update(*(each.bound for each in scopes.values()))
    looked_up = set[str]().union(*(each.by_functions for each in scopes.values()))
    magical = sources.keys() - trees.keys()  # their names are not recorded either
    return Facts(
        _expected(sources, trees),
        {place: set(map(_name_of, tree.body)) - {""} for place, tree in trees.items()},
        {place: each.bound & looked_up for place, each in scopes.items()},
        frozenset(place for place, each in scopes.items() if each.looked_up <= own) | magical,
    )


class _Scopes:
    """The names that a cell binds for the notebook, and those that it looks up there."""

    def __init__(self, source: str) -> None:
        self.bound: set[str] = set()
        self.by_functions: set[str] = set()
        self.looked_up: set[str] = set()
        top = symtable.symtable(source, "", "exec")
        waiting = [top]
        while waiting:
            table = waiting.pop()
            waiting += table.get_children()
            for each in table.get_symbols():
                here = table is top or each.is_global()
                if here and (each.is_assigned() or each.is_imported()):
                    self.bound.add(each.get_name())
                if here and each.is_referenced():
                    self.looked_up.add(each.get_name())
                    if table is not top:
                        self.by_functions.add(each.get_name())


def _name_of(node: ast.stmt) -> str:
    """Return the name of the function or class that a statement defines, an empty text for none."""
    return node.name if isinstance(node, (*_Function, ast.ClassDef)) else ""


def _parsed(sources: Mapping[int, str]) -> Iterator[tuple[int, ast.Module]]:
    for place, source in sources.items():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(source)
                symtable.symtable(source, "", "exec")
        except (SyntaxError, ValueError):
            continue
        yield place, tree


def _bound_by(node: ast.AST) -> set[str]:
    """Return the names that a node binds, in whatever scope."""
    match node:
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
            return {name}
        case ast.Name(name, ast.Store() | ast.Del()) | ast.arg(name):
            return {name}
        case ast.alias(name, known):
            return {known or name.partition(".")[0]}
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            return {name}
        case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            return {name}
    return set()


def _expected(sources: Mapping[int, str], trees: Mapping[int, ast.Module]) -> dict[str, Expected]:
    """Return, by name, what the functions and classes are that the sources leave no doubt about."""
    if any(map(_TRANSFORMED.search, sources.values())):
        return {}
    found: dict[str, Expected] = {}
    unclear: set[str] = set()
    for place, tree in trees.items():
        clear = [node for node in tree.body if _is_clear(node)]
        unclear.update(*(_bound_by(node) for node in _outside(tree, clear)))
        unclear |= {name for node in clear for name in _bound_by(node) if name in found}
        names = [name for node in clear for name in _bound_by(node)]
        if _UNCLEAR.search(sources[place]):
            unclear.update(names)
        unclear |= {name for name in names if names.count(name) > 1}
        codes = _compiled(sources[place]) if clear else []
        for node in clear:
            (name,) = _bound_by(node)
            found[name] = _expected_of(node, [each for each in codes if each.co_name == name])
    return {name: each for name, each in found.items() if name not in unclear and each.codes}


def _is_clear(node: ast.stmt) -> bool:
    """Tell whether a statement defines a function or class that nothing else makes or changes."""
    if isinstance(node, _Function):
        return not node.decorator_list
    plain = isinstance(node, ast.ClassDef) and not node.decorator_list
    return plain and not node.bases and not node.keywords  # type: ignore[attr-defined]


def _outside(tree: ast.Module, clear: list[Any]) -> Iterator[ast.AST]:
    """Yield the nodes that may bind a name of the notebook otherwise than by these statements."""
    for statement in tree.body:
        for node in ast.walk(statement):
            if isinstance(node, (ast.Global, ast.Nonlocal)):
                yield from (ast.Name(name, ast.Store()) for name in node.names)
            elif statement not in clear:
                yield node


def _expected_of(node: Any, codes: list[CodeType]) -> Expected:
    if not isinstance(node, ast.ClassDef):
        return Expected(tuple(map(without_places, codes)), None)
    names = [name for each in node.body for one in ast.walk(each) for name in _bound_by(one)]
    methods = [each.name for each in node.body if isinstance(each, _Function) and _is_clear(each)]
    parts = [part for code in codes for part in parts_of(code)]
    once = tuple(name for name in methods if names.count(name) == 1)
    return Expected(tuple(map(without_places, parts)), once)


def _compiled(source: str) -> list[CodeType]:
    """Return all code in a source, also as it is where annotations are not evaluated."""
    found: list[CodeType] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for feature in (0, _ANNOTATIONS):
            flags = feature | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            try:
                found += parts_of(compile(source, "", "exec", flags, dont_inherit=True))
            except (SyntaxError, ValueError):
                continue
    return found


def without_places(code: CodeType) -> CodeType:
    """Return code without its names and lines, and the features that a cell above has set."""
    return plain_code(code, plain_code)  # type: ignore[no-any-return]  # it is code again


def plain_code(code: Any, again: Any) -> Any:
    """Do what `without_places` does; `again` is this function, which is sealed in given.py."""
    constants = [again(each, again) if type(each) is CodeType else each for each in code.co_consts]
    return code.replace(
        co_consts=tuple(constants),
        co_flags=code.co_flags & ~FUTURE,
        co_firstlineno=1,
        co_linetable=b"",
        co_name="",
    )
