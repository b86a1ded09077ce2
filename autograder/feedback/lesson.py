"""A released notebook on feedback pages: its cells are rendered once for a whole class."""

from __future__ import annotations

import base64
import json
import mimetypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from autograder.feedback.code import highlighted
from autograder.feedback.markdown import rendered
from autograder.feedback.markup import Markup, tag
from autograder.feedback.outputs import picture_address
from autograder.feedback.places import HEADING, LessonPlace, in_notebook
from autograder.gradebook.class_marks import Key
from autograder.notebooks.safe_html import Pictures

_LARGEST_FILE = 2 * 2**20  # bytes of a picture beside the lesson
_SHOWN = frozenset({"image/png", "image/jpeg", "image/gif"})


@dataclass(frozen=True, slots=True)
class GivenCell:
    """One released cell: its text, and its HTML."""

    cell_type: str
    source: str
    markup: Markup
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One released notebook, the places of its questions, and the names of answers.

    `cells` are by their text, since older notebooks have no cell ids; `labelled` by grade_id.
    """

    name: str
    title: str
    cells: Mapping[tuple[str, str], GivenCell]
    labelled: Mapping[str, GivenCell]
    places: Mapping[Key, LessonPlace]
    answers: Mapping[str, str]


def lesson(path: Path, site: str = "") -> Lesson:
    """Read and render a released notebook; `site` is the address of the course's practice site."""
    notebook = json.loads(path.read_bytes())
    given = [_given(cell, path.parent) for cell in notebook["cells"]]
    labels = [_flags(cell).get("grade_id", "") for cell in notebook["cells"]]
    return Lesson(
        name=path.stem,
        title=_title(given) or path.stem,
        cells={(cell.cell_type, cell.source): cell for cell in given},
        labelled={label: c for label, c in zip(labels, given, strict=True) if label},
        places=in_notebook(path.stem, notebook, site),
        answers=dict(_answers(notebook["cells"])),
    )


def _title(cells: list[GivenCell]) -> str:
    """Return the notebook's title: its first heading, where that is of the first level."""
    first = next((cell for cell in cells if cell.headings), None)
    is_title = first and re.match(r"#\s", first.source.lstrip())
    return first.headings[0] if first and is_title else ""


def _flags(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    flags: Mapping[str, Any] = cell["metadata"].get("nbgrader", {})
    return flags


def plain_heading(text: str) -> str:
    """Return a heading without Markdown's characters.

    >>> plain_heading("**No** zeros: `valid`")
    'No zeros: valid'
    """
    return text.replace("**", "").replace("`", "").replace("$", "").strip("# *")


def pictures_of(attachments: Any, folder: Path | None = None) -> Pictures:
    """Return a function that finds a cell's pictures: attached ones, and the lesson's files."""

    def address(name: str) -> str:
        wanted = unquote(name)
        if wanted.startswith("attachment:"):
            kinds = attachments.get(wanted[11:]) if isinstance(attachments, Mapping) else None
            pairs = kinds.items() if isinstance(kinds, Mapping) else ()
            return next(filter(None, (picture_address(*pair) for pair in pairs)), "")
        return _beside(folder, wanted) if folder else ""

    return address


def _beside(folder: Path, name: str) -> str:
    """Return a picture in the lesson's folder; nothing outside it is opened."""
    kind = mimetypes.guess_type(name)[0]
    path = (folder / name).resolve() if "\0" not in name else folder
    inside = path.is_relative_to(folder.resolve()) and path.is_file()
    if kind not in _SHOWN or not inside or path.stat().st_size > _LARGEST_FILE:
        return ""
    return picture_address(kind, base64.b64encode(path.read_bytes()).decode())


def _given(cell: Mapping[str, Any], folder: Path) -> GivenCell:
    source, kind = "".join(cell["source"]), cell["cell_type"]
    if kind == "markdown":
        markup = rendered(source, pictures_of(cell.get("attachments"), folder))
        return GivenCell(kind, source, markup, tuple(map(plain_heading, HEADING.findall(source))))
    inner = highlighted(source) if kind == "code" else source
    return GivenCell(kind, source, tag("pre", inner, class_="code", tabindex="0"), ())


def _answers(cells: list[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield each graded cell with its answer cell: the last one before it."""
    answer = ""
    for cell in cells:
        flags = _flags(cell)
        grade_id = flags.get("grade_id", "")
        if flags.get("solution"):
            answer = grade_id
        if flags.get("grade") or flags.get("task"):
            yield grade_id, grade_id if flags.get("solution") or flags.get("task") else answer
