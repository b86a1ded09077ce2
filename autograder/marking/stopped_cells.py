"""The cells that stopped with an error, as reasons for lost points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.exam.beside import touched_in
from autograder.exam.lines import statements_of
from autograder.exam.plan import Plan
from autograder.marking.lacking import lacking
from autograder.reading.instructor_cells import looked_up
from autograder.reading.missing_answer import LESS_TIME, cell_named, what_stopped
from autograder.reading.missing_answer import stopped as words_for
from autograder.records import CellMark, MasterCell, Submission, SubmittedCell


def with_stopped_cells(
    marks: Mapping[str, CellMark],
    every: Sequence[Plan],
    submission: Submission,
    stopped: Mapping[int, str],
) -> dict[str, CellMark]:
    """Say with lost points which cell stopped with an error: an answer may have its first value.

    Where a cell above the test had less time than in stock nbgrader, or no network, a person should
    look at lost points.
    """
    changed = {}
    places = {cell.grade_id: index for index, cell in enumerate(submission.cells)}
    for plan in every if stopped else ():
        mark = marks.get(plan.cell.grade_id)
        if mark and mark.points is not None and mark.points < mark.possible:
            before = submission.cells[: places.get(mark.grade_id)]
            unlike = _unlike_stock(before, stopped)
            hers = what_stopped(plan.answers, before, stopped)
            given = given_that_stopped(plan.cell, before, stopped)
            found = dict.fromkeys((hers, given, *unlike))
            reasons = [_sentence(why) for why in found if why and not _said(why, mark)]
            changed[mark.grade_id] = replace(
                mark,
                reasons=(*reasons, *mark.reasons),
                flagged=mark.flagged or bool(unlike),
            )
    return changed


def given_that_stopped(
    test: MasterCell, cells: Sequence[SubmittedCell], stopped: Mapping[int, str]
) -> str:
    """Say which given cell stopped that defines a name of this test, "" where none did.

    A package that is not installed, or not in the version that the course was written for, stops
    the cell of imports; the test alone then says only that a name is not defined.
    """
    names = {name for line in statements_of(test)[0] for name in looked_up(line)}
    for index, cell in enumerate(cells):
        if index in stopped and cell.trusted and names & touched_in(cell.source):
            return f"C{cell_named(cells, index)[1:]} {words_for(stopped[index])}"
    return ""


def _unlike_stock(cells: Sequence[SubmittedCell], stopped: Mapping[int, str]) -> list[str]:
    """Return which cell stopped for a reason that stock nbgrader does not have, and the reason."""
    for place in sorted(place for place in stopped if place < len(cells)):
        error, where = stopped[place], cell_named(cells, place)
        where = where[0].upper() + where[1:]
        if missing := lacking(error):
            return [f"{missing}.", f"{where} {words_for(error)}"]
        if LESS_TIME in error:
            return [f"{where} {error}"]
    return []


def _said(why: str, mark: CellMark) -> bool:
    return any(why[1:].rstrip(".") in reason for reason in mark.reasons)


def _sentence(words: str) -> str:
    return words if words.endswith(".") else f"{words}."
