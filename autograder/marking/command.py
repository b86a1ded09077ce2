"""The command `grade`: its options, its progress bar and its summary."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from autograder.course.command_options import (
    course_option,
    opened,
    processes_option,
    students_option,
)
from autograder.course.files import UNREADABLE
from autograder.course.outcome import Left, counted, end, json_option
from autograder.records import Way

if TYPE_CHECKING:
    from autograder.marking.class_run import Tally
    from autograder.marking.submission import Graded

STOPPED = 130


@click.command("grade")
@click.argument("assignment")
@course_option
@students_option("Mark only")
@click.option("--force", is_flag=True, help="Mark unchanged submissions again.")
@click.option(
    "--no-sandbox", is_flag=True, help="Run students' code without a sandbox where none works."
)
@processes_option
@click.option(
    "--dask", default="", metavar="ADDRESS", help="Mark on a Dask cluster with this scheduler."
)
@click.option("--verbose", "-v", is_flag=True, help="Print a line for each student.")
@json_option
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
    as_json: bool,
) -> None:
    """Mark the submissions for ASSIGNMENT.

    The marks go into the gradebook, the marked notebooks into autograded/. Only new and changed
    submissions are marked. Each is recorded as soon as it is marked, so after a run that was
    stopped the next one does the rest. The exit status is 1 while something is left for a person to
    do.
    """
    course = opened(ctx, root)
    from autograder.gradebook.left import left_in
    from autograder.marking.class_run import grade_class

    with Progress(verbose=verbose and not as_json) as progress:
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
    left = list(left_by(tally, assignment))
    if tally.class_marks:
        left += left_in(tally.class_marks, students or None, course.db_url)
    if tally.stopped:
        for line in done_lines(tally):
            click.echo(line, err=as_json)
        ctx.exit(STOPPED)
    end(ctx, done_lines(tally), left, as_json, {"findings": dict(tally.findings)})


class Progress:
    """A progress bar with the time left, where stderr is a terminal."""

    def __init__(self, *, verbose: bool) -> None:
        self._verbose = verbose
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, tally: Tally, graded: Graded | None) -> None:
        """Show one submission's result."""
        from tqdm import tqdm

        if graded is None:
            self._bar = tqdm(total=tally.total, unit="student", disable=not sys.stderr.isatty())
            return
        if self._verbose:
            tqdm.write(line_of(graded), file=sys.stdout)
        self._bar.update()


def line_of(graded: Graded) -> str:
    """Return one student's line: the points that the machine gave, or why there are none."""
    if graded.status == "failed":
        return f"{graded.student}: not marked: {graded.reason}"
    if graded.status == "unchanged":
        return f"{graded.student}: unchanged"
    marked = [n for n in graded.notebooks.values() if n]
    found = (*graded.findings, *(f for n in marked for f in n.findings))
    words = sorted({_in_words(finding.code) for finding in found})
    noticed = f"; noticed: {', '.join(words)}" if words else ""
    missing = [name for name, n in graded.notebooks.items() if n is None]
    without = f"; not handed in: {', '.join(missing)}" if missing else ""
    ways: Counter[Way] = Counter(m.way for n in marked for m in n.marks if m.way != "none")
    how = f" ({_ways(ways)})" if ways else ""
    points = counted(graded.points, "point")
    return f"{graded.student}: {points}{how}{without}{noticed}"


def _in_words(code: str) -> str:
    """Return a finding's code in words.

    >>> _in_words("not_json"), _in_words("earlier"), _in_words("edited")
    ('unreadable file', 'earlier release', 'edited')
    """
    known = {"earlier": "earlier release", "more": "more changes", "elsewhere": "answer elsewhere"}
    return "unreadable file" if code in UNREADABLE else known.get(code, code.replace("_", " "))


_WAYS: dict[Way, str] = {"read": "read", "apart": "run apart", "beside": "run beside"}


def _ways(counts: Mapping[Way, int]) -> str:
    """Return the number of marks by the way to them."""
    return ", ".join(f"{counts[way]} {words}" for way, words in _WAYS.items() if counts.get(way))


def done_lines(tally: Tally) -> list[str]:
    """Return the lines that say what a run did."""
    notebooks = counted(tally.notebooks, "notebook")
    done = f"{tally.graded} of {tally.total} submissions marked ({notebooks})"
    lines = [done + (f", {tally.unchanged} unchanged" if tally.unchanged else "") + "."]
    if tally.ways:
        lines.append(f"How the tests were marked: {_ways(tally.ways)}.")
    if tally.stopped:
        lines.append("Stopped. All marks so far are recorded; run the command again for the rest.")
    if tally.findings:
        words = Counter[str]()
        for code, times in tally.findings.items():
            words[_in_words(code)] += times
        counts = ", ".join(f"{what} {times}" for what, times in sorted(words.items()))
        lines.append(f"Noticed, by number of students: {counts}.")
    lines += [f"Not on the roster, and added: {', '.join(tally.added)}."] if tally.added else []
    return lines


def left_by(tally: Tally, assignment: str = "ASSIGNMENT") -> Iterator[Left]:
    """Yield what a run could not mark, or marked by what is out of date."""
    for cell, what in sorted(tally.changed.items()):
        kind = "Changed since `generate`, and marked as it was then"
        do = f"run `autograder generate {assignment}`, then grade again"
        yield Left(kind, cell, what, do)
    for test, why in sorted(tally.unsure.items()):
        kind = "Tests that the instructor's own solution fails"
        yield Left(kind, test, why, "correct the test or the solution, and generate again")
    for package, cells in sorted(tally.lacking.items()):
        why = f"needed by {', '.join(sorted(cells))}"
        yield Left("Not installed here", package, why, "install it and grade again")
    for student, reason in sorted(tally.failed.items()):
        yield Left("Submission not marked", student, reason, "correct this and grade again")
    for student, found in sorted(tally.unmarked.items()):
        do = "remove the cause and grade again, or mark it in Formgrader"
        yield Left("Answers not marked", student, _by_reason(found), do)
    for student in sorted(tally.timeless):
        do = "write it as 2026-11-20 23:10:00 UTC and grade again"
        yield Left("Time not known", student, "timestamp.txt cannot be read", do)


def _by_reason(unmarked: dict[str, str]) -> str:
    """Return each reason once, after the names that it applies to."""
    whys = dict.fromkeys(unmarked.values())
    names = {why: [name for name, other in unmarked.items() if other == why] for why in whys}
    return "; ".join(f"{', '.join(found)}: {why}" for why, found in names.items())
