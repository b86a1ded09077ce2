"""What is left for a person to do in an assignment's marks: one line for each student and kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from types import MappingProxyType

from autograder.course.outcome import Left
from autograder.exam.points import sentences
from autograder.gradebook.class_marks import ClassMarks, Key, StudentMarks
from autograder.gradebook.details import read_reasons

BY_HAND = "open Formgrader, Manual Grading"
SETTLE = "look at it in Formgrader; a mark saved there settles it"
AGAIN = "read the new text in Formgrader and save its mark"


_LONGEST = 200  # characters of a reason in a line


def left_in(
    class_marks: ClassMarks, students: Container[str] | None = None, db_url: str = ""
) -> Iterator[Left]:
    """Yield the marks that are missing, older than the answer, or flagged.

    With `db_url`, the gradebook's address, flagged marks are listed with the reasons in it.
    """
    flagged = any(student_marks.flagged for student_marks in class_marks.students)
    known = read_reasons(db_url, class_marks.assignment) if flagged and db_url else {}
    for student_marks in class_marks.students:
        chosen = students is None or student_marks.person.id in students
        if chosen and student_marks.submitted and not student_marks.excused:
            yield from left_of(student_marks, known.get(student_marks.person.id, {}))


def left_of(
    student_marks: StudentMarks, reasons: Mapping[Key, Iterable[str]] = MappingProxyType({})
) -> Iterator[Left]:
    """Yield what is left in one student's marks; flagged ones together where the reason is one."""
    student, unsure = student_marks.person.id, defaultdict[str, list[Key]](list)
    for key in student_marks.flagged:
        unsure[_shortened(reasons.get(key, ())) or "the machine was not sure"].append(key)
    stale = "the answer has changed since"
    for kind, keys, why, do in (
        ("To be marked by hand", student_marks.waiting, "no mark yet", BY_HAND),
        *(("To be looked at", keys, why, SETTLE) for why, keys in unsure.items()),
        ("Marked before the answer changed", student_marks.stale, stale, AGAIN),
    ):
        if keys:
            yield Left(kind, f"{student}: {named(keys)}", why, do)


def _shortened(reasons: Iterable[str]) -> str:
    """Return reasons as one line, cut where it is long."""
    whole = " ".join(sentences(reasons).split())
    return whole if len(whole) <= _LONGEST else f"{whole[:_LONGEST]}…"


def named(keys: Iterable[Key]) -> str:
    """Return questions as text."""
    return ", ".join(f"{notebook}/{cell}" for notebook, cell in sorted(keys))
