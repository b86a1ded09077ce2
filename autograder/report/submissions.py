"""Facts about one submission that several parts of the report need."""

from __future__ import annotations

from datetime import UTC, datetime

from autograder.gradebook.class_marks import ClassMarks, StudentMarks
from autograder.gradebook.details import Details

_LEFT_OPEN = (None, "...")
_NO_RESPONSE = ("No response.",)


def is_blank(student_marks: StudentMarks, class_marks: ClassMarks, details: Details) -> bool:
    """Return whether a submission holds no answer at all.

    No answers are stored of a submission that stock nbgrader marked: it is blank where it has no
    points.
    """
    stored = details.notebooks.get(student_marks.person.id, {})
    answers = [answer for notebook in stored.values() for answer in notebook.answers.values()]
    if any(answer not in _LEFT_OPEN for answer in answers):
        return False
    for question in class_marks.questions:
        mark = student_marks.marks.get(question.key)
        if mark is None:
            continue
        if mark.points is None or mark.points > 0:
            return False
        found = stored.get(question.notebook)
        if question.by_hand and found and found.reasons.get(question.grade_id) != _NO_RESPONSE:
            return False
    return True


def shown_time(moment: datetime) -> str:
    """Return a time in the zone of this machine, with the zone's name.

    nbgrader's database holds times in UTC without a zone.
    """
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return known.astimezone().strftime("%Y-%m-%d %H:%M %Z")
