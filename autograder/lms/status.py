"""The state of an assignment or a student: what is done, what is left, what to do next."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from autograder.course.course import Course
from autograder.course.files import write_whole
from autograder.course.outcome import Left
from autograder.course.times import words_of
from autograder.gradebook.marksheet import Marksheet, NoMarksError, Sheet
from autograder.gradebook.people import Person
from autograder.gradebook.read_marks import marksheet_of
from autograder.lms.left import NOT_MARKED, all_left
from autograder.lms.versions import Store

MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Status:
    """An assignment's state: lines about each step, what is left, and the next step."""

    lines: tuple[str, ...]
    left: tuple[Left, ...]
    next: str


def status_of(course: Course, assignment: str) -> Status:
    """Return the state of an assignment."""
    released = sorted(course.released(assignment).glob("*.ipynb"))
    generate = f"generate {assignment}"
    if not released:
        return _status(["released: no"], [_step(assignment, "not released yet", generate)])
    lines = [f"released: {len(released)} notebooks"]
    try:
        sheet = marksheet_of(course, assignment)
    except NoMarksError:
        return _status(lines, [_step(assignment, "not in the gradebook yet", generate)])
    left = all_left(course, sheet)
    counts = _count(course, sheet, {thing.what for thing in left if thing.kind == NOT_MARKED})
    exported = exports(course, assignment)
    missing = names(counts.missing, "nothing from ")
    lines += [
        f"due: {when(sheet.due)}",
        f"handed in: {len(counts.handed)} of {counts.students}{missing}",
        f"late: {len(counts.late)}{names(counts.late)}",
        f"marked: {len(counts.marked)} of {len(counts.handed)}",
        *(f"{kind.lower()}: {count}" for kind, count in counted(left)),
        f"feedback made: {counts.pages} of {len(counts.marked)}",
        f"exported: {exported[-1].line if exported else 'no'}",
    ]
    lines += [f"excused: {', '.join(counts.excused)}"] if counts.excused else []
    return _status(
        lines, [*_first_steps(sheet, counts), *left, *_last_steps(sheet, counts, exported)]
    )


@dataclass(frozen=True, slots=True)
class _Counts:
    """Who is how far; the excused count nowhere else."""

    students: int
    missing: list[str]
    handed: list[str]
    marked: list[str]
    late: list[str]
    excused: list[str]
    pages: int


def _count(course: Course, sheet: Marksheet, not_marked: set[str]) -> _Counts:
    assignment = sheet.assignment
    folders = {f.student for f in course.handed_in(assignment)}
    class_ = [s for s in sheet.sheets if not s.excused]
    handed = [s.person.id for s in class_ if s.person.id in folders]
    marked = [id_ for id_ in handed if id_ not in not_marked]
    return _Counts(
        len(class_),
        [s.person.id for s in class_ if s.person.id not in folders],
        handed,
        marked,
        [s.person.id for s in class_ if s.submitted and s.seconds_late],
        [s.person.id for s in sheet.sheets if s.excused],
        sum(any(course.feedback(id_, assignment).glob("*.html")) for id_ in marked),
    )


def _first_steps(sheet: Marksheet, counts: _Counts) -> Iterator[Left]:
    """Yield what is to be done before anything can be marked."""
    if not sheet.sheets:
        yield _step(sheet.assignment, "no students yet", "roster FILE")
    elif not counts.handed:
        yield _step(
            sheet.assignment, "nothing handed in yet", f"collect {sheet.assignment} DOWNLOAD"
        )


def _last_steps(sheet: Marksheet, counts: _Counts, exported: list[Export]) -> Iterator[Left]:
    """Yield what is to be done with the marks."""
    name = sheet.assignment
    if counts.pages < len(counts.marked):
        missing = len(counts.marked) - counts.pages
        yield _step(name, f"{missing} students have no feedback pages yet", f"feedback {name}")
    do = f"export {name} --canvas FILE (or --moodle)"
    if counts.marked and not exported:
        yield _step(name, "no marks exported yet", do)
    elif exported and exported[-1].marks != digest_of(sheet):
        yield _step(name, "marks have changed since the last export", do)


def _step(assignment: str, why: str, command: str) -> Left:
    return Left("To do", assignment, why, f"autograder {command}")


def _status(lines: list[str], left: list[Left]) -> Status:
    return Status(tuple(lines), tuple(left), left[0].do if left else "nothing")


def counted(left: list[Left]) -> Iterator[tuple[str, int]]:
    """Count what is left by kind; the three most important kinds are given with 0 too."""
    kinds = dict.fromkeys(["To be looked at", "To be marked by hand", "Marked for another text"], 0)
    for thing in left:
        if thing.kind != NOT_MARKED:
            kinds[thing.kind] = kinds.get(thing.kind, 0) + 1
    yield from kinds.items()


def when(time: datetime | None) -> str:
    """Return a time of the gradebook in this machine's time zone, with its name."""
    if time is None:
        return "no due date (autograder due)"
    return f"{time.replace(tzinfo=UTC).astimezone():%Y-%m-%d %H:%M %Z}"


def names(ids: list[str], lead: str = "") -> str:
    """Return a few ids in brackets."""
    if not ids:
        return ""
    more = f" and {len(ids) - MOST_NAMES} more" if len(ids) > MOST_NAMES else ""
    return f" ({lead}{', '.join(ids[:MOST_NAMES])}{more})"


@dataclass(frozen=True, slots=True)
class Export:
    """One export: when and into which files, and a digest of the marks as they were."""

    line: str
    marks: str


def exports_file(course: Course, assignment: str) -> Path:
    """Return the file in which the exports of an assignment are recorded."""
    return course.root / "collected" / assignment / "exports.json"


def exports(course: Course, assignment: str) -> list[Export]:
    """Return the exports of an assignment, the last one last."""
    path = exports_file(course, assignment)
    return [Export(**kept) for kept in json.loads(path.read_bytes())] if path.is_file() else []


def note_export(course: Course, marksheet: Marksheet, files: list[Path]) -> None:
    """Record that marks were exported."""
    now = f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}"
    line = f"{now}, {', '.join(path.name for path in files)}"
    kept = [*exports(course, marksheet.assignment), Export(line, digest_of(marksheet))]
    data = json.dumps([asdict(each) for each in kept], ensure_ascii=False).encode()
    write_whole(exports_file(course, marksheet.assignment), data, 0o644)


def digest_of(marksheet: Marksheet) -> str:
    """Return a digest of everyone's marks: have they changed?"""
    marks = [
        (s.person.id, s.excused, s.penalty, sorted((key, m.points) for key, m in s.marks.items()))
        for s in marksheet.sheets
    ]
    return hashlib.sha256(repr(marks).encode()).hexdigest()[:16]


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
