"""nbgrader's tables, as far as they are read or written without nbgrader.

Importing nbgrader's own models takes a second; `tests/gradebook` holds these names to them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def _table(name: str, *columns: str, **typed: sa.types.TypeEngine[Any]) -> sa.TableClause:
    plain: list[sa.ColumnClause[Any]] = [sa.column(column) for column in columns]
    return sa.table(name, *plain, *(sa.column(column, kind) for column, kind in typed.items()))


STUDENT = _table("student", "id")
ASSIGNMENT = _table("assignment", "id", "name", duedate=sa.DateTime())
NOTEBOOK = _table("notebook", "id", "name", "assignment_id")
CELL = _table("base_cell", "id", "name", "notebook_id", "type")
GRADE_CELL = _table("grade_cells", "id", "max_score")
TASK_CELL = _table("task_cells", "id", "max_score")
HANDED = _table(
    "submitted_assignment",
    *("id", "assignment_id", "student_id"),
    timestamp=sa.DateTime(),
    extension=sa.Interval(),
)
SUBMITTED = _table(
    "submitted_notebook",
    *("id", "assignment_id", "notebook_id", "late_submission_penalty"),
    flagged=sa.Boolean(),
)
GRADE = _table(
    "grade",
    *("id", "notebook_id", "cell_id", "auto_score", "manual_score", "extra_credit"),
    needs_manual_grade=sa.Boolean(),
)
COMMENT = _table("comment", "id", "notebook_id", "cell_id", "auto_comment", "manual_comment")
SOURCE = _table("source_cell", "name", "source", "notebook_id")
NAMES = frozenset(
    table.name
    for table in (
        *(STUDENT, ASSIGNMENT, NOTEBOOK, CELL, GRADE_CELL, TASK_CELL),
        *(HANDED, SUBMITTED, GRADE, COMMENT, SOURCE),
    )
)
"""The tables that every gradebook of nbgrader's present version has."""
