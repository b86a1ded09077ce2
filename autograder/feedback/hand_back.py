"""Feedback pages in the forms that platforms accept for returning files to students.

A platform finds the student by the file name in its own download. So only names that `collect` has
seen are used: a page with a guessed number could go to another student.

- Moodle, "Upload multiple feedback files in a zip" (`mod/assign/feedback/file/importziplib.php`):
  `<full name>_<participant>_assignsubmission_file/<file>`; until 4.0 with a `_` at the end.
- Canvas, "Upload Submissions" (`app/models/assignment.rb`, `infer_comment_context_from_filename`):
  of the parts between `_` the first two that are numbers are the user's and the attachment's; the
  attachment must be that of the submission.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.course.course import Course
from autograder.course.files import write_whole
from autograder.course.outcome import Left
from autograder.lms.platforms import CANVAS, MOODLE_FLAT, MOODLE_FOLDER
from autograder.lms.versions import History, Store

_BEFORE_1980 = (1980, 1, 1, 0, 0, 0)  # one date for all files: the same pages give the same zip
_NOT_IN_A_NAME = re.compile(r"[^\w.\-]")


@dataclass(frozen=True, slots=True)
class Returned:
    """The files by their names for the platform, and the students without one, with reasons."""

    files: Mapping[str, Path]
    left: tuple[Left, ...]


def for_moodle(course: Course, assignment: str, students: Iterable[str]) -> Returned:
    """Return every page in the folder that the student had in Moodle's download."""
    files: dict[str, Path] = {}
    left = []
    for student, history, folder in _histories(course, assignment, students):
        found = [_first(map(_moodle, paths)) for paths in _paths(history).values()]
        names = {name for name in found if name}
        if len(names) != 1:
            left.append(_without(student, "Moodle", len(names)))
            continue
        (name,) = names
        files |= {f"{name}/{page.name}": page for page in sorted(folder.glob("*.html"))}
    return Returned(files, tuple(left))


def for_canvas(course: Course, assignment: str, students: Iterable[str]) -> Returned:
    """Return each notebook's page with the name that the notebook had in Canvas's download."""
    files: dict[str, Path] = {}
    left = []
    for student, history, folder in _histories(course, assignment, students):
        named = {
            name: folder / f"{notebook}.html"
            for notebook, paths in _paths(history).items()
            for name in [_first(_canvas(path, notebook) for path in paths)]
            if name and (folder / f"{notebook}.html").is_file()
        }
        if not named:
            left.append(_without(student, "Canvas", 0))
        files |= named
    return Returned(files, tuple(left))


def write_zip(target: Path, files: Mapping[str, Path]) -> None:
    """Write files into a zip atomically."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}.draft")
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, path in files.items():
                info = zipfile.ZipInfo(name, _BEFORE_1980)
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(info, path.read_bytes())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def write_folder(target: Path, files: Mapping[str, Path]) -> None:
    """Write files into a folder, each atomically."""
    for name, path in files.items():
        write_whole(target / name, path.read_bytes(), 0o644)


def _histories(
    course: Course, assignment: str, students: Iterable[str]
) -> Iterator[tuple[str, History, Path]]:
    store = Store(course.root / "collected" / assignment)
    for student in students:
        yield student, store.history(student), course.feedback(student, assignment)


def _paths(history: History) -> dict[str, list[PurePosixPath]]:
    """Return, by notebook, the paths that the version that counts had, the newest download first.

    What another member of the group handed in has her name: it would lead to her.
    """
    return {
        version.notebook: [PurePosixPath(s.partition(": ")[2]) for s in version.sources]
        for version in history.versions
        if not (version.by_hand or version.owner)
        and history.placed.get(version.notebook) == version.digest
    }


def _first(names: Iterable[str]) -> str:
    """Return the first name that is not empty, or ""."""
    return next(filter(None, names), "")


def _moodle(path: PurePosixPath) -> str:
    """Return the folder that Moodle's download had for a student, or ""."""
    for part in path.parts[:-1]:
        if MOODLE_FOLDER.fullmatch(part):
            return part
    flat = MOODLE_FLAT.fullmatch(path.name)
    return f"{flat['name']}_{flat['number']}_assignsubmission_file" if flat else ""


def _canvas(path: PurePosixPath, notebook: str) -> str:
    """Return a name with the numbers that Canvas's download had, or ""."""
    found = next((m for part in path.parts if (m := CANVAS.fullmatch(part))), None)
    if not found or MOODLE_FLAT.fullmatch(path.name):
        return ""
    name = _NOT_IN_A_NAME.sub("", found["name"])
    return f"{name}_{found['number']}_{found['piece']}_{notebook}.html"


def _without(student: str, platform: str, names: int) -> Left:
    why = (
        f"collected under {names} names of {platform}'s"
        if names
        else (f"no version that counts came from a download of {platform}'s")
    )
    return Left(f"Not returned by {platform}", student, why, "send the pages in feedback/ by hand")
