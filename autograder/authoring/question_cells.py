"""The cells that a question is made of, with nbgrader's metadata; how their text is laid out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stridewise.answer_form import Form

Cell = dict[str, Any]
_WIDTH = 96
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def counted(number: int, thing: str) -> str:
    """Say how many, as the lessons do.

    >>> counted(6, "tuple"), counted(1, "pair"), counted(12, "tuple")
    ('six tuples', 'one pair', '12 tuples')
    """
    word = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{word} {thing}{'s' * (number != 1)}"


def filled(calls: Sequence[str]) -> str:
    """Lay calls out on as few lines as hold them, each whole."""
    lines: list[str] = []
    for call in calls:
        if lines and len(lines[-1]) + 1 + len(call) <= _WIDTH:
            lines[-1] += f" {call}"
        else:
            lines.append(f"    {call}")
    return "\n".join(lines)


def listed(name: str, rows: Sequence[object]) -> str:
    """Write an assignment of a list, a line a row."""
    return "\n".join([f"{name} = [", *(f"    {row}," for row in rows), "]"])


def text_cell(name: str, source: str) -> Cell:
    """Make a cell of Markdown, whose id is its name."""
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}


def code(name: str, source: str, **flags: Any) -> Cell:
    """Make a code cell; with flags, one that nbgrader knows by its name."""
    metadata = _nbgrader(name, flags) if flags else {}
    kept: Cell = {"execution_count": None, "outputs": []}
    return {"cell_type": "code", "id": name, "metadata": metadata, "source": source, **kept}


def solution(name: str, answer: str) -> Cell:
    """Make the cell of an answer; a student sees its first line alone."""
    source = f"{name} = ...\n### BEGIN SOLUTION\n{answer}\n### END SOLUTION"
    return code(name, source, solution=True)


def graded_test(name: str, form: Form, length: int | None, hidden: str, points: float) -> Cell:
    """Make the cell that checks the form for the student and holds the hidden test.

    >>> graded_test("reach", "number", None, "grade(reach, 3, points=1)", 1)["id"]
    'test_reach'
    """
    rows = f", length={length}" if length else ""
    source = (
        f'check_form("{name}", {name}, "{form}"{rows})\n'
        f"### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    )
    return code(f"test_{name}", source, grade=True, locked=True, points=points)


def _nbgrader(name: str, flags: dict[str, Any]) -> dict[str, Any]:
    plain = dict.fromkeys(("grade", "locked", "solution", "task"), False)
    return {"nbgrader": {**plain, "grade_id": name, "schema_version": 3, **flags}}
