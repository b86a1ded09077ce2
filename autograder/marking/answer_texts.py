"""A digest of the text that a mark is about, for each graded cell.

The gradebook stores it. A mark given by hand is put back into the queue when this text has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from autograder.notebooks.master import Template
from autograder.notebooks.matching import TakenIn


def answer_texts(template: Template, taken: TakenIn) -> Mapping[str, str]:
    """Return, for each graded cell, a digest of the text that its mark is about.

    For a cell that holds an answer it is the cell's own text. For a test or a task, whose answer
    may be in any cell, it is everything that the student wrote.
    """
    everything = _digest(cell.source for cell in taken.submission.cells if not cell.trusted)
    own = {c.master: c.cell.source for c in taken.placed if c.master is not None}
    return {
        cell.grade_id: _digest([own[i]])
        if i in own and template.released[i].nbgrader.get("solution")
        else everything
        for i, cell in enumerate(template.master.cells)
        if cell.kind in ("test", "manual")
    }


def _digest(texts: Iterable[str]) -> str:
    joined = "\0".join(texts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]
