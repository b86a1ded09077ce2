"""What each question asks for, read from its hidden test.

A test cell ends with `grade(answer, expected, ...)`. The answer's name and the expected value are
in that call, so nothing about an assignment is repeated here. The instructor's lines above the call
are run, as when a submission is marked; no student's code is.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autograder.exam.checks import submitted_by
from autograder.gradebook.class_marks import Key
from stridewise.network import Network
from stridewise.row_marks import Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """One question's call of `grade`: the answer, the expected value, and the column.

    `call` is the whole call, and `names` are the names in it.
    """

    answer: str
    expression: str
    given: str
    column: Kind | None
    individual: bool
    call: str = ""
    names: frozenset[str] = frozenset()

    def expected(self, student: str) -> Any:
        """Return what was expected of a student, or None where it cannot be computed here."""
        return worked_out(self.given, self.expression, student if self.individual else "")

    def rows(self, student: str) -> tuple[Any, ...]:
        """Return the right rows, where the question is answered row by row; else none."""
        expected = self.expected(student)
        if isinstance(expected, Network) and self.column:
            return tuple(getattr(row, self.column) for row in expected.rows)
        right = getattr(expected, "right", expected)  # `Sizes` and the like know theirs
        if isinstance(right, list | tuple):
            return tuple(right)
        return (right,) if isinstance(right, int | str) else ()

    def labels(self, student: str) -> tuple[str, ...]:
        """Return the labels of the rows: the layers' types, or nothing."""
        expected = self.expected(student)
        return tuple(row.type for row in expected.rows) if isinstance(expected, Network) else ()


@lru_cache(maxsize=100_000)
def worked_out(given: str, expression: str, student: str) -> Any:
    """Return the value of an expression in a test, for a student; results are cached."""
    namespace: dict[str, Any] = {}
    try:
        with submitted_by(student):
            exec(given, namespace)  # noqa: S102 - the instructor's own lines
            return eval(expression, namespace)  # noqa: S307 - the same
    except Exception:  # noqa: BLE001 - a test may need what only marking has
        return None


_SETS_UP = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.FunctionDef)


def asked_by(source: str, others: Sequence[str] = ()) -> Asked | None:
    """Return the question of a test cell that calls `grade`, or None for another test cell.

    `others` are the instructor's other cells of the notebook, which may define the expected value.

    >>> asked_by('grade(sizes, [26, 24], points=2)').rows("ada")
    (26, 24)
    """
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return None
    nodes = ast.walk(ast.Module(body, []))
    calls = [node for node in nodes if isinstance(node, ast.Call) and is_grade(node)]
    if len(calls) != 1:
        return None
    call, answer = calls[0], calls[0].args[0]
    if not isinstance(answer, ast.Name):
        return None
    rows = next((k.value for k in call.keywords if k.arg == "rows"), None)
    word = rows.value if isinstance(rows, ast.Constant) else None
    columns: dict[Any, Kind] = {"output_shape": "output_shape", "parameters": "parameters"}
    here: list[ast.stmt] = [node for node in body if isinstance(node, _SETS_UP)]
    given = [*_set_up(call.args[1], here, others), *here]
    return Asked(
        answer=answer.id,
        expression=ast.unparse(call.args[1]),
        given="\n".join(ast.unparse(node) for node in given),
        column=columns.get(word),
        individual="submitter" in source,
        call=ast.unparse(call),
        names=frozenset(node.id for node in ast.walk(call) if isinstance(node, ast.Name)),
    )


def _set_up(expected: ast.expr, given: Sequence[ast.stmt], others: Sequence[str]) -> list[ast.stmt]:
    """Return the lines of other cells that define what is expected, where it is not defined here.

    A name that two cells define is left out: it is not known here which of them counts.
    """
    cells = [[n for n in _body(each) if isinstance(n, _SETS_UP)] for each in others]
    taken: list[ast.stmt] = []
    while lacking := _used([expected, *given, *taken]) - _bound([*given, *taken]):
        homes = [[cell for cell in cells if name in _bound(cell)] for name in sorted(lacking)]
        found = next((home[0] for home in homes if len(home) == 1), None)
        if found is None:
            break
        cells.remove(found)
        taken = [*found, *taken]
    return taken


def _body(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []


def _used(nodes: Sequence[ast.AST]) -> set[str]:
    """Return the names that are read, without Python's built-in ones."""
    every = [inner for node in nodes for inner in ast.walk(node)]
    read = {n.id for n in every if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return read - set(dir(builtins))


def _bound(nodes: Sequence[ast.AST]) -> set[str]:
    """Return the names that are defined, also inside functions and comprehensions."""
    names: set[str] = set()
    for node in (inner for each in nodes for inner in ast.walk(each)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef):
            names |= {node.name, *(arg.arg for arg in node.args.args)}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def is_grade(call: ast.Call) -> bool:
    """Return whether a call is `grade` with an answer and an expected value."""
    return isinstance(call.func, ast.Name) and call.func.id == "grade" and len(call.args) > 1


def all_asked(sources: Mapping[Key, str]) -> dict[Key, Asked]:
    """Return the questions that can be read, by notebook and grade_id."""
    found = {
        key: asked_by(source, [o for k, o in sources.items() if _is_beside(key, k, o)])
        for key, source in sources.items()
        if "grade(" in source
    }
    return {key: asked for key, asked in found.items() if asked}


def _is_beside(key: Key, other: Key, source: str) -> bool:
    """Return whether a cell is another one of the same notebook, without a solution."""
    return other[0] == key[0] and other != key and "BEGIN SOLUTION" not in source
