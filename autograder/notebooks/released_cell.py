"""Whether a submitted cell is as some release made it, by nbgrader's own checksum.

After a test or its points have changed, students still have the earlier release: its cells differ
from the master, and nobody edited them. The checksum that `generate` wrote into a cell tells the
two apart. It proves nothing, since anybody can compute it; the master's text counts in any case.
"""

from __future__ import annotations

import hashlib

from autograder.notebooks.notebook_file import Raw


def is_as_released(cell: Raw) -> bool:
    """Return whether a cell's text, type and labels fit the checksum in its metadata."""
    flags = cell.flags
    try:
        return bool(flags.get("checksum")) and flags["checksum"] == checksum(cell)
    except (KeyError, TypeError, ValueError, OverflowError):
        return False


def checksum(cell: Raw) -> str:
    """Return the checksum that nbgrader writes into a cell (`nbgrader.utils.compute_checksum`).

    Importing nbgrader takes a second, which a worker would need for this alone.
    """
    flags = cell.flags
    grade, solution = flags.get("grade", False), flags.get("solution", False)
    locked = False if solution else True if grade else flags.get("locked", False)
    parts = [cell.source, cell.cell_type, str(grade), str(solution), str(locked)]
    parts += [flags["grade_id"], *([str(float(flags["points"]))] if grade else [])]
    text = "".join(parts).encode()
    return hashlib.md5(text, usedforsecurity=False).hexdigest()
