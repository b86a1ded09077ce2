"""The command `report`: a page, and the same data as JSON and CSV."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.course.command_options import course_option, opened
from autograder.course.outcome import end, json_option
from autograder.lms.command_errors import plain_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograder.course.course import Course
    from autograder.gradebook.marksheet import Marksheet, Sheet
    from autograder.report.data import Report


@click.command("report")
@click.argument("assignment")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the page.  [default: report.html in the course]",
)
@click.option("--section", default="", metavar="NAME", help="Only the students of this section.")
@click.option("--anonymous", is_flag=True, help="Leave out everything about single students.")
@click.option(
    "--formgrader", default="", metavar="URL", help="Link submissions to a running formgrader."
)
@course_option
@json_option
@click.pass_context
def report_command(
    ctx: click.Context,
    assignment: str,
    output: Path | None,
    section: str,
    anonymous: bool,
    formgrader: str,
    root: Path | None,
    as_json: bool,
) -> None:
    """Show what the class did in ASSIGNMENT: one page, with JSON and CSV beside it.

    The exit status is 1 while a mark in it can still change.
    """
    if formgrader and not formgrader.startswith(("http://", "https://")):
        raise click.UsageError("--formgrader takes an address that starts with http:// or https://")
    course = opened(ctx, root)
    target = output or course.root / "report.html"
    with plain_errors():
        from autograder.gradebook.read_marks import marksheet_of
        from autograder.lms.left import all_left

        report = read_report(course, assignment, section)
        files = [str(p) for p in write_report(course, report, target, anonymous, formgrader)]
        left = all_left(course, marksheet_of(course, assignment))
    end(ctx, files, left, as_json, {"files": files})


def read_report(course: Course, assignment: str, section: str = "") -> Report:
    """Read everything about an assignment and put its report together."""
    from autograder.feedback.places import places
    from autograder.gradebook.details import read_details
    from autograder.gradebook.read_marks import marksheet_of
    from autograder.report.build import build_report
    from autograder.report.trend import details_of, of_section, trend

    released = course.released(assignment)
    marksheet = marksheet_of(course, assignment)
    all_ = [*_other_marksheets(course, assignment), marksheet]
    if section:
        marksheet = of_section(marksheet, section)
        all_ = [replace(m, sheets=_those(m, section)) for m in all_]
    details = details_of(read_details(course.db_url, assignment), marksheet)
    ids = [sheet.person.id for sheet in marksheet.sheets if sheet.submitted]
    folders = {id_: course.autograded(id_, assignment) for id_ in ids}
    now = datetime.now().astimezone()
    return build_report(
        marksheet,
        details,
        places(released),
        folders,
        now,
        course.settings,
        section=section,
        trend=trend(all_),
    )


def _other_marksheets(course: Course, assignment: str) -> Iterator[Marksheet]:
    """Yield the marks of the course's other assignments, where somebody handed in."""
    from autograder.gradebook.marksheet import NoMarksError
    from autograder.gradebook.read_marks import marksheet_of
    from autograder.lms.course_commands import assignments_of

    for name in assignments_of(course):
        if name == assignment:
            continue
        try:
            marksheet = marksheet_of(course, name)
        except NoMarksError:  # not generated yet
            continue
        if any(sheet.submitted for sheet in marksheet.sheets):
            yield marksheet


def _those(marksheet: Marksheet, section: str) -> tuple[Sheet, ...]:
    return tuple(sheet for sheet in marksheet.sheets if sheet.person.section == section)


def write_report(
    course: Course, report: Report, target: Path, hide: bool, formgrader: str
) -> list[Path]:
    """Write the page and its data; return the files."""
    from autograder.course.files import write_whole
    from autograder.report.anonymous import anonymous
    from autograder.report.files import as_csv, as_json, submission_links
    from autograder.report.html_page import page

    shown = anonymous(report) if hide else report
    link = submission_links(course, shown, target.resolve(), formgrader)
    texts = {
        target: page(shown, link),
        target.with_suffix(".json"): as_json(shown),
        target.with_suffix(".csv"): as_csv(shown),
    }
    for path, text in texts.items():
        write_whole(path, text.encode("utf-8", "replace"), 0o644)
    return list(texts)
