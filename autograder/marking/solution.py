"""Marking the instructor's own solution like a submission.

A hidden test that gives the solution full points from the values of its answers can be marked by
these values.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autograder.course.settings import DEFAULTS, Settings
from autograder.exam.points import sentences
from autograder.marking.engine import mark_notebook
from autograder.marking.runs import Runs
from autograder.marking.working_folder import in_folder, with_notebooks
from autograder.notebooks.master import Template, text
from autograder.records import MarkedNotebook

INSTRUCTOR = "instructor"
"""The student's id of the solution."""


def solutions_of(source: Path) -> dict[str, str]:
    """Read the answers in an instructor's notebook, by grade_id."""
    cells = json.loads(source.read_bytes())["cells"]
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: text(cell)
        for cell in cells
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }


def notebook_with(template: Template, answers: Mapping[str, str]) -> bytes:
    """Return the released notebook with answers in its cells; a cell without one stays."""
    cells: list[dict[str, Any]] = []
    for master, released in zip(template.master.cells, template.released, strict=True):
        answer = answers.get(master.grade_id) if released.nbgrader.get("solution") else None
        metadata = {"nbgrader": dict(released.nbgrader)} if released.nbgrader else {}
        cell: dict[str, Any] = {
            "cell_type": master.cell_type,
            "id": released.cell_id,
            "metadata": metadata,
            "source": released.source if answer is None else answer,
        }
        if master.cell_type == "code":
            cell |= {"execution_count": None, "outputs": []}
        cells.append(cell)
    notebook = {"cells": cells, "metadata": dict(template.metadata), "nbformat": 4}
    return json.dumps(notebook | {"nbformat_minor": 5}).encode()


def mark_answers(
    template: Template,
    answers: Mapping[str, str],
    runner: Callable[[], Runs | str],
    settings: Settings = DEFAULTS,
) -> MarkedNotebook:
    """Mark the released notebook with these answers in it, like a submission."""
    data = notebook_with(template, answers)
    there = in_folder(runner, with_notebooks(template.files, {template.master.notebook: data}))
    return mark_notebook(template, data, INSTRUCTOR, there, settings).notebook


def not_full(marked: MarkedNotebook) -> dict[str, str]:
    """Return the tests that did not give full points, with reasons."""
    return {
        mark.grade_id: sentences(mark.reasons) or "no reason was given"
        for mark in marked.marks
        if mark.points is not None and mark.points < mark.possible
    }
