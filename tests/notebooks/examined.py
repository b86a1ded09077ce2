"""A whole notebook marked on the values of its answers, without the other ways to a mark."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.course.settings import DEFAULTS, Settings
from autograder.exam.examiner import judge
from autograder.exam.plan import plans
from autograder.records import Answers, CellMark, Master


def needed_names(master: Master) -> Mapping[str, frozenset[str]]:
    """Return for each test cell the answers that it needs.

    Each is the text of a `Wanted`: the value of the name before that cell.
    """
    return {plan.cell.grade_id: frozenset(plan.answers.values()) for plan in plans(master)}


def examine(
    master: Master, answers: Answers, student: str, settings: Settings = DEFAULTS
) -> tuple[CellMark, ...]:
    """Mark every graded cell of a notebook; a cell to be marked by hand gets no points yet."""
    judged = judge(master, plans(master), answers, student, settings)
    return tuple(
        judged[cell.grade_id].mark
        if cell.grade_id in judged
        else CellMark(cell.grade_id, None, cell.points)
        for cell in master.cells
        if cell.kind in ("test", "manual")
    )
