"""The options that several commands of `autograder` have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from autograder.course.course import Course, open_course


def course_option(command: Any) -> Any:
    """Add the option `--course DIR` to a subcommand."""
    option = click.option(
        "--course", "root", type=click.Path(path_type=Path), help="The course's folder."
    )
    return option(command)


def students_option(verb: str) -> Callable[[Any], Any]:
    """Return what adds the option `--student ID` to a subcommand that does `verb` for students."""
    words = f"{verb} this student (repeatable)."
    return click.option("--student", "students", multiple=True, metavar="ID", help=words)


def processes_option(command: Any) -> Any:
    """Add the option `--processes` to a subcommand that uses worker processes."""
    option = click.option(
        "--processes",
        type=click.IntRange(min=0),
        default=0,
        help="Number of worker processes.  [default: one for each processor]",
    )
    return option(command)


def opened(ctx: click.Context, root: Path | None) -> Course:
    """Open the course that the command line names."""
    return open_course(root or ctx.obj)
