"""Marks and words given by hand, as formgrader gives them."""

from __future__ import annotations

from pathlib import Path

from course_builder import ASSIGNMENT


def mark_by_hand(
    root: Path, student: str, notebook: str, cell: str, points: float, words: str = ""
) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root}/gradebook.db", "tiny_course") as gradebook:
        grade = gradebook.find_grade(cell, notebook, ASSIGNMENT, student)
        grade.manual_score = points
        grade.needs_manual_grade = False
        if words:
            gradebook.find_comment(cell, notebook, ASSIGNMENT, student).manual_comment = words
        gradebook.db.commit()


def set_due(root: Path, due: str) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root}/gradebook.db", "tiny_course") as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate=due)
