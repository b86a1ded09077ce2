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
from autograder.gradebook.class_marks import ClassMarks, GradedCell, Key, StudentMarks
from autograder.gradebook.details import Details
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

_MOST_REASONS = 3
WAYS = {"read": "read", "apart": "run apart", "beside": "run beside"}


def build_report(
    class_marks: ClassMarks,
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
        class_marks: the marks.
        details: their reasons, and the answers.
        lessons: the place of each question in the lessons.
        folders: each student's folder in autograded/, to read the cells there.
        made_at: the time to show.
        settings: the settings of marking, such as `follow_through`.
        section: the section of the class that `class_marks` is about, or "" for the whole class.
        trend: the assignments of the course.
    """
    everybody = class_marks.students
    class_marks = replace(class_marks, students=tuple(s for s in everybody if not s.excused))
    asked = all_asked(details.sources)
    found, unexplained = explained(class_marks, details, asked)
    seen = noticed(class_marks, details, asked, folders)
    handed = [student_marks for student_marks in class_marks.students if student_marks.submitted]
    totals = sorted(student_marks.total(class_marks.questions) for student_marks in handed)
    submissions = {name: with_notebook(handed, details, name) for name in class_marks.notebooks}
    return Report(
        assignment=class_marks.assignment,
        section=section,
        made_at=shown_time(made_at),
        anonymous=False,
        students=len(class_marks.students),
        submitted=len(handed),
        possible=class_marks.possible,
        mean=statistics.mean(totals) if totals else None,
        median=statistics.median(totals) if totals else None,
        totals=tuple(totals),
        handed_in={name: len(students_marks) for name, students_marks in submissions.items()},
        waiting=sum(len(student_marks.waiting) for student_marks in handed),
        late=sum(s.seconds_late > 0 for s in handed) if class_marks.due else None,
        questions=tuple(
            question_report(class_marks, q, given, details, asked.get(q.key), lessons, settings)
            for q in class_marks.questions
            for given in [submissions[q.notebook]]
        ),
        rules=rule_reports(found, lessons),
        unexplained=unexplained,
        noticed=tuple(seen),
        people=tuple(student_report(s, class_marks, details, found, seen) for s in everybody),
        trend=trend,
    )


def with_notebook(
    students_marks: list[StudentMarks], details: Details, notebook: str
) -> list[StudentMarks]:
    """Return the marks of those who handed a notebook in; one without details counts."""
    return [
        student_marks
        for student_marks in students_marks
        if student_marks.person.id not in details.notebooks
        or notebook in details.notebooks[student_marks.person.id]
    ]


def explained(
    class_marks: ClassMarks, details: Details, asked: Mapping[Key, Asked]
) -> tuple[list[Explained], int]:
    """Return the wrong rules behind lost marks, and the number of answers without a known rule."""
    diagnostician, networks = Diagnostician(), by_network(asked)
    found, unexplained = [], 0
    for student_marks in class_marks.students:
        notebooks = details.notebooks.get(student_marks.person.id, {})
        mine = []
        for about in networks:
            lost = tuple(
                key for key, _ in about.asked if lost_marks(student_marks, class_marks, key)
            )
            notebook = about.asked[0][0][0]
            answers = notebooks[notebook].answers if notebook in notebooks else {}
            if not lost or not any(isinstance(answers.get(a.answer), list) for _, a in about.asked):
                continue
            one = diagnostician.explain(student_marks.person.id, about, answers)
            unexplained += one is None
            if one:
                mine.append(replace(one, questions=lost))
        decided = settled(mine)
        unexplained += len(mine) - len(decided)
        found += decided
    return found, unexplained


def lost_marks(student_marks: StudentMarks, class_marks: ClassMarks, key: Key) -> bool:
    """Return whether a student got less than the full points of a question."""
    mark = student_marks.marks.get(key)
    possible = {question.key: question.points for question in class_marks.questions}
    return mark is not None and mark.points is not None and mark.points < possible.get(key, 0.0)


def question_report(
    class_marks: ClassMarks,
    question: GradedCell,
    submissions: list[StudentMarks],
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
            class_marks,
            question,
            submissions,
            frozenset(s.person.id for s in submissions if is_blank(s, class_marks, details)),
        ),
        rows=_rows_of(question, submissions, details, asked, settings) if asked else (),
        ways=ways_to(question, submissions, details),
        reasons=() if asked else frequent_reasons(question, submissions, details),
    )


def _rows_of(
    question: GradedCell,
    submissions: list[StudentMarks],
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
        student_marks.person.id: details.notebook(
            student_marks.person.id, question.notebook
        ).answers
        for student_marks in submissions
    }
    answers = [
        (student, answer)
        for student, given in found.items()
        if (answer := given.get(asked.answer)) is not None
    ]
    return row_figures(asked, answers, paid)


def ways_to(
    question: GradedCell, submissions: list[StudentMarks], details: Details
) -> dict[str, int]:
    """Count one question's marks by the way to them."""
    found = Counter(
        details.notebook(student_marks.person.id, question.notebook).ways.get(question.grade_id, "")
        for student_marks in submissions
    )
    return {words: found[way] for way, words in WAYS.items() if found[way]}


def frequent_reasons(
    question: GradedCell, submissions: list[StudentMarks], details: Details
) -> tuple[tuple[str, int], ...]:
    """Return the most frequent first reasons of lost points that several students have."""
    lost = (
        details.notebook(each.person.id, question.notebook).reasons.get(question.grade_id, ())
        for each in submissions
        if (mark := each.marks.get(question.key)) and (mark.points or 0) < question.points
    )
    counted = Counter(reasons[0] for reasons in lost if reasons)
    return tuple(pair for pair in counted.most_common(_MOST_REASONS) if pair[1] > 1)


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
    student_marks: StudentMarks,
    class_marks: ClassMarks,
    details: Details,
    found: list[Explained],
    seen: list[Noticed],
) -> StudentReport:
    """Return one student's part."""
    who = student_marks.person.id
    notebooks = details.notebooks.get(who)
    missing = [
        name for name in class_marks.notebooks if notebooks is not None and name not in notebooks
    ]
    submitted = student_marks.submitted and not student_marks.excused
    rules = {one for each in found if each.student == who for ideas in each.ideas for one in ideas}
    return StudentReport(
        id=who,
        name=student_marks.person.name,
        section=student_marks.person.section,
        submitted=submitted,
        excused=student_marks.excused,
        total=student_marks.total(class_marks.questions) if submitted else None,
        penalty=student_marks.penalty,
        handed_in_at=shown_time(student_marks.timestamp) if student_marks.timestamp else "",
        hours_late=student_marks.seconds_late / 3600,
        missing=tuple(missing),
        waiting=len(student_marks.waiting),
        rules=tuple(sorted(rules)),
        noticed=tuple(each.title for each in seen if who in each.students),
        marks=mark_lines(student_marks, class_marks, details),
        notebook_ids=dict(student_marks.notebook_ids),
    )


def mark_lines(
    student_marks: StudentMarks, class_marks: ClassMarks, details: Details
) -> tuple[MarkLine, ...]:
    """Return one student's marks, question by question."""
    lines = []
    for question in class_marks.questions:
        mark = student_marks.marks.get(question.key)
        if mark is not None:
            reasons = details.notebook(student_marks.person.id, question.notebook).reasons
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
