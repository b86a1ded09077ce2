"""The commands around marking: who takes the course, what was handed in, and marks handed on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from autograder.course.command_options import course_option, opened
from autograder.course.course import Course, CourseError, check_assignment

if TYPE_CHECKING:
    from autograder.gradebook.people import Person
    from autograder.lms.collect import Collected, Problem

MOST_LINES = 20
EXISTING = click.Path(exists=True, path_type=Path)
OUTPUT = click.Path(dir_okay=False, path_type=Path)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what is wrong with a file or a gradebook into the one line that the command shows."""
    import sqlalchemy as sa

    from autograder.gradebook.marksheet import NoMarksError
    from autograder.lms.downloads import DownloadError
    from autograder.lms.tables import TableError

    try:
        yield
    except (TableError, NoMarksError, DownloadError) as error:
        raise CourseError(str(error)) from error
    except sa.exc.DatabaseError as error:
        words = str(error.orig).splitlines()[0]
        raise CourseError(f"The gradebook cannot be used: {words}.") from error
    except OSError as error:
        raise CourseError(f"{error.filename or 'the file'}: {error.strerror}") from error


@click.command("roster")
@click.argument("file", type=EXISTING)
@click.option("--id-column", default="", metavar="NAME", help="The column that holds the ids.")
@course_option
@click.pass_context
def roster_command(ctx: click.Context, file: Path, id_column: str, root: Path | None) -> None:
    """Take the students in FILE into the gradebook.

    FILE is a CSV table with the column `id` (and first_name, last_name, email, lms_user_id,
    extra_hours), or what Canvas's gradebook or Moodle's grading worksheet exports. Nobody is
    removed.
    """
    course = opened(ctx, root)
    with plain_errors():
        from autograder.gradebook.people import import_roster
        from autograder.lms.roster import read_roster

        people = read_roster(file, id_column)
        change = import_roster(course.db_url, people, course.course_id)
    click.echo(
        f"{len(people)} students in {file.name}: {len(change.added)} added, "
        f"{len(change.changed)} changed."
    )
    show("In the gradebook but not in the file", change.absent)


@click.command("collect")
@click.argument("assignment")
@click.argument("downloads", nargs=-1, required=True, type=EXISTING)
@click.option("--roster", type=EXISTING, help="A roster.  [default: the gradebook's students]")
@click.option("--worksheet", type=EXISTING, help="Moodle's grading worksheet, for the times.")
@click.option("--timezone", default="", metavar="NAME", help="Moodle's, such as Europe/Oslo.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and write nothing.")
@course_option
@click.pass_context
def collect_command(
    ctx: click.Context,
    assignment: str,
    downloads: tuple[Path, ...],
    roster: Path | None,
    worksheet: Path | None,
    timezone: str,
    dry_run: bool,
    root: Path | None,
) -> None:
    """Hand in for ASSIGNMENT what DOWNLOADS hold: zips or folders from Canvas or Moodle.

    A notebook goes to submitted/ when its name leads to one student of the roster. What does not,
    or is not safe to read, is listed with the reason and left alone.
    """
    course = opened(ctx, root)
    check_assignment(course, assignment)
    well = True
    with plain_errors():
        from autograder.gradebook.people import gradebook_people
        from autograder.lms.roster import read_roster

        people = read_roster(roster) if roster else gradebook_people(course.db_url)
        if not people:
            raise CourseError(
                "The gradebook has no students.", "run `autograder roster FILE` first"
            )
        times = moodle_times(worksheet, people, timezone) if worksheet else {}
        for download in downloads:
            done = collect_from(course, assignment, download, people, times, dry_run)
            report_collected(download, done, people, dry_run)
            well = well and done.all_well
    ctx.exit(0 if well else 1)


def moodle_times(worksheet: Path, people: tuple[Person, ...], name: str) -> dict[str, datetime]:
    """Return when each student handed in, by Moodle."""
    from autograder.lms.hand_in import worksheet_times

    try:
        zone = ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise CourseError(f"There is no time zone {name!r}.", "such as Europe/Oslo") from error
    return worksheet_times(worksheet, people, zone)


def collect_from(
    course: Course,
    assignment: str,
    download: Path,
    people: tuple[Person, ...],
    times: dict[str, datetime],
    dry_run: bool,
) -> Collected:
    """Hand in what one download holds."""
    from autograder.lms.collect import Lookup, collect
    from autograder.lms.downloads import opened as opened_download
    from autograder.lms.hand_in import Shelf, Timing

    folder = course.released(assignment)
    if not any(folder.glob("*.ipynb")):
        folder = course.source(assignment)
    notebooks = frozenset(path.stem for path in folder.glob("*.ipynb"))
    timing = Timing(times, due_date(course, assignment))
    shelf = Shelf(course.root, lambda id_: course.submitted(id_, assignment), timing, dry_run)
    with opened_download(download) as items:
        return collect(items, Lookup(people, notebooks, assignment), shelf)


def due_date(course: Course, assignment: str) -> datetime | None:
    """Return the due date that the gradebook has, in UTC."""
    from autograder.gradebook.marksheet import NoMarksError, read_marksheet

    try:
        due = read_marksheet(course.db_url, assignment).due
    except NoMarksError:  # collecting before `generate` is allowed
        return None
    return due.replace(tzinfo=UTC) if due else None


def report_collected(
    download: Path, done: Collected, people: Iterable[Person], dry_run: bool
) -> None:
    """Say what came of a download, and everything that a person must look at."""
    from autograder.lms.collect import missing

    would = "would be " if dry_run else ""
    click.echo(
        f"{download.name}: {len(done.written)} notebooks {would}handed in, {len(done.unchanged)} "
        f"there already, from {len(done.students)} students."
    )
    show("Nothing from", (f"{person.id} ({person.name})" for person in missing(done, people)))
    for kind in ("refused", "stranger", "unknown", "conflict", "older", "late", "other file"):
        show(kind.capitalize(), (problem_line(p) for p in done.problems if p.kind == kind))


def problem_line(problem: Problem) -> str:
    """Return a problem as one line."""
    return f"{problem.what}: {problem.reason}"


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
        from autograder.gradebook.marksheet import read_marksheet
        from autograder.lms import export
        from autograder.lms.tables import read_table

        marksheet = read_marksheet(course.db_url, assignment, course.released(assignment))
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


def show(title: str, lines: Iterable[str]) -> None:
    """Print a list under its title, shortened where it is long, or nothing where it is empty."""
    from autograder.lms.downloads import printable  # names of files may hold a terminal's commands

    found = [printable(line) for line in lines]
    if not found:
        return
    click.echo(f"{title} ({len(found)}):")
    for line in found[:MOST_LINES]:
        click.echo(f"  {line}")
    if len(found) > MOST_LINES:
        click.echo(f"  and {len(found) - MOST_LINES} more")
