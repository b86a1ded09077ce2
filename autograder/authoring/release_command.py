"""The commands `check` and `generate`: proof of an assignment, and its release to students."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.course.command_options import course_option, opened
from autograder.course.course import Course, CourseError, check_assignment
from autograder.course.generate import generate

if TYPE_CHECKING:
    from autograder.authoring.proof import Proof, Proved

_PATIENCE = 2  # seconds before a progress bar is shown
_no_sandbox = click.option(
    "--no-sandbox", is_flag=True, help="Run code unconfined where it cannot be confined."
)


@click.command("check")
@click.argument("assignment")
@course_option
@_no_sandbox
@click.pass_context
def check_command(ctx: click.Context, assignment: str, root: Path | None, no_sandbox: bool) -> None:
    """Mark the solution of ASSIGNMENT, the blank notebook, and the solution without each answer.

    The solution must earn every point, the blank none, and an answer that is left out must cost
    its own question. Nothing is released or recorded. The exit status is 0 only when all is well.
    """
    course = opened(ctx, root)
    check_assignment(course, assignment)
    proof = _prove(course, assignment, sandbox=not no_sandbox)
    ctx.exit(0 if proof.says_nothing else 1)


@click.command("generate")
@click.argument("assignment")
@course_option
@click.option("--unchecked", is_flag=True, help="Release it whatever the check says.")
@_no_sandbox
@click.pass_context
def generate_command(
    ctx: click.Context, assignment: str, root: Path | None, unchecked: bool, no_sandbox: bool
) -> None:
    """Make the students' version of ASSIGNMENT: without solutions and hidden tests.

    It is checked first, as by `autograder check`, and not made where the check fails.
    """
    course = opened(ctx, root)
    check_assignment(course, assignment)
    if not unchecked and not _prove(course, assignment, sandbox=not no_sandbox).holds:
        raise CourseError(
            f"{assignment} was not released: students would be marked wrongly.",
            "mend the questions above, or release it all the same: --unchecked",
        )
    written = generate(course, assignment)
    for path in written:
        click.echo(path.relative_to(course.root) if path.is_relative_to(course.root) else path)
    click.echo(f"{len(written)} notebooks for students.")


def _prove(course: Course, assignment: str, *, sandbox: bool) -> Proof:
    """Prove an assignment, with a bar where it takes long, and print what was found."""
    from tqdm import tqdm

    from autograder.authoring.proof import prove

    with tqdm(unit="paper", delay=_PATIENCE, leave=False, disable=not sys.stderr.isatty()) as bar:

        def show(done: int, steps: int) -> None:
            bar.total = steps
            bar.update(done - bar.n)

        proof = prove(course, assignment, sandbox=sandbox, each=show)
    for line in lines_of(proof):
        click.echo(line)
    return proof


def lines_of(proof: Proof) -> Iterator[str]:
    """Give a line a question, and what is wrong below it."""
    names = [f"{test.notebook}/{test.grade_id}" for test in proof.tests]
    width = max(map(len, names), default=0)
    for name, test in zip(names, proof.tests, strict=True):
        yield f"{name:<{width}}  {_line(test)}"
        yield from (f"    wrong: {fault}" for fault in test.wrong)
        yield from (f"    note: {fault}" for fault in test.warnings)
    yield from proof.warnings
    wrong = sum(bool(test.wrong) for test in proof.tests)
    done = f"{len(proof.tests)} questions checked"
    yield f"{done}; {wrong} would be marked wrongly." if wrong else f"{done}: all mark rightly."


def _line(test: Proved) -> str:
    points = f"{test.earned:g}/{test.possible:g}"
    verdict = "wrong" if test.wrong else "ok"
    return f"{test.way:<6}  {points:>7} points  {test.seconds:6.2f} s  {verdict}"
