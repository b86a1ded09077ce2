"""The outputs that a marked notebook shows, where a person has to look at it.

Each cell's outputs begin with a note that says where they come from. Outputs that a student saved
prove nothing: she may have changed the cell since, or pasted them in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from autograder.notebooks.mark_html import note_html
from autograder.notebooks.master import Template
from autograder.notebooks.matching import Placed
from autograder.notebooks.outputs import Budget, Part, Shown, safe_outputs
from autograder.records import CellMark

NOTE = "stridewise"
"""The key in an output's metadata that marks a note of ours; its value says which note."""
SAVED = "Saved by the student, not from a run here:"
RAN = "From a run here:"
NOTHING = "Run here, it showed nothing."
_MIME = {"text": "text/plain", "markdown": "text/markdown", "html": "text/html"}


def outputs_to_show(
    template: Template,
    cells: Sequence[Placed],
    marks: Mapping[str, CellMark],
    ran: Mapping[int, Any] = MappingProxyType({}),
) -> dict[int, list[dict[str, Any]]]:
    """Return the outputs of cells by their place, as a notebook's file holds them.

    There are none where no person has to look at the notebook: nothing in it is marked by hand and
    no mark is flagged. The budget is used for cells that are marked by hand first. HTML of an
    unchanged given cell is left out: it is long, and the same for everybody.

    Args:
        template: the master.
        cells: the student's.
        marks: by grade_id.
        ran: what cells showed when they were run here, by place; it is shown instead of what the
            student saved.
    """
    if not any(mark.points is None or mark.flagged for mark in marks.values()):
        return {}
    kinds = [None if c.master is None else template.master.cells[c.master].kind for c in cells]
    budget, shown = Budget(), dict[int, list[dict[str, Any]]]()
    for i in sorted(range(len(cells)), key=lambda i: kinds[i] != "manual"):
        placed = cells[i]
        outputs = ran.get(i, placed.outputs)
        if placed.cell.cell_type == "code" and kinds[i] != "test" and (outputs or i in ran):
            found = safe_outputs(outputs, budget, html=not placed.cell.trusted)
            if i in ran:
                nothing = NOTHING if kinds[i] == "manual" and not found.left_out else ""
                shown[i] = _with_words(found, "run", RAN, nothing)
            else:
                shown[i] = _with_words(found, "saved", SAVED)
    return shown


def _with_words(shown: Shown, kind: str, words: str, nothing: str = "") -> list[dict[str, Any]]:
    """Return outputs with our notes before and after them; `nothing` where there is no output."""
    parts = [_as_output(part) for part in shown.parts]
    words = words if parts else nothing
    before = [_note(kind, words)] if words else []
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
