"""Makes a report from the marks, their reasons, and the lessons."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from autograder.course.settings import DEFAULTS, Settings
from autograder.feedback.asked import Asked, all_asked
from autograder.feedback.places import LessonPlace
from autograder.feedback.rows import paid_rows
from autograder.gradebook.details import Details
from autograder.gradebook.marksheet import GradedCell, Key, Marksheet, Sheet
from autograder.report.data import (
    MarkLine,
    QuestionReport,
    Report,
    RuleReport,
    StudentReport,
    TrendLine,
)
from autograder.report.noticed import Noticed, noticed
from autograder.report.row_figures import RowFigures, row_figures
from autograder.report.statistics import figures
from autograder.report.submissions import is_blank, shown_time
from autograder.report.wrong_rules import Diagnostician, Explained, by_network, ranked, settled
from stridewise.misconceptions import rule

WAYS = {"read": "read", "apart": "run apart", "beside": "run beside"}


def build_report(
    marksheet: Marksheet,
    details: Details,
    lessons: Mapping[Key, LessonPlace],
    folders: Mapping[str, Path],
    made_at: datetime,
    settings: Settings = DEFAULTS,
    *,
    section: str = "",
    trend: tuple[TrendLine, ...] = (),
) -> Report:
    """Make a report.

    Args:
        marksheet: the marks.
        details: their reasons, and the answers.
        lessons: the place of each question in the lessons.
        folders: each student's folder in autograded/, to read the cells there.
        made_at: the time to show.
        settings: the settings of marking, such as `follow_through`.
        section: the section of the class that `marksheet` is about, or "" for the whole class.
        trend: the assignments of the course.
    """
    asked = all_asked(details.sources)
    found, unexplained = explained(marksheet, details, asked)
    seen = noticed(marksheet, details, asked, folders)
    handed = [sheet for sheet in marksheet.sheets if sheet.submitted]
    totals = sorted(sheet.total(marksheet.questions) for sheet in handed)
    submissions = {name: with_notebook(handed, details, name) for name in marksheet.notebooks}
    return Report(
        assignment=marksheet.assignment,
        section=section,
        made_at=shown_time(made_at),
        anonymous=False,
        students=len(marksheet.sheets),
        submitted=len(handed),
        possible=marksheet.possible,
        mean=statistics.mean(totals) if totals else None,
        median=statistics.median(totals) if totals else None,
        totals=tuple(totals),
        handed_in={name: len(sheets) for name, sheets in submissions.items()},
        waiting=sum(len(sheet.waiting) for sheet in handed),
        late=sum(s.seconds_late > 0 for s in handed) if marksheet.due else None,
        questions=tuple(
            question_report(
                marksheet, q, submissions[q.notebook], details, asked.get(q.key), lessons, settings
            )
            for q in marksheet.questions
        ),
        rules=rule_reports(found, lessons),
        unexplained=unexplained,
        noticed=tuple(seen),
        people=tuple(
            student_report(sheet, marksheet, details, found, seen) for sheet in marksheet.sheets
        ),
        trend=trend,
    )


def with_notebook(sheets: list[Sheet], details: Details, notebook: str) -> list[Sheet]:
    """Return the sheets of those who handed a notebook in; one without details counts."""
    return [
        sheet
        for sheet in sheets
        if sheet.person.id not in details.notebooks
        or notebook in details.notebooks[sheet.person.id]
    ]


def explained(
    marksheet: Marksheet, details: Details, asked: Mapping[Key, Asked]
) -> tuple[list[Explained], int]:
    """Return the wrong rules behind lost marks, and the number of answers without a known rule."""
    diagnostician, networks = Diagnostician(), by_network(asked)
    found, unexplained = [], 0
    for sheet in marksheet.sheets:
        notebooks = details.notebooks.get(sheet.person.id, {})
        mine = []
        for about in networks:
            lost = tuple(key for key, _ in about.asked if lost_marks(sheet, marksheet, key))
            notebook = about.asked[0][0][0]
            answers = notebooks[notebook].answers if notebook in notebooks else {}
            if not lost or not any(isinstance(answers.get(a.answer), list) for _, a in about.asked):
                continue
            one = diagnostician.explain(sheet.person.id, about, answers)
            unexplained += one is None
            if one:
                mine.append(replace(one, questions=lost))
        decided = settled(mine)
        unexplained += len(mine) - len(decided)
        found += decided
    return found, unexplained


def lost_marks(sheet: Sheet, marksheet: Marksheet, key: Key) -> bool:
    """Return whether a student got less than the full points of a question."""
    mark = sheet.marks.get(key)
    possible = {question.key: question.points for question in marksheet.questions}
    return mark is not None and mark.points is not None and mark.points < possible.get(key, 0.0)


def question_report(
    marksheet: Marksheet,
    question: GradedCell,
    submissions: list[Sheet],
    details: Details,
    asked: Asked | None,
    lessons: Mapping[Key, LessonPlace],
    settings: Settings,
) -> QuestionReport:
    """Return one question's part."""
    return QuestionReport(
        notebook=question.notebook,
        grade_id=question.grade_id,
        points=question.points,
        by_hand=question.by_hand,
        place=lessons.get(question.key, LessonPlace(question.notebook)).words,
        figures=figures(
            marksheet,
            question,
            submissions,
            frozenset(s.person.id for s in submissions if is_blank(s, marksheet, details)),
        ),
        rows=_rows_of(question, submissions, details, asked, settings) if asked else (),
        ways=ways_to(question, submissions, details),
    )


def _rows_of(
    question: GradedCell,
    submissions: list[Sheet],
    details: Details,
    asked: Asked,
    settings: Settings,
) -> tuple[RowFigures, ...]:
    """Return the figures of each row of an answer."""

    def paid(student: str) -> frozenset[int]:
        stored = details.notebook(student, question.notebook)
        reasons = stored.reasons.get(question.grade_id, ())
        return paid_rows(asked, student, stored.answers, reasons, settings)

    found = {
        sheet.person.id: details.notebook(sheet.person.id, question.notebook).answers
        for sheet in submissions
    }
    answers = [
        (student, answer)
        for student, given in found.items()
        if (answer := given.get(asked.answer)) is not None
    ]
    return row_figures(asked, answers, paid)


def ways_to(question: GradedCell, submissions: list[Sheet], details: Details) -> dict[str, int]:
    """Count one question's marks by the way to them."""
    found = Counter(
        details.notebook(sheet.person.id, question.notebook).ways.get(question.grade_id, "")
        for sheet in submissions
    )
    return {words: found[way] for way, words in WAYS.items() if found[way]}


def rule_reports(
    found: list[Explained], lessons: Mapping[Key, LessonPlace]
) -> tuple[RuleReport, ...]:
    """Return the wrong rules, those of the most students first."""
    reports = []
    for each in ranked(found):
        rules = [rule(one) for one in each.rules]
        first = each.questions[0]
        reports.append(
            RuleReport(
                ids=each.rules,
                names=tuple(one.name for one in rules),
                leaves_out=tuple(one.leaves_out for one in rules),
                asks=tuple(one.question for one in rules),
                count=len(each.students),
                students=each.students,
                notebook=first[0],
                questions=tuple(grade_id for _, grade_id in each.questions),
                go_back_to=lessons.get(first, LessonPlace(first[0])).words,
            )
        )
    return tuple(reports)


def student_report(
    sheet: Sheet,
    marksheet: Marksheet,
    details: Details,
    found: list[Explained],
    seen: list[Noticed],
) -> StudentReport:
    """Return one student's part."""
    who = sheet.person.id
    notebooks = details.notebooks.get(who)
    missing = [
        name for name in marksheet.notebooks if notebooks is not None and name not in notebooks
    ]
    rules = {one for each in found if each.student == who for ideas in each.ideas for one in ideas}
    return StudentReport(
        id=who,
        name=sheet.person.name,
        section=sheet.person.section,
        submitted=sheet.submitted,
        total=sheet.total(marksheet.questions) if sheet.submitted else None,
        penalty=sheet.penalty,
        handed_in_at=shown_time(sheet.timestamp) if sheet.timestamp else "",
        hours_late=sheet.seconds_late / 3600,
        missing=tuple(missing),
        waiting=len(sheet.waiting),
        rules=tuple(sorted(rules)),
        noticed=tuple(each.title for each in seen if who in each.students),
        marks=mark_lines(sheet, marksheet, details),
        notebook_ids=dict(sheet.notebook_ids),
    )


def mark_lines(sheet: Sheet, marksheet: Marksheet, details: Details) -> tuple[MarkLine, ...]:
    """Return one student's marks, question by question."""
    lines = []
    for question in marksheet.questions:
        mark = sheet.marks.get(question.key)
        if mark is not None:
            reasons = details.notebook(sheet.person.id, question.notebook).reasons
            lines.append(
                MarkLine(
                    question.notebook,
                    question.grade_id,
                    mark.points,
                    question.points,
                    reasons.get(question.grade_id, ()),
                )
            )
    return tuple(lines)
