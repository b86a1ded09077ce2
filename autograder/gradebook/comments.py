"""The comments on students' answers, by graders and by the machine."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa

from autograder.gradebook.class_marks import Key
from autograder.gradebook.database import connected
from autograder.gradebook.tables import ASSIGNMENT, CELL, COMMENT, HANDED, NOTEBOOK, SUBMITTED


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on an answer, and whether a person wrote it."""

    words: str
    by_person: bool


def read_comments(db_url: str, assignment: str) -> dict[str, dict[Key, Comment]]:
    """Return the comments by student and question; a person's comment replaces the machine's."""
    names = (HANDED.c.student_id, NOTEBOOK.c.name.label("notebook"), CELL.c.name.label("cell"))
    query = (
        sa.select(COMMENT, *names)
        .join_from(COMMENT, SUBMITTED, SUBMITTED.c.id == COMMENT.c.notebook_id)
        .join(HANDED, HANDED.c.id == SUBMITTED.c.assignment_id)
        .join(NOTEBOOK, NOTEBOOK.c.id == SUBMITTED.c.notebook_id)
        .join(CELL, CELL.c.id == COMMENT.c.cell_id)
        .join(ASSIGNMENT, ASSIGNMENT.c.id == HANDED.c.assignment_id)
        .where(ASSIGNMENT.c.name == assignment)
    )
    found: defaultdict[str, dict[Key, Comment]] = defaultdict(dict)
    with connected(db_url) as db:
        for row in db.execute(query):
            words = row.manual_comment or row.auto_comment
            if words:
                comment = Comment(words, by_person=bool(row.manual_comment))
                found[row.student_id][row.notebook, row.cell] = comment
    return dict(found)
