"""The line of a test that failed, where students have that line in their notebook."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import CodeType

from autograder.exam.lines import statements_of
from autograder.records import MasterCell

_LONGEST = 200


def not_right(line: str = "") -> str:
    """Return the reason of a failed assertion that has no words of its own.

    >>> not_right("assert a > 1")
    'This line of the test failed: assert a > 1'
    """
    return f"This line of the test failed: {line}" if line else "The answer is not right."


def failed_line(cell: MasterCell, number: int) -> str:
    """Return the `assert` of a test that failed, as one line, or "" where it is hidden.

    The number may come from a process in which student code has run. So it only chooses among the
    assertions that students have in their own notebook.

    Args:
        cell: the test; only what is in `cell.released` may be shown.
        number: the line of `cell.source` that was being run, from 1; 0 where it is not known.
    """
    shown = next(_assertions_at(cell, number), "")
    visible = shown in cell.released and cell.source.count(shown) == cell.released.count(shown)
    line = " ".join(shown.split())
    return line if visible and len(line) <= _LONGEST else ""


def _assertions_at(cell: MasterCell, number: int) -> Iterator[str]:
    """Yield the text of each `assert` at a line, where the cell's text is what Python has read."""
    for statement in statements_of(cell)[0]:
        for node in ast.walk(statement):
            if isinstance(node, ast.Assert) and node.lineno <= number <= (node.end_lineno or 0):
                text = ast.get_source_segment(cell.source, node) or ""
                if _means(text, node):
                    yield text


def _means(text: str, node: ast.stmt) -> bool:
    try:
        return ast.unparse(ast.parse(text)) == ast.unparse(node)
    except (SyntaxError, ValueError):
        return False


def line_number(error: BaseException, code: CodeType | None) -> int:
    """Return the line of a test's own code at which it raised an error, 0 where it is not known."""
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code is code:
            return traceback.tb_lineno
        traceback = traceback.tb_next
    return 0
