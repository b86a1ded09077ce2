"""The `autograder` command: thin, and the one place that speaks to a terminal.

Its exit status is 0 only when all is well: 1 when a submission could not be marked, 2 for a wrong
command or course, 130 when it was stopped with Ctrl-C.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from autograder.authoring.command import question_command
from autograder.authoring.release_command import check_command, generate_command
from autograder.authoring.sample_command import sample_command
from autograder.course.command_options import course_option, opened
from autograder.course.course import CourseError
from autograder.feedback.command import feedback_command
from autograder.lms.collect_command import collect_command
from autograder.lms.export_command import export_command
from autograder.lms.marks_table import marks_command
from autograder.lms.roster_command import roster_command
from autograder.lms.student_commands import due_command, excuse_command, extend_command
from autograder.records import Way
from autograder.report.command import report_command
from autograder.site.command import site_command

if TYPE_CHECKING:
    from autograder.marking.class_run import Tally
    from autograder.marking.submission import Graded

_STOPPED = 130
_MOST_LINES = 20


class _Group(click.Group):
    """Turns what goes wrong with a course into one line and a hint."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CourseError as error:
            click.echo(f"autograder: {error}", err=True)
            if error.hint:
                click.echo(f"hint: {error.hint}", err=True)
            ctx.exit(2)
        except KeyboardInterrupt:
            click.echo("autograder: stopped", err=True)
            ctx.exit(_STOPPED)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--course",
    "root",
    type=click.Path(path_type=Path),
    help="The course's folder, where nbgrader_config.py is.  [default: the working directory]",
)
@click.version_option(package_name="stridewise")
@click.pass_context
def main(ctx: click.Context, root: Path | None) -> None:
    """Make assignments, mark what students hand in, and show what a class got wrong."""
    ctx.obj = root


for command in (
    question_command,
    check_command,
    generate_command,
    sample_command,
    roster_command,
    due_command,
    extend_command,
    excuse_command,
    collect_command,
    marks_command,
    feedback_command,
    report_command,
    export_command,
    site_command,
):
    main.add_command(command)


@main.command("grade")
@click.argument("assignment")
@course_option
@click.option(
    "--student",
    "students",
    multiple=True,
    metavar="ID",
    help="Mark only this student (repeatable).",
)
@click.option("--force", is_flag=True, help="Mark again what has not changed.")
@click.option(
    "--no-sandbox", is_flag=True, help="Run students' code unconfined where it cannot be confined."
)
@click.option(
    "--processes",
    type=click.IntRange(min=0),
    default=0,
    help="How many.  [default: one a processor]",
)
@click.option(
    "--dask", default="", metavar="ADDRESS", help="Mark on the workers of a Dask cluster."
)
@click.option("--verbose", "-v", is_flag=True, help="One line a student.")
@click.pass_context
def grade_command(
    ctx: click.Context,
    assignment: str,
    root: Path | None,
    students: tuple[str, ...],
    force: bool,
    no_sandbox: bool,
    processes: int,
    dask: str,
    verbose: bool,
) -> None:
    """Mark what was handed in for ASSIGNMENT and write the gradebook and autograded/.

    Only new and changed submissions are marked, and each is recorded as soon as it is: a run that
    was stopped is finished by the next.
    """
    course = opened(ctx, root)
    from autograder.marking.class_run import grade_class

    with _Progress(verbose=verbose) as progress:
        tally = grade_class(
            course,
            assignment,
            force=force,
            sandbox=not no_sandbox,
            students=frozenset(students),
            processes=processes,
            dask=dask,
            each=progress.show,
        )
    for line in summary(tally):
        click.echo(line)
    ctx.exit(_STOPPED if tally.stopped else 0 if tally.all_well else 1)


class _Progress:
    """A bar with the time left, where someone is watching."""

    def __init__(self, *, verbose: bool) -> None:
        self._verbose = verbose
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, tally: Tally, graded: Graded | None) -> None:
        from tqdm import tqdm

        if graded is None:
            self._bar = tqdm(total=tally.total, unit="student", disable=not sys.stderr.isatty())
            return
        if self._verbose:
            tqdm.write(line_of(graded), file=sys.stdout)
        self._bar.update()


def line_of(graded: Graded) -> str:
    """Give one student's line: the points that the machine gave, or why there are none."""
    if graded.status == "failed":
        return f"{graded.student}: not marked: {graded.reason}"
    if graded.status == "unchanged":
        return f"{graded.student}: unchanged"
    marked = [n for n in graded.notebooks.values() if n]
    codes = sorted({f.code for f in (*graded.findings, *(f for n in marked for f in n.findings))})
    noticed = f"; noticed: {', '.join(codes)}" if codes else ""
    missing = [name for name, n in graded.notebooks.items() if n is None]
    without = f"; not handed in: {', '.join(missing)}" if missing else ""
    ways: Counter[Way] = Counter(m.way for n in marked for m in n.marks if m.way != "none")
    how = f" ({_ways(ways)})" if ways else ""
    return f"{graded.student}: {graded.points:g} points{how}{without}{noticed}"


_WAYS: dict[Way, str] = {"read": "read", "apart": "run apart", "beside": "run beside"}


def _ways(counts: Mapping[Way, int]) -> str:
    """Count marks by the way in which they came about."""
    return ", ".join(f"{counts[way]} {words}" for way, words in _WAYS.items() if counts.get(way))


def summary(tally: Tally) -> list[str]:
    """Give the lines that end a run: what was done, and everything that a person should look at."""
    done = f"{tally.graded} of {tally.total} submissions marked ({tally.notebooks} notebooks)"
    lines = [done + (f", {tally.unchanged} unchanged" if tally.unchanged else "") + "."]
    if tally.ways:
        lines.append(f"How the marks came about: {_ways(tally.ways)}.")
    if tally.stopped:
        lines.append(
            "Stopped. Everything marked so far is recorded; run the command again for the rest."
        )
    if tally.findings:
        counts = ", ".join(f"{code} {times}" for code, times in sorted(tally.findings.items()))
        lines.append(f"Noticed, by number of students: {counts}.")
    lines += _listed("Tests that take points from the instructor's own solution", tally.unsure)
    lines += _listed("To be looked at", {s: ", ".join(cells) for s, cells in tally.flagged.items()})
    lines += [
        f"Not installed here: {package}. Waiting for it: {', '.join(sorted(cells))}. Install it "
        "and grade again."
        for package, cells in sorted(tally.lacking.items())
    ]
    reasons = {student: _by_reason(found) for student, found in tally.unmarked.items()}
    lines += _listed("Left unmarked", reasons)
    return lines + _listed("Not marked", tally.failed)


def _by_reason(unmarked: dict[str, str]) -> str:
    """Say each reason once, after all that it is the reason of."""
    whys = dict.fromkeys(unmarked.values())
    names = {why: [name for name, other in unmarked.items() if other == why] for why in whys}
    return "; ".join(f"{', '.join(found)}: {why}" for why, found in names.items())


def _listed(title: str, students: dict[str, str]) -> list[str]:
    if not students:
        return []
    shown = [f"  {student}: {words}" for student, words in sorted(students.items())[:_MOST_LINES]]
    more = [f"  and {len(students) - _MOST_LINES} more"] if len(students) > _MOST_LINES else []
    return [f"{title} ({len(students)}):", *shown, *more]
