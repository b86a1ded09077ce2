"""The same report as JSON and CSV, and links to students' notebooks."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote

from autograder.course.course import Course
from autograder.lms.tables import Cell, table_text
from autograder.report.data import Report


def as_json(report: Report) -> str:
    """Return everything in the report."""
    return json.dumps(asdict(report), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def as_csv(report: Report) -> str:
    """Return a row a student, or a row a question where the report names nobody."""
    return questions_csv(report) if report.anonymous else students_csv(report)


def students_csv(report: Report) -> str:
    """Return each student's total, marks by question, rules followed and things noticed."""
    questions = [(q.notebook, q.grade_id) for q in report.questions]
    header = ["id", "name", "submitted", "handed_in_at", "hours_late", "penalty", "total"]
    header += [f"{notebook}: {grade_id}" for notebook, grade_id in questions]
    header += ["not_handed_in", "rules", "noticed"]
    rows: list[list[Cell]] = []
    for person in report.people:
        marks = {(mark.notebook, mark.grade_id): mark.points for mark in person.marks}
        row: list[Cell] = [person.id, person.name, "yes" if person.submitted else "no"]
        row += [person.handed_in_at, person.hours_late, person.penalty, person.total]
        row += [marks.get(key) for key in questions]
        row += ["; ".join(each) for each in (person.missing, person.rules, person.noticed)]
        rows.append(row)
    return table_text(header, rows)


def questions_csv(report: Report) -> str:
    """Return each question's figures."""
    header = ["notebook", "question", "points", "submissions", "full", "partial", "none", "waiting"]
    header += ["difficulty", "discrimination"]
    rows = []
    for each in report.questions:
        f = each.figures
        row: list[Cell] = [
            each.notebook,
            each.grade_id,
            each.points,
            f.submissions,
            f.full,
            f.partial,
        ]
        rows.append([*row, f.none, f.waiting, f.difficulty, f.discrimination])
    return table_text(header, rows)


def submission_links(
    course: Course, report: Report, output: Path, formgrader: str = ""
) -> Callable[[str, str], str]:
    """Return a function that gives the address of a student's notebook, relative to `output`.

    With the address of a running formgrader, that; else the feedback page, else the marked
    notebook.
    """
    ids = {person.id: person.notebook_ids for person in report.people}
    first = next(iter(report.handed_in), "")

    def link(student: str, notebook: str) -> str:
        name = notebook or first
        if formgrader:
            id_ = ids.get(student, {}).get(name)
            return f"{formgrader.rstrip('/')}/submissions/{quote(id_)}/" if id_ else ""
        for path in (
            course.feedback(student, report.assignment) / f"{name}.html",
            course.autograded(student, report.assignment) / f"{name}.ipynb",
        ):
            if path.is_file():
                return quote(Path(os.path.relpath(path, output.parent)).as_posix())
        return ""

    return link
