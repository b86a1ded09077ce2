"""Where in the lessons a question stands: the heading over it, and the explorer before it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.gradebook.marksheet import Key

HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)
WIDGET = re.compile(r"\b(StackExplorer|Explorer|Practice)\(")


@dataclass(frozen=True, slots=True)
class LessonPlace:
    """A part of a lesson to go back to."""

    notebook: str
    heading: str = ""
    widget: str = ""
    practice: str = ""
    """The call that opens the last practice before the question, as the lesson writes it."""

    @property
    def words(self) -> str:
        """The place in words, for an instructor to pass on."""
        heading = f", “{self.heading}”" if self.heading else ""
        return f"{self.notebook}{heading}" + (f", {self.widget}" if self.widget else "")


def places(released: Path) -> dict[Key, LessonPlace]:
    """Return the place of every labelled cell in the notebooks that students receive."""
    found: dict[Key, LessonPlace] = {}
    for path in sorted(released.glob("*.ipynb")):
        found.update(in_notebook(path.stem, json.loads(path.read_bytes())))
    return found


def in_notebook(name: str, notebook: Mapping[str, object]) -> dict[Key, LessonPlace]:
    """Return the place of each labelled cell of one notebook."""
    found: dict[Key, LessonPlace] = {}
    heading = widget = practice = ""
    cells = notebook["cells"]
    assert isinstance(cells, list)  # noqa: S101 - the notebook format says so
    for cell in cells:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            heading = (HEADING.findall(text) or [heading])[-1]
        elif match := WIDGET.search(text):
            widget = match[1]
            practice = text.strip() if widget == "Practice" else practice
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id:
            found[name, grade_id] = LessonPlace(name, heading, widget, practice)
    return found
