"""The place of each question in the lessons: the heading above it, and the practice before it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from autograder.gradebook.class_marks import Key

HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)
WIDGET = re.compile(r"\b(StackExplorer|Explorer|Practice)\(")


@dataclass(frozen=True, slots=True)
class LessonPlace:
    """A part of a lesson to read again."""

    notebook: str
    heading: str = ""
    widget: str = ""
    practice: str = ""
    """The lesson's call that opens the last practice before the question."""
    practice_link: str = ""
    """The same practice on the course's practice site, where it has one."""

    @property
    def words(self) -> str:
        """The place as text, for an instructor."""
        heading = f", “{self.heading}”" if self.heading else ""
        return f"{self.notebook}{heading}" + (f", {self.widget}" if self.widget else "")


def places(released: Path) -> dict[Key, LessonPlace]:
    """Return the place of every labelled cell in the notebooks that students receive."""
    found: dict[Key, LessonPlace] = {}
    for path in sorted(released.glob("*.ipynb")):
        found.update(in_notebook(path.stem, json.loads(path.read_bytes())))
    return found


def in_notebook(
    name: str, notebook: Mapping[str, object], site: str = ""
) -> dict[Key, LessonPlace]:
    """Return the place of each labelled cell of one notebook.

    `site` is the address of the course's practice site; empty where it has none.
    """
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
            link = practice_link(site, practice) if site and practice else ""
            found[name, grade_id] = LessonPlace(name, heading, widget, practice, link)
    return found


def practice_link(site: str, call: str) -> str:
    """Return the address on the practice site with the questions of a lesson's `Practice(...)`.

    >>> practice_link("https://example.org/p/", 'Practice(topics=["size"], max_strides=1)')
    'https://example.org/p/#practice?topic=size&strides=1'
    """
    named = {"topics": "topic", "paddings": "padding", "level": "level", "max_strides": "strides"}
    try:
        calls = [node for node in ast.walk(ast.parse(call)) if isinstance(node, ast.Call)]
        given = {word.arg: ast.literal_eval(word.value) for each in calls for word in each.keywords}
    except (SyntaxError, ValueError):
        given = {}
    values = {
        named[name]: ",".join(map(str, value)) if isinstance(value, list) else value
        for name, value in given.items()
        if name in named
    }
    return f"{site}#practice" + (f"?{urlencode(values, safe=',')}" if values else "")
