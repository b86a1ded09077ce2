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
    from autograder.gradebook.class_marks import ClassMarks, StudentMarks
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
    """Write a page on what the class did in ASSIGNMENT.

    JSON and CSV are written beside it. The exit status is 1 while a mark in it can still change.
    """
    if formgrader and not formgrader.startswith(("http://", "https://")):
        raise click.UsageError("--formgrader takes an address that starts with http:// or https://")
    course = opened(ctx, root)
    target = output or course.root / "report.html"
    with plain_errors():
        from autograder.gradebook.read_marks import class_marks_of
        from autograder.lms.left import all_left

        report = read_report(course, assignment, section)
        files = [str(p) for p in write_report(course, report, target, anonymous, formgrader)]
        left = all_left(course, class_marks_of(course, assignment))
    end(ctx, files, left, as_json, {"files": files})


def read_report(course: Course, assignment: str, section: str = "") -> Report:
    """Read everything about an assignment and put its report together."""
    from autograder.feedback.places import places
    from autograder.gradebook.details import read_details
    from autograder.gradebook.read_marks import class_marks_of
    from autograder.report.build import build_report
    from autograder.report.trend import details_of, of_section, trend

    released = course.released(assignment)
    class_marks = class_marks_of(course, assignment)
    all_ = [*_other_assignments(course, assignment), class_marks]
    if section:
        class_marks = of_section(class_marks, section)
        all_ = [replace(m, students=_those(m, section)) for m in all_]
    details = details_of(read_details(course.db_url, assignment), class_marks)
    ids = [
        student_marks.person.id for student_marks in class_marks.students if student_marks.submitted
    ]
    folders = {id_: course.autograded(id_, assignment) for id_ in ids}
    now = datetime.now().astimezone()
    return build_report(
        class_marks,
        details,
        places(released),
        folders,
        now,
        course.settings,
        section=section,
        trend=trend(all_),
    )


def _other_assignments(course: Course, assignment: str) -> Iterator[ClassMarks]:
    """Yield the marks of the course's other assignments, where somebody handed in."""
    from autograder.gradebook.class_marks import NoMarksError
    from autograder.gradebook.read_marks import class_marks_of
    from autograder.lms.course_commands import assignments_of

    for name in assignments_of(course):
        if name == assignment:
            continue
        try:
            class_marks = class_marks_of(course, name)
        except NoMarksError:  # not generated yet
            continue
        if any(student_marks.submitted for student_marks in class_marks.students):
            yield class_marks


def _those(class_marks: ClassMarks, section: str) -> tuple[StudentMarks, ...]:
    return tuple(
        student_marks
        for student_marks in class_marks.students
        if student_marks.person.section == section
    )


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
