"""Hidden tests that are run beside the student's cells: what is sent, and the mark of what came."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from autograder.exam.plan import Plan
from autograder.exam.points import points_from_text, zero
from autograder.reading.bounds import Unreadable
from autograder.reading.instructor_cells import touched
from autograder.reading.source import parse
from autograder.records import BesideTest, CellMark, MasterCell, Submission, TestResult


def beside_test(
    plan: Plan, submission: Submission, answers: frozenset[str] | None = None
) -> BesideTest:
    """Return what is run for a test cell, in its place in the submission.

    `answers` names what the instructor's own answers define; None where that is not known.
    """
    places = [
        index for index, cell in enumerate(submission.cells) if cell.grade_id == plan.cell.grade_id
    ]
    place = places[-1] if places else len(submission.cells)
    return BesideTest(plan.cell.grade_id, place, plan.cell.source, plan.set_up, answers)


def mark_of(cell: MasterCell, result: TestResult) -> CellMark:
    """Return the mark that stock nbgrader's `determine_grade` gives for how a test cell ended.

    >>> cell = MasterCell("t", "test", "code", "", 2.0)
    >>> mark_of(cell, TestResult("t", "passed", text="0.5")).points
    0.5
    """
    if result.ended == "raised":
        mark = zero(cell, _in_words(result))
    elif result.stderr:
        mark = zero(cell, "The test wrote a warning or an error, for which there are no points.")
    else:
        mark = points_from_text(cell, result.text)
    return replace(mark, way="beside", flagged=mark.flagged or result.flagged)


def _in_words(result: TestResult) -> str:
    if result.error == "AssertionError":
        return result.message or "The answer is not right."
    return f"The check stopped: {result.error}: {result.message}"


def touched_by_student(submission: Submission) -> frozenset[str]:
    """Name what the student's own cells give a value or change, as far as it stands in them."""
    names: set[str] = set()
    for cell in submission.cells:
        if cell.cell_type == "code" and not cell.trusted:
            names |= touched_in(cell.source)
    return frozenset(names)


@lru_cache(maxsize=4_096)
def touched_in(source: str) -> frozenset[str]:
    """Name what a cell gives a value or changes, as far as it stands in it.

    >>> sorted(touched_in("a[0] = b = 1"))
    ['a', 'b']
    """
    try:
        statements = parse(source).statements
    except Unreadable:
        return frozenset()
    return frozenset().union(*(frozenset(touched(statement)) for statement in statements))
