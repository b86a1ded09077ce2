"""The command `feedback`: pages for students, also in the forms that platforms accept."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.course.command_options import (
    course_option,
    opened,
    processes_option,
    students_option,
)
from autograder.course.outcome import Left, counted, end, json_option

if TYPE_CHECKING:
    from autograder.course.course import Course
    from autograder.feedback.hand_back import Returned
    from autograder.feedback.make import Done
    from autograder.feedback.write import Made


@click.command("feedback")
@click.argument("assignment")
@course_option
@students_option("Make only the pages of")
@click.option("--force", is_flag=True, help="Make unchanged pages again.")
@processes_option
@click.option(
    "--moodle",
    type=click.Path(dir_okay=False, path_type=Path),
    help='Also write the zip for Moodle\'s "Upload multiple feedback files in a zip".',
)
@click.option(
    "--canvas",
    type=click.Path(file_okay=False, path_type=Path),
    help='Also write a folder of files for Canvas\'s "Upload Submissions" (zip it first).',
)
@json_option
@click.pass_context
def feedback_command(
    ctx: click.Context,
    assignment: str,
    root: Path | None,
    students: tuple[str, ...],
    force: bool,
    processes: int,
    moodle: Path | None,
    canvas: Path | None,
    as_json: bool,
) -> None:
    """Write the pages of ASSIGNMENT for students.

    A student's first page is feedback/STUDENT/ASSIGNMENT/index.html. Only what changed is made
    again. `nbgrader release_feedback` and formgrader go on from there. The exit status is 1 while a
    mark on the pages can still change: they say so themselves.
    """
    course = opened(ctx, root)
    from autograder.feedback.make import make_feedback
    from autograder.gradebook.read_marks import class_marks_of
    from autograder.lms.left import all_left

    bar: list[Any] = []

    def show(done: Done, made: Made | None) -> None:
        if made is None:
            from tqdm import tqdm

            bar.append(tqdm(total=done.total, unit="student", disable=not sys.stderr.isatty()))
        else:
            bar[0].update()

    try:
        done = make_feedback(
            course,
            assignment,
            force=force,
            students=frozenset(students),
            processes=processes,
            each=show,
        )
    finally:
        for each in bar:
            each.close()
    lines, left = returned(course, assignment, done.students, moodle, canvas)
    left += [Left("No pages", who, why) for who, why in done.failed.items()]
    left += all_left(course, class_marks_of(course, assignment), students or None)
    end(ctx, [*lines_of(done), *lines], left, as_json)


def lines_of(done: Done) -> list[str]:
    """Return the lines that say what was done."""
    unchanged = f", {done.unchanged} unchanged" if done.unchanged else ""
    return [f"{done.made} of {done.total} students: {counted(done.pages, 'page')} made{unchanged}."]


def returned(
    course: Course,
    assignment: str,
    students: tuple[str, ...],
    moodle: Path | None,
    canvas: Path | None,
) -> tuple[list[str], list[Left]]:
    """Write the pages in the platforms' forms; return what was done, and the students left out."""
    from autograder.feedback.hand_back import for_canvas, for_moodle, write_folder, write_zip

    lines: list[str] = []
    left: list[Left] = []
    platforms = (moodle, for_moodle, write_zip), (canvas, for_canvas, write_folder)
    for target, files_for, write in platforms:
        if target:
            back = files_for(course, assignment, students)
            if back.files:
                write(target, back.files)
            lines.append(said_of(target, back))
            left += back.left
    return lines, left


def said_of(target: Path, back: Returned) -> str:
    """Say what was written; nothing is, where no student's name in the download is known."""
    if not back.files:
        return f"{target} was not written: no student's work came from a download of this platform."
    return f"{target}: {counted(len(back.files), 'file')}."
