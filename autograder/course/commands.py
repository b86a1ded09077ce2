"""The commands about a course's files: `init` and `handout`."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.course.command_options import course_option, opened
from autograder.course.course import check_assignment
from autograder.course.init import has_solutions, init_course
from autograder.course.outcome import counted, end, json_option


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--solutions",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of assignments to copy.  [default: the installed solutions, if any]",
)
@json_option
@click.pass_context
def init_command(ctx: click.Context, folder: Path, solutions: Path | None, as_json: bool) -> None:
    """Make a course in FOLDER.

    It gets settings, the columns of a roster, and the lessons' solutions.
    """
    written = init_course(folder, solutions)
    done = [str(path) for path in written]
    assignments = sorted({p.parent.name for p in written if p.suffix == ".ipynb"})
    if assignments:
        done.append(f"Assignments: {', '.join(assignments)}. Next: cd {folder}, then README.md.")
    else:
        why = "" if solutions or has_solutions() else " The lessons' solutions are not installed."
        done.append(f"No assignment yet.{why} Put notebooks into {folder}/solutions/ASSIGNMENT/.")
    end(ctx, done, [], as_json, {"assignments": assignments})


@click.command("handout")
@click.argument("assignment")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@course_option
@json_option
@click.pass_context
def handout_command(
    ctx: click.Context, assignment: str, file: Path, root: Path | None, as_json: bool
) -> None:
    """Write FILE, a zip for students.

    It holds the lessons of ASSIGNMENT and their files. Where they import stridewise, it holds that
    package too, and START_HERE.ipynb, which installs what else is missing. Students need Jupyter.
    """
    course = opened(ctx, root)
    check_assignment(course, assignment)
    from autograder.course.handout import START_HERE, hand_out

    names = hand_out(course, assignment, file)
    package = f"{assignment}/{START_HERE}" in names
    notebooks = counted(sum(name.endswith(".ipynb") for name in names) - package, "notebook")
    others = counted(sum(not name.endswith(".ipynb") for name in names), "other file")
    beside = f"{START_HERE} and the package stridewise" if package else others
    done = f"{file}: {notebooks}{', ' if package else ' and '}{beside}."
    end(ctx, [done], [], as_json, {"files": names})
