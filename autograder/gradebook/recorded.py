"""What grading recorded beside the marks: read without nbgrader, and nothing is written.

Commands that only look (`status`) compare it with what the course has now.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from autograder.gradebook.database import EVIDENCE, RECORDS, connected
from autograder.gradebook.releases import RELEASES, Release
from autograder.gradebook.tables import (
    ASSIGNMENT,
    CELL,
    GRADE_CELL,
    HANDED,
    NOTEBOOK,
    SOURCE,
    TASK_CELL,
)
from autograder.notebooks.master import SourceCell


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the gradebook holds of an assignment beside the marks.

    Attributes:
        sources: what `generate` recorded of each cell, by notebook and label.
        digests: by student, the digest under which her work was marked; "" where it is to be marked
            again. A submission that stock nbgrader marked has none.
        evidence: what marking the instructor's solutions showed, by digest.
        release: of what the last `autograder generate` was made; None where nbgrader's own command
            made the release.
    """

    sources: Mapping[str, Mapping[str, SourceCell]] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    release: Release | None = None


def read_recorded(db_url: str, assignment: str) -> Recorded:
    """Read what is recorded of an assignment that is in the gradebook."""
    with connected(db_url) as db:
        this = sa.select(ASSIGNMENT.c.id).where(ASSIGNMENT.c.name == assignment)
        id_ = db.execute(this).scalar_one()
        there = set(sa.inspect(db).get_table_names())
        return Recorded(
            _sources(db, id_),
            _digests(db, id_) if RECORDS.name in there else {},
            _evidence(db) if EVIDENCE.name in there else {},
            _release(db, id_) if RELEASES.name in there else None,
        )


def _sources(db: sa.Connection, assignment_id: str) -> dict[str, dict[str, SourceCell]]:
    here = NOTEBOOK.c.assignment_id == assignment_id
    notebooks = {r.id: r.name for r in db.execute(NOTEBOOK.select().where(here))}
    cells = db.execute(CELL.select().where(CELL.c.notebook_id.in_(notebooks))).all()
    points = {r.id: r.max_score for t in (GRADE_CELL, TASK_CELL) for r in db.execute(t.select())}
    worth = {(c.notebook_id, c.name): points[c.id] for c in cells if c.id in points}
    found: dict[str, dict[str, SourceCell]] = {name: {} for name in notebooks.values()}
    for row in db.execute(SOURCE.select().where(SOURCE.c.notebook_id.in_(notebooks))):
        kept = SourceCell(row.source, worth.get((row.notebook_id, row.name), 0.0))
        found[notebooks[row.notebook_id]][row.name] = kept
    return found


def _digests(db: sa.Connection, assignment_id: str) -> dict[str, str]:
    query = sa.select(HANDED.c.student_id, RECORDS.c.digest).join_from(
        RECORDS, HANDED, HANDED.c.id == RECORDS.c.submission_id
    )
    rows = db.execute(query.where(HANDED.c.assignment_id == assignment_id))
    return {row.student_id: row.digest for row in rows}


def _evidence(db: sa.Connection) -> dict[str, dict[str, Any]]:
    return {row.digest: json.loads(row.found) for row in db.execute(EVIDENCE.select())}


def _release(db: sa.Connection, assignment_id: str) -> Release | None:
    this = RELEASES.select().where(RELEASES.c.assignment_id == assignment_id)
    row = db.execute(this).first()
    return Release(json.loads(row.sources), row.released) if row else None
