"""One screen about an assignment or a student: what is done, what is left, what to do next."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from autograder.course.course import Course
from autograder.course.files import write_whole
from autograder.course.outcome import Left
from autograder.course.times import words_of
from autograder.gradebook.left import left_in, left_of
from autograder.gradebook.marksheet import Marksheet, NoMarksError, Sheet, marksheet_of
from autograder.lms.collecting import lateness_open
from autograder.lms.versions import Store

MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Status:
    """An assignment's state: a line each, what is left, and the next step."""

    lines: tuple[str, ...]
    left: tuple[Left, ...]
    next: str


def status_of(course: Course, assignment: str) -> Status:
    """Return the state of an assignment."""
    released = sorted(course.released(assignment).glob("*.ipynb"))
    if not released:
        return Status(("released: no",), (), f"autograder generate {assignment}")
    lines = [f"released: {len(released)} notebooks"]
    try:
        sheet = marksheet_of(course, assignment)
    except NoMarksError:
        return Status(tuple(lines), (), f"autograder generate {assignment}")
    class_ = [s for s in sheet.sheets if not s.excused]
    folders = {f.student for f in course.handed_in(assignment)}
    handed = [s for s in class_ if s.person.id in folders]
    marked = [s for s in handed if s.submitted]
    missing = [s.person.id for s in class_ if s.person.id not in folders]
    left = [*left_in(sheet), *lateness_open(course, assignment, sheet)]
    pages = [s for s in marked if any(course.feedback(s.person.id, assignment).glob("*.html"))]
    late = [s for s in marked if s.seconds_late]
    excused = [s.person.id for s in sheet.sheets if s.excused]
    exported = exports(course, assignment)
    lines += [
        f"due: {when(sheet.due)}",
        f"handed in: {len(handed)} of {len(class_)}{names(missing, 'nothing from ')}",
        f"late: {len(late)}{names([s.person.id for s in late])}",
        f"marked: {len(marked)} of {len(handed)}",
        *(f"{kind.lower()}: {count}" for kind, count in counted(left)),
        f"feedback made: {len(pages)} of {len(marked)}",
        f"exported: {exported[-1] if exported else 'no'}",
    ]
    lines += [f"excused: {', '.join(excused)}"] if excused else []
    step = next_step(assignment, sheet, [len(handed), len(marked), len(pages), len(exported)], left)
    return Status(tuple(lines), tuple(left), step)


def counted(left: list[Left]) -> Iterator[tuple[str, int]]:
    """Count what is left by kind; the kinds that everybody looks for are there with 0 too."""
    kinds = dict.fromkeys(["To be looked at", "To be marked by hand", "Marked for another text"], 0)
    for thing in left:
        kinds[thing.kind] = kinds.get(thing.kind, 0) + 1
    yield from kinds.items()


def next_step(assignment: str, sheet: Marksheet, done: list[int], left: list[Left]) -> str:
    """Return what to do next; `done` counts handed in, marked, feedback pages and exports."""
    handed, marked, pages, exported = done
    if not sheet.sheets:
        return "autograder roster FILE"
    if not handed:
        return f"autograder collect {assignment} DOWNLOAD"
    if marked < handed:
        return f"autograder grade {assignment}"
    if left:
        return left[0].do
    if pages < marked:
        return f"autograder feedback {assignment}"
    return "nothing" if exported else f"autograder export {assignment} --canvas FILE (or --moodle)"


def when(time: datetime | None) -> str:
    """Return a time of the gradebook's in the zone of this machine, named."""
    if time is None:
        return "no due date (autograder due)"
    return f"{time.replace(tzinfo=UTC).astimezone():%Y-%m-%d %H:%M %Z}"


def names(ids: list[str], lead: str = "") -> str:
    """Return a few ids in brackets."""
    if not ids:
        return ""
    more = f" and {len(ids) - MOST_NAMES} more" if len(ids) > MOST_NAMES else ""
    return f" ({lead}{', '.join(ids[:MOST_NAMES])}{more})"


def exports_file(course: Course, assignment: str) -> Path:
    """Where the exports of an assignment are noted."""
    return course.root / "collected" / assignment / "exports.json"


def exports(course: Course, assignment: str) -> list[str]:
    """Return the exports of an assignment in words, the last one last."""
    path = exports_file(course, assignment)
    kept: list[str] = json.loads(path.read_bytes()) if path.is_file() else []
    return kept


def note_export(course: Course, assignment: str, files: list[Path]) -> None:
    """Note that marks were exported."""
    now = f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}"
    line = f"{now}, {', '.join(path.name for path in files)}"
    data = json.dumps([*exports(course, assignment), line], ensure_ascii=False).encode()
    write_whole(exports_file(course, assignment), data, 0o644)


def student_lines(course: Course, student: str, assignments: list[str]) -> list[str]:
    """Return everything about one student: who she is, and each assignment."""
    lines: list[str] = []
    for assignment in assignments:
        try:
            sheet = next(
                s for s in marksheet_of(course, assignment).sheets if s.person.id == student
            )
        except NoMarksError:
            continue
        if not lines:
            lines += who(sheet)
        lines += [f"{assignment}:", *(f"  {line}" for line in about(course, assignment, sheet))]
    return lines


def who(sheet: Sheet) -> list[str]:
    """Return what the roster says."""
    person = sheet.person
    facts = {
        "e-mail": person.email,
        "number on the platform": person.lms_user_id,
        "section": person.section,
        "group": person.group,
        "extra time": words_of(timedelta(hours=person.extra_hours)) if person.extra_hours else "",
    }
    return [f"{person.id}: {person.name}", *(f"{k}: {v}" for k, v in facts.items() if v)]


def about(course: Course, assignment: str, sheet: Sheet) -> Iterator[str]:
    """Yield what is known of a student in one assignment."""
    if sheet.excused:
        yield "excused"
    if sheet.extension:
        yield f"extension: {words_of(sheet.extension)}"
    history = Store(course.root / "collected" / assignment).history(sheet.person.id)
    for version in history.versions:
        state = "taken back" if version.undone else version.problem
        counts = history.placed.get(version.notebook) == version.digest
        state = state or ("counts" if counts else "kept")
        time = f"handed in {version.time:%Y-%m-%d %H:%M} UTC, " if version.time else ""
        late = "called late, " if version.late else ""
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
    yield from (thing.line for thing in left_of(sheet))
