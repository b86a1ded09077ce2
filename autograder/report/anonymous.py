"""The report without anything about a single student, to be shown in class.

New names for the students would not be enough: anybody who knows the marks would recognise them. So
names, submissions, reasons and answers to individual questions are left out. (The table of rows
never shows an answer that only one student gave.)
"""

from __future__ import annotations

from dataclasses import replace

from autograder.report.data import QuestionReport, Report


def anonymous(report: Report) -> Report:
    """Return the report without anything about a single student."""
    return replace(
        report,
        anonymous=True,
        people=(),
        noticed=(),
        rules=tuple(replace(each, students=()) for each in report.rules),
        questions=tuple(_question(each) for each in report.questions),
    )


def _question(question: QuestionReport) -> QuestionReport:
    """Return a question without reasons, and without answers to rows that differ by student."""
    rows = (row if row.right else replace(row, commonest=()) for row in question.rows)
    return replace(question, rows=tuple(rows), reasons=())
