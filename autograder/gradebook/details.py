"""Details stored beside the marks in the gradebook: reasons, flags, findings, answers.

Grading writes them in the same transaction as the marks (`gradebook.py`). A submission that stock
nbgrader marked has none; reports then show its marks alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from autograder.gradebook.class_marks import Key
from autograder.gradebook.database import RECORDS, connected
from autograder.gradebook.tables import ASSIGNMENT, HANDED, NOTEBOOK, SOURCE
from autograder.records import Finding


@dataclass(frozen=True, slots=True)
class NotebookDetails:
    """Details of one student's notebook: reasons, flags and ways by grade_id, findings, answers."""

    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flagged: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    unmarked: Mapping[str, str] = field(default_factory=dict)
    ways: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Details:
    """The details by student and notebook; and the instructor's cells, with their hidden tests."""

    notebooks: Mapping[str, Mapping[str, NotebookDetails]]
    sources: Mapping[Key, str]

    def notebook(self, student: str, notebook: str) -> NotebookDetails:
        """Return a notebook's details; empty ones where none are stored."""
        return self.notebooks.get(student, {}).get(notebook) or NotebookDetails()


def read_details(db_url: str, assignment: str) -> Details:
    """Read the details of an assignment from the gradebook."""
    with connected(db_url) as db:
        here = sa.select(ASSIGNMENT.c.id).where(ASSIGNMENT.c.name == assignment)
        assignment_id = db.execute(here).scalar()
        query = sa.select(NOTEBOOK.c.name.label("notebook"), SOURCE)
        query = query.join_from(SOURCE, NOTEBOOK, NOTEBOOK.c.id == SOURCE.c.notebook_id)
        cells = db.execute(query.where(NOTEBOOK.c.assignment_id == assignment_id)).all()
        sources = {(cell.notebook, cell.name): cell.source for cell in cells}
        records = _records(db, assignment)
    return Details({student: notebooks_of(text) for student, text in records.items()}, sources)


def _records(db: sa.Connection, assignment: str) -> dict[str, str]:
    """Return the details as they are stored, by student."""
    if not sa.inspect(db).has_table(RECORDS.name):
        return {}
    query = (
        sa.select(HANDED.c.student_id, RECORDS.c.details)
        .join_from(RECORDS, HANDED, HANDED.c.id == RECORDS.c.submission_id)
        .join(ASSIGNMENT, ASSIGNMENT.c.id == HANDED.c.assignment_id)
        .where(ASSIGNMENT.c.name == assignment)
    )
    return {row.student_id: row.details for row in db.execute(query)}


def notebooks_of(text: str) -> dict[str, NotebookDetails]:
    """Return the notebooks' details in one record, without those that were not handed in."""
    return {
        name: NotebookDetails(
            reasons={cell: tuple(mark["reasons"]) for cell, mark in kept["marks"].items()},
            flagged=frozenset(cell for cell, mark in kept["marks"].items() if mark["flagged"]),
            findings=tuple(Finding(**finding) for finding in kept["findings"]),
            answers=kept["answers"],
            unmarked=kept["unmarked"],
            ways={cell: mark.get("way", "") for cell, mark in kept["marks"].items()},
        )
        for name, kept in json.loads(text).items()
        if kept is not None
    }


def read_reasons(db_url: str, assignment: str) -> dict[str, dict[Key, tuple[str, ...]]]:
    """Return the reasons for all marks of an assignment, by student and question."""
    with connected(db_url) as db:
        records = _records(db, assignment)
    return {
        student: {
            (name, cell): reasons
            for name, kept in notebooks_of(text).items()
            for cell, reasons in kept.reasons.items()
        }
        for student, text in records.items()
    }


def read_fingerprints(db_url: str, assignment: str) -> dict[str, dict[str, str]]:
    """Return what was marked, by student and notebook, as fingerprints of the files."""
    with connected(db_url) as db:
        records = _records(db, assignment)
    return {student: _fingerprints(text) for student, text in records.items()}


def _fingerprints(text: str) -> dict[str, str]:
    kept = json.loads(text).items()
    return {name: found["file"] for name, found in kept if found and found.get("file")}
