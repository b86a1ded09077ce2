"""The command `marks`: all students' marks as a table."""

from __future__ import annotations

from collections.abc import Container, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.course.command_options import course_option, opened
from autograder.course.course import check_assignment
from autograder.course.outcome import end, json_option
from autograder.lms.command_errors import plain_errors

if TYPE_CHECKING:
    from autograder.gradebook.marksheet import Key, Marksheet, Sheet

COLUMN_WIDTH = 15


@click.command("marks")
@click.argument("assignment")
@course_option
@json_option
@click.pass_context
def marks_command(ctx: click.Context, assignment: str, root: Path | None, as_json: bool) -> None:
    """Show all students' marks in ASSIGNMENT, with a column for each notebook.

    A star marks points that a person still has to give or look at. `late` is the late penalty,
    which is subtracted from the total.
    """
    course = opened(ctx, root)
    check_assignment(course, assignment)
    with plain_errors():
        from autograder.gradebook.read_marks import marksheet_of
        from autograder.lms.left import NOT_MARKED, all_left

        sheet = marksheet_of(course, assignment)
        left = all_left(course, sheet)
    open_ = frozenset(thing.what for thing in left if thing.kind == NOT_MARKED)
    lines = [] if as_json else table(sheet, open_)
    end(ctx, lines, left, as_json, {"marks": facts(sheet)})


def facts(marksheet: Marksheet) -> dict[str, Any]:
    """Return the marks for `--json`: by student, the points, the penalty and the total."""
    return {
        sheet.person.id: {
            "notebooks": {n: sheet.score(marksheet.of(n)) for n in marksheet.notebooks},
            "late": sheet.penalty,
            "total": sheet.total(marksheet.questions),
            "possible": marksheet.possible,
            "excused": sheet.excused,
        }
        for sheet in marksheet.sheets
        if sheet.submitted or sheet.excused
    }


def table(marksheet: Marksheet, not_marked: Container[str] = ()) -> Iterable[str]:
    """Yield the lines of the table, the students in the order of their ids."""
    notebooks = marksheet.notebooks
    width = max((len(s.person.id) for s in marksheet.sheets), default=0) + 10
    possible = [sum(q.points for q in marksheet.of(name)) for name in notebooks]
    late = any(sheet.penalty for sheet in marksheet.sheets)
    names = [*notebooks, *(["late"] if late else []), "total"]
    yield "".ljust(width) + "".join(f"{name:>{COLUMN_WIDTH}}" for name in names)
    yield _line("possible", width, [*possible, *([0.0] if late else []), marksheet.possible])
    for sheet in sorted(marksheet.sheets, key=lambda sheet: sheet.person.id):
        if sheet.excused:
            yield f"{sheet.person.id:<{width}}excused"
        elif sheet.submitted:
            scores = [sheet.score(marksheet.of(name)) for name in notebooks]
            scores += [-sheet.penalty] if late else []
            scores.append(sheet.total(marksheet.questions))
            stars = ["*"] * (len(notebooks) + 1)
            if sheet.person.id not in not_marked:
                stars = _stars(sheet, notebooks)
            yield _line(sheet.person.id, width, scores, [*stars[:-1], *" " * late, stars[-1]])
        else:
            words = "not marked yet" if sheet.person.id in not_marked else "nothing handed in"
            yield f"{sheet.person.id:<{width}}{words}"


def _stars(sheet: Sheet, notebooks: Iterable[str]) -> list[str]:
    """Return a star for each notebook with an answer that still waits for a person."""
    open_: list[Key] = [*sheet.waiting, *sheet.flagged, *sheet.stale]
    waiting = {notebook for notebook, _ in open_}
    return ["*" if name in waiting else " " for name in notebooks] + ["*" if waiting else " "]


def _line(name: str, width: int, points: list[float], stars: list[str] | None = None) -> str:
    """Return one row of the table."""
    marks = zip(points, stars or [" "] * len(points), strict=True)
    return name.ljust(width) + "".join(f"{p + 0:>{COLUMN_WIDTH - 1}.4g}{star}" for p, star in marks)
