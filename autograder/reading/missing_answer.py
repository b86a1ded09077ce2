"""Why an answer is missing, in words for the student."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from autograder.reading.lookups import given_by
from autograder.records import SubmittedCell

LONGEST_WORDS = 200
"""Characters of an error's message."""
TOOK_LONGER = "took longer"
"""How the words begin for a cell that was stopped by a time limit."""
LESS_TIME = "it had less time"
"""In those words where the time limit was shorter than stock nbgrader's."""


def cell_named(cells: Sequence[SubmittedCell], index: int) -> str:
    """Return a cell's name, or else its number, from 1."""
    return f"cell {cells[index].grade_id or index + 1}"


def why_unanswered(name: str, cells: Sequence[SubmittedCell], troubles: Mapping[int, str]) -> str:
    """Return why there is no answer: the error in a cell with this name in it, if there is one.

    Args:
        name: the answer's name.
        cells: the notebook's cells.
        troubles: the error with which a cell stopped, by its index.

    >>> from dataclasses import replace
    >>> cell = SubmittedCell("sizes", "code", "sizes = 26 +", trusted=False)
    >>> why_unanswered("sizes", [cell], {0: "SyntaxError: invalid syntax (line 1)"})
    'sizes is not answered: cell sizes stopped with SyntaxError: invalid syntax (line 1)'
    >>> why_unanswered("sizes", [cell], {})
    'sizes is not answered: no cell assigns a value to it.'
    >>> why_unanswered("sizes", [replace(cell, source="sizes = 26")], {})
    'sizes is not answered: no cell above its test assigns a value to it.'
    """
    for index, cell in enumerate(cells):
        if index in troubles and re.search(rf"\b{re.escape(name)}\b", cell.source):
            return f"{name} is not answered: {cell_named(cells, index)} {stopped(troubles[index])}"
    below = any(name in (given_by(each.source) or ()) for each in cells if each.cell_type == "code")
    where = " above its test" if below else ""
    return f"{name} is not answered: no cell{where} assigns a value to it."


def what_stopped(
    names: Collection[str], cells: Sequence[SubmittedCell], troubles: Mapping[int, str]
) -> str:
    r"""Say which cell of the student's stopped that has to do with these names, "" where none did.

    >>> cell = SubmittedCell("q", "code", "model = Model()\nmodel.add(kears.x)", trusted=False)
    >>> what_stopped(["model"], [cell], {0: "NameError: name 'kears' is not defined (line 2)"})
    "Cell q stopped with NameError: name 'kears' is not defined (line 2)"
    """
    for index, cell in enumerate(cells):
        named = (re.search(rf"\b{re.escape(name)}\b", cell.source) for name in names)
        if index in troubles and not cell.trusted and any(named):
            words = f"{cell_named(cells, index)} {stopped(troubles[index])}"
            return words[0].upper() + words[1:]
    return ""


def stopped(trouble: str) -> str:
    """Say that a cell stopped, by the error or by what else became of it."""
    return (
        trouble if trouble.startswith((TOOK_LONGER, "was left out")) else f"stopped with {trouble}"
    )
