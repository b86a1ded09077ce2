"""What a course's gradebook holds, as rows: the tests' own knowledge of nbgrader's tables is here.

A place is a course's folder, or a gradebook's file.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

_GRADES = """
    select s.student_id, n.name, c.name, g.auto_score, g.manual_score, g.extra_credit,
           g.needs_manual_grade
    from grade g join base_cell c on c.id = g.cell_id
    join submitted_notebook sn on sn.id = g.notebook_id
    join submitted_assignment s on s.id = sn.assignment_id join notebook n on n.id = sn.notebook_id
"""
_COMMENTS = """
    select s.student_id, n.name, c.name, m.auto_comment, m.manual_comment
    from comment m join base_cell c on c.id = m.cell_id
    join submitted_notebook sn on sn.id = m.notebook_id
    join submitted_assignment s on s.id = sn.assignment_id join notebook n on n.id = sn.notebook_id
"""
_NOTEBOOKS = """
    select s.student_id, n.name, s.timestamp, sn.late_submission_penalty, sn.flagged
    from submitted_notebook sn join submitted_assignment s on s.id = sn.assignment_id
    join notebook n on n.id = sn.notebook_id
"""
_IDS = """
    select s.student_id, n.name, sn.id
    from submitted_notebook sn join submitted_assignment s on s.id = sn.assignment_id
    join notebook n on n.id = sn.notebook_id
"""
_DETAILS = """
    select s.student_id, r.details
    from autograder_record r join submitted_assignment s on s.id = r.submission_id
"""


@contextmanager
def opened(place: Path, **options: Any) -> Iterator[sqlite3.Connection]:
    """Open a gradebook as another program would, and close it."""
    file = place / "gradebook.db" if place.is_dir() else place
    with closing(sqlite3.connect(file, **options)) as db:
        yield db


def asked(place: Path, query: str) -> list[tuple[Any, ...]]:
    """Give the rows of one query, in a certain order."""
    with opened(place, timeout=30) as db:
        return sorted(db.execute(query), key=repr)


def change(place: Path, statement: str, *values: Any) -> None:
    """Change rows, as another program would."""
    with opened(place) as db, db:
        db.execute(statement, values)


def rows(place: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Give everything that autograding wrote into the gradebook, without its random ids."""
    queries = {"grades": _GRADES, "comments": _COMMENTS, "notebooks": _NOTEBOOKS}
    found = {name: asked(place, query) for name, query in queries.items()}
    return found | {"students": asked(place, "select * from student")}


def differences(ours: Path, theirs: Path) -> dict[str, tuple[list[Any], list[Any]]]:
    """Give the rows that only one of two gradebooks holds, by table: first ours, then theirs."""
    mine, their = rows(ours), rows(theirs)
    return {
        table: (list(only.elements()), list(other.elements()))
        for table in mine
        if (only := Counter(mine[table]) - Counter(their[table]))
        | (other := Counter(their[table]) - Counter(mine[table]))
    }


def points(place: Path) -> dict[tuple[str, str], float | None]:
    """Give the machine's points by student and cell."""
    return {(student, cell): auto for student, _, cell, auto, *_ in asked(place, _GRADES)}


def details(place: Path) -> list[tuple[str, str]]:
    """Give what is kept of why, as JSON, by student."""
    return [(student, text) for student, text in asked(place, _DETAILS)]


def notebook_ids(place: Path) -> dict[tuple[str, str], str]:
    """Give nbgrader's ids of submitted notebooks, by student and notebook."""
    return {(student, name): found for student, name, found in asked(place, _IDS)}


def is_whole(place: Path) -> bool:
    """Tell whether SQLite finds nothing wrong with a gradebook."""
    return asked(place, "pragma integrity_check") == [("ok",)]
