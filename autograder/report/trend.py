"""The assignments of a course one after the other, and one section of a class."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import replace

from autograder.course.course import CourseError
from autograder.gradebook.details import Details
from autograder.gradebook.marksheet import Marksheet
from autograder.report.data import TrendLine


def trend(marksheets: Iterable[Marksheet]) -> tuple[TrendLine, ...]:
    """Return a line for each assignment, in the order of their due dates, then of their names."""
    dated = sorted(marksheets, key=lambda m: (m.due is None, str(m.due), m.assignment))
    return tuple(_line(marksheet) for marksheet in dated)


def _line(marksheet: Marksheet) -> TrendLine:
    handed = [sheet for sheet in marksheet.sheets if sheet.submitted and not sheet.excused]
    totals = [sheet.total(marksheet.questions) for sheet in handed]
    known = bool(totals and marksheet.possible)
    return TrendLine(
        assignment=marksheet.assignment,
        students=sum(not sheet.excused for sheet in marksheet.sheets),
        submitted=len(handed),
        waiting=sum(len(sheet.waiting) for sheet in handed),
        mean=statistics.mean(totals) / marksheet.possible if known else None,
    )


def of_section(marksheet: Marksheet, section: str) -> Marksheet:
    """Return the marks of one section of the class.

    Raises:
        CourseError: when nobody is in it.
    """
    sheets = tuple(sheet for sheet in marksheet.sheets if sheet.person.section == section)
    if not sheets:
        names = sorted({sheet.person.section for sheet in marksheet.sheets} - {""})
        hint = f"sections here: {', '.join(names)}" if names else "the roster has no sections"
        raise CourseError(f"Nobody is in the section {section!r}.", hint)
    return replace(marksheet, sheets=sheets)


def details_of(details: Details, marksheet: Marksheet) -> Details:
    """Return the details of the students of a marksheet alone."""
    who = {sheet.person.id for sheet in marksheet.sheets}
    return Details({id_: d for id_, d in details.notebooks.items() if id_ in who}, details.sources)
