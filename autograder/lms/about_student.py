"""Everything about one student: the roster's data, and each assignment's versions and marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from autograder.course.course import Course
from autograder.course.outcome import Left
from autograder.course.times import words_of
from autograder.gradebook.marksheet import Marksheet, NoMarksError, Sheet
from autograder.gradebook.people import Person
from autograder.gradebook.read_marks import marksheet_of
from autograder.lms.left import all_left
from autograder.lms.versions import Store


def when(time: datetime | None) -> str:
    """Return a time of the gradebook in this machine's time zone, with its name."""
    if time is None:
        return "no due date (autograder due)"
    return f"{time.replace(tzinfo=UTC).astimezone():%Y-%m-%d %H:%M %Z}"


def sheets_of(course: Course, student: str, assignments: Iterable[str]) -> Iterator[OwnSheet]:
    """Yield one student's sheet in each assignment that is in the gradebook."""
    for assignment in assignments:
        try:
            marksheet = marksheet_of(course, assignment)
        except NoMarksError:
            continue
        sheet = next(s for s in marksheet.sheets if s.person.id == student)
        yield OwnSheet(marksheet, sheet, tuple(all_left(course, marksheet, [student])))


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """One student's marks in one assignment, and what is left in them."""

    marksheet: Marksheet
    sheet: Sheet
    left: tuple[Left, ...]

    @property
    def facts(self) -> dict[str, Any]:
        """What `student --json` gives of an assignment."""
        sheet = self.sheet
        return {
            "handed_in": sheet.timestamp and f"{sheet.timestamp:%Y-%m-%d %H:%M:%S} UTC",
            "marked": sheet.submitted,
            "excused": sheet.excused,
            "extension_hours": sheet.extension.total_seconds() / 3600,
            "hours_late": sheet.seconds_late / 3600,
            "late": sheet.penalty,
            "marks": {
                f"{n}/{cell}": mark.points for (n, cell), mark in sorted(sheet.marks.items())
            },
            "total": sheet.total(self.marksheet.questions) if sheet.submitted else None,
            "possible": self.marksheet.possible,
        }


def who(person: Person) -> list[str]:
    """Return the roster's data."""
    facts = {
        "e-mail": person.email,
        "number on the platform": person.lms_user_id,
        "section": person.section,
        "group": person.group,
        "extra time": words_of(timedelta(hours=person.extra_hours)) if person.extra_hours else "",
    }
    return [f"{person.id}: {person.name}", *(f"{k}: {v}" for k, v in facts.items() if v)]


def about(course: Course, own: OwnSheet) -> Iterator[str]:
    """Yield what is known of a student in one assignment."""
    assignment, sheet = own.marksheet.assignment, own.sheet
    if sheet.excused:
        yield "excused"
    if sheet.extension:
        yield f"extension: {words_of(sheet.extension)}"
    history = Store(course.root / "collected" / assignment).history(sheet.person.id)
    for version in history.versions:
        state = "undone" if version.undone else version.problem
        counts = history.placed.get(version.notebook) == version.digest
        state = state or ("counts" if counts else "kept")
        time = f"handed in {version.time:%Y-%m-%d %H:%M} UTC, " if version.time else ""
        late = "late by the platform, " if version.late else ""
        yield f"{version.notebook}: {late}{time}from {version.source}: {state}"
    if not sheet.submitted:
        yield "not marked"
        return
    yield f"handed in: {when(sheet.timestamp) if sheet.timestamp else 'at an unknown time'}"
    if sheet.seconds_late:
        late = words_of(timedelta(seconds=sheet.seconds_late))
        yield f"late: {late}, which costs {sheet.penalty:g}"
    for (notebook, cell), mark in sorted(sheet.marks.items()):
        points = "no mark yet" if mark.points is None else f"{mark.points:g}"
        note = ", by hand" if mark.manual else ""
        yield f"{notebook}/{cell}: {points}{note}"
    yield f"total: {sheet.total(own.marksheet.questions):g} of {own.marksheet.possible:g}"
