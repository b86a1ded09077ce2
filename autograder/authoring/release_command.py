"""The commands `check` and `generate`: check an assignment, and make the students' version."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.authoring.generate import generate
from autograder.course.command_options import course_option, opened
from autograder.course.course import Course, CourseError, check_assignment
from autograder.course.outcome import Left, counted, end, json_option

if TYPE_CHECKING:
    from autograder.authoring.proof import Proof, Proved

_PATIENCE = 2  # seconds before a progress bar is shown
_no_sandbox = click.option(
    "--no-sandbox", is_flag=True, help="Run code without a sandbox where none works."
)


@click.command("check")
@click.argument("assignment")
@course_option
@_no_sandbox
@json_option
@click.pass_context
def check_command(
    ctx: click.Context, assignment: str, root: Path | None, no_sandbox: bool, as_json: bool
) -> None:
    """Check ASSIGNMENT before its release.

    The solution must earn every point, the blank notebook none, and the solution without one answer
    must lose points in that question. Where it loses points in another one too, and no text shows
    why, that question is named. Nothing is released or recorded. The exit status is 0 only when
    nothing was found.
    """
    course = opened(ctx, root)
    check_assignment(course, assignment)
    proof = _prove(course, assignment, sandbox=not no_sandbox)
    end(ctx, lines_of(proof), left_by(proof), as_json, {"questions": facts(proof)})


@click.command("generate")
@click.argument("assignment")
@course_option
@click.option("--unchecked", is_flag=True, help="Release it without passing the check.")
@_no_sandbox
@json_option
@click.pass_context
def generate_command(
    ctx: click.Context,
    assignment: str,
    root: Path | None,
    unchecked: bool,
    no_sandbox: bool,
    as_json: bool,
) -> None:
    """Make the students' version of ASSIGNMENT.

    It has neither the solutions nor the hidden tests. It is checked first, as by `autograder
    check`, and not released where the check fails. The exit status is 1 where the check has
    something to look at.
    """
    from autograder.gradebook.releases import note_release

    course = opened(ctx, root)
    check_assignment(course, assignment)
    proof = None if unchecked else _prove(course, assignment, sandbox=not no_sandbox)
    said = list(lines_of(proof)) if proof else []
    if proof and not proof.holds:
        for line in (*said, *(thing.line for thing in left_by(proof))):
            click.echo(line, err=as_json)
        raise CourseError(
            f"{assignment} was not released: students would get wrong marks.",
            "correct the questions above, or release it anyway with --unchecked",
        )
    written = generate(course, assignment)
    note_release(course, assignment)
    shown = [
        str(p.relative_to(course.root) if p.is_relative_to(course.root) else p) for p in written
    ]
    done = [*said, *shown, f"{counted(len(written), 'notebook')} for students."]
    left, found = (left_by(proof), facts(proof)) if proof else ([], [])
    end(ctx, done, left, as_json, {"files": shown, "questions": found})


def _prove(course: Course, assignment: str, *, sandbox: bool) -> Proof:
    """Check an assignment, with a progress bar where it takes long."""
    from tqdm import tqdm

    from autograder.authoring.proof import prove

    with tqdm(
        unit="submission", delay=_PATIENCE, leave=False, disable=not sys.stderr.isatty()
    ) as bar:

        def show(done: int, steps: int) -> None:
            bar.total = steps
            bar.update(done - bar.n)

        return prove(course, assignment, sandbox=sandbox, each=show)


def lines_of(proof: Proof) -> Iterator[str]:
    """Yield a line for each question."""
    names = [_name(test) for test in proof.tests]
    width = max(map(len, names), default=0)
    for name, test in zip(names, proof.tests, strict=True):
        yield f"{name:<{width}}  {_line(test)}"
    if not proof.tests:
        yield "The assignment has no autograded tests."
        return
    wrong = sum(bool(test.wrong) for test in proof.tests)
    done = f"{counted(len(proof.tests), 'question')} checked"
    yield f"{done}; wrong marks: {wrong}." if wrong else f"{done}: all marks are right."


def left_by(proof: Proof) -> Iterator[Left]:
    """Yield what the author must correct, and what she should look at."""
    for test in proof.tests:
        for fault in test.wrong:
            yield Left("Marked wrongly", _name(test), fault, "correct the question")
        for fault in test.warnings:
            yield Left("To be looked at", _name(test), fault)
    for warning in proof.warnings:
        yield Left("To be looked at", "the assignment", warning)


def facts(proof: Proof) -> list[dict[str, Any]]:
    """Return the entries of `--json` for each question."""
    return [asdict(test) for test in proof.tests]


def _name(test: Proved) -> str:
    return f"{test.notebook}/{test.grade_id}"


def _line(test: Proved) -> str:
    points = f"{test.earned:g}/{test.possible:g}"
    verdict = "wrong" if test.wrong else "ok"
    return f"{test.way:<6}  {points:>7} points  {test.seconds:6.2f} s  {verdict}"
