"""nbgrader's own copy of what lateness costs, which its feedback and formgrader read."""

from __future__ import annotations

import sqlalchemy as sa

from autograder.gradebook.marksheet import Marksheet


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
