"""Moodle's grading worksheet of one assignment: the student of each row, and the times.

Its participant numbers are valid for that assignment only, so a row is matched by an id, an e-mail
address, or a name that only one student has. Column names are in the language of the person who
downloaded it: columns are found by name, or else by their cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from autograder.course.times import read_time
from autograder.gradebook.people import Person
from autograder.gradebook.people import alike_key as key
from autograder.lms.columns import Role, Row, number_in, participant, plain, roles_of
from autograder.lms.identify import words
from autograder.lms.tables import TableError, delimiter_of, read_table, table_of

# As plain() writes them: en, de, fr, es, it, pt, nl, nb.
GRADE = "grade bewertung note calificacion valutazione nota cijfer karakter"
MAXIMUM = (
    "maximumgrade bestwertung notemaximale calificacionmaxima valutazionemassima notamaxima "
    "maximumcijfer maksimumskarakter"
)
MODIFIED = (
    "lastmodifiedsubmission zuletztgeandertabgabe dernieremodificationtravailremis "
    "ultimamodificacionentrega ultimamodificaconsegna ultimamodificacaosubmissao "
    "laatstgewijzigdinzending sistendretinnlevering"
)
COMMENTS = "feedbackcomments feedbackalskommentar feedbackparcommentaires"


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A grading worksheet: its rows, its columns, and the student of each row.

    `owners` has a student's id for each row, or "".
    """

    path: Path
    header: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    roles: Mapping[Role, str]
    owners: tuple[str, ...]
    delimiter: str

    def column(self, names: str) -> str:
        """Return the column with one of these plain names, or ""."""
        wanted = names.split()
        return next((name for name in self.header if plain(name) in wanted), "")

    @property
    def maximum(self) -> str:
        """The column of the maximum grade: by name, or else one with one number in all rows."""
        if named := self.column(MAXIMUM):
            return named
        for name in self.header[1:]:
            cells = {row[name] for row in self.rows}
            if len(cells) == 1 and number_in(next(iter(cells))) and len(self.rows) > 1:
                return name
        return ""

    @property
    def grade(self) -> str:
        """The column of the grade: by name, or the one before the maximum."""
        named, maximum = self.column(GRADE), self.maximum
        return named or (self.header[self.header.index(maximum) - 1] if maximum else "")

    @property
    def numbers(self) -> dict[str, str]:
        """The students by this assignment's participant numbers."""
        column = self.roles["participant"]
        pairs = zip(self.rows, self.owners, strict=True)
        return {participant(row[column]): owner for row, owner in pairs if owner}

    @property
    def strangers(self) -> list[str]:
        """The rows without a student, as text."""
        shown = [self.roles.get(role, "") for role in ("full", "email", "participant")]
        pairs = zip(self.rows, self.owners, strict=True)
        return [
            " ".join(row[c] for c in shown if c and row[c]) for row, owner in pairs if not owner
        ]

    def times(self, zone: tzinfo) -> dict[str, datetime]:
        """Return when each student handed in, in UTC; the worksheet has the site's time.

        Raises:
            TableError: when there is no such column, or a time in it cannot be read.
        """
        column = self.column(MODIFIED) or self._first_times(zone)
        if not column:
            raise TableError(
                f"{self.path} has no column of times; its columns are {', '.join(self.header)}"
            )
        pairs = zip(self.rows, self.owners, strict=True)
        cells = {owner: row[column] for row, owner in pairs if owner}
        return {
            owner: self._time(cell, zone) for owner, cell in cells.items() if cell not in {"", "-"}
        }

    def _first_times(self, zone: tzinfo) -> str:
        """Return the first column of times: that of handing in comes before that of grading."""
        for name in self.header:
            cells = [row[name] for row in self.rows if row[name] not in {"", "-"}]
            if cells and all(_is_time(cell, zone) for cell in cells):
                return name
        return ""

    def _time(self, cell: str, zone: tzinfo) -> datetime:
        try:
            return read_time(cell, zone)
        except ValueError as error:
            do = "download the worksheet with Moodle in English"
            raise TableError(f"{self.path}: {error}; {do}") from error


def _is_time(cell: str, zone: tzinfo) -> bool:
    try:
        read_time(cell, zone)
    except ValueError:
        return False
    return True


def read_worksheet(path: Path, people: Sequence[Person]) -> Worksheet:
    """Read a grading worksheet and match its rows to the course's students.

    Raises:
        TableError: when it is no such worksheet, or none of its rows belongs to a student.
    """
    header, rows = read_table(path)
    roles = roles_of(header, rows)
    if "participant" not in roles:
        raise TableError(
            f"{path} is not a grading worksheet of Moodle: no column has participants "
            "(View all submissions, Download grading worksheet)"
        )
    owners = tuple(_owner(row, roles, people) for row in rows)
    if rows and not any(owners):
        raise TableError(
            f"none of the {len(rows)} rows of {path} belongs to a student of the course, by id, "
            "e-mail address or name; if it is this course's, import the roster: "
            f"`autograder roster {path.name}`"
        )
    if len(set(filter(None, owners))) < len([o for o in owners if o]):
        raise TableError(
            f"two rows of {path} belong to the same student; correct the roster's e-mail addresses"
        )
    delimiter = delimiter_of(table_of(path))
    return Worksheet(path, tuple(header), tuple(rows), roles, owners, delimiter)


def _owner(row: Row, roles: Mapping[Role, str], people: Sequence[Person]) -> str:
    """Return the id of the one student whose row it is, or ""."""

    def cell(role: Role) -> str:
        return key(row.get(roles.get(role, ""), ""))

    accounts = {cell(role) for role in ("login", "number", "email")} - {""}
    name = words(cell("full") or f"{cell('first')} {cell('last')}")
    number = participant(row.get(roles["participant"], ""))
    for fits in (
        [p.id for p in people if {key(p.id), key(p.email)} & accounts],
        [p.id for p in people if name and words(p.name) == name],
        [p.id for p in people if number and not name and p.lms_user_id == number],
    ):
        if len(fits) == 1:
            return fits[0]
    return ""
