"""The marked notebook in `autograded/`, which formgrader shows and feedback is made from.

It has no hidden test, none of the student's metadata, and only the safe part of her outputs,
because it is opened in formgrader with an instructor's rights. A task is shown with its mark
scheme, as nbgrader's autograde shows it; no page for students is made from that text.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from autograder.notebooks.harmless import harmless
from autograder.notebooks.mark_html import mark_html
from autograder.notebooks.marked_outputs import outputs_to_show
from autograder.notebooks.master import Template
from autograder.notebooks.matching import Placed, TakenIn
from autograder.notebooks.pictures import Pictures, plainly_named
from autograder.records import CellMark, MarkedNotebook, SubmittedCell

__all__ = ["harmless", "marked_page"]

_LONGEST_REASONS = 2_000  # characters of all the reasons for one mark
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def marked_page(
    template: Template,
    marked: MarkedNotebook,
    matched: TakenIn | None,
    ran: Mapping[int, Any] = MappingProxyType({}),
) -> bytes:
    """Return the marked notebook's file: the student's cells, with reasons in graded ones.

    The output of a test is its points as a number, from which nbgrader would read the same mark,
    and the reasons for people. Where `matched` is None, since the notebook could not be read, the
    released cells are shown.
    """
    marks = {mark.grade_id: mark for mark in marked.marks}
    cells = _all_cells(template, matched)
    outputs = outputs_to_show(template, cells, marks, ran)
    for i, cell in enumerate(cells):
        if cell.cell.grade_id in marks and _is_test(cell, template):
            outputs[i] = [_output(marks[cell.cell.grade_id])]
    notebook = {
        "cells": [_cell(i, cell, template, outputs.get(i, [])) for i, cell in enumerate(cells)],
        "metadata": template.metadata,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    # Without an indent, the standard library's C encoder is used: ten times as fast.
    return json.dumps(notebook, ensure_ascii=False, separators=(",", ":")).encode()


def _all_cells(template: Template, matched: TakenIn | None) -> list[Placed]:
    """Return the cells to show: the student's, or the released ones when there are none."""
    if matched is not None:
        return list(matched.placed)
    blank = zip(template.master.cells, template.released, strict=True)
    shown = [SubmittedCell(c.grade_id, c.cell_type, r.source, trusted=True) for c, r in blank]
    return [Placed(cell, m, {}) for m, cell in enumerate(shown)]


def _is_test(placed: Placed, template: Template) -> bool:
    return placed.master is not None and template.master.cells[placed.master].kind == "test"


def _cell(
    number: int, placed: Placed, template: Template, outputs: list[dict[str, Any]]
) -> dict[str, Any]:
    cell, m, pictures = placed.cell, placed.master, placed.pictures
    metadata = (
        {"nbgrader": template.released[m].nbgrader} if m is not None and cell.grade_id else {}
    )
    cell_id = template.released[m].cell_id if m is not None else ""
    if cell.trusted and m is not None:
        pictures = template.released[m].pictures
    source = _source(cell, m, template)
    if pictures:
        source, pictures = plainly_named(source, pictures)
    page: dict[str, Any] = {
        "cell_type": cell.cell_type,
        "id": cell_id or f"added-{number}",
        "metadata": metadata,
        "source": source if cell.trusted else _safe_source(cell.cell_type, source, pictures),
    }
    if pictures and cell.cell_type == "markdown":
        page["attachments"] = pictures
    if cell.cell_type == "code":
        page |= {"execution_count": None, "outputs": outputs}
    return page


def _source(cell: SubmittedCell, m: int | None, template: Template) -> str:
    """Give a cell's text; a task's is the master's, for it says how to mark the answer."""
    task = m is not None and template.released[m].nbgrader.get("task")
    return template.master.cells[m].source if task and m is not None else cell.source


def _safe_source(cell_type: str, source: str, pictures: Pictures) -> str:
    if cell_type == "code":  # shown as code, which every page escapes
        return source
    if cell_type == "markdown":
        return harmless(source, pictures)
    return html.escape(source, quote=False)


def _output(mark: CellMark) -> dict[str, Any]:
    """Return a mark's output in a notebook: HTML, escaped, so that long reasons wrap."""
    points, reasons, left = mark.points or 0.0, [], _LONGEST_REASONS
    for reason in mark.reasons:
        reasons.append(_CONTROL.sub("", reason)[:left])
        left -= len(reasons[-1])
        if left <= 0:
            break
    shown = {
        "text/html": mark_html(points, mark.possible, reasons),
        "text/plain": repr(float(points)),
    }
    return {
        "output_type": "execute_result",
        "execution_count": None,
        "metadata": {},
        "data": shown,
    }
