"""Writing the database rows of one submission, as nbgrader's own autograde does.

Each SQL statement is built once and takes a list of rows: a student needs only a few statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

import sqlalchemy as sa

from autograder.gradebook.tables import COMMENT, GRADE, HANDED, STUDENT, SUBMITTED
from autograder.records import CellMark, MarkedNotebook

Marked = Mapping[str, MarkedNotebook | None]
"""By notebook; None for one that was not handed in, no entry for one that does not change."""
Texts = Mapping[str, Mapping[str, str]]
"""By notebook and cell, a digest of the text that was there when the cell was last marked."""
_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NotebookIds:
    """The gradebook's ids of a notebook and, by `grade_id`, of its cells."""

    id: str
    graded: Mapping[str, str]
    commented: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submission's row: its id, and whether it is new."""

    id: str
    new: bool


class SubmissionRows:
    """Writes one submission's rows inside the caller's transaction."""

    def __init__(self, assignment_id: str, notebooks: Mapping[str, NotebookIds]) -> None:
        self._assignment_id, self._notebooks = assignment_id, notebooks
        graded = [i for n in notebooks.values() for i in n.graded.values()]
        commented = [i for n in notebooks.values() for i in n.commented.values()]
        self._known_student = _select(STUDENT, "id")
        self._known_submission = _select(HANDED, "assignment_id", "student_id")
        # Every column of nbgrader's unique indices is named; otherwise SQLite reads whole tables.
        ids = [n.id for n in notebooks.values()]
        of_submission = _select(SUBMITTED, "assignment_id")
        self._known_notebooks = of_submission.where(SUBMITTED.c.notebook_id.in_(ids))
        self._known_grades = _held(GRADE, graded)
        self._known_comments = _held(COMMENT, commented)
        self._change_grades = _update(GRADE, "auto_score", "needs_manual_grade")
        self._change_comments = _update(COMMENT, "auto_comment")

    def submission(
        self,
        db: sa.Connection,
        student: str,
        timestamp: datetime | None,
        extension: timedelta = timedelta(),
    ) -> Submitted:
        """Add the rows of the student and the submission where they are missing.

        A time of submission that is no longer known is removed. An extension is written to
        nbgrader's column too.
        """
        if db.execute(self._known_student, {"id": student}).first() is None:
            db.execute(STUDENT.insert(), {"id": student})
        key = {"assignment_id": self._assignment_id, "student_id": student}
        row = db.execute(self._known_submission, key).first()
        if row is None:
            submission_id = token_hex(16)
            given = {"timestamp": timestamp, "extension": extension or None}
            db.execute(HANDED.insert(), {"id": submission_id, **given, **key})
            return Submitted(submission_id, new=True)
        this = HANDED.c.id == row.id
        db.execute(HANDED.update().where(this).values(timestamp=timestamp))
        return Submitted(row.id, new=False)

    def marks(
        self, db: sa.Connection, submitted: Submitted, marked: Marked, before: Texts
    ) -> dict[str, str]:
        """Write grades and comments; return the ids of the submitted notebooks, by name."""
        ids = self._notebook_ids(db, submitted)
        given = {"ids": list(ids.values())}
        held = {} if submitted.new else _keyed(db.execute(self._known_grades, given))
        grades = [
            {"cell": i, "notebook": ids[name], **grade}
            for name, notebook in self._notebooks.items()
            for cell, i in notebook.graded.items()
            if (grade := _grade(name, cell, marked, held.get((i, ids[name])), before)) is not None
        ]
        _write(db, GRADE, self._change_grades, grades, held)
        there = {} if submitted.new else _keyed(db.execute(self._known_comments, given))
        comments = [
            {"cell": i, "notebook": ids[name], "auto_comment": _comment(cell, marked.get(name))}
            for name, notebook in self._notebooks.items()
            for cell, i in notebook.commented.items()
            if marked.get(name) is not None or (i, ids[name]) not in there
        ]
        _write(db, COMMENT, self._change_comments, comments, there)
        return ids

    def _notebook_ids(self, db: sa.Connection, submitted: Submitted) -> dict[str, str]:
        found: dict[str, str] = {}
        if not submitted.new:
            rows = db.execute(self._known_notebooks, {"assignment_id": submitted.id})
            found = {row.notebook_id: row.id for row in rows}
        missing = [n.id for n in self._notebooks.values() if n.id not in found]
        new = {i: token_hex(16) for i in missing}
        if new:
            same = {"assignment_id": submitted.id, "flagged": False}
            db.execute(
                SUBMITTED.insert(),
                [{"id": s, "notebook_id": i, **same} for i, s in new.items()],
            )
        return {name: (found | new)[n.id] for name, n in self._notebooks.items()}


def _grade(name: str, cell: str, marked: Marked, held: Any, before: Texts) -> _Row | None:
    """Return the machine's columns of a grade by nbgrader's rules, or None to change nothing.

    A cell without a mark needs one by hand; in a notebook that was not handed in it gets 0. `held`
    is the present row.
    """
    if name not in marked:
        return None if held else {"auto_score": None, "needs_manual_grade": True}
    notebook, by_hand = marked[name], held is not None and _is_by_hand(held)
    if notebook is None:
        return {"auto_score": 0.0, "needs_manual_grade": by_hand}
    mark = next((m for m in notebook.marks if m.grade_id == cell), None)
    if by_hand:
        same = notebook.texts.get(cell, "") == before.get(name, {}).get(cell)
        look = bool(held.needs_manual_grade) if same else True
    else:
        look = _needs_a_person(mark)
    return {"auto_score": mark.points if mark else None, "needs_manual_grade": look}


def _is_by_hand(held: Any) -> bool:
    """Return whether a person gave points; stock nbgrader puts such marks back into its queue."""
    return held.manual_score is not None or bool(held.extra_credit)


def _needs_a_person(mark: CellMark | None) -> bool:
    return mark is None or mark.points is None or mark.flagged


def _comment(cell: str, notebook: MarkedNotebook | None) -> str | None:
    return "No response." if notebook and cell in notebook.unanswered else None


def _select(table: sa.TableClause, *columns: str) -> sa.Select[Any]:
    return sa.select(table).where(*(table.c[name] == sa.bindparam(name) for name in columns))


def _held(table: sa.TableClause, cells: list[str]) -> sa.Select[Any]:
    return sa.select(table).where(
        table.c.cell_id.in_(cells), table.c.notebook_id.in_(sa.bindparam("ids", expanding=True))
    )


def _update(table: sa.TableClause, *columns: str) -> sa.Update:
    this = table.c.cell_id == sa.bindparam("cell"), table.c.notebook_id == sa.bindparam("notebook")
    values: dict[str, Any] = {name: sa.bindparam(name) for name in columns}
    return table.update().where(*this).values(**values)


def _keyed(rows: Iterable[Any]) -> dict[tuple[str, str], Any]:
    return {(row.cell_id, row.notebook_id): row for row in rows}


def _write(
    db: sa.Connection,
    table: sa.TableClause,
    change: sa.Update,
    rows: list[_Row],
    held: Mapping[Any, Any],
) -> None:
    old = [r for r in rows if (r["cell"], r["notebook"]) in held]
    new = [r for r in rows if (r["cell"], r["notebook"]) not in held]
    if old:
        db.execute(change, old)
    if new:
        db.execute(table.insert(), [_inserted(r) for r in new])


def _inserted(row: _Row) -> _Row:
    values = {k: v for k, v in row.items() if k not in ("cell", "notebook")}
    return {"id": token_hex(16), "cell_id": row["cell"], "notebook_id": row["notebook"], **values}
