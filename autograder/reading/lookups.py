"""The points in a notebook at which an answer is read: before the instructor's cell that checks it.

`model@test_same` is the value of the name `model` before the cell `test_same`. A bare `model` is
its value before the instructor's first cell that looks it up.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from autograder.records import SubmittedCell, Wanted

from .bounds import Unreadable
from .source import parse_trusted


def lookup_points(
    cells: Sequence[SubmittedCell], names: Iterable[str]
) -> Mapping[str, tuple[int, ...]]:
    """Return for each answer the cells before which its value is read, in order.

    The first one at which the name has a value counts. The last one is always the end of the
    notebook, since an answer in a cell below its check counts too.

    >>> lookup_points([SubmittedCell("", "code", "print(a)", trusted=True)], ["a", "b"])
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
    """Return the names that a cell of the instructor looks up."""
    try:
        statements = parse_trusted(source).statements
    except Unreadable:
        return frozenset()
    nodes = (node for statement in statements for node in ast.walk(statement))
    return frozenset(
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    )
