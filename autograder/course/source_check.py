"""Checks of an assignment's source notebooks, made before nbgrader converts them."""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.course.course import CourseError

_FORMAT = 4  # of the notebook file
_COPY = re.compile(r"-Copy\d*$|[ _-]copy(?: ?\(?\d+\)?)?$| ?\(\d+\)$|^copy of |~$", re.IGNORECASE)


def check_sources(folder: Path) -> None:
    """Refuse an assignment that could be released but not marked.

    Raises:
        CourseError: for a forgotten copy of a notebook, an id that two cells share, a language
            other than Python, an old notebook format, and a file that is no valid notebook. The
            message names notebook and cells.
    """
    for path in sorted(folder.glob("*.ipynb")):
        if _is_copy(path):
            raise CourseError(
                f"{path.name} looks like a forgotten copy. It would be released too, and its cells "
                "would be worth points a second time.",
                f"remove it from {folder}, or rename it",
            )
        notebook = _read(path)
        _check_format(path, notebook)
        if language := other_language(notebook.get("metadata", {})):
            raise CourseError(
                f"{path.name} is written in {language}; only Python notebooks can be marked here.",
                "mark it with stock nbgrader, which starts the kernel of its language",
            )
        _check_ids(path, notebook)


def other_language(metadata: Mapping[str, Any]) -> str:
    """Return a notebook's language where it is not Python; "" where it is, or is not given.

    >>> other_language({"kernelspec": {"name": "ir", "language": "R"}})
    'R'
    >>> other_language({"kernelspec": {"name": "my-env", "language": "python"}})
    ''
    """
    said = [
        metadata.get(part, {}).get(key)
        for part, key in (("kernelspec", "language"), ("language_info", "name"))
        if isinstance(metadata.get(part), Mapping)
    ]
    languages = [str(each) for each in said if each]
    if not languages or any(each.lower() in ("python", "ipython") for each in languages):
        return ""
    return languages[0]


def _is_copy(path: Path) -> bool:
    """Return whether a notebook is, by its name, a copy of another one in its folder."""
    original = _COPY.sub("", path.stem)
    return original != path.stem and path.with_name(f"{original}.ipynb").exists()


def _check_format(path: Path, notebook: dict[str, Any]) -> None:
    """Refuse another notebook format, and what Jupyter's own schema does not allow."""
    version = notebook.get("nbformat")
    if version != _FORMAT:
        raise CourseError(
            f"{path.name} is in nbformat {version}; assignments have to be in nbformat {_FORMAT}.",
            f"open it in JupyterLab and save it, or: jupyter nbconvert --to notebook --inplace "
            f"{shlex.quote(path.name)}",
        )
    metadata = notebook.get("metadata")
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    if isinstance(kernel, dict) and "name" not in kernel:
        raise CourseError(
            f"{path.name} does not name its kernel.",
            "open it, select a Python kernel, and save it",
        )
    import nbformat

    try:
        nbformat.validate(notebook, relax_add_props=True)
    except nbformat.ValidationError as error:
        place = "/".join(map(str, error.absolute_path))
        what = f"{place}: {error.message}" if place else error.message
        raise CourseError(f"{path.name} is not a valid notebook: {what[:300]}") from error


def _check_ids(path: Path, notebook: Mapping[str, Any]) -> None:
    ids = list(_ids(notebook))
    for grade_id, times in Counter(ids).items():
        if times > 1:
            places = [str(place) for place, each in enumerate(ids, 1) if each == grade_id]
            raise CourseError(
                f"{path.name}: the cells {', '.join(places)} have the same nbgrader id "
                f"{grade_id!r}; a mark belongs to one cell.",
                "give each cell its own id in the Create Assignment panel",
            )


def _ids(notebook: Mapping[str, Any]) -> Iterator[str | int]:
    """Yield the id of each cell; a unique number for one without an id."""
    for place, cell in enumerate(notebook.get("cells", [])):
        flags = cell.get("metadata", {}).get("nbgrader", {})
        used = any(flags.get(flag) for flag in ("grade", "solution", "locked", "task"))
        yield flags.get("grade_id", place) if used else place


def _read(path: Path) -> dict[str, Any]:
    try:
        notebook = json.loads(path.read_bytes())
    except ValueError as error:
        raise CourseError(f"{path.name} is not a notebook that can be read: {error}") from error
    if not isinstance(notebook, dict):
        raise CourseError(f"{path.name} is not a notebook.")
    return notebook
