"""The students in nbgrader's gradebook: read, added and updated.

nbgrader's table has names, e-mail address and the platform's number. A table of our own has what
else a roster says (section, group, extra time). Another has the ids that were removed from the
course, so that a folder that is left does not add them again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from autograder.gradebook.database import connected
from autograder.gradebook.new_tables import make_tables

FIELDS = ("first_name", "last_name", "email", "lms_user_id")
"""Columns of nbgrader's student table, besides the id."""


@dataclass(frozen=True, slots=True)
class Person:
    """One student of the course; a field that is not known is empty, `extra_hours` None."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""
    extra_hours: float | None = None
    section: str = ""
    group: str = ""

    @property
    def name(self) -> str:
        """The name to show: first and last, or the id where there is none."""
        return f"{self.first_name} {self.last_name}".strip() or self.id


MORE = sa.Table(
    "autograder_student",
    sa.MetaData(),
    # No foreign key: nbgrader deletes students without knowing this table.
    sa.Column("student_id", sa.String(128), primary_key=True),
    sa.Column("section", sa.Text, nullable=False, default=""),
    sa.Column("team", sa.Text, nullable=False, default=""),
    sa.Column("extra_hours", sa.Float),
    sa.Column("removed", sa.Boolean, nullable=False, default=False),
)
"""What a roster says about a student for which nbgrader has no column."""


@dataclass(frozen=True, slots=True)
class RosterChange:
    """The result of an import: ids added, ids changed, ids that are only in the gradebook."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    absent: tuple[str, ...]


def gradebook_people(db_url: str) -> tuple[Person, ...]:
    """Return the students in nbgrader's gradebook; none where there is no gradebook yet."""
    if not is_there(db_url):
        return ()
    with connected(db_url) as db:
        if not sa.inspect(db).has_table("student"):
            return ()
        query = "SELECT id, first_name, last_name, email, lms_user_id FROM student ORDER BY id"
        rows = db.execute(sa.text(query)).all()
        more = _more(db)
    return tuple(
        Person(
            row.id,
            row.first_name or "",
            row.last_name or "",
            row.email or "",
            row.lms_user_id or "",
            *more.get(row.id, ()),
        )
        for row in rows
    )


def _more(db: sa.Connection) -> dict[str, tuple[float | None, str, str]]:
    """Read extra hours, section and group, by student, where they are known."""
    if not sa.inspect(db).has_table(MORE.name):
        return {}
    rows = db.execute(MORE.select().where(MORE.c.removed.is_(False)))
    return {row.student_id: (row.extra_hours, row.section, row.team) for row in rows}


def removed_people(db_url: str) -> frozenset[str]:
    """Return the ids that were removed from the course and not added again."""
    if not is_there(db_url):
        return frozenset()
    with connected(db_url) as db:
        if not sa.inspect(db).has_table(MORE.name):
            return frozenset()
        rows = db.execute(sa.select(MORE.c.student_id).where(MORE.c.removed.is_(True)))
        return frozenset(row.student_id for row in rows)


def alike_key(id_: str) -> str:
    r"""Return an id or a name for comparing: NFKC, without upper case, without spaces at the ends.

    Characters that show nothing are left out: marks of the writing direction, and the joiners of
    Persian and Hindi names, which some programs drop.

    >>> alike_key(" ADA") == alike_key("ada")
    True
    >>> alike_key("\u0639\u0644\u06cc\u200c\u0631") == alike_key("\u0639\u0644\u06cc\u0631")
    True
    """
    plain = unicodedata.normalize("NFKC", id_).casefold()
    shown = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFC", shown).strip()


def is_there(db_url: str) -> bool:
    """Return whether a gradebook exists; opening a missing SQLite file would create it."""
    url = sa.make_url(db_url)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


def import_roster(db_url: str, people: Iterable[Person], course_id: str = "") -> RosterChange:
    """Add students to nbgrader's gradebook and update those that differ, in one transaction.

    An empty field changes nothing. Nobody is removed: a student who has left may have marks.
    """
    from nbgrader.api import Gradebook, Student

    known = {person.id: person for person in gradebook_people(db_url)}
    added, changed, seen = [], [], set()
    make_tables(db_url)
    with Gradebook(db_url, course_id) as gradebook:
        MORE.create(gradebook.engine, checkfirst=True)
        for person in people:
            seen.add(person.id)
            fields = filled_fields(person)
            more = _keep_more(gradebook.db, person, known.get(person.id))
            if person.id not in known:
                gradebook.db.add(Student(id=person.id, **fields))
                added.append(person.id)
            elif more or fields.items() - filled_fields(known[person.id]).items():
                student = gradebook.find_student(person.id)
                for field, value in fields.items():
                    setattr(student, field, value)
                changed.append(person.id)
        gradebook.db.commit()
    return RosterChange(tuple(added), tuple(changed), tuple(sorted(known.keys() - seen)))


def _keep_more(db: Any, person: Person, before: Person | None) -> bool:
    """Store what nbgrader has no column for; return whether it changed. Empty fields are ignored.

    A student who had been removed is on the course again.
    """
    old = before or Person(person.id)
    hours = old.extra_hours if person.extra_hours is None else person.extra_hours
    new = (hours, person.section or old.section, person.group or old.group)
    row = dict(zip(("extra_hours", "section", "team"), new, strict=True)) | {"removed": False}
    this = MORE.c.student_id == person.id
    if db.execute(MORE.select().where(this)).first() is None:
        db.execute(MORE.insert().values(student_id=person.id, **row))
    else:
        db.execute(MORE.update().where(this).values(**row))
    return new != (old.extra_hours, old.section, old.group)


def filled_fields(person: Person) -> dict[str, str]:
    """Return the columns of nbgrader's student table that are known."""
    return {field: getattr(person, field) for field in FIELDS if getattr(person, field)}
