"""The command `marks`: all students' marks as a table."""

from __future__ import annotations

from collections.abc import Container, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.course.command_options import course_option, opened
from autograder.course.course import check_assignment
from autograder.course.outcome import end, json_option
from autograder.lms.command_errors import plain_errors

if TYPE_CHECKING:
    from autograder.gradebook.class_marks import ClassMarks, Key, StudentMarks

COLUMN_WIDTH = 15


@click.command("marks")
@click.argument("assignment")
@course_option
@json_option
@click.pass_context
def marks_command(ctx: click.Context, assignment: str, root: Path | None, as_json: bool) -> None:
    """Show all students' marks in ASSIGNMENT.

    Each notebook has a column. A star marks points that a person still has to give or look at.
    `late` is the late penalty, which is subtracted from the total.
    """
    course = opened(ctx, root)
    check_assignment(course, assignment)
    with plain_errors():
        from autograder.gradebook.read_marks import class_marks_of
        from autograder.lms.left import NOT_MARKED, all_left

        class_marks = class_marks_of(course, assignment)
        left = all_left(course, class_marks)
    open_ = frozenset(thing.what for thing in left if thing.kind == NOT_MARKED)
    lines = [] if as_json else table(class_marks, open_)
    end(ctx, lines, left, as_json, {"marks": facts(class_marks)})


def facts(class_marks: ClassMarks) -> dict[str, Any]:
    """Return the marks for `--json`: by student, the points, the penalty and the total."""
    return {
        student_marks.person.id: {
            "notebooks": {n: student_marks.score(class_marks.of(n)) for n in class_marks.notebooks},
            "late": student_marks.penalty,
            "total": student_marks.total(class_marks.questions),
            "possible": class_marks.possible,
            "excused": student_marks.excused,
        }
        for student_marks in class_marks.students
        if student_marks.submitted or student_marks.excused
    }


def table(class_marks: ClassMarks, not_marked: Container[str] = ()) -> Iterable[str]:
    """Yield the lines of the table, the students in the order of their ids."""
    notebooks = class_marks.notebooks
    width = max((len(s.person.id) for s in class_marks.students), default=0) + 10
    possible = [sum(q.points for q in class_marks.of(name)) for name in notebooks]
    late = any(student_marks.penalty for student_marks in class_marks.students)
    names = [*notebooks, *(["late"] if late else []), "total"]
    yield "".ljust(width) + "".join(f"{name:>{COLUMN_WIDTH}}" for name in names)
    yield _line("possible", width, [*possible, *([0.0] if late else []), class_marks.possible])
    for student_marks in sorted(
        class_marks.students, key=lambda student_marks: student_marks.person.id
    ):
        if student_marks.excused:
            yield f"{student_marks.person.id:<{width}}excused"
        elif student_marks.submitted:
            scores = [student_marks.score(class_marks.of(name)) for name in notebooks]
            scores += [-student_marks.penalty] if late else []
            scores.append(student_marks.total(class_marks.questions))
            stars = ["*"] * (len(notebooks) + 1)
            if student_marks.person.id not in not_marked:
                stars = _stars(student_marks, notebooks)
            yield _line(
                student_marks.person.id, width, scores, [*stars[:-1], *" " * late, stars[-1]]
            )
        else:
            words = (
                "not marked yet" if student_marks.person.id in not_marked else "nothing handed in"
            )
            yield f"{student_marks.person.id:<{width}}{words}"


def _stars(student_marks: StudentMarks, notebooks: Iterable[str]) -> list[str]:
    """Return a star for each notebook with an answer that still waits for a person."""
    open_: list[Key] = [*student_marks.waiting, *student_marks.flagged, *student_marks.stale]
    waiting = {notebook for notebook, _ in open_}
    return ["*" if name in waiting else " " for name in notebooks] + ["*" if waiting else " "]


def _line(name: str, width: int, points: list[float], stars: list[str] | None = None) -> str:
    """Return one row of the table."""
    marks = zip(points, stars or [" "] * len(points), strict=True)
    return name.ljust(width) + "".join(f"{p + 0:>{COLUMN_WIDTH - 1}.4g}{star}" for p, star in marks)
