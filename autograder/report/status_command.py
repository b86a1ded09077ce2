"""The command `status`."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.course.command_options import course_option, opened
from autograder.course.course import check_assignment
from autograder.course.outcome import end, json_option
from autograder.lms.command_errors import plain_errors


@click.command("status")
@click.argument("assignment")
@course_option
@json_option
@click.pass_context
def status_command(ctx: click.Context, assignment: str, root: Path | None, as_json: bool) -> None:
    """Show what is done for ASSIGNMENT and what to do next.

    It also says what is out of date. The exit status is 0 when nothing is next.
    """
    course = opened(ctx, root)
    check_assignment(course, assignment)
    with plain_errors():
        from autograder.report.status import status_of

        status = status_of(course, assignment)
    done = [assignment, *(f"  {line}" for line in status.lines), f"next: {status.next}"]
    end(ctx, done, status.left, as_json, {"next": status.next})
