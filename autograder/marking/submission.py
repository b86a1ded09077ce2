"""Marking one student's folder and writing the marked notebooks: the work of one job."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from autograder.course.files import RefusedFileError, write_whole
from autograder.course.settings import Settings
from autograder.marking.engine import mark_notebook, refused_notebook
from autograder.marking.runs import Runs
from autograder.marking.version import engine_version
from autograder.marking.working_folder import copy_beside, in_folder, left_out, with_notebooks
from autograder.notebooks.assignment_files import (
    Files,
    FoundFiles,
    digest_of,
    files_in,
)
from autograder.notebooks.fingerprint import as_bytes, fingerprints, handed_in
from autograder.notebooks.marked import marked_page
from autograder.notebooks.master import Template
from autograder.records import Finding, MarkedNotebook

_LONGEST_ANSWER = 2_000  # characters, as kept for reports
_LONGEST_NUMBER = 6_000  # bits: some 1,800 digits
_LONGEST_TIMESTAMP = 100
_MOST_ITEMS = 100


@dataclass(frozen=True, slots=True)
class Job:
    """One submission to mark.

    Attributes:
        student: the student's id.
        folder: the submitted files.
        autograded: the folder for the marked notebooks.
        known: the digest under which it was last recorded, or "".
        settings: what the instructor decided about marks.
        cell_seconds: how long one cell may run, which may decide a mark too.
    """

    student: str
    folder: Path
    autograded: Path
    known: str
    settings: Settings
    cell_seconds: float = 30


@dataclass(frozen=True, slots=True)
class Graded:
    """The result of one submission; `reason` says why it could not be marked."""

    student: str
    status: Literal["graded", "unchanged", "failed"]
    digest: str = ""
    timestamp: str = ""
    notebooks: Mapping[str, MarkedNotebook | None] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """The points that the machine gave."""
        return sum(m.points or 0.0 for n in self.notebooks.values() if n for m in n.marks)

    @property
    def unmarked(self) -> dict[str, str]:
        """The answers that could not be marked here, by notebook and name, with reasons."""
        marked = ((name, n) for name, n in self.notebooks.items() if n)
        return {
            f"{name}: {answer}": why for name, n in marked for answer, why in n.unmarked.items()
        }


@dataclass(frozen=True, slots=True)
class SubmittedFiles:
    """The files in one student's folder, and the digest of what its marks depend on.

    Attributes:
        files: the assignment's notebooks, by name.
        stamp: the file `timestamp.txt`, which says when it was handed in.
        fingerprints: a digest of each notebook that is there.
        digest: a digest of all that the marks depend on.
        others: the files beside the notebooks.
    """

    files: Mapping[str, bytes | RefusedFileError | None]
    stamp: bytes | RefusedFileError | None
    fingerprints: Mapping[str, str]
    digest: str
    others: FoundFiles


Page = tuple[MarkedNotebook, bytes]
"""A notebook's record for the gradebook, and the file for `autograded/`."""


def grade_submission(
    job: Job, templates: Mapping[str, Template], runner: Callable[[], Runs | str]
) -> Graded:
    """Mark one submission and write the marked notebooks.

    A submission whose digest is `job.known` is skipped: nothing that its marks depend on changed.
    """
    handed = read_submission(job, templates)
    if isinstance(handed, Graded):
        return handed
    others = handed.others.files
    pages = mark_files(templates, handed.files, job.student, runner, job.settings, others)
    return write_submission(job, templates, handed, pages)


def read_submission(job: Job, templates: Mapping[str, Template]) -> SubmittedFiles | Graded:
    """Read one student's folder; return a result at once where there is nothing to mark."""
    try:
        files, stamp = handed_in(job.folder, templates)
        others = files_in(job.folder)
    except RefusedFileError as refused:
        return Graded(job.student, "failed", reason=f"{refused}")
    if all(data is None for data in files.values()):
        return Graded(job.student, "failed", reason=_nothing(job.folder))
    prints = fingerprints(files, stamp)
    digest = _digest(job, templates, prints, stamp, others)
    if digest == job.known and all(
        _page(job, name).is_file() for name, data in files.items() if data is not None
    ):
        return Graded(job.student, "unchanged", digest=digest)
    return SubmittedFiles(files, stamp, prints, digest, others)


def mark_files(
    templates: Mapping[str, Template],
    files: Mapping[str, bytes | RefusedFileError | None],
    student: str,
    runner: Callable[[], Runs | str],
    settings: Settings,
    others: Files = MappingProxyType({}),
) -> dict[str, Page]:
    """Mark a student's notebooks: bytes in, plain data out, on any machine.

    `others` are put into the working folder; the instructor's files replace them.
    """
    return {
        name: _mark(
            templates[name],
            data,
            student,
            in_folder(runner, with_notebooks({**others, **templates[name].files}, files)),
            settings,
        )
        for name, data in files.items()
        if data is not None
    }


def write_submission(
    job: Job, templates: Mapping[str, Template], handed: SubmittedFiles, pages: Mapping[str, Page]
) -> Graded:
    """Write the marked notebooks and return the result to record."""
    notebooks: dict[str, MarkedNotebook | None] = dict.fromkeys(templates)
    for name, (marked, page) in pages.items():
        write_whole(_page(job, name), page)
        notebooks[name] = marked
    timestamp, findings = _timestamp(handed.stamp)
    findings += left_out(handed.others)
    _write_files(job, templates, handed.files, timestamp)
    copy_beside(job.autograded, handed.others.files, templates.values())
    prints = handed.fingerprints
    graded = Graded(
        job.student, "graded", handed.digest, timestamp, notebooks, findings, files=prints
    )
    return replace(graded, digest="") if graded.unmarked else graded


def recordable(marked: MarkedNotebook) -> MarkedNotebook:
    """Return the record with only those answers that JSON can hold.

    Functions among the answers cannot be sent to another process.
    """
    return replace(marked, answers={k: _plain(a) for k, a in marked.answers.items()})


def _mark(
    template: Template,
    data: bytes | RefusedFileError,
    student: str,
    runner: Callable[[], Runs | str],
    settings: Settings,
) -> Page:
    if isinstance(data, RefusedFileError):
        marked = refused_notebook(template, student, data)
    else:
        marked = mark_notebook(template, data, student, runner, settings)
    page = marked_page(template, marked.notebook, marked.matched, marked.ran)
    return recordable(marked.notebook), page


def _page(job: Job, notebook: str) -> Path:
    return job.autograded / f"{notebook}.ipynb"


def _nothing(folder: Path) -> str:
    others = sorted(p.name for p in folder.glob("*.ipynb"))[:3]
    found = f"; it holds {', '.join(map(repr, others))}" if others else ""
    return f"the folder has no notebook of this assignment{found}"


def _digest(
    job: Job,
    templates: Mapping[str, Template],
    prints: Mapping[str, str],
    stamp: bytes | RefusedFileError | None,
    others: FoundFiles,
) -> str:
    rules = f"{engine_version()}\n{job.settings}\n{job.cell_seconds:g}\n{job.student}\n"
    digest = hashlib.sha256(rules.encode())
    for name in sorted(templates):
        found = templates[name]
        evidence = (
            sorted({**found.why_beside, **found.unsure}.items()),
            sorted(found.beside),
            sorted(found.numbers),
            sorted(found.replayed),
            sorted((found.repeats or {}).items()),
        )
        handed = prints.get(name, "")
        digest.update(f"{name}\n{found.digest}\n{evidence}\n{handed}\n".encode())
    digest.update(as_bytes(stamp))
    digest.update(f"{digest_of(others.files)}{others.troubles}".encode("utf-8", "replace"))
    return digest.hexdigest()


def _timestamp(stamp: bytes | RefusedFileError | None) -> tuple[str, tuple[Finding, ...]]:
    if stamp is None:
        return "", ()
    try:
        text = stamp.decode().strip() if isinstance(stamp, bytes) else "?" * 2 * _LONGEST_TIMESTAMP
    except UnicodeDecodeError:
        text = "?" * 2 * _LONGEST_TIMESTAMP
    if len(text) > _LONGEST_TIMESTAMP or not text.isprintable():
        return "", (
            Finding(
                "timestamp",
                "The file timestamp.txt cannot be read; the time of handing in is not known.",
            ),
        )
    return text, ()


def _write_files(
    job: Job, templates: Mapping[str, Template], files: Mapping[str, Any], timestamp: str
) -> None:
    """Write the files beside the marked notebooks; remove notebooks no longer handed in."""
    for name in templates:
        if files[name] is None:
            _page(job, name).unlink(missing_ok=True)
    for draft in job.autograded.glob(".*.draft"):  # left by a run that was killed
        draft.unlink(missing_ok=True)
    stamp = job.autograded / "timestamp.txt"
    if timestamp:
        write_whole(stamp, f"{timestamp}\n".encode())
    else:
        stamp.unlink(missing_ok=True)


def _plain(answer: Any, depth: int = 4) -> Any:
    if isinstance(answer, int) and answer.bit_length() > _LONGEST_NUMBER:
        return "(very long)"
    if answer is None or isinstance(answer, bool | int | float):
        return answer
    if answer is ...:
        return "..."
    if isinstance(answer, str):
        return answer[:_LONGEST_ANSWER]
    if isinstance(answer, list | tuple) and depth and len(answer) <= _MOST_ITEMS:
        return [_plain(item, depth - 1) for item in answer]
    return f"({type(answer).__name__})"
