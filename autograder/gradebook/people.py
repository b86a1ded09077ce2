"""The students in nbgrader's gradebook: read, added and updated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from autograder.course.nbgrader_start import tools_on_path

FIELDS = ("first_name", "last_name", "email", "lms_user_id")
"""Columns of nbgrader's student table, besides the id."""


@dataclass(frozen=True, slots=True)
class Person:
    """One student of the course; a field that is not known is empty."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""
    extra_hours: float = 0.0

    @property
    def name(self) -> str:
        """The name to show: first and last, or the id where there is none."""
        return f"{self.first_name} {self.last_name}".strip() or self.id


@dataclass(frozen=True, slots=True)
class RosterChange:
    """What an import did: ids added, ids whose entry changed, ids that only the gradebook has."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    absent: tuple[str, ...]


def gradebook_people(db_url: str) -> tuple[Person, ...]:
    """Return the students in nbgrader's gradebook; none where there is no gradebook yet."""
    engine = sa.create_engine(db_url)
    try:
        if not is_there(db_url) or not sa.inspect(engine).has_table("student"):
            return ()
        query = "SELECT id, first_name, last_name, email, lms_user_id FROM student ORDER BY id"
        with engine.connect() as connection:
            rows = connection.execute(sa.text(query)).all()
        return tuple(
            Person(
                row.id,
                row.first_name or "",
                row.last_name or "",
                row.email or "",
                row.lms_user_id or "",
            )
            for row in rows
        )
    finally:
        engine.dispose()


def is_there(db_url: str) -> bool:
    """Tell whether a gradebook exists; opening a SQLite file that is not there would make it."""
    url = sa.make_url(db_url)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


def import_roster(db_url: str, people: Iterable[Person], course_id: str = "") -> RosterChange:
    """Add the people to nbgrader's gradebook, and update those whose entry differs, all or none.

    An empty field changes nothing. Nobody is removed: marks may hang on a student who has left.
    """
    from nbgrader.api import Gradebook, Student

    known = {person.id: person for person in gradebook_people(db_url)}
    added, changed, seen = [], [], set()
    with tools_on_path(), Gradebook(db_url, course_id) as gradebook:
        for person in people:
            seen.add(person.id)
            fields = filled_fields(person)
            if person.id not in known:
                gradebook.db.add(Student(id=person.id, **fields))
                added.append(person.id)
            elif fields.items() - filled_fields(known[person.id]).items():
                student = gradebook.find_student(person.id)
                for field, value in fields.items():
                    setattr(student, field, value)
                changed.append(person.id)
        gradebook.db.commit()
    return RosterChange(tuple(added), tuple(changed), tuple(sorted(known.keys() - seen)))


def filled_fields(person: Person) -> dict[str, str]:
    """Return the columns of nbgrader's student table that are known."""
    return {field: getattr(person, field) for field in FIELDS if getattr(person, field)}
