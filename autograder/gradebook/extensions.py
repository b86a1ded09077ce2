"""More time for one student in one assignment, and students who are excused.

nbgrader stores an extension with the submission, so it has no place for one before there is a
submission. Ours are in a table of our own, and are copied to nbgrader's column once there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from autograder.gradebook.database import connected
from autograder.gradebook.people import is_there
from autograder.gradebook.tables import ASSIGNMENT, HANDED

EXTENSIONS = sa.Table(
    "autograder_extension",
    sa.MetaData(),
    # No foreign keys: nbgrader deletes assignments and students without knowing this table.
    sa.Column("assignment_id", sa.String(32), primary_key=True),
    sa.Column("student_id", sa.String(128), primary_key=True),
    sa.Column("seconds", sa.Float, nullable=False, default=0.0),
    sa.Column("excused", sa.Boolean, nullable=False, default=False),
)
_OF_STUDENT = EXTENSIONS.select().where(
    EXTENSIONS.c.assignment_id == sa.bindparam("assignment"),
    EXTENSIONS.c.student_id == sa.bindparam("student"),
)


@dataclass(frozen=True, slots=True)
class Extension:
    """More time, and whether the student is excused from the assignment."""

    length: timedelta = timedelta()
    excused: bool = False


def read_extensions(db: sa.Connection, assignment_id: str) -> Mapping[str, Extension]:
    """Return the extensions in an assignment, by student."""
    if not sa.inspect(db).has_table(EXTENSIONS.name):
        return {}
    rows = db.execute(EXTENSIONS.select().where(EXTENSIONS.c.assignment_id == assignment_id))
    return {r.student_id: Extension(timedelta(seconds=r.seconds), r.excused) for r in rows}


def extension_of(db: sa.Connection, assignment_id: str, student: str) -> Extension:
    """Return one student's extension; the table is there."""
    row = db.execute(_OF_STUDENT, {"assignment": assignment_id, "student": student}).first()
    return Extension(timedelta(seconds=row.seconds), row.excused) if row else Extension()


def write_extension(
    db_url: str,
    assignment: str,
    student: str,
    *,
    length: timedelta | None = None,
    excused: bool | None = None,
) -> Extension:
    """Record more time, or that a student is excused; None changes nothing. Return the result.

    Raises:
        KeyError: when the gradebook does not know the assignment.
    """
    if not is_there(db_url):
        raise KeyError(assignment)
    with connected(db_url) as db:
        EXTENSIONS.create(db, checkfirst=True)
        query = sa.select(ASSIGNMENT.c.id).where(ASSIGNMENT.c.name == assignment)
        assignment_id = db.execute(query).scalar()
        if assignment_id is None:
            raise KeyError(assignment)
        old = read_extensions(db, assignment_id).get(student, Extension())
        new = Extension(
            old.length if length is None else length,
            old.excused if excused is None else excused,
        )
        _replace(db, assignment_id, student, new)
    return new


def _replace(db: sa.Connection, assignment_id: str, student: str, new: Extension) -> None:
    key: dict[str, Any] = {"assignment_id": assignment_id, "student_id": student}
    both = [EXTENSIONS.c[name] == value for name, value in key.items()]
    db.execute(EXTENSIONS.delete().where(*both))
    row = {"seconds": new.length.total_seconds(), "excused": new.excused}
    db.execute(EXTENSIONS.insert().values(**key, **row))
    handed = [HANDED.c[name] == value for name, value in key.items()]
    db.execute(HANDED.update().where(*handed).values(extension=new.length or None))


def write_due(db_url: str, assignment: str, due: datetime | None) -> None:
    """Record when an assignment is due: in UTC and without a zone, as nbgrader stores it.

    Raises:
        KeyError: when the gradebook does not know the assignment.
    """
    if not is_there(db_url):
        raise KeyError(assignment)
    with connected(db_url) as db:
        this = ASSIGNMENT.c.name == assignment
        if not db.execute(ASSIGNMENT.update().where(this).values(duedate=due)).rowcount:
            raise KeyError(assignment)
