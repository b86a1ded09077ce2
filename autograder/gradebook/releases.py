"""Of which source files the students' version was made: is it older than the source?

Times of files do not say it: copying a course, or cloning a repository, changes them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from autograder.course.course import Course
from autograder.gradebook.database import connected
from autograder.gradebook.tables import ASSIGNMENT
from autograder.notebooks.assignment_files import is_left_out
from autograder.notebooks.master import text

RELEASES = sa.Table(
    "autograder_release",
    sa.MetaData(),
    # No foreign key: nbgrader deletes assignments without knowing this table.
    sa.Column("assignment_id", sa.String(32), primary_key=True),
    sa.Column("sources", sa.Text, nullable=False),
    sa.Column("released", sa.String(64), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Release:
    """Digests of the source files by name, and one of all that was made of them."""

    sources: Mapping[str, str]
    released: str


def release_of(course: Course, assignment: str) -> Release:
    """Return the digests of the source and the released files as they are now."""
    made = sorted(_digests(course, course.released(assignment)).items())
    whole = hashlib.sha256(repr(made).encode("utf-8", "surrogatepass")).hexdigest()
    return Release(_digests(course, course.source(assignment)), whole)


def note_release(course: Course, assignment: str) -> None:
    """Record of which files the students' version was made just now."""
    now = release_of(course, assignment)
    with connected(course.db_url) as db:
        RELEASES.create(db, checkfirst=True)
        this = sa.select(ASSIGNMENT.c.id).where(ASSIGNMENT.c.name == assignment)
        id_ = db.execute(this).scalar_one()
        db.execute(RELEASES.delete().where(RELEASES.c.assignment_id == id_))
        row = {"sources": json.dumps(dict(now.sources)), "released": now.released}
        db.execute(RELEASES.insert().values(assignment_id=id_, **row))


def newer_sources(kept: Release | None, now: Release) -> list[str]:
    """Return the source files that have changed since the release was made of them.

    Where nothing is known of the release that is there, none: nbgrader's own command made it.

    >>> newer_sources(Release({"1.ipynb": "a", "2.ipynb": "b"}, "r"), Release({}, "r"))
    ['1.ipynb', '2.ipynb']
    """
    if kept is None or kept.released != now.released:
        return []
    names = sorted(kept.sources.keys() | now.sources.keys())
    return [name for name in names if kept.sources.get(name) != now.sources.get(name)]


def _digests(course: Course, folder: Path) -> dict[str, str]:
    """Return a digest of each file that students receive, by its path in the folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        parts = (*name.parts[:-1], name.name.removesuffix(".ipynb"))
        if path.is_file() and not is_left_out(parts, course.directory.ignore):
            found[name.as_posix()] = hashlib.sha256(_content(path)).hexdigest()[:16]
    return found


def _content(path: Path) -> bytes:
    """Return what a release depends on: of a notebook, all but its outputs."""
    data = path.read_bytes()
    if path.suffix != ".ipynb":
        return data
    try:
        return json.dumps([_cell(cell) for cell in json.loads(data)["cells"]]).encode()
    except (ValueError, KeyError, TypeError, AttributeError):
        return data


def _cell(cell: Mapping[str, Any]) -> list[Any]:
    flags = sorted(cell.get("metadata", {}).get("nbgrader", {}).items())
    kept = [(name, value) for name, value in flags if name != "checksum"]
    return [cell["cell_type"], text(cell), kept, cell.get("attachments")]
