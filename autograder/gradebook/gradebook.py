"""The one writer of nbgrader's gradebook.

Each submission is recorded in one transaction or not at all. Only what a machine found is written:
scores and comments given by hand stay as they are. Where the text that such a score was given for
has changed since, a person is asked to look again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

import sqlalchemy as sa

from autograder.course.course import Course, CourseError
from autograder.course.nbgrader_start import lighter_start
from autograder.gradebook.database import (
    RECORDS,
    cannot_open,
    check_file,
    close_database,
    connected,
    open_database,
    read_evidence,
    read_record,
    write_evidence,
    write_record,
)
from autograder.gradebook.extensions import EXTENSIONS, extension_of
from autograder.gradebook.new_tables import make_tables
from autograder.gradebook.rows import Marked, NotebookIds, SubmissionRows
from autograder.gradebook.tables import (
    ASSIGNMENT,
    CELL,
    GRADE_CELL,
    HANDED,
    NAMES,
    NOTEBOOK,
    SOURCE,
    TASK_CELL,
)
from autograder.notebooks.master import SourceCell
from autograder.records import MarkedNotebook


@dataclass(frozen=True, slots=True)
class SubmissionRecord:
    """What to record of one submission.

    `digest` identifies what the marks depend on; empty where the next run has to mark again.
    `files` has the fingerprints of the submitted files, by notebook (`notebooks/fingerprint.py`).
    """

    student: str
    timestamp: datetime | None
    notebooks: Marked
    digest: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


class Gradebook:
    """nbgrader's gradebook, open for one assignment; use it as a context manager."""

    def __init__(self, course: Course, assignment: str) -> None:
        """Open the gradebook.

        Raises:
            CourseError: when the assignment was never generated, or the database cannot be opened.
        """
        hint = f"run `autograder generate {assignment}` first"
        check_file(course.db_url, hint)
        try:
            _add_missing_tables(course)
            self._engine = open_database(course.db_url)
            EXTENSIONS.create(self._engine, checkfirst=True)
            with self._engine.connect() as db:
                found = db.execute(
                    ASSIGNMENT.select().where(ASSIGNMENT.c.name == assignment)
                ).first()
                self._assignment_id: str = found.id if found else ""
                self._notebooks = dict(self._read_notebooks(db))
        except sa.exc.SQLAlchemyError as error:
            raise cannot_open(error) from error
        if not self._notebooks:  # nbgrader records an assignment before it makes one
            self.close()
            raise CourseError(f"The gradebook has no notebook of {assignment!r}.", hint)
        self._rows = SubmissionRows(self._assignment_id, self._notebooks)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave one file behind, with every mark in it."""
        close_database(self._engine)

    def evidence(self, digest: str) -> dict[str, Any] | None:
        """Return what marking the instructor's solution showed, if that is known."""
        with self._engine.connect() as db:
            return read_evidence(db, digest)

    def keep_evidence(self, digest: str, found: Mapping[str, Any]) -> None:
        """Keep what marking the instructor's solution showed."""
        with self._engine.begin() as db:
            write_evidence(db, digest, found)

    def sources(self) -> dict[str, dict[str, SourceCell]]:
        """Give what `generate` recorded of each cell: its text with hidden tests, its points."""
        found: dict[str, dict[str, SourceCell]] = {}
        points: dict[str, float] = {}
        with self._engine.connect() as db:
            for table in (GRADE_CELL, TASK_CELL):
                points |= {r.id: r.max_score for r in db.execute(table.select())}
            for name, notebook in self._notebooks.items():
                query = SOURCE.select().where(SOURCE.c.notebook_id == notebook.id)
                worth = {cell: points[i] for cell, i in notebook.graded.items()}
                found[name] = {
                    r.name: SourceCell(r.source, worth.get(r.name, 0.0)) for r in db.execute(query)
                }
        return found

    def digests(self) -> dict[str, str]:
        """Give, by student, the digest under which a submission was last recorded."""
        query = (
            sa.select(HANDED.c.student_id, RECORDS.c.digest)
            .join(RECORDS, RECORDS.c.submission_id == HANDED.c.id)
            .where(HANDED.c.assignment_id == self._assignment_id)
        )
        with self._engine.connect() as db:
            return {row.student_id: row.digest for row in db.execute(query)}

    def record(self, outcome: SubmissionRecord) -> None:
        """Record one submission, whole or not at all."""
        with self._engine.begin() as db:
            more = extension_of(db, self._assignment_id, outcome.student)
            submitted = self._rows.submission(db, outcome.student, outcome.timestamp, more.length)
            before = {} if submitted.new else read_record(db, submitted.id)
            self._rows.marks(db, submitted, outcome.notebooks, _texts(before))
            details = {
                name: _details(n) | {"file": outcome.files.get(name, "")} if n else None
                for name, n in outcome.notebooks.items()
            }
            write_record(db, submitted.id, outcome.digest, before | details, new=submitted.new)

    def _read_notebooks(self, db: sa.Connection) -> Iterator[tuple[str, NotebookIds]]:
        query = NOTEBOOK.select().where(NOTEBOOK.c.assignment_id == self._assignment_id)
        for row in db.execute(query.order_by(NOTEBOOK.c.name)).all():
            found = db.execute(CELL.select().where(CELL.c.notebook_id == row.id)).all()
            graded = {c.name: c.id for c in found if c.type in ("GradeCell", "TaskCell")}
            commented = {c.name: c.id for c in found if c.type in ("SolutionCell", "TaskCell")}
            yield row.name, NotebookIds(row.id, graded, commented)


def _add_missing_tables(course: Course) -> None:
    """Let nbgrader add tables to a gradebook that lacks some, such as one of an older version.

    nbgrader is imported only for such a gradebook: that takes a quarter of a second.
    """
    with connected(course.db_url) as db:
        if set(sa.inspect(db).get_table_names()) >= NAMES:
            return
    make_tables(course.db_url)
    with lighter_start():
        from nbgrader.api import Gradebook as TheirGradebook
    TheirGradebook(course.db_url, course.course_id).close()


def _texts(details: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """Give, by notebook and cell, the digest of the text that was there when it was last marked."""
    return {name: kept.get("texts", {}) for name, kept in details.items() if kept}


def _details(marked: MarkedNotebook) -> dict[str, Any]:
    """Keep why each mark is what it is, for reports; the points are nbgrader's to hold."""
    return {
        "marks": {
            m.grade_id: {"reasons": m.reasons, "flagged": m.flagged, "way": m.way}
            for m in marked.marks
        },
        "findings": [asdict(f) for f in marked.findings],
        "answers": dict(marked.answers),
        "unmarked": dict(marked.unmarked),
        "texts": dict(marked.texts),
    }
