"""One notebook in, its marks out: intake, reading or running, examining.

`mark_notebook` writes nothing and remembers nothing, so it runs in a loop, in a pool or on a
cluster without knowing it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from autograder.course.files import RefusedFileError
from autograder.course.settings import DEFAULTS, Settings
from autograder.marking.answer_texts import answer_texts
from autograder.notebooks.master import Template
from autograder.notebooks.matching import TakenIn, take_in
from autograder.records import (
    Answers,
    BesideTest,
    CellMark,
    Finding,
    MarkedNotebook,
    MasterCell,
    Submission,
    TestResult,
    Unavailable,
)

_LONGEST = 200  # characters of an error's own words


class Runs(Protocol):
    """What runs a student's cells where reading them is not enough."""

    def answers(
        self, submission: Submission, names: frozenset[str]
    ) -> AbstractContextManager[Answers]:
        """Run the cells and give the answers; functions among them work until the context ends."""

    def tests(
        self, submission: Submission, tests: Sequence[BesideTest]
    ) -> Mapping[str, TestResult]:
        """Run the cells, then these tests beside them; give each test's result by its grade_id."""


@dataclass(frozen=True, slots=True)
class Marking:
    """A marked notebook, and its cells as they were matched to the master.

    `matched` is None where the notebook could not be read at all. It stays with the engine: the
    page is made from it, and the gradebook never sees it.
    """

    notebook: MarkedNotebook
    matched: TakenIn | None


def mark_notebook(
    template: Template,
    data: bytes,
    student: str,
    runner: Callable[[], Runs | str],
    settings: Settings = DEFAULTS,
) -> Marking:
    """Mark one submitted notebook.

    Args:
        template: the master and what was released of it.
        data: the submitted file's bytes.
        student: whose it is.
        runner: gives what runs cells, or says in words why nothing can be run here. It is
            asked only when an answer cannot be read.
        settings: what the instructor decided about marks.
    """
    try:
        taken = take_in(data, template, student)
    except RefusedFileError as refused:
        return refused_notebook(template, student, refused)
    try:
        return _mark(template, taken, runner, settings)
    except Exception as error:  # noqa: BLE001 - one notebook never stops the class, whatever happens in it
        reason = f"This could not be marked: {type(error).__name__}: {str(error)[:_LONGEST]}"
        marks = tuple(_lost(cell, reason) for cell in _graded(template))
        return _marked(template, taken, marks, {}, {"the whole notebook": reason})


def refused_notebook(template: Template, student: str, refused: RefusedFileError) -> Marking:
    """Give no points for a notebook that cannot be read, say why, and ask a person to look."""
    reason = f"The notebook could not be read: {refused}."
    marks = tuple(_lost(cell, reason) for cell in _graded(template))
    finding = Finding(refused.code, reason)
    name = template.master.notebook
    return Marking(MarkedNotebook(student, name, marks, (finding,), frozenset(), {}, {}), None)


def _mark(
    template: Template, taken: TakenIn, runner: Callable[[], Runs | str], settings: Settings
) -> Marking:
    # These two load what students' answers are compared with; a refused notebook needs neither.
    from autograder.exam.examiner import examine, needed_names
    from autograder.exam.plan import by_name
    from autograder.reading import read_answers

    names = frozenset().union(*needed_names(template.master).values())
    reading = read_answers(taken.submission, names)
    with _run(taken.submission, reading.unread, runner) as (ran, unmarked):
        answers = {**reading.values, **ran}
        student, unanswered = taken.submission.student, _unanswered(template, taken)
        found = examine(template.master, answers, student, settings)
        examined = {m.grade_id: m for m in found}
        marks = tuple(_final(c, examined, taken, unanswered) for c in _graded(template))
        return _marked(template, taken, marks, by_name(answers), by_name(unmarked))


@contextmanager
def _run(
    submission: Submission, unread: Mapping[str, str], runner: Callable[[], Runs | str]
) -> Iterator[tuple[Answers, Mapping[str, str]]]:
    """Give the answers that have to be run for, and what could not be run, by name."""
    runs = runner() if unread else ""
    if isinstance(runs, str):
        why = {
            name: f"{reason.rstrip('.')}, so it has to be run, and {runs}."
            for name, reason in sorted(unread.items())
        }
        yield {name: Unavailable(reason, flagged=True) for name, reason in why.items()}, why
        return
    with runs.answers(submission, frozenset(unread)) as answers:
        yield answers, {}


def _graded(template: Template) -> list[MasterCell]:
    return [cell for cell in template.master.cells if cell.kind in ("test", "manual")]


def _lost(cell: MasterCell, reason: str) -> CellMark:
    """Give nothing for a cell; one that is marked by hand is left to the person who does."""
    return CellMark(
        cell.grade_id, None if cell.kind == "manual" else 0.0, cell.points, (reason,), flagged=True
    )


def _final(
    cell: MasterCell, examined: Mapping[str, CellMark], taken: TakenIn, unanswered: frozenset[str]
) -> CellMark:
    """Give a cell's mark; one marked by hand earns nothing by itself when it was left as it was."""
    if cell.kind == "test":
        return examined.get(cell.grade_id) or _lost(cell, "No mark came from the hidden test.")
    if cell.grade_id in taken.missing:
        return _lost(cell, "The cell was missing, so there is no answer in it.")
    if cell.grade_id in unanswered:
        return CellMark(cell.grade_id, 0.0, cell.points, ("No response.",))
    return CellMark(cell.grade_id, None, cell.points)


def _unanswered(template: Template, taken: TakenIn) -> frozenset[str]:
    """Give the answer cells that are word for word as released; a task cell is never one."""
    labelled = ((c.cell, template.released[c.master]) for c in taken.placed if c.master is not None)
    answers = (
        cell.grade_id
        for cell, released in labelled
        if released.nbgrader.get("solution") and cell.source == released.source
    )
    return frozenset(answers) - taken.missing


def _marked(
    template: Template,
    taken: TakenIn,
    marks: tuple[CellMark, ...],
    answers: Answers,
    unmarked: Mapping[str, str],
) -> Marking:
    submission = taken.submission
    notebook = MarkedNotebook(
        student=submission.student,
        notebook=submission.notebook,
        marks=marks,
        findings=submission.findings,
        unanswered=_unanswered(template, taken),
        answers=dict(answers),
        unmarked=dict(unmarked),
        texts=answer_texts(template, taken),
    )
    return Marking(notebook, taken)
