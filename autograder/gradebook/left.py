"""What is left for a person to do in an assignment's marks: one line for each student and kind."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from autograder.course.outcome import Left
from autograder.gradebook.marksheet import Key, Marksheet, Sheet

BY_HAND = "open Formgrader, Manual Grading"
SETTLE = "look at it in Formgrader; a mark saved there settles it"
AGAIN = "read the new text in Formgrader and save its mark"


def left_in(marksheet: Marksheet, students: Container[str] | None = None) -> Iterator[Left]:
    """Yield the marks that are missing, older than the answer, or flagged."""
    for sheet in marksheet.sheets:
        chosen = students is None or sheet.person.id in students
        if chosen and sheet.submitted and not sheet.excused:
            yield from left_of(sheet)


def left_of(sheet: Sheet) -> Iterator[Left]:
    """Yield what is left in one student's marks."""
    for kind, keys, why, do in (
        ("To be marked by hand", sheet.waiting, "no mark yet", BY_HAND),
        ("To be looked at", sheet.flagged, "the machine was not sure", SETTLE),
        ("Marked before the answer changed", sheet.stale, "the answer has changed since", AGAIN),
    ):
        if keys:
            yield Left(kind, f"{sheet.person.id}: {named(keys)}", why, do)


def named(keys: Iterable[Key]) -> str:
    """Return questions as text."""
    return ", ".join(f"{notebook}/{cell}" for notebook, cell in sorted(keys))
