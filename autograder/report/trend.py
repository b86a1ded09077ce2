"""The assignments of a course one after the other, and one section of a class."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import replace

from autograder.course.course import CourseError
from autograder.gradebook.class_marks import ClassMarks
from autograder.gradebook.details import Details
from autograder.report.data import TrendLine


def trend(by_assignment: Iterable[ClassMarks]) -> tuple[TrendLine, ...]:
    """Return a line for each assignment, in the order of their due dates, then of their names."""
    dated = sorted(by_assignment, key=lambda m: (m.due is None, str(m.due), m.assignment))
    return tuple(_line(class_marks) for class_marks in dated)


def _line(class_marks: ClassMarks) -> TrendLine:
    handed = [
        student_marks
        for student_marks in class_marks.students
        if student_marks.submitted and not student_marks.excused
    ]
    totals = [student_marks.total(class_marks.questions) for student_marks in handed]
    known = bool(totals and class_marks.possible)
    return TrendLine(
        assignment=class_marks.assignment,
        students=sum(not student_marks.excused for student_marks in class_marks.students),
        submitted=len(handed),
        waiting=sum(len(student_marks.waiting) for student_marks in handed),
        mean=statistics.mean(totals) / class_marks.possible if known else None,
    )


def of_section(class_marks: ClassMarks, section: str) -> ClassMarks:
    """Return the marks of one section of the class.

    Raises:
        CourseError: when nobody is in it.
    """
    students_marks = tuple(
        student_marks
        for student_marks in class_marks.students
        if student_marks.person.section == section
    )
    if not students_marks:
        names = sorted(
            {student_marks.person.section for student_marks in class_marks.students} - {""}
        )
        hint = f"sections here: {', '.join(names)}" if names else "the roster has no sections"
        raise CourseError(f"Nobody is in the section {section!r}.", hint)
    return replace(class_marks, students=students_marks)


def details_of(details: Details, class_marks: ClassMarks) -> Details:
    """Return the details of the students in these class marks alone."""
    who = {student_marks.person.id for student_marks in class_marks.students}
    return Details({id_: d for id_, d in details.notebooks.items() if id_ in who}, details.sources)
