"""nbgrader's database, opened so that a killed writer loses nothing and readers need not wait.

Two tables of our own stand in it, so that marks and what they were made from change together.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from autograder.course.course import CourseError

_BUSY_SECONDS = 30.0
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

EVIDENCE = sa.Table(
    "autograder_evidence",
    _OWN,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("found", sa.Text, nullable=False),
)
"""What marking an instructor's solution showed (JSON), by the digest of what it was marked from."""


def read_evidence(db: sa.Connection, digest: str) -> dict[str, Any] | None:
    """Return what is kept under a digest."""
    this = EVIDENCE.c.digest == digest
    found = db.execute(sa.select(EVIDENCE.c.found).where(this)).scalar()
    return None if found is None else dict(json.loads(found))


def write_evidence(db: sa.Connection, digest: str, found: Mapping[str, Any]) -> None:
    """Keep what was found under a digest."""
    db.execute(EVIDENCE.delete().where(EVIDENCE.c.digest == digest))
    db.execute(EVIDENCE.insert(), {"digest": digest, "found": json.dumps(found)})


def read_record(db: sa.Connection, submission_id: str) -> dict[str, Any]:
    """Return the details kept of a submission, by notebook; empty where nothing is."""
    this = RECORDS.c.submission_id == submission_id
    found = db.execute(sa.select(RECORDS.c.details).where(this)).scalar()
    details: dict[str, Any] = json.loads(found) if found else {}
    return details


def write_record(
    db: sa.Connection, submission_id: str, digest: str, details: Mapping[str, Any]
) -> None:
    """Keep the digest, and the details of all notebooks of a submission."""
    this = RECORDS.c.submission_id == submission_id
    known = db.execute(sa.select(RECORDS.c.submission_id).where(this)).first()
    now = datetime.now(UTC).replace(tzinfo=None)
    row = {"digest": digest, "graded_at": now, "details": json.dumps(details, ensure_ascii=False)}
    if known is None:
        db.execute(RECORDS.insert(), {"submission_id": submission_id, **row})
    else:
        db.execute(RECORDS.update().where(this).values(**row))


def open_database(url: str) -> sa.Engine:
    """Open an existing gradebook for writing and make our own tables in it."""
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
    """Refuse a gradebook that is not there, since opening it would make one; or is damaged.

    Raises:
        CourseError: when it is not there, empty, locked for long, or no whole database.
    """
    database = sa.make_url(url)
    if database.get_backend_name() != "sqlite" or not database.database:
        return
    path = Path(database.database)
    if not path.is_file():
        raise CourseError(f"There is no gradebook at {path}.", hint)
    if path.stat().st_size == 0:
        raise CourseError(f"The gradebook {path} is empty (0 bytes).", _RESTORE)
    try:
        with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise cannot_open(error) from error
    if found != "ok":
        raise CourseError(f"The gradebook {path} is damaged: {found.splitlines()[-1]}", _RESTORE)


def cannot_open(error: Exception) -> CourseError:
    """Say that the gradebook cannot be used, why, and what to do about it."""
    words = str(error).splitlines()[0]
    hints = (hint for sign, hint in _HINTS.items() if sign in words)
    return CourseError(f"The gradebook cannot be opened: {words}", next(hints, _UPGRADE))


_RESTORE = "restore gradebook.db from a backup, or `autograder generate` and grade everything again"
_UPGRADE = "a gradebook of an older nbgrader: back it up, then run `nbgrader db upgrade`"
_HINTS = {
    "locked": "something else is writing to it; close that, or try again in a minute",
    "malformed": _RESTORE,
    "not a database": _RESTORE,
    "readonly": "nothing was changed; make the gradebook and its folder writable",
    "unable to open": "make the gradebook and its folder readable and writable",
    "disk": "nothing was lost; make room on the disk and run the command again",
}


def _tune_sqlite(connection: Any, _: Any) -> None:
    """Let formgrader read while marks are written; a killed writer leaves whole submissions.

    With write-ahead logging, `synchronous = NORMAL` keeps the file whole through a power cut too
    (SQLite's documentation of the pragma).
    """
    connection.isolation_level = None  # transactions are begun by the listener above
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {int(_BUSY_SECONDS * 1000)}")
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Turn write-ahead logging on; SQLite itself does not wait for a lock here."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
