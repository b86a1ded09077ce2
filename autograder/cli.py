"""The `autograder` command: it registers the commands of the packages.

The exit status is 0 when nothing is left for a person to do, 1 when something is, 2 for a wrong
command or course, and 130 after Ctrl-C.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from autograder.authoring.command import question_command
from autograder.authoring.release_command import check_command, generate_command
from autograder.authoring.sample_command import sample_command
from autograder.course.commands import handout_command, init_command
from autograder.course.course import CourseError
from autograder.feedback.command import feedback_command
from autograder.lms.collect_command import collect_command
from autograder.lms.course_commands import remove_command, rename_command, student_command
from autograder.lms.export_command import export_command
from autograder.lms.marks_table import marks_command
from autograder.lms.roster_command import roster_command
from autograder.lms.student_commands import due_command, excuse_command, extend_command
from autograder.marking.command import grade_command
from autograder.report.command import report_command
from autograder.report.status_command import status_command
from autograder.site.command import site_command

_STOPPED = 130


class _Group(click.Group):
    """Prints a problem with a course as one line and a hint, and sets the exit status.

    Commands are listed in the order in which a course uses them.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CourseError as error:
            click.echo(f"autograder: {error}", err=True)
            if error.hint:
                click.echo(f"hint: {error.hint}", err=True)
            ctx.exit(2)
        except KeyboardInterrupt:
            click.echo("autograder: stopped", err=True)
            ctx.exit(_STOPPED)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--course",
    "root",
    type=click.Path(path_type=Path),
    help="The course's folder, where nbgrader_config.py is.  [default: the working directory]",
)
@click.version_option(package_name="stridewise")
@click.pass_context
def main(ctx: click.Context, root: Path | None) -> None:
    """Make assignments, mark submissions, and show what a class got wrong.

    The exit status is 0 when nothing is left for a person to do, 1 when something is, 2 for a
    wrong command or course.
    """
    ctx.obj = root


for command in (
    init_command,
    question_command,
    check_command,
    generate_command,
    handout_command,
    sample_command,
    roster_command,
    due_command,
    extend_command,
    excuse_command,
    collect_command,
    grade_command,
    marks_command,
    feedback_command,
    report_command,
    export_command,
    status_command,
    student_command,
    rename_command,
    remove_command,
    site_command,
):
    main.add_command(command)
