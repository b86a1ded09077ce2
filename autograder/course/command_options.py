"""The option `--course`, which every command of `autograder` has."""

from __future__ import annotations

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


def opened(ctx: click.Context, root: Path | None) -> Course:
    """Open the course that the command line names."""
    return open_course(root or ctx.obj)
