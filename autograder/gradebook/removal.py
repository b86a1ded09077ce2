"""Removing or renaming a student or an assignment in nbgrader's gradebook."""

from __future__ import annotations

import sqlalchemy as sa

from autograder.gradebook.database import RECORDS, connected
from autograder.gradebook.extensions import EXTENSIONS
from autograder.gradebook.people import MORE, is_there
from autograder.gradebook.releases import RELEASES
from autograder.gradebook.tables import ASSIGNMENT, HANDED


def remove_student(db_url: str, student: str) -> None:
    """Remove a student with her marks, and record that she was removed."""
    from nbgrader.api import Gradebook

    with Gradebook(db_url) as gradebook:
        MORE.create(gradebook.engine, checkfirst=True)
        _forget_records(gradebook.db, "student_id", student)
        gradebook.remove_student(student)
        gradebook.db.execute(MORE.delete().where(MORE.c.student_id == student))
        gradebook.db.execute(MORE.insert().values(student_id=student, removed=True))
        _delete(gradebook.db, EXTENSIONS, EXTENSIONS.c.student_id == student)
        gradebook.db.commit()


def has_assignment(db_url: str, assignment: str) -> bool:
    """Return whether an assignment is in the gradebook, which it is from `generate` on."""
    if not is_there(db_url):
        return False
    with connected(db_url) as db:
        query = sa.select(ASSIGNMENT.c.id).where(ASSIGNMENT.c.name == assignment)
        return db.execute(query).first() is not None


def remove_assignment(db_url: str, assignment: str) -> None:
    """Remove an assignment with all its marks; there may be none."""
    from nbgrader.api import Gradebook

    if not has_assignment(db_url, assignment):
        return
    with Gradebook(db_url) as gradebook:
        id_ = gradebook.find_assignment(assignment).id
        _forget_records(gradebook.db, "assignment_id", id_)
        _delete(gradebook.db, EXTENSIONS, EXTENSIONS.c.assignment_id == id_)
        _delete(gradebook.db, RELEASES, RELEASES.c.assignment_id == id_)
        gradebook.remove_assignment(assignment)
        gradebook.db.commit()


def rename_student(db_url: str, old: str, new: str) -> None:
    """Give a student another id; her marks stay hers."""
    tables = {
        "student": "id",
        "submitted_assignment": "student_id",
        MORE.name: "student_id",
        EXTENSIONS.name: "student_id",
    }
    with connected(db_url) as db:
        there = sa.inspect(db).get_table_names()
        for name, column in tables.items():
            if name in there:
                table = sa.table(name, sa.column(column))
                this = table.c[column] == old
                db.execute(table.update().where(this).values({column: new}))


def rename_assignment(db_url: str, old: str, new: str) -> None:
    """Give an assignment another name; its marks stay."""
    with connected(db_url) as db:
        db.execute(ASSIGNMENT.update().where(ASSIGNMENT.c.name == old).values(name=new))


def _forget_records(db: sa.orm.Session, column: str, value: str) -> None:
    """Remove our own records of the submissions that are about to be removed."""
    if not sa.inspect(db.connection()).has_table(RECORDS.name):
        return
    ids = sa.select(HANDED.c.id).where(HANDED.c[column] == value)
    db.execute(RECORDS.delete().where(RECORDS.c.submission_id.in_(ids)))


def _delete(db: sa.orm.Session, table: sa.Table, this: sa.ColumnElement[bool]) -> None:
    if sa.inspect(db.connection()).has_table(table.name):
        db.execute(table.delete().where(this))
