"""What the instructor has changed in the source notebooks since `generate` recorded them.

Marks are made by what was recorded, as under stock nbgrader; a test that was mended since counts
only after the next `generate`. That has to be said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.notebooks.master import SourceCell, text

_MADE_NEW = ("AUTOTEST", "BEGIN SOLUTION")
"""Lines whose text nbgrader replaces when it generates."""


def changed_since(folder: Path, recorded: Mapping[str, Mapping[str, SourceCell]]) -> dict[str, str]:
    """Return the cells that are no longer as they were recorded, and what has changed.

    Only locked cells are looked at: tests, tasks and what is given. The text of an answer is
    another in what is recorded. A cell that was removed is named where it is worth points; others
    may come from a header that every notebook has.

    Args:
        folder: where the source notebooks are; one that is not there, or no notebook, is left out.
        recorded: what the gradebook holds of each cell, by notebook and label.
    """
    found = {}
    for name, cells in recorded.items():
        path = folder / f"{name}.ipynb"
        present = {label: (flags, source) for label, flags, source in _labelled(path)}
        for label, (flags, source) in present.items():
            what = _what_changed(flags, source, cells.get(label))
            if what:
                found[f"{name}/{label}"] = what
        for label, kept in cells.items() if present else ():
            if kept.points and label not in present:
                found[f"{name}/{label}"] = "is no longer in the source"
    return found


def _what_changed(flags: Mapping[str, Any], source: str, kept: SourceCell | None) -> str:
    """Say how a cell of the source differs from what was recorded, "" where it does not."""
    if kept is None:
        return "is new in the source"
    if _has_changed(flags, source, kept):
        return "was changed in the source"
    points = float(flags.get("points") or 0)
    if (flags.get("grade") or flags.get("task")) and points != kept.points:
        return f"is worth {points:g} points in the source, not {kept.points:g}"
    return ""


def _has_changed(flags: Mapping[str, Any], source: str, kept: SourceCell) -> bool:
    locked = (flags.get("grade") or flags.get("locked")) and not flags.get("solution")
    own = locked or flags.get("task")
    return bool(own and source.strip() != kept.source.strip()) and not any(
        line in source for line in _MADE_NEW
    )


def _labelled(path: Path) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """Yield the label, the flags and the text of each cell that nbgrader records."""
    try:
        cells = json.loads(path.read_bytes())["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    for cell in cells:
        flags = cell.get("metadata", {}).get("nbgrader", {})
        if any(flags.get(flag) for flag in ("grade", "solution", "locked", "task")):
            yield str(flags.get("grade_id", "")), flags, text(cell)
