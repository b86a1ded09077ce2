"""Names of Python's own to which a student's cells give another value, such as `sum = 0`.

Under stock nbgrader, the tests below meet the student's value. A test that is run apart would not.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from functools import lru_cache

from autograder.exam.lines import gives
from autograder.reading.bounds import Unreadable
from autograder.reading.source import parse
from autograder.records import Submission

PYTHONS = frozenset(dir(builtins))
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
_ASSIGNED = re.compile(r"^[ \t]*(?:for +)?(\w+) *(?:=(?!=)|,|in\b)", re.MULTILINE)


def hidden_in(
    submission: Submission, used: frozenset[str], answers: frozenset[str] | None
) -> frozenset[str]:
    """Return which of the names `used`, all of Python's own, have another value in a submission.

    A function or class of the student's hides Python's from a test only where it is an answer, so
    where its name is among `answers`, or these are not known.
    """
    if not used:
        return frozenset()
    cells = [cell for cell in submission.cells if cell.cell_type == "code" and not cell.trusted]
    found = frozenset[tuple[str, bool]]().union(*(_given_in(cell.source) for cell in cells))
    return used & {
        name for name, defined in found if not defined or answers is None or name in answers
    }


@lru_cache(maxsize=4_096)
def _given_in(source: str) -> frozenset[tuple[str, bool]]:
    r"""Return such names of a cell, and of each whether it is defined or imported.

    >>> sorted(_given_in("max = 3\ndef sum(xs):\n    id = 4"))
    [('max', False), ('sum', True)]
    >>> sorted(_given_in("%matplotlib inline\nlist = [1]"))
    [('list', False)]
    """
    try:
        statements = parse(source).statements
    except Unreadable:
        return frozenset((name, False) for name in PYTHONS.intersection(_ASSIGNED.findall(source)))
    return frozenset(
        (name, isinstance(statement, _DEFINITIONS))
        for statement in statements
        for name in PYTHONS.intersection(gives(statement) | frozenset(_said_global(statement)))
    )


def _said_global(statement: ast.stmt) -> Iterator[str]:
    for part in ast.walk(statement):
        if isinstance(part, ast.Global):
            yield from part.names
