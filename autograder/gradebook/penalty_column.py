"""nbgrader's own column for late penalties, which its feedback and formgrader read."""

from __future__ import annotations

import sqlalchemy as sa

from autograder.gradebook.class_marks import ClassMarks
from autograder.gradebook.database import connected
from autograder.gradebook.tables import SUBMITTED


def refresh_penalties(db_url: str, class_marks: ClassMarks) -> int:
    """Write the penalties where nbgrader's column differs; return how many."""
    wanted = {
        student_marks.notebook_ids[name]: student_marks.penalties.get(name) or None
        for student_marks in class_marks.students
        for name in student_marks.notebook_ids
    }
    with connected(db_url) as db:
        rows = db.execute(sa.select(SUBMITTED.c.id, SUBMITTED.c.late_submission_penalty))
        held = {row.id: row.late_submission_penalty for row in rows}
        stale = {i: lost for i, lost in wanted.items() if held.get(i) != lost}
        for i, lost in stale.items():
            change = SUBMITTED.update().where(SUBMITTED.c.id == i)
            db.execute(change.values(late_submission_penalty=lost))
    return len(stale)
