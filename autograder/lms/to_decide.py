"""What a person has to decide about collected files, in words that name the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from autograder.course.outcome import printable
from autograder.lms.hand_in import Submitted
from autograder.lms.recognise import Problem


def choice(submitted: Submitted, student: str, notebook: str, files: Mapping[str, str]) -> str:
    """Return how to choose among files with one time; `files` are their names by digest."""
    target = place(submitted, student, f"{notebook}.ipynb")
    paths = {submitted.store.path(student, notebook, digest): files[digest] for digest in files}
    stored = ", ".join(
        f"{_within(submitted, path)} is {printable(name)}"
        for path, name in paths.items()
        if path.is_file()  # a dry run stores nothing
    )
    return f"copy the right one to {target}" + (f": {stored}" if stored else "")


def undecided(submitted: Submitted, student: str, notebook: str, digests: Iterable[str]) -> str:
    """Return what to do about a notebook without labels."""
    stored = [submitted.store.path(student, notebook, digest) for digest in digests]
    files = ", ".join(_within(submitted, path) for path in stored)
    return (
        f"ask {student} for {notebook}.ipynb as it was handed out, with her answers; or copy "
        f"{files} to {place(submitted, student, f'{notebook}.ipynb')} to have it marked"
    )


def late_problem(submitted: Submitted, student: str) -> Problem:
    """Return the problem that a platform calls work late without giving a time."""
    stamp = place(submitted, student, "timestamp.txt")
    do = f"decide for all: run collect with --late-by 24h (or 0h); or write {stamp}"
    return Problem(
        "lateness unknown",
        student,
        "the platform says late, but not by how much; no penalty yet",
        do,
    )


def place(submitted: Submitted, student: str, name: str) -> str:
    """Return the place of a file of a student's present work, from the course's folder."""
    return _within(submitted, submitted.folder_of(student) / name)


def _within(submitted: Submitted, path: Path) -> str:
    root = submitted.root
    return str(path.relative_to(root) if path.is_relative_to(root) else path)
