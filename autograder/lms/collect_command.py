"""The command `collect`: a platform's download is put into `submitted/`."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.course.command_options import course_option, opened
from autograder.course.course import check_assignment
from autograder.course.outcome import end, json_option
from autograder.lms import collecting
from autograder.lms.command_errors import plain_errors

EXISTING = click.Path(exists=True, path_type=Path)


@click.command("collect")
@click.argument("assignment")
@click.argument("downloads", nargs=-1, type=EXISTING)
@click.option(
    "--rule",
    type=click.Choice(["last", "first", "last-on-time"]),
    help="Which version counts.  [default: last, or the earlier choice]",
)
@click.option(
    "--late-by",
    metavar="48h",
    help="How late work is that a platform calls late without a time (0h: on time).",
)
@click.option("--roster", type=EXISTING, help="A roster.  [default: the gradebook's students]")
@click.option("--worksheet", type=EXISTING, help="Moodle's grading worksheet, for the times.")
@click.option("--groups", type=EXISTING, help="A table of ids and groups, for work in groups.")
@click.option(
    "--timezone", default="", metavar="NAME", help="The platform's time zone, as Europe/Oslo."
)
@click.option("--undo", is_flag=True, help="Undo the last collection.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@course_option
@json_option
@click.pass_context
def collect_command(
    ctx: click.Context,
    assignment: str,
    downloads: tuple[Path, ...],
    rule: str | None,
    late_by: str | None,
    roster: Path | None,
    worksheet: Path | None,
    groups: Path | None,
    timezone: str,
    undo: bool,
    dry_run: bool,
    root: Path | None,
    as_json: bool,
) -> None:
    """Put the submissions for ASSIGNMENT in DOWNLOADS into the course.

    DOWNLOADS are zips or folders of any platform. Every version is stored in collected/; the one
    that counts is written to submitted/. A file is accepted when it is a notebook of the assignment
    and belongs to one student. All others are listed with what to do.
    """
    course = opened(ctx, root)
    check_assignment(course, assignment)
    zone = collecting.zone_of(timezone)
    choices = collecting.chosen(course, assignment, rule, late_by)
    if not downloads and not undo and rule is None and late_by is None:
        raise click.UsageError("give a download, --rule, --late-by or --undo")
    with plain_errors():
        people = collecting.people_of(course, roster)
        if not dry_run and (rule is not None or late_by is not None):
            collecting.keep_choices(course, assignment, choices)
        if undo:
            done, left = collecting.undone(course, assignment, people, choices)
        elif not downloads:
            done, left = collecting.settled(course, assignment, people, choices)
        else:
            job = collecting.Job(
                course, assignment, people, choices, zone, worksheet, groups, dry_run
            )
            done, left = collecting.taken_in(job, downloads, quiet=as_json)
    end(ctx, done, left, as_json)
