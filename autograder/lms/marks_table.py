"""The command `marks`: everyone's marks as a table."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.course.command_options import course_option, opened
from autograder.course.course import check_assignment
from autograder.lms.command_errors import plain_errors

if TYPE_CHECKING:
    from autograder.gradebook.marksheet import Marksheet, Sheet

COLUMN_WIDTH = 15


@click.command("marks")
@click.argument("assignment")
@course_option
@click.pass_context
def marks_command(ctx: click.Context, assignment: str, root: Path | None) -> None:
    """Show everyone's marks in ASSIGNMENT, a column a notebook.

    A mark with a star waits for a person to mark a written answer; it can still rise.
    """
    course = opened(ctx, root)
    check_assignment(course, assignment)
    with plain_errors():
        from autograder.gradebook.marksheet import marksheet_of

        sheet = marksheet_of(course, assignment)
    for line in table(sheet):
        click.echo(line)


def table(marksheet: Marksheet) -> Iterable[str]:
    """Yield the lines of the table, the students in the order of their ids."""
    notebooks = marksheet.notebooks
    width = max((len(s.person.id) for s in marksheet.sheets), default=0) + 2
    possible = [sum(q.points for q in marksheet.of(name)) for name in notebooks]
    yield "".ljust(width) + "".join(f"{name:>{COLUMN_WIDTH}}" for name in [*notebooks, "total"])
    yield _line("possible", width, [*possible, marksheet.possible])
    for sheet in sorted(marksheet.sheets, key=lambda sheet: sheet.person.id):
        if sheet.submitted:
            scores = [sheet.score(marksheet.of(name)) for name in notebooks]
            scores.append(sheet.total(marksheet.questions))
            yield _line(sheet.person.id, width, scores, _stars(sheet, notebooks))
        else:
            yield f"{sheet.person.id:<{width}}nothing handed in"


def _stars(sheet: Sheet, notebooks: Iterable[str]) -> list[str]:
    """Mark the columns in which an answer still waits for a person."""
    waiting = {notebook for notebook, _ in sheet.waiting}
    return ["*" if name in waiting else " " for name in notebooks] + ["*" if waiting else " "]


def _line(name: str, width: int, points: list[float], stars: list[str] | None = None) -> str:
    """Lay one row out."""
    marks = zip(points, stars or [" "] * len(points), strict=True)
    return name.ljust(width) + "".join(f"{p:>{COLUMN_WIDTH - 1}.4g}{star}" for p, star in marks)
