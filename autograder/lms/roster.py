"""Reading a roster, the list of a course's students, from any platform or spreadsheet.

`columns.py` recognises the columns: nbgrader's own names (`id`, `first_name`,
`last_name`, `email`, `lms_user_id`, and `extra_hours`, `section`, `group`); Canvas's gradebook;
Moodle's list of participants or grading worksheet, in any language; Blackboard's, Brightspace's and
Google Classroom's gradebooks.

A student's `id` names her folder. `lms_user_id` is the number that the platform puts in the names
of downloaded files: Canvas's `ID`, Moodle's participant number. Rows that cannot be used are
left out and listed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.gradebook.people import Person
from autograder.gradebook.people import alike_key as key
from autograder.lms.columns import Role, Row, number_in, participant, roles_of
from autograder.lms.tables import TableError, read_table

SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,126}")
IDS: tuple[Role, ...] = ("id", "login", "sis", "number", "org", "email", "canvas")
"""The columns that may hold a student's id, the best first."""
ABOUT_COLUMNS = {"points possible", "student, test", "points", "date", "class average"}
"""What is in the name's column of rows that describe columns (Canvas, Google Classroom)."""


@dataclass(frozen=True, slots=True)
class Roster:
    """The students in a roster, and a line for each row, or cell, that was left out."""

    people: tuple[Person, ...]
    left_out: tuple[str, ...] = ()


def is_safe_id(student: str) -> bool:
    """Return whether an id can be a folder's name everywhere: letters, digits and . _ @ - only.

    >>> is_safe_id("ada.okafor@example.org"), is_safe_id("../ada"), is_safe_id("ada+cs")
    (True, False, False)
    """
    return SAFE_ID.fullmatch(student) is not None and not student.endswith(".")


def read_roster(path: Path, id_column: str = "") -> Roster:
    """Return the students in a roster file; `id_column` is the column that holds the id.

    Raises:
        TableError: when the file is not a table, or no column is known to hold an id.
    """
    header, rows = read_table(path)
    if id_column and id_column not in header:
        raise TableError(f"{path} has no column {id_column!r}; its columns are {', '.join(header)}")
    rows = [row for row in rows if not is_about_columns(row, header)]
    roles = roles_of(header, rows)
    ids = [id_column] if id_column else [roles[role] for role in IDS if role in roles]
    if not ids:
        raise TableError(
            f"{path} has the columns {', '.join(header)}. None of them is known to identify a "
            "student; give one with --id-column"
        )
    people: list[Person] = []
    left_out: list[str] = []
    for line, row in enumerate(rows, start=2):
        person = person_in(row, roles, ids)
        if fault := _fault(person, row, roles):
            left_out.append(f"row {line}: {fault}")
        else:
            people.append(person)
    people, doubled = _without_doubles(people)
    return Roster(tuple(people), (*left_out, *doubled))


def is_about_columns(row: Row, header: Sequence[str]) -> bool:
    """Return whether a row describes columns, or is Canvas's test student."""
    first = row[header[0]].strip().lower()
    if first in ABOUT_COLUMNS:
        return True
    return "Student" in row and "ID" in row and (not first or not row["ID"])


def person_in(row: Row, roles: dict[Role, str], ids: Sequence[str]) -> Person:
    """Return the student in a row; the id is the first of `ids` that can be a folder's name."""

    def cell(role: Role) -> str:
        return row.get(roles.get(role, ""), "").strip()

    candidates = [row[name].strip().lstrip("#") for name in ids if row.get(name, "").strip()]
    id_ = next((c for c in candidates if is_safe_id(c)), candidates[0] if candidates else "")
    first, last = _names(cell("first"), cell("last"), cell("full"), row.get("Student", ""))
    email = cell("email") or next((c for c in candidates if "@" in c), "")
    number = row.get("lms_user_id", "") or (cell("canvas") if "canvas" in roles else "")
    if "participant" in roles:
        number = number or participant(cell("participant"))
    hours = number_in(cell("hours")) if cell("hours") else None
    return Person(id_, first, last, email, number, hours, cell("section"), cell("group"))


def _names(first: str, last: str, full: str, student: str) -> tuple[str, str]:
    """Return first and last name; a full name is split at its comma, else at its last space."""
    if first or last:
        return first, last
    name = full or student
    if "," in name:
        last, _, first = name.partition(",")
    else:
        first, _, last = name.rpartition(" ")
    return first.strip(), last.strip()


def _fault(person: Person, row: Row, roles: dict[Role, str]) -> str:
    """Return why a row cannot be used, or ""."""
    hours = row.get(roles.get("hours", ""), "").strip()
    if not person.id:
        return f"{person.name or 'no name'} has no id"
    if not is_safe_id(person.id):
        return (
            f"{person.id!r} ({person.name}) cannot be a folder's name: use letters, digits and "
            ". _ @ - only, or give another column with --id-column"
        )
    if hours and (person.extra_hours is None or person.extra_hours < 0):
        return f"extra_hours of {person.id} is {hours!r}; give a number of hours"
    return ""


def _without_doubles(people: Iterable[Person]) -> tuple[list[Person], list[str]]:
    """Keep the first of two rows with one id; remove a number that two students share."""
    kept: dict[str, Person] = {}
    said: list[str] = []
    for person in people:
        first = kept.setdefault(key(person.id), person)
        if replace(first, section=person.section) != person:
            said.append(f"{person.id!r} has two rows; the first one was used, for {first.name}")
    numbers = Counter(p.lms_user_id for p in kept.values() if p.lms_user_id)
    shared = {number for number, count in numbers.items() if count > 1}
    said += [f"the platform's number {n} is in two rows; it was left out" for n in shared]
    people = [replace(p, lms_user_id="") if p.lms_user_id in shared else p for p in kept.values()]
    return people, said
