"""Why a name holds no answer, in words for the student."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from autograder.records import SubmittedCell

LONGEST_WORDS = 200
"""Characters of an error's own words."""


def cell_named(cells: Sequence[SubmittedCell], index: int) -> str:
    """Call a cell by its name, or else by its place from 1."""
    return f"cell {cells[index].grade_id or index + 1}"


def why_unanswered(name: str, cells: Sequence[SubmittedCell], troubles: Mapping[int, str]) -> str:
    """Say why there is no answer: what went wrong in a cell where the name stands, if anything did.

    Args:
        name: the answer's name.
        cells: the notebook's cells.
        troubles: by a cell's place from 0, the error with which it stopped.

    >>> cell = SubmittedCell("sizes", "code", "sizes = 26 +", trusted=False)
    >>> why_unanswered("sizes", [cell], {0: "SyntaxError: invalid syntax (line 1)"})
    'sizes is not answered: cell sizes stopped with SyntaxError: invalid syntax (line 1)'
    >>> why_unanswered("sizes", [cell], {})
    'sizes is not answered: no cell gives it a value.'
    """
    for index, cell in enumerate(cells):
        if index in troubles and re.search(rf"\b{re.escape(name)}\b", cell.source):
            return f"{name} is not answered: {cell_named(cells, index)} {_stopped(troubles[index])}"
    return f"{name} is not answered: no cell gives it a value."


def _stopped(trouble: str) -> str:
    return (
        trouble
        if trouble.startswith(("took longer", "was left out"))
        else f"stopped with {trouble}"
    )
