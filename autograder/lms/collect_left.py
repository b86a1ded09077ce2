"""What collecting left to a person, as long as it is open."""

from __future__ import annotations

from autograder.course.course import Course
from autograder.course.outcome import Left
from autograder.gradebook.class_marks import ClassMarks
from autograder.lms.collecting import chosen, submitted_of
from autograder.lms.hand_in import FolderError
from autograder.lms.open_files import conflicts, unassigned, unlabelled
from autograder.lms.to_decide import late_problem


def left_open(course: Course, assignment: str, class_marks: ClassMarks) -> list[Left]:
    """Return what collecting left to a person; nothing is written.

    These are files of nobody, files to choose from, notebooks without labels, and late work
    without a time.
    """
    people = tuple(student_marks.person for student_marks in class_marks.students)
    submitted = submitted_of(course, assignment, people, chosen(course, assignment), dry_run=True)
    left = unassigned(submitted, people)
    for student in submitted.store.students():
        try:
            history = submitted.known(student)
        except FolderError as error:
            left.append(Left("Refused", student, str(error)))
            continue
        left += conflicts(submitted, student, history)
        left += unlabelled(submitted, student, history)
        if submitted.lateness_unknown(student, history):
            problem = late_problem(submitted, student)
            left.append(Left("Lateness unknown", student, problem.reason, problem.do))
    return left
