"""When an answer is looked at: just before the instructor's cell that checks it.

`model@test_same` is what the name `model` holds when the cell `test_same` comes. A bare `model` is
what it holds when a cell of the instructor's first looks it up.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from autograder.records import SubmittedCell, Wanted

from .bounds import Unreadable
from .source import parse_trusted


def moments(cells: Sequence[SubmittedCell], names: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
    """Return for each answer the cells before which it is looked at, in order.

    The first at which the name holds anything counts. The last is always the end: an answer in a
    cell below its check is an answer too.

    >>> moments([SubmittedCell("", "code", "print(a)", trusted=True)], ["a", "b"])
    {'a': (0, 1), 'b': (1,)}
    """
    mentioned = [_mentions(cell.source) if _counts(cell) else frozenset() for cell in cells]
    return {
        wanted: (*_checks(cells, mentioned, Wanted.parse(wanted)), len(cells))
        for wanted in sorted(names)
    }


def _counts(cell: SubmittedCell) -> bool:
    return cell.trusted and cell.cell_type == "code"


def _checks(
    cells: Sequence[SubmittedCell], mentioned: Sequence[frozenset[str]], wanted: Wanted
) -> list[int]:
    if wanted.grade_id:
        return [
            index
            for index, cell in enumerate(cells)
            if _counts(cell) and cell.grade_id == wanted.grade_id
        ]
    return [index for index, names in enumerate(mentioned) if wanted.name in names]


@lru_cache(maxsize=512)
def _mentions(source: str) -> frozenset[str]:
    """Name what a cell of the instructor's looks up."""
    try:
        statements = parse_trusted(source).statements
    except Unreadable:
        return frozenset()
    nodes = (node for statement in statements for node in ast.walk(statement))
    return frozenset(
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    )
