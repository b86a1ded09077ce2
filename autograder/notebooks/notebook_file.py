"""Reading the cells of a submitted file, as hostile data with all types checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from autograder.course.files import RefusedFileError
from autograder.notebooks.foreign_file import what_is_this
from autograder.notebooks.pictures import Pictures, pictures_of
from autograder.records import Finding

MOST_CELLS = 2_000
MOST_TEXT = 2 * 2**20  # characters of source in all cells together
_OLD_FORMAT, _FORMAT = 3, 4  # of the notebook file
_DAMAGED = "a damaged notebook"


class Raw(NamedTuple):
    """One submitted cell, after its types were checked; but `outputs` are as they came."""

    cell_type: Literal["code", "markdown", "raw"]
    source: str
    cell_id: str
    flags: Mapping[str, Any]
    tagged: bool
    pictures: Pictures
    outputs: Any


def read_cells(data: bytes) -> tuple[list[Raw], list[Finding]]:
    """Return the cells of a notebook's file, with findings about anything unusual.

    Raises:
        RefusedFileError: when the bytes are not a notebook that can be read.
    """
    notebook = _parsed(data)
    if notebook["nbformat"] not in (_OLD_FORMAT, _FORMAT):
        raise RefusedFileError(
            "format", "the notebook's format is not known; save it in nbformat 4"
        )
    findings: list[Finding] = []
    if notebook["nbformat"] == _OLD_FORMAT:
        findings.append(
            Finding("format", "The notebook is in the old nbformat 3; it was read without loss.")
        )
    listed = _cells(notebook)
    if not isinstance(listed, list) or len(listed) > MOST_CELLS:
        raise RefusedFileError(
            "cells", f"the notebook has no list of cells, or more than {MOST_CELLS}"
        )
    cells = [_cell(c) for c in listed]
    good = [c for c in cells if c is not None]
    if len(good) < len(cells):
        findings.append(
            Finding(
                "bad_cell", f"{len(cells) - len(good)} cells could not be read and were left out."
            )
        )
    if sum(len(c.source) for c in good) > MOST_TEXT:
        raise RefusedFileError(
            "too_large",
            f"the notebook's cells hold more than {MOST_TEXT // 2**20} million characters",
        )
    return good, findings


def _parsed(data: bytes) -> dict[str, Any]:
    """Read the JSON of a notebook, or raise an error that says what the file is instead."""
    try:
        notebook = json.loads(data)
    except RecursionError:
        raise RefusedFileError(
            "too_deep", "the notebook's file has too many nested levels"
        ) from None
    except (ValueError, MemoryError):
        raise RefusedFileError("not_json", f"this is {what_is_this(data) or _DAMAGED}") from None
    if not isinstance(notebook, dict) or type(notebook.get("nbformat")) is not int:
        raise RefusedFileError("not_a_notebook", f"this is {what_is_this(data) or _DAMAGED}")
    return notebook


def _cells(notebook: Mapping[str, Any]) -> Any:
    if notebook["nbformat"] == _FORMAT:
        return notebook.get("cells")
    sheets = notebook.get("worksheets")
    if not isinstance(sheets, list) or not all(isinstance(s, dict) for s in sheets):
        return None
    lists = [s.get("cells") for s in sheets]
    return [cell for cells in lists if isinstance(cells, list) for cell in cells]


def _cell(cell: Any) -> Raw | None:
    if not isinstance(cell, dict):
        return None
    cell_type: Any = "markdown" if cell.get("cell_type") == "heading" else cell.get("cell_type")
    source = cell.get("source", cell.get("input"))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if cell_type not in ("code", "markdown", "raw") or not isinstance(source, str):
        return None
    # A lone surrogate cannot be encoded, so it could not be written to a file or database.
    if not source.isascii():
        source = source.encode("utf-8", "replace").decode()
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    flags = metadata.get("nbgrader")
    cell_id = cell.get("id")
    return Raw(
        cell_type,
        source,
        cell_id if isinstance(cell_id, str) else "",
        flags if isinstance(flags, dict) else {},
        bool(metadata.get("tags")),
        pictures_of(cell.get("attachments")) if cell_type == "markdown" else {},
        cell.get("outputs"),
    )
