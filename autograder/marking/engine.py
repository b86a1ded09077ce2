"""Marking one notebook: match its cells, read or run its answers, run the hidden tests.

`mark_notebook` is a pure function: it writes nothing and keeps no state, so it can be called in a
loop, in a worker pool or on a cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.course.files import RefusedFileError
from autograder.course.settings import DEFAULTS, Settings
from autograder.marking.answer_texts import answer_texts
from autograder.marking.runs import Runs
from autograder.notebooks.master import Template
from autograder.notebooks.matching import TakenIn, take_in
from autograder.records import (
    Answers,
    CellMark,
    Finding,
    MarkedNotebook,
    MasterCell,
)

_LONGEST = 200  # characters of an error's message


@dataclass(frozen=True, slots=True)
class Marking:
    """A marked notebook, and its cells as they were matched to the master.

    `matched` is None where the notebook could not be read. The marked notebook is made from it. It
    is not stored in the gradebook.
    """

    notebook: MarkedNotebook
    matched: TakenIn | None
    ran: Mapping[int, Any] = field(default_factory=dict)
    """What cells showed when they were run, by place, where a code cell is marked by hand."""


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
        student: the student's id.
        runner: returns what runs cells, or a text that says why nothing can be run here. It is
            called only when an answer cannot be read.
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
    """Return no points for a notebook that cannot be read, with the reason and a flag."""
    reason = f"The notebook could not be read: {refused}."
    marks = tuple(_lost(cell, reason) for cell in _graded(template))
    finding = Finding(refused.code, reason)
    name = template.master.notebook
    return Marking(MarkedNotebook(student, name, marks, (finding,), frozenset(), {}, {}), None)


def _mark(
    template: Template, taken: TakenIn, runner: Callable[[], Runs | str], settings: Settings
) -> Marking:
    # These import stridewise and NumPy, which a refused notebook does not need.
    from autograder.exam.plan import by_name
    from autograder.marking.second_look import second_look
    from autograder.marking.ways import mark_tests

    unanswered = _unanswered(template, taken)
    tested = mark_tests(template, taken, runner, settings)
    marks = tuple(_final(c, tested.marks, taken, unanswered) for c in _graded(template))
    made = _marked(template, taken, marks, by_name(tested.answers), by_name(tested.unmarked))
    ran = _outputs(template, taken, marks, runner)
    return replace(made, notebook=second_look(template, taken, made.notebook), ran=ran)


def _outputs(
    template: Template,
    taken: TakenIn,
    marks: tuple[CellMark, ...],
    runner: Callable[[], Runs | str],
) -> Mapping[int, Any]:
    """Return what cells show when they are run, by place.

    Nothing is run only for this: another run follows where a mark was run for already, and a code
    cell waits for a mark by hand, or a task does and the student has added code cells.
    """
    by_hand = {cell.grade_id for cell in template.master.cells if cell.cell_type == "code"}
    if any(cell.master is None and cell.cell.cell_type == "code" for cell in taken.placed):
        by_hand |= {r.nbgrader["grade_id"] for r in template.released if r.nbgrader.get("task")}
    wanted = any(mark.points is None and mark.grade_id in by_hand for mark in marks)
    runs = runner() if wanted and any(m.way in ("apart", "beside") for m in marks) else ""
    return {} if isinstance(runs, str) else runs.outputs(taken.submission)


def _graded(template: Template) -> list[MasterCell]:
    return [cell for cell in template.master.cells if cell.kind in ("test", "manual")]


def _lost(cell: MasterCell, reason: str) -> CellMark:
    """Return no points for a cell; no mark for one that is marked by hand."""
    return CellMark(
        cell.grade_id, None if cell.kind == "manual" else 0.0, cell.points, (reason,), flagged=True
    )


def _final(
    cell: MasterCell, examined: Mapping[str, CellMark], taken: TakenIn, unanswered: frozenset[str]
) -> CellMark:
    """Return a cell's mark; a cell marked by hand gets 0 where it is unchanged."""
    if cell.kind == "test":
        return examined.get(cell.grade_id) or _lost(cell, "No mark came from the hidden test.")
    if cell.grade_id in taken.missing:
        return _lost(cell, "The cell was missing, so there is no answer in it.")
    if cell.grade_id in unanswered:
        return CellMark(cell.grade_id, 0.0, cell.points, ("No response.",))
    return CellMark(cell.grade_id, None, cell.points)


def _unanswered(template: Template, taken: TakenIn) -> frozenset[str]:
    """Return the answer cells with exactly the released text; never a task cell."""
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
