"""The one writer of nbgrader's gradebook.

Each submission is recorded in one transaction or not at all, in the rows that nbgrader's own
autograde makes. Only what a machine found is written: scores and comments
given by hand stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import sqlalchemy as sa

from autograder.course import Course, CourseError, tools_on_path
from autograder.database import RECORDS, check_file, close_database, open_database, write_record
from autograder.engine import MarkedNotebook
from autograder.marking import CellMark
from autograder.master import SourceCell

Penalty = Callable[[str, float, float], float | None]
"""From student, score and seconds late to the points that lateness costs."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to record of one submission.

    A notebook that was not handed in is None; one that is left out stays as it is recorded.

    `digest` stands for what the marks depend on; empty when they are to be made again next time.
    """

    student: str
    timestamp: datetime | None
    notebooks: Mapping[str, MarkedNotebook | None]
    digest: str = ""


@dataclass(frozen=True, slots=True)
class _Notebook:
    id: str
    graded: Mapping[str, str]  # grade_id -> the cell's id in the gradebook
    commented: Mapping[str, str]


class Gradebook:
    """nbgrader's gradebook, open for one assignment; use it as a context manager."""

    def __init__(self, course: Course, assignment: str, penalty: Penalty | None = None) -> None:
        """Open the gradebook.

        Raises:
            CourseError: when the assignment was never generated, or the database cannot be opened.
        """
        from nbgrader import api

        self._api = api
        self._penalty = penalty or late_penalty(course)
        hint = f"run `autograder generate {assignment}` first"
        check_file(course.db_url, hint)
        try:
            with tools_on_path(), api.Gradebook(course.db_url, course.course_id):
                pass  # makes whatever tables are missing
            self._engine = open_database(course.db_url)
            with self._engine.connect() as db:
                found = db.execute(
                    sa.select(_table(api.Assignment)).filter_by(name=assignment)
                ).first()
        except sa.exc.SQLAlchemyError as error:
            raise CourseError(
                f"The gradebook cannot be opened: {_words(error)}", "`nbgrader db upgrade`?"
            ) from error
        if found is None:
            self._engine.dispose()
            raise CourseError(f"The gradebook does not know the assignment {assignment!r}.", hint)
        self._assignment_id: str = found.id
        self._due: datetime | None = found.duedate
        with self._engine.connect() as db:
            self._notebooks = dict(self._read_notebooks(db))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave one file behind, with every mark in it."""
        close_database(self._engine)

    def sources(self) -> dict[str, dict[str, SourceCell]]:
        """Give what `generate` recorded of each cell: its text with hidden tests, its points."""
        api = self._api
        source, notebook = _table(api.SourceCell), _table(api.Notebook)
        with self._engine.connect() as db:
            points = {
                i: p
                for t in (api.GradeCell, api.TaskCell)
                for i, p in _rows(db, t, "id", "max_score")
            }
            worth = {
                (name, cell): points[i]
                for name, n in self._notebooks.items()
                for cell, i in n.graded.items()
            }
            query = sa.select(notebook.c.name, source.c.name, source.c.source).join_from(
                notebook, source
            )
            found: dict[str, dict[str, SourceCell]] = {name: {} for name in self._notebooks}
            for name, cell, text in db.execute(
                query.where(notebook.c.assignment_id == self._assignment_id)
            ):
                found[name][cell] = SourceCell(text, worth.get((name, cell), 0.0))
        return found

    def digests(self) -> dict[str, str]:
        """Give, by student, the digest under which a submission was last recorded."""
        submitted = _table(self._api.SubmittedAssignment)
        query = (
            sa.select(submitted.c.student_id, RECORDS.c.digest)
            .join(RECORDS, RECORDS.c.submission_id == submitted.c.id)
            .where(submitted.c.assignment_id == self._assignment_id)
        )
        with self._engine.connect() as db:
            return {row.student_id: row.digest for row in db.execute(query)}

    def deadlines(self) -> dict[str, str]:
        """Give, by student, what lateness depends on: a submission is marked again when it changes.

        The deadline of everyone without an extension stands under the empty name.
        """
        submitted = _table(self._api.SubmittedAssignment)
        query = sa.select(submitted.c.student_id, submitted.c.extension)
        query = query.where(
            submitted.c.assignment_id == self._assignment_id, submitted.c.extension.is_not(None)
        )
        with self._engine.connect() as db:
            extended = {
                student: f"{self._due} + {extension}" for student, extension in db.execute(query)
            }
        return {"": str(self._due), **extended}

    def record(self, outcome: Outcome) -> None:
        """Record one submission, whole or not at all."""
        with self._engine.begin() as db:
            self._ensure_student(db, outcome.student)
            submission_id, late = self._ensure_submission(db, outcome)
            for name, notebook in self._notebooks.items():
                submitted_id = self._ensure_notebook(db, submission_id, notebook)
                written = name in outcome.notebooks
                marked = outcome.notebooks.get(name)
                self._write_grades(db, submitted_id, notebook, marked, written=written)
                self._write_comments(db, submitted_id, notebook, marked)
                if written and marked is not None:
                    self._write_lateness(db, submitted_id, notebook, outcome.student, late)
            details = {name: _details(n) if n else None for name, n in outcome.notebooks.items()}
            write_record(db, submission_id, outcome.digest, details)

    def _read_notebooks(self, db: sa.Connection) -> Iterable[tuple[str, _Notebook]]:
        notebooks, cells = _table(self._api.Notebook), _table(self._api.BaseCell)
        for row in db.execute(
            sa.select(notebooks).filter_by(assignment_id=self._assignment_id)
        ).all():
            found = db.execute(sa.select(cells).filter_by(notebook_id=row.id)).all()
            graded = {c.name: c.id for c in found if c.type in ("GradeCell", "TaskCell")}
            commented = {c.name: c.id for c in found if c.type in ("SolutionCell", "TaskCell")}
            yield row.name, _Notebook(row.id, graded, commented)

    def _ensure_student(self, db: sa.Connection, student: str) -> None:
        students = _table(self._api.Student)
        if db.execute(sa.select(students.c.id).where(students.c.id == student)).first() is None:
            db.execute(students.insert(), {"id": student})

    def _ensure_submission(self, db: sa.Connection, outcome: Outcome) -> tuple[str, float]:
        """Give the submission's id and by how many seconds it is late."""
        table = _table(self._api.SubmittedAssignment)
        key = {"assignment_id": self._assignment_id, "student_id": outcome.student}
        row = db.execute(sa.select(table).filter_by(**key)).first()
        timestamp = outcome.timestamp or (row.timestamp if row else None)
        if row is None:
            submission_id = uuid4().hex
            db.execute(table.insert(), {"id": submission_id, "timestamp": timestamp, **key})
        else:
            submission_id = row.id
            db.execute(table.update().where(table.c.id == row.id).values(timestamp=timestamp))
        if timestamp is None or self._due is None:
            return submission_id, 0.0
        extension = row.extension if row and row.extension else timedelta()
        return submission_id, max(0.0, (timestamp - self._due - extension).total_seconds())

    def _ensure_notebook(self, db: sa.Connection, submission_id: str, notebook: _Notebook) -> str:
        table = _table(self._api.SubmittedNotebook)
        key = {"notebook_id": notebook.id, "assignment_id": submission_id}
        row = db.execute(sa.select(table.c.id).filter_by(**key)).first()
        if row is not None:
            return str(row.id)
        submitted_id = uuid4().hex
        db.execute(table.insert(), {"id": submitted_id, "flagged": False, **key})
        return submitted_id

    def _write_grades(
        self,
        db: sa.Connection,
        submitted_id: str,
        notebook: _Notebook,
        marked: MarkedNotebook | None,
        *,
        written: bool,
    ) -> None:
        table = _table(self._api.Grade)
        marks = {m.grade_id: m for m in marked.marks} if marked else {}
        found = _existing(db, table, table.c.manual_score, submitted_id, notebook.graded.values())
        rows = [
            {
                "cell": i,
                **_grade(marks.get(cell), found.get(i), marked=marked is not None, written=written),
            }
            for cell, i in notebook.graded.items()
        ]
        _write(
            db, table, submitted_id, [r for r in rows if written or r["cell"] not in found], found
        )

    def _write_comments(
        self,
        db: sa.Connection,
        submitted_id: str,
        notebook: _Notebook,
        marked: MarkedNotebook | None,
    ) -> None:
        table = _table(self._api.Comment)
        found = _existing(db, table, table.c.id, submitted_id, notebook.commented.values())
        unanswered = marked.unanswered if marked else frozenset[str]()
        rows = [
            {"cell": i, "auto_comment": "No response." if cell in unanswered else None}
            for cell, i in notebook.commented.items()
        ]
        _write(
            db, table, submitted_id, [r for r in rows if marked or r["cell"] not in found], found
        )

    def _write_lateness(
        self, db: sa.Connection, submitted_id: str, notebook: _Notebook, student: str, late: float
    ) -> None:
        table = _table(self._api.SubmittedNotebook)
        lost = None
        if late > 0:
            grade = self._api.Grade
            cells = grade.cell_id.in_(list(notebook.graded.values()))
            total = sa.select(sa.func.coalesce(sa.func.sum(grade.score), 0.0))
            score = float(
                db.execute(total.where(cells, grade.notebook_id == submitted_id)).scalar_one()
            )
            asked = self._penalty(student, score, late)
            lost = None if asked is None else min(max(asked, 0.0), score)
        db.execute(
            table.update().where(table.c.id == submitted_id).values(late_submission_penalty=lost)
        )


def late_penalty(course: Course) -> Penalty:
    """Give the rule for late submissions that the course's configuration asks for."""
    from nbgrader.preprocessors import AssignLatePenalties

    assigner = AssignLatePenalties(config=course.config)
    assigner.init_plugin()
    rule: Penalty = assigner.plugin_inst.late_submission_penalty
    return rule


def _grade(mark: CellMark | None, manual: Any, *, marked: bool, written: bool) -> dict[str, Any]:
    """Give the machine's columns of a grade, by nbgrader's own rules.

    A cell without a mark needs one by hand; in a notebook that was not handed in it is 0. A grade
    that a person set before is to be looked at again.
    """
    if not marked:
        return {"auto_score": 0.0 if written else None, "needs_manual_grade": not written}
    points = mark.points if mark else None
    look = points is None or manual is not None or (mark is not None and mark.flagged)
    return {"auto_score": points, "needs_manual_grade": look}


def _existing(
    db: sa.Connection,
    table: sa.Table,
    column: sa.Column[Any],
    submitted_id: str,
    cells: Iterable[str],
) -> dict[str, Any]:
    # Both columns of nbgrader's unique index are named, or SQLite would read the whole table.
    chosen = table.c.cell_id.in_(list(cells)), table.c.notebook_id == submitted_id
    query = sa.select(table.c.cell_id, column.label("held")).where(*chosen)
    return {row.cell_id: row.held for row in db.execute(query)}


def _write(
    db: sa.Connection,
    table: sa.Table,
    submitted_id: str,
    rows: list[dict[str, Any]],
    found: Mapping[str, Any],
) -> None:
    new = [r for r in rows if r["cell"] not in found]
    old = [r for r in rows if r["cell"] in found]
    if new:
        values = [{k: v for k, v in r.items() if k != "cell"} for r in new]
        keys = [{"id": uuid4().hex, "cell_id": r["cell"], "notebook_id": submitted_id} for r in new]
        db.execute(table.insert(), [k | v for k, v in zip(keys, values, strict=True)])
    if old:
        columns: dict[str, Any] = {name: sa.bindparam(name) for name in old[0] if name != "cell"}
        this = table.c.cell_id == sa.bindparam("cell"), table.c.notebook_id == submitted_id
        db.execute(table.update().where(*this).values(**columns), old)


def _details(marked: MarkedNotebook) -> dict[str, Any]:
    """Keep why each mark is what it is, for reports; the points are nbgrader's to hold."""
    marks = {m.grade_id: {"reasons": m.reasons, "flagged": m.flagged} for m in marked.marks}
    findings = [asdict(f) for f in marked.findings]
    return {
        "marks": marks,
        "findings": findings,
        "answers": dict(marked.answers),
        "unmarked": dict(marked.unmarked),
    }


def _table(model: Any) -> sa.Table:
    table: sa.Table = model.__table__
    return table


def _rows(db: sa.Connection, model: Any, *columns: str) -> Iterable[Any]:
    table = _table(model)
    return db.execute(sa.select(*(table.c[name] for name in columns))).all()


def _words(error: Exception) -> str:
    return str(error).splitlines()[0]
