"""The command `export`: marks as tables that platforms import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.course.command_options import course_option, opened
from autograder.course.course import check_assignment
from autograder.course.files import write_whole
from autograder.course.outcome import Left, counted, end, json_option
from autograder.lms.command_errors import plain_errors

if TYPE_CHECKING:
    from autograder.gradebook.class_marks import ClassMarks
    from autograder.lms.export import Unsure

EXISTING = click.Path(exists=True, path_type=Path)
OUTPUT = click.Path(dir_okay=False, path_type=Path)
GIVEN = {
    "To be marked by hand": "unmarked",
    "To be looked at": "flagged",
    "Marked before the answer changed": "stale",
}
"""What `--include` gives, by the kind of what is left."""
PLATFORMS = ("canvas", "moodle", "blackboard", "brightspace")


@click.command("export")
@click.argument("assignment")
@click.option("--canvas", type=OUTPUT, help="Write the table that Canvas's gradebook imports.")
@click.option("--moodle", type=OUTPUT, help="Write the table that Moodle's gradebook imports.")
@click.option("--blackboard", type=OUTPUT, help="Write the table that Blackboard uploads.")
@click.option("--brightspace", type=OUTPUT, help="Write the table that Brightspace imports.")
@click.option("--worksheet", type=EXISTING, help="Moodle's grading worksheet, to be filled in.")
@click.option(
    "--onto",
    type=EXISTING,
    help="A platform's exported gradebook, of which one column is filled in.",
)
@click.option("--column", help="Which column of --onto.  [default: named as ASSIGNMENT]")
@click.option("--filled", type=OUTPUT, help="Where the filled-in table is written.")
@click.option("--scale", is_flag=True, help="Scale to the platform's maximum grade.")
@click.option(
    "--by",
    type=click.Choice(["question", "notebook", "assignment"]),
    default="question",
    show_default=True,
    help="What a column holds.",
)
@click.option(
    "--include",
    multiple=True,
    type=click.Choice(["flagged", "stale", "unmarked"]),
    help="Include uncertain marks: flagged; answer changed (stale); none yet, as 0 (unmarked).",
)
@course_option
@json_option
@click.pass_context
def export_command(
    ctx: click.Context,
    /,
    assignment: str,
    worksheet: Path | None,
    onto: Path | None,
    column: str | None,
    filled: Path | None,
    scale: bool,
    by: str,
    include: tuple[str, ...],
    root: Path | None,
    as_json: bool,
    **targets: Path | None,
) -> None:
    """Write the marks of ASSIGNMENT as a platform imports them.

    The platforms are Canvas, Moodle, Blackboard and Brightspace. Uncertain marks are left empty and
    listed, and the exit status is then 1.
    """
    if bool(worksheet or onto) != bool(filled) or not (filled or any(targets.values())):
        kinds = ", ".join(f"--{name} FILE" for name in PLATFORMS)
        raise click.UsageError(f"give {kinds}, or --worksheet or --onto with --filled FILE")
    course = opened(ctx, root)
    check_assignment(course, assignment)
    with plain_errors():
        from autograder.gradebook.penalty_column import refresh_penalties
        from autograder.gradebook.read_marks import class_marks_of
        from autograder.lms import export
        from autograder.lms.exports import note_export
        from autograder.lms.left import all_left

        class_marks = class_marks_of(course, assignment)
        refresh_penalties(course.db_url, class_marks)
        unsure = frozenset(include)
        marks = export.columns(class_marks, by, unsure=unsure)  # type: ignore[arg-type] # click checked
        people = [s.person for s in class_marks.students]
        columns = counted(len(marks), "column")
        done = [f"{counted(len(people), 'student')}, {columns} of marks."]
        left: list[Left] = []
        for platform, path in targets.items():
            if path:
                table = getattr(export, f"{platform}_csv")(people, marks)
                write_whole(path, table.encode(), 0o644)
        if filled and worksheet:
            done, left = fill_worksheet(worksheet, filled, class_marks, scale, unsure)
        elif filled and onto:
            name = column or assignment
            done, left = fill_column(onto, name, filled, class_marks, scale, unsure)
        written = [path for path in (*targets.values(), filled) if path]
        note_export(course, class_marks, written)
        left += [
            thing for thing in all_left(course, class_marks) if GIVEN.get(thing.kind) not in unsure
        ]
    end(ctx, done, left, as_json, {"files": [str(path) for path in written]})


def fill_worksheet(
    worksheet: Path, filled: Path, class_marks: ClassMarks, scale: bool, unsure: Unsure
) -> tuple[list[str], list[Left]]:
    """Fill Moodle's grading worksheet; return what was done and what is left."""
    from autograder.lms.export import filled_worksheet
    from autograder.lms.worksheet import read_worksheet

    sheet = read_worksheet(worksheet, [s.person for s in class_marks.students])
    text, ids = filled_worksheet(sheet, class_marks, scale, unsure)
    write_whole(filled, text.encode(), 0o644)
    left = [
        Left("No student", row, "no student fits this row", "correct the roster's e-mail address")
        for row in sheet.strangers
    ]
    missing = sorted({s.person.id for s in class_marks.students if s.submitted} - set(sheet.owners))
    left += [no_row(worksheet, id_) for id_ in missing]
    return [f"{len(ids)} of {len(sheet.rows)} rows filled in: {filled}."], left


def fill_column(
    onto: Path, column: str, filled: Path, class_marks: ClassMarks, scale: bool, unsure: Unsure
) -> tuple[list[str], list[Left]]:
    """Fill one column of a platform's gradebook; return what was done and what is left."""
    from autograder.lms.onto_column import onto_column

    table = onto_column(onto, column, class_marks, scale, unsure)
    write_whole(filled, table.text.encode(), 0o644)
    left = [no_row(onto, id_) for id_ in table.without_row]
    return [f"{counted(len(table.filled), 'mark')} in the column {column!r}: {filled}."], left


def no_row(table: Path, student: str) -> Left:
    """Return the line that a student with marks has no row in a platform's table."""
    do = "enter her mark by hand, or download the table again"
    return Left("No row", student, f"{table.name} has no row for her", do)
