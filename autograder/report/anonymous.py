"""A report to show in class: by leaving out, not by renaming.

A new name for each student still tells who is who to those who know the marks. So whatever is about
one student is left out: names, papers, reasons, and answers to questions of one's own. (An answer
that only one student gave is in no report's rows.)
"""

from __future__ import annotations

from dataclasses import replace

from autograder.report.data import QuestionReport, Report


def anonymous(report: Report) -> Report:
    """Return the report with nothing left in it about any one student."""
    return replace(
        report,
        anonymous=True,
        people=(),
        noticed=(),
        rules=tuple(replace(each, students=()) for each in report.rules),
        questions=tuple(_question(each) for each in report.questions),
    )


def _question(question: QuestionReport) -> QuestionReport:
    """Return a question without what was written where each student's own value was due."""
    rows = (row if row.right else replace(row, commonest=()) for row in question.rows)
    return replace(question, rows=tuple(rows))
