"""The cells of a question, with nbgrader's metadata."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stridewise.answer_form import Form

Cell = dict[str, Any]
_WIDTH = 96
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def in_words(number: int, thing: str) -> str:
    """Return a number of things as text, as the lessons do.

    >>> in_words(6, "tuple"), in_words(1, "pair"), in_words(12, "tuple")
    ('six tuples', 'one pair', '12 tuples')
    """
    word = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{word} {thing}{'s' * (number != 1)}"


def filled(calls: Sequence[str]) -> str:
    """Put calls on as few lines as possible, without breaking a call."""
    lines: list[str] = []
    for call in calls:
        if lines and len(lines[-1]) + 1 + len(call) <= _WIDTH:
            lines[-1] += f" {call}"
        else:
            lines.append(f"    {call}")
    return "\n".join(lines)


def listed(name: str, rows: Sequence[object]) -> str:
    """Return code that assigns a list, with a line for each row."""
    return "\n".join([f"{name} = [", *(f"    {row}," for row in rows), "]"])


def text_cell(name: str, source: str) -> Cell:
    """Return a Markdown cell with its name as id."""
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}


def code(name: str, source: str, **flags: Any) -> Cell:
    """Return a code cell; with flags, one with nbgrader's metadata."""
    metadata = _nbgrader(name, flags) if flags else {}
    kept: Cell = {"execution_count": None, "outputs": []}
    return {"cell_type": "code", "id": name, "metadata": metadata, "source": source, **kept}


def solution(name: str, answer: str) -> Cell:
    """Return an answer's cell; a student sees only its first line."""
    source = f"{name} = ...\n### BEGIN SOLUTION\n{answer}\n### END SOLUTION"
    return code(name, source, solution=True)


def graded_test(name: str, form: Form, length: int | None, hidden: str, points: float) -> Cell:
    """Return the test cell: a form check for the student, and the hidden test.

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
