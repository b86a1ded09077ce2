"""Hidden tests that run beside the student's cells: what is sent, and the mark of a result."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from autograder.exam.failed_line import failed_line, not_right
from autograder.exam.lines import statements_of
from autograder.exam.plan import Plan
from autograder.exam.points import points_from_text, zero
from autograder.reading.bounds import Unreadable
from autograder.reading.instructor_cells import touched
from autograder.reading.lookups import last_place
from autograder.reading.source import parse
from autograder.records import (
    TIMED_OUT,
    BesideTest,
    CellMark,
    MasterCell,
    Saved,
    Submission,
    TestResult,
)

_REPLAY = """
try:
    with __import__('contextlib').redirect_stderr(__import__('io').StringIO()):
        pass
except Exception:
    pass
"""
"""A test goes in the place of the first `pass`."""


def beside_test(
    plan: Plan,
    submission: Submission,
    answers: frozenset[str] | None = None,
    before: Sequence[MasterCell] = (),
) -> BesideTest:
    """Return what is sent to run a test cell at its place in the submission.

    `answers` are the names that the instructor's answers define; None where they are not known.
    `before` are the tests to be run before it, since it needs what they have changed.
    """
    cells = submission.cells
    places = {cell.grade_id: index for index, cell in enumerate(cells)}
    place = places.get(plan.cell.grade_id, len(cells))
    saved = tuple(
        Saved(line, names, cell.grade_id, places[cell.grade_id], cell.source)
        for line, names, cell in plan.saved
        if places.get(cell.grade_id, place) < place
    )
    own = plan.cell
    if before:
        set_up = tuple(map(_replayed, before))
        origins = tuple((cell.grade_id, 0) for cell in before)
        return BesideTest(own.grade_id, place, own.source, set_up, answers, origins)
    return BesideTest(own.grade_id, place, own.source, plan.set_up, answers, plan.origins, saved)


def _replayed(cell: MasterCell) -> str:
    """Return the text of a test that is run again only for what it changes.

    As in a kernel, it may stop with an error, and the next cell is run all the same.
    """
    tree = ast.parse(_REPLAY)
    block = tree.body[0]
    if isinstance(block, ast.Try) and isinstance(block.body[0], ast.With):
        block.body[0].body = [*statements_of(cell)[0], ast.Pass()]
    return ast.unparse(tree)


def mark_of(cell: MasterCell, result: TestResult) -> CellMark:
    """Return the mark that stock nbgrader's `determine_grade` gives for a test's result.

    >>> cell = MasterCell("t", "test", "code", "", 2.0)
    >>> mark_of(cell, TestResult("t", "passed", text="0.5")).points
    0.5
    """
    if result.ended == "raised":
        mark = zero(cell, _in_words(cell, result))
    elif result.stderr:
        mark = zero(cell, "The test wrote a warning or an error, so it gives no points.")
    else:
        mark = points_from_text(cell, result.text)
        if result.message and (result.flagged or mark.points != cell.points):
            mark = replace(mark, reasons=(*mark.reasons, result.message))
    lost = result.changed and mark.points != mark.possible
    flagged = mark.flagged or result.flagged or lost
    return replace(mark, way="beside", flagged=flagged, second=result.second)


def _in_words(cell: MasterCell, result: TestResult) -> str:
    if result.error == TIMED_OUT:
        return result.message
    if result.error == "AssertionError":
        return result.message or not_right(failed_line(cell, result.line))
    return f"The check stopped: {result.error}: {result.message}"


def after_answers_below(plan: Plan, test: BesideTest, submission: Submission) -> BesideTest | None:
    """Return a test as it runs after answers that stand below it; None where there are none."""
    places = [last_place(submission.cells, test.cell, name) for name in plan.answers]
    end = min(places, default=test.cell)
    below = touched_by_student(submission, test.cell, end).intersection(plan.answers)
    return replace(test, cell=end) if below else None


def touched_by_student(
    submission: Submission, after: int = -1, before: int | None = None
) -> frozenset[str]:
    """Return the names that the student's cells assign to or change, as far as their text shows.

    Only cells after the place `after` count, and only those before the place `before`, if given.
    """
    names: set[str] = set()
    for cell in submission.cells[after + 1 : before]:
        if cell.cell_type == "code" and not cell.trusted:
            names |= touched_in(cell.source)
    return frozenset(names)


@lru_cache(maxsize=4_096)
def touched_in(source: str) -> frozenset[str]:
    """Return the names that a cell assigns to or changes, as far as its text shows.

    >>> sorted(touched_in("a[0] = b = 1"))
    ['a', 'b']
    """
    try:
        statements = parse(source).statements
    except Unreadable:
        return frozenset()
    return frozenset().union(*(frozenset(touched(statement)) for statement in statements))
