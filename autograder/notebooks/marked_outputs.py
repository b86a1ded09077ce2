"""The outputs that a marked notebook shows, where a person has to look at it.

Each cell's outputs begin with a note that says where they come from. Outputs that a student saved
prove nothing: she may have changed the cell since, or pasted them in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.notebooks.mark_html import note_html
from autograder.notebooks.master import Template
from autograder.notebooks.matching import Placed
from autograder.notebooks.outputs import Budget, Part, Shown, safe_outputs
from autograder.records import CellMark

NOTE = "stridewise"
"""The key in an output's metadata that marks a note of ours; its value says which note."""
SAVED = "Saved by the student, not from a run here:"
_MIME = {"text": "text/plain", "markdown": "text/markdown", "html": "text/html"}


def outputs_to_show(
    template: Template, cells: Sequence[Placed], marks: Mapping[str, CellMark]
) -> dict[int, list[dict[str, Any]]]:
    """Return the outputs of cells by their place, as a notebook's file holds them.

    There are none where no person has to look at the notebook: nothing in it is marked by hand and
    no mark is flagged. The budget is used for cells that are marked by hand first. HTML of an
    unchanged given cell is left out: it is long, and the same for everybody.
    """
    if not any(mark.points is None or mark.flagged for mark in marks.values()):
        return {}
    kinds = [None if c.master is None else template.master.cells[c.master].kind for c in cells]
    budget, shown = Budget(), dict[int, list[dict[str, Any]]]()
    for i in sorted(range(len(cells)), key=lambda i: kinds[i] != "manual"):
        placed = cells[i]
        if placed.cell.cell_type == "code" and kinds[i] != "test" and placed.outputs:
            found = safe_outputs(placed.outputs, budget, html=not placed.cell.trusted)
            shown[i] = _with_words(found)
    return shown


def _with_words(shown: Shown) -> list[dict[str, Any]]:
    """Return outputs with our notes before and after them."""
    parts = [_as_output(part) for part in shown.parts]
    before = [_note("saved", SAVED)] if parts else []
    after = [_note("left out", shown.left_out_words)] if shown.left_out else []
    return [*before, *parts, *after]


def _as_output(part: Part) -> dict[str, Any]:
    if part.kind in ("stdout", "stderr"):
        return {"output_type": "stream", "name": part.kind, "text": part.text}
    if part.kind == "error":
        name, _, words = part.text.partition(": ")
        error = {"ename": name, "evalue": words, "traceback": [part.text]}
        return {"output_type": "error", **error}
    mime = part.type or _MIME[part.kind]
    about = {mime: {"alt": "A figure from this cell"}} if part.kind == "picture" else {}
    return {"output_type": "display_data", "metadata": about, "data": {mime: part.text}}


def _note(kind: str, words: str) -> dict[str, Any]:
    return {
        "output_type": "display_data",
        "metadata": {NOTE: kind},
        "data": {"text/html": note_html(words), "text/plain": words},
    }
