"""nbgrader's own commands, in this process: the oracle that the engine is held against."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from course_builder import ASSIGNMENT

_ROWS = """
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


def rows(root: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Give everything that autograding wrote into the gradebook, without its random ids."""
    queries = {"grades": _ROWS, "comments": _COMMENTS, "notebooks": _NOTEBOOKS}
    with closing(sqlite3.connect(root / "gradebook.db")) as db:
        found = {name: sorted(db.execute(q), key=repr) for name, q in queries.items()}
        return found | {"students": sorted(db.execute("select * from student"))}


def api(root: Path) -> Any:
    """Open a course through nbgrader's own interface."""
    from nbgrader.apps.api import NbGraderAPI

    from autograder.course.course import open_course

    course = open_course(root)
    return NbGraderAPI(config=course.config, coursedir=course.directory)


def autograde(root: Path, assignment: str = ASSIGNMENT) -> dict[str, Any]:
    """Run `nbgrader autograde` for everyone."""
    done: dict[str, Any] = api(root).autograde(assignment, "*")
    return done
