"""What collecting left to a person, as long as it is open."""

from __future__ import annotations

from autograder.course.course import Course
from autograder.course.outcome import Left
from autograder.gradebook.marksheet import Marksheet
from autograder.lms.collect import late_problem
from autograder.lms.collecting import chosen, submitted_of
from autograder.lms.hand_in import FolderError, Submitted
from autograder.lms.versions import History


def left_open(course: Course, assignment: str, marksheet: Marksheet) -> list[Left]:
    """Return what collecting left to a person: late work without a time, and files to choose from.

    Nothing is written.
    """
    people = tuple(sheet.person for sheet in marksheet.sheets)
    submitted = submitted_of(course, assignment, people, chosen(course, assignment), dry_run=True)
    left = []
    for student in submitted.store.students():
        try:
            history = submitted.known(student)
        except FolderError as error:
            left.append(Left("Refused", student, str(error)))
            continue
        left += conflicts(submitted, student, history)
        if submitted.lateness_unknown(student, history):
            problem = late_problem(student)
            left.append(Left("Late", student, problem.reason, problem.do))
    return left


def conflicts(submitted: Submitted, student: str, history: History) -> list[Left]:
    """Return the notebooks of which several files have the same time, and none was chosen yet."""
    left = []
    for notebook in history.notebooks:
        unclear = [v for v in history.of(notebook) if v.unclear]
        counts = submitted.counts(student, history, notebook)
        latest = max((v.moment for v in unclear), default=None)
        if latest and not (counts and (counts.by_hand or counts.moment > latest)):
            files = ", ".join(v.source for v in unclear)
            why = f"{len(unclear)} different files with the same time: {files}"
            do = f"put the right one into submitted/ as {notebook}.ipynb; all are in collected/"
            left.append(Left("Conflict", f"{student}: {notebook}", why, do))
    return left
