"""The order of an assignment's questions, which nbgrader's tables do not keep."""

from __future__ import annotations

import json
from pathlib import Path


def question_order(released: Path) -> dict[tuple[str, str], int]:
    """Return the position of each labelled cell in the notebooks that students receive."""
    order: dict[tuple[str, str], int] = {}
    for path in sorted(released.glob("*.ipynb")):
        for cell in json.loads(path.read_bytes())["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if grade_id:
                order[path.stem, grade_id] = len(order)
    return order
