"""What is left to a person in an assignment: every command that works on marks says the same.

Beside what is open in the marks (`gradebook/left.py`) these are: work that was handed in, or handed
in again, and is not marked yet; work that a platform calls late without saying by how much;
and collected files about which a person has to decide.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from autograder.course.course import Course
from autograder.course.files import RefusedFileError
from autograder.course.outcome import Left
from autograder.gradebook.class_marks import ClassMarks
from autograder.gradebook.details import read_fingerprints
from autograder.gradebook.left import left_in
from autograder.gradebook.strangers import not_on_roster
from autograder.lms.collect_left import left_open
from autograder.notebooks.fingerprint import fingerprints, handed_in

NOT_MARKED = "Not marked yet"


def all_left(
    course: Course, class_marks: ClassMarks, students: Container[str] | None = None
) -> list[Left]:
    """Return everything that is left in an assignment, for some students or for all."""
    collected = left_open(course, class_marks.assignment, class_marks)
    return [
        *not_marked(course, class_marks, students),
        *left_in(class_marks, students, course.db_url),
        *(t for t in collected if students is None or t.what.partition(":")[0] in students),
    ]


def not_marked(
    course: Course, class_marks: ClassMarks, students: Container[str] | None = None
) -> Iterator[Left]:
    """Yield the students whose present work in submitted/ is not marked."""
    assignment = class_marks.assignment
    marked = {s.person.id for s in class_marks.students if s.submitted}
    excused = {s.person.id for s in class_marks.students if s.excused}
    known = read_fingerprints(course.db_url, assignment)
    folders = course.handed_in(assignment)
    strangers = not_on_roster(course.db_url, [folder.student for folder in folders])
    for folder in folders:
        student = folder.student
        if reason := folder.refused or strangers.refused.get(student):
            if students is None or student in students:
                yield Left("Submission not marked", student, reason)
            continue
        if student in excused or (students is not None and student not in students):
            continue
        if student not in marked:
            yield _grade(assignment, student, "handed in, and not marked")
        elif _changed(course, assignment, student, known.get(student, {})):
            yield _grade(assignment, student, "handed in again since it was marked")


def _changed(course: Course, assignment: str, student: str, known: Mapping[str, str]) -> bool:
    """Tell whether a notebook is not the one that was marked, where its fingerprint is known."""
    if not known:
        return False  # stock nbgrader marked it, and keeps nothing to compare
    names = [path.stem for path in course.released(assignment).glob("*.ipynb")]
    try:
        found = fingerprints(*handed_in(course.submitted(student, assignment), names))
    except RefusedFileError:
        return False
    return found != {name: known[name] for name in names if name in known}


def _grade(assignment: str, student: str, why: str) -> Left:
    return Left(NOT_MARKED, student, why, f"autograder grade {assignment}")
