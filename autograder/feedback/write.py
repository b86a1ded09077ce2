"""Writing one student's pages: only where their data has changed, and each file atomically."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import stridewise
from autograder.course.files import RefusedFileError, open_folder, write_whole
from autograder.feedback.cells import NotebookPart, notebook_part, outputs_in
from autograder.feedback.lesson import Lesson
from autograder.feedback.page import index_page, notebook_page
from autograder.feedback.student import ClassFacts, StudentFacts, StudentPages, student_pages

INDEX = "index.html"
_KEPT = ("timestamp.txt", "submission_secret.txt")
"""Files that `nbgrader release_feedback` reads too; the second one comes from `collect`."""


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of one student."""

    submitted: Path
    autograded: Path
    feedback: Path


@dataclass(frozen=True, slots=True)
class Job:
    """One student's pages to make; `force` also makes unchanged ones."""

    student: StudentFacts
    folders: Folders
    force: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """The result for one student's pages."""

    student: str
    status: Literal["made", "unchanged", "failed"]
    pages: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Files:
    """One notebook's files: the marked one, and the submitted one (None where unreadable)."""

    marked: bytes
    submitted: bytes | None


def make_pages(job: Job, facts: ClassFacts) -> Made:
    """Write one student's pages, the page for the whole assignment last."""
    who = job.student.student_marks.person.id
    files = _read_files(job, facts)
    if not files:
        return Made(who, "failed", reason="nothing is marked: run `autograder grade` first")
    digest = _digest(job, facts, files)
    if not job.force and _is_current(job, files, digest):
        return Made(who, "unchanged")
    pages = student_pages(facts, job.student)
    for name, file in files.items():
        _write_notebook(job, pages, facts.lessons[name], file, digest)
    _tidy(job, files)
    _write(job, INDEX, index_page(pages, digest))
    return Made(who, "made", len(files))


def are_current(job: Job, facts: ClassFacts) -> bool:
    """Return whether the pages that are there show the present marks.

    Where nothing is marked there is nothing to show.
    """
    files = _read_files(job, facts)
    return not files or _is_current(job, files, _digest(job, facts, files))


def _read_files(job: Job, facts: ClassFacts) -> dict[str, _Files]:
    """Read a student's marked notebooks, and what she handed in of each."""
    names = [each for each in facts.lessons if _marked(job, each).is_file()]
    return {name: _Files(_marked(job, name).read_bytes(), _submitted(job, name)) for name in names}


def _write_notebook(
    job: Job, pages: StudentPages, lesson: Lesson, file: _Files, digest: str
) -> None:
    page = next((each for each in pages.notebooks if each.name == lesson.name), None)
    if page is None:  # a notebook without any question
        return
    part = _part(json.loads(file.marked), file.submitted, lesson, page)
    _write(job, f"{lesson.name}.html", notebook_page(pages, page, part, digest))


def _part(
    marked: Mapping[str, Any], submitted: bytes | None, lesson: Lesson, page: Any
) -> NotebookPart:
    return notebook_part(lesson, marked, outputs_in(submitted), page)


def _write(job: Job, name: str, text: str) -> None:
    write_whole(job.folders.feedback / name, text.encode("utf-8", "replace"))


def _marked(job: Job, name: str) -> Path:
    return job.folders.autograded / f"{name}.ipynb"


def _submitted(job: Job, name: str) -> bytes | None:
    """Read the submitted file, never through a link; a refused one has no outputs to show."""
    try:
        with open_folder(job.folders.submitted) as folder:
            return folder.read(f"{name}.ipynb")
    except RefusedFileError:
        return None


def _tidy(job: Job, names: Iterable[str]) -> None:
    """Copy files that the exchange reads; remove old pages and partly written files."""
    folder = job.folders.feedback
    due = {INDEX, *(f"{name}.html" for name in names)}
    for path in folder.glob("*.html"):
        if path.name not in due:
            path.unlink(missing_ok=True)
    for draft in folder.glob(".*.draft"):  # left by a run that was killed
        draft.unlink(missing_ok=True)
    for name in _KEPT:
        data = _beside(job, name)
        if data is not None:
            write_whole(folder / name, data)


def _beside(job: Job, name: str) -> bytes | None:
    for source in (job.folders.autograded, job.folders.submitted):
        try:
            with open_folder(source) as folder:
                data = folder.read(name, 1000)
        except RefusedFileError:
            continue
        if data is not None:
            return data
    return None


def _is_current(job: Job, names: Iterable[str], digest: str) -> bool:
    """Return whether the pages have this digest, by the page that is written last."""
    index = job.folders.feedback / INDEX
    try:
        with index.open("rb") as file:
            start = file.read(500)
    except OSError:
        return False
    pages = (job.folders.feedback / f"{name}.html" for name in names)
    return digest.encode() in start and all(page.is_file() for page in pages)


def _digest(job: Job, facts: ClassFacts, files: Mapping[str, _Files]) -> str:
    """Return a digest of all that the pages are made from."""
    digest = hashlib.sha256(f"{class_digest(facts)}\n{job.student}\n".encode())
    for name, file in files.items():
        digest.update(f"{name}\n".encode())
        digest.update(hashlib.sha256(file.marked).digest())
        digest.update(hashlib.sha256(file.submitted or b"-").digest())
    return digest.hexdigest()


_latest: list[tuple[ClassFacts, str]] = []
"""The latest facts and their digest: all students of a class share them."""


def class_digest(facts: ClassFacts) -> str:
    """Return a digest of the lessons, the questions, the settings and this code."""
    if not _latest or _latest[0][0] is not facts:
        sources = {name: [*each.cells] for name, each in facts.lessons.items()}
        asked = sorted((key, repr(sorted_names(each))) for key, each in facts.asked.items())
        whole = (pages_version(), facts.assignment, facts.questions, asked, sources, facts.settings)
        _latest[:] = [(facts, hashlib.sha256(repr(whole).encode()).hexdigest())]
    return _latest[0][1]


def sorted_names(asked: Any) -> tuple[Any, ...]:
    """Return a question's fields with its names sorted, since a set has no fixed order."""
    return (asked.answer, asked.call, asked.given, asked.column, sorted(asked.names))


@cache
def pages_version() -> str:
    """Return a digest of the code and the versions of libraries that make the pages."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    ours = (here, here.parent / "exam", here.parent / "notebooks")
    for folder in (*ours, Path(stridewise.__file__).parent):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".css"} and "widgets" not in path.parts:
                digest.update(path.read_bytes())
    for package in ("latex2mathml", "mistune", "nh3", "pygments"):
        digest.update(version(package).encode())
    return digest.hexdigest()
