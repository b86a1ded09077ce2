"""The rule for late work that a course's configuration asks for, and nbgrader's copy of it.

Our own commands compute penalties from the marks as they are (`marksheet.py`). nbgrader's feedback
and formgrader read a column instead: `refresh_penalties` brings it up to date.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from autograder.course.course import Course
from autograder.course.late_policy import LatePolicy

if TYPE_CHECKING:
    from autograder.gradebook.marksheet import Marksheet

Penalty = Callable[[str, float, float], float | None]
"""From student, score and seconds late, extra time taken off, to the points that lateness costs."""


def late_penalty(course: Course) -> Penalty:
    """Give the rule for late submissions that the course's configuration asks for."""
    return penalty_of(course.config)


def penalty_of(config: Any) -> Penalty:
    """Give the rule of a configuration: our own policy, or whatever plug-in it names.

    nbgrader, slow to import, is asked only where something is configured: else nothing is lost.
    """
    if not (config.get("AssignLatePenalties") or config.get("LateSubmissionPlugin")):
        return lambda _student, _score, _late: None
    from nbgrader.preprocessors import AssignLatePenalties

    assigner = AssignLatePenalties(config=config)
    assigner.init_plugin()
    plugin = assigner.plugin_inst
    policy = getattr(plugin, "policy", None)
    if isinstance(policy, LatePolicy):
        return lambda _student, score, late: policy.points(score, late)
    rule: Penalty = plugin.late_submission_penalty
    return rule


def refresh_penalties(db_url: str, marksheet: Marksheet) -> int:
    """Write the penalties of a marksheet where nbgrader's column differs; return how many."""
    paper = sa.table("submitted_notebook", sa.column("id"), sa.column("late_submission_penalty"))
    wanted = {
        sheet.papers[name]: sheet.penalties.get(name) or None
        for sheet in marksheet.sheets
        for name in sheet.papers
    }
    engine = sa.create_engine(db_url)
    try:
        with engine.begin() as db:
            held = {row.id: row.late_submission_penalty for row in db.execute(paper.select())}
            stale = {i: lost for i, lost in wanted.items() if held.get(i) != lost}
            for i, lost in stale.items():
                change = paper.update().where(paper.c.id == i)
                db.execute(change.values(late_submission_penalty=lost))
    finally:
        engine.dispose()
    return len(stale)
