"""Facts about one paper that several parts of the report need."""

from __future__ import annotations

from datetime import UTC, datetime

from autograder.gradebook.details import Details
from autograder.gradebook.marksheet import Marksheet, Sheet

_LEFT_OPEN = (None, "...")
_NO_RESPONSE = ("No response.",)


def is_blank(sheet: Sheet, marksheet: Marksheet, details: Details) -> bool:
    """Tell whether a paper was handed in without a single answer.

    Of a paper that stock nbgrader marked no answers are kept: it is blank where it has no points.
    """
    kept = details.papers.get(sheet.person.id, {})
    if any(
        answer not in _LEFT_OPEN for paper in kept.values() for answer in paper.answers.values()
    ):
        return False
    for question in marksheet.questions:
        mark = sheet.marks.get(question.key)
        if mark is None:
            continue
        if mark.points is None or mark.points > 0:
            return False
        paper = kept.get(question.notebook)
        if question.by_hand and paper and paper.reasons.get(question.grade_id) != _NO_RESPONSE:
            return False
    return True


def shown_time(moment: datetime) -> str:
    """Return a time in the zone of this machine, with the zone's name.

    nbgrader's database holds times in UTC, without saying so.
    """
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return known.astimezone().strftime("%Y-%m-%d %H:%M %Z")
