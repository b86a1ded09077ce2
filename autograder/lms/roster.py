"""Who takes the course: a roster as a CSV file.

Three kinds of file are told apart by their columns:

- nbgrader's own names, as `nbgrader db student import` reads them: `id` and any of `first_name`,
  `last_name`, `email`, `lms_user_id`; and `extra_hours`, which the late penalty reads;
- Canvas's gradebook export: `Student`, `ID`, perhaps `SIS User ID` and `SIS Login ID`, `Section`;
- Moodle's grading worksheet (`Identifier`, `Full name`, `Email address`) or list of participants.

A student's `id` names her folder. `lms_user_id` is the number that the platform puts in the names
of downloaded files: Canvas's `ID`, Moodle's participant number.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from autograder.gradebook.people import FIELDS, Person
from autograder.lms.tables import TableError, first_filled, read_table

SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,126}")
PARTICIPANT = re.compile(r"(?:\D*\s)?(\d+)")
CANVAS_IDS = ("SIS Login ID", "SIS User ID", "ID")
MOODLE_IDS = ("Username", "ID number", "Email address")


def is_safe_id(student: str) -> bool:
    """Tell whether an id can name a folder anywhere: letters, digits and . _ @ - only.

    >>> is_safe_id("ada.okafor@example.org"), is_safe_id("../ada"), is_safe_id("ada+cs")
    (True, False, False)
    """
    return SAFE_ID.fullmatch(student) is not None and not student.endswith(".")


def read_roster(path: Path, id_column: str = "") -> tuple[Person, ...]:
    """Return the people in a roster file; `id_column` says which column holds the id.

    Raises:
        TableError: when the kind is not known, an id cannot name a folder, or two rows share one.
    """
    header, rows = read_table(path)
    if id_column and id_column not in header:
        raise TableError(f"{path} has no column {id_column!r}; it has {', '.join(header)}")
    person = person_reader(path, header, id_column)
    people = tuple(person(row) for row in rows if not is_not_a_student(row))
    if faults := list(faults_of(people)):
        raise TableError("\n  ".join([f"{path} was not imported:", *faults]))
    return people


def is_not_a_student(row: dict[str, str]) -> bool:
    """Tell Canvas's rows about columns, and its test student, from students."""
    if "Student" not in row:
        return False
    return row["Student"] in {"", "Points Possible", "Student, Test"} or not row.get("ID")


def person_reader(
    path: Path, header: list[str], id_column: str
) -> Callable[[dict[str, str]], Person]:
    """Return what makes a person of a row, by the columns that there are."""
    names = set(header)
    if "id" in names:
        return lambda row: own_person(path, row, id_column or "id")
    if {"Student", "ID", "Section"} <= names:
        return lambda row: canvas_person(row, [id_column] if id_column else CANVAS_IDS)
    if {"Identifier", "Email address"} <= names or {"First name", "Email address"} <= names:
        return lambda row: moodle_person(row, [id_column] if id_column else MOODLE_IDS)
    raise TableError(
        f"{path} has the columns {', '.join(header)}; a roster has an `id` column "
        "(and first_name, last_name, email, lms_user_id, extra_hours), or is what Canvas's "
        "gradebook or Moodle's assignment exports"
    )


def own_person(path: Path, row: dict[str, str], id_column: str) -> Person:
    """Return the person in a row under nbgrader's names."""
    hours = row.get("extra_hours") or "0"
    try:
        extra = float(hours)
    except ValueError:
        extra = math.nan
    if not 0 <= extra < math.inf:
        whose = f"extra_hours of {row[id_column]}"
        raise TableError(f"{path}: {whose} is {hours!r}; give a number of hours")
    first, last, email, number = (row.get(field, "") for field in FIELDS)
    return Person(row[id_column], first, last, email, number, extra)


def canvas_person(row: dict[str, str], ids: Iterable[str]) -> Person:
    """Return the person in a row of Canvas's gradebook: "Last, First" and Canvas's number."""
    last, _, first = row["Student"].partition(",")
    login = row.get("SIS Login ID", "")
    email = login if "@" in login else ""
    return Person(first_filled(row, ids), first.strip(), last.strip(), email, row["ID"])


def moodle_person(row: dict[str, str], ids: Iterable[str]) -> Person:
    """Return the person in a row of Moodle's; a full name is parted at its last space."""
    first, _, last = row.get("Full name", "").rpartition(" ")
    first, last = row.get("First name", first), row.get("Last name", last)
    number = PARTICIPANT.fullmatch(row.get("Identifier", ""))
    email = row.get("Email address", "")
    return Person(first_filled(row, ids), first, last, email, number[1] if number else "")


def faults_of(people: Iterable[Person]) -> Iterable[str]:
    """Say in words what would make a roster ambiguous or unsafe."""
    everyone = list(people)
    for person in everyone:
        if not is_safe_id(person.id):
            yield (
                f"{person.id!r} ({person.name}) cannot name a folder: use letters, digits and "
                ". _ @ - only, or give another column with --id-column"
            )
    # Two ids that differ in case only are one folder on macOS and Windows.
    for folder, count in Counter(person.id.casefold() for person in everyone).items():
        if count > 1:
            yield f"the id {folder!r} stands in {count} rows"
    for number, count in Counter(p.lms_user_id for p in everyone if p.lms_user_id).items():
        if count > 1:
            yield f"the platform's number {number} stands in {count} rows"
