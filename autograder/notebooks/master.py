"""The instructor's notebooks: as released to students, and with the hidden tests.

Hidden tests come from the gradebook, where `generate` recorded them: the same text that nbgrader's
own autograde restores. Everything else comes from the released notebook.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from autograder.course.course import Course, CourseError
from autograder.notebooks.assignment_files import Files, digest_of, is_left_out
from autograder.records import CellKind, Master, MasterCell, Repeat

KEPT_FLAGS = (
    "cell_type",
    "checksum",
    "grade",
    "grade_id",
    "locked",
    "points",
    "schema_version",
    "solution",
    "task",
)
"""The keys of nbgrader in a cell's metadata; grading keeps no others."""


_MOST_BYTES = 256 * 2**20


@dataclass(frozen=True, slots=True)
class SourceCell:
    """What the gradebook has of one cell: its text with hidden tests, and its points."""

    source: str
    points: float


@dataclass(frozen=True, slots=True)
class ReleasedCell:
    """One cell as the student received it."""

    source: str
    cell_id: str
    nbgrader: Mapping[str, Any]
    pictures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Template:
    """A master and its released cells; `digest` changes when either does.

    `files` are the instructor's files beside the notebook, such as data; the digest covers them.
    `why_beside` holds the tests that have to be run beside the student's cells, with reasons;
    `beside` those for which a run of the cells apart gave no certain mark of the instructor's own
    solution; `unsure` those that never give it full points; `numbers` those that end with a number
    for it; `replayed` those that need what the tests before them have changed. `repeats` tells how
    tests are run a second time where that is not as usual (see `BesideTest.again`), None where this
    is to be found out. `answers` are the names that the instructor's own answers define; None where
    they are not known.
    """

    master: Master
    released: tuple[ReleasedCell, ...]
    metadata: Mapping[str, Any]
    digest: str
    files: Files = field(default_factory=dict)
    why_beside: Mapping[str, str] = field(default_factory=dict)
    beside: frozenset[str] = frozenset()
    unsure: Mapping[str, str] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()
    replayed: frozenset[str] = frozenset()
    repeats: Mapping[str, Repeat] | None = field(default_factory=dict)
    answers: frozenset[str] | None = None


def template(
    assignment: str,
    name: str,
    released: bytes,
    sources: Mapping[str, SourceCell],
    files: Files = MappingProxyType({}),
) -> Template:
    """Match a released notebook and its recorded sources, cell by cell.

    Raises:
        CourseError: when the two differ.
    """
    try:
        notebook = json.loads(released)
        cells = [_released(c) for c in notebook["cells"]]
        types = [c["cell_type"] for c in notebook["cells"]]
    except (KeyError, TypeError, ValueError) as error:
        raise CourseError(
            f"The released notebook {name} cannot be read: {error}", _AGAIN
        ) from error
    labelled = {c.nbgrader["grade_id"] for c in cells if _recorded(c.nbgrader)}
    if labelled != sources.keys():
        odd = ", ".join(sorted(labelled ^ sources.keys()))
        raise CourseError(
            f"{name}: the released notebook and the gradebook differ in {odd}.", _AGAIN
        )
    masters = tuple(_master_cell(c, t, sources) for c, t in zip(cells, types, strict=True))
    metadata = {
        k: notebook["metadata"][k]
        for k in ("kernelspec", "language_info")
        if k in notebook["metadata"]
    }
    recorded = sorted((k, s.source, s.points) for k, s in sources.items())
    beside = digest_of(files).encode()
    digest = hashlib.sha256(released + json.dumps(recorded).encode() + beside).hexdigest()
    return Template(Master(assignment, name, masters), tuple(cells), metadata, digest, files)


def templates(
    folder: Path,
    assignment: str,
    sources: Mapping[str, Mapping[str, SourceCell]],
    files: Files = MappingProxyType({}),
) -> dict[str, Template]:
    """Read every notebook of an assignment from its released `folder`, by name.

    `files` are the instructor's files beside the notebooks.

    Raises:
        CourseError: when a notebook of the gradebook is not in `folder`.
    """
    found = {}
    for name in sorted(sources):
        path = folder / f"{name}.ipynb"
        if not path.is_file():
            raise CourseError(f"The released notebook {path} is missing.", _AGAIN)
        found[name] = template(assignment, name, path.read_bytes(), sources[name], files)
    return found


def files_of(course: Course, assignment: str) -> Files:
    """Read the instructor's files of an assignment, which nbgrader takes from the source folder.

    Raises:
        CourseError: when they are too large to be sent to every worker.
    """
    folder = course.source(assignment)
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if not path.is_file() or is_left_out(name.parts, course.directory.ignore):
            continue
        found[name.as_posix()] = path.read_bytes()
        if sum(map(len, found.values())) > _MOST_BYTES:
            raise CourseError(
                f"The files beside the notebooks of {assignment} are over {_MOST_BYTES // 2**20} "
                "MiB together, too large to be sent to every worker.",
                f"move some of them out of {folder}",
            )
    return found


def text(cell: Mapping[str, Any]) -> str:
    """Return a cell's source, which the notebook format stores as a string or as lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


_AGAIN = "run `autograder generate` again"


def _released(cell: Mapping[str, Any]) -> ReleasedCell:
    return ReleasedCell(
        text(cell), str(cell.get("id", "")), _flags(cell), cell.get("attachments", {})
    )


def _flags(cell: Mapping[str, Any]) -> dict[str, Any]:
    flags = cell.get("metadata", {}).get("nbgrader", {})
    return {key: flags[key] for key in KEPT_FLAGS if key in flags}


def _recorded(flags: Mapping[str, Any]) -> bool:
    return any(flags.get(flag) for flag in ("grade", "solution", "locked", "task"))


def _kind(flags: Mapping[str, Any]) -> CellKind:
    if flags.get("task") or (flags.get("grade") and flags.get("solution")):
        return "manual"
    if flags.get("grade"):
        return "test"
    return "solution" if flags.get("solution") else "given"


def _master_cell(
    cell: ReleasedCell, cell_type: Any, sources: Mapping[str, SourceCell]
) -> MasterCell:
    if not _recorded(cell.nbgrader):
        return MasterCell("", "given", cell_type, cell.source, released=cell.source)
    grade_id = cell.nbgrader["grade_id"]
    source = sources[grade_id]
    kind = _kind(cell.nbgrader)
    return MasterCell(grade_id, kind, cell_type, source.source, source.points, cell.source)
