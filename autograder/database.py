"""nbgrader's database, opened so that a killed writer loses nothing and readers need not wait.

One table of our own stands in it, so that marks and what they were made from change together.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from autograder.course import CourseError

_BUSY_SECONDS = 30
_OWN = sa.MetaData()
RECORDS = sa.Table(
    "autograder_record",
    _OWN,
    # No foreign key: nbgrader deletes submissions without knowing this table.
    sa.Column("submission_id", sa.String(32), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("graded_at", sa.DateTime, nullable=False),
    sa.Column("details", sa.Text, nullable=False),
)
"""By submission: the digest of what it was marked from, and why each mark is what it is (JSON)."""


def write_record(
    db: sa.Connection, submission_id: str, digest: str, details: Mapping[str, Any]
) -> None:
    """Keep the digest and the details of the notebooks just marked; the others' details stay."""
    this = RECORDS.c.submission_id == submission_id
    before = db.execute(sa.select(RECORDS.c.details).where(this)).scalar()
    merged = (json.loads(before) if before else {}) | dict(details)
    now = datetime.now(UTC).replace(tzinfo=None)
    row = {"digest": digest, "graded_at": now, "details": json.dumps(merged, ensure_ascii=False)}
    if before is None:
        db.execute(RECORDS.insert(), {"submission_id": submission_id, **row})
    else:
        db.execute(RECORDS.update().where(this).values(**row))


def open_database(url: str) -> sa.Engine:
    """Open an existing gradebook for writing and make our own table in it."""
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _tune_sqlite)
        # A reader that becomes a writer half-way can be refused; a writer from the start waits.
        sa.event.listen(engine, "begin", lambda db: db.exec_driver_sql("BEGIN IMMEDIATE"))
    _OWN.create_all(engine)
    return engine


def close_database(engine: sa.Engine) -> None:
    """Leave one file behind: a copy of `gradebook.db` alone must hold every mark."""
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        # Whoever else has the gradebook open keeps the journal as it is, which does no harm.
        with suppress(sqlite3.Error), closing(connection.cursor()) as cursor:
            cursor.execute("PRAGMA busy_timeout = 0")
            cursor.execute("PRAGMA journal_mode = DELETE")
        connection.close()
    engine.dispose()


def check_file(url: str, hint: str) -> None:
    """Refuse to grade into a gradebook that is not there: opening it would make an empty one."""
    database = sa.make_url(url)
    if (
        database.get_backend_name() == "sqlite"
        and database.database
        and not Path(database.database).is_file()
    ):
        raise CourseError(f"There is no gradebook at {database.database}.", hint)


def _tune_sqlite(connection: Any, _: Any) -> None:
    """Let formgrader read while marks are written; a killed writer leaves whole submissions.

    With write-ahead logging, `synchronous = NORMAL` keeps the file whole through a power cut too
    (SQLite's documentation of the pragma).
    """
    connection.isolation_level = None  # transactions are begun by the listener above
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()
