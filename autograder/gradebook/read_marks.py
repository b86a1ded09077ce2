"""Reading all students' marks in one assignment from nbgrader's gradebook.

Reports and exports ask this, so they agree with formgrader to the point. Nothing is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from autograder.course.course import Course
from autograder.gradebook.class_marks import (
    ClassMarks,
    GivenMark,
    GradedCell,
    Key,
    NoMarksError,
    StudentMarks,
)
from autograder.gradebook.database import connected
from autograder.gradebook.extensions import Extension, read_extensions
from autograder.gradebook.penalties import Penalty, late_penalty
from autograder.gradebook.people import Person, gradebook_people, is_there
from autograder.gradebook.question_order import question_order
from autograder.gradebook.tables import (
    ASSIGNMENT,
    CELL,
    GRADE,
    GRADE_CELL,
    HANDED,
    NOTEBOOK,
    SUBMITTED,
    TASK_CELL,
)


def class_marks_of(course: Course, assignment: str) -> ClassMarks:
    """Read an assignment's marks in a course, with late penalties by its present configuration.

    Raises:
        NoMarksError: as `read_class_marks` does.
    """
    rule = late_penalty(course)
    return read_class_marks(course.db_url, assignment, course.released(assignment), rule)


def read_class_marks(
    db_url: str, assignment: str, released: Path | None = None, penalty: Penalty | None = None
) -> ClassMarks:
    """Read an assignment's marks; the order of questions is that of the notebooks in `released`.

    `penalty` computes the late penalty from the present marks. Where it is None, the penalty is
    the one that nbgrader has recorded.

    Raises:
        NoMarksError: when there is no gradebook, or the assignment is not in it.
    """
    first = f"run `autograder generate {assignment}` first"
    if not is_there(db_url):
        raise NoMarksError(f"there is no gradebook yet; {first}")
    people = gradebook_people(db_url)
    try:
        with connected(db_url) as db:
            found = db.execute(sa.select(ASSIGNMENT).where(ASSIGNMENT.c.name == assignment)).first()
            if found is None:
                raise NoMarksError(f"the gradebook has no assignment {assignment!r}; {first}")
            questions = _questions(db, found.id)
            students_marks = tuple(_students_marks(db, found.id, found.duedate, people))
            if penalty:
                students_marks = tuple(
                    _late(student_marks, questions, penalty) for student_marks in students_marks
                )
    except sa.exc.SQLAlchemyError as error:
        raise NoMarksError(f"the gradebook cannot be read: {str(error).splitlines()[0]}") from error
    place = question_order(released) if released else {}
    last = len(place)
    ordered = sorted(questions, key=lambda q: (q.notebook, place.get(q.key, last)))
    return ClassMarks(assignment, found.duedate, tuple(ordered), students_marks)


def _questions(db: sa.Connection, assignment_id: str) -> list[GradedCell]:
    """Read the graded cells; one that is also a solution, or a task, is marked by hand."""
    here = NOTEBOOK.c.assignment_id == assignment_id
    cells = sa.select(CELL.c.id, CELL.c.name, CELL.c.type, NOTEBOOK.c.name.label("notebook"))
    cells = cells.join_from(CELL, NOTEBOOK, NOTEBOOK.c.id == CELL.c.notebook_id).where(here)
    rows = db.execute(cells).all()
    points = {
        row.id: row.max_score for t in (GRADE_CELL, TASK_CELL) for row in db.execute(t.select())
    }
    written = {(row.notebook, row.name) for row in rows if row.type == "SolutionCell"}
    return [
        GradedCell(
            r.notebook,
            r.name,
            points[r.id],
            r.type == "TaskCell" or (r.notebook, r.name) in written,
        )
        for r in rows
        if r.id in points
    ]


def _late(
    student_marks: StudentMarks, questions: Iterable[GradedCell], penalty: Penalty
) -> StudentMarks:
    """Compute the late penalty of each notebook, from 0 to its score."""
    if not student_marks.seconds_late:
        return replace(student_marks, penalties={})
    lost = {}
    for name in student_marks.notebook_ids:
        score = student_marks.score([q for q in questions if q.notebook == name])
        asked = penalty(student_marks.person.id, score, student_marks.seconds_late) or 0.0
        lost[name] = min(max(asked, 0.0), score)
    return replace(student_marks, penalties=lost)


def _students_marks(
    db: sa.Connection, assignment_id: str, due: datetime | None, people: Iterable[Person]
) -> Iterable[StudentMarks]:
    """Read the marks of each student of the course, with or without a submission.

    A student's deadline is the due date plus her extra time plus her extension; nbgrader's own
    extension counts where it has one.
    """
    handed = {
        row.student_id: row
        for row in db.execute(HANDED.select().where(HANDED.c.assignment_id == assignment_id))
    }
    given = read_extensions(db, assignment_id)
    notebooks = _submitted_notebooks(db, assignment_id)
    marks = _marks(db, assignment_id)
    for person in people:
        row = handed.get(person.id)
        own = given.get(person.id, Extension())
        longer = (row.extension if row else None) or own.length
        student_marks = StudentMarks(person, extension=longer, excused=own.excused)
        if row:
            mine = notebooks[row.id]
            student_marks = replace(
                student_marks,
                submitted=True,
                timestamp=row.timestamp,
                seconds_late=_seconds_late(person, row.timestamp, due, longer),
                marks=marks[row.id],
                penalties={n: found.late_submission_penalty or 0.0 for n, found in mine.items()},
                notebook_ids={name: found.id for name, found in mine.items()},
            )
        yield student_marks


def _seconds_late(
    person: Person, handed_in: datetime | None, due: datetime | None, longer: timedelta
) -> float:
    """Return the seconds after a student's own deadline; 0 where there is none."""
    if not due or not handed_in:
        return 0.0
    allowed = due + longer + timedelta(hours=person.extra_hours or 0.0)
    return max(0.0, (handed_in - allowed).total_seconds())


def _submitted_notebooks(
    db: sa.Connection, assignment_id: str
) -> Mapping[str, dict[str, sa.Row[Any]]]:
    """Read the submitted notebooks: by submission, then by name."""
    query = sa.select(SUBMITTED, NOTEBOOK.c.name).join_from(
        SUBMITTED, NOTEBOOK, NOTEBOOK.c.id == SUBMITTED.c.notebook_id
    )
    found: dict[str, dict[str, sa.Row[Any]]] = defaultdict(dict)
    for row in db.execute(query.where(NOTEBOOK.c.assignment_id == assignment_id)):
        found[row.assignment_id][row.name] = row
    return found


def _marks(db: sa.Connection, assignment_id: str) -> Mapping[str, dict[Key, GivenMark]]:
    """Read the marks: by submission, then by question; the score is nbgrader's own."""
    names = (
        SUBMITTED.c.assignment_id,
        NOTEBOOK.c.name.label("notebook"),
        CELL.c.name.label("cell"),
    )
    query = (
        sa.select(GRADE, *names)
        .join_from(GRADE, SUBMITTED, SUBMITTED.c.id == GRADE.c.notebook_id)
        .join(NOTEBOOK, NOTEBOOK.c.id == SUBMITTED.c.notebook_id)
        .join(CELL, CELL.c.id == GRADE.c.cell_id)
        .where(NOTEBOOK.c.assignment_id == assignment_id)
    )
    found: dict[str, dict[Key, GivenMark]] = defaultdict(dict)
    for row in db.execute(query):
        points = row.auto_score if row.manual_score is None else row.manual_score
        if points is not None:
            points += row.extra_credit or 0.0
        found[row.assignment_id][row.notebook, row.cell] = GivenMark(
            points, row.needs_manual_grade, row.manual_score is not None
        )
    return found
