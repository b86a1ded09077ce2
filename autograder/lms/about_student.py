"""Everything about one student: the roster's data, and each assignment's versions and marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from autograder.course.course import Course
from autograder.course.outcome import Left
from autograder.course.times import words_of
from autograder.gradebook.class_marks import ClassMarks, NoMarksError, StudentMarks
from autograder.gradebook.people import Person
from autograder.gradebook.read_marks import class_marks_of
from autograder.lms.left import all_left
from autograder.lms.versions import Store


def when(time: datetime | None) -> str:
    """Return a time of the gradebook in this machine's time zone, with its name."""
    if time is None:
        return "no due date (autograder due)"
    return f"{time.replace(tzinfo=UTC).astimezone():%Y-%m-%d %H:%M %Z}"


def marks_in_each(course: Course, student: str, assignments: Iterable[str]) -> Iterator[OwnMarks]:
    """Yield one student's marks in each assignment that is in the gradebook."""
    for assignment in assignments:
        try:
            class_marks = class_marks_of(course, assignment)
        except NoMarksError:
            continue
        student_marks = next(s for s in class_marks.students if s.person.id == student)
        yield OwnMarks(class_marks, student_marks, tuple(all_left(course, class_marks, [student])))


@dataclass(frozen=True, slots=True)
class OwnMarks:
    """One student's marks in one assignment, and what is left in them."""

    class_marks: ClassMarks
    student_marks: StudentMarks
    left: tuple[Left, ...]

    @property
    def facts(self) -> dict[str, Any]:
        """What `student --json` gives of an assignment."""
        student_marks = self.student_marks
        return {
            "handed_in": student_marks.timestamp
            and f"{student_marks.timestamp:%Y-%m-%d %H:%M:%S} UTC",
            "marked": student_marks.submitted,
            "excused": student_marks.excused,
            "extension_hours": student_marks.extension.total_seconds() / 3600,
            "hours_late": student_marks.seconds_late / 3600,
            "late": student_marks.penalty,
            "marks": {
                f"{n}/{cell}": mark.points
                for (n, cell), mark in sorted(student_marks.marks.items())
            },
            "total": student_marks.total(self.class_marks.questions)
            if student_marks.submitted
            else None,
            "possible": self.class_marks.possible,
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


def about(course: Course, own: OwnMarks) -> Iterator[str]:
    """Yield what is known of a student in one assignment."""
    assignment, student_marks = own.class_marks.assignment, own.student_marks
    if student_marks.excused:
        yield "excused"
    if student_marks.extension:
        yield f"extension: {words_of(student_marks.extension)}"
    history = Store(course.root / "collected" / assignment).history(student_marks.person.id)
    for version in history.versions:
        state = "undone" if version.undone else version.problem
        counts = history.placed.get(version.notebook) == version.digest
        state = state or ("counts" if counts else "kept")
        time = f"handed in {version.time:%Y-%m-%d %H:%M} UTC, " if version.time else ""
        late = "late by the platform, " if version.late else ""
        yield f"{version.notebook}: {late}{time}from {version.source}: {state}"
    if not student_marks.submitted:
        yield "not marked"
        return
    handed_in = student_marks.timestamp
    yield f"handed in: {when(handed_in) if handed_in else 'at an unknown time'}"
    if student_marks.seconds_late:
        late = words_of(timedelta(seconds=student_marks.seconds_late))
        yield f"late: {late}, which costs {student_marks.penalty:g}"
    for (notebook, cell), mark in sorted(student_marks.marks.items()):
        points = "no mark yet" if mark.points is None else f"{mark.points:g}"
        note = ", by hand" if mark.manual else ""
        yield f"{notebook}/{cell}: {points}{note}"
    total, possible = student_marks.total(own.class_marks.questions), own.class_marks.possible
    yield f"total: {total:g} of {possible:g}"
