"""What is left for a person to do in an assignment's marks: one line for each student and kind."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from autograder.course.outcome import Left
from autograder.gradebook.class_marks import ClassMarks, Key, StudentMarks

BY_HAND = "open Formgrader, Manual Grading"
SETTLE = "look at it in Formgrader; a mark saved there settles it"
AGAIN = "read the new text in Formgrader and save its mark"


def left_in(class_marks: ClassMarks, students: Container[str] | None = None) -> Iterator[Left]:
    """Yield the marks that are missing, older than the answer, or flagged."""
    for student_marks in class_marks.students:
        chosen = students is None or student_marks.person.id in students
        if chosen and student_marks.submitted and not student_marks.excused:
            yield from left_of(student_marks)


def left_of(student_marks: StudentMarks) -> Iterator[Left]:
    """Yield what is left in one student's marks."""
    for kind, keys, why, do in (
        ("To be marked by hand", student_marks.waiting, "no mark yet", BY_HAND),
        ("To be looked at", student_marks.flagged, "the machine was not sure", SETTLE),
        (
            "Marked before the answer changed",
            student_marks.stale,
            "the answer has changed since",
            AGAIN,
        ),
    ):
        if keys:
            yield Left(kind, f"{student_marks.person.id}: {named(keys)}", why, do)


def named(keys: Iterable[Key]) -> str:
    """Return questions as text."""
    return ", ".join(f"{notebook}/{cell}" for notebook, cell in sorted(keys))
