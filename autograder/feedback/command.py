"""`autograder feedback`: the pages for students, and the forms in which platforms take them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.course.command_options import course_option, opened

if TYPE_CHECKING:
    from autograder.feedback.make import Done
    from autograder.feedback.write import Made

_MOST_LINES = 20


@click.command("feedback")
@click.argument("assignment")
@course_option
@click.option(
    "--student", "students", multiple=True, metavar="ID", help="Only this student (repeatable)."
)
@click.option("--force", is_flag=True, help="Make again what has not changed.")
@click.option(
    "--processes",
    type=click.IntRange(min=0),
    default=0,
    help="How many.  [default: one a processor]",
)
@click.pass_context
def feedback_command(
    ctx: click.Context,
    assignment: str,
    root: Path | None,
    students: tuple[str, ...],
    force: bool,
    processes: int,
) -> None:
    """Write the pages of ASSIGNMENT for students: feedback/STUDENT/ASSIGNMENT/index.html and more.

    Only what changed is made again. `nbgrader release_feedback` and formgrader go on from there.
    """
    course = opened(ctx, root)
    from autograder.feedback.make import make_feedback

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
    for line in summary(done):
        click.echo(line)
    ctx.exit(1 if done.failed else 0)


def summary(done: Done) -> list[str]:
    """Return the lines that end a run."""
    lines = [f"{done.made} of {done.total} students: {done.pages} pages made"]
    lines[0] += f", {done.unchanged} unchanged." if done.unchanged else "."
    if done.waiting:
        lines.append(f"{done.waiting} papers still wait for a mark by hand; their pages say so.")
    if done.failed:
        shown = sorted(done.failed.items())[:_MOST_LINES]
        lines += [f"No pages ({len(done.failed)}):", *(f"  {who}: {why}" for who, why in shown)]
    return lines
