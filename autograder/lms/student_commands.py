"""The commands about deadlines: `due`, `extend`, `excuse`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.course.command_options import course_option, opened
from autograder.course.course import Course, CourseError, check_assignment
from autograder.course.outcome import end, json_option
from autograder.course.times import read_duration, read_time, words_of
from autograder.lms.command_errors import plain_errors

if TYPE_CHECKING:
    from autograder.gradebook.class_marks import StudentMarks


@click.command("due")
@click.argument("assignment")
@click.argument("time", required=False)
@course_option
@json_option
@click.pass_context
def due_command(
    ctx: click.Context, assignment: str, time: str | None, root: Path | None, as_json: bool
) -> None:
    """Set or show when ASSIGNMENT is due.

    TIME is a time such as "2026-11-20 23:59 Europe/Oslo". A time without a zone is in this
    machine's time zone. Late penalties change at once.
    """
    course = opened(ctx, root)
    check_assignment(course, assignment)
    local = datetime.now().astimezone().tzinfo
    with plain_errors():
        from autograder.gradebook.read_marks import read_class_marks

        if time:
            set_due(course, assignment, time)
        due = read_class_marks(course.db_url, assignment).due
    said = f"{assignment} has no due date."
    if due:
        there = due.replace(tzinfo=UTC).astimezone(local)
        said = f"{assignment} is due at {there:%Y-%m-%d %H:%M %Z} ({due:%Y-%m-%d %H:%M} UTC)."
    end(ctx, [said], [], as_json, {"due": due and f"{due:%Y-%m-%d %H:%M:%S} UTC"})


def set_due(course: Course, assignment: str, time: str) -> None:
    """Record a due date; the assignment must have been generated."""
    from autograder.gradebook.extensions import write_due

    local = datetime.now().astimezone().tzinfo
    try:
        due = read_time(time, local) if local else read_time(time)
    except ValueError as error:
        raise CourseError(f"{error}.") from error
    try:
        write_due(course.db_url, assignment, due.replace(tzinfo=None))
    except KeyError as error:
        raise not_generated(assignment) from error


@click.command("extend")
@click.argument("student")
@click.argument("assignment")
@click.argument("length", metavar="48h")
@course_option
@json_option
@click.pass_context
def extend_command(
    ctx: click.Context,
    student: str,
    assignment: str,
    length: str,
    root: Path | None,
    as_json: bool,
) -> None:
    """Give STUDENT more time for ASSIGNMENT.

    The time is 48h, 2d, "1d 12h" and so on; 0h removes what was given. The time is added to the due
    date. It can be given before or after she hands in; late penalties change at once.
    """
    course = opened(ctx, root)
    check_assignment(course, assignment)
    try:
        more = read_duration(length)
    except ValueError as error:
        raise CourseError(f"{error}.") from error
    student_marks = changed(course, assignment, student, length=more)
    hours = student_marks.person.extra_hours
    besides = f", and {words_of(timedelta(hours=hours))} for every assignment" if hours else ""
    late = timedelta(seconds=student_marks.seconds_late)
    now = f"; she is {words_of(late)} late" if late else ""
    done = f"{student_marks.person.id} has {words_of(more)} more for {assignment}{besides}{now}."
    end(ctx, [done], [], as_json, {"seconds_late": student_marks.seconds_late})


@click.command("excuse")
@click.argument("student")
@click.argument("assignment")
@click.option("--undo", is_flag=True, help="Undo it: she has to hand in.")
@course_option
@json_option
@click.pass_context
def excuse_command(
    ctx: click.Context,
    student: str,
    assignment: str,
    undo: bool,
    root: Path | None,
    as_json: bool,
) -> None:
    """Excuse STUDENT from ASSIGNMENT.

    She gets no mark, and is not listed as missing.
    """
    course = opened(ctx, root)
    check_assignment(course, assignment)
    student_marks = changed(course, assignment, student, excused=not undo)
    word = "not excused from" if undo else "excused from"
    done = f"{student_marks.person.id} is {word} {assignment}."
    end(ctx, [done], [], as_json, {"excused": student_marks.excused})


def changed(
    course: Course,
    assignment: str,
    student: str,
    *,
    length: timedelta | None = None,
    excused: bool | None = None,
) -> StudentMarks:
    """Record an extension or excuse, update nbgrader's penalties, and return the new marks."""
    with plain_errors():
        from autograder.gradebook.extensions import write_extension
        from autograder.gradebook.penalty_column import refresh_penalties
        from autograder.gradebook.read_marks import class_marks_of

        id_ = the_student(course, student)
        try:
            write_extension(course.db_url, assignment, id_, length=length, excused=excused)
        except KeyError as error:
            raise not_generated(assignment) from error
        class_marks = class_marks_of(course, assignment)
        refresh_penalties(course.db_url, class_marks)
    return next(
        student_marks for student_marks in class_marks.students if student_marks.person.id == id_
    )


def the_student(course: Course, name: str) -> str:
    """Return the id of the one student with an id, an e-mail address or a name.

    Raises:
        CourseError: when there is no such student, or several.
    """
    from autograder.gradebook.people import alike_key as key
    from autograder.gradebook.people import gradebook_people
    from autograder.lms.identify import NOBODY, Directory, words

    directory = Directory(gradebook_people(course.db_url))
    found = directory.by_account.get(key(name), NOBODY) or directory.by_words.get(
        words(name), NOBODY
    )
    if len(found) == 1:
        return next(iter(found))
    if found:
        raise CourseError(
            f"{name!r} fits several students: {', '.join(sorted(found))}.", "give the id"
        )
    raise CourseError(
        f"There is no student {name!r} in the gradebook.", "add her with `autograder roster FILE`"
    )


def not_generated(assignment: str) -> CourseError:
    """Return the error that an assignment is not in the gradebook yet."""
    hint = f"run `autograder generate {assignment}` first"
    return CourseError(f"The gradebook has no assignment {assignment!r}.", hint)
