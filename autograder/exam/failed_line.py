"""The line of a test that failed, where students have that line in their notebook."""

from __future__ import annotations

import ast
from types import CodeType, TracebackType

from autograder.exam.lines import statements_of
from autograder.records import MasterCell

_LONGEST = 200


def failed_line(error: BaseException, cell: MasterCell, code: CodeType | None) -> str:
    """Return the `assert` of a test that failed, as one line, or "" where it is hidden.

    Args:
        error: what the test raised.
        cell: the test; only what is in `cell.released` may be shown.
        code: what was run of it.
    """
    number = _line_number(error.__traceback__, code)
    asserts = (
        node
        for statement in statements_of(cell)[0]
        for node in ast.walk(statement)
        if isinstance(node, ast.Assert) and node.lineno <= number <= (node.end_lineno or 0)
    )
    shown = next((ast.get_source_segment(cell.source, node) for node in asserts), None) or ""
    visible = shown in cell.released and cell.source.count(shown) == cell.released.count(shown)
    line = " ".join(shown.split())
    return line if visible and len(line) <= _LONGEST else ""


def _line_number(traceback: TracebackType | None, code: CodeType | None) -> int:
    """Return the line of the test's own code that was being run, 0 where it is not known."""
    while traceback is not None:
        if traceback.tb_frame.f_code is code:
            return traceback.tb_lineno
        traceback = traceback.tb_next
    return 0
