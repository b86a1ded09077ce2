"""Opening nbgrader's database so that a killed writer loses nothing and readers need not wait.

Two tables of our own are in it too, so that one transaction writes the marks and the digest of what
they were made from.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
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
"""For each submission: a digest of what it was marked from, and the reasons of its marks (JSON)."""

EVIDENCE = sa.Table(
    "autograder_evidence",
    _OWN,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("found", sa.Text, nullable=False),
)
"""The result of marking an instructor's solution (JSON), by the digest of its sources."""


def read_evidence(db: sa.Connection, digest: str) -> dict[str, Any] | None:
    """Return the evidence stored under a digest, or None."""
    this = EVIDENCE.c.digest == digest
    found = db.execute(sa.select(EVIDENCE.c.found).where(this)).scalar()
    return None if found is None else dict(json.loads(found))


def write_evidence(db: sa.Connection, digest: str, found: Mapping[str, Any]) -> None:
    """Store evidence under a digest."""
    db.execute(EVIDENCE.delete().where(EVIDENCE.c.digest == digest))
    db.execute(EVIDENCE.insert(), {"digest": digest, "found": json.dumps(found)})


def read_record(db: sa.Connection, submission_id: str) -> dict[str, Any]:
    """Return the details stored for a submission, by notebook; empty where there are none."""
    this = RECORDS.c.submission_id == submission_id
    found = db.execute(sa.select(RECORDS.c.details).where(this)).scalar()
    details: dict[str, Any] = json.loads(found) if found else {}
    return details


def write_record(
    db: sa.Connection, submission_id: str, digest: str, details: Mapping[str, Any], *, new: bool
) -> None:
    """Store a submission's digest, and the details of all its notebooks.

    `new` says that the submission has just got its id, so that nothing is stored under it.
    """
    this = RECORDS.c.submission_id == submission_id
    now = datetime.now(UTC).replace(tzinfo=None)
    row = {"digest": digest, "graded_at": now, "details": json.dumps(details, ensure_ascii=False)}
    if not new:
        db.execute(RECORDS.delete().where(this))
    db.execute(RECORDS.insert(), {"submission_id": submission_id, **row})


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    """Give a connection in a transaction, which an error undoes; it is closed at the end."""
    engine = sa.create_engine(url)
    try:
        with engine.begin() as db:
            yield db
    finally:
        engine.dispose()


def open_database(url: str) -> sa.Engine:
    """Open an existing gradebook for writing, and create our tables in it."""
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _tune_sqlite)
        # SQLite may refuse a transaction that reads first and writes later; one that begins as a
        # writer waits for the lock.
        sa.event.listen(engine, "begin", lambda db: db.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        _OWN.create_all(engine)
    except sa.exc.SQLAlchemyError:
        engine.dispose()
        raise
    return engine


def close_database(engine: sa.Engine) -> None:
    """Close the gradebook and merge its journal, so that `gradebook.db` alone holds every mark."""
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        # While another process has the gradebook open, the journal stays; it is valid too.
        with suppress(sqlite3.Error), closing(connection.cursor()) as cursor:
            cursor.execute("PRAGMA busy_timeout = 0")
            cursor.execute("PRAGMA journal_mode = DELETE")
        connection.close()
    engine.dispose()


def check_file(url: str, hint: str) -> None:
    """Refuse a gradebook that is missing (opening it would create one) or damaged.

    Raises:
        CourseError: when it is missing, empty, damaged, or stays locked.
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
    """Return the error that says why the gradebook cannot be used and what to do about it."""
    words = str(error).splitlines()[0]
    hints = (hint for sign, hint in _HINTS.items() if sign in words)
    return CourseError(f"The gradebook cannot be opened: {words}", next(hints, _UPGRADE))


_RESTORE = "restore gradebook.db from a backup, or `autograder generate` and grade everything again"
_UPGRADE = "if an older nbgrader wrote it, back it up, then run `nbgrader db upgrade`"
_HINTS = {
    "locked": "something else is writing to it; close that, or try again in a minute",
    "malformed": _RESTORE,
    "not a database": _RESTORE,
    "readonly": "nothing was changed; make the gradebook and its folder writable",
    "unable to open": "make the gradebook and its folder readable and writable",
    "disk": "nothing was lost; free space on the disk and run the command again",
}


def _tune_sqlite(connection: Any, _: Any) -> None:
    """Let formgrader read while marks are written, and let no crash damage the file.

    With write-ahead logging, `synchronous = NORMAL` is safe in a power cut too
    (SQLite's documentation of the pragma).
    """
    connection.isolation_level = None  # the listener above begins the transactions
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {int(_BUSY_SECONDS * 1000)}")
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Turn write-ahead logging on; this waits for a lock, since SQLite itself does not here."""
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
