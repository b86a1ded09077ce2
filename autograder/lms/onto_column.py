"""Filling in a column that already exists in a platform's gradebook.

The platform's export is read, and written again with the columns that identify a student and that
one column, so importing it changes nothing else. The forms of a column's name:

- Canvas: `<title> (<number>)`, with the maximum in the row `Points Possible`;
- Blackboard: `<title> [Total Pts: <maximum> Score] |<number>`;
- Brightspace: `<title> Points Grade <Numeric MaxPoints:<maximum> ...>`, and a last column
  `End-of-Line Indicator` with `#` in each row;
- Moodle's gradebook export: `<kind>: <title> (Real)`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.gradebook.class_marks import ClassMarks
from autograder.gradebook.people import Person, alike_key
from autograder.lms.columns import roles_of
from autograder.lms.export import Unsure, factor, points
from autograder.lms.roster import is_about_columns
from autograder.lms.tables import Cell, TableError, delimiter_of, read_table, table_of, table_text

_DECORATION = re.compile(
    r"\s*(?:\(\d+\)|\[Total Pts:.*|Points Grade <.*|\((?:Real|Letter|Percentage)\))$"
)
_MAXIMUM = re.compile(r"(?:Total Pts:|MaxPoints:)\s*(\d+(?:[.,]\d+)?)")
_IDENTITY = ("student", "id", "sisuserid", "sisloginid", "section", "orgdefinedid")
END = "End-of-Line Indicator"


@dataclass(frozen=True, slots=True)
class Filled:
    """The table to import, the ids that were filled in, and those who have no row."""

    text: str
    filled: tuple[str, ...]
    without_row: tuple[str, ...]


def title_of(column: str) -> str:
    """Return a column's title as the platform shows it.

    >>> title_of("Padding (90210)"), title_of("Lab 1 [Total Pts: 10 Score] |664617")
    ('Padding', 'Lab 1')
    """
    kind, colon, rest = column.partition(":")
    plain = rest.strip() if colon and column.endswith(")") and "(Real" in column else column
    del kind
    return _DECORATION.sub("", plain.strip())


def the_column(header: Sequence[str], wanted: str) -> str:
    """Return the column with a name or title.

    Raises:
        TableError: when there is none, or several.
    """
    if wanted in header:
        return wanted
    fits = [name for name in header if alike_key(title_of(name)) == alike_key(wanted)]
    if len(fits) != 1:
        titles = ", ".join(dict.fromkeys(title_of(name) for name in header))
        found = f"{len(fits)} columns" if fits else "no column"
        raise TableError(f"{found} named {wanted!r}; give one with --column: {titles}")
    return fits[0]


def onto_column(
    path: Path,
    wanted: str,
    class_marks: ClassMarks,
    scale: bool = False,
    unsure: Unsure = frozenset(),
) -> Filled:
    """Return a platform's gradebook with the totals in one of its columns.

    Raises:
        TableError: when there is no such column, its maximum differs, or no row belongs to a
            student.
    """
    header, rows = read_table(path)
    column = the_column(header, wanted)
    students = [row for row in rows if not is_about_columns(row, header)]
    roles = roles_of(header, students)
    keep = [name for name in header if name in roles.values() or alike_key(name) in _IDENTITY]
    keep = [name for name in keep if name != column]
    about = next((r for r in rows if r[header[0]].strip() == "Points Possible"), None)
    most = _MAXIMUM.search(column)
    maximum = about[column] if about else most[1] if most else ""
    times = factor(maximum or "", class_marks, scale)
    if about:  # as Canvas writes it, with the spaces that reading removed
        about = {**about, header[0]: "    Points Possible"}
    people = [student_marks.person for student_marks in class_marks.students]
    accounts = [n for role, n in roles.items() if role not in {"first", "last", "full", "section"}]
    out: list[list[Cell]] = [_row(about, keep, about[column], END in header)] if about else []
    owners = [owner_of(row, accounts, people) for row in students]
    values = _values(class_marks, times, unsure, canvas="Student" in header)
    for row, owner in zip(students, owners, strict=True):
        out.append(_row(row, keep, values.get(owner), END in header))
    filled = [owner for owner in owners if values.get(owner) is not None]
    with_marks = {s.person.id for s in class_marks.students if s.submitted and not s.excused}
    if with_marks and with_marks.isdisjoint(owners):
        raise TableError(
            f"none of the {len(students)} rows of {path} belongs to a student with marks; "
            "is it this course's gradebook?"
        )
    names = [*keep, column, *([END] if END in header else [])]
    text = table_text(names, out, delimiter_of(table_of(path)))
    return Filled(text, tuple(filled), tuple(sorted(with_marks - {*owners})))


def _values(
    class_marks: ClassMarks, times: float, unsure: Unsure, *, canvas: bool
) -> dict[str, Cell]:
    """Return what goes into the column, by student; None where there is nothing to say."""
    found: dict[str, Cell] = {}
    for student_marks in class_marks.students:
        total = points(student_marks, class_marks.questions, "assignment", unsure)
        found[student_marks.person.id] = None if total is None else total * times
        if student_marks.excused and canvas:
            found[student_marks.person.id] = "EX"  # Canvas's word for excused
    return found


def _row(row: Mapping[str, str], keep: Sequence[str], value: Cell, ends: bool) -> list[Cell]:
    return [*(row[name] for name in keep), value, *(["#"] if ends else [])]


def owner_of(row: Mapping[str, str], accounts: Sequence[str], people: Sequence[Person]) -> str:
    """Return the one student with a row's ids, numbers and addresses, or ""."""
    cells = {alike_key(row[name].lstrip("#")) for name in accounts if row.get(name, "").strip()}
    fits = [
        p.id
        for p in people
        if {alike_key(p.id), alike_key(p.email), alike_key(p.lms_user_id)} - {""} & cells
    ]
    return fits[0] if len(fits) == 1 else ""
