"""The statements of a notebook's trusted cells: what each looks up, and what it gives a value."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from symtable import SymbolTable, symtable

from autograder.reading.bounds import Unreadable
from autograder.reading.source import parse_trusted
from autograder.records import MasterCell


@dataclass(frozen=True, slots=True)
class Line:
    """A statement of the master: its cell, the names that it looks up, the names it assigns to."""

    cell: int
    node: ast.stmt
    uses: frozenset[str]
    gives: frozenset[str]


def lines_of(cells: Sequence[MasterCell]) -> Iterator[Line]:
    """Yield the lines of a notebook, in order."""
    for index, cell in enumerate(cells):
        if cell.cell_type == "code":
            for statement in statements_of(cell)[0]:
                for node in _one_by_one(statement):
                    yield Line(index, node, _uses(node), gives(node))


def _one_by_one(node: ast.stmt) -> Iterator[ast.stmt]:
    """Split an import of several names, so that a check imports only what it uses."""
    if isinstance(node, ast.Import):
        yield from (ast.copy_location(ast.Import([name]), node) for name in node.names)
    elif isinstance(node, ast.ImportFrom):
        for name in node.names:
            yield ast.copy_location(ast.ImportFrom(node.module, [name], node.level), node)
    else:
        yield node


def statements_of(cell: MasterCell) -> tuple[tuple[ast.stmt, ...], str]:
    """Return the statements of a cell of the master, or what is wrong with it."""
    try:
        parsed = parse_trusted(cell.source)
    except Unreadable as problem:
        return (), f"The check cannot be run: {problem}."
    return parsed.statements, "The check cannot be run: it is not Python." if parsed.broken else ""


def _uses(node: ast.AST) -> frozenset[str]:
    """Return the names that are looked up, without local names of functions and comprehensions."""
    try:
        return frozenset(_looked_up(symtable(ast.unparse(node), "<test>", "exec")))
    except (SyntaxError, ValueError, RecursionError):
        return frozenset(
            part.id
            for part in ast.walk(node)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)
        )


def _looked_up(table: SymbolTable) -> Iterator[str]:
    """Yield the names of the notebook, or Python's own, that a statement or a function uses."""
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _looked_up(inner)


def names_at_once(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names that are looked up outside every `lambda`."""
    for node in nodes:
        if isinstance(node, ast.Name):
            yield node.id
        if not isinstance(node, ast.Lambda):
            yield from names_at_once(ast.iter_child_nodes(node))


def gives(node: ast.AST) -> frozenset[str]:
    """Return the names that a statement assigns to at the top level of the notebook."""
    return frozenset(_assigned(node))


def _assigned(node: ast.AST) -> Iterator[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.comprehension):
        yield from _assigned(node.iter)
        yield from (name for test in node.ifs for name in _assigned(test))
    elif not isinstance(node, ast.Lambda):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            yield node.name
        elif isinstance(node, ast.MatchMapping) and node.rest:
            yield node.rest
        for part in ast.iter_child_nodes(node):
            yield from _assigned(part)
