"""The command `roster`: reads the list of students into the gradebook."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.course.command_options import course_option, opened
from autograder.course.outcome import Left, counted, end, json_option, show
from autograder.lms.command_errors import plain_errors


@click.command("roster")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--id-column", default="", metavar="NAME", help="The column that holds the ids.")
@course_option
@json_option
@click.pass_context
def roster_command(
    ctx: click.Context, file: Path, id_column: str, root: Path | None, as_json: bool
) -> None:
    """Add the students in FILE to the gradebook.

    FILE is a CSV table with the column `id` (and first_name, last_name, email, lms_user_id,
    extra_hours, section, group), or what Canvas, Moodle, Blackboard, Brightspace or Google
    Classroom exports. Rows that cannot be used are listed. Nobody is removed.
    """
    course = opened(ctx, root)
    with plain_errors():
        from autograder.gradebook.people import gradebook_people, import_roster
        from autograder.lms.merge import merged
        from autograder.lms.roster import read_roster

        roster = read_roster(file, id_column)
        people, same = merged(roster.people, gradebook_people(course.db_url))
        change = import_roster(course.db_url, people, course.course_id)
    left = [
        Left("Left out", file.name, why, "correct it and import again") for why in roster.left_out
    ]
    if not as_json:
        show("The same student under another id", same)
        show("In the gradebook but not in the file", change.absent)
    done = (
        f"{counted(len(people), 'student')} in {file.name}: {len(change.added)} added, "
        f"{len(change.changed)} changed."
    )
    facts = {"added": change.added, "changed": change.changed, "absent": change.absent}
    end(ctx, [done], left, as_json, facts)
