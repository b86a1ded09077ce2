"""The commands `check` and `generate`: proof of an assignment, and its release to students."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.course.command_options import course_option, opened
from autograder.course.course import Course, CourseError, check_assignment
from autograder.course.generate import generate
from autograder.course.outcome import Left, end, json_option

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
@json_option
@click.pass_context
def check_command(
    ctx: click.Context, assignment: str, root: Path | None, no_sandbox: bool, as_json: bool
) -> None:
    """Mark the solution of ASSIGNMENT, the blank notebook, and the solution without each answer.

    The solution must earn every point, the blank none, and an answer that is left out must cost
    its own question. Nothing is released or recorded. The exit status is 0 only when all is well.
    """
    course = opened(ctx, root)
    check_assignment(course, assignment)
    proof = _prove(course, assignment, sandbox=not no_sandbox)
    end(ctx, lines_of(proof), left_by(proof), as_json, {"questions": facts(proof)})


@click.command("generate")
@click.argument("assignment")
@course_option
@click.option("--unchecked", is_flag=True, help="Release it whatever the check says.")
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
    """Make the students' version of ASSIGNMENT: without solutions and hidden tests.

    It is checked first, as by `autograder check`, and not made where the check fails. The exit
    status is 1 where it is made and the check has something to look at.
    """
    course = opened(ctx, root)
    check_assignment(course, assignment)
    proof = None if unchecked else _prove(course, assignment, sandbox=not no_sandbox)
    said = list(lines_of(proof)) if proof else []
    if proof and not proof.holds:
        for line in (*said, *(thing.line for thing in left_by(proof))):
            click.echo(line, err=as_json)
        raise CourseError(
            f"{assignment} was not released: students would be marked wrongly.",
            "mend the questions above, or release it all the same: --unchecked",
        )
    written = generate(course, assignment)
    shown = [
        str(p.relative_to(course.root) if p.is_relative_to(course.root) else p) for p in written
    ]
    done = [*said, *shown, f"{len(written)} notebooks for students."]
    left, found = (left_by(proof), facts(proof)) if proof else ([], [])
    end(ctx, done, left, as_json, {"files": shown, "questions": found})


def _prove(course: Course, assignment: str, *, sandbox: bool) -> Proof:
    """Prove an assignment, with a bar where it takes long."""
    from tqdm import tqdm

    from autograder.authoring.proof import prove

    with tqdm(unit="paper", delay=_PATIENCE, leave=False, disable=not sys.stderr.isatty()) as bar:

        def show(done: int, steps: int) -> None:
            bar.total = steps
            bar.update(done - bar.n)

        return prove(course, assignment, sandbox=sandbox, each=show)


def lines_of(proof: Proof) -> Iterator[str]:
    """Give a line a question."""
    names = [_name(test) for test in proof.tests]
    width = max(map(len, names), default=0)
    for name, test in zip(names, proof.tests, strict=True):
        yield f"{name:<{width}}  {_line(test)}"
    wrong = sum(bool(test.wrong) for test in proof.tests)
    done = f"{len(proof.tests)} questions checked"
    yield f"{done}; {wrong} would be marked wrongly." if wrong else f"{done}: all mark rightly."


def left_by(proof: Proof) -> Iterator[Left]:
    """Give what the author must mend, and what she should look at."""
    for test in proof.tests:
        for fault in test.wrong:
            yield Left("Marked wrongly", _name(test), fault, "mend the question")
        for fault in test.warnings:
            yield Left("To be looked at", _name(test), fault)
    for warning in proof.warnings:
        yield Left("To be looked at", "the assignment", warning)


def facts(proof: Proof) -> list[dict[str, Any]]:
    """Give what `--json` says of each question."""
    return [asdict(test) for test in proof.tests]


def _name(test: Proved) -> str:
    return f"{test.notebook}/{test.grade_id}"


def _line(test: Proved) -> str:
    points = f"{test.earned:g}/{test.possible:g}"
    verdict = "wrong" if test.wrong else "ok"
    return f"{test.way:<6}  {points:>7} points  {test.seconds:6.2f} s  {verdict}"
