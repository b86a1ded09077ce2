"""The command `export`: marks as the platforms import them."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.course.command_options import course_option, opened
from autograder.course.outcome import show
from autograder.lms.command_errors import plain_errors

EXISTING = click.Path(exists=True, path_type=Path)
OUTPUT = click.Path(dir_okay=False, path_type=Path)


@click.command("export")
@click.argument("assignment")
@click.option("--canvas", type=OUTPUT, help="Write the table that Canvas's gradebook imports.")
@click.option("--moodle", type=OUTPUT, help="Write the table that Moodle's gradebook imports.")
@click.option("--worksheet", type=EXISTING, help="Moodle's grading worksheet, to be filled in ...")
@click.option("--filled", type=OUTPUT, help="... and where to write it.")
@click.option("--scale", is_flag=True, help="Scale to the worksheet's maximum grade.")
@click.option(
    "--by",
    type=click.Choice(["question", "notebook", "assignment"]),
    default="question",
    show_default=True,
    help="What a column holds.",
)
@course_option
@click.pass_context
def export_command(
    ctx: click.Context,
    assignment: str,
    canvas: Path | None,
    moodle: Path | None,
    worksheet: Path | None,
    filled: Path | None,
    scale: bool,
    by: str,
    root: Path | None,
) -> None:
    """Write the marks of ASSIGNMENT as Canvas and Moodle import them.

    The exit status is 1 where marks are left empty because they are still to be given by hand.
    """
    if bool(worksheet) != bool(filled) or not (canvas or moodle or filled):
        raise click.UsageError("give --canvas FILE, --moodle FILE, or --worksheet and --filled")
    course = opened(ctx, root)
    with plain_errors():
        from autograder.course.files import write_whole
        from autograder.gradebook.marksheet import marksheet_of
        from autograder.lms import export
        from autograder.lms.tables import read_table

        marksheet = marksheet_of(course, assignment)
        people = [sheet.person for sheet in marksheet.sheets]
        marks = export.columns(marksheet, by)  # type: ignore[arg-type] # click has checked it
        texts = {}
        if canvas:
            texts[canvas] = export.canvas_csv(people, marks)
        if moodle:
            texts[moodle] = export.moodle_csv(people, marks)
        if worksheet and filled:
            texts[filled] = export.filled_worksheet(*read_table(worksheet), marksheet, scale)
        for path, text in texts.items():
            write_whole(path, text.encode(), 0o644)
    waiting = {s.person.id: s.waiting for s in marksheet.sheets if s.submitted and s.waiting}
    click.echo(f"{len(people)} students, {len(marks)} columns of marks.")
    show(
        "Left empty, still to be marked by hand",
        (f"{id_}: {', '.join(cell for _, cell in keys)}" for id_, keys in waiting.items()),
    )
    ctx.exit(1 if waiting else 0)
