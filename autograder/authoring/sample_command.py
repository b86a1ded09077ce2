"""The command `sample`: a made-up class of twelve, to try grading."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.course.command_options import course_option, opened
from autograder.course.course import CourseError, check_assignment
from autograder.course.outcome import end, json_option
from autograder.lms.command_errors import plain_errors


@click.command("sample")
@click.argument("assignment", default="padding_and_stride")
@course_option
@json_option
@click.pass_context
def sample_command(ctx: click.Context, assignment: str, root: Path | None, as_json: bool) -> None:
    """Write the submissions of a made-up class of twelve.

    Each has a different mistake. Nothing is done where there are submissions already.
    """
    from autograder.authoring.sample_class import ASSIGNMENT, CLASS, people, write_class
    from autograder.gradebook.people import import_roster

    course = opened(ctx, root)
    check_assignment(course, assignment)
    if assignment != ASSIGNMENT:
        end(ctx, [f"No sample class: it answers {ASSIGNMENT} only."], [], as_json)
    if not any(course.released(assignment).glob("*.ipynb")):
        raise CourseError(
            f"{assignment} has no lessons yet.", f"run `autograder generate {assignment}` first"
        )
    try:
        write_class(course, assignment)
    except FileExistsError as error:
        end(ctx, [f"No sample class: {error}."], [], as_json)
    with plain_errors():
        import_roster(course.db_url, people(), course.course_id)
    end(ctx, [f"{student.student_id:<6}{student.story}" for student in CLASS], [], as_json)
