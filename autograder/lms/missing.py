"""The students from whom nothing came."""

from __future__ import annotations

from collections.abc import Container, Iterable

from autograder.course.course import Course
from autograder.gradebook.class_marks import NoMarksError
from autograder.gradebook.people import Person
from autograder.gradebook.read_marks import read_class_marks
from autograder.lms.hand_in import Submitted


def missing(
    course: Course, assignment: str, people: Iterable[Person], handed_in: Container[str]
) -> set[str]:
    """Return the ids of those who did not hand in, without the excused."""
    try:
        class_marks = read_class_marks(course.db_url, assignment)
    except NoMarksError:  # collecting before `generate` is allowed
        excused = set()
    else:
        excused = {student.person.id for student in class_marks.students if student.excused}
    return {p.id for p in people if p.id not in handed_in and p.id not in excused}


def with_work(submitted: Submitted) -> set[str]:
    """Return the students of whom anything is collected, by this download or an earlier one."""
    store = submitted.store
    return {s for s in store.students() if any(not v.undone for v in store.history(s).versions)}
