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
from .instructor_cells import touched, touches_anything
from .source import parse, parse_trusted


def lookup_points(
    cells: Sequence[SubmittedCell], names: Iterable[str]
) -> Mapping[str, tuple[int, ...]]:
    """Return for each answer the cells before which its value is read, in order.

    The first one at which the name has a value counts. The last one is `last_place`, since an
    answer in a cell below its check counts too.

    >>> lookup_points([SubmittedCell("", "code", "print(a)", trusted=True)], ["a", "b"])
    {'a': (0, 1), 'b': (1,)}
    """
    mentioned = [_mentions(cell.source) if _counts(cell) else frozenset() for cell in cells]
    places = {}
    for wanted in sorted(names):
        parsed = Wanted.parse(wanted)
        checks = _checks(cells, mentioned, parsed)
        last = last_place(cells, checks[-1] if checks else None, parsed.name)
        places[wanted] = (*checks, last)
    return places


def last_place(cells: Sequence[SubmittedCell], test: int | None, name: str) -> int:
    """Return the last cell before which an answer may stand that its test, at `test`, is given.

    It is the end of the notebook, or the first cell of a later question that may give the name a
    value: that value is no answer to this question, and stock nbgrader's test does not meet it. The
    cells that the student has added, and her answer cells that stood above the test in the master,
    belong to no later question.

    >>> test = SubmittedCell("t", "code", "", trusted=True, master=1)
    >>> other = SubmittedCell("b", "code", "a = 2", trusted=False, master=2)
    >>> added = SubmittedCell("", "code", "a = 1", trusted=False)
    >>> last_place([test, added, other], 0, "a"), last_place([test, added, other], 0, "b")
    (2, 3)
    """
    home = cells[test].master if test is not None else None
    if test is None or home is None:
        return len(cells)
    for index in range(test + 1, len(cells)):
        cell = cells[index]
        if cell.cell_type == "code" and cell.master is not None and cell.master > home:
            given = given_by(cell.source)
            if given is None or name in given:
                return index
    return len(cells)


@lru_cache(maxsize=4_096)
def given_by(source: str) -> frozenset[str] | None:
    """Return the names that a cell assigns to or changes; None where it may be any name.

    >>> given_by("a = 1"), given_by("from math import *")
    (frozenset({'a'}), None)
    """
    try:
        statements = parse(source).statements
    except Unreadable:
        return None
    if any(map(touches_anything, statements)):
        return None
    return frozenset(name for statement in statements for name in touched(statement))


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
